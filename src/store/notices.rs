//! What accounts are told of: once each, until they have read it.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, Set,
    sea_query::{Expr, OnConflict},
};

use super::{
    Source, Store, StoreError, Tx,
    aversions::Aversions,
    entity::{account, actor, notice},
    posts::Window,
    push, rooms,
};

pub use super::entity::notice::Model as Notice;

/// Kinds that only clients show.
const OF_CLIENTS: &[&str] = &["reply", "receipt", "favourite", "boost", "follow"];
/// What was done about a notice that a client dismissed.
const DISMISSED: &str = "dismissed";

/// Leaves a notice, unless the account was told of the same before.
pub async fn leave(tx: &Tx, row: Notice) -> Result<(), StoreError> {
    let once = OnConflict::columns([
        notice::Column::AccountId,
        notice::Column::Kind,
        notice::Column::Subject,
    ])
    .do_nothing()
    .to_owned();
    let left = notice::Entity::insert(row.clone().into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.connection())
        .await?;
    if left > 0 { push::queue(tx, &row).await } else { Ok(()) }
}

/// One notice of an account.
pub async fn by_id(
    db: &impl Source,
    account_id: i64,
    id: i64,
) -> Result<Option<Notice>, StoreError> {
    Ok(notice::Entity::find_by_id(id)
        .filter(notice::Column::AccountId.eq(account_id))
        .one(db.connection())
        .await?)
}

/// A notice that asks for an answer: it is told whoever it is of.
const ASKS: &str = "revision";

/// An account's notices of which it wants to hear.
fn heard(account_id: i64, reader: &Aversions) -> Select<notice::Entity> {
    let always = Condition::all().add(notice::Column::Kind.eq(ASKS));
    notice::Entity::find().filter(notice::Column::AccountId.eq(account_id)).filter(reader.told(
        always,
        notice::Column::Actor,
        notice::Column::OpinionUri,
    ))
}

/// An account's notices, newest first, after so many.
pub async fn of_account(
    db: &impl Source,
    account_id: i64,
    reader: &Aversions,
    limit: u64,
    offset: u64,
) -> Result<Vec<Notice>, StoreError> {
    Ok(heard(account_id, reader)
        .filter(notice::Column::Kind.is_not_in(OF_CLIENTS.iter().copied()))
        .order_by_desc(notice::Column::At)
        .order_by_desc(notice::Column::Id)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// An account's notices of these kinds, newest first, as clients page through them.
pub async fn window(
    db: &impl Source,
    account_id: i64,
    reader: &Aversions,
    kinds: &[&str],
    window: Window,
) -> Result<Vec<Notice>, StoreError> {
    let rows = heard(account_id, reader)
        .filter(notice::Column::Kind.is_in(kinds.iter().copied()))
        .filter(not_dismissed());
    let rows = window.of(rows, notice::Column::Id).all(db.connection()).await?;
    Ok(window.cut(rows, |row| row.id))
}

/// How many of these kinds an account has not read, up to so many.
pub async fn unread(
    db: &impl Source,
    account_id: i64,
    reader: &Aversions,
    kinds: &[&str],
    most: u64,
) -> Result<u64, StoreError> {
    let rows: Vec<i64> = heard(account_id, reader)
        .select_only()
        .column(notice::Column::Id)
        .filter(notice::Column::ReadAt.is_null())
        .filter(notice::Column::Kind.is_in(kinds.iter().copied()))
        .limit(most)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(rows.len() as u64)
}

/// Dismisses a notice, or all: clients are not told of it again. One that asks for an answer stays on its page.
pub async fn dismiss(tx: &Tx, account_id: i64, id: Option<i64>, at: i64) -> Result<(), StoreError> {
    let of = |read: bool| {
        let mut rows = notice::Entity::update_many()
            .filter(notice::Column::AccountId.eq(account_id))
            .filter(notice::Column::Answered.is_null());
        if let Some(id) = id {
            rows = rows.filter(notice::Column::Id.eq(id));
        }
        if read {
            rows.col_expr(notice::Column::ReadAt, Expr::value(at))
                .filter(notice::Column::ReadAt.is_null())
        } else {
            rows.col_expr(notice::Column::Answered, Expr::value(DISMISSED))
                .filter(notice::Column::Kind.ne(ASKS))
        }
    };
    of(true).exec(tx.connection()).await?;
    of(false).exec(tx.connection()).await?;
    Ok(())
}

/// The cursor that holds the last number given to notices.
const NUMBERED: &str = "notices numbered";

/// Numbers the notices that are committed and have no number yet; answers the last number there is. Whoever reads gives
/// the numbers, one reader at a time: a notice committed late gets a later number, never one that others have read past.
pub async fn number(store: &Store) -> Result<i64, StoreError> {
    let waiting = notice::Entity::find()
        .select_only()
        .column(notice::Column::Id)
        .filter(notice::Column::Number.is_null())
        .limit(1)
        .into_tuple::<i64>()
        .one(store.connection())
        .await?;
    if waiting.is_some() {
        let tx = store.begin().await?;
        // Locks the row, on databases with several writers.
        let number = rooms::step_cursor(&tx, NUMBERED).await?;
        notice::Entity::update_many()
            .col_expr(notice::Column::Number, Expr::value(number))
            .filter(notice::Column::Number.is_null())
            .exec(tx.connection())
            .await?;
        tx.commit().await?;
    }
    rooms::cursor(store, NUMBERED).await
}

/// The notices of these accounts between two numbers, in the order of their keys.
pub async fn numbered(
    db: &impl Source,
    after: i64,
    until: i64,
    accounts: &[i64],
) -> Result<Vec<Notice>, StoreError> {
    let mut found = Vec::new();
    for some in accounts.chunks(500) {
        let rows = notice::Entity::find()
            .filter(notice::Column::Number.gt(after))
            .filter(notice::Column::Number.lte(until))
            .filter(notice::Column::AccountId.is_in(some.iter().copied()))
            .filter(not_dismissed())
            .order_by_asc(notice::Column::Id);
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

fn not_dismissed() -> Condition {
    Condition::any()
        .add(notice::Column::Answered.is_null())
        .add(notice::Column::Answered.ne(DISMISSED))
}

/// How many an account has not read.
pub async fn count_unread(
    db: &impl Source,
    account_id: i64,
    reader: &Aversions,
) -> Result<u64, StoreError> {
    Ok(heard(account_id, reader)
        .filter(notice::Column::ReadAt.is_null())
        .filter(notice::Column::Kind.is_not_in(OF_CLIENTS.iter().copied()))
        .count(db.connection())
        .await?)
}

/// Marks what an account was told up to a notice as read.
pub async fn read_up_to(tx: &Tx, account_id: i64, id: i64, at: i64) -> Result<(), StoreError> {
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(at))
        .filter(notice::Column::AccountId.eq(account_id))
        .filter(notice::Column::Id.lte(id))
        .filter(notice::Column::ReadAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Notes what was done about a notice, which is read thereby.
pub async fn answer(tx: &Tx, row: Notice, answered: &str, at: i64) -> Result<(), StoreError> {
    let read_at = row.read_at.unwrap_or(at);
    let mut row = row.into_active_model();
    row.answered = Set(Some(answered.to_owned()));
    row.read_at = Set(Some(read_at));
    row.update(tx.connection()).await?;
    Ok(())
}

/// The accounts that speak as these actors: actor id and account.
pub async fn accounts_of(
    db: &impl Source,
    actors: &[String],
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut found = Vec::new();
    for some in actors.chunks(500) {
        let rows: Vec<(String, i64)> = actor::Entity::find()
            .filter(actor::Column::Uri.is_in(some.iter().cloned()))
            .filter(actor::Column::Local.eq(true))
            .select_only()
            .column(actor::Column::Uri)
            .column(actor::Column::Id)
            .into_tuple()
            .all(db.connection())
            .await?;
        let ids = rows.iter().map(|(_, id)| *id);
        let accounts: Vec<(i64, i64)> = account::Entity::find()
            .filter(account::Column::ActorId.is_in(ids))
            .select_only()
            .column(account::Column::ActorId)
            .column(account::Column::Id)
            .into_tuple()
            .all(db.connection())
            .await?;
        for (uri, actor_id) in rows {
            let own = accounts.iter().find(|(of, _)| *of == actor_id);
            found.extend(own.map(|(_, account_id)| (uri, *account_id)));
        }
    }
    Ok(found)
}

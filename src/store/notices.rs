//! What accounts are told of: once each, until they have read it.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
    sea_query::{Expr, OnConflict},
};

use super::{
    Source, StoreError, Tx,
    entity::{account, actor, notice},
};

pub use super::entity::notice::Model as Notice;

/// Leaves a notice, unless the account was told of the same before.
pub async fn leave(tx: &Tx, row: Notice) -> Result<(), StoreError> {
    let once = OnConflict::columns([
        notice::Column::AccountId,
        notice::Column::Kind,
        notice::Column::Subject,
    ])
    .do_nothing()
    .to_owned();
    notice::Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
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

/// An account's notices, newest first, after so many.
pub async fn of_account(
    db: &impl Source,
    account_id: i64,
    limit: u64,
    offset: u64,
) -> Result<Vec<Notice>, StoreError> {
    Ok(notice::Entity::find()
        .filter(notice::Column::AccountId.eq(account_id))
        .order_by_desc(notice::Column::At)
        .order_by_desc(notice::Column::Id)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// How many an account has not read.
pub async fn count_unread(db: &impl Source, account_id: i64) -> Result<u64, StoreError> {
    Ok(notice::Entity::find()
        .filter(notice::Column::AccountId.eq(account_id))
        .filter(notice::Column::ReadAt.is_null())
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

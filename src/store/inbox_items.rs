//! What came in, as it came, and its fate: durable before the sender is answered 202, kept with a reason so that an
//! operator can say why something is not shown.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{self, Expr, OnConflict},
};

use super::{Source, Store, StoreError, Tx, entity::inbox_item};

pub use super::entity::inbox_item::Model as InboxItem;

/// Not handled yet.
pub const NEW: &str = "new";
/// Waits for something to be fetched or to come.
pub const WAITING: &str = "waiting";
/// Held back for its rate, or because its server is not known yet: worked out when it is due.
pub const HELD: &str = "held";
/// Done with: applied, or known already.
pub const DONE: &str = "done";
/// Refused, with the reason.
pub const REFUSED: &str = "refused";

/// Stores an item; the same bytes under the same id again are no second item. Answers whether it was new.
pub async fn insert(tx: &Tx, row: InboxItem) -> Result<bool, StoreError> {
    insert_with(tx.connection(), row).await
}

/// The same where nothing else is written with it: one statement is a transaction of its own.
pub async fn insert_alone(db: &Store, row: InboxItem) -> Result<bool, StoreError> {
    insert_with(&db.write, row).await
}

async fn insert_with(db: &impl ConnectionTrait, row: InboxItem) -> Result<bool, StoreError> {
    let inserted = inbox_item::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([inbox_item::Column::ActivityUri, inbox_item::Column::Digest])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(inserted > 0)
}

/// States in which an item is still to be worked out.
const OPEN: [&str; 3] = [NEW, WAITING, HELD];
/// Hosts whose items are taken in one step.
const HOSTS_MAX: u64 = 50;

/// The items to handle now, of each host in order of arrival. Every host that has any is given some: one that sent
/// thousands does not hold up the others.
pub async fn due(db: &impl Source, now: i64, limit: u64) -> Result<Vec<InboxItem>, StoreError> {
    let due = || {
        inbox_item::Entity::find()
            .filter(inbox_item::Column::State.is_in(OPEN))
            .filter(inbox_item::Column::DueAt.lte(now))
    };
    let hosts: Vec<(String, i64)> = due()
        .select_only()
        .column(inbox_item::Column::Host)
        .column_as(inbox_item::Column::Id.min(), "first")
        .group_by(inbox_item::Column::Host)
        .order_by_asc(inbox_item::Column::Id.min())
        .limit(HOSTS_MAX)
        .into_tuple()
        .all(db.connection())
        .await?;
    let each = (limit / (hosts.len() as u64).max(1)).max(1);
    let mut items = Vec::new();
    for (host, _) in hosts {
        let some = due()
            .filter(inbox_item::Column::Host.eq(host))
            .order_by_asc(inbox_item::Column::Id)
            .limit(each)
            .all(db.connection())
            .await?;
        items.extend(some);
    }
    Ok(items)
}

/// When the next waiting item is due.
pub async fn next_due(db: &impl Source) -> Result<Option<i64>, StoreError> {
    Ok(inbox_item::Entity::find()
        .filter(inbox_item::Column::State.is_in(OPEN))
        .order_by_asc(inbox_item::Column::DueAt)
        .one(db.connection())
        .await?
        .map(|row| row.due_at))
}

/// How many items are held: of one host, and in all.
pub async fn held(db: &impl Source, host: &str) -> Result<(u64, u64), StoreError> {
    let held = inbox_item::Entity::find().filter(inbox_item::Column::State.eq(HELD));
    let of_host = held.clone().filter(inbox_item::Column::Host.eq(host));
    Ok((of_host.count(db.connection()).await?, held.count(db.connection()).await?))
}

/// The hosts of which something is held, by name: how many items, and when the last is due.
pub async fn held_hosts(db: &impl Source) -> Result<Vec<(String, i64, i64)>, StoreError> {
    Ok(inbox_item::Entity::find()
        .filter(inbox_item::Column::State.eq(HELD))
        .select_only()
        .column(inbox_item::Column::Host)
        .column_as(inbox_item::Column::Id.count(), "items")
        .column_as(inbox_item::Column::DueAt.max(), "until")
        .group_by(inbox_item::Column::Host)
        .order_by_asc(inbox_item::Column::Host)
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// The items that brought an activity, or anything about a post, newest first.
pub async fn about(db: &impl Source, uri: &str, limit: u64) -> Result<Vec<InboxItem>, StoreError> {
    let either = Condition::any()
        .add(inbox_item::Column::ActivityUri.eq(uri))
        .add(inbox_item::Column::ObjectUri.eq(uri));
    Ok(inbox_item::Entity::find()
        .filter(either)
        .order_by_desc(inbox_item::Column::Id)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// Lets what is held of a host be worked out now; answers how much that is.
pub async fn release(tx: &Tx, host: &str, now: i64) -> Result<u64, StoreError> {
    let released = inbox_item::Entity::update_many()
        .col_expr(inbox_item::Column::DueAt, Expr::value(now))
        .filter(inbox_item::Column::State.eq(HELD))
        .filter(inbox_item::Column::Host.eq(host))
        .exec(tx.connection())
        .await?;
    Ok(released.rows_affected)
}

/// Writes an item's fate. A settled item gives up its bytes: what counts of it stands in a log.
pub async fn settle(
    tx: &Tx,
    id: i64,
    state: &str,
    reason: Option<String>,
) -> Result<(), StoreError> {
    inbox_item::Entity::update_many()
        .col_expr(inbox_item::Column::State, Expr::value(state))
        .col_expr(inbox_item::Column::Reason, Expr::value(reason))
        .col_expr(inbox_item::Column::Body, Expr::value(Vec::<u8>::new()))
        .filter(inbox_item::Column::Id.eq(id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Puts an item off.
pub async fn postpone(tx: &Tx, id: i64, due_at: i64, reason: String) -> Result<(), StoreError> {
    inbox_item::Entity::update_many()
        .col_expr(inbox_item::Column::State, Expr::value(WAITING))
        .col_expr(inbox_item::Column::Reason, Expr::value(reason))
        .col_expr(
            inbox_item::Column::Attempts,
            sea_query::ExprTrait::add(Expr::col(inbox_item::Column::Attempts), 1),
        )
        .col_expr(inbox_item::Column::DueAt, Expr::value(due_at))
        .filter(inbox_item::Column::Id.eq(id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// How many items are in a state.
pub async fn count(db: &impl Source, state: &str) -> Result<u64, StoreError> {
    Ok(inbox_item::Entity::find()
        .filter(inbox_item::Column::State.eq(state))
        .count(db.connection())
        .await?)
}

/// The items with this activity id.
pub async fn by_activity(
    db: &impl Source,
    activity_uri: &str,
) -> Result<Vec<InboxItem>, StoreError> {
    Ok(inbox_item::Entity::find()
        .filter(inbox_item::Column::ActivityUri.eq(activity_uri))
        .order_by_asc(inbox_item::Column::Id)
        .all(db.connection())
        .await?)
}

/// The newest refused items, for the operator.
pub async fn refused(db: &impl Source, limit: u64) -> Result<Vec<InboxItem>, StoreError> {
    Ok(inbox_item::Entity::find()
        .filter(inbox_item::Column::State.eq(REFUSED))
        .order_by_desc(inbox_item::Column::Id)
        .limit(limit)
        .all(db.connection())
        .await?)
}

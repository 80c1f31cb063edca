//! What came in, as it came, and its fate: durable before the sender is answered 202, kept with a reason so that an
//! operator can say why something is not shown.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set, sea_query::OnConflict,
};

use super::{Source, StoreError, Tx, entity::inbox_item};

pub use super::entity::inbox_item::Model as InboxItem;

/// Not handled yet.
pub const NEW: &str = "new";
/// Waits for something to be fetched or to come.
pub const WAITING: &str = "waiting";
/// Done with: applied, or known already.
pub const DONE: &str = "done";
/// Refused, with the reason.
pub const REFUSED: &str = "refused";

/// Stores an item; the same bytes under the same id again are no second item. Answers whether it was new.
pub async fn insert(tx: &Tx, row: InboxItem) -> Result<bool, StoreError> {
    let inserted = inbox_item::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([inbox_item::Column::ActivityUri, inbox_item::Column::Digest])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.connection())
        .await?;
    Ok(inserted > 0)
}

/// The items to handle now, in order of arrival.
pub async fn due(db: &impl Source, now: i64, limit: u64) -> Result<Vec<InboxItem>, StoreError> {
    Ok(inbox_item::Entity::find()
        .filter(inbox_item::Column::State.is_in([NEW, WAITING]))
        .filter(inbox_item::Column::DueAt.lte(now))
        .order_by_asc(inbox_item::Column::Id)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// When the next waiting item is due.
pub async fn next_due(db: &impl Source) -> Result<Option<i64>, StoreError> {
    Ok(inbox_item::Entity::find()
        .filter(inbox_item::Column::State.is_in([NEW, WAITING]))
        .order_by_asc(inbox_item::Column::DueAt)
        .one(db.connection())
        .await?
        .map(|row| row.due_at))
}

/// Writes an item's fate. A settled item gives up its bytes: what counts of it stands in a log.
pub async fn settle(
    tx: &Tx,
    id: i64,
    state: &str,
    reason: Option<String>,
) -> Result<(), StoreError> {
    let Some(row) = inbox_item::Entity::find_by_id(id).one(tx.connection()).await? else {
        return Ok(());
    };
    let mut row = row.into_active_model();
    row.state = Set(state.to_owned());
    row.reason = Set(reason);
    row.body = Set(Vec::new());
    row.update(tx.connection()).await?;
    Ok(())
}

/// Puts an item off.
pub async fn postpone(tx: &Tx, id: i64, due_at: i64, reason: String) -> Result<(), StoreError> {
    let Some(row) = inbox_item::Entity::find_by_id(id).one(tx.connection()).await? else {
        return Ok(());
    };
    let attempts = row.attempts;
    let mut row = row.into_active_model();
    row.state = Set(WAITING.to_owned());
    row.reason = Set(Some(reason));
    row.attempts = Set(attempts + 1);
    row.due_at = Set(due_at);
    row.update(tx.connection()).await?;
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

//! Walks along threads that began elsewhere.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::{Source, StoreError, Tx, entity::walk};

pub use super::entity::walk::Model as Walk;

/// Begins a walk; one that was begun before is not begun again.
pub async fn begin(tx: &Tx, row: Walk) -> Result<(), StoreError> {
    let once =
        OnConflict::columns([walk::Column::RoomId, walk::Column::Uri]).do_nothing().to_owned();
    walk::Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

/// The walks that may take a step, those that wait longest first.
pub async fn due(db: &impl Source, now: i64, limit: u64) -> Result<Vec<Walk>, StoreError> {
    Ok(walk::Entity::find()
        .filter(walk::Column::EndedAt.is_null())
        .filter(walk::Column::DueAt.lte(now))
        .order_by_asc(walk::Column::DueAt)
        .order_by_asc(walk::Column::Id)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// When the next step is due.
pub async fn next_due(db: &impl Source) -> Result<Option<i64>, StoreError> {
    Ok(walk::Entity::find()
        .filter(walk::Column::EndedAt.is_null())
        .order_by_asc(walk::Column::DueAt)
        .one(db.connection())
        .await?
        .map(|row| row.due_at))
}

/// How many walks are under way.
pub async fn count_open(db: &impl Source) -> Result<u64, StoreError> {
    Ok(walk::Entity::find().filter(walk::Column::EndedAt.is_null()).count(db.connection()).await?)
}

/// The walk that began at something.
pub async fn of(db: &impl Source, room_id: i64, uri: &str) -> Result<Option<Walk>, StoreError> {
    Ok(walk::Entity::find()
        .filter(walk::Column::RoomId.eq(room_id))
        .filter(walk::Column::Uri.eq(uri))
        .one(db.connection())
        .await?)
}

/// Writes where a walk stands.
pub async fn save(tx: &Tx, row: Walk) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

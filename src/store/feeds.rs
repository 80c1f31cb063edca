//! Which rooms the followers of a topic's collection of rooms were told of.

use std::collections::BTreeSet;

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{Source, StoreError, Tx, entity::feed_room};

/// The rooms that were told.
pub async fn told(db: &impl Source, room_id: i64) -> Result<BTreeSet<String>, StoreError> {
    let rows = feed_room::Entity::find()
        .filter(feed_room::Column::RoomId.eq(room_id))
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().map(|row| row.member).collect())
}

/// Adds a room.
pub async fn add(tx: &Tx, room_id: i64, member: &str) -> Result<(), StoreError> {
    let row = feed_room::Model { room_id, member: member.to_owned() };
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Takes a room out.
pub async fn remove(tx: &Tx, room_id: i64, member: &str) -> Result<(), StoreError> {
    feed_room::Entity::delete_by_id((room_id, member.to_owned())).exec(tx.connection()).await?;
    Ok(())
}

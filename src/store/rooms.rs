//! The rooms this instance keeps, one per topic, and the cursors of those who read their logs.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, Set, sea_query::Expr,
};

use super::{
    Source, StoreError, Tx,
    entity::{cursor, room},
};
use crate::{domain::vocabulary::Vocabulary, record::vocabulary};

pub use super::entity::room::Model as Room;

impl Room {
    /// The topic's own words for its parties; none where the eight groups are what it has.
    pub fn vocabulary(&self) -> Option<Vocabulary> {
        vocabulary::read(&serde_json::from_str(self.parties.as_deref()?).ok()?)
    }
}

/// By slug.
pub async fn by_slug(db: &impl Source, slug: &str) -> Result<Option<Room>, StoreError> {
    Ok(room::Entity::find().filter(room::Column::Slug.eq(slug)).one(db.connection()).await?)
}

/// By the topic's name.
pub async fn by_topic(db: &impl Source, topic: &str) -> Result<Option<Room>, StoreError> {
    Ok(room::Entity::find().filter(room::Column::Topic.eq(topic)).one(db.connection()).await?)
}

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<Room>, StoreError> {
    Ok(room::Entity::find_by_id(id).one(db.connection()).await?)
}

/// All rooms, oldest first.
pub async fn all(db: &impl Source) -> Result<Vec<Room>, StoreError> {
    Ok(room::Entity::find().order_by_asc(room::Column::Id).all(db.connection()).await?)
}

/// Opens a room.
pub async fn insert(tx: &Tx, row: Room) -> Result<Room, StoreError> {
    Ok(row.into_active_model().insert(tx.connection()).await?)
}

/// Takes the next number of a room's log. It locks the room until the transaction ends, so numbers have no gaps and
/// are committed in order.
pub async fn take_seq(tx: &Tx, room_id: i64) -> Result<i64, StoreError> {
    let rows = room::Entity::update_many()
        .col_expr(room::Column::NextSeq, Expr::col(room::Column::NextSeq).add(1))
        .filter(room::Column::Id.eq(room_id))
        .exec_with_returning(tx.connection())
        .await?;
    let row = rows.first().ok_or_else(|| StoreError::Corrupt(format!("no room {room_id}")))?;
    Ok(row.next_seq - 1)
}

/// Gives back a number just taken, in the same transaction.
pub async fn give_back_seq(tx: &Tx, room_id: i64, seq: i64) -> Result<(), StoreError> {
    room::Entity::update_many()
        .col_expr(room::Column::NextSeq, Expr::value(seq))
        .filter(room::Column::Id.eq(room_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Takes the next number of an entry that begins to count, in the transaction that locked the room: in the order of these
/// numbers a consumer that stops at what counts misses nothing that was held first.
pub async fn take_counted(tx: &Tx, room_id: i64) -> Result<i64, StoreError> {
    room::Entity::update_many()
        .col_expr(room::Column::NextCounted, Expr::col(room::Column::NextCounted).add(1))
        .filter(room::Column::Id.eq(room_id))
        .exec(tx.connection())
        .await?;
    let row = by_id(tx, room_id)
        .await?
        .ok_or_else(|| StoreError::Corrupt(format!("no room {room_id}")))?;
    Ok(row.next_counted - 1)
}

/// How far a consumer has read; 0 before the first time.
pub async fn cursor(db: &impl Source, name: &str) -> Result<i64, StoreError> {
    Ok(cursor::Entity::find_by_id(name).one(db.connection()).await?.map_or(0, |row| row.value))
}

/// Moves a consumer's cursor.
pub async fn set_cursor(tx: &Tx, name: &str, value: i64) -> Result<(), StoreError> {
    let row = cursor::ActiveModel { name: Set(name.to_owned()), value: Set(value) };
    if cursor::Entity::find_by_id(name).one(tx.connection()).await?.is_some() {
        row.update(tx.connection()).await?;
    } else {
        row.insert(tx.connection()).await?;
    }
    Ok(())
}

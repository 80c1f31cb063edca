//! The rooms this instance keeps, one per topic, and the cursors of those who read their logs.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set, sea_query::Expr,
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

/// Every room and the last number it gave in the order in which entries begin to count.
pub async fn counted(db: &impl Source) -> Result<Vec<(i64, i64)>, StoreError> {
    let rows: Vec<(i64, i64)> = room::Entity::find()
        .select_only()
        .column(room::Column::Id)
        .column(room::Column::NextCounted)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().map(|(id, next)| (id, next - 1)).collect())
}

/// Opens a room.
pub async fn insert(tx: &Tx, row: Room) -> Result<Room, StoreError> {
    Ok(row.into_active_model().insert(tx.connection()).await?)
}

/// The numbers of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// In the order of the log.
    pub seq: i64,
    /// In the order in which entries begin to count: a consumer that stops at what counts misses nothing that was held
    /// first. None for an entry that does not count yet.
    pub counted: Option<i64>,
}

/// Takes the next numbers of a room for an entry that `counts`, or is only held. It locks the room until the transaction
/// ends, so numbers have no gaps and are committed in order.
pub async fn take_numbers(tx: &Tx, room_id: i64, counts: bool) -> Result<Numbers, StoreError> {
    let row = step(tx, room_id, 1, i64::from(counts)).await?;
    Ok(Numbers { seq: row.next_seq - 1, counted: counts.then_some(row.next_counted - 1) })
}

/// Gives back the number in the log that was just taken, in the same transaction, for an entry that the log has already;
/// and keeps that by which it `counts` from now on.
pub async fn give_back(
    tx: &Tx,
    room_id: i64,
    numbers: Numbers,
    counts: bool,
) -> Result<(), StoreError> {
    let unused = numbers.counted.is_some() && !counts;
    step(tx, room_id, -1, -i64::from(unused)).await?;
    Ok(())
}

async fn step(tx: &Tx, room_id: i64, seq: i64, counted: i64) -> Result<Room, StoreError> {
    let mut rows = room::Entity::update_many()
        .col_expr(room::Column::NextSeq, Expr::col(room::Column::NextSeq).add(seq))
        .col_expr(room::Column::NextCounted, Expr::col(room::Column::NextCounted).add(counted))
        .filter(room::Column::Id.eq(room_id))
        .exec_with_returning(tx.connection())
        .await?;
    rows.pop().ok_or_else(|| StoreError::Corrupt(format!("no room {room_id}")))
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

/// Moves a cursor that is there on by one; answers where it is now. It is locked until the transaction ends.
pub async fn step_cursor(tx: &Tx, name: &str) -> Result<i64, StoreError> {
    let mut rows = cursor::Entity::update_many()
        .col_expr(cursor::Column::Value, Expr::col(cursor::Column::Value).add(1))
        .filter(cursor::Column::Name.eq(name))
        .exec_with_returning(tx.connection())
        .await?;
    let row = rows.pop().ok_or_else(|| StoreError::Corrupt(format!("no cursor `{name}`")))?;
    Ok(row.value)
}

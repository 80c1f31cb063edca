//! What clients show as a status, in the order of its keys.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    /// This instance's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The object's id; of a position that is a `Like` the activity's.
    pub uri: String,
    /// `opinion`, `comment` or `position`.
    pub kind: String,
    /// Room.
    pub room_id: i64,
    /// Whose.
    pub author: String,
    /// Whether pictures or the like are attached.
    pub with_media: bool,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! The rooms that followers of a topic's collection of rooms were told of.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed_room")]
pub struct Model {
    /// The room of ours whose collection it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// Actor id of a room that is in it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub member: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

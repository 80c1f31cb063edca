//! Whom actors elsewhere do not want to hear of: nothing of theirs is sent there.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "block")]
pub struct Model {
    /// Actor id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocker: String,
    /// Actor id of ours.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocked: String,
    /// The Block.
    pub activity_uri: String,
    /// When.
    pub created_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Whom actors do not want to hear of. Of what those elsewhere do not want to hear nothing is sent there; of those here it
//! is what they read.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "block")]
pub struct Model {
    /// Actor id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocker: String,
    /// Actor id; one of ours at least.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocked: String,
    /// The Block.
    pub activity_uri: String,
    /// When.
    pub created_at: i64,
    /// Decimal key, of blocks by accounts here: the order in which they were made.
    pub number: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! How far accounts have read.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "marker")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: i64,
    /// In which timeline: `home` or `notifications`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub timeline: String,
    /// Id of what was read last.
    pub last_read_id: String,
    /// How often it was set.
    pub version: i64,
    /// When.
    pub updated_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

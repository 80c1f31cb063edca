//! What was done with administrators' power.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// When.
    pub at: i64,
    /// Account name, or `command line`.
    pub who: String,
    /// One sentence.
    pub what: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Failed sign-ins, for the limit.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// `account:NAME` or `address:IP`.
    pub subject: String,
    /// When.
    pub at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! What is to be told by push: one notice to one program.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push_due")]
pub struct Model {
    /// Whom to tell.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subscription_id: i64,
    /// What of.
    #[sea_orm(primary_key, auto_increment = false)]
    pub notice_id: i64,
    /// When it was written down.
    pub created_at: i64,
    /// When to try.
    pub due_at: i64,
    /// Tries in vain.
    pub failures: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

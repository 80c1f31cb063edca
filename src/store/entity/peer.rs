//! Health of other servers.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "peer")]
pub struct Model {
    /// Host and port.
    #[sea_orm(primary_key, auto_increment = false)]
    pub host: String,
    /// Failures in a row.
    pub failures: i64,
    /// Circuit: nothing is sent before.
    pub open_until: i64,
    /// When it last answered.
    pub last_success: Option<i64>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

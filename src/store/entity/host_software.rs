//! What other servers run, as they said themselves.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "host_software")]
pub struct Model {
    /// Host and port.
    #[sea_orm(primary_key, auto_increment = false)]
    pub host: String,
    /// Name of the software, in lower case; none where it does not say.
    pub software: Option<String>,
    /// When it was asked last.
    pub asked_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! This instance's own decimal key for each object, also for objects from elsewhere; `rebuild` does not touch it.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "object_key")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The object's id.
    pub uri: String,
    /// Last path segment of the id.
    pub segment: String,
    /// `opinion`, `comment`, `position`, `topic` …
    pub kind: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

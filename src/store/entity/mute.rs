//! Whom an account does not want to read.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mute")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: i64,
    /// Whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_uri: String,
    /// Decimal key: the order in which they were muted.
    pub id: i64,
    /// Whether what they do is not told either.
    pub notices: bool,
    /// When it ends by itself.
    pub until: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Plain favourites and the like: kept where received, never in the record (decisions 3).

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reaction")]
pub struct Model {
    /// The activity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub activity_uri: String,
    /// Whose.
    pub actor: String,
    /// Of what.
    pub object: String,
    /// `like`, `dislike`, `share`, `emoji`.
    pub kind: String,
    /// When.
    pub created_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

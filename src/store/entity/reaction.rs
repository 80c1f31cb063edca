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
    /// `like`, `dislike`, `share`, `emoji`, `quote`.
    pub kind: String,
    /// When.
    pub created_at: i64,
    /// The signature that delivered it, as JSON (protocol 4.f.5 V4).
    pub evidence: Option<String>,
    /// The emoji.
    pub content: Option<String>,
    /// Id of the post that quotes.
    pub note_uri: Option<String>,
    /// The page where that is read.
    pub page: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

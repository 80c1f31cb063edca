//! Projection: what somebody said became of a comment or a position. Whether it counts is decided when it is read.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disposition")]
pub struct Model {
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// Object id of the Note.
    #[sea_orm(primary_key, auto_increment = false)]
    pub uri: String,
    /// The comment or the position Note that it answers.
    pub of_uri: String,
    /// Id of the activity that made the version it answers.
    pub of_version: Option<String>,
    /// Whose word it is.
    pub author: String,
    /// For whom they say to speak.
    pub on_behalf_of: Option<String>,
    /// The delegation they name.
    pub delegation: Option<String>,
    /// Word of the outcome.
    pub outcome: String,
    /// Why, plain text.
    pub reason: String,
    /// BCP 47.
    pub language: Option<String>,
    /// The revision that did it.
    pub revision: Option<i64>,
    /// Its digest.
    pub revision_digest: Option<String>,
    /// Where it belongs instead.
    pub venue: Option<String>,
    /// When.
    pub published: i64,
    /// Attested.
    pub received_at: Option<i64>,
    /// Its entry.
    pub entry_hash: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

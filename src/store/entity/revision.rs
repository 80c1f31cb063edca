//! Projection: every revision of every opinion.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revision")]
pub struct Model {
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// Of which opinion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_uri: String,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Revision digest.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    /// Title.
    pub name: String,
    /// Abstract.
    pub abstract_text: String,
    /// BCP 47.
    pub language: String,
    /// HTML exactly as signed.
    pub content: String,
    /// Markdown, where given.
    pub source: Option<String>,
    /// Digest of the one before.
    pub previous: Option<String>,
    /// What changed and why.
    pub change_note: Option<String>,
    /// JSON list of actor ids.
    pub authors: String,
    /// When.
    pub published: i64,
    /// Attested.
    pub received_at: Option<i64>,
    /// The entry that made it.
    pub entry_hash: String,
    /// The activity.
    pub activity_id: String,
    /// Whether it is the current text.
    pub current: bool,
    /// JSON list of what is attached.
    pub attachments: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

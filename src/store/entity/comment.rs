//! Projection: comments.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment")]
pub struct Model {
    /// Object id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub uri: String,
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// The opinion its thread ends at; none while unplaced.
    pub opinion_uri: Option<String>,
    /// Parent.
    pub in_reply_to: String,
    /// `attributedTo`.
    pub author: String,
    /// API word.
    pub kind: String,
    /// HTML exactly as signed.
    pub content: String,
    /// Markdown.
    pub source: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// JSON list.
    pub anchors: String,
    /// Wire term.
    pub stakeholder_group: Option<String>,
    /// Wire term.
    pub capacity: Option<String>,
    /// For whom its author says to speak.
    pub on_behalf_of: Option<String>,
    /// The delegation it names; whether it confirms is decided when it is read.
    pub delegation: Option<String>,
    /// When.
    pub published: i64,
    /// Latest edit.
    pub updated: Option<i64>,
    /// Attested.
    pub received_at: Option<i64>,
    /// Versions held.
    pub versions: i64,
    /// The entry of the current version.
    pub entry_hash: String,
    /// Its activity.
    pub activity_id: String,
    /// Whether its author deleted it.
    pub deleted: bool,
    /// The instance that says so for a guest of its; none where they said it themselves.
    pub attested_by: Option<String>,
    /// Whom its author says to speak for, in their words: confirmed by nothing.
    pub claims_to_speak_for: Option<String>,
    /// JSON list of what is attached.
    pub attachments: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

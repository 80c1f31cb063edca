//! Projection: every position act, of which at most one per line is live.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "position")]
pub struct Model {
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// The act's entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_hash: String,
    /// On what.
    pub opinion_uri: String,
    /// In whose name: the actor, or whom it claims to speak for.
    pub principal: String,
    /// Whose line: the principal, or actor and unconfirmed claim.
    pub line: String,
    /// Who acted.
    pub actor: String,
    /// For whom.
    pub on_behalf_of: Option<String>,
    /// The delegation it names.
    pub delegation: Option<String>,
    /// Wire term of the role in which it was taken.
    pub role: Option<String>,
    /// Whether the capacity is confirmed.
    pub confirmed: bool,
    /// API word.
    pub kind: String,
    /// Reason.
    pub statement: Option<String>,
    /// BCP 47 of the statement.
    pub language: Option<String>,
    /// Wire term.
    pub capacity: String,
    /// Wire term at that time.
    pub stakeholder_group: Option<String>,
    /// Wire term at that time.
    pub region: Option<String>,
    /// Revision named.
    pub revision: i64,
    /// Its digest.
    pub revision_digest: String,
    /// When.
    pub published: i64,
    /// Attested.
    pub received_at: Option<i64>,
    /// Whether it stands.
    pub live: bool,
    /// When it was withdrawn or undone.
    pub withdrawn_at: Option<i64>,
    /// The activity.
    pub activity_id: String,
    /// The Note, for kinds that are Notes.
    pub object_uri: Option<String>,
    /// Whom its author says to speak for, in their words: confirmed by nothing.
    pub claims_to_speak_for: Option<String>,
    /// JSON list of the passages named, n of §n.
    pub blocks: Option<String>,
    /// The instance that says so for a guest of its; none where they said it themselves.
    pub attested_by: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

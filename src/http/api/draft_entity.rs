//! Drafts as the API shows and takes them. They are no record: nothing here has a receipt or an ActivityPub id.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entity::{Letter, Participant};
use crate::{
    base::clock::Timestamp,
    service::drafts::{
        DraftAuthor, DraftBlock, DraftRow, DraftView, NewDraft, Placed, Revises, SeatView,
    },
};

/// A draft in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftSummary {
    /// Its key.
    pub(super) key: String,
    /// Slug of the topic.
    topic: String,
    /// Its title; may be empty.
    name: String,
    /// `joined`, or `invited` where it waits for an answer.
    own: &'static str,
    /// The organisation through which one sees it; null where one is its author or was asked oneself.
    on_behalf_of: Option<Participant>,
    /// Latest change.
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated: Timestamp,
}

impl From<DraftRow> for DraftSummary {
    fn from(row: DraftRow) -> Self {
        Self {
            key: row.id.to_string(),
            topic: row.room.slug,
            name: row.title,
            own: row.authorship.word(),
            on_behalf_of: row.on_behalf_of.map(Into::into),
            updated: row.updated,
        }
    }
}

/// A part of a draft.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftBlockEntity {
    /// Its key: the same however it moves and changes.
    pub(super) key: String,
    /// `title`, `abstract`, `language`, `note` or `text`.
    part: &'static str,
    /// Markdown; plain text for all that is no paragraph.
    source: String,
    /// Send it with the next text for this part.
    version: i64,
    /// Who wrote this version.
    editor: Participant,
    /// The organisation for which they did; null where for themselves.
    on_behalf_of: Option<Participant>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    edited: Timestamp,
    /// Whether it was taken out.
    removed: bool,
}

impl From<DraftBlock> for DraftBlockEntity {
    fn from(block: DraftBlock) -> Self {
        Self {
            key: block.id.to_string(),
            part: block.part.word(),
            source: block.source,
            version: block.version,
            editor: block.editor.into(),
            on_behalf_of: block.on_behalf_of.map(Into::into),
            edited: block.edited,
            removed: block.removed,
        }
    }
}

/// Somebody who writes a draft or was asked to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DraftAuthorEntity {
    /// Who.
    participant: Participant,
    /// `joined` or `invited`.
    state: &'static str,
    /// Whether they agreed to the text and the names as they are now.
    agreed: bool,
    /// The delegate who agreed for them; null where they did themselves.
    agreed_by: Option<Participant>,
}

impl From<DraftAuthor> for DraftAuthorEntity {
    fn from(author: DraftAuthor) -> Self {
        Self {
            participant: author.actor.into(),
            state: author.authorship.word(),
            agreed: author.agreed,
            agreed_by: author.agreed_by.map(Into::into),
        }
    }
}

/// An author in whose name one may act on a draft.
#[derive(Debug, Serialize, ToSchema)]
struct SeatEntity {
    /// Who.
    participant: Participant,
    /// `joined` or `invited`.
    state: &'static str,
    /// Whether they agreed to the text and the names as they are now.
    agreed: bool,
}

impl From<SeatView> for SeatEntity {
    fn from(seat: SeatView) -> Self {
        Self { participant: seat.actor.into(), state: seat.authorship.word(), agreed: seat.agreed }
    }
}

/// The opinion whose next revision a draft is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RevisesEntity {
    /// Id of the opinion.
    id: String,
    /// This instance's key for it.
    key: String,
    /// The revision the draft goes on from.
    base: i64,
    /// The current revision: where it is another, compare them and go on from it.
    current: i64,
    /// Actor id of who can publish its revisions.
    publisher: String,
}

impl From<Revises> for RevisesEntity {
    fn from(revises: Revises) -> Self {
        Self {
            id: revises.uri,
            key: revises.key.to_string(),
            base: revises.base,
            current: revises.current,
            publisher: revises.publisher,
        }
    }
}

/// A draft, for its authors alone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftEntity {
    /// Its key.
    key: String,
    /// Slug of the topic.
    topic: String,
    /// The opinion it revises; null for a new one.
    revises: Option<RevisesEntity>,
    /// Title, abstract, language and change note.
    head: Vec<DraftBlockEntity>,
    /// The paragraphs, in order.
    blocks: Vec<DraftBlockEntity>,
    /// The paragraphs that were taken out: each can be put back.
    removed: Vec<DraftBlockEntity>,
    /// Who writes it and who was asked.
    authors: Vec<DraftAuthorEntity>,
    /// `joined` or `invited`.
    own: &'static str,
    /// In whose name one may act on it, oneself first: send the id of an organisation as `onBehalfOf`.
    seats: Vec<SeatEntity>,
    /// Names the text and the authors as they are now: what an author agrees to and what is published.
    digest: String,
    /// Grows with every change of the order: send it to move a paragraph.
    arrangement: i64,
    /// Begun.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    /// Latest change.
    #[schema(value_type = String, format = DateTime)]
    updated: Timestamp,
}

impl From<DraftView> for DraftEntity {
    fn from(view: DraftView) -> Self {
        let blocks = |blocks: Vec<DraftBlock>| blocks.into_iter().map(Into::into).collect();
        Self {
            key: view.id.to_string(),
            topic: view.room.slug,
            revises: view.revises.map(Into::into),
            head: blocks(view.head),
            blocks: blocks(view.blocks),
            removed: blocks(view.removed),
            authors: view.authors.into_iter().map(Into::into).collect(),
            own: view.own.word(),
            seats: view.seats.into_iter().map(Into::into).collect(),
            digest: view.digest,
            arrangement: view.arrangement,
            created: view.created,
            updated: view.updated,
        }
    }
}

/// What was written, and the order it left.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlacedEntity {
    /// Keys of the paragraphs written, in order.
    blocks: Vec<String>,
    /// The draft's arrangement now.
    arrangement: i64,
}

impl From<Placed> for PlacedEntity {
    fn from(placed: Placed) -> Self {
        Self {
            blocks: placed.blocks.iter().map(i64::to_string).collect(),
            arrangement: placed.arrangement,
        }
    }
}

/// Begins a draft. All may be left empty until it is published.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftBegun {
    /// Title.
    #[serde(default)]
    name: String,
    /// The point in at most 500 characters.
    #[serde(default, rename = "abstract")]
    abstract_text: String,
    /// Markdown: each paragraph becomes one of the draft's.
    #[serde(default)]
    source: String,
    /// BCP 47.
    #[serde(default)]
    #[schema(required)]
    language: String,
}

impl From<DraftBegun> for NewDraft {
    fn from(draft: DraftBegun) -> Self {
        Self {
            name: draft.name,
            abstract_text: draft.abstract_text,
            source: draft.source,
            language: draft.language,
        }
    }
}

/// Asks somebody to write along.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftInvitation {
    /// Handle of somebody with an account here.
    #[serde(default)]
    #[schema(required)]
    pub(super) handle: String,
    /// The organisation in whose name it is done, by actor id, where a delegation with scope `co-author` lets one.
    pub(super) on_behalf_of: Option<String>,
}

/// Answers an invitation.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftAnswer {
    /// True to write along, false to decline.
    pub(super) joins: bool,
    /// The organisation in whose name it is done, by actor id, where a delegation with scope `co-author` lets one.
    pub(super) on_behalf_of: Option<String>,
}

/// Agrees to the present text.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftAgreement {
    /// The draft's `digest`, as it was read.
    #[serde(default)]
    #[schema(required)]
    pub(super) digest: String,
    /// The organisation in whose name it is done, by actor id, where a delegation with scope `co-author` lets one.
    pub(super) on_behalf_of: Option<String>,
}

/// New paragraphs.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftText {
    /// Markdown: each paragraph becomes one of the draft's.
    #[serde(default)]
    #[schema(required)]
    pub(super) source: String,
    /// Key of the paragraph they follow; first where not given.
    pub(super) after: Option<String>,
    /// The organisation in whose name it is done, by actor id, where a delegation with scope `co-author` lets one.
    pub(super) on_behalf_of: Option<String>,
}

/// Another text for a part.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftWords {
    /// Markdown; plain text for all that is no paragraph.
    #[serde(default)]
    #[schema(required)]
    pub(super) source: String,
    /// The version it was written from.
    #[serde(default)]
    #[schema(required)]
    pub(super) version: i64,
    /// The organisation in whose name it is done, by actor id, where a delegation with scope `co-author` lets one.
    pub(super) on_behalf_of: Option<String>,
}

/// Another place for a paragraph.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftMove {
    /// Key of the paragraph it is to follow; first where not given.
    pub(super) after: Option<String>,
    /// The draft's `arrangement`, as it was read.
    #[serde(default)]
    #[schema(required)]
    pub(super) arrangement: i64,
    /// The organisation in whose name it is done, by actor id, where a delegation with scope `co-author` lets one.
    pub(super) on_behalf_of: Option<String>,
}

/// Publishes a draft.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftRelease {
    /// The draft's `digest`, as it was read.
    #[serde(default)]
    #[schema(required)]
    pub(super) digest: String,
    /// `open` (the default) or `final`.
    pub(super) status: Option<String>,
    /// Until when it asks for signatures, where it becomes a new opinion that is a letter.
    pub(super) letter: Option<Letter>,
}

/// Goes on from the current revision.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftBase {
    /// Number of the current revision, whose changes were read.
    #[serde(default)]
    #[schema(required)]
    pub(super) revision: i64,
    /// The organisation in whose name it is done, by actor id, where a delegation with scope `co-author` lets one.
    pub(super) on_behalf_of: Option<String>,
}

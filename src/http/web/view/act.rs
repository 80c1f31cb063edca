//! The pages that are written on: forms, with what was typed and what is wrong with it, and the page after an act.

use askama::Template;

use super::{
    form::FormErrors,
    letter::DeadlineForm,
    opinion::{OpinionHead, OwnPosition, RevisionRef, TextPart},
    parts::{Link, Page, Receipt, Section, Stated, UserText},
    revisions::Changes,
};
use crate::{
    base::limits,
    domain::{
        comment::CommentKind,
        diff::RunKind,
        letter::OFFERED,
        opinion::OpinionStatus,
        position::{Capacity, PositionKind},
    },
    http::web::i18n::Texts,
};

/// What somebody typed into the form of an opinion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionForm {
    /// Field `name`: its title.
    pub name: String,
    /// Field `abstract`.
    pub abstract_text: String,
    /// Field `source`: the text in Markdown.
    pub source: String,
    /// Field `language`: BCP 47.
    pub language: String,
    /// Field `status`.
    pub status: OpinionStatus,
    /// Field `changeNote`; only where it is revised.
    pub change_note: String,
    /// Fields `day`, `time` and `zone`: until when it asks for signatures; only where it is new.
    pub deadline: DeadlineForm,
}

/// `/t/<slug>/write` and `/o/<key>/revise`
#[derive(Debug, Clone, Template)]
#[template(path = "opinion_form.html")]
pub struct OpinionFormPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The topic.
    pub topic: Link,
    /// The opinion and its current revision, where it is revised.
    pub revises: Option<(Link, i64)>,
    /// Where it is sent.
    pub action: String,
    /// What was typed.
    pub form: OpinionForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// The numbered text as it would be published, after "Preview".
    pub preview: Option<Vec<TextPart>>,
}

impl OpinionFormPage {
    /// The states that can be chosen.
    pub fn statuses(&self) -> &'static [OpinionStatus] {
        &[OpinionStatus::Open, OpinionStatus::Final]
    }

    /// Zones that are offered for a deadline.
    pub fn zones(&self) -> &'static [&'static str] {
        OFFERED
    }

    /// True where something is wrong with the deadline.
    pub fn has_letter_fault(&self) -> bool {
        ["day", "time", "zone"].iter().any(|field| self.errors.has(field))
    }

    /// Longest title, in characters.
    pub fn name_chars_max(&self) -> usize {
        limits::NAME_CHARS_MAX
    }

    /// Longest abstract, in characters.
    pub fn abstract_chars_max(&self) -> usize {
        limits::ABSTRACT_CHARS_MAX
    }

    /// Longest text, in thousands of bytes.
    pub fn source_kilobytes_max(&self) -> usize {
        limits::OPINION_SOURCE_BYTES_MAX / 1024
    }

    /// Longest change note, in characters.
    pub fn change_note_chars_max(&self) -> usize {
        limits::CHANGE_NOTE_CHARS_MAX
    }
}

/// A block to tie a comment to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockChoice {
    /// Its id.
    pub id: String,
    /// n of §n.
    pub number: usize,
    /// Its first words.
    pub words: String,
    /// Whether the comment is about it.
    pub is_chosen: bool,
}

/// What somebody typed into the form of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentForm {
    /// Fields `block`: ids of blocks; none for the text as a whole.
    pub blocks: Vec<String>,
    /// Field `quote`: words of one of them.
    pub quote: String,
    /// Field `missing`: the block after which something is missing, `whole` for the text, empty for nothing.
    pub missing: String,
    /// Field `kind`.
    pub kind: CommentKind,
    /// Field `content`: Markdown.
    pub content: String,
    /// Field `language`: BCP 47.
    pub language: String,
    /// Field `as`.
    pub speak_as: String,
}

/// `/o/<key>/comment`
#[derive(Debug, Clone, Template)]
#[template(path = "comment_form.html")]
pub struct CommentFormPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// The revision it is written on.
    pub revision: RevisionRef,
    /// The blocks of that revision.
    pub blocks: Vec<BlockChoice>,
    /// The comment it answers: its words, and who wrote them.
    pub answers: Option<(UserText, String)>,
    /// Value of the hidden field `inReplyTo`; empty where it answers the text.
    pub in_reply_to: String,
    /// On whose behalf the reader may speak, oneself first.
    pub principals: Vec<Principal>,
    /// How it will be shown, where a guest says it.
    pub stated: Option<Stated>,
    /// Where it is sent.
    pub action: String,
    /// What was typed.
    pub form: CommentForm,
    /// What is wrong.
    pub errors: FormErrors,
}

/// Paragraphs of which the list to choose from is shown opened.
const PASSAGES_OPEN_MAX: usize = 40;

impl CommentFormPage {
    /// Whether the list of paragraphs is shown opened: where it is short, or something in it is chosen or wrong.
    pub fn opens_passages(&self) -> bool {
        self.blocks.len() <= PASSAGES_OPEN_MAX
            || self.errors.has("block")
            || self.blocks.iter().any(|block| block.is_chosen)
    }

    /// The kinds that can be chosen.
    pub fn kinds(&self) -> &'static [CommentKind] {
        CommentKind::OFFERED
    }

    /// Longest comment, in characters.
    pub fn content_chars_max(&self) -> usize {
        limits::COMMENT_CHARS_MAX
    }
}

/// On whose behalf the reader may speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Value of the field `as`: empty for oneself, else the organisation's id.
    pub value: String,
    /// Name of the person or organisation.
    pub name: String,
    /// In what capacity.
    pub capacity: Capacity,
}

/// A revision a position can be bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionChoice {
    /// The revision.
    pub revision: RevisionRef,
    /// True for the newest.
    pub is_current: bool,
}

/// What somebody typed into the form of a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionForm {
    /// Field `kind`; `None` while nothing is chosen.
    pub kind: Option<PositionKind>,
    /// Field `revision`.
    pub revision: i64,
    /// Field `statement`.
    pub statement: String,
    /// Field `as`.
    pub speak_as: String,
}

impl PositionForm {
    /// True where `kind` is chosen.
    pub fn chose(&self, kind: &PositionKind) -> bool {
        self.kind == Some(*kind)
    }
}

/// `/o/<key>/position`
#[derive(Debug, Clone, Template)]
#[template(path = "position_form.html")]
pub struct PositionFormPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// Its abstract in the chosen revision.
    pub abstract_text: UserText,
    /// The revisions, newest first.
    pub revisions: Vec<RevisionChoice>,
    /// On whose behalf the reader may speak, oneself first.
    pub principals: Vec<Principal>,
    /// How it will be shown, where a guest says it.
    pub stated: Option<Stated>,
    /// Hosts of the rooms it is sent to.
    pub sent_to: Vec<String>,
    /// The reader's position so far.
    pub own_position: Option<OwnPosition>,
    /// What changed while the form was open: read first, then decided again.
    pub changed: Option<Changes>,
    /// Where it is sent.
    pub action: String,
    /// What was typed.
    pub form: PositionForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl PositionFormPage {
    /// The kinds that can be chosen.
    pub fn kinds(&self) -> &'static [PositionKind] {
        PositionKind::ALL
    }

    /// Longest statement, in characters.
    pub fn statement_chars_max(&self) -> usize {
        limits::STATEMENT_CHARS_MAX
    }

    /// Hosts, separated by commas.
    pub fn hosts(&self) -> String {
        self.sent_to.join(", ")
    }
}

/// The page after an act.
#[derive(Debug, Clone, Template)]
#[template(path = "done.html")]
pub struct DonePage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What was recorded, as a log tells it.
    pub row: super::parts::LogRow,
    /// Its receipt.
    pub receipt: Receipt,
    /// Hosts of the rooms it is being sent to.
    pub sent_to: Vec<String>,
    /// Where it can be seen.
    pub back: Link,
    /// Where it is taken back, by `POST`; `None` where that cannot be done.
    pub undo_href: Option<String>,
}

impl DonePage {
    /// Hosts, separated by commas.
    pub fn hosts(&self) -> String {
        self.sent_to.join(", ")
    }
}

//! What is said of a text: lists of comments, one comment's versions, what became of it, the ledger of a topic.

use askama::Template;

use super::{
    act::Principal,
    form::FormErrors,
    opinion::{CommentView, OpinionHead, RevisionRef},
    parts::{Link, Page, Section, UserText, Voice},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{
        anchor::AnchorState,
        comment::CommentKind,
        disposition::{LedgerState, Outcome},
        group::StakeholderGroup,
        order::Order,
    },
    http::web::i18n::{Said, Texts},
};

/// A passage that a comment is about, as far as there is something to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageView {
    /// §n where it is now, with its address.
    pub place: Option<(i64, String)>,
    /// In what state.
    pub state: AnchorState,
    /// Whether something is missing there.
    pub missing_here: bool,
    /// The words as they were, where they are no longer so.
    pub old_words: Option<String>,
    /// The revision it was named in: number and page.
    pub named_in: Option<(i64, String)>,
}

impl PassageView {
    /// Its state in words.
    pub fn said(&self, t: &Texts) -> Said {
        match (self.missing_here, &self.place) {
            (true, Some((number, _))) => t.say_with("passage-missing", "number", number),
            (true, None) => t.say("passage-missing-whole"),
            (false, Some((number, _))) => {
                t.say_with(&format!("passage-{}", self.state), "number", number)
            }
            (false, None) => t.say(&format!("passage-{}", self.state)),
        }
    }
}

/// What somebody said became of a comment or a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// Its id in the page.
    pub anchor: String,
    /// What.
    pub outcome: Outcome,
    /// The revision that did it: number and page.
    pub revision: Option<(i64, String)>,
    /// Why.
    pub reason: UserText,
    /// Where it belongs instead.
    pub venue: Option<String>,
    /// By whom.
    pub voice: Voice,
    /// When.
    pub at: Timestamp,
    /// Whether they are an author or a facilitator.
    pub counts: bool,
    /// Whether the comment was written anew since.
    pub on_older_version: bool,
}

/// An address of a list in one of its orders, or of one of its kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// What is chosen.
    pub what: T,
    /// True where it is.
    pub is_chosen: bool,
}

/// `/o/<key>/comments` and `/o/<key>/p/<n>`
#[derive(Debug, Clone, Template)]
#[template(path = "comments.html")]
pub struct CommentsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// The paragraph they are about, with its words: §n; none for all.
    pub paragraph: Option<(usize, UserText)>,
    /// Address of this list.
    pub action: String,
    /// The orders.
    pub orders: Vec<Choice<Order>>,
    /// The kinds; none chosen is all.
    pub kinds: Vec<Choice<CommentKind>>,
    /// Whether only those are listed that wait for an answer.
    pub unanswered: bool,
    /// The order.
    pub order: Order,
    /// The group that begins, where the order is fair.
    pub order_start: Option<StakeholderGroup>,
    /// The comments; below a paragraph's each its answers.
    pub comments: Vec<CommentView>,
    /// The next page.
    pub next_href: Option<String>,
    /// Where the reader comments.
    pub comment_href: String,
    /// Where the reader says that something is missing.
    pub missing_href: String,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRowView {
    /// Where it is said.
    pub href: String,
    /// The kind, in words.
    pub kind: LedgerKind,
    /// Its words, plain; none where they were deleted.
    pub words: Option<UserText>,
    /// By whom.
    pub voice: Voice,
    /// When.
    pub at: Timestamp,
    /// The opinion.
    pub opinion: Link,
    /// The revision it was said on.
    pub revision: Option<i64>,
    /// Where it stands.
    pub state: LedgerState,
    /// Whole days it waits or waited.
    pub days_open: Option<i64>,
    /// What became of it.
    pub fate: Option<Fate>,
    /// Where the reader, who may, says what became of it.
    pub answer_href: Option<String>,
}

impl LedgerRowView {
    /// Whether it waits for an answer.
    pub fn is_open(&self) -> bool {
        self.state == LedgerState::Open
    }
}

/// What raised a line of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerKind {
    /// A comment of this kind.
    Comment(CommentKind),
    /// A position of this kind.
    Position(crate::domain::position::PositionKind),
}

impl LedgerKind {
    /// Its name.
    pub fn said(&self, t: &Texts) -> Said {
        match self {
            Self::Comment(kind) => t.comment_kind(kind),
            Self::Position(kind) => t.position(kind),
        }
    }
}

/// `/t/<slug>/ledger`
#[derive(Debug, Clone, Template)]
#[template(path = "ledger.html")]
pub struct LedgerPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The topic.
    pub topic: Link,
    /// Address of this list.
    pub action: String,
    /// The orders.
    pub orders: Vec<Choice<Order>>,
    /// The states; none chosen is all.
    pub states: Vec<Choice<LedgerState>>,
    /// The order.
    pub order: Order,
    /// The group that begins, where the order is fair.
    pub order_start: Option<StakeholderGroup>,
    /// The lines.
    pub rows: Vec<LedgerRowView>,
    /// The next page.
    pub next_href: Option<String>,
}

/// One version of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionView {
    /// 1, 2, 3 …
    pub number: usize,
    /// When.
    pub at: Timestamp,
    /// What kind.
    pub kind: CommentKind,
    /// Its words; none where they were deleted.
    pub html: Option<super::parts::SafeHtml>,
    /// Their language.
    pub lang: String,
    /// Whether it is the one shown.
    pub is_current: bool,
    /// Its entry.
    pub entry_href: String,
}

/// `/c/<key>/history`
#[derive(Debug, Clone, Template)]
#[template(path = "comment_history.html")]
pub struct CommentHistoryPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// Whose comment.
    pub voice: Voice,
    /// Where the comment is.
    pub place_href: String,
    /// The versions, newest first.
    pub versions: Vec<VersionView>,
}

/// `/c/<key>/edit`
#[derive(Debug, Clone, Template)]
#[template(path = "comment_edit.html")]
pub struct CommentEditPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// Where it is sent.
    pub action: String,
    /// Field `kind`.
    pub kind: CommentKind,
    /// Field `content`.
    pub content: String,
    /// Field `language`.
    pub language: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl CommentEditPage {
    /// The kinds that can be chosen.
    pub fn kinds(&self) -> &'static [CommentKind] {
        CommentKind::OFFERED
    }

    /// Longest comment, in characters.
    pub fn content_chars_max(&self) -> usize {
        limits::COMMENT_CHARS_MAX
    }
}

/// What somebody typed into the form that says what became of something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FateForm {
    /// Field `outcome`.
    pub outcome: Option<Outcome>,
    /// Field `reason`.
    pub reason: String,
    /// Field `revision`; empty where none did it.
    pub revision: String,
    /// Field `venue`.
    pub venue: String,
    /// Field `as`.
    pub speak_as: String,
}

impl FateForm {
    /// True where it is chosen.
    pub fn chose(&self, outcome: &Outcome) -> bool {
        self.outcome == Some(*outcome)
    }

    /// True where this revision is chosen.
    pub fn chose_revision(&self, number: &i64) -> bool {
        self.revision == number.to_string()
    }
}

/// `/c/<key>/answer` and `/positions/<key>/answer`
#[derive(Debug, Clone, Template)]
#[template(path = "disposition_form.html")]
pub struct FateFormPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// What it is about: its words, and who wrote them.
    pub answers: (UserText, String),
    /// The revisions, newest first.
    pub revisions: Vec<RevisionRef>,
    /// On whose behalf the reader may speak, oneself first.
    pub principals: Vec<Principal>,
    /// Where it is sent.
    pub action: String,
    /// What was typed.
    pub form: FateForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl FateFormPage {
    /// The outcomes that can be chosen.
    pub fn outcomes(&self) -> &'static [Outcome] {
        Outcome::ALL
    }

    /// Longest reason, in characters.
    pub fn reason_chars_max(&self) -> usize {
        limits::STATEMENT_CHARS_MAX
    }

    /// Longest name of a venue, in characters.
    pub fn venue_chars_max(&self) -> usize {
        limits::NAME_CHARS_MAX
    }
}

/// Message keys that the values of this file choose.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(AnchorState::WORDS.iter().map(|word| format!("passage-{word}")));
    keys.extend(Outcome::WORDS.iter().map(|word| format!("outcome-{word}")));
    keys.extend(LedgerState::WORDS.iter().map(|word| format!("ledger-{word}")));
    keys.extend(Order::ALL.iter().map(|order| format!("order-{order}")));
    keys
}

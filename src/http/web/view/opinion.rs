//! The page of an opinion: its text in numbered blocks, with what was said about each.

use askama::Template;

use super::{
    about::AboutText,
    commentary::{Fate, PassageView},
    parts::{Completeness, Link, Page, SafeHtml, Section, UserText, Voice, short_hash},
    pictures::AttachedView,
    positions::StandingRow,
    received::QuoteRow,
};
use crate::{
    base::clock::Timestamp,
    domain::{
        comment::CommentKind, group::StakeholderGroup, opinion::OpinionStatus,
        position::PositionKind,
    },
    http::web::i18n::Texts,
    service::authors::Signature,
};

/// Names one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRef {
    /// Its number.
    pub number: i64,
    /// When it was published.
    pub at: Timestamp,
    /// Its digest.
    pub digest: String,
    /// Its page.
    pub href: String,
}

impl RevisionRef {
    /// The digest as it stands in running text.
    pub fn short_digest(&self) -> String {
        short_hash(&self.digest)
    }
}

/// The identity line of a text: the same under every title (product 8.2, 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The revision shown.
    pub revision: RevisionRef,
    /// Number of the newest revision.
    pub newest: i64,
    /// Host where it was first published.
    pub first_published_at: String,
    /// Since when this instance holds it; `None` where nobody attests a time.
    pub held_since: Option<Timestamp>,
}

impl Identity {
    /// True where another revision came after the one shown.
    pub fn is_older(&self) -> bool {
        self.revision.number < self.newest
    }
}

/// What stands above an opinion's text, its history, its comparison, its positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionHead {
    /// Its title.
    pub title: UserText,
    /// Its page.
    pub href: String,
    /// Its topic.
    pub topic: Link,
    /// The group it speaks from.
    pub group: Option<StakeholderGroup>,
    /// Its status.
    pub status: OpinionStatus,
    /// Its history.
    pub history_href: String,
    /// All positions with reasons.
    pub positions_href: String,
    /// Its page as a letter, where it is one.
    pub letter_href: Option<String>,
    /// All comments.
    pub comments_href: String,
    /// The two newest revisions compared; `None` while there is but one.
    pub compare_href: Option<String>,
    /// The signed document.
    pub json_href: String,
}

impl OpinionHead {
    /// How to take part in it from one's own server.
    pub fn from_href(&self) -> String {
        format!("/from?o={}", self.href.trim_start_matches("/o/"))
    }
}

/// A comment, in the order of its thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentView {
    /// Its id in the page, such as `c-114823001000000001`.
    pub anchor: String,
    /// Who.
    pub voice: Voice,
    /// What kind.
    pub kind: CommentKind,
    /// When.
    pub at: Timestamp,
    /// The revision it was written on, where known.
    pub revision: Option<i64>,
    /// What is to be said of its passages.
    pub passages: Vec<PassageView>,
    /// What was said became of it, oldest first.
    pub fates: Vec<Fate>,
    /// All its versions, where there are several.
    pub history_href: Option<String>,
    /// Where its author, who reads, writes it anew.
    pub edit_href: Option<String>,
    /// Where the reader, who may, says what became of it.
    pub answer_href: Option<String>,
    /// Where it stands among the others, in a list of its own.
    pub place_href: Option<String>,
    /// Whether it answers another comment that is not shown with it.
    pub answers_another: bool,
    /// Its words; `None` where its author deleted it.
    pub html: Option<SafeHtml>,
    /// What is attached to it.
    pub attached: Vec<AttachedView>,
    /// Their language.
    pub lang: String,
    /// Where a reader who is not signed in answers from their own server.
    pub from_href: Option<String>,
    /// True where it asks for an answer and has none.
    pub unanswered: bool,
    /// How far down the thread: 0 answers the text, 1 a comment, and so on, at most 4.
    pub depth: usize,
    /// Where the reader answers it; `None` where comments are not taken.
    pub reply_href: Option<String>,
}

/// A numbered block with what was said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextBlock {
    /// n of §n.
    pub number: usize,
    /// Its id: `b-7gk2m1qd`.
    pub id: String,
    /// Its words.
    pub html: SafeHtml,
    /// True for a heading: it has a number and no link to comment.
    pub is_heading: bool,
    /// True for an item of a list and a row of a table: set closer together.
    pub is_item: bool,
    /// True where it changed in the revision shown.
    pub is_changed: bool,
    /// Comments tied to it, as many as the page opens.
    pub comments: Vec<CommentView>,
    /// Comments that are shown at another paragraph and are about this one too.
    pub also: Vec<Link>,
    /// All comments tied to it, where more are than the page opens: how many, and where.
    pub all: Option<(i64, String)>,
    /// Where the reader comments on it; `None` where comments are not taken.
    pub comment_href: Option<String>,
    /// Where the reader says that something is missing after it.
    pub missing_href: Option<String>,
}

impl TextBlock {
    /// How many comments there are about it.
    pub fn comment_count(&self) -> i64 {
        let opened = self.comments.len() + self.also.len();
        let opened = i64::try_from(opened).unwrap_or(i64::MAX);
        self.all.as_ref().map_or(opened, |(count, _)| *count)
    }

    /// True where the comments are shown opened: one of them waits for an answer.
    pub fn has_unanswered(&self) -> bool {
        self.comments.iter().any(|comment| comment.unanswered)
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextPart {
    /// A numbered block.
    Block(TextBlock),
    /// Words outside any block.
    Loose(SafeHtml),
}

/// The reader's own position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPosition {
    /// The kind.
    pub kind: PositionKind,
    /// The revision it is bound to.
    pub revision: i64,
    /// When it was taken.
    pub at: Timestamp,
    /// Where it is withdrawn, by `POST`.
    pub withdraw_href: String,
}

/// `/o/<key>`, and with a revision `/o/<key>/r/<n>`
#[derive(Debug, Clone, Template)]
#[template(path = "opinion.html")]
pub struct OpinionPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What it is.
    pub head: OpinionHead,
    /// Which text this is.
    pub identity: Identity,
    /// What stands around the text.
    pub about: AboutText,
    /// Its abstract.
    pub abstract_text: UserText,
    /// The language of the text.
    pub lang: String,
    /// The text.
    pub parts: Vec<TextPart>,
    /// What changed, in the authors' words.
    pub change_note: Option<UserText>,
    /// Comments tied to no block of this text, as many as the page opens.
    pub comments: Vec<CommentView>,
    /// Whether there are more comments than the page opens.
    pub has_more_comments: bool,
    /// Where the reader comments on the whole; `None` where comments are not taken.
    pub comment_href: Option<String>,
    /// Every group, in alphabetical order of the page's language, then those who declared none, if any.
    pub standing: Vec<StandingRow>,
    /// Where a position is taken; `None` where positions are not taken.
    pub position_href: Option<String>,
    /// The reader's own position.
    pub own_position: Option<OwnPosition>,
    /// Where its author revises it; `None` for everybody else.
    pub revise_href: Option<String>,
    /// Address to reply to from one's own server.
    pub handle: Option<String>,
    /// Where a reader who is not signed in comments from their own server.
    pub interact_href: Option<String>,
    /// How much of the topic is here.
    pub completeness: Option<Completeness>,
    /// Posts elsewhere that quote it.
    pub quotes: Vec<QuoteRow>,
}

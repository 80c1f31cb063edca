//! What stands around a text: who is its author, what became of it, the separate statements on it; and the forms for
//! its status and for such a statement.

use askama::Template;

use super::{
    act::Principal,
    form::FormErrors,
    opinion::{OpinionHead, RevisionRef},
    parts::{Link, Page, SafeHtml, Section, UserText, Voice},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::opinion::OpinionStatus,
    http::web::i18n::Texts,
    service::authors::Signature,
};

/// An author of the text shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorMark {
    /// Who.
    pub voice: Voice,
    /// What stands behind the name.
    pub signature: Signature,
}

/// A separate statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementView {
    /// Its id in the page.
    pub anchor: String,
    /// Whose it is.
    pub voice: Voice,
    /// When.
    pub at: Timestamp,
    /// Its words.
    pub html: SafeHtml,
    /// Their language.
    pub lang: String,
}

/// What stands around a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutText {
    /// Who is its author.
    pub authors: Vec<AuthorMark>,
    /// Why it has its status, in the author's words.
    pub status_note: Option<UserText>,
    /// The opinion that took its place.
    pub successor: Option<Link>,
    /// Separate statements on the revision shown.
    pub statements: Vec<StatementView>,
    /// Where one is filed.
    pub statement_href: String,
    /// The text as a file.
    pub markdown_href: String,
    /// Where the reader confirms it, by `POST`, who is named and has not.
    pub confirm_href: Option<String>,
    /// In whose name they can confirm it: themselves, organisations.
    pub confirm_seats: Vec<Principal>,
    /// Where its author changes its status.
    pub status_href: Option<String>,
    /// Where one of its authors begins the next revision together with others, by `POST`.
    pub draft_href: Option<String>,
}

impl AboutText {
    /// In whose name it is confirmed where nothing else is chosen.
    pub fn confirm_first(&self) -> String {
        self.confirm_seats.first().map(|seat| seat.value.clone()).unwrap_or_default()
    }
}

/// `/o/<key>` of an opinion that was withdrawn: the text is behind a link.
#[derive(Debug, Clone, Template)]
#[template(path = "withdrawn.html")]
pub struct WithdrawnPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// What stands around it.
    pub about: AboutText,
    /// The last text.
    pub revision: RevisionRef,
}

/// `/o/<key>/status`
#[derive(Debug, Clone, Template)]
#[template(path = "status_form.html")]
pub struct StatusPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// Opinions that can take its place: id and title.
    pub successors: Vec<(String, UserText)>,
    /// Where it is sent.
    pub action: String,
    /// Field `status`.
    pub status: OpinionStatus,
    /// Field `reason`.
    pub reason: String,
    /// Field `supersededBy`.
    pub superseded_by: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl StatusPage {
    /// The states that can be chosen.
    pub fn statuses(&self) -> &'static [OpinionStatus] {
        use OpinionStatus::{Final, Open, Superseded, Withdrawn};
        &[Open, Final, Superseded, Withdrawn]
    }

    /// Longest reason, in characters.
    pub fn reason_chars_max(&self) -> usize {
        limits::CHANGE_NOTE_CHARS_MAX
    }
}

/// `/o/<key>/statement`
#[derive(Debug, Clone, Template)]
#[template(path = "statement_form.html")]
pub struct StatementPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// The revision it is on.
    pub revision: RevisionRef,
    /// In whose name the reader may speak.
    pub principals: Vec<Principal>,
    /// Where it is sent.
    pub action: String,
    /// Field `as`.
    pub speak_as: String,
    /// Field `content`.
    pub content: String,
    /// Field `language`.
    pub language: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl StatementPage {
    /// Longest statement, in characters.
    pub fn content_chars_max(&self) -> usize {
        limits::COMMENT_CHARS_MAX
    }
}

//! What the reader is told.

use askama::Template;

use super::{
    parts::{Link, Page, Section, UserText, Voice},
    revisions::Changes,
};
use crate::{
    base::clock::Timestamp,
    domain::{diff::RunKind, position::PositionKind},
    http::web::i18n::Texts,
    service::notices::NoticeKind,
};

/// What was said to the news of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevisedState {
    /// Nothing yet: the three answers.
    Open {
        /// The position that stands, on the earlier revision.
        kind: PositionKind,
        /// Its reason.
        statement: UserText,
        /// Where it is kept, by `POST`.
        keep_href: String,
        /// The form filled in with it.
        change_href: String,
        /// Where it is withdrawn, by `POST`.
        withdraw_href: String,
    },
    /// The position is on the new text.
    Moved,
    /// It does not stand any more.
    Withdrawn,
    /// A still newer revision came.
    Overtaken,
}

/// News of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    /// What changed since the revision that the position is on.
    pub changes: Changes,
    /// The organisation it was taken for.
    pub on_behalf_of: Option<String>,
    /// What was said to it.
    pub state: RevisedState,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its key.
    pub id: i64,
    /// When it was noticed.
    pub at: Timestamp,
    /// True until the reader has marked it as read.
    pub is_unread: bool,
    /// What sort of news it is.
    pub kind: NoticeKind,
    /// Who did it.
    pub voice: Voice,
    /// On what; none where it was deleted since.
    pub object: Option<Link>,
    /// News of a revision.
    pub revised: Option<Revised>,
}

impl NoticeRow {
    /// The message that says what was done.
    pub fn key(&self) -> &'static str {
        key(self.kind)
    }
}

const fn key(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Revision => "notice-revised",
        NoticeKind::Comment => "notice-commented",
        NoticeKind::Objection => "notice-objected",
        NoticeKind::Disposition => "notice-disposed",
    }
}

/// The messages chosen here.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = String> {
    NoticeKind::ALL.iter().map(|kind| key(*kind).to_owned())
}

/// `/notices`
#[derive(Debug, Clone, Template)]
#[template(path = "notices.html")]
pub struct NoticesPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Notices, newest first.
    pub rows: Vec<NoticeRow>,
    /// The newest notice shown.
    pub newest: Option<i64>,
    /// True on the page of the newest.
    pub is_first: bool,
    /// Those before these.
    pub next_href: Option<String>,
}

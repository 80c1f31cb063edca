//! What other servers sent that is in no record.

use askama::Template;

use super::parts::{Link, Page, SafeHtml, Section, Voice};
use crate::{base::clock::Timestamp, domain::report::ReportCategory, http::web::i18n::Texts};

/// A reply that only the reader sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateRow {
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub voice: Voice,
    /// The opinion that it is about.
    pub object: Option<Link>,
    /// Its words.
    pub html: SafeHtml,
    /// Their language.
    pub lang: String,
}

/// `/private`
#[derive(Debug, Clone, Template)]
#[template(path = "private.html")]
pub struct PrivatePage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Replies, newest first.
    pub rows: Vec<PrivateRow>,
    /// True on the page of the newest.
    pub is_first: bool,
    /// Those before these.
    pub next_href: Option<String>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// When it came.
    pub at: Timestamp,
    /// The server that sent it.
    pub host: String,
    /// What it is about, by id.
    pub objects: Vec<String>,
    /// What was said.
    pub content: String,
    /// What sort of thing it is about.
    pub category: ReportCategory,
    /// When a moderator was done with it.
    pub closed_at: Option<Timestamp>,
    /// Where it is closed, by `POST`.
    pub close_href: String,
}

impl ReportRow {
    /// The message that names the sort, where it is one.
    pub fn category_key(&self) -> Option<&'static str> {
        category_key(self.category)
    }
}

const fn category_key(category: ReportCategory) -> Option<&'static str> {
    match category {
        ReportCategory::Other => None,
        ReportCategory::Spam => Some("report-spam"),
        ReportCategory::Legal => Some("report-legal"),
        ReportCategory::Violation => Some("report-violation"),
    }
}

/// The messages chosen here.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = String> {
    ReportCategory::ALL.into_iter().filter_map(category_key).map(str::to_owned)
}

/// `/reports`
#[derive(Debug, Clone, Template)]
#[template(path = "reports.html")]
pub struct ReportsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Reports, open ones first.
    pub rows: Vec<ReportRow>,
    /// True on the first page.
    pub is_first: bool,
    /// Those after these.
    pub next_href: Option<String>,
}

/// A post elsewhere that quotes the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteRow {
    /// Whose.
    pub voice: Voice,
    /// Where it is read.
    pub href: String,
    /// When it came.
    pub at: Timestamp,
}

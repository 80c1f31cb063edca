//! What became of posts from elsewhere.

use askama::Template;

use super::parts::{Page, Section};
use crate::{base::clock::Timestamp, http::web::i18n::Texts, service::arrivals::Fate};

/// One delivery of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivalRow {
    /// When it came.
    pub received: Timestamp,
    /// What became of it.
    pub fate: Fate,
    /// When it is worked out.
    pub due: Option<Timestamp>,
    /// Why, in English.
    pub reason: Option<String>,
}

impl ArrivalRow {
    /// The message that says what became of it.
    pub fn key(&self) -> &'static str {
        key(self.fate)
    }
}

const fn key(fate: Fate) -> &'static str {
    match fate {
        Fate::Now => "arrival-now",
        Fate::Waiting => "arrival-waiting",
        Fate::Held => "arrival-held",
        Fate::Done => "arrival-done",
        Fate::Refused => "arrival-refused",
    }
}

/// The messages chosen here.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = String> {
    Fate::ALL.iter().map(|fate| key(*fate).to_owned())
}

/// `/arrivals`
#[derive(Debug, Clone, Template)]
#[template(path = "arrivals.html")]
pub struct ArrivalsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The address that was asked about; empty where none was.
    pub address: String,
    /// What came about it, newest first.
    pub rows: Vec<ArrivalRow>,
}

//! What is let in to one's account.

use askama::Template;

use super::{
    authorize::allows,
    parts::{Page, Section},
};
use crate::{
    base::clock::Timestamp,
    http::web::i18n::{Said, Texts},
};

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// What it says it is.
    pub agent: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Whether it is the reader's own.
    pub is_this: bool,
    /// Where to end it.
    pub end_href: String,
}

/// A program that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramRow {
    /// What it calls itself; `None` for a token made on the command line.
    pub name: Option<String>,
    /// Where it says to be at home.
    pub website: Option<String>,
    /// What it may do, in words of OAuth.
    pub scope: Vec<String>,
    /// Since when.
    pub since: Timestamp,
    /// Where to end it.
    pub end_href: String,
}

/// `/settings/access`
#[derive(Debug, Clone, Template)]
#[template(path = "entrances.html")]
pub struct EntrancesPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The browsers.
    pub sessions: Vec<SessionRow>,
    /// The programs.
    pub programs: Vec<ProgramRow>,
}

impl EntrancesPage {
    /// What a word of OAuth allows.
    pub fn allows(&self, word: &str) -> Said {
        allows(self.t, word)
    }
}

//! The page that says how to take part from one's own server.

use askama::Template;

use super::parts::{Link, Page, Section};
use crate::{
    domain::{position::PositionAct, reply::Tongue},
    http::web::i18n::{Said, Texts},
};

/// What to write for one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordRow {
    /// The act.
    pub act: PositionAct,
    /// The word to write.
    pub word: &'static str,
    /// Words that are read the same.
    pub also: Vec<&'static str>,
}

impl WordRow {
    /// What it does, in words of the page.
    pub fn said(&self, t: &Texts) -> Said {
        match self.act {
            PositionAct::Take(kind) => t.position(&kind),
            PositionAct::Withdraw => t.say("from-withdraw"),
        }
    }

    /// Whether a reason must follow.
    pub const fn needs_reason(&self) -> bool {
        matches!(self.act, PositionAct::Take(kind) if kind.needs_statement())
    }
}

/// `/from`, with `?o=` for one opinion
#[derive(Debug, Clone, Template)]
#[template(path = "from.html")]
pub struct FromPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion, and its address to search for.
    pub opinion: Option<(Link, String)>,
    /// The language of the words.
    pub tongue: Tongue,
    /// What to write.
    pub rows: Vec<WordRow>,
    /// A line to copy.
    pub example: String,
    /// The other languages, each with its words in the order of the rows.
    pub others: Vec<(Tongue, Vec<&'static str>)>,
}

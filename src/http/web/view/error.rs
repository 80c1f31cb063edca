//! The page for what went wrong: what happened, whether anything was lost, what to do next (product 8.2, 8).

use askama::Template;

use super::parts::{Link, Page, Section};
use crate::http::web::i18n::{Said, Texts};

/// What became of what the reader sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loss {
    /// Nothing was sent.
    NothingSent,
    /// Nothing was recorded; the browser's way back holds what was typed.
    NotRecorded,
    /// It may have been recorded: look before sending again.
    Unknown,
}

impl Loss {
    /// Every case.
    pub const ALL: &[Self] = &[Self::NothingSent, Self::NotRecorded, Self::Unknown];

    /// The message that says it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NothingSent => "loss-nothing-sent",
            Self::NotRecorded => "loss-not-recorded",
            Self::Unknown => "loss-unknown",
        }
    }
}

/// Kinds of error that have words of their own; any other status takes those of the nearest.
const KINDS: &[u16] = &[403, 404, 410, 422, 429, 500, 503];

/// Messages of [`KINDS`].
#[cfg(test)]
pub(super) const KEYS: &[&str] = &[
    "error-403-title",
    "error-403-what",
    "error-403-next",
    "error-404-title",
    "error-404-what",
    "error-404-next",
    "error-410-title",
    "error-410-what",
    "error-410-next",
    "error-422-title",
    "error-422-what",
    "error-422-next",
    "error-429-title",
    "error-429-what",
    "error-429-next",
    "error-500-title",
    "error-500-what",
    "error-500-next",
    "error-503-title",
    "error-503-what",
    "error-503-next",
];

/// Any page that could not be shown.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// HTTP status.
    pub status: u16,
    /// What the rule that refused said, in its own words.
    pub detail: Option<String>,
    /// What became of what was sent.
    pub loss: Loss,
    /// Seconds after which to try again, where the server asks for it.
    pub retry_after_seconds: Option<u64>,
    /// What is left of what was here (410): what it was, and its entry in the log.
    pub tombstone: Option<Link>,
    /// Number under which the operator finds it in the server's log.
    pub incident: Option<String>,
}

impl ErrorPage {
    fn kind(&self) -> u16 {
        match self.status {
            known if KINDS.contains(&known) => known,
            401 => 403,
            500.. => 500,
            _ => 422,
        }
    }

    /// What it is called.
    pub fn title(&self) -> Said {
        self.t.say(&format!("error-{}-title", self.kind()))
    }

    /// What happened.
    pub fn what(&self) -> Said {
        self.t.say(&format!("error-{}-what", self.kind()))
    }

    /// What to do next.
    pub fn next(&self) -> Said {
        self.t.say(&format!("error-{}-next", self.kind()))
    }
}

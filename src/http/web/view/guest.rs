//! Signing in with the account of one's own server: the page that leads there, and the page of a guest.

use askama::Template;

use super::{
    entrances::SessionRow,
    parts::{Link, Page, Section},
};
use crate::{base::clock::Timestamp, domain::position::PositionKind, http::web::i18n::Texts};

/// The answer to an address: the way to that server.
#[derive(Debug, Clone, Template)]
#[template(path = "home_go.html")]
pub struct HomeGoPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The server.
    pub host: String,
    /// Its page.
    pub href: String,
}

/// Something that this instance holds in a guest's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestHeld {
    /// The kind of a position; none for a comment.
    pub kind: Option<PositionKind>,
    /// When.
    pub at: Timestamp,
    /// On what.
    pub opinion: Link,
    /// Where it is taken back, by `POST`.
    pub end_href: String,
}

/// `/guest`
#[derive(Debug, Clone, Template)]
#[template(path = "guest.html")]
pub struct GuestPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Who: `ana@social.example`.
    pub handle: String,
    /// Where they are signed in.
    pub sessions: Vec<SessionRow>,
    /// What is held in their name.
    pub held: Vec<GuestHeld>,
}

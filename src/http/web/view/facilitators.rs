//! The page of who facilitates a topic.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Link, Page, Section, Voice},
};
use crate::http::web::i18n::Texts;

/// A facilitator in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilitatorRow {
    /// Who.
    pub voice: Voice,
    /// Field `remove`: actor id.
    pub uri: String,
}

/// `/t/<slug>/facilitators`
#[derive(Debug, Clone, Template)]
#[template(path = "facilitators.html")]
pub struct FacilitatorsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The topic.
    pub topic: Link,
    /// Those in force, in the order of the roster.
    pub rows: Vec<FacilitatorRow>,
    /// Whether the reader is one of them.
    pub is_one: bool,
    /// Where the forms are sent.
    pub action: String,
    /// Field `participant`, as typed.
    pub participant: String,
    /// What is wrong.
    pub errors: FormErrors,
}

//! The terms of a topic.

use askama::Template;

use super::{
    parts::{Link, Page, Section, UserText, Voice},
    positions::StandingRow,
};
use crate::{domain::group::StakeholderGroup, http::web::i18n::Texts};

/// What one text says that a term means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionView {
    /// The text.
    pub opinion: Link,
    /// Whose it is.
    pub voice: Voice,
    /// The revision it stands in.
    pub revision: i64,
    /// n of §n where it begins.
    pub paragraph: usize,
    /// That paragraph.
    pub href: String,
    /// The definition.
    pub text: UserText,
    /// Groups of which somebody stands somewhere on that text.
    pub standing: Vec<StandingRow>,
}

/// A term with every definition of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// Its id in the page.
    pub anchor: String,
    /// The term.
    pub words: String,
    /// Its definitions.
    pub definitions: Vec<DefinitionView>,
}

/// `/t/<slug>/terms`
#[derive(Debug, Clone, Template)]
#[template(path = "terms.html")]
pub struct TermsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The topic.
    pub topic: Link,
    /// One row for each term.
    pub rows: Vec<TermRow>,
    /// The group that begins today.
    pub order_start: Option<StakeholderGroup>,
}

//! Who holds which position on an opinion: names by group, never a number of them.

use askama::Template;

use super::{
    opinion::{Identity, OpinionHead},
    parts::{Completeness, Page, Section, UserText, Voice},
};
use crate::{
    base::clock::Timestamp,
    domain::{group::StakeholderGroup, position::PositionKind},
    http::web::i18n::Texts,
};

/// Somebody who holds a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingName {
    /// Who. The principal: an organisation where its key confirms it.
    pub voice: Voice,
    /// The revision it was taken on, where it is not the current one.
    pub older_revision: Option<i64>,
    /// Their reason, where there is one, or their page.
    pub href: String,
}

/// Who of a group holds a kind of position: names, never a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingCell {
    /// The kind.
    pub kind: PositionKind,
    /// Organisations first, then people.
    pub names: Vec<StandingName>,
}

/// What is known of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    /// The group; `None` gathers those who declared none.
    pub group: Option<StakeholderGroup>,
    /// The kinds held, in the order of [`PositionKind::ALL`]; empty where nobody was heard.
    pub cells: Vec<StandingCell>,
}

impl StandingRow {
    /// The names that hold `kind`.
    pub fn names(&self, kind: &PositionKind) -> &[StandingName] {
        self.cells.iter().find(|cell| cell.kind == *kind).map_or(&[], |cell| &cell.names)
    }
}

/// A position with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its id in the page.
    pub anchor: String,
    /// Who.
    pub voice: Voice,
    /// What kind.
    pub kind: PositionKind,
    /// The revision it is bound to.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Their words.
    pub statement: UserText,
}

/// `/o/<key>/positions`
#[derive(Debug, Clone, Template)]
#[template(path = "positions.html")]
pub struct PositionsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// The current text.
    pub identity: Identity,
    /// Every group, in alphabetical order of the page's language, then those who declared none, if any.
    pub standing: Vec<StandingRow>,
    /// Positions with a reason, in fair rotation.
    pub reasons: Vec<Reason>,
    /// The group the rotation starts from today.
    pub order_start: Option<StakeholderGroup>,
    /// How much of the topic is here.
    pub completeness: Option<Completeness>,
}

impl PositionsPage {
    /// The columns.
    pub fn kinds(&self) -> &'static [PositionKind] {
        PositionKind::ALL
    }

    /// True where nobody took a position.
    pub fn is_empty(&self) -> bool {
        self.standing.iter().all(|row| row.cells.is_empty())
    }
}

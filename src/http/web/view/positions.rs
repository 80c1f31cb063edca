//! Who holds which position on an opinion: names by group, never a number of them.

use std::borrow::Borrow;

use askama::Template;

use super::{
    opinion::{Identity, OpinionHead},
    parts::{Completeness, Page, Section, UserText, Voice},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        attestation::ProofLevel,
        group::StakeholderGroup,
        lens::{Lens, Party, Through},
        position::PositionKind,
        region::Region,
    },
    http::web::i18n::Texts,
};

/// Room above the squares of a figure for the names of the kinds, the longest of which is a sentence by itself.
const HEAD_HEIGHT: usize = 184;

/// Names shown before "the other names".
pub const NAMES_FIRST: usize = 7;

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
    /// The first names: organisations first, then people.
    pub names: Vec<StandingName>,
    /// The other names, in the same order.
    pub others: Vec<StandingName>,
}

impl StandingCell {
    /// A cell with these names, in their order.
    pub fn new(kind: PositionKind, mut names: Vec<StandingName>) -> Self {
        let others = names.split_off(names.len().min(NAMES_FIRST));
        Self { kind, names, others }
    }
}

/// What is known of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    /// The group; `None` gathers those who declared none.
    pub group: Option<StakeholderGroup>,
    /// Through a lens, the heading of its list in the group's place.
    pub party: Option<Party>,
    /// The kinds held, in the order of [`PositionKind::ALL`]; empty where nobody was heard.
    pub cells: Vec<StandingCell>,
}

impl StandingRow {
    /// Whether its topic's list says of nobody that they stand here.
    pub fn is_untold(&self) -> bool {
        self.party.as_ref().is_some_and(Party::is_untold)
    }

    /// Who holds `kind`, where anybody does.
    pub fn cell(&self, kind: &PositionKind) -> Option<&StandingCell> {
        self.cells.iter().find(|cell| cell.kind == *kind)
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
    /// Their words; empty where they gave none.
    pub statement: UserText,
}

/// Whether somebody of a group holds a kind of position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Square {
    /// Nobody.
    #[default]
    Empty,
    /// Somebody, on an earlier text only.
    Older,
    /// Somebody, on the current text.
    Held,
}

impl Square {
    /// Its class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Empty => "sq",
            Self::Older => "sq old",
            Self::Held => "sq on",
        }
    }

    /// The message that says it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "square-empty",
            Self::Older => "square-older",
            Self::Held => "square-held",
        }
    }
}

/// The messages chosen here.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = String> {
    let squares = [Square::Empty, Square::Older, Square::Held].map(Square::key);
    squares.into_iter().chain([Through::Own.key()]).map(str::to_owned)
}

/// A row of the figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRow {
    /// The group; `None` for those who declared none.
    pub group: Option<StakeholderGroup>,
    /// A square for each kind.
    pub squares: Vec<(PositionKind, Square)>,
}

/// The table of positions as a figure (product 8.6, 8.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// One row for each group, as in the table.
    pub rows: Vec<FigureRow>,
}

impl Figure {
    /// The columns.
    pub fn kinds(&self) -> &'static [PositionKind] {
        PositionKind::ALL
    }

    /// Height of the drawing.
    pub fn height(&self) -> usize {
        self.y(self.rows.len())
    }

    /// Where the names of the kinds begin, which stand upright.
    pub fn foot(&self) -> usize {
        HEAD_HEIGHT - 8
    }

    /// Left edge of a column.
    pub fn x(&self, column: impl Borrow<usize>) -> usize {
        32 + 21 * column.borrow()
    }

    /// Upper edge of a row.
    pub fn y(&self, row: impl Borrow<usize>) -> usize {
        HEAD_HEIGHT + 19 * row.borrow()
    }
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
    /// Numbers of the revisions to choose from, newest first, and which is chosen.
    pub revisions: Vec<(i64, bool)>,
    /// The revision chosen; none for all.
    pub revision: Option<i64>,
    /// The list through which the table is seen; none for the eight groups.
    pub lens: Option<Through>,
    /// Whether its topic has words of its own for the parties.
    pub has_own_parties: bool,
    /// Only those of whom it is known at least so well who they are.
    pub proof: Option<ProofLevel>,
    /// Only those taken from this region.
    pub region: Option<Region>,
    /// Whether one of these two leaves somebody out.
    pub narrows: bool,
    /// Every group, in alphabetical order of the page's language, then those who declared none, if any.
    pub standing: Vec<StandingRow>,
    /// The same as a figure.
    pub figure: Figure,
    /// Who says they speak for somebody who does not confirm it.
    pub claims: Vec<Reason>,
    /// Positions on a text that is not held here.
    pub unknown: Vec<Reason>,
    /// Positions with a reason, in fair rotation.
    pub reasons: Vec<Reason>,
    /// The group the rotation starts from today.
    pub order_start: Option<StakeholderGroup>,
    /// The next reasons.
    pub next_href: Option<String>,
    /// The same as CSV.
    pub csv_href: String,
    /// How much of the topic is here.
    pub completeness: Option<Completeness>,
}

impl PositionsPage {
    /// The levels of proof that can be asked for, and which is.
    pub fn levels(&self) -> impl Iterator<Item = (&'static ProofLevel, bool)> {
        ProofLevel::ALL
            .iter()
            .filter(|level| **level != ProofLevel::Declared)
            .map(|level| (level, self.proof == Some(*level)))
    }

    /// The regions, in alphabetical order of the page's language, and which is asked for.
    pub fn regions(&self) -> impl Iterator<Item = (Region, bool)> {
        self.t.regions().into_iter().map(|region| (region, self.region == Some(region)))
    }

    /// The columns.
    pub fn kinds(&self) -> &'static [PositionKind] {
        PositionKind::ALL
    }

    /// The lists that can be chosen, the topic's own first, and which is.
    pub fn lenses(&self) -> Vec<(Through, bool)> {
        let own = self.has_own_parties.then_some(Through::Own);
        own.into_iter()
            .chain(Lens::ALL.iter().copied().map(Through::Lens))
            .map(|lens| (lens, self.lens == Some(lens)))
            .collect()
    }

    /// True where nobody took a position.
    pub fn is_empty(&self) -> bool {
        self.standing.iter().all(|row| row.cells.is_empty())
    }
}

//! The revisions of an opinion: their history, and two of them compared.

use askama::Template;

use super::{
    about::AuthorMark,
    opinion::{OpinionHead, OwnPosition, RevisionRef},
    parts::{Page, Receipt, Section, UserText, Voice},
};
use crate::{
    domain::diff::{BlockChange, BlockChangeKind, Run, RunKind},
    http::web::i18n::Texts,
    service::authors::Signature,
};

/// One revision in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The revision.
    pub revision: RevisionRef,
    /// Whom it names as authors.
    pub authors: Vec<AuthorMark>,
    /// Who published it.
    pub voice: Voice,
    /// What changed, in the authors' words; empty where they said nothing.
    pub change_note: UserText,
    /// Its receipt.
    pub receipt: Option<Receipt>,
    /// The comparison with the one before; `None` for the first.
    pub compare_href: Option<String>,
    /// The text as a file.
    pub markdown_href: String,
}

/// `/o/<key>/history`
#[derive(Debug, Clone, Template)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// A number that was asked for and is not held: the page is a 404 then.
    pub unknown: Option<i64>,
    /// Revisions, newest first.
    pub rows: Vec<HistoryRow>,
}

/// A paragraph of either revision in a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    /// What became of it.
    pub kind: BlockChangeKind,
    /// n of §n in the later revision, else in the earlier one.
    pub number: usize,
    /// Its words.
    pub runs: Vec<Run>,
}

impl ChangeView {
    /// True where its words differ.
    pub fn is_change(&self) -> bool {
        !matches!(self.kind, BlockChangeKind::Same | BlockChangeKind::MarkupOnly)
    }

    /// True where only its markup differs.
    pub fn is_markup_only(&self) -> bool {
        self.kind == BlockChangeKind::MarkupOnly
    }

    /// True where it is not in the later revision.
    pub fn is_deleted(&self) -> bool {
        self.kind == BlockChangeKind::Deleted
    }

    /// True where it is not in the earlier revision.
    pub fn is_inserted(&self) -> bool {
        self.kind == BlockChangeKind::Inserted
    }
}

impl From<BlockChange> for ChangeView {
    fn from(change: BlockChange) -> Self {
        let number = change.new_number.or(change.old_number).unwrap_or_default();
        Self { kind: change.kind, number, runs: change.runs }
    }
}

/// What changed between two revisions, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The earlier revision.
    pub from: i64,
    /// The later one.
    pub to: i64,
    /// The first paragraphs whose words differ; `None` where the texts were not compared here.
    pub paragraphs: Option<Vec<ChangeView>>,
    /// True where more differ.
    pub has_more: bool,
    /// The language of the text.
    pub lang: String,
    /// The whole comparison.
    pub href: String,
}

/// `/o/<key>/diff/<a>..<b>`
#[derive(Debug, Clone, Template)]
#[template(path = "compare.html")]
pub struct ComparePage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// The earlier revision.
    pub from: RevisionRef,
    /// The later revision.
    pub to: RevisionRef,
    /// Numbers of all revisions, for the picker.
    pub revisions: Vec<i64>,
    /// Where the picker asks, by `GET` with `from` and `to`.
    pub picker_href: String,
    /// True where both texts stand side by side.
    pub is_side: bool,
    /// The same comparison the other way.
    pub other_view_href: String,
    /// The language of the text.
    pub lang: String,
    /// The title, word by word.
    pub title_runs: Vec<Run>,
    /// The abstract, word by word.
    pub abstract_runs: Vec<Run>,
    /// The paragraphs.
    pub changes: Vec<ChangeView>,
    /// What changed, in the authors' words.
    pub change_note: Option<UserText>,
    /// The reader's position on the earlier revision, where they took none on the later one.
    pub own_position: Option<OwnPosition>,
    /// Where a position on the later revision is taken.
    pub position_href: Option<String>,
}

impl ComparePage {
    /// True where words of the title differ.
    pub fn title_changed(&self) -> bool {
        self.title_runs.iter().any(|run| run.kind != RunKind::Kept)
    }

    /// True where words of the abstract differ.
    pub fn abstract_changed(&self) -> bool {
        self.abstract_runs.iter().any(|run| run.kind != RunKind::Kept)
    }

    /// True where no word differs.
    pub fn is_same(&self) -> bool {
        !self.title_changed()
            && !self.abstract_changed()
            && !self.changes.iter().any(ChangeView::is_change)
    }
}

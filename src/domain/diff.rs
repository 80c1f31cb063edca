//! What changed between two revisions, paragraph by paragraph and word by word. Pure; it sees words, not markup,
//! and says so where only the markup differs.

use std::collections::HashMap;

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use super::blocks::{Block, BlockKind};

/// Most pairs of words compared inside one paragraph: beyond, it is shown as taken out and put in whole.
const WORD_PAIRS_MAX: usize = 1_000_000;
/// Most pairs of words compared in all paragraphs of two texts: what comes after is shown so too.
const WORD_PAIRS_IN_ALL_MAX: usize = 10_000_000;
/// Most pairs of paragraphs compared inside one stretch of changes: beyond, they are paired in order.
const BLOCK_PAIRS_MAX: usize = 2_500;
/// Most pairs of paragraphs in which those that stayed are looked for, equal beginnings and ends aside: beyond, all
/// between them is one stretch of changes. (Texts of thousands of one-word paragraphs, every one of them another.)
const BLOCK_PAIRS_IN_ALL_MAX: usize = 4_000_000;
/// Two paragraphs are versions of one another from this share of common words on, in percent.
const LIKENESS_PERCENT_MIN: usize = 40;

/// What a run of words is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunKind {
    /// In both revisions.
    Kept,
    /// Only in the later one.
    Inserted,
    /// Only in the earlier one.
    Deleted,
}

/// Words that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What they are.
    pub kind: RunKind,
    /// The words with the white space between them.
    pub text: String,
}

/// What became of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockChangeKind {
    /// Same words, same markup.
    Same,
    /// Same words, other markup.
    MarkupOnly,
    /// Some words differ.
    Changed,
    /// New.
    Inserted,
    /// Taken out.
    Deleted,
}

/// One paragraph of either revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockChange {
    /// What became of it.
    pub kind: BlockChangeKind,
    /// Its § number in the earlier revision.
    pub old_number: Option<usize>,
    /// Its § number in the later revision.
    pub new_number: Option<usize>,
    /// Its words, in order.
    pub runs: Vec<Run>,
}

/// The paragraphs of both revisions in the order of the later one; what was taken out stands where it stood.
pub fn compare(old: &[Block], new: &[Block]) -> Vec<BlockChange> {
    let mut budget = WORD_PAIRS_IN_ALL_MAX;
    let mut changes = Vec::new();
    // Where the stretch of changes began that is not closed yet.
    let (mut old_open, mut new_open) = (0, 0);
    for (old_index, new_index, len) in stayed(old, new) {
        let (old_end, new_end) = (old_index + len, new_index + len);
        changes.extend(stretch(
            between(old, old_open, old_index),
            between(new, new_open, new_index),
            &mut budget,
        ));
        let pairs = between(old, old_index, old_end).iter().zip(between(new, new_index, new_end));
        changes.extend(pairs.map(|(before, after)| unchanged(before, after)));
        (old_open, new_open) = (old_end, new_end);
    }
    let (old, new) = (between(old, old_open, old.len()), between(new, new_open, new.len()));
    changes.extend(stretch(old, new, &mut budget));
    changes
}

/// The runs of paragraphs that are in both, in order: where they begin in either, and how many they are.
fn stayed(old: &[Block], new: &[Block]) -> Vec<(usize, usize, usize)> {
    let same = |(one, other): &(&Block, &Block)| one.text == other.text;
    let before = old.iter().zip(new).take_while(same).count();
    let rest = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
    let (old_end, new_end) = (old.len() - after, new.len() - after);
    let mut runs = vec![(0, 0, before)];
    let middle = |blocks: &'_ [Block], end: usize| -> Vec<String> {
        between(blocks, before, end).iter().map(|block| block.text.clone()).collect()
    };
    let (old_middle, new_middle) = (middle(old, old_end), middle(new, new_end));
    if old_middle.len().saturating_mul(new_middle.len()) <= BLOCK_PAIRS_IN_ALL_MAX {
        for op in capture_diff_slices(Algorithm::Patience, &old_middle, &new_middle) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                runs.push((before + old_index, before + new_index, len));
            }
        }
    }
    runs.push((old_end, new_end, after));
    runs
}

fn between(blocks: &[Block], from: usize, to: usize) -> &[Block] {
    blocks.get(from..to).unwrap_or_default()
}

/// The words of both texts as runs.
pub fn words(old: &str, new: &str) -> Vec<Run> {
    let mut budget = WORD_PAIRS_IN_ALL_MAX;
    words_within(old, new, &mut budget)
}

/// The words of both texts as runs, as long as there are pairs left to compare.
fn words_within(old: &str, new: &str, budget: &mut usize) -> Vec<Run> {
    let count = |text: &str| text.split_whitespace().count();
    let pairs = count(old).saturating_mul(count(new));
    if pairs > WORD_PAIRS_MAX || pairs > *budget {
        return vec![run(RunKind::Deleted, old), run(RunKind::Inserted, new)];
    }
    *budget -= pairs;
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_unicode_words(old, new);
    let mut runs: Vec<Run> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => RunKind::Kept,
            ChangeTag::Insert => RunKind::Inserted,
            ChangeTag::Delete => RunKind::Deleted,
        };
        match runs.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => runs.push(run(kind, change.value())),
        }
    }
    join_across_spaces(runs)
}

/// A lone space that is kept between two changes would cut a changed phrase into single words.
fn join_across_spaces(runs: Vec<Run>) -> Vec<Run> {
    let mut deleted = String::new();
    let mut inserted = String::new();
    let mut out = Vec::new();
    let mut pending = runs.into_iter().peekable();
    while let Some(next) = pending.next() {
        match next.kind {
            RunKind::Deleted => deleted.push_str(&next.text),
            RunKind::Inserted => inserted.push_str(&next.text),
            RunKind::Kept => {
                let inside = !deleted.is_empty()
                    && !inserted.is_empty()
                    && pending.peek().is_some()
                    && next.text.trim().is_empty();
                if inside {
                    deleted.push_str(&next.text);
                    inserted.push_str(&next.text);
                } else {
                    flush(&mut out, &mut deleted, &mut inserted);
                    out.push(next);
                }
            }
        }
    }
    flush(&mut out, &mut deleted, &mut inserted);
    out
}

fn flush(out: &mut Vec<Run>, deleted: &mut String, inserted: &mut String) {
    for (kind, text) in [(RunKind::Deleted, deleted), (RunKind::Inserted, inserted)] {
        if !text.is_empty() {
            out.push(Run { kind, text: std::mem::take(text) });
        }
    }
}

fn run(kind: RunKind, text: &str) -> Run {
    Run { kind, text: text.to_owned() }
}

fn unchanged(old: &Block, new: &Block) -> BlockChange {
    let same = old.kind == new.kind && old.html == new.html;
    BlockChange {
        kind: if same { BlockChangeKind::Same } else { BlockChangeKind::MarkupOnly },
        old_number: Some(old.number),
        new_number: Some(new.number),
        runs: vec![run(RunKind::Kept, &new.text)],
    }
}

fn changed(old: &Block, new: &Block, budget: &mut usize) -> BlockChange {
    BlockChange {
        kind: BlockChangeKind::Changed,
        old_number: Some(old.number),
        new_number: Some(new.number),
        runs: words_within(&old.text, &new.text, budget),
    }
}

fn deleted(old: &Block) -> BlockChange {
    BlockChange {
        kind: BlockChangeKind::Deleted,
        old_number: Some(old.number),
        new_number: None,
        runs: vec![run(RunKind::Deleted, &old.text)],
    }
}

fn inserted(new: &Block) -> BlockChange {
    BlockChange {
        kind: BlockChangeKind::Inserted,
        old_number: None,
        new_number: Some(new.number),
        runs: vec![run(RunKind::Inserted, &new.text)],
    }
}

/// A stretch where both revisions have other paragraphs: pairs versions of the same one, in order.
fn stretch(old: &[Block], new: &[Block], budget: &mut usize) -> Vec<BlockChange> {
    let search = old.len().saturating_mul(new.len()) <= BLOCK_PAIRS_MAX;
    let counted: Vec<Words> = new.iter().map(Words::of).collect();
    let mut changes = Vec::new();
    let mut next = 0;
    for before in old {
        let waiting = counted.get(next..).unwrap_or_default();
        let words = Words::of(before);
        let seen = if search { waiting.len() } else { 1 };
        let partner = waiting.iter().take(seen).position(|after| words.is_version_of(after));
        match partner {
            Some(place) => {
                let skipped = between(new, next, next + place);
                changes.extend(skipped.iter().map(inserted));
                let after = new.get(next + place);
                changes.extend(after.map(|after| changed(before, after, budget)));
                next += place + 1;
            }
            None => changes.push(deleted(before)),
        }
    }
    changes.extend(between(new, next, new.len()).iter().map(inserted));
    changes
}

/// The words of a paragraph, counted once however often it is compared.
struct Words {
    kind: BlockKind,
    counts: HashMap<String, usize>,
    total: usize,
}

impl Words {
    fn of(block: &Block) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut total = 0;
        for word in block.text.split_whitespace() {
            *counts.entry(word.to_lowercase()).or_default() += 1;
            total += 1;
        }
        Self { kind: block.kind, counts, total }
    }

    fn is_version_of(&self, other: &Self) -> bool {
        let total = self.total + other.total;
        let common: usize = self
            .counts
            .iter()
            .filter_map(|(word, count)| other.counts.get(word).map(|known| known.min(count)))
            .sum();
        // Titles and list items of two or three words: the same kind of element in the same place is enough.
        let short = total <= 6 && self.kind == other.kind && common > 0;
        short || (common * 200) >= LIKENESS_PERCENT_MIN * total && total > 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{base::fixtures::cases, domain::blocks::split};

    fn marked(old: &str, new: &str) -> String {
        words(old, new)
            .into_iter()
            .map(|run| match run.kind {
                RunKind::Kept => run.text,
                RunKind::Inserted => format!("[+{}+]", run.text),
                RunKind::Deleted => format!("[-{}-]", run.text),
            })
            .collect()
    }

    #[test]
    fn phrases_stay_together() {
        assert_eq!(
            marked(
                "We propose an observatory that follows",
                "We propose a small service that follows"
            ),
            "We propose [-an observatory-][+a small service+] that follows"
        );
        assert_eq!(marked("a b", "a b c"), "a b[+ c+]");
        assert_eq!(marked("", "new"), "[+new+]");
    }

    #[test]
    fn paragraphs_are_matched_and_counted() {
        let old = split(
            "<p>First stays.</p><p>The body shall be neutral in all things.</p><p>Goes away wholly.</p>",
        );
        let new = split(
            "<p>First <em>stays</em>.</p><p>Put in between, new.</p><p>The body shall be open in all things.</p>",
        );
        let kinds: Vec<_> =
            compare(&old, &new).into_iter().map(|c| (c.kind, c.old_number, c.new_number)).collect();
        assert_eq!(
            kinds,
            [
                (BlockChangeKind::MarkupOnly, Some(1), Some(1)),
                (BlockChangeKind::Inserted, None, Some(2)),
                (BlockChangeKind::Changed, Some(2), Some(3)),
                (BlockChangeKind::Deleted, Some(3), None),
            ]
        );
        assert!(compare(&new, &new).iter().all(|change| change.kind == BlockChangeKind::Same));
    }

    #[test]
    fn wholly_other_long_texts_are_not_compared_word_by_word() {
        let long = |word: &str| format!("{word} ").repeat(1_001);
        let runs = words(&long("a"), &long("b"));
        assert_eq!(
            runs.iter().map(|run| run.kind).collect::<Vec<_>>(),
            [RunKind::Deleted, RunKind::Inserted]
        );
    }

    #[test]
    fn what_is_past_the_budget_of_words_is_shown_whole() {
        let mut budget = 8;
        assert_eq!(words_within("a b", "a c", &mut budget).len(), 3);
        assert_eq!(budget, 4);
        assert_eq!(words_within("a b", "a c", &mut budget).len(), 3);
        let whole = words_within("a", "a", &mut budget);
        assert_eq!(whole.len(), 2, "taken out and put in: {whole:?}");
    }

    #[test]
    fn thousands_of_paragraphs_every_one_another_are_one_stretch() {
        let text = |word: &str, count: usize| {
            let html: String = std::iter::repeat_n(format!("<p>{word}</p>"), count).collect();
            split(&format!("<p>first</p>{html}<p>last</p>"))
        };
        let (old, new) = (text("a", 2_001), text("b", 2_000));
        let changes = compare(&old, &new);
        let kinds = |kind| changes.iter().filter(|change| change.kind == kind).count();
        assert_eq!(
            kinds(BlockChangeKind::Same),
            2,
            "equal beginnings and ends are found all the same"
        );
        assert_eq!(
            (kinds(BlockChangeKind::Deleted), kinds(BlockChangeKind::Inserted)),
            (2_001, 2_000)
        );
    }

    proptest! {
        #![proptest_config(cases(200))]

        /// Nothing is lost or invented: each revision can be read out of the comparison.
        #[test]
        fn both_texts_can_be_read_back(old in "[ab,.\u{628} ]{0,40}", new in "[ab,.\u{628} ]{0,40}") {
            let runs = words(&old, &new);
            let read = |without: RunKind| -> String {
                runs.iter().filter(|run| run.kind != without).map(|run| run.text.as_str()).collect()
            };
            prop_assert_eq!(read(RunKind::Inserted), old);
            prop_assert_eq!(read(RunKind::Deleted), new);
        }

        #[test]
        fn every_paragraph_stands_in_the_comparison_once(
            old in prop::collection::vec("[a-d]( [a-d]){0,4}", 1..8),
            new in prop::collection::vec("[a-d]( [a-d]){0,4}", 1..8),
        ) {
            let html = |texts: &[String]| format!("<p>{}</p>", texts.join("</p><p>"));
            let changes = compare(&split(&html(&old)), &split(&html(&new)));
            let numbers = |pick: fn(&BlockChange) -> Option<usize>| -> Vec<usize> {
                changes.iter().filter_map(pick).collect()
            };
            prop_assert_eq!(numbers(|c| c.new_number), (1..=new.len()).collect::<Vec<_>>());
            prop_assert_eq!(numbers(|c| c.old_number), (1..=old.len()).collect::<Vec<_>>());
        }
    }
}

//! What changed between two revisions, paragraph by paragraph and word by word. Pure; it sees words, not markup,
//! and says so where only the markup differs.

use std::collections::{HashMap, HashSet};

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use super::blocks::Block;

/// Most pairs of words compared inside one paragraph: beyond, it is shown as taken out and put in whole.
const WORD_PAIRS_MAX: usize = 4_000_000;
/// Most pairs of paragraphs compared inside one stretch of changes: beyond, they are paired in order.
const BLOCK_PAIRS_MAX: usize = 2_500;
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
    let old_texts: Vec<&str> = old.iter().map(|block| block.text.as_str()).collect();
    let new_texts: Vec<&str> = new.iter().map(|block| block.text.as_str()).collect();
    let mut changes = Vec::new();
    // Where the stretch of changes began that is not closed yet.
    let (mut old_open, mut new_open) = (0, 0);
    for op in capture_diff_slices(Algorithm::Patience, &old_texts, &new_texts) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            let (old_end, new_end) = (old_index + len, new_index + len);
            changes.extend(stretch(
                between(old, old_open, old_index),
                between(new, new_open, new_index),
            ));
            let pairs =
                between(old, old_index, old_end).iter().zip(between(new, new_index, new_end));
            changes.extend(pairs.map(|(before, after)| unchanged(before, after)));
            (old_open, new_open) = (old_end, new_end);
        }
    }
    changes.extend(stretch(between(old, old_open, old.len()), between(new, new_open, new.len())));
    changes
}

fn between(blocks: &[Block], from: usize, to: usize) -> &[Block] {
    blocks.get(from..to).unwrap_or_default()
}

/// The words of both texts as runs.
pub fn words(old: &str, new: &str) -> Vec<Run> {
    let count = |text: &str| text.split_whitespace().count();
    if count(old).saturating_mul(count(new)) > WORD_PAIRS_MAX {
        return vec![run(RunKind::Deleted, old), run(RunKind::Inserted, new)];
    }
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

fn changed(old: &Block, new: &Block) -> BlockChange {
    BlockChange {
        kind: BlockChangeKind::Changed,
        old_number: Some(old.number),
        new_number: Some(new.number),
        runs: words(&old.text, &new.text),
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
fn stretch(old: &[Block], new: &[Block]) -> Vec<BlockChange> {
    let search = old.len().saturating_mul(new.len()) <= BLOCK_PAIRS_MAX;
    let mut changes = Vec::new();
    let mut waiting = new.iter();
    for before in old {
        let rest = waiting.as_slice();
        let partner = if search {
            rest.iter().position(|after| is_version_of(before, after))
        } else {
            rest.first().filter(|after| is_version_of(before, after)).map(|_| 0)
        };
        match partner {
            Some(place) => {
                changes.extend(waiting.by_ref().take(place).map(inserted));
                changes.extend(waiting.next().map(|after| changed(before, after)));
            }
            None => changes.push(deleted(before)),
        }
    }
    changes.extend(waiting.map(inserted));
    changes
}

fn is_version_of(old: &Block, new: &Block) -> bool {
    let count = |text: &str| {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for word in text.split_whitespace() {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
        counts
    };
    let (before, after) = (count(&old.text), count(&new.text));
    let total: usize = before.values().sum::<usize>() + after.values().sum::<usize>();
    let words: HashSet<&String> = before.keys().collect();
    let common: usize = words
        .iter()
        .map(|word| before.get(*word).min(after.get(*word)).copied().unwrap_or(0))
        .sum();
    // Titles and list items of two or three words: the same kind of element in the same place is enough.
    let short = total <= 6 && old.kind == new.kind && common > 0;
    short || (common * 200) >= LIKENESS_PERCENT_MIN * total && total > 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::blocks::split;

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
        let long = |word: &str| format!("{word} ").repeat(3_000);
        let runs = words(&long("a"), &long("b"));
        assert_eq!(
            runs.iter().map(|run| run.kind).collect::<Vec<_>>(),
            [RunKind::Deleted, RunKind::Inserted]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

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

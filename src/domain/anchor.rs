//! Finding a passage again after a text was revised (product C2, protocol 4.c): by the paragraph's own words, then by
//! the words that were quoted and what stood around them, then by the paragraph that keeps most of its words. What is
//! not found is said to be removed; it is never left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    blocks::Block,
    markup::{clean, collapse},
    word::vocabulary,
};

/// Characters of what stands before and after a quote that are kept with it.
pub const CONTEXT_CHARS: usize = 32;
/// A quote of this many characters is taken for itself wherever it stands; a shorter one needs what stood around it.
const TELLING_QUOTE_CHARS: usize = 20;
/// Characters around a short quote that must agree where it stands in another paragraph.
const TELLING_CONTEXT_CHARS: usize = 8;
/// How much of a paragraph's words, by weight, another must keep to be the same one reworded, in thousandths.
const KEPT_PER_MILLE_MIN: u64 = 340;
/// The same where it also stands between the same neighbours.
const KEPT_IN_PLACE_PER_MILLE_MIN: u64 = 200;
/// Words that stand in more paragraphs than this tell nothing.
const POSTINGS_MAX: usize = 64;

vocabulary! {
    /// Where a passage is now.
    AnchorState, "a state of an anchor" {
        /// Its paragraph stands word for word, in its place among the others.
        Exact = "exact", "exact";
        /// Its paragraph stands word for word elsewhere, or the quoted words stand in another paragraph.
        Moved = "moved", "moved";
        /// Its paragraph was reworded, joined with another or cut.
        Changed = "changed", "changed";
        /// It is no longer in the text.
        Removed = "removed", "removed";
        /// It is no passage: the text as a whole is meant.
        Whole = "whole", "whole";
    }
}

/// A passage as somebody named it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passage<'a> {
    /// Block id.
    pub block: Option<&'a str>,
    /// Quoted words.
    pub exact: Option<&'a str>,
    /// What stood before them.
    pub prefix: Option<&'a str>,
    /// What stood after them.
    pub suffix: Option<&'a str>,
    /// Whether something is missing there.
    pub missing_here: bool,
}

/// Where it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Id and number of the block; none where there is none any more.
    pub block: Option<(String, usize)>,
    /// In what state.
    pub state: AnchorState,
}

impl Found {
    const NOWHERE: Self = Self { block: None, state: AnchorState::Removed };
    const WHOLE: Self = Self { block: None, state: AnchorState::Whole };
}

/// The words before and after the first place of `quote` in `text`, cut to [`CONTEXT_CHARS`].
pub fn context<'a>(text: &'a str, quote: &str) -> (&'a str, &'a str) {
    let Some((before, after)) = text.split_once(quote) else { return ("", "") };
    let skipped = before.chars().count().saturating_sub(CONTEXT_CHARS);
    let prefix = before.char_indices().nth(skipped).and_then(|(at, _)| before.get(at..));
    let suffix = after.char_indices().nth(CONTEXT_CHARS).and_then(|(at, _)| after.get(..at));
    (prefix.unwrap_or_default(), suffix.unwrap_or(after))
}

/// What became of one block of the older text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Word for word, as the block of this index.
    Kept(usize),
    /// The same, out of its order.
    Moved(usize),
    /// Reworded.
    Changed(usize),
    Gone,
}

impl Fate {
    const fn index(self) -> Option<usize> {
        match self {
            Self::Kept(at) | Self::Moved(at) | Self::Changed(at) => Some(at),
            Self::Gone => None,
        }
    }
}

/// Finds passages of an older text in a newer one. Made once for two texts; each passage is cheap then.
#[derive(Debug)]
pub struct Finder<'a> {
    new: &'a [Block],
    new_ids: HashMap<&'a str, usize>,
    old_ids: HashMap<&'a str, usize>,
    fates: Vec<Fate>,
}

impl<'a> Finder<'a> {
    /// For passages of `old` in `new`. `old` is empty where the older text is not held.
    pub fn new(old: &'a [Block], new: &'a [Block]) -> Self {
        let ids = |blocks: &'a [Block]| {
            blocks.iter().enumerate().map(|(at, block)| (block.id.as_str(), at)).collect()
        };
        Self { new, new_ids: ids(new), old_ids: ids(old), fates: fates(old, new) }
    }

    /// Where a passage is now.
    pub fn find(&self, passage: &Passage<'_>) -> Found {
        let quote = passage.exact.map(|words| collapse(&clean(words))).filter(|q| !q.is_empty());
        let Some(id) = passage.block else {
            return match quote.and_then(|quote| self.by_quote(&quote, passage, None, None)) {
                Some(at) => self.found(at, AnchorState::Exact),
                None => Found::WHOLE,
            };
        };
        let Some(old) = self.old_ids.get(id).copied() else {
            // A text that is not held, or an id that it never had: only what stands in the new one tells.
            if let Some(at) = self.new_ids.get(id) {
                return self.found(*at, AnchorState::Exact);
            }
            return match quote.and_then(|quote| self.by_quote(&quote, passage, None, None)) {
                Some(at) => self.found(at, AnchorState::Moved),
                None => Found::NOWHERE,
            };
        };
        let fate = self.fates.get(old).copied().unwrap_or(Fate::Gone);
        match fate {
            Fate::Kept(at) => return self.found(at, AnchorState::Exact),
            Fate::Moved(at) => return self.found(at, AnchorState::Moved),
            Fate::Changed(_) | Fate::Gone => {}
        }
        if let Some(quote) = quote
            && let Some(at) = self.by_quote(&quote, passage, fate.index(), Some(old))
        {
            let same = fate.index() == Some(at);
            return self.found(at, if same { AnchorState::Changed } else { AnchorState::Moved });
        }
        if let Some(at) = fate.index() {
            return self.found(at, AnchorState::Changed);
        }
        if passage.missing_here
            && let Some(at) = self.before(old)
        {
            return self.found(at, AnchorState::Changed);
        }
        Found::NOWHERE
    }

    fn found(&self, at: usize, state: AnchorState) -> Found {
        let block = self.new.get(at).map(|block| (block.id.clone(), block.number));
        Found { block, state }
    }

    /// The last block before this one that is still there: a gap between paragraphs does not vanish with one of them.
    fn before(&self, old: usize) -> Option<usize> {
        self.fates.get(..old)?.iter().rev().find_map(|fate| fate.index())
    }

    /// The block that holds the quoted words: of several the one where most of what stood around them still does,
    /// then the paragraph's own successor, then the nearest.
    fn by_quote(
        &self,
        quote: &str,
        passage: &Passage<'_>,
        own: Option<usize>,
        old: Option<usize>,
    ) -> Option<usize> {
        let words = |text: Option<&str>| text.map(|text| collapse_ends(&clean(text)));
        let (prefix, suffix) = (words(passage.prefix), words(passage.suffix));
        let telling = quote.chars().count() >= TELLING_QUOTE_CHARS;
        let expected = own.or_else(|| old.and_then(|old| self.before(old))).unwrap_or_default();
        let mut best: Option<(Rank, usize)> = None;
        for (at, block) in self.new.iter().enumerate() {
            if !block.text.contains(quote) {
                continue;
            }
            let around = block
                .text
                .match_indices(quote)
                .map(|(start, _)| {
                    let before = block.text.get(..start).unwrap_or_default();
                    let after = block.text.get(start + quote.len()..).unwrap_or_default();
                    common_end(before, prefix.as_deref().unwrap_or_default())
                        + common_start(after, suffix.as_deref().unwrap_or_default())
                })
                .max()
                .unwrap_or_default();
            let is_own = own == Some(at);
            // A word or two stand anywhere: elsewhere they count only with what stood around them.
            if !is_own && !telling && around < TELLING_CONTEXT_CHARS {
                continue;
            }
            let rank = (around, is_own, std::cmp::Reverse(at.abs_diff(expected)));
            if best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((rank, at));
            }
        }
        best.map(|(_, at)| at)
    }
}

/// How well a place of a quote fits: what around it agrees, whether the paragraph is its own successor, how near it is.
type Rank = (usize, bool, std::cmp::Reverse<usize>);

/// White space runs to one space, but a space at either end stays: it parts the words from the quote.
fn collapse_ends(text: &str) -> String {
    let mut out = collapse(text);
    if text.starts_with(char::is_whitespace) {
        out.insert(0, ' ');
    }
    if text.ends_with(char::is_whitespace) {
        out.push(' ');
    }
    out
}

fn common_end(one: &str, other: &str) -> usize {
    one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count()
}

fn common_start(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

/// What became of each block of `old` in `new`.
fn fates(old: &[Block], new: &[Block]) -> Vec<Fate> {
    let kept = word_for_word(old, new);
    let in_order = longest_run(&kept);
    let mut fates: Vec<Fate> = kept
        .iter()
        .enumerate()
        .map(|(at, pair)| match pair {
            Some(index) if in_order.contains(&at) => Fate::Kept(*index),
            Some(index) => Fate::Moved(*index),
            None => Fate::Gone,
        })
        .collect();
    for (at, index) in reworded(old, new, &kept) {
        if let Some(fate) = fates.get_mut(at) {
            *fate = Fate::Changed(index);
        }
    }
    fates
}

/// Blocks that stand in both word for word. Of equal ones the k-th is the k-th; where their number changed, each is
/// the one with its neighbours, else the nearest.
fn word_for_word(old: &[Block], new: &[Block]) -> Vec<Option<usize>> {
    let places = |blocks: &[Block]| {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, block) in blocks.iter().enumerate() {
            places.entry(block.text.clone()).or_default().push(at);
        }
        places
    };
    let (olds, news) = (places(old), places(new));
    let text = |blocks: &'_ [Block], at: Option<usize>| {
        at.and_then(|at| blocks.get(at)).map(|block| block.text.clone())
    };
    let mut pairs = vec![None; old.len()];
    for (words, froms) in &olds {
        let Some(tos) = news.get(words) else { continue };
        let mut free: BTreeSet<usize> = tos.iter().copied().collect();
        for (k, from) in froms.iter().enumerate() {
            let chosen = if froms.len() == tos.len() {
                tos.get(k).copied()
            } else {
                let (before, after) = (text(old, from.checked_sub(1)), text(old, Some(from + 1)));
                let rank = |to: &usize| {
                    let same_before = text(new, to.checked_sub(1)) == before;
                    let same_after = text(new, Some(to + 1)) == after;
                    (
                        usize::from(same_before) + usize::from(same_after),
                        std::cmp::Reverse(to.abs_diff(*from)),
                    )
                };
                free.iter().copied().max_by_key(rank).or_else(|| tos.last().copied())
            };
            if let Some(to) = chosen {
                free.remove(&to);
                if let Some(pair) = pairs.get_mut(*from) {
                    *pair = Some(to);
                }
            }
        }
    }
    pairs
}

/// The blocks, by index in the older text, that keep their order in the newer one: the most that do.
fn longest_run(pairs: &[Option<usize>]) -> BTreeSet<usize> {
    // Patience sorting: `ends` holds, for each length, the run of that length that ends earliest.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: HashMap<usize, usize> = HashMap::new();
    for (from, to) in pairs.iter().enumerate().filter_map(|(from, to)| Some((from, (*to)?))) {
        let length = ends.partition_point(|(end, _)| *end < to);
        if let Some((_, previous)) = length.checked_sub(1).and_then(|at| ends.get(at)) {
            before.insert(from, *previous);
        }
        match ends.get_mut(length) {
            Some(end) => *end = (to, from),
            None => ends.push((to, from)),
        }
    }
    let mut run = BTreeSet::new();
    let mut at = ends.last().map(|(_, from)| *from);
    while let Some(from) = at {
        run.insert(from);
        at = before.get(&from).copied();
    }
    run
}

/// Words and pairs of neighbouring words of a text, as numbers; writing without spaces goes by characters.
#[derive(Default)]
struct Words<'a> {
    numbers: HashMap<&'a str, u32>,
}

impl<'a> Words<'a> {
    fn features(&mut self, text: &'a str) -> BTreeSet<(u32, u32)> {
        let mut features = BTreeSet::new();
        let mut last = 0;
        for word in words(text) {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
            let number = *self.numbers.entry(word).or_insert(next);
            features.insert((0, number));
            if last != 0 {
                features.insert((last, number));
            }
            last = number;
        }
        features
    }
}

fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let mut start = 0;
        for (at, c) in run.char_indices() {
            // From the CJK radicals on, words are not parted by spaces.
            if c >= '\u{2e80}' {
                words.extend(run.get(start..at));
                words.extend(run.get(at..at + c.len_utf8()));
                start = at + c.len_utf8();
            }
        }
        words.extend(run.get(start..));
    }
    words.retain(|word| !word.is_empty());
    words
}

/// For blocks that stand in the newer text no more: the new block that keeps most of their words, where it keeps
/// enough. Rare words weigh more; several may have gone into one.
fn reworded(old: &[Block], new: &[Block], kept: &[Option<usize>]) -> Vec<(usize, usize)> {
    let known: BTreeSet<&str> = old.iter().map(|block| block.text.as_str()).collect();
    let lost: Vec<usize> =
        kept.iter().enumerate().filter(|(_, pair)| pair.is_none()).map(|(at, _)| at).collect();
    let fresh: Vec<(usize, &Block)> =
        new.iter().enumerate().filter(|(_, block)| !known.contains(block.text.as_str())).collect();
    if lost.is_empty() || fresh.is_empty() {
        return Vec::new();
    }
    let mut words = Words::default();
    let mut postings: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    let mut sizes: HashMap<usize, BTreeSet<(u32, u32)>> = HashMap::new();
    for (at, block) in &fresh {
        let features = words.features(&block.text);
        for feature in &features {
            postings.entry(*feature).or_default().push(*at);
        }
        sizes.insert(*at, features);
    }
    let olds: Vec<(usize, BTreeSet<(u32, u32)>)> =
        lost.iter().filter_map(|at| Some((*at, words.features(&old.get(*at)?.text)))).collect();
    let mut seen: HashMap<(u32, u32), u64> = HashMap::new();
    for feature in olds.iter().map(|(_, features)| features).chain(sizes.values()).flatten() {
        *seen.entry(*feature).or_default() += 1;
    }
    let all = u64::try_from(olds.len() + sizes.len()).unwrap_or(u64::MAX);
    // In whole numbers, so that every machine finds the same.
    let weight = |feature: &(u32, u32)| {
        let seen = seen.get(feature).copied().unwrap_or(1).max(1);
        u64::from((all.saturating_mul(16) / seen).max(1).ilog2()) + 1
    };
    let total = |features: &BTreeSet<(u32, u32)>| features.iter().map(weight).sum::<u64>();
    let mut found = Vec::new();
    for (at, features) in &olds {
        let mut shared: BTreeMap<usize, u64> = BTreeMap::new();
        for feature in features {
            let Some(places) = postings.get(feature).filter(|p| p.len() <= POSTINGS_MAX) else {
                continue;
            };
            for place in places {
                *shared.entry(*place).or_default() += weight(feature);
            }
        }
        let own = total(features).max(1);
        let gap = gap(kept, *at, new.len());
        let best = shared
            .into_iter()
            .filter_map(|(place, weight)| {
                let kept = weight * 1_000 / own;
                let in_place = gap.0 <= place && place < gap.1;
                let needed =
                    if in_place { KEPT_IN_PLACE_PER_MILLE_MIN } else { KEPT_PER_MILLE_MIN };
                let other = sizes.get(&place).map_or(1, &total).max(1);
                // Most of its own words first; then how little else there is; then whether it stands where it stood.
                let rank = kept * 8
                    + (2 * weight * 1_000 / (own + other))
                    + if in_place { 500 } else { 0 };
                (kept >= needed).then_some((rank, std::cmp::Reverse(place)))
            })
            .max();
        if let Some((_, std::cmp::Reverse(place))) = best {
            found.push((*at, place));
        }
    }
    found
}

/// Where a block would stand if nothing had moved: after the last kept block before it, before the first after it.
fn gap(kept: &[Option<usize>], at: usize, length: usize) -> (usize, usize) {
    let before = kept.get(..at).and_then(|before| before.iter().rev().find_map(|pair| *pair));
    let after = kept.get(at + 1..).and_then(|after| after.iter().find_map(|pair| *pair));
    (before.map_or(0, |before| before + 1), after.unwrap_or(length))
}

#[cfg(test)]
mod tests;

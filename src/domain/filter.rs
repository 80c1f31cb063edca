//! Filters: the words that a reader wants to be warned of, or not to see, and where. What is compared is folded on both
//! sides: compatible forms of characters, large and small letters and runs of white space are the same.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// Where a filter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilterContext {
    /// At home and in lists.
    Home,
    /// In notifications.
    Notifications,
    /// In public timelines.
    Public,
    /// In threads.
    Thread,
    /// On somebody's own page.
    Account,
}

impl FilterContext {
    /// Every one.
    pub const ALL: &[Self] =
        &[Self::Home, Self::Notifications, Self::Public, Self::Thread, Self::Account];

    /// The word of the API and the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Notifications => "notifications",
            Self::Public => "public",
            Self::Thread => "thread",
            Self::Account => "account",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// What a filter asks a program to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterAction {
    /// Shows a warning first.
    Warn,
    /// Does not show it.
    Hide,
    /// Shows the words and hides the pictures.
    Blur,
}

impl FilterAction {
    const ALL: &[Self] = &[Self::Warn, Self::Hide, Self::Blur];

    /// The word of the API and the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Hide => "hide",
            Self::Blur => "blur",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// A text in which words are looked for.
#[derive(Debug, Clone)]
pub struct Searched {
    folded: String,
    /// Where words begin and end, as bytes, in order (UAX 29).
    bounds: Vec<usize>,
}

impl Searched {
    /// A text, folded once for all that is looked for in it.
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let bounds = folded.split_word_bound_indices().map(|(at, _)| at).collect();
        Self { folded, bounds }
    }

    /// Whether these words stand in it; as whole words, where that is wanted.
    pub fn holds(&self, keyword: &str, whole_word: bool) -> bool {
        let keyword = fold(keyword);
        let keyword = keyword.trim();
        let Some(first) = keyword.chars().next() else { return false };
        let mut from = 0;
        while let Some(found) = self.folded.get(from..).and_then(|rest| rest.find(keyword)) {
            let start = from + found;
            let end = start + keyword.len();
            if !whole_word || (self.is_edge(start) && self.is_edge(end)) {
                return true;
            }
            from = start + first.len_utf8();
        }
        false
    }

    /// Whether no word goes on across this place. `a.b` is one word to UAX 29 and two to a reader; `中国` is one to a reader
    /// of letters and two to UAX 29: whichever sees an edge is believed.
    fn is_edge(&self, at: usize) -> bool {
        let before = self.folded.get(..at).and_then(|text| text.chars().next_back());
        let after = self.folded.get(at..).and_then(|text| text.chars().next());
        let (Some(before), Some(after)) = (before, after) else { return true };
        !is_of_word(before) || !is_of_word(after) || self.bounds.binary_search(&at).is_ok()
    }
}

fn is_of_word(c: char) -> bool {
    // The joiners stand within words of Persian and of Indian languages.
    c.is_alphanumeric() || c == '_' || is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}')
}

fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Lower case can come apart again (`İ`), and is put together once more.
    let lower = text.nfkc().collect::<String>().to_lowercase();
    for c in lower.nfkc() {
        if c == '\u{307}' && out.ends_with('i') {
            // The large letter with a dot of Turkish: as small as the one without.
        } else if !c.is_whitespace() {
            // A sigma at the end of what is looked for may stand within a word.
            out.push(if c == 'ς' { 'σ' } else { c });
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::fixtures::cases;

    #[test]
    fn words_in_every_script() {
        for (text, keyword, part, whole) in [
            ("Two banks of a river", "bank", true, false),
            ("Two banks of a river", "BANKS", true, true),
            ("Two  banks\nof a river", "banks of", true, true),
            ("end.Start again", "start", true, true),
            ("don't", "don", true, true),
            ("snake_case", "case", true, false),
            ("#rivers first", "#rivers", true, true),
            ("#riversides", "#rivers", true, false),
            ("a c++ text", "c++", true, true),
            ("Straße am Fluß", "FLUß", true, true),
            ("cafe\u{301} noir", "café", true, true),
            ("cafe\u{301} noir", "cafe", false, false),
            ("ﬁle", "file", true, true),
            ("ПРАВО на воду", "право", true, true),
            ("правозащитник", "право", true, false),
            ("我们的水资源", "水", true, true),
            ("الماء حق", "حق", true, true),
            ("الحقوق", "حق", true, false),
            ("می\u{200c}خواهم", "می", true, false),
            ("İstanbul", "istanbul", true, true),
            ("ΟΔΟΣ και", "οδός", false, false),
            ("ΟΔΟΣΗΜΑ", "ΟΔΟΣ", true, false),
            ("river", "", false, false),
            ("river", "  ", false, false),
            ("", "x", false, false),
        ] {
            let searched = Searched::new(text);
            assert_eq!(searched.holds(keyword, false), part, "{keyword} in {text}");
            assert_eq!(searched.holds(keyword, true), whole, "{keyword} whole in {text}");
        }
    }

    #[test]
    fn a_whole_word_after_a_part_of_one_is_found() {
        assert!(Searched::new("banksy on the banks").holds("banks", true));
        assert!(Searched::new("aaa aa").holds("aa", true));
    }

    proptest! {
        #![proptest_config(cases(200))]

        #[test]
        fn nothing_breaks_and_what_is_whole_is_a_part(text in ".{0,40}", keyword in ".{0,6}") {
            let searched = Searched::new(&text);
            prop_assert!(!searched.holds(&keyword, true) || searched.holds(&keyword, false));
            let within = format!("{text} {keyword} {text}");
            if !fold(&keyword).trim().is_empty() && keyword.chars().all(char::is_alphanumeric) {
                prop_assert!(Searched::new(&within).holds(&keyword, true), "{within}");
            }
        }
    }
}

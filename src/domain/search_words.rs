//! The words by which a text is found: letters and digits in lower case. Where words are not parted by spaces, each
//! character that is a word of its own is one.

use std::collections::BTreeSet;

/// Words of one text that are kept.
const WORDS_MAX: usize = 200;
/// Longest word, in characters; of a longer one the beginning is kept.
const WORD_CHARS_MAX: usize = 40;

/// The words of these texts, each once.
pub fn search_words(texts: &[&str]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for word in texts.iter().flat_map(|text| parts(text)) {
        if words.len() == WORDS_MAX {
            break;
        }
        words.insert(word);
    }
    words
}

/// The words that somebody looks for, as they typed them; the longest first, since fewest have it.
pub fn sought_words(query: &str, most: usize) -> Vec<String> {
    let mut words: Vec<String> = search_words(&[query]).into_iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(most);
    words
}

fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        if word.chars().any(is_ideograph) {
            parts.extend(word.chars().map(String::from));
        } else {
            parts.push(word.chars().take(WORD_CHARS_MAX).collect());
        }
    }
    parts
}

const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_lower_case_each_once() {
        let found = search_words(&["Two banks, two Rivers", "«Öffentlich» 2026", "水资源"]);
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["2026", "banks", "rivers", "two", "öffentlich", "水", "源", "资"]);
        assert!(search_words(&["  – … "]).is_empty());
    }

    #[test]
    fn as_many_as_are_kept_and_no_longer() {
        let many: Vec<String> = (0..=WORDS_MAX).map(|n| format!("w{n}")).collect();
        let at = many[..WORDS_MAX].join(" ");
        assert_eq!(search_words(&[&at]).len(), WORDS_MAX);
        assert_eq!(search_words(&[&many.join(" ")]).len(), WORDS_MAX);
        let long = "x".repeat(WORD_CHARS_MAX + 1);
        assert!(search_words(&[&long]).contains(&"x".repeat(WORD_CHARS_MAX)));
        assert_eq!(sought_words("a river basin", 2), ["basin", "river"]);
    }
}

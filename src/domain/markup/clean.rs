//! What characters a text may hold: NFC, and none that make it look like another text.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// `text` in NFC, with line ends as `\n` and without characters that nobody sees but that make two equal-looking
/// texts different, or that turn the direction of what follows: zero-width space and word joiner, embeddings,
/// overrides and isolates (UAX #9), control and tag characters. Joiners (U+200C, U+200D) and the implicit
/// direction marks stay: Persian, Indic scripts and Arabic punctuation need them, and they act on their
/// neighbours alone.
pub fn clean(text: &str) -> String {
    let kept = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = kept.chars().filter(|c| !is_deceptive(*c)).collect();
    if is_nfc(&kept) { kept } else { kept.nfc().collect() }
}

/// A single line out of `text`: cleaned, white space runs to one space, trimmed. For names and titles.
pub fn clean_line(text: &str) -> String {
    collapse(&clean(text))
}

/// White space runs to one space, trimmed.
pub(in crate::domain) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

pub(super) const fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{180e}' | '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{206a}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unseen_goes_and_the_needed_stays() {
        assert_eq!(clean("a\u{200b}b\u{202e}c\u{2066}d\u{feff}\0e"), "abcde");
        assert_eq!(clean("می\u{200c}خواهم\u{200f}!"), "می\u{200c}خواهم\u{200f}!");
        assert_eq!(clean("one\r\ntwo\rthree\tfour"), "one\ntwo\nthree\tfour");
    }

    #[test]
    fn composed_also_where_a_removed_character_stood_between() {
        assert_eq!(clean("e\u{200b}\u{301}"), "é");
        assert_eq!(clean_line("  Cafe\u{301}\n du  port "), "Café du port");
    }
}

//! Replies by keyword, grammar version 1 (protocol 4.d, P9): how a reply that was written anywhere takes a position.
//! The first line is a keyword, then optionally `§n`, `for: Organisation`, and a colon with the reason, which may
//! go on in the lines below. A keyword counts only where it stands alone: "support the idea" is a comment.
//!
//! Pure: a room reads a reply once and signs what it read (`record::statement::Reading`); nobody else parses.

mod lines;
mod words;

use super::position::PositionAct;
use crate::base::limits;
use lines::{MENTION_BEGINS, MENTION_ENDS, lines};
use words::{FOR_FOLDED, KEYWORDS, after, fold_into};

pub use words::{ACTS, FOR, words};

/// The version of this grammar, as it stands in every Reading.
pub const GRAMMAR: i64 = 1;

/// A language in which keywords are known: the six of the United Nations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tongue {
    /// `en`
    English,
    /// `fr`
    French,
    /// `es`
    Spanish,
    /// `ru`
    Russian,
    /// `ar`
    Arabic,
    /// `zh`
    Chinese,
}

impl Tongue {
    /// Every language; of a word that several have it is the first's, unless the reply says its language.
    pub const ALL: &[Self] =
        &[Self::English, Self::French, Self::Spanish, Self::Russian, Self::Arabic, Self::Chinese];

    /// BCP 47 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Russian => "ru",
            Self::Arabic => "ar",
            Self::Chinese => "zh",
        }
    }

    /// Its name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Russian => "Русский",
            Self::Arabic => "العربية",
            Self::Chinese => "中文",
        }
    }

    /// The language of a tag such as `zh-Hant`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.iter().copied().find(|tongue| tongue.code().eq_ignore_ascii_case(primary))
    }
}

/// What a reply says, as far as it says it in this grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The position taken or withdrawn; none where only passages or a name are given.
    pub act: Option<PositionAct>,
    /// The language of the keyword; of the reply where there is none.
    pub tongue: Tongue,
    /// The passages named, n of §n.
    pub blocks: Vec<usize>,
    /// Whom its author says to speak for: words, confirmed by nothing.
    pub claims_to_speak_for: Option<String>,
    /// The reason, plain text.
    pub statement: Option<String>,
}

/// Why a reply that begins with a keyword is no position all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The kind needs its reason in words (P2).
    NeedsWords,
    /// The reason is longer than a statement may be (P7).
    TooLong,
}

impl Reply {
    /// What keeps it from being a position.
    pub fn flaw(&self) -> Option<Flaw> {
        let Some(PositionAct::Take(kind)) = self.act else { return None };
        match &self.statement {
            None if kind.needs_statement() => Some(Flaw::NeedsWords),
            Some(words) if words.chars().count() > limits::STATEMENT_CHARS_MAX => {
                Some(Flaw::TooLong)
            }
            _ => None,
        }
    }
}

/// Reads a reply's HTML; `None` where it is a comment and nothing else. `language` is what the reply says its language
/// is.
pub fn read(html: &str, language: Option<&str>) -> Option<Reply> {
    let lines = lines(html);
    let (first, below) = first_line(&lines)?;
    let spoken = language.and_then(Tongue::of_tag);
    let (undecorated, opened) = without_opening(first);
    let keyword = keyword(undecorated);
    let (act, tongue, rest) = match keyword {
        Some((keyword, rest)) => {
            let own = spoken.filter(|tongue| keyword.tongues.contains(tongue));
            (Some(keyword.act), own.or(keyword.tongues.first().copied())?, rest)
        }
        None => (None, spoken.unwrap_or(Tongue::English), first),
    };
    let tail = Tail::read(rest)?;
    if act.is_none() && !tail.stands_alone(!below.is_empty()) {
        return None;
    }
    let statement = act.and_then(|_| reason(&tail, below, opened));
    Some(Reply { act, tongue, blocks: tail.blocks, claims_to_speak_for: tail.claim, statement })
}

/// The first line with words, leading mentions taken away, and the lines below it.
fn first_line(lines: &[String]) -> Option<(&str, &[String])> {
    lines.iter().enumerate().find_map(|(at, line)| {
        let words = without_mentions(line);
        (!words.is_empty()).then(|| (words, lines.get(at + 1..).unwrap_or_default()))
    })
}

fn without_mentions(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let next = if let Some(marked) = rest.strip_prefix(MENTION_BEGINS) {
            marked.split_once(MENTION_ENDS).map_or("", |(_, after)| after)
        } else if let Some(typed) = rest.strip_prefix(['@', '\u{ff20}']) {
            // `@` before the link of a mention, or a handle typed as text, with the port it may have.
            let handle = typed.trim_start_matches(|c: char| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '@')
            });
            match handle.strip_prefix(':') {
                Some(port) if port.starts_with(|c: char| c.is_ascii_digit()) => {
                    port.trim_start_matches(|c: char| c.is_ascii_digit())
                }
                _ => handle,
            }
        } else {
            return rest;
        };
        rest = next.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '\u{ff1a}' | ',' | '\u{ff0c}' | '\u{60c}')
        });
    }
}

/// What people put around a word they copy.
const OPENING: &[char] = &[
    '"', '\'', '“', '„', '”', '‟', '‘', '‚', '’', '«', '»', '‹', '›', '「', '『', '《', '〈', '*',
    '_', '`', '(', '[', '（', '【', '¡', '\u{ff02}',
];
const CLOSING: &[char] = &[
    '"', '\'', '”', '“', '’', '‘', '»', '«', '›', '‹', '」', '』', '》', '〉', '*', '_', '`', ')',
    ']', '）', '】', '\u{ff02}',
];

/// The line without the quotes it begins with, and whether there were any.
fn without_opening(line: &str) -> (&str, bool) {
    let rest = line.trim_start_matches(|c: char| OPENING.contains(&c) || c.is_whitespace());
    (rest, rest.len() < line.len())
}

/// The keyword at the beginning of a line, and what follows it; `None` where it does not stand alone.
fn keyword(line: &str) -> Option<(&'static words::Keyword, &str)> {
    KEYWORDS.iter().find_map(|keyword| {
        let rest = after(line, &keyword.folded)?;
        let rest = rest.trim_start_matches(CLOSING).trim_start();
        let ends = rest.trim_start_matches(['.', '!', '。', '！', '…', '．']);
        let ends = ends.trim_start_matches(|c: char| c.is_whitespace() || CLOSING.contains(&c));
        if ends.is_empty() {
            return Some((keyword, ""));
        }
        (is_colon(rest.chars().next()) || rest.starts_with('§') || named(rest).is_some())
            .then_some((keyword, rest))
    })
}

/// What stands behind the keyword, or in its place.
#[derive(Debug, Default)]
struct Tail<'a> {
    blocks: Vec<usize>,
    claim: Option<String>,
    /// What is left of the line: the beginning of the reason.
    rest: &'a str,
    /// Whether a colon or a dash stands before it.
    parted: bool,
}

impl<'a> Tail<'a> {
    /// `None` where a name is too long to be one.
    fn read(line: &'a str) -> Option<Self> {
        let mut tail = Self { rest: line.trim_start(), ..Self::default() };
        loop {
            if let Some(rest) = blocks(tail.rest, &mut tail.blocks) {
                tail.rest = rest;
            } else if tail.claim.is_none()
                && let Some(name) = named(tail.rest)
            {
                let end = end_of_name(name);
                let (claim, rest) = name.split_at_checked(end).unwrap_or((name, ""));
                let claim = without_marks(claim);
                let claim = claim.trim_matches(|c: char| {
                    c.is_whitespace() || CLOSING.contains(&c) || OPENING.contains(&c)
                });
                if claim.chars().count() > limits::CLAIM_CHARS_MAX {
                    return None;
                }
                tail.claim = Some(claim.to_owned()).filter(|claim| !claim.is_empty());
                tail.rest = rest.trim_start();
            } else {
                break;
            }
        }
        if let Some(rest) = after_colon(tail.rest).or_else(|| after_dash(tail.rest)) {
            tail.rest = rest.trim_start();
            tail.parted = true;
        }
        Some(tail)
    }

    /// Whether a line without a keyword is one of this grammar: it names a passage, or whom its author speaks for
    /// and then goes on.
    fn stands_alone(&self, has_more: bool) -> bool {
        !self.blocks.is_empty() || (self.claim.is_some() && (self.parted || has_more))
    }
}

/// What follows a passage, `§4`, `§§ 4, 7–9` or `§4 §5`, whose numbers are added.
fn blocks<'a>(line: &'a str, into: &mut Vec<usize>) -> Option<&'a str> {
    let mut rest = line.strip_prefix('§')?.trim_start_matches('§');
    let mut any = false;
    loop {
        let Some((from, after)) = number(rest.trim_start()) else {
            return any.then_some(rest);
        };
        any = true;
        let (to, after) = after
            .strip_prefix(['-', '–'])
            .and_then(number)
            .filter(|(to, _)| *to >= from)
            .unwrap_or((from, after));
        for n in (from..=to).take(limits::READING_BLOCKS_MAX) {
            if into.len() < limits::READING_BLOCKS_MAX && !into.contains(&n) {
                into.push(n);
            }
        }
        rest = after.trim_start();
        let listed = rest.strip_prefix([',', '、', '،', '，']).map(str::trim_start);
        let listed = listed.map(|more| more.trim_start_matches('§').trim_start());
        match listed.filter(|more| number(more).is_some()) {
            Some(more) => rest = more,
            None => return Some(rest),
        }
    }
}

/// A number from 1, in the digits of any of the six languages.
fn number(text: &str) -> Option<(usize, &str)> {
    let mut value: usize = 0;
    let mut rest = text;
    let mut digits = 0;
    while let Some(c) = rest.chars().next()
        && let Some(digit) = digit(c)
    {
        digits += 1;
        value = value.saturating_mul(10).saturating_add(digit);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    (1..=6).contains(&digits).then_some((value, rest)).filter(|(value, _)| *value > 0)
}

fn digit(c: char) -> Option<usize> {
    let from = ['0', '٠', '۰', '０'];
    let zero = from.into_iter().find(|zero| (*zero..=zero_plus_nine(*zero)).contains(&c))?;
    usize::try_from(u32::from(c) - u32::from(zero)).ok()
}

fn zero_plus_nine(zero: char) -> char {
    char::from_u32(u32::from(zero) + 9).unwrap_or(zero)
}

/// What follows `for:` in any of its forms.
fn named(text: &str) -> Option<&str> {
    FOR_FOLDED.iter().find_map(|word| after_colon(after(text, word)?.trim_start()))
}

/// Where the name ends that begins here: before a colon, a dash between spaces, a passage, or at the end.
fn end_of_name(text: &str) -> usize {
    let mut spaced = true;
    for (at, c) in text.char_indices() {
        let behind = text.get(at + c.len_utf8()..).unwrap_or_default();
        let dash = is_dash(c) && spaced && behind.starts_with(char::is_whitespace);
        if (is_colon(Some(c)) && !behind.starts_with("//")) || c == '§' || dash {
            return at;
        }
        spaced = c.is_whitespace();
    }
    text.len()
}

fn after_colon(text: &str) -> Option<&str> {
    let c = text.chars().next().filter(|c| is_colon(Some(*c)))?;
    text.get(c.len_utf8()..)
}

fn after_dash(text: &str) -> Option<&str> {
    let c = text.chars().next().filter(|c| is_dash(*c))?;
    text.get(c.len_utf8()..)
}

/// A colon as any of the six scripts has it.
fn is_colon(c: Option<char>) -> bool {
    let mut folded = String::new();
    c.is_some_and(|c| {
        fold_into(&mut folded, c);
        folded == ":"
    })
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―')
}

/// The reason: what is left of the first line, and the lines below.
fn reason(tail: &Tail<'_>, below: &[String], quoted: bool) -> Option<String> {
    let mut words = String::from(tail.rest);
    for line in below {
        words.push('\n');
        words.push_str(line);
    }
    let words = without_marks(&words);
    let mut words = words.trim();
    // A quote that was opened before the keyword is closed behind the reason.
    if quoted && words.matches(CLOSING).count() == 1 {
        words = words.trim_end_matches(CLOSING).trim_end();
    }
    words.chars().any(char::is_alphanumeric).then(|| words.to_owned())
}

fn without_marks(text: &str) -> String {
    text.replace([MENTION_BEGINS, MENTION_ENDS], "")
}

#[cfg(test)]
mod tests;

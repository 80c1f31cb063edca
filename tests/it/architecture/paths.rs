//! The paths (`a::b::c`) that a Rust source names, with `{…}` in them spread out. A reader of tokens, no more: it
//! knows comments, strings, items under `#[cfg(test)]` and modules inside a file, and leaves the rest alone.

/// One path that a source names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PathUse {
    /// The line of its last segment, from 1.
    pub(super) line: usize,
    /// Its segments; a glob is `*`.
    pub(super) segments: Vec<String>,
    /// How many modules of the file itself it stands in.
    pub(super) inline_depth: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Into,
    Sign(char),
}

/// All paths in `source`, outside of what is only compiled for tests.
pub(super) fn uses(source: &str) -> Vec<PathUse> {
    let tokens = without_tests(&tokens(source));
    let mut found = Vec::new();
    let mut at = 0;
    // For each open brace whether it is a module's.
    let mut braces = Vec::new();
    while let Some((token, _)) = tokens.get(at) {
        match token {
            Token::Sign('{') => {
                let word = |back: usize| at.checked_sub(back).map(|i| &tokens[i].0);
                braces.push(
                    matches!(word(1), Some(Token::Word(_)))
                        && word(2) == Some(&Token::Word("mod".to_owned())),
                );
                at += 1;
            }
            Token::Sign('}') => {
                braces.pop();
                at += 1;
            }
            Token::Word(_) => {
                let inline_depth = braces.iter().filter(|is_module| **is_module).count();
                let mut paths = Vec::new();
                at = read_path(&tokens, at, &[], &mut paths);
                found.extend(paths.into_iter().map(|(segments, line)| PathUse {
                    line,
                    segments,
                    inline_depth,
                }));
            }
            Token::Into | Token::Sign(_) => at += 1,
        }
    }
    found
}

/// Reads the path that begins at `at`, below `prefix`, and answers where it ends.
fn read_path(
    tokens: &[(Token, usize)],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<(Vec<String>, usize)>,
) -> usize {
    let mut segments = prefix.to_vec();
    let mut last_line = 0;
    while let Some((token, line)) = tokens.get(at) {
        last_line = *line;
        match token {
            Token::Word(word) => {
                segments.push(word.clone());
                at += 1;
            }
            Token::Sign('*') => {
                segments.push("*".to_owned());
                at += 1;
                break;
            }
            Token::Sign('{') => {
                at += 1;
                while let Some((token, _)) = tokens.get(at) {
                    match token {
                        Token::Sign('}') => return at + 1,
                        // The new name of `c as d` is no path.
                        Token::Word(word) if word == "as" => at += 2,
                        Token::Word(_) | Token::Sign('*' | '{') => {
                            at = read_path(tokens, at, &segments, found);
                        }
                        Token::Into | Token::Sign(_) => at += 1,
                    }
                }
                return at;
            }
            Token::Into | Token::Sign(_) => break,
        }
        // `a::b` goes on; `a::<T>` does not.
        let goes_on = tokens.get(at).is_some_and(|(token, _)| *token == Token::Into)
            && tokens
                .get(at + 1)
                .is_some_and(|(token, _)| matches!(token, Token::Word(_) | Token::Sign('*' | '{')));
        if !goes_on {
            break;
        }
        at += 1;
    }
    found.push((segments, last_line));
    at
}

/// Leaves out each item that `#[cfg(test)]` stands before: up to its `;`, or to the end of its braces.
fn without_tests(tokens: &[(Token, usize)]) -> Vec<(Token, usize)> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let is_mark = |at: usize| {
        mark.iter().enumerate().all(|(n, text)| {
            tokens.get(at + n).is_some_and(|(token, _)| match token {
                Token::Word(word) => word == text,
                Token::Sign(sign) => text.chars().eq([*sign]),
                Token::Into => false,
            })
        })
    };
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !is_mark(at) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += mark.len();
        let mut depth = 0_usize;
        while let Some((token, _)) = tokens.get(at) {
            at += 1;
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth > 1 => depth -= 1,
                // A `use` ends at its semicolon, a module or a function at its brace.
                Token::Sign('}') => {
                    depth = 0;
                    if tokens.get(at).is_none_or(|(next, _)| *next != Token::Sign(';')) {
                        break;
                    }
                }
                Token::Sign(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

/// Words and signs with their lines; comments, strings, characters and lifetimes left out.
fn tokens(source: &str) -> Vec<(Token, usize)> {
    let text: Vec<char> = source.chars().collect();
    let at_is = |at: usize, sign: char| text.get(at) == Some(&sign);
    let mut found = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while let Some(&c) = text.get(at) {
        let start = at;
        match c {
            '/' if at_is(at + 1, '/') => {
                while at < text.len() && !at_is(at, '\n') {
                    at += 1;
                }
            }
            '/' if at_is(at + 1, '*') => at = after_block_comment(&text, at),
            '"' => at = after_string(&text, at),
            'r' if raw_string_hashes(&text, at + 1).is_some() && !follows_word(&text, at) => {
                at = after_raw_string(&text, at + 1);
            }
            '\'' => at = after_quote(&text, at),
            ':' if at_is(at + 1, ':') => {
                found.push((Token::Into, line));
                at += 2;
            }
            _ if is_word(c) => {
                while text.get(at).is_some_and(|c| is_word(*c)) {
                    at += 1;
                }
                found.push((Token::Word(text[start..at].iter().collect()), line));
            }
            _ => {
                if !c.is_whitespace() {
                    found.push((Token::Sign(c), line));
                }
                at += 1;
            }
        }
        line += text[start..at].iter().filter(|c| **c == '\n').count();
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn follows_word(text: &[char], at: usize) -> bool {
    // `br"…"` is a string as well.
    let before = at.checked_sub(1).map(|i| text[i]);
    before.is_some_and(|c| is_word(c) && c != 'b')
}

fn after_block_comment(text: &[char], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < text.len() {
        match (text[at], text.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn after_string(text: &[char], mut at: usize) -> usize {
    at += 1;
    while at < text.len() {
        match text[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// How many `#` stand between `r` and its quote; `None` where no string begins.
fn raw_string_hashes(text: &[char], at: usize) -> Option<usize> {
    let hashes = text[at.min(text.len())..].iter().take_while(|c| **c == '#').count();
    (text.get(at + hashes) == Some(&'"')).then_some(hashes)
}

fn after_raw_string(text: &[char], at: usize) -> usize {
    let hashes = raw_string_hashes(text, at).unwrap_or_default();
    let mut at = at + hashes + 1;
    while at < text.len() {
        let ends = text[at] == '"'
            && text[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
        at += 1;
        if ends {
            return at + hashes;
        }
    }
    text.len()
}

/// A character (`'a'`, `'\n'`, `'\u{e9}'`) or a lifetime (`'a`).
fn after_quote(text: &[char], at: usize) -> usize {
    if text.get(at + 1) == Some(&'\\') {
        let end = text
            .iter()
            .skip(at + 3)
            .position(|c| *c == '\'')
            .map_or(text.len(), |n| at + 3 + n + 1);
        return end.min(text.len());
    }
    if text.get(at + 2) == Some(&'\'') { at + 3 } else { at + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(source: &str) -> Vec<String> {
        let paths = uses(source).into_iter().filter(|used| used.segments.len() > 1);
        paths.map(|used| used.segments.join("::")).collect()
    }

    #[test]
    fn braces_are_spread_out() {
        assert_eq!(
            named("use a::{b::{c, self, d as e}, f::*, g};"),
            ["a::b::c", "a::b::self", "a::b::d", "a::f::*", "a::g"]
        );
        assert_eq!(named("use {a::b, c::{d}};"), ["a::b", "c::d"]);
        assert_eq!(
            named("let x = a::b::<c::D>(e::f!({ g::h }));"),
            ["a::b", "c::D", "e::f", "g::h"]
        );
    }

    #[test]
    fn lines_are_those_of_the_last_segment() {
        let found = uses("use a::{\n b,\n c::d,\n};\n// x::y\nz::w");
        let lines: Vec<_> = found.iter().filter(|u| u.segments.len() > 1).map(|u| u.line).collect();
        assert_eq!(lines, [2, 3, 6]);
    }

    #[test]
    fn modules_within_a_file_are_counted() {
        let found = uses("mod a { struct B { x: c::d } mod e { f::g } } h::i");
        let depths: Vec<usize> =
            found.iter().filter(|u| u.segments.len() > 1).map(|used| used.inline_depth).collect();
        assert_eq!(depths, [1, 2, 0]);
    }

    #[test]
    fn characters_and_lifetimes_do_not_open_strings() {
        assert_eq!(
            named(r"let a = '\''; let b = '\u{27}'; let c = '/'; fn f<'a>(x: &'a b::c) {}"),
            ["b::c"]
        );
        assert_eq!(named(r##"br#"a::b"#; b"c::d"; "e\"::f"; var"g::h"; i::j"##), ["i::j"]);
    }
}

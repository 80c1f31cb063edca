//! Markdown as pieces that can be written by different people: its top-level paragraphs, headings, lists, quotes and
//! tables, each as it stands in the source. Put together again they are the same text.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::markup::clean;

/// What stands between two pieces.
const BETWEEN: &str = "\n\n";

/// The pieces of `source`, cleaned, in order. What shows nothing by itself (the address of a link) stays with the
/// piece before it.
pub fn split(source: &str) -> Vec<String> {
    let source = clean(source);
    let starts = starts(&source);
    let ends = starts.iter().skip(1).copied().chain([source.len()]);
    // What stands before the first piece belongs to it.
    let begins = std::iter::once(0).chain(starts.iter().skip(1).copied());
    begins
        .zip(ends)
        .filter_map(|(start, end)| source.get(start..end))
        .map(without_blank_lines)
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The text that pieces make together.
pub fn join<'a>(pieces: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for piece in pieces {
        if !out.is_empty() {
            out.push_str(BETWEEN);
        }
        out.push_str(piece);
    }
    out
}

/// True where what follows `piece` stays a piece of its own: a fence or a comment that is left open would swallow
/// what other people wrote after it.
pub fn ends_by_itself(piece: &str) -> bool {
    const NEXT: &str = "x";
    split(&join([piece, NEXT])).last().is_some_and(|last| last == NEXT)
}

/// Where the top-level pieces begin: at the start of a line, so that indented code keeps its indentation.
fn starts(source: &str) -> Vec<usize> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut starts: Vec<usize> = Vec::new();
    let (mut depth, mut last_end) = (0_usize, 0_usize);
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        let begins = depth == 0 && matches!(event, Event::Start(_) | Event::Rule);
        if begins {
            let before = source.get(..range.start).unwrap_or_default();
            let line = before.rfind('\n').map_or(0, |end| end + 1);
            let rest = source.get(line..).unwrap_or_default();
            // What stands between two pieces shows nothing (the address of a link); what begins in the line behind it
            // may be what it is only because of it (a paragraph, a title with a line under it), and stays there.
            let line_before = before.get(..line).unwrap_or_default().trim_end_matches('\n').len();
            let blank = before.get(..line).unwrap_or_default().ends_with("\n\n");
            let leans = (!blank && line_before > last_end)
                || (matches!(event, Event::Start(Tag::Paragraph)) && is_indented(rest));
            if starts.last().is_none_or(|last| *last < line && !leans) {
                starts.push(line);
            }
        }
        if depth == 0 || matches!(event, Event::End(_)) {
            last_end = last_end.max(range.end);
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if starts.is_empty() { vec![0] } else { starts }
}

/// Whether a line begins like indented code.
fn is_indented(line: &str) -> bool {
    line.starts_with("    ") || line.trim_start_matches(' ').starts_with('\t')
}

/// Without blank lines before and white space after it.
fn without_blank_lines(piece: &str) -> &str {
    let mut rest = piece;
    while let Some((line, after)) = rest.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        rest = after;
    }
    let rest = rest.trim_end();
    if rest.trim().is_empty() { "" } else { rest }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        base::fixtures::cases,
        domain::{blocks::split as split_html, markup::render_opinion},
    };

    #[test]
    fn each_paragraph_heading_list_quote_and_table_is_a_piece() {
        let source = "Intro.\nStill it.\n\n## Why\nBecause.\n\n- a\n- b\n\n  more of b\n\n> said\n\n| a |\n|---|\n| b |\n\n    code\n\n---\n\nEnd, with a [link][l].\n\n[l]: https://x.example/\n";
        assert_eq!(
            split(source),
            [
                "Intro.\nStill it.",
                "## Why",
                "Because.",
                "- a\n- b\n\n  more of b",
                "> said",
                "| a |\n|---|\n| b |",
                "    code",
                "---",
                "End, with a [link][l].\n\n[l]: https://x.example/",
            ]
        );
        assert!(split(" \n\n ").is_empty());
    }

    #[test]
    fn what_is_left_open_is_told() {
        for open in ["```\ncode", "~~~ x\n\n", "<!-- nobody sees", "<script>"] {
            assert!(!ends_by_itself(open), "{open}");
        }
        for whole in ["A.", "```\ncode\n```", "- a", "> b", "## c", "| a |\n|---|\n| b |", "<b>"] {
            assert!(ends_by_itself(whole), "{whole}");
        }
    }

    #[test]
    fn what_follows_an_address_at_once_stays_with_it() {
        assert_eq!(split("\t- \n[x]: /u\n2. \n---"), ["\t- \n[x]: /u\n2. \n---"]);
        assert_eq!(split("a\n\n[x]: /u\n# b\n\nc"), ["a\n\n[x]: /u\n# b", "c"]);
    }

    const LINE: &str = r"( {0,5}|\t)(- |\* |[0-9]\. |> |#{1,3} |```|~~~|<!--|-->|<div>|\| a \| b \||\|---\|---\||---|===|\[x\]: /u|\[x\]|)[ab*_`\[\]]{0,6}";

    proptest! {
        #![proptest_config(cases(2_000))]

        /// However a text is split among authors, it is the same text when they have put it together.
        #[test]
        fn the_pieces_together_are_the_text(lines in prop::collection::vec(LINE, 0..12)) {
            let source = lines.join("\n");
            let pieces = split(&source);
            let joined = join(pieces.iter().map(String::as_str));
            let read = |markdown: &str| {
                let html = render_opinion(markdown).map_err(|error| error.to_string());
                html.map(|html| {
                    split_html(&html).into_iter().map(|b| (b.kind, b.text)).collect::<Vec<_>>()
                })
            };
            prop_assert_eq!(read(&joined), read(&source), "{:?}", pieces);
        }

        #[test]
        fn no_text_makes_it_panic(source in "\\PC{0,200}") {
            split(&source);
        }
    }
}

//! HTML back into Markdown, for texts whose source did not travel: to be read, revised and downloaded as a file. What
//! our own writer makes comes back as the same text; of anything else the words and the plain structure do.

use std::fmt::Write as _;

use super::collapse;
use crate::domain::{
    blocks::HEAD_CLASS,
    html::{NodeId, Tree},
};

/// Elements that stand in a line.
const INLINE: &[&str] = &["a", "b", "br", "code", "del", "em", "i", "s", "span", "strong", "u"];

/// `html` as Markdown, without the paragraph that is generated before an opinion.
pub fn to_markdown(html: &str) -> String {
    let tree = Tree::parse(html);
    let mut top = tree.top();
    if let Some((first, rest)) = top.split_first()
        && tree.name(*first) == Some("p")
        && tree.attribute(*first, "class") == Some(HEAD_CLASS)
    {
        top = rest;
    }
    let mut text = blocks(&tree, top).join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Words on one line of Markdown, none of them taken for markup.
pub fn as_markdown_line(text: &str) -> String {
    let mut out = String::new();
    escape_into(&mut out, &collapse(text));
    lines(&out)
}

/// The blocks that these nodes are. The tree is at most 256 deep, so this may recur.
fn blocks(tree: &Tree, nodes: &[NodeId]) -> Vec<String> {
    let mut out = Vec::new();
    let mut line = String::new();
    for id in nodes {
        let name = tree.name(*id);
        if name.is_none_or(|name| INLINE.contains(&name)) {
            inline(tree, *id, &mut line);
            continue;
        }
        end_line(&mut out, &mut line);
        let inner = || blocks(tree, tree.children(*id));
        match name.unwrap_or_default() {
            "p" => out.extend(one_line(tree, *id)),
            "h1" | "h2" => heading(&mut out, tree, *id, "##"),
            "h3" => heading(&mut out, tree, *id, "###"),
            "h4" | "h5" | "h6" => heading(&mut out, tree, *id, "####"),
            "blockquote" => out.push(indented(&inner().join("\n\n"), "> ", "> ")),
            "pre" => out.push(fenced(&tree.text(*id, '\n'))),
            "ul" => out.push(list(tree, *id, None)),
            "ol" => {
                let first = tree.attribute(*id, "start").and_then(|n| n.trim().parse().ok());
                out.push(list(tree, *id, Some(first.unwrap_or(1))));
            }
            "table" => out.push(table(tree, *id)),
            "head" | "noscript" | "script" | "style" | "template" | "title" => {}
            _ => out.extend(inner()),
        }
    }
    end_line(&mut out, &mut line);
    out.retain(|block| !block.trim().is_empty());
    out
}

fn end_line(out: &mut Vec<String>, line: &mut String) {
    let text = std::mem::take(line);
    let text = lines(&text);
    if !text.is_empty() {
        out.push(text);
    }
}

fn one_line(tree: &Tree, id: NodeId) -> Option<String> {
    let mut text = String::new();
    for child in tree.children(id) {
        inline(tree, *child, &mut text);
    }
    Some(lines(&text)).filter(|text| !text.is_empty())
}

fn heading(out: &mut Vec<String>, tree: &Tree, id: NodeId, marks: &str) {
    if let Some(text) = one_line(tree, id) {
        out.push(format!("{marks} {}", collapse(&text)));
    }
}

fn indented(text: &str, first: &str, others: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let before = if at == 0 { first } else { others };
        out.push_str(if line.is_empty() { before.trim_end() } else { before });
        out.push_str(line);
    }
    out
}

fn fenced(code: &str) -> String {
    let code = code.trim_matches('\n');
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{code}\n{fence}")
}

fn list(tree: &Tree, id: NodeId, mut number: Option<u64>) -> String {
    let items: Vec<NodeId> =
        tree.children(id).iter().copied().filter(|child| tree.name(*child).is_some()).collect();
    let loose = items
        .iter()
        .any(|item| tree.children(*item).iter().any(|child| tree.name(*child) == Some("p")));
    let between = if loose { "\n\n" } else { "\n" };
    let mut out = Vec::new();
    for item in items {
        let marker = match &mut number {
            Some(n) => {
                let marker = format!("{n}. ");
                *n = n.saturating_add(1);
                marker
            }
            None => "- ".to_owned(),
        };
        let text = blocks(tree, tree.children(item)).join(between);
        let text = if text.is_empty() {
            marker.trim_end().to_owned()
        } else {
            indented(&text, &marker, &" ".repeat(marker.len()))
        };
        out.push(text);
    }
    out.join(between)
}

fn table(tree: &Tree, id: NodeId) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut pending = vec![id];
    while let Some(at) = pending.pop() {
        if tree.name(at) == Some("tr") {
            let cells = tree.children(at).iter().filter(|cell| tree.name(**cell).is_some());
            rows.push(
                cells.map(|cell| collapse(&one_line(tree, *cell).unwrap_or_default())).collect(),
            );
        } else {
            pending.extend(tree.children(at).iter().rev());
        }
    }
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let _ = write!(out, "| {} |", row.join(" | "));
        if at == 0 {
            let _ = write!(out, "\n|{}", "---|".repeat(row.len()));
        }
    }
    out
}

fn inline(tree: &Tree, id: NodeId, out: &mut String) {
    let Some(name) = tree.name(id) else {
        escape_into(out, &tree.text(id, ' '));
        return;
    };
    let children = |out: &mut String| {
        for child in tree.children(id) {
            inline(tree, *child, out);
        }
    };
    let around = |out: &mut String, mark: &str| {
        out.push_str(mark);
        children(out);
        out.push_str(mark);
    };
    match name {
        "br" => out.push_str("\\\n"),
        "em" | "i" => around(out, "*"),
        "strong" | "b" => around(out, "**"),
        "del" | "s" => around(out, "~~"),
        "code" => out.push_str(&code(&tree.text(id, ' '))),
        "a" => match tree.attribute(id, "href") {
            Some(href) => {
                out.push('[');
                children(out);
                let _ = write!(out, "](<{}>)", href.replace(['<', '>', '\n'], ""));
            }
            None => children(out),
        },
        _ => children(out),
    }
}

fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let mark = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{mark}{pad}{text}{pad}{mark}")
}

/// Text in which nothing is taken for markup.
fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '&' | '!')
        {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Lines of a paragraph, none of which begins like a list or an underline.
fn lines(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        let line = line.trim();
        let digits = line.chars().take_while(char::is_ascii_digit).count();
        let after = line.chars().nth(digits);
        if line.starts_with(['-', '+', '=']) {
            out.push(format!("\\{line}"));
        } else if digits > 0 && matches!(after, Some('.' | ')')) {
            let (number, rest) = line.split_at_checked(digits).unwrap_or((line, ""));
            out.push(format!("{number}\\{rest}"));
        } else {
            out.push(line.to_owned());
        }
    }
    out.join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{base::fixtures::cases, domain::markup::render_opinion};

    fn comes_back(source: &str) {
        let html = render_opinion(source).unwrap();
        let markdown = to_markdown(&html);
        assert_eq!(render_opinion(&markdown).unwrap(), html, "{source}\n→\n{markdown}");
    }

    #[test]
    fn what_we_write_comes_back_as_the_same_text() {
        for source in [
            "## Why\n\nBecause *it* is **so**, ~~not~~ `a|b` [there](https://x.example/a?b=1&c=2).",
            "### Only a third\n\n#### And a fourth",
            "- a\n- b\n  - c\n\n1. one\n2. two",
            "4. four\n\n   more\n\n5. five",
            "> said\n>\n> - and\n> - listed",
            "```\na ``` b\n  <i>\n```",
            "| a | b |\n|---|---|\n| *c* | d\\|e |",
            "1\\. no list\n\\- nor this\n\n\\# nor a heading & <b>no</b> tag, 2 * 3 * 4, a_b_c, ![x]",
            "one\\\ntwo",
            "مرصد مشترك أولًا\n\n共同记录",
            "``` ` ```",
        ] {
            comes_back(source);
        }
    }

    #[test]
    fn the_generated_paragraph_is_left_out_and_the_words_of_others_stay() {
        assert_eq!(to_markdown("<p class=\"plg-head\">Title</p><p>Words</p>"), "Words\n");
        assert_eq!(to_markdown("<div>a<p>b</p>c</div><script>d</script>"), "a\n\nb\n\nc\n");
        assert_eq!(to_markdown(""), "");
    }

    proptest! {
        #![proptest_config(cases(500))]

        #[test]
        fn words_with_any_marks_in_them_come_back(
            words in prop::collection::vec("[a-z0-9.*_`#|<>&!~+=()-]{1,6}", 1..6),
            list in any::<bool>(),
        ) {
            let mut escaped = String::new();
            escape_into(&mut escaped, &words.join(" "));
            let source = lines(&escaped);
            comes_back(&if list { format!("- {source}") } else { source });
        }

        #[test]
        fn no_html_makes_it_panic(html in "(?s)(<(/?)(p|b|a|table|tr|td|li|ul|ol|pre|code|h2|blockquote|br)>|[ab `*\n]){0,60}") {
            to_markdown(&html);
        }
    }
}

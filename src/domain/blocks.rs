//! Blocks: the numbered pieces of a text that comments are tied to (decisions 11, protocol 4.c). A block's id is
//! computed from its words, never assigned: the same paragraph keeps it through revisions and on every server.

use std::collections::HashMap;

use aws_lc_rs::digest;
use data_encoding::BASE32_NOPAD;
use unicode_normalization::UnicodeNormalization;

use super::{
    html::{NodeId, Tree},
    markup::{collapse, sanitize},
};

/// Class of the first paragraph that our server generates for readers elsewhere: title, revision and link. It is
/// no block.
pub const HEAD_CLASS: &str = "plg-head";

/// The elements that are blocks.
const BLOCKS: &[&str] = &["p", "h2", "h3", "h4", "li", "blockquote", "pre", "tr"];

/// Characters of the digest in an id.
const ID_DIGEST_CHARS: usize = 8;

/// What kind of element a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// `p`
    Paragraph,
    /// `h2` to `h4`, with its level.
    Heading(u8),
    /// `li`
    ListItem,
    /// `blockquote`
    Quote,
    /// `pre`
    Preformatted,
    /// `tr`
    TableRow,
}

/// One block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// n of §n, from 1.
    pub number: usize,
    /// `b-` and the digest of its words; the k-th equal one has `-k` behind it, from 2.
    pub id: String,
    /// What element it is.
    pub kind: BlockKind,
    /// Safe to print by itself: sanitised, and a list item or table row stands in a list or table of its own.
    pub html: String,
    /// Its words: NFC, white space runs to one space, trimmed.
    pub text: String,
}

/// A piece of a text as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A numbered block.
    Block(Block),
    /// Words that stand in no block, sanitised. Our own texts have none; nothing that came may vanish.
    Loose(String),
}

/// The blocks of `content`, in order. `content` is taken as it was signed: ids never depend on the sanitiser.
pub fn split(content: &str) -> Vec<Block> {
    parts(content)
        .into_iter()
        .filter_map(|part| match part {
            Part::Block(block) => Some(block),
            Part::Loose(_) => None,
        })
        .collect()
}

/// All that is to be shown of `content`, in order. A text whose tree would grow out of proportion is one
/// paragraph of its source (see `html`).
pub fn parts(content: &str) -> Vec<Part> {
    let tree = Tree::parse(content);
    let mut splitter = Splitter {
        holds_block: block_ancestors(&tree),
        tree: &tree,
        parts: Vec::new(),
        loose: String::new(),
        seen: HashMap::new(),
        items: HashMap::new(),
        number: 0,
    };
    let mut pending: Vec<NodeId> = tree.top().iter().rev().copied().collect();
    if let Some(first) = pending.last().copied().filter(|first| is_head(&tree, *first)) {
        pending.retain(|id| *id != first);
    }
    while let Some(id) = pending.pop() {
        if tree.name(id).is_some_and(|name| BLOCKS.contains(&name)) {
            splitter.block(id);
        } else if splitter.holds_block.get(id).copied().unwrap_or_default() {
            pending.extend(tree.children(id).iter().rev());
        } else {
            splitter.loose.push_str(&tree.print(id));
        }
    }
    splitter.end_loose();
    splitter.parts
}

/// The id of the first block with these words; equal ones after it have `-2`, `-3` … behind it.
pub fn block_id(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, normalise(text).as_bytes());
    let base32 = BASE32_NOPAD.encode(digest.as_ref()).to_lowercase();
    format!("b-{}", base32.get(..ID_DIGEST_CHARS).unwrap_or_default())
}

fn normalise(text: &str) -> String {
    collapse(&text.nfc().collect::<String>())
}

fn is_head(tree: &Tree, id: NodeId) -> bool {
    tree.name(id) == Some("p")
        && tree.attribute(id, "class").is_some_and(|classes| {
            classes.split_ascii_whitespace().any(|class| class == HEAD_CLASS)
        })
}

/// For each node whether a block stands somewhere below it.
fn block_ancestors(tree: &Tree) -> Vec<bool> {
    let mut holds = vec![false; tree.len()];
    for id in 0..tree.len() {
        if !tree.name(id).is_some_and(|name| BLOCKS.contains(&name)) {
            continue;
        }
        let mut above = tree.parent(id);
        while let Some(parent) = above {
            match holds.get_mut(parent) {
                Some(held) if !*held => *held = true,
                _ => break,
            }
            above = tree.parent(parent);
        }
    }
    holds
}

struct Splitter<'a> {
    tree: &'a Tree,
    holds_block: Vec<bool>,
    parts: Vec<Part>,
    loose: String,
    /// How often each id has been given.
    seen: HashMap<String, usize>,
    /// The number of the next item of each ordered list.
    items: HashMap<NodeId, i64>,
    number: usize,
}

impl Splitter<'_> {
    fn block(&mut self, id: NodeId) {
        self.end_loose();
        let (kind, html) = match self.tree.name(id) {
            Some("li") => (BlockKind::ListItem, self.in_list(id)),
            Some("tr") => (
                BlockKind::TableRow,
                format!("<table><tbody>{}</tbody></table>", self.tree.print(id)),
            ),
            Some("h2") => (BlockKind::Heading(2), self.tree.print(id)),
            Some("h3") => (BlockKind::Heading(3), self.tree.print(id)),
            Some("h4") => (BlockKind::Heading(4), self.tree.print(id)),
            Some("blockquote") => (BlockKind::Quote, self.tree.print(id)),
            Some("pre") => (BlockKind::Preformatted, self.tree.print(id)),
            _ => (BlockKind::Paragraph, self.tree.print(id)),
        };
        let text = normalise(&self.tree.text(id, ' '));
        let first_id = block_id(&text);
        let count = self.seen.entry(first_id.clone()).or_default();
        *count += 1;
        let id = if *count == 1 { first_id } else { format!("{first_id}-{count}") };
        self.number += 1;
        self.parts.push(Part::Block(Block {
            number: self.number,
            id,
            kind,
            html: sanitize(&html),
            text,
        }));
    }

    /// A list item in a list of its own, which goes on counting where the one before it stopped.
    fn in_list(&mut self, id: NodeId) -> String {
        let item = self.tree.print(id);
        let list = self.tree.parent(id).filter(|list| self.tree.name(*list) == Some("ol"));
        let Some(list) = list else { return format!("<ul>{item}</ul>") };
        let start =
            || self.tree.attribute(list, "start").and_then(|start| start.trim().parse().ok());
        let next = self.items.entry(list).or_insert_with(|| start().unwrap_or(1));
        let number = *next;
        *next = next.saturating_add(1);
        format!("<ol start=\"{number}\">{item}</ol>")
    }

    fn end_loose(&mut self) {
        let html = sanitize(&std::mem::take(&mut self.loose));
        if !super::markup::plain_text(&html).is_empty() {
            self.parts.push(Part::Loose(html));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{base::fixtures::cases, domain::markup::render_opinion};

    fn texts(html: &str) -> Vec<String> {
        split(html).into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn outermost_first() {
        assert_eq!(
            texts("<blockquote><p>a</p><ul><li>b</li></ul></blockquote><p>c</p>"),
            ["a b", "c"]
        );
        assert_eq!(texts("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>"), ["a b", "c"]);
        assert_eq!(texts("<div><div><p>a</p></div><h2>b</h2></div>"), ["a", "b"]);
        assert_eq!(
            texts(
                "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table>"
            ),
            ["a b", "c"]
        );
        assert_eq!(texts("<pre><code>a\n  b</code></pre><h1>no block</h1>"), ["a b"]);
    }

    #[test]
    fn the_generated_first_paragraph_is_no_block_but_only_the_first() {
        let html =
            "<p class=\"x plg-head\">Title, revision 3</p><p>a</p><p class=\"plg-head\">b</p>";
        let blocks = split(html);
        assert_eq!((blocks[0].number, blocks[0].text.as_str()), (1, "a"));
        assert_eq!(blocks[1].text, "b", "nobody may hide a paragraph by its class");
    }

    #[test]
    fn ids_are_those_of_the_protocol() {
        // SHA-256("abc") = ba7816bf 8f…; base32 of it begins XJ4BNP4P.
        assert_eq!(block_id("abc"), "b-xj4bnp4p");
        assert_eq!(split("<p> abc </p>")[0].id, "b-xj4bnp4p");
        assert_eq!(block_id("e\u{301}\n  x"), block_id("é x"));
    }

    #[test]
    fn equal_blocks_are_told_apart() {
        let ids: Vec<_> = split("<p>abc</p><li>abc</li><p>d</p><p>a<b>bc</b></p>")
            .into_iter()
            .map(|b| b.id)
            .collect();
        assert_eq!(ids[0], "b-xj4bnp4p");
        assert_eq!(ids[1], "b-xj4bnp4p-2");
        assert_eq!(ids[3], "b-xj4bnp4p-3");
    }

    #[test]
    fn each_block_can_be_printed_by_itself() {
        let blocks = split(
            "<ol start=3><li>a</li><li>b</li></ol><ul><li>c</li></ul><table><tr><td>d</td></tr></table>",
        );
        assert_eq!(blocks[0].html, "<ol start=\"3\"><li>a</li></ol>");
        assert_eq!(blocks[1].html, "<ol start=\"4\"><li>b</li></ol>");
        assert_eq!(blocks[2].html, "<ul><li>c</li></ul>");
        assert_eq!(blocks[3].html, "<table><tbody><tr><td>d</td></tr></tbody></table>");
        assert_eq!(split("<p onclick=x>a<script>b</script></p>")[0].html, "<p>a</p>");
    }

    #[test]
    fn words_outside_blocks_are_shown_without_a_number() {
        let parts = parts("before <b>all</b><p>a</p> \n <div>after</div>");
        assert_eq!(parts.len(), 3);
        assert!(matches!(&parts[0], Part::Loose(html) if html == "before all"));
        assert!(matches!(&parts[1], Part::Block(block) if block.number == 1));
        assert!(matches!(&parts[2], Part::Loose(html) if html.contains("after")));
    }

    const WORD: &str = "[a-zéа-я ]{1,12}";

    proptest! {
        #![proptest_config(cases(200))]

        /// Whatever happens around it, a paragraph that stands once keeps its id, so comments stay with it.
        #[test]
        fn a_paragraph_keeps_its_id_when_others_change(
            before in prop::collection::vec(WORD, 0..5),
            after in prop::collection::vec(WORD, 0..5),
        ) {
            let mut source = before.join("\n\n");
            source.push_str("\n\nThe one that 7 stays.\n\n");
            source.push_str(&after.join("\n\n"));
            let blocks = split(&render_opinion(&source).unwrap());
            let kept = blocks.iter().find(|block| block.text == "The one that 7 stays.").unwrap();
            prop_assert_eq!(&kept.id, &block_id("The one that 7 stays."));
        }

        #[test]
        fn ids_are_distinct_and_numbers_run(html in "(?s)(<(/?)(p|li|ul|ol|tr|td|table|blockquote|h2|b|pre|div|select|template|svg)>|[ab ]){0,60}") {
            let blocks = split(&html);
            let ids: std::collections::BTreeSet<_> = blocks.iter().map(|block| &block.id).collect();
            prop_assert_eq!(ids.len(), blocks.len());
            for (index, block) in blocks.iter().enumerate() {
                prop_assert_eq!(block.number, index + 1);
            }
        }

        #[test]
        fn no_html_makes_it_panic(html in "\\PC{0,300}") {
            parts(&html);
        }
    }
}

//! HTML as a tree: reads any text the way a browser would (the HTML standard's fragment algorithm), so that
//! every server that follows the standard sees the same elements. Judges nothing and makes nothing safe:
//! what is shown goes through `markup::sanitize`. Refuses texts whose tree would grow out of proportion.

mod build;

use html5ever::{
    Attribute, ParseOpts, QualName,
    interface::{ElementFlags, NodeOrText, TreeSink},
    local_name, ns, parse_fragment,
    tendril::TendrilSink,
};

use build::Sink;

/// Elements whose content no reader sees.
const UNSEEN: &[&str] = &["head", "noscript", "script", "style", "template", "title"];
/// Elements that stand in a line of text: their edges are no word boundary.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr",
];
/// Elements without an end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Most nodes of a tree. Our own longest text has about 100,000.
const NODES_MAX: usize = 150_000;
/// Deepest element. Our own texts stay below 30.
const DEPTH_MAX: usize = 256;
/// Bytes parsed between two looks at the size of the tree.
const PIECE_BYTES: usize = 512;

/// Names a node of one [`Tree`].
pub(super) type NodeId = usize;

#[derive(Debug)]
enum Content {
    /// The root, and comments and the like, which have no text.
    Nothing,
    Text(String),
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
}

#[derive(Debug)]
struct Node {
    content: Content,
    parent: Option<NodeId>,
    children: Vec<NodeId>,
}

/// A parsed text. Walks are loops, never recursion: depth is the author's choice.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// A step of a walk: into an element or text, or out of an element.
pub(super) enum Step {
    /// A text, or an element before its children.
    In(NodeId),
    /// An element after its children.
    Out(NodeId),
}

impl Tree {
    /// Parses `html` as the content of a `body`. A text that exceeds [`NODES_MAX`] or [`DEPTH_MAX`] becomes one
    /// paragraph with all of it as text: misnested formatting makes the standard's algorithm build trees that
    /// grow with the square of the text, so it is fed in pieces and watched.
    pub(super) fn parse(html: &str) -> Self {
        let context = QualName::new(None, ns!(html), local_name!("body"));
        let mut parser =
            parse_fragment(Sink::default(), ParseOpts::default(), context, Vec::new(), false);
        let mut rest = html;
        while !rest.is_empty() {
            let cut = rest.floor_char_boundary(PIECE_BYTES);
            let Some((piece, after)) = rest.split_at_checked(cut) else { break };
            parser.process(piece.into());
            rest = after;
            if parser.tokenizer.sink.sink.is_out_of_proportion() {
                return Self::of_text(html);
            }
        }
        parser.finish()
    }

    /// A tree of one paragraph that holds `text` as it is.
    fn of_text(text: &str) -> Self {
        let sink = Sink::default();
        let mut above = sink.get_document();
        for local in [local_name!("html"), local_name!("p")] {
            let name = QualName::new(None, ns!(html), local);
            let element = sink.create_element(name, Vec::new(), ElementFlags::default());
            sink.append(&above, NodeOrText::AppendNode(element.clone()));
            above = element;
        }
        sink.append(&above, NodeOrText::AppendText(text.into()));
        sink.finish()
    }

    /// How many nodes there are: their ids are the numbers below it.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The topmost nodes.
    pub(super) fn top(&self) -> &[NodeId] {
        // The parser puts an `html` element between the document and the fragment.
        self.children(0).first().map_or(&[], |html| self.children(*html))
    }

    /// The children of `id`, in order.
    pub(super) fn children(&self, id: NodeId) -> &[NodeId] {
        self.nodes.get(id).map_or(&[], |node| &node.children)
    }

    /// The node above `id`.
    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes.get(id)?.parent
    }

    /// The name of the HTML element `id`; `None` for text and for elements of SVG and MathML.
    pub(super) fn name(&self, id: NodeId) -> Option<&str> {
        match &self.nodes.get(id)?.content {
            Content::Element { name, .. } if name.ns == ns!(html) => Some(&name.local),
            _ => None,
        }
    }

    /// The value of an attribute of the element `id`.
    pub(super) fn attribute(&self, id: NodeId, wanted: &str) -> Option<&str> {
        match &self.nodes.get(id)?.content {
            Content::Element { attributes, .. } => attributes
                .iter()
                .find(|attribute| &*attribute.name.local == wanted)
                .map(|attribute| &*attribute.value),
            _ => None,
        }
    }

    /// The words of `id`, where it is text.
    pub(super) fn words(&self, id: NodeId) -> Option<&str> {
        match &self.nodes.get(id)?.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the element `id` stands in a line of text, so that its edges end no line.
    pub(super) fn is_inline(&self, id: NodeId) -> bool {
        self.name(id).is_some_and(|name| INLINE.contains(&name))
    }

    /// Whether no reader sees the content of the element `id`.
    pub(super) fn is_unseen(&self, id: NodeId) -> bool {
        self.name(id).is_some_and(|name| UNSEEN.contains(&name))
    }

    /// Whether the element `id` has this class.
    pub(super) fn has_class(&self, id: NodeId, class: &str) -> bool {
        let classes = self.attribute(id, "class").unwrap_or_default();
        classes.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(class))
    }

    /// The steps of a walk through `start` and all below it, in document order.
    pub(super) fn walk(&self, start: NodeId) -> impl Iterator<Item = Step> + '_ {
        let mut pending = vec![Step::In(start)];
        std::iter::from_fn(move || {
            let step = pending.pop()?;
            if let Step::In(id) = step
                && matches!(self.nodes.get(id)?.content, Content::Element { .. })
            {
                pending.push(Step::Out(id));
                pending.extend(self.children(id).iter().rev().map(|child| Step::In(*child)));
            }
            Some(step)
        })
    }

    /// What a reader sees of `start`, white space as it stands. Edges of elements that are no part of a line,
    /// and `br`, become `edge`: without it "one<br>two" would read "onetwo".
    pub(super) fn text(&self, start: NodeId, edge: char) -> String {
        let mut out = String::new();
        let mut unseen_depth = 0_usize;
        for step in self.walk(start) {
            let (Step::In(id) | Step::Out(id)) = step;
            let entering = matches!(step, Step::In(_));
            match self.nodes.get(id).map(|node| &node.content) {
                Some(Content::Text(text)) if unseen_depth == 0 => out.push_str(text),
                Some(Content::Element { name, .. }) => {
                    if UNSEEN.contains(&&*name.local) {
                        unseen_depth = if entering {
                            unseen_depth + 1
                        } else {
                            unseen_depth.saturating_sub(1)
                        };
                    } else if !INLINE.contains(&&*name.local) {
                        out.push(edge);
                    }
                }
                _ => {}
            }
        }
        out
    }

    /// `start` printed as HTML again.
    pub(super) fn print(&self, start: NodeId) -> String {
        let mut out = String::new();
        for step in self.walk(start) {
            let (Step::In(id) | Step::Out(id)) = step;
            match (self.nodes.get(id).map(|node| &node.content), step) {
                (Some(Content::Text(text)), _) => escape_into(&mut out, text),
                (Some(Content::Element { name, attributes }), Step::In(_)) => {
                    out.push('<');
                    out.push_str(&name.local);
                    for attribute in attributes {
                        out.push(' ');
                        out.push_str(&attribute.name.local);
                        out.push_str("=\"");
                        escape_attribute_into(&mut out, &attribute.value);
                        out.push('"');
                    }
                    out.push('>');
                }
                (Some(Content::Element { name, .. }), Step::Out(_))
                    if !VOID.contains(&&*name.local) =>
                {
                    out.push_str("</");
                    out.push_str(&name.local);
                    out.push('>');
                }
                _ => {}
            }
        }
        out
    }
}

/// Appends `text` as text between tags.
pub(super) fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
}

/// Appends `text` as the value of an attribute in double quotes.
pub(super) fn escape_attribute_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            _ => escape_into(out, c.encode_utf8(&mut [0; 4])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(html: &str) -> String {
        let tree = Tree::parse(html);
        tree.top().iter().map(|id| tree.print(*id)).collect()
    }

    #[test]
    fn reads_as_a_browser_does() {
        assert_eq!(print("<p>one<p>two"), "<p>one</p><p>two</p>");
        assert_eq!(print("<b><p>a</b>b"), "<b></b><p><b>a</b>b</p>");
        assert_eq!(
            print("<table><tr><td>a<p>b</table>"),
            "<table><tbody><tr><td>a<p>b</p></td></tr></tbody></table>"
        );
        assert_eq!(
            print("<table>stray<tr></table>"),
            "stray<table><tbody><tr></tr></tbody></table>"
        );
        assert_eq!(print("a &lt;b&gt; <br>c<!-- no -->"), "a &lt;b&gt; <br>c");
    }

    #[test]
    fn text_is_what_a_reader_sees() {
        let tree =
            Tree::parse("<div>a<b>b</b><br>c<script>no</script><p>d</p><style>no</style></div>");
        assert_eq!(
            tree.text(tree.top()[0], ' ').split_whitespace().collect::<Vec<_>>(),
            ["ab", "c", "d"]
        );
    }

    #[test]
    fn depth_at_the_limit_and_beyond() {
        let nested = |depth: usize| format!("{}x{}", "<div>".repeat(depth), "</div>".repeat(depth));
        assert!(print(&nested(200)).starts_with("<div><div>"));
        let deep = nested(20_000);
        assert!(print(&deep).starts_with("<p>&lt;div&gt;"));
        let tree = Tree::parse(&deep);
        assert!(tree.text(tree.top()[0], ' ').trim() == deep, "shown as it came");
    }

    /// Each of these takes time or memory with the square of its length in a parser that is not watched.
    #[test]
    fn texts_that_grow_out_of_proportion_become_text() {
        use std::fmt::Write as _;
        let mut reopened = String::new();
        for n in 0..20_000 {
            write!(reopened, "<p><b x={n}></p>").unwrap();
        }
        assert!(print(&reopened).starts_with("<p>&lt;p&gt;&lt;b x=0"));
        let fostered = format!("<table>{}", "<br>".repeat(100_000));
        assert!(print(&fostered).starts_with("<br><br>"));
    }
}

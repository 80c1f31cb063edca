//! HTML as a tree: reads any text the way a browser would (the HTML standard's fragment algorithm), so that
//! every server that follows the standard sees the same elements. Judges nothing and makes nothing safe:
//! what is shown goes through `markup::sanitize`.

use std::{borrow::Cow, cell::RefCell, rc::Rc};

use html5ever::{
    Attribute, ExpandedName, ParseOpts, QualName,
    interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
    local_name, ns, parse_fragment,
    tendril::{StrTendril, TendrilSink},
};

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
    /// Parses `html` as the content of a `body`.
    pub(super) fn parse(html: &str) -> Self {
        let context = QualName::new(None, ns!(html), local_name!("body"));
        parse_fragment(Sink::default(), ParseOpts::default(), context, Vec::new(), false).one(html)
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

/// A node as the parser holds it: with its name, since the parser asks for it by reference.
#[derive(Debug, Clone)]
struct Handle {
    id: NodeId,
    name: Rc<QualName>,
}

impl Handle {
    /// A node that is no element. The parser promises not to ask for its name.
    fn nameless(id: NodeId) -> Self {
        Self { id, name: Rc::new(QualName::new(None, ns!(), local_name!(""))) }
    }
}

/// Takes the parser's orders. The parser hands out shared references, hence the cell.
#[derive(Debug)]
struct Sink {
    nodes: RefCell<Vec<Node>>,
}

impl Default for Sink {
    fn default() -> Self {
        let document = Node { content: Content::Nothing, parent: None, children: Vec::new() };
        Self { nodes: RefCell::new(vec![document]) }
    }
}

impl Sink {
    fn make(&self, content: Content) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { content, parent: None, children: Vec::new() });
        nodes.len() - 1
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let Some(parent) = nodes.get_mut(id).and_then(|node| node.parent.take()) else { return };
        if let Some(parent) = nodes.get_mut(parent) {
            parent.children.retain(|child| *child != id);
        }
    }

    /// Puts `child` into `parent`, at `place` among its children or last; text joins the text before it.
    fn insert(&self, parent: NodeId, place: Option<usize>, child: NodeOrText<Handle>) {
        let id = match child {
            NodeOrText::AppendNode(handle) => {
                self.detach(handle.id);
                handle.id
            }
            NodeOrText::AppendText(text) => {
                if self.join(parent, place, &text) {
                    return;
                }
                self.make(Content::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        if let Some(node) = nodes.get_mut(id) {
            node.parent = Some(parent);
        }
        if let Some(parent) = nodes.get_mut(parent) {
            let place = place.unwrap_or(parent.children.len()).min(parent.children.len());
            parent.children.insert(place, id);
        }
    }

    fn join(&self, parent: NodeId, place: Option<usize>, text: &str) -> bool {
        let mut nodes = self.nodes.borrow_mut();
        let before = nodes.get(parent).and_then(|parent| match place {
            Some(place) => parent.children.get(place.checked_sub(1)?).copied(),
            None => parent.children.last().copied(),
        });
        match before.and_then(|id| nodes.get_mut(id)).map(|node| &mut node.content) {
            Some(Content::Text(earlier)) => {
                earlier.push_str(text);
                true
            }
            _ => false,
        }
    }

    fn place_of(&self, id: NodeId) -> Option<(NodeId, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes.get(id)?.parent?;
        let place = nodes.get(parent)?.children.iter().position(|child| *child == id)?;
        Some((parent, place))
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        Tree { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle::nameless(0)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> Handle {
        let shared = Rc::new(name.clone());
        Handle { id: self.make(Content::Element { name, attributes }), name: shared }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        Handle::nameless(self.make(Content::Nothing))
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        Handle::nameless(self.make(Content::Nothing))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.id, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        prev_element: &Handle,
        child: NodeOrText<Handle>,
    ) {
        if self.place_of(element.id).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(
        &self,
        _name: StrTendril,
        _public_id: StrTendril,
        _system_id: StrTendril,
    ) {
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(handle) = &new_node {
            self.detach(handle.id);
        }
        if let Some((parent, place)) = self.place_of(sibling.id) {
            self.insert(parent, Some(place), new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(Content::Element { attributes: held, .. }) =
            nodes.get_mut(target.id).map(|node| &mut node.content)
        {
            for attribute in attributes {
                if held.iter().all(|known| known.name != attribute.name) {
                    held.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = nodes.get_mut(node.id).map(|node| std::mem::take(&mut node.children));
        for child in children.unwrap_or_default() {
            if let Some(child) = nodes.get_mut(child) {
                child.parent = Some(new_parent.id);
            }
            if let Some(parent) = nodes.get_mut(new_parent.id) {
                parent.children.push(child);
            }
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
    fn depth_is_no_danger() {
        let tree = Tree::parse(&"<div>".repeat(20_000));
        assert_eq!(tree.print(tree.top()[0]).len(), 20_000 * "<div></div>".len());
    }
}

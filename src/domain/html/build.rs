//! Builds a tree at the parser's orders, and tells when it grows out of proportion.

use std::{borrow::Cow, cell::RefCell, rc::Rc};

use html5ever::{
    Attribute, ExpandedName, QualName,
    interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
    local_name, ns,
    tendril::StrTendril,
};

use super::{Content, DEPTH_MAX, NODES_MAX, Node, NodeId, Tree};

/// A node as the parser holds it: with its name, since the parser asks for it by reference.
#[derive(Debug, Clone)]
pub(super) struct Handle {
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
pub(super) struct Sink {
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

    /// Looked at between two pieces: the newest node is where the parser is.
    pub(super) fn is_out_of_proportion(&self) -> bool {
        let nodes = self.nodes.borrow();
        let newest = nodes.len().checked_sub(1);
        let above = |id: &NodeId| nodes.get(*id)?.parent;
        nodes.len() > NODES_MAX || std::iter::successors(newest, above).nth(DEPTH_MAX).is_some()
    }

    /// Searches from the end: what the parser moves is nearly always new.
    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let Some(parent) = nodes.get_mut(id).and_then(|node| node.parent.take()) else { return };
        if let Some(parent) = nodes.get_mut(parent)
            && let Some(place) = parent.children.iter().rposition(|child| *child == id)
        {
            parent.children.remove(place);
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
        let place = nodes.get(parent)?.children.iter().rposition(|child| *child == id)?;
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

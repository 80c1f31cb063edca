//! Printing collections and their pages (ActivityStreams 2.0, section 5).

use serde_json::{Map, Value, json};

use crate::protocol::context;

/// Which way a collection is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `OrderedCollection`, `orderedItems`.
    Ordered,
    /// `Collection`, `items`.
    Unordered,
}

impl Order {
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Ordered => ("OrderedCollection", "OrderedCollectionPage", "orderedItems"),
            Self::Unordered => ("Collection", "CollectionPage", "items"),
        }
    }
}

/// A collection: `totalItems` where it may be said (positions never do: INV-1), `first` where it pages, items where
/// readers need them inline (Lemmy reads a group's outbox so).
pub fn collection(
    id: &str,
    order: Order,
    total: Option<u64>,
    first: Option<&str>,
    inline: Vec<Value>,
) -> Value {
    let (kind, _, items) = order.names();
    let mut document = Map::new();
    document.insert("@context".into(), context::context());
    document.insert("id".into(), id.into());
    document.insert("type".into(), kind.into());
    if let Some(total) = total {
        document.insert("totalItems".into(), total.into());
    }
    if let Some(first) = first {
        document.insert("first".into(), first.into());
    }
    if !inline.is_empty() || first.is_none() {
        document.insert(items.into(), inline.into());
    }
    Value::Object(document)
}

/// One page of a collection.
pub fn page(id: &str, part_of: &str, order: Order, next: Option<&str>, items: Vec<Value>) -> Value {
    let (_, kind, member) = order.names();
    let mut document =
        json!({"@context": context::context(), "id": id, "type": kind, "partOf": part_of});
    if let Some(map) = document.as_object_mut() {
        if let Some(next) = next {
            map.insert("next".into(), next.into());
        }
        map.insert(member.into(), items.into());
    }
    document
}

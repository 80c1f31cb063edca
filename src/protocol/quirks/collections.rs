//! Collections as others page them: items in `items` or `orderedItems`, pages by id or embedded.

use serde_json::Value;

use super::{id_of, member, one_or_many, types_of};

/// A part of a collection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// What is listed here: ids, objects, activities.
    pub items: Vec<Value>,
    /// The parts that come after it, embedded ones first: `first` of a collection, `next` of a page. How many there are in
    /// all is somebody's word, and read nowhere.
    pub next: Vec<Value>,
}

impl Part {
    /// Reads a collection or one of its pages; `None` where it is neither. NodeBB 4 and Discourse page their contexts,
    /// Mastodon embeds the first page in a post, Lemmy lists all at once, NodeBB 3 calls a context a `Conversation` and
    /// names its collection `posts`.
    pub fn read(document: &Value) -> Option<Self> {
        if !is_collection(document) {
            return None;
        }
        let items = one_or_many(document, "items")
            .into_iter()
            .chain(one_or_many(document, "orderedItems"))
            .cloned()
            .collect();
        let next = ["first", "next", "posts"]
            .iter()
            .filter_map(|name| {
                let part = member(document, name)?;
                let given = is_collection(part) && holds_something(part);
                if given { Some(part.clone()) } else { id_of(document, name).map(Value::from) }
            })
            .collect();
        Some(Self { items, next })
    }
}

/// Whether a document is a collection or a page of one.
pub fn is_collection(document: &Value) -> bool {
    const TYPES: &[&str] = &[
        "Collection",
        "OrderedCollection",
        "CollectionPage",
        "OrderedCollectionPage",
        "Conversation",
    ];
    types_of(document).iter().any(|kind| TYPES.contains(kind))
}

fn holds_something(part: &Value) -> bool {
    ["items", "orderedItems", "next", "first"].iter().any(|name| member(part, name).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_by_id_and_embedded() {
        let embedded = json!({"type": "Collection", "id": "https://m.example/r", "totalItems": 999_999,
            "first": {"type": "CollectionPage", "items": ["https://m.example/1"], "next": "https://m.example/r?page=2"}});
        let part = Part::read(&embedded).unwrap();
        assert!(part.items.is_empty());
        let first = Part::read(&part.next[0]).unwrap();
        assert_eq!(first.items, ["https://m.example/1"]);
        assert_eq!(first.next, ["https://m.example/r?page=2"]);
        let by_id = json!({"type": "OrderedCollection", "first": "https://m.example/r?page=1"});
        assert_eq!(Part::read(&by_id).unwrap().next, ["https://m.example/r?page=1"]);
        let stub = json!({"type": "Collection", "first": {"type": "CollectionPage", "id": "https://m.example/r?1"}});
        assert_eq!(Part::read(&stub).unwrap().next, ["https://m.example/r?1"]);
        assert_eq!(Part::read(&json!({"type": "Note"})), None);
    }
}

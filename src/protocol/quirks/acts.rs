//! Activities, sorted by what is done with them here. No meaning is decided: only which of the many shapes it is.

use serde_json::Value;

use super::{
    collections, id_of, member, one_or_many, posts, reactions::Reaction, reference, text_of,
    type_of, types_of,
};
use crate::base::limits;

const KNOWN: &[&str] = &[
    "Follow",
    "Accept",
    "Reject",
    "Undo",
    "Create",
    "Update",
    "Delete",
    "Like",
    "Dislike",
    "EmojiReact",
    "Announce",
    "Add",
    "Remove",
    "Block",
    "Flag",
    "Move",
];
const ACTORS: &[&str] = &["Person", "Organization", "Group", "Application", "Service", "Feed"];

/// What an activity is.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Asks to follow.
    Follow,
    /// Answers a Follow.
    Answer {
        /// Whether it says yes.
        accepted: bool,
    },
    /// Takes something back.
    Undo(Undone),
    /// Publishes or changes a text that it brings along, deletes one, or takes a position: what a record may hold.
    Recorded,
    /// Publishes or changes something that it only names.
    ById(String),
    /// A reaction that is no position.
    Reaction(Reaction),
    /// Hands on what others did, or boosts.
    Announce(Vec<Announced>),
    /// An actor changed its own document.
    ActorChanged,
    /// A report to moderators.
    Report,
    /// Somebody does not want to hear of somebody.
    Block,
    /// Somebody lives elsewhere now.
    Move,
    /// Nothing that has an effect here.
    Nothing(String),
}

/// What an `Undo` takes back.
#[derive(Debug, Clone, PartialEq)]
pub enum Undone {
    /// A Follow, embedded.
    Follow,
    /// A Block, embedded.
    Block,
    /// A reaction or a boost, embedded: by whom and of what is enough, since Lemmy gives the vote in an Undo a fresh id.
    Reaction {
        /// Its id, where it has one.
        id: Option<String>,
        /// What it was about.
        object: Option<String>,
        /// Whether it was a boost.
        is_share: bool,
    },
    /// Something else, or something that is only named.
    Other,
}

/// One thing that is handed on.
#[derive(Debug, Clone, PartialEq)]
pub enum Announced {
    /// Something by its id alone: a boost, mostly (Mastodon; a.gup.pe and PeerTube's channels do nothing else).
    Id(String),
    /// An activity of somebody else (FEP-1b12: Lemmy, Mbin, PieFed, NodeBB, Discourse).
    Activity(Value),
    /// A post of somebody else (NodeBB 4, WordPress).
    Post(Value),
}

impl Act {
    /// Sorts an activity.
    pub fn read(activity: &Value) -> Self {
        let kind = type_of(activity, KNOWN).unwrap_or_default();
        match kind {
            "Follow" => Self::Follow,
            "Accept" | "Reject" => Self::Answer { accepted: kind == "Accept" },
            "Undo" => Self::Undo(undone(activity)),
            "Announce" => Self::Announce(announced(activity)),
            "Flag" => Self::Report,
            "Block" => Self::Block,
            "Move" => Self::Move,
            "Update" if about_an_actor(activity) => Self::ActorChanged,
            "Create" | "Update" => posted(activity),
            "Delete" => Self::Recorded,
            "Like" | "Dislike" | "EmojiReact" => {
                Reaction::read(activity).map_or(Self::Recorded, Self::Reaction)
            }
            "Add" | "Remove" => {
                Self::Nothing("pinned posts and moderators of others are their own".to_owned())
            }
            "" => Self::Nothing("it has no type".to_owned()),
            other => {
                let name: String = other.chars().take(100).collect();
                Self::Nothing(format!("`{name}` has no effect here"))
            }
        }
    }
}

/// Whether a document is an activity, not a thing.
pub fn is_activity(document: &Value) -> bool {
    types_of(document).iter().any(|kind| KNOWN.contains(kind))
}

/// Who did it: `actor`, which Discourse gives as an object; of a bare post `attributedTo`.
pub fn doer(document: &Value) -> Option<String> {
    id_of(document, "actor").or_else(|| id_of(document, "attributedTo"))
}

fn posted(activity: &Value) -> Act {
    let Some(object) = member(activity, "object") else {
        return Act::Nothing("`object` is missing".to_owned());
    };
    // GoToSocial sends the object's id alone to servers that may not see it unasked.
    let only_named = match object {
        Value::String(_) => true,
        Value::Object(members) => {
            text_of(object, "type").is_none() && members.keys().all(|key| key == "id")
        }
        _ => false,
    };
    if only_named {
        return reference(object).map_or_else(
            || Act::Nothing("`object` is empty".to_owned()),
            |uri| Act::ById(uri.to_owned()),
        );
    }
    let object = first(object);
    match type_of(object, posts::TEXTS) {
        Some(kind) if posts::TEXTS.contains(&kind) => Act::Recorded,
        // An Update by software that forgets what the thing is (Mbin 1.8): its id says it.
        None if id_of(activity, "object").is_some() => {
            Act::ById(id_of(activity, "object").unwrap_or_default())
        }
        None => Act::Nothing("`object` has neither type nor id".to_owned()),
        Some(kind) => {
            let name: String = kind.chars().take(100).collect();
            Act::Nothing(format!("`{name}` is nothing that is read here"))
        }
    }
}

fn first(object: &Value) -> &Value {
    match object {
        Value::Array(items) => items.first().unwrap_or(object),
        one => one,
    }
}

fn undone(activity: &Value) -> Undone {
    let Some(object) = member(activity, "object").map(first).filter(|object| object.is_object())
    else {
        return Undone::Other;
    };
    let known = ["Follow", "Block", "Like", "Dislike", "EmojiReact", "Announce"];
    match type_of(object, &known).unwrap_or_default() {
        "Follow" => Undone::Follow,
        "Block" => Undone::Block,
        kind @ ("Like" | "Dislike" | "EmojiReact" | "Announce")
            if member(object, "position").is_none() =>
        {
            Undone::Reaction {
                id: text_of(object, "id").map(str::to_owned),
                object: id_of(object, "object"),
                is_share: kind == "Announce",
            }
        }
        _ => Undone::Other,
    }
}

fn announced(activity: &Value) -> Vec<Announced> {
    let mut items = one_or_many(activity, "object");
    if let [one] = items.as_slice()
        && collections::is_collection(one)
    {
        items =
            one_or_many(one, "orderedItems").into_iter().chain(one_or_many(one, "items")).collect();
    }
    items
        .into_iter()
        .take(limits::ANNOUNCE_ITEMS_MAX)
        .filter_map(|item| match item {
            Value::String(uri) => Some(Announced::Id(uri.clone())),
            Value::Object(_) if is_activity(item) => Some(Announced::Activity(item.clone())),
            Value::Object(_) if types_of(item).is_empty() => {
                reference(item).map(|uri| Announced::Id(uri.to_owned()))
            }
            Value::Object(_) => Some(Announced::Post(item.clone())),
            _ => None,
        })
        .collect()
}

fn about_an_actor(activity: &Value) -> bool {
    let Some(object) = member(activity, "object") else { return false };
    id_of(activity, "object") == id_of(activity, "actor")
        || type_of(first(object), ACTORS).is_some_and(|kind| ACTORS.contains(&kind))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn test_70_unknown_types_and_lists_of_types() {
        let act = |kind: Value| Act::read(&json!({"type": kind, "object": "https://x.example/1"}));
        assert!(matches!(act(json!("Arrive")), Act::Nothing(_)));
        assert!(matches!(act(Value::Null), Act::Nothing(_)));
        assert_eq!(act(json!(["Like", "X"])), Act::Reaction(Reaction::Like));
        assert_eq!(act(json!(["X", "Like"])), Act::Reaction(Reaction::Like));
        let create = |kind: Value| {
            Act::read(
                &json!({"type": "Create", "object": {"id": "https://x.example/1", "type": kind}}),
            )
        };
        assert!(matches!(create(json!("Boat")), Act::Nothing(_)));
        assert_eq!(create(json!(["Boat", "Note"])), Act::Recorded);
    }

    #[test]
    fn a_list_that_is_handed_on_has_an_end() {
        let list = |length: usize| {
            let ids: Vec<String> = (0..length).map(|n| format!("https://x.example/{n}")).collect();
            let Act::Announce(items) = Act::read(&json!({"type": "Announce", "object": ids}))
            else {
                panic!("no Announce")
            };
            items.len()
        };
        assert_eq!(list(limits::ANNOUNCE_ITEMS_MAX), limits::ANNOUNCE_ITEMS_MAX);
        assert_eq!(list(limits::ANNOUNCE_ITEMS_MAX + 1), limits::ANNOUNCE_ITEMS_MAX);
    }
}

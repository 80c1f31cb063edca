//! PieFed 1.6: the community is the announcer; ids of activities have a column of 100 characters. It does not know
//! actors of type `Organization`, which is a known gap and no mistake here.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, list, need, set, string, unset};

const ID_CHARS_MAX: usize = 100;

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        "Announce" => {
            short(document)?;
            match &document["object"] {
                Value::String(_) => Ok(()),
                Value::Array(items) => items.iter().try_for_each(read),
                inner => read(inner),
            }
        }
        "Create" | "Update" => {
            short(document)?;
            id(document, "actor")?;
            post(&document["object"])
        }
        "Article" | "Page" | "Note" => post(document),
        // Both count as a vote, so neither may be meant as something else.
        "Like" | "EmojiReact" | "Dislike" => {
            short(document)?;
            need(document.get("content").is_none(), "a reaction with an emoji")?;
            string(document, "object").map(|_| ())
        }
        "Delete" | "Undo" | "Accept" => {
            short(document)?;
            id(document, "object").map(|_| ())
        }
        "Person" | "Service" | "Group" | "Application" => {
            for name in ["id", "preferredUsername", "inbox", "outbox"] {
                string(document, name)?;
            }
            string(&document["publicKey"], "publicKeyPem").map(|_| ())
        }
        "Feed" => {
            for name in ["id", "preferredUsername", "inbox", "outbox", "following", "name"] {
                string(document, name)?;
            }
            string(&document["publicKey"], "publicKeyPem").map(|_| ())
        }
        "Add" | "Remove" => {
            let (feed, target) = (id(document, "actor")?, id(document, "target")?);
            string(document, "object")?;
            need(target == format!("{feed}/following"), "another's collection")
        }
        "Collection" => list(document, "items").map(|_| ()),
        "OrderedCollection" => list(document, "orderedItems").map(|_| ()),
        "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn short(document: &Value) -> Taken {
    let id = string(document, "id")?;
    need(id.chars().count() <= ID_CHARS_MAX, format!("{id} is cut off"))
}

fn post(document: &Value) -> Taken {
    for name in ["id", "attributedTo", "content"] {
        string(document, name)?;
    }
    if document.get("inReplyTo").is_none() {
        return string(document, "name").map(|_| ());
    }
    need(document.get("name").is_none(), "a vote in a poll")
}

const MISTAKES: &[Mistake] = &[
    ("announce-create", "its id is too long", |d| {
        set(d, "/id", json!(format!("https://civil.example/{}", "x".repeat(100))));
    }),
    ("comment", "it has a name", |d| set(d, "/name", json!("yes"))),
    ("opinion", "it has no name", |d| unset(d, "/name")),
    ("position-like", "it has content", |d| set(d, "/content", json!("👍"))),
    ("actor-feed", "it lists no groups", |d| unset(d, "/following")),
    ("feed-add", "it names another collection", |d| {
        set(d, "/target", json!("https://x.example/f"));
    }),
    ("collection-feed-following", "its groups are not in it", |d| unset(d, "/items")),
];

#[test]
fn piefed() {
    let known: Vec<&str> =
        super::FORUM.iter().copied().filter(|name| *name != "actor-organization").collect();
    let feed = &["actor-feed", "feed-add", "collection-feed-following"];
    check("PieFed", &[&known, feed], read, MISTAKES);
}

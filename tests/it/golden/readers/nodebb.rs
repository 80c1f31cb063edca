//! NodeBB 4.15: no lists of authors, only what is public, filed under the group that the post names.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, is_public, need, set, string, unset};

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        "Announce" => match &document["object"] {
            Value::String(_) => Ok(()),
            inner => {
                let kind = string(inner, "type")?;
                if kind == "Create" {
                    // Fetched again from its origin: it needs an id.
                    id(inner, "object")?;
                }
                read(inner)
            }
        },
        "Create" | "Update" => post(&document["object"]),
        "Article" | "Page" | "Note" => post(document),
        "Like" | "Delete" | "Undo" | "Accept" => id(document, "object").map(|_| ()),
        "Person" | "Group" | "Organization" | "Application" | "Service" => {
            string(document, "preferredUsername")?;
            string(document, "inbox").map(|_| ())
        }
        "OrderedCollection" | "OrderedCollectionPage" | "Tombstone" => {
            string(document, "id").map(|_| ())
        }
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn post(document: &Value) -> Taken {
    need(document["attributedTo"].is_string(), "attributedTo is a list, rejecting")?;
    need(is_public(document), "it is not public")?;
    string(document, "id")?;
    string(document, "published")?;
    need(document.get("audience").is_none_or(Value::is_string), "it names several groups")?;
    match &document["preview"] {
        Value::Null => Ok(()),
        preview => string(preview, "content").map(|_| ()),
    }
}

const MISTAKES: &[Mistake] = &[
    ("opinion", "it has a list of authors", |d| {
        set(d, "/attributedTo", json!(["https://a.example/p/a"]));
    }),
    ("opinion", "it is for followers only", |d| {
        set(d, "/to", json!(["https://civil.example/p/amina/followers"]));
        set(d, "/cc", json!([]));
    }),
    ("announce-create", "the post in it has no id", |d| unset(d, "/object/object/id")),
    ("opinion", "its preview says nothing", |d| set(d, "/preview", json!({"type": "Note"}))),
];

#[test]
fn nodebb() {
    let pages = &["collection-context", "collection-context-page"];
    check("NodeBB", &[super::FORUM, pages], read, MISTAKES);
}

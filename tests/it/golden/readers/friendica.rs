//! Friendica (and Hubzilla, which reads much the same): activities by type and object type; the receivers decide where a
//! post goes, so they must be there.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, is_public, list, need, set, string, unset};

const POSTS: &[&str] = &["Note", "Article", "Page", "Question", "Event", "Video", "Image", "Audio"];

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        "Create" | "Update" if document["object"].is_object() => {
            need(POSTS.contains(&string(&document["object"], "type")?), "no post")?;
            id(document, "actor")?;
            post(&document["object"])
        }
        "Create" | "Update" => string(document, "object").map(|_| ()),
        kind if POSTS.contains(&kind) => post(document),
        "Announce" if document["object"].is_object() => read(&document["object"]),
        "Announce" | "Like" | "Dislike" | "Delete" => id(document, "object").map(|_| ()),
        "Undo" | "Accept" => string(&document["object"], "type").map(|_| ()),
        "Person" | "Organization" | "Service" | "Group" | "Application" => {
            for name in ["id", "inbox", "preferredUsername", "name"] {
                string(document, name)?;
            }
            string(&document["publicKey"], "publicKeyPem").map(|_| ())
        }
        "OrderedCollection" | "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn post(document: &Value) -> Taken {
    string(document, "id")?;
    id(document, "attributedTo")?;
    list(document, "to")?;
    list(document, "cc")?;
    need(is_public(document), "a private message")?;
    string(document, "published")?;
    string(document, "content").map(|_| ())
}

const MISTAKES: &[Mistake] = &[
    ("comment", "it has no receivers", |d| unset(d, "/to")),
    ("comment-create", "the type of the post is a list", |d| {
        set(d, "/object/type", json!(["Note"]));
    }),
    ("opinion", "it has no text", |d| unset(d, "/content")),
    ("position-undo", "what is undone is only named", |d| {
        set(d, "/object", json!("https://x.example/1"));
    }),
];

#[test]
fn friendica() {
    check("Friendica", &[super::FORUM, super::MICROBLOG], read, MISTAKES);
}

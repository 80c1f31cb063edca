//! WordPress with its ActivityPub plugin: replies become comments, likes and boosts reactions; an actor needs what a
//! comment's author is shown with.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, is_public, need, set, string, unset};

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        "Create" | "Update" if document["object"].is_object() => post(&document["object"]),
        "Note" | "Article" | "Page" => post(document),
        "Create" | "Update" => Ok(()),
        "Announce" | "Like" => string(document, "object").and(string(document, "id")).map(|_| ()),
        "Delete" | "Undo" | "Accept" => id(document, "object").map(|_| ()),
        "Person" | "Group" | "Organization" | "Application" | "Service" => {
            for name in ["id", "url", "inbox", "preferredUsername", "name"] {
                string(document, name)?;
            }
            string(&document["publicKey"], "publicKeyPem").map(|_| ())
        }
        "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn post(document: &Value) -> Taken {
    need(is_public(document), "not public, so no comment")?;
    string(document, "content")?;
    string(document, "id")?;
    string(document, "published")?;
    need(document.get("inReplyTo").is_none_or(Value::is_string), "it answers several")
}

const MISTAKES: &[Mistake] = &[
    ("comment", "it answers several", |d| set(d, "/inReplyTo", json!(["https://a.example/1"]))),
    ("comment", "it has no date", |d| unset(d, "/published")),
    ("actor-person", "it has no page", |d| unset(d, "/url")),
    ("comment", "it is private", |d| {
        set(d, "/to", json!([]));
        set(d, "/cc", json!([]));
    }),
];

#[test]
fn wordpress() {
    check("WordPress", &[super::MICROBLOG], read, MISTAKES);
}

//! Misskey 2025.2: small bodies, dates that fit, and a `Like` that is an emoji as soon as it says anything.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, is_public, list, need, set, string, unset};

const BODY_BYTES_MAX: usize = 64 * 1024;

fn read(document: &Value) -> Taken {
    need(serde_json::to_vec(document).is_ok_and(|body| body.len() <= BODY_BYTES_MAX), "too large")?;
    // The first of a list would do.
    match string(document, "type")? {
        "Announce" => {
            string(document, "object")?;
            need(is_public(document), "not public")?;
            string(document, "published").map(|_| ())
        }
        "Create" if document["object"].is_object() => {
            let actor = id(document, "actor")?;
            need(id(&document["object"], "attributedTo")? == actor, "another's")?;
            note(&document["object"])
        }
        "Create" | "Update" | "Delete" => id(document, "object").map(|_| ()),
        "Note" | "Article" => note(document),
        "Like" => {
            for name in ["content", "name", "_misskey_reaction"] {
                need(document.get(name).is_none(), "a reaction with an emoji")?;
            }
            string(document, "object").map(|_| ())
        }
        "Undo" | "Accept" => {
            string(&document["object"], "type")?;
            id(&document["object"], "object").map(|_| ())
        }
        "Person" | "Service" | "Group" | "Organization" | "Application" => {
            let name = string(document, "preferredUsername")?;
            let inner = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
            need(name.len() <= 128 && name.chars().all(inner), "no name")?;
            string(document, "inbox").and(string(document, "followers")).map(|_| ())?;
            string(&document["publicKey"], "publicKeyPem").map(|_| ())
        }
        "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn note(document: &Value) -> Taken {
    string(document, "id")?;
    string(document, "content")?;
    string(document, "published")?;
    list(document, "to")?;
    list(document, "cc")?;
    let mentions = list(document, "tag")?.iter().filter(|tag| tag["type"] == "Mention").count();
    need(mentions <= 1, "who has no followers here and mentions several is spam")
}

const MISTAKES: &[Mistake] = &[
    ("position-like", "it has content", |d| set(d, "/content", json!("👍"))),
    ("opinion-create", "it is larger than 64 KiB", |d| {
        set(d, "/object/content", json!("x".repeat(70_000)));
    }),
    ("announce-boost", "it announces an activity", |d| set(d, "/object", json!({"type": "Like"}))),
    ("announce-boost", "it has no date", |d| unset(d, "/published")),
    ("position-undo", "what is undone is only named", |d| {
        set(d, "/object", json!("https://x.example/1"));
    }),
    ("comment-create", "the post is another's", |d| {
        set(d, "/object/attributedTo", json!("https://civil.example/p/amina"));
    }),
];

#[test]
fn misskey() {
    check("Misskey", &[super::MICROBLOG], read, MISTAKES);
}

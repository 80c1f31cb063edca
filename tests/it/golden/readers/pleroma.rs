//! Pleroma and Akkoma: match on the literal `type`, cast posts into a schema, and show `summary` as a subject.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, list, need, same_host, set, string, unset};

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        "Create" | "Update" if document["object"].is_object() => {
            need(id(document, "actor")? == id(&document["object"], "attributedTo")?, "another's")?;
            // The activity and the object must agree on whom they are for.
            need(document["to"] == document["object"]["to"], "`to` differs")?;
            post(&document["object"])
        }
        "Create" | "Update" | "Delete" => id(document, "object").map(|_| ()),
        "Note" | "Article" | "Page" => post(document),
        "Like" => {
            string(document, "object")?;
            list(document, "to")?;
            list(document, "cc").map(|_| ())
        }
        "Announce" => {
            list(document, "to")?;
            string(document, "object").map(|_| ())
        }
        "Undo" | "Accept" => {
            string(&document["object"], "type")?;
            string(&document["object"], "id").map(|_| ())
        }
        "Person" | "Service" | "Group" | "Organization" | "Application" => {
            let own = string(document, "id")?;
            string(document, "preferredUsername")?;
            for name in ["inbox", "followers", "following", "featured"] {
                same_host(string(document, name)?, own)?;
            }
            string(&document["publicKey"], "publicKeyPem").map(|_| ())
        }
        "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn post(document: &Value) -> Taken {
    for name in ["id", "content", "published", "context"] {
        if name == "context" && document.get(name).is_none() {
            continue;
        }
        string(document, name)?;
    }
    same_host(string(document, "id")?, id(document, "attributedTo")?)?;
    for name in ["to", "cc", "tag", "attachment"] {
        list(document, name)?;
    }
    for tag in list(document, "tag")? {
        string(tag, "type")?;
        string(tag, "name")?;
    }
    if let Some(source) = document.get("source") {
        string(source, "content").and(string(source, "mediaType")).map(|_| ())?;
    }
    Ok(())
}

const MISTAKES: &[Mistake] = &[
    ("position-like", "its type is a list", |d| set(d, "/type", json!(["Like"]))),
    ("position-like", "it has no `cc`", |d| unset(d, "/cc")),
    ("announce-boost", "it announces an activity", |d| {
        set(d, "/object", json!({"type": "Create"}));
    }),
    ("comment-create", "it is for others than its object", |d| set(d, "/to", json!([]))),
    ("comment", "a tag has no name", |d| set(d, "/tag", json!([{"type": "Mention"}]))),
    ("opinion", "its context is an object", |d| set(d, "/context", json!({"id": "x"}))),
    ("actor-room", "its followers are elsewhere", |d| {
        set(d, "/followers", json!("https://x.example/f"));
    }),
];

#[test]
fn pleroma() {
    check("Pleroma", &[super::MICROBLOG], read, MISTAKES);
}

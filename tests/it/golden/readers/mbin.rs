//! Mbin: reads members of arrays that it takes to be there; a magazine is the first group it finds.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, list, need, set, string, unset};

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        "Announce" => {
            string(document, "id")?;
            match &document["object"] {
                Value::String(_) => Ok(()),
                // Processed whoever announces it.
                inner => read(inner),
            }
        }
        "Create" | "Update" => {
            id(document, "actor")?;
            post(&document["object"])
        }
        "Article" | "Page" | "Note" => post(document),
        "Like" | "Dislike" | "Delete" => id(document, "object").map(|_| ()),
        "Undo" | "Accept" => {
            string(&document["object"], "type")?;
            id(&document["object"], "object").map(|_| ())
        }
        "Person" | "Group" | "Organization" | "Application" | "Service" => {
            for name in ["id", "preferredUsername", "inbox", "summary", "published"] {
                string(document, name)?;
            }
            string(&document["publicKey"], "publicKeyPem").map(|_| ())
        }
        "OrderedCollection" => document["totalItems"].as_u64().map(|_| ()).ok_or("no total".into()),
        "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn post(document: &Value) -> Taken {
    for name in ["id", "attributedTo", "content", "published"] {
        string(document, name)?;
    }
    let (to, cc) = (list(document, "to")?, list(document, "cc")?);
    match string(document, "type")? {
        "Article" | "Page" | "Video" => {
            string(document, "name")?;
            let audience = document["audience"].as_str();
            let named = to.iter().chain(cc).filter_map(Value::as_str);
            let group = audience.into_iter().chain(named).find(|uri| uri.contains("/t/"));
            need(group.is_some(), "it lands in the magazine `random`")
        }
        "Note" | "Question" => Ok(()),
        other => Err(format!("{other} is no post")),
    }
}

const MISTAKES: &[Mistake] = &[
    ("opinion", "it has no `name`", |d| unset(d, "/name")),
    ("opinion", "it has no `cc`", |d| unset(d, "/cc")),
    ("opinion", "it names no group", |d| {
        unset(d, "/audience");
        set(d, "/to", json!(["https://www.w3.org/ns/activitystreams#Public"]));
        set(d, "/cc", json!([]));
    }),
    ("comment", "it has no `published`", |d| unset(d, "/published")),
    ("position-like", "its type is a list", |d| set(d, "/type", json!(["Like"]))),
    ("announce-create", "what it announces has no type", |d| unset(d, "/object/type")),
];

#[test]
fn mbin() {
    check("Mbin", &[super::FORUM], read, MISTAKES);
}

//! Discourse with its ActivityPub plugin: makes a class name of each `type`, so that must be a string; unwraps what is
//! announced and processes it again.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, set, string, unset};

const OBJECTS: &[&str] = &["Note", "Article", "Tombstone"];

fn read(document: &Value) -> Taken {
    let kind = string(document, "type")?;
    string(document, "id")?;
    match kind {
        "Announce" if document["object"].is_object() => read(&document["object"]),
        "Announce" => string(document, "object").map(|_| ()),
        "Create" | "Update" => {
            id(document, "actor")?;
            read(&document["object"])
        }
        "Article" => string(document, "name").and(string(document, "content")).map(|_| ()),
        "Note" => string(document, "content").map(|_| ()),
        "Like" | "Delete" | "Undo" | "Accept" => {
            id(document, "actor")?;
            if let Value::Object(_) = &document["object"] {
                return read_part(&document["object"]);
            }
            id(document, "object").map(|_| ())
        }
        "Person" | "Group" | "Organization" | "Application" | "Service" => {
            for name in ["preferredUsername", "inbox", "outbox"] {
                string(document, name)?;
            }
            Ok(())
        }
        "OrderedCollection" | "OrderedCollectionPage" => Ok(()),
        _ if OBJECTS.contains(&kind) => Ok(()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn read_part(document: &Value) -> Taken {
    string(document, "type")?;
    string(document, "id").map(|_| ())
}

const MISTAKES: &[Mistake] = &[
    ("position-like", "its type is a list", |d| set(d, "/type", json!(["Like", "Endorse"]))),
    ("position-undo", "the type of what is undone is a list", |d| {
        set(d, "/object/type", json!(["Like"]));
    }),
    ("opinion", "it has no title", |d| unset(d, "/name")),
    ("announce-create", "the act in it has no id", |d| unset(d, "/object/id")),
];

#[test]
fn discourse() {
    check("Discourse", &[super::FORUM, &["collection-context"]], read, MISTAKES);
}

//! GoToSocial: typed by ActivityStreams, keys on their owner's host, languages by the text in `contentMap`, and an
//! interaction policy that must be one.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, is_public, list, need, same_host, set, string, unset};

const STATUSES: &[&str] = &["Note", "Article", "Page", "Event", "Question", "Video", "Image"];

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        kind if STATUSES.contains(&kind) => status(document),
        "Create" | "Update" => match &document["object"] {
            // Fetched, with a signature.
            Value::String(object) => same_host(object, id(document, "actor")?),
            object => {
                need(id(document, "actor")? == id(object, "attributedTo")?, "another's")?;
                status(object)
            }
        },
        "Announce" => {
            string(document, "object")?;
            string(document, "published")?;
            need(is_public(document), "no boost is private")
        }
        "Like" | "Delete" => id(document, "object").map(|_| ()),
        "Undo" | "Accept" => {
            string(&document["object"], "type")?;
            id(&document["object"], "actor")?;
            id(&document["object"], "object").map(|_| ())
        }
        "Person" | "Group" | "Organization" | "Application" | "Service" => {
            let own = string(document, "id")?;
            for name in ["preferredUsername", "inbox", "outbox", "followers", "following"] {
                string(document, name)?;
            }
            let key = &document["publicKey"];
            same_host(string(key, "id")?, own)?;
            need(string(key, "owner")? == own, "another's key")?;
            string(key, "publicKeyPem").map(|_| ())
        }
        "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("{other} is nothing it knows")),
    }
}

fn status(document: &Value) -> Taken {
    same_host(string(document, "id")?, id(document, "attributedTo")?)?;
    string(document, "published")?;
    list(document, "to")?;
    if let Some(map) = document["contentMap"].as_object() {
        let found = map.values().any(|text| *text == document["content"]);
        need(found, "no language is that of the text")?;
    }
    // With a `summary` the title is lost, so the text must begin with it.
    if let (Some(name), Some(_)) = (document["name"].as_str(), document.get("summary")) {
        let head = string(document, "content")?.split("</p>").next().unwrap_or_default();
        need(head.contains(&name.replace('&', "&amp;")), "nobody sees its title")?;
    }
    for (may, rule) in document["interactionPolicy"].as_object().ok_or("no policy")? {
        let who = rule["automaticApproval"].as_array();
        need(
            who.is_some_and(|who| who.iter().all(Value::is_string)),
            format!("{may} names nobody"),
        )?;
    }
    Ok(())
}

const MISTAKES: &[Mistake] = &[
    ("opinion", "its text does not begin with its title", |d| {
        set(d, "/content", json!("<p>x</p>"));
    }),
    ("comment", "its policy is a word", |d| set(d, "/interactionPolicy/canReply", json!("public"))),
    ("comment", "its map holds another text", |d| set(d, "/contentMap", json!({"en": "x"}))),
    ("actor-person", "its key is another's", |d| {
        set(d, "/publicKey/owner", json!("https://x.example/p/a"));
    }),
    ("announce-boost", "it is private", |d| {
        set(d, "/to", json!([]));
        set(d, "/cc", json!([]));
    }),
    ("position-undo", "what is undone names nobody", |d| unset(d, "/object/actor")),
    ("opinion-create-slim", "its object is elsewhere", |d| {
        set(d, "/object", json!("https://x.example/o"));
    }),
];

#[test]
fn gotosocial() {
    check("GoToSocial", &[super::MICROBLOG], read, MISTAKES);
}

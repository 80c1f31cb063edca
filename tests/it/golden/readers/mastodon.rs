//! Mastodon 4.2 to 4.7: first class `Note`, converted `Article`; looks at single members rather than at shapes.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, id, is_public, list, need, same_host, set, string, unset};

const ACTORS: &[&str] = &["Application", "Group", "Organization", "Person", "Service"];
const POSTS: &[&str] = &["Note", "Question", "Article", "Page", "Event", "Image", "Audio", "Video"];

fn read(document: &Value) -> Taken {
    let context = &document["@context"];
    let known = json!("https://www.w3.org/ns/activitystreams");
    need(
        *context == known || context.as_array().is_some_and(|items| items.contains(&known)),
        "it is not ActivityStreams",
    )?;
    proof(document)?;
    match string(document, "type")? {
        kind if ACTORS.contains(&kind) => actor(document),
        kind if POSTS.contains(&kind) => post(document),
        "Create" | "Update" => {
            let actor = id(document, "actor")?;
            if document["object"].is_string() {
                return same_host(string(document, "object")?, actor);
            }
            // The embedded post must be its actor's.
            need(author(&document["object"])? == actor, "the post is another's")?;
            post(&document["object"])
        }
        "Delete" => same_host(id(document, "object")?, id(document, "actor")?),
        "Like" => string(document, "object").map(|_| ()),
        "Undo" => {
            let undone = &document["object"];
            string(undone, "type")?;
            id(undone, "object")?;
            need(id(undone, "actor")? == id(document, "actor")?, "it undoes another's")
        }
        "Announce" => match &document["object"] {
            Value::String(_) => need(is_public(document), "a boost that nobody sees"),
            inner => need(inner["type"] == "Create", "only Create is fetched in an Announce"),
        },
        "Accept" => {
            let accepted = &document["object"];
            match string(accepted, "type")? {
                "Follow" => id(accepted, "actor").and(id(accepted, "object")).map(|_| ()),
                "QuoteRequest" => {
                    id(accepted, "instrument")?;
                    id(accepted, "object")?;
                    string(document, "result").map(|_| ())
                }
                other => Err(format!("nothing is known of {other}")),
            }
        }
        "QuoteAuthorization" => {
            let own = string(document, "id")?;
            same_host(own, string(document, "attributedTo")?)?;
            same_host(own, string(document, "interactionTarget")?)?;
            string(document, "interactingObject").map(|_| ())
        }
        "Tombstone" => string(document, "id").map(|_| ()),
        other => Err(format!("nothing is done with {other}")),
    }
}

/// 4.7 reads proofs, and refuses what contradicts them.
fn proof(document: &Value) -> Taken {
    let Some(proof) = document.get("proof") else { return Ok(()) };
    need(proof["proofPurpose"] == "assertionMethod", "a proof for something else")?;
    let Some(context) = proof.get("@context") else { return Ok(()) };
    let own = list(document, "@context")?;
    let begins = context.as_array().is_some_and(|items| own.starts_with(items));
    need(begins, "the contexts of the proof and the document differ")
}

fn actor(document: &Value) -> Taken {
    let own = string(document, "id")?;
    for name in ["inbox", "outbox", "followers", "url"] {
        same_host(string(document, name)?, own)?;
    }
    let name = string(document, "preferredUsername")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    need(
        name.chars().all(plain) && !name.starts_with(['.', '-']) && !name.ends_with(['.', '-']),
        format!("`{name}` is no name"),
    )?;
    let key = &document["publicKey"];
    need(id(key, "owner")? == own, "another's key")?;
    string(key, "publicKeyPem").map(|_| ())
}

fn author(post: &Value) -> Result<&str, String> {
    match &post["attributedTo"] {
        Value::Array(items) => items[0].as_str().ok_or_else(|| "no author".to_owned()),
        _ => id(post, "attributedTo"),
    }
}

fn post(document: &Value) -> Taken {
    let kind = string(document, "type")?;
    need(POSTS.contains(&kind), format!("{kind} is no post"))?;
    same_host(string(document, "id")?, author(document)?)?;
    need(is_public(document), "it would be a direct message")?;
    for name in ["published", "url"] {
        string(document, name)?;
    }
    if let Some(map) = document["contentMap"].as_object() {
        let first = map.values().next().ok_or("`contentMap` is empty")?;
        need(*first == document["content"], "another text is shown")?;
    }
    if kind == "Note" {
        need(document.get("name").is_none(), "a vote in a poll")?;
        need(document.get("summary").is_none(), "folded under a content warning")?;
    } else {
        // Shown as title, summary and link: older versions show markup in it as text, newer ones read it.
        string(document, "name")?;
        let summary = string(document, "summary")?;
        need(!summary.contains(['<', '>', '&']), "markup in the summary")?;
    }
    let quotes = &document["interactionPolicy"]["canQuote"]["automaticApproval"];
    need(quotes.as_array().is_some_and(|who| !who.is_empty()), "nobody may quote it")
}

const MISTAKES: &[Mistake] = &[
    ("position-like", "its type is a list", |d| set(d, "/type", json!(["Like", "Endorse"]))),
    ("opinion-create", "its author is on another host", |d| {
        set(d, "/object/attributedTo", json!("https://evil.example/p/a"));
    }),
    ("opinion", "there is markup in its summary", |d| set(d, "/summary", json!("<b>x</b>"))),
    ("opinion", "nobody may quote it", |d| unset(d, "/interactionPolicy/canQuote")),
    ("comment", "it has a name", |d| set(d, "/name", json!("yes"))),
    ("comment", "its map begins with another text", |d| set(d, "/contentMap", json!({"aa": "x"}))),
    ("position-undo", "what is undone is only named", |d| {
        let id = d["object"]["id"].clone();
        set(d, "/object", id);
    }),
    ("announce-boost", "it announces a Like", |d| set(d, "/object", json!({"type": "Like"}))),
    ("accept-follow", "the Follow is only named", |d| {
        set(d, "/object", json!("https://x.example/1"));
    }),
    ("actor-person", "its page is elsewhere", |d| set(d, "/url", json!("https://www.example/a"))),
    ("comment-create", "its context is shorter than that of its proof", |d| {
        set(d, "/@context", json!(["https://www.w3.org/ns/activitystreams"]));
    }),
    ("quote-authorization", "it is of another host", |d| {
        set(d, "/attributedTo", json!("https://evil.example/p/a"));
    }),
    ("quote-accept", "it brings no authorization", |d| unset(d, "/result")),
];

#[test]
fn mastodon() {
    let quotes = &["quote-accept", "quote-authorization", "quote-authorization-delete"];
    check("Mastodon", &[super::MICROBLOG, quotes], read, MISTAKES);
}

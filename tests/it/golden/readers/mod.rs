//! Strict readers in the manner of other servers, written from what is known of their own (protocol Part 2): each takes
//! what that server takes and fails where it fails. Every document that such a server would be given must pass, and
//! each reader must fail on the mistakes that it is there for.

mod discourse;
mod fedify;
mod friendica;
mod gotosocial;
mod lemmy;
mod mastodon;
mod mbin;
mod misskey;
mod nodebb;
mod piefed;
mod pleroma;
mod wordpress;

use serde_json::Value;

use super::{Gallery, gallery};

/// What a reader makes of a document: nothing, or why it is not taken.
pub(super) type Taken = Result<(), String>;

/// A mistake that a reader is there for: in which document, which, and how it is made.
pub(super) type Mistake = (&'static str, &'static str, fn(&mut Value));

/// What an ordinary follower of a room and its people is given, or fetches.
const MICROBLOG: &[&str] = &[
    "actor-instance",
    "actor-person",
    "actor-organization",
    "actor-room",
    "accept-follow",
    "opinion",
    "opinion-create",
    "opinion-create-slim",
    "opinion-update",
    "opinion-delete",
    "letter-create",
    "comment",
    "comment-create",
    "comment-picture",
    "comment-picture-create",
    "actor-person-picture",
    "comment-update",
    "comment-delete",
    "disposition-create",
    "position-like",
    "position-note",
    "position-note-create",
    "position-echo-create",
    "position-echo-delete",
    "position-undo",
    "position-withdrawn",
    "announce-boost",
    "answer-create",
    "tombstone",
];

/// What a forum that follows a room is given, or fetches.
const FORUM: &[&str] = &[
    "actor-instance",
    "actor-person",
    "actor-organization",
    "actor-room",
    "accept-follow",
    "opinion",
    "comment",
    "announce-create",
    "announce-like",
    "opinion-create",
    "opinion-update",
    "opinion-delete",
    "comment-create",
    "comment-picture",
    "comment-picture-create",
    "comment-update",
    "comment-delete",
    "disposition-create",
    "position-like",
    "position-note-create",
    "position-undo",
    "collection-room-outbox",
    "tombstone",
];

/// Puts a document through a reader, and each mistake too.
fn check(family: &str, lists: &[&[&str]], read: fn(&Value) -> Taken, mistakes: &[Mistake]) {
    let gallery = gallery();
    let document = |name: &str| gallery.get(name).unwrap_or_else(|| panic!("no {name}"));
    let mut wrong = Vec::new();
    for name in lists.iter().copied().flatten() {
        if let Err(why) = read(document(name)) {
            wrong.push(format!("{family} does not take {name}: {why}"));
        }
    }
    for (name, what, make) in mistakes {
        let mut mistaken = document(name).clone();
        make(&mut mistaken);
        assert_ne!(&mistaken, document(name), "{what}: nothing was changed");
        if read(&mistaken).is_ok() {
            wrong.push(format!("{family} takes {name} although {what}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Fails with words.
fn need(is: bool, why: impl Into<String>) -> Taken {
    if is { Ok(()) } else { Err(why.into()) }
}

/// A member that is a string.
fn string<'a>(document: &'a Value, name: &str) -> Result<&'a str, String> {
    document[name].as_str().ok_or_else(|| format!("`{name}` is no string: {}", document[name]))
}

/// A member that is a list.
fn list<'a>(document: &'a Value, name: &str) -> Result<&'a Vec<Value>, String> {
    document[name].as_array().ok_or_else(|| format!("`{name}` is no list: {}", document[name]))
}

/// The id of something given as such or as an object.
fn id<'a>(document: &'a Value, name: &str) -> Result<&'a str, String> {
    match &document[name] {
        Value::String(id) => Ok(id),
        Value::Object(_) => string(&document[name], "id"),
        other => Err(format!("`{name}` names nothing: {other}")),
    }
}

fn host(id: &str) -> Result<String, String> {
    let url = url::Url::parse(id).map_err(|error| format!("{id}: {error}"))?;
    url.host_str().map(str::to_owned).ok_or_else(|| format!("{id} has no host"))
}

fn same_host(left: &str, right: &str) -> Taken {
    need(host(left)? == host(right)?, format!("{left} and {right} are on two hosts"))
}

/// Whether a document is addressed to everybody.
fn is_public(document: &Value) -> bool {
    let public = Value::from(polylogue::protocol::context::PUBLIC);
    ["to", "cc"].iter().any(|name| match &document[*name] {
        Value::Array(items) => items.contains(&public),
        one => *one == public,
    })
}

/// By serde, as servers with typed documents read.
fn typed<T: serde::de::DeserializeOwned>(document: &Value) -> Result<T, String> {
    serde_json::from_value(document.clone()).map_err(|error| error.to_string())
}

/// One document of a gallery, for mistakes that put one into another.
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).expect("a parent");
    match parent {
        Value::Object(members) => drop(members.insert(name.to_owned(), value)),
        Value::Array(items) => items[name.parse::<usize>().expect("an index")] = value,
        _ => panic!("{pointer} has no parent"),
    }
}

fn unset(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.expect("a parent").remove(name);
}

#[test]
fn every_activity_is_read_by_somebody() {
    let gallery: Gallery = gallery();
    let read: Vec<&str> = [MICROBLOG, FORUM].concat();
    for name in ["create", "update", "delete", "like", "undo", "boost"] {
        let found =
            gallery.keys().filter(|key| key.ends_with(name) && read.contains(&key.as_str()));
        assert!(found.count() > 0, "{name}");
    }
}

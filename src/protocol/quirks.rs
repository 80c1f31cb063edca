//! Tolerant readers: the many shapes in which other servers write one thing, in one place. Inside we only know
//! the plain form. Null is absent; one value and a list of one are the same; an object and its id are the same.
//!
//! Each quirk names the software that needs it, at the version where it was seen; `docs/federation/incoming.md` lists
//! them, and `tests/golden/incoming` holds a document for each that becomes something else without it.

pub mod acts;
pub mod attachments;
pub mod collections;
pub mod posts;
pub mod reactions;
pub mod reports;

use serde_json::Value;

use crate::base::clock::Timestamp;

/// A member, where it is there and not null.
pub fn member<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document.get(name).filter(|value| !value.is_null())
}

/// The values of a member that may hold none, one or many (`to`, `cc`, `tag`, `attachment` …).
pub fn values(member: Option<&Value>) -> &[Value] {
    match member {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// A member as the list it may be written as, without nulls.
pub fn one_or_many<'a>(document: &'a Value, name: &str) -> Vec<&'a Value> {
    values(document.get(name)).iter().filter(|item| !item.is_null()).collect()
}

/// The id of something given as a bare id, as an object with `id`, or as a Link with `href`.
pub fn reference(value: &Value) -> Option<&str> {
    match value {
        Value::String(uri) => Some(uri.as_str()),
        Value::Object(_) => text_of(value, "id").or_else(|| text_of(value, "href")),
        _ => None,
    }
    .filter(|uri| !uri.is_empty())
}

/// The first id among the values of a member: what Mastodon takes where several authors are named.
pub fn first_reference(member: Option<&Value>) -> Option<&str> {
    values(member).iter().find_map(reference)
}

/// The id of what a member names: a string, an object with `id`, or the first of a list (PeerTube writes
/// `attributedTo` as a list of objects, Discourse `actor` as an object).
pub fn id_of(document: &Value, name: &str) -> Option<String> {
    first_reference(document.get(name)).map(str::to_owned)
}

/// Every id a member names.
pub fn ids_of(document: &Value, name: &str) -> Vec<String> {
    values(document.get(name)).iter().filter_map(reference).map(str::to_owned).collect()
}

/// The page to show a reader: `url` as text, or of several Links the one that is text/html, else the first.
pub fn page_of(document: &Value) -> Option<&str> {
    let links = values(document.get("url"));
    let html = links.iter().find(|link| text_of(link, "mediaType") == Some("text/html"));
    html.and_then(reference).or_else(|| links.iter().find_map(reference))
}

/// A member that is text.
pub fn text_of<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    document.get(name).and_then(Value::as_str)
}

/// A member that is text with something in it.
pub fn words_of(document: &Value, name: &str) -> Option<String> {
    text_of(document, name).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// A member that is a whole number.
pub fn number_of(document: &Value, name: &str) -> Option<i64> {
    document.get(name).and_then(Value::as_i64)
}

/// A member that is a time, with any fraction and offset.
pub fn time_of(document: &Value, name: &str) -> Option<Timestamp> {
    text_of(document, name).and_then(Timestamp::parse_rfc3339)
}

/// All types of a document (`type` is a list at some servers).
pub fn types_of(document: &Value) -> Vec<&str> {
    one_or_many(document, "type").into_iter().filter_map(Value::as_str).collect()
}

/// The first type that `known` accepts, else the first at all.
pub fn type_of<'a>(document: &'a Value, known: &[&str]) -> Option<&'a str> {
    let types = types_of(document);
    types.iter().copied().find(|name| known.contains(name)).or_else(|| types.first().copied())
}

/// Whether a document, or the object inside it, is addressed to everybody (`as:Public` and `Public` are the
/// spellings of JSON-LD compaction).
pub fn is_public(document: &Value) -> bool {
    let addressed = |doc: &Value| {
        ["to", "cc"].iter().any(|name| {
            ids_of(doc, name)
                .iter()
                .any(|id| id == super::context::PUBLIC || id == "as:Public" || id == "Public")
        })
    };
    addressed(document) || member(document, "object").is_some_and(addressed)
}

/// The language of a text: `language.identifier` (Lemmy 1.0 and ours), else the key of `contentMap` whose text is that of
/// `content` (GoToSocial 0.17 writes several, and the order of members is nobody's), else its first key (Mastodon 4).
/// `und` says nothing (Lemmy 0.19).
pub fn language_of(document: &Value) -> Option<String> {
    let named = member(document, "language").and_then(|language| text_of(language, "identifier"));
    let of_map = || {
        let map = member(document, "contentMap").and_then(Value::as_object)?;
        let same = map.iter().find(|(_, text)| Some(*text) == member(document, "content"));
        same.map(|(key, _)| key).or_else(|| map.keys().next()).map(String::as_str)
    };
    named.or_else(of_map).filter(|tag| *tag != "und").map(str::to_owned)
}

/// A word of our namespace without its prefix: `plg:support` and the full IRI are the same (decisions 13).
pub fn plain_term(term: &str) -> &str {
    term.strip_prefix("plg:")
        .or_else(|| term.strip_prefix(super::context::NAMESPACE))
        .unwrap_or(term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_and_many_null_and_absent() {
        let document =
            json!({"to": "a", "cc": ["b", null, {"id": "c"}], "tag": null, "actor": {"id": "d"}});
        assert_eq!(ids_of(&document, "to"), ["a"]);
        assert_eq!(ids_of(&document, "cc"), ["b", "c"]);
        assert!(one_or_many(&document, "tag").is_empty());
        assert_eq!(id_of(&document, "actor").unwrap(), "d");
    }

    #[test]
    fn the_known_type_of_a_list_is_used() {
        let document = json!({"type": ["Endorse", "Like"]});
        assert_eq!(type_of(&document, &["Like"]), Some("Like"));
        assert_eq!(type_of(&json!({"type": "Like"}), &["Like"]), Some("Like"));
    }

    #[test]
    fn public_in_the_object_counts() {
        assert!(is_public(
            &json!({"type": "Create", "object": {"cc": [super::super::context::PUBLIC]}})
        ));
        assert!(!is_public(&json!({"type": "Create", "to": ["https://x.example/p/a"]})));
    }
}

//! How the shapes that servers really send are read: one or many, a string or an object, `null` for absent. What is
//! not there or of another shape is simply not found; whether that matters is for the caller to say.

use serde_json::Value;

/// The items of a member that may hold none, one or many (`to`, `tag`, `attributedTo`, `type` …).
pub fn one_or_many(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The id of something given as a bare id, as an object with `id`, or as a Link with `href`.
pub fn id_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(id) => Some(id.as_str()),
        Value::Object(members) => {
            members.get("id").or_else(|| members.get("href")).and_then(Value::as_str)
        }
        _ => None,
    }
    .filter(|id| !id.is_empty())
}

/// The ids in a member that may hold none, one or many, each bare or embedded.
pub fn ids_of(value: Option<&Value>) -> impl Iterator<Item = &str> {
    one_or_many(value).iter().filter_map(id_of)
}

/// The first id in such a member: what Mastodon takes where several authors are named.
pub fn first_id_of(value: Option<&Value>) -> Option<&str> {
    ids_of(value).next()
}

/// The types of a document; `["Like", "X"]` are two (test 70).
pub fn types_of(document: &Value) -> impl Iterator<Item = &str> {
    one_or_many(document.get("type")).iter().filter_map(Value::as_str)
}

/// Whether `wanted` is among the types of a document.
pub fn has_type(document: &Value, wanted: &str) -> bool {
    types_of(document).any(|found| found == wanted)
}

/// The text of a member; where it is missing, the first of its language map (`contentMap` for `content`).
pub fn text_of<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    let plain = document.get(name).and_then(Value::as_str);
    plain.or_else(|| {
        document.get(format!("{name}Map"))?.as_object()?.values().find_map(Value::as_str)
    })
}

/// The page to show a reader: `url` as text, or of several Links the one that is text/html, else the first.
pub fn page_of(document: &Value) -> Option<&str> {
    let links = one_or_many(document.get("url"));
    let html = links
        .iter()
        .find(|link| link.get("mediaType").and_then(Value::as_str) == Some("text/html"));
    html.and_then(id_of).or_else(|| links.iter().find_map(id_of))
}

/// The name ActivityStreams has for everybody, in each of its three spellings.
pub fn is_public(id: &str) -> bool {
    matches!(id, "https://www.w3.org/ns/activitystreams#Public" | "as:Public" | "Public")
}

/// Whether `to` or `cc` of a document names everybody.
pub fn is_addressed_to_public(document: &Value) -> bool {
    ids_of(document.get("to")).chain(ids_of(document.get("cc"))).any(is_public)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn none_one_and_many() {
        let ids =
            |value: Value| -> Vec<String> { ids_of(Some(&value)).map(ToOwned::to_owned).collect() };
        assert!(ids(Value::Null).is_empty());
        assert!(ids(json!([])).is_empty());
        assert!(ids(json!([7, null, "", {}])).is_empty());
        assert_eq!(ids(json!("a")), ["a"]);
        assert_eq!(ids(json!({"id": "a", "type": "Person"})), ["a"]);
        // PeerTube names authors as objects, links by href.
        assert_eq!(
            ids(json!([{"type": "Person", "id": "a"}, {"type": "Link", "href": "b"}])),
            ["a", "b"]
        );
        assert_eq!(ids_of(None).count(), 0);
        assert_eq!(first_id_of(Some(&json!(["a", "b"]))), Some("a"));
    }

    #[test]
    fn types_texts_and_pages() {
        assert!(has_type(&json!({"type": ["Like", "X"]}), "X"));
        assert!(has_type(&json!({"type": "Like"}), "Like"));
        assert!(!has_type(&json!({"type": null}), "Like"));
        assert_eq!(text_of(&json!({"name": null, "nameMap": {"de": "n"}}), "name"), Some("n"));
        assert_eq!(text_of(&json!({"name": "m", "nameMap": {"de": "n"}}), "name"), Some("m"));
        assert_eq!(text_of(&json!({"summary": null}), "summary"), None);
        let video = json!({"url": [
            {"type": "Link", "mediaType": "video/mp4", "href": "a"},
            {"type": "Link", "mediaType": "text/html", "href": "b"}
        ]});
        assert_eq!(page_of(&video), Some("b"));
        assert_eq!(page_of(&json!({"url": "a"})), Some("a"));
        assert_eq!(page_of(&json!({})), None);
    }

    #[test]
    fn everybody_has_three_names() {
        for to in [json!("as:Public"), json!(["x", "Public"]), json!(null)] {
            let document = json!({"to": to, "cc": []});
            assert_eq!(is_addressed_to_public(&document), !document["to"].is_null());
        }
        let cc = json!({"cc": "https://www.w3.org/ns/activitystreams#Public"});
        assert!(is_addressed_to_public(&cc));
    }
}

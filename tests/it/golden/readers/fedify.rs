//! Fedify, under Ghost and Hollo: true JSON-LD. A context that cannot be had breaks the document, and a member whose
//! range is something else breaks it too.

use serde_json::{Value, json};

use super::{Mistake, Taken, check, need, set, string};

/// Contexts that it has at hand or can fetch.
const KNOWN: &[&str] = &[
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    "https://w3id.org/security/data-integrity/v2",
    "https://www.w3.org/ns/cid/v1",
];

fn read(document: &Value) -> Taken {
    let contexts = match &document["@context"] {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut terms = serde_json::Map::new();
    for context in contexts {
        match context {
            Value::String(url) => {
                need(KNOWN.contains(&url.as_str()), format!("{url} cannot be had"))?;
            }
            Value::Object(inline) => terms.extend(inline.clone()),
            other => return Err(format!("no context: {other}")),
        }
    }
    // Every prefix that a term uses must be there, or its IRI is none.
    for (term, meaning) in &terms {
        let iri =
            meaning.as_str().or(meaning["@id"].as_str()).ok_or(format!("{term} means nothing"))?;
        let (prefix, _) = iri.split_once(':').ok_or(format!("{term}: {iri} is no IRI"))?;
        let known = ["http", "https", "as"].contains(&prefix) || terms.contains_key(prefix);
        need(known, format!("{term}: nothing is known of `{prefix}:`"))?;
    }
    values(document, &terms)
}

/// Words of a vocabulary must have a prefix that is known, and what is an id must be an IRI.
fn values(value: &Value, terms: &serde_json::Map<String, Value>) -> Taken {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| values(item, terms)),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            if name == "@context" {
                return Ok(());
            }
            let kind = terms.get(name).and_then(|meaning| meaning["@type"].as_str());
            // Another type is that of a plain value.
            let kind = kind.filter(|kind| matches!(*kind, "@id" | "@vocab"));
            for word in member.as_str().into_iter().filter(|_| kind.is_some()) {
                let (prefix, _) =
                    word.split_once(':').ok_or(format!("{name}: {word} is no IRI"))?;
                let known = ["http", "https", "ni"].contains(&prefix) || terms.contains_key(prefix);
                need(known, format!("{name}: nothing is known of `{prefix}:`"))?;
            }
            for name in ["published", "updated"] {
                if let Some(date) = members.get(name) {
                    need(date.as_str().is_some_and(|date| date.contains('T')), "no date")?;
                }
            }
            values(member, terms)
        }),
        _ => Ok(()),
    }
    .and_then(|()| match value {
        Value::Object(_) if value.get("type").is_some() => string(value, "type").map(|_| ()),
        _ => Ok(()),
    })
}

const MISTAKES: &[Mistake] = &[
    ("opinion", "its context cannot be fetched", |d| {
        set(
            d,
            "/@context",
            json!(["https://www.w3.org/ns/activitystreams", "https://w3id.org/polylogue/ns"]),
        );
    }),
    ("opinion", "its context lacks the namespace", |d| {
        let terms = d["@context"].as_array_mut().unwrap().last_mut().unwrap();
        terms.as_object_mut().unwrap().remove("plg");
    }),
    ("position-like", "its kind is a bare word", |d| set(d, "/position/kind", json!("support"))),
];

#[test]
fn fedify() {
    check("Fedify", &[super::MICROBLOG, super::FORUM], read, MISTAKES);
}

//! The JSON-LD context of every document we sign: ActivityStreams, Data Integrity, then one inline object with our
//! terms (G3: no remote context of ours, which others would have to fetch). One constant for all documents, so
//! that `proof.@context` is constant too.

use std::sync::LazyLock;

use serde_json::{Value, json};

/// `Public`, the collection that stands for everybody.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
/// The ActivityStreams vocabulary.
pub const ACTIVITYSTREAMS: &str = "https://www.w3.org/ns/activitystreams";
/// The vocabulary of proofs.
pub const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";
/// Our namespace (protocol 4.g).
pub const NAMESPACE: &str = "https://w3id.org/polylogue/ns#";
/// The capability by which rooms know each other (FEP-844e `implements`).
pub const MESH_CAPABILITY: &str = "https://w3id.org/polylogue/ns#plg1";
/// The capability of RFC 9421 signatures (FEP-844e `implements`).
pub const RFC9421_CAPABILITY: &str = "https://datatracker.ietf.org/doc/html/rfc9421";
/// The protocol version in link handshakes.
pub const PROTOCOL: &str = "plg/1";

/// The `@context` of posts and activities.
pub fn context() -> Value {
    static CONTEXT: LazyLock<Value> =
        LazyLock::new(|| json!([ACTIVITYSTREAMS, DATA_INTEGRITY, terms()]));
    CONTEXT.clone()
}

/// The `@context` of actors, which also carry keys.
pub fn actor_context() -> Value {
    json!([
        ACTIVITYSTREAMS,
        "https://w3id.org/security/v1",
        "https://www.w3.org/ns/cid/v1",
        DATA_INTEGRITY,
        terms()
    ])
}

fn terms() -> Value {
    let reference = |name: &str| json!({"@id": format!("plg:{name}"), "@type": "@id"});
    let word = |name: &str| json!({"@id": format!("plg:{name}"), "@type": "@vocab"});
    let mut terms = serde_json::Map::new();
    terms.insert("plg".into(), NAMESPACE.into());
    for (prefix, iri) in [
        ("toot", "http://joinmastodon.org/ns#"),
        ("schema", "http://schema.org/"),
        ("gts", "https://gotosocial.org/ns#"),
        ("oa", "http://www.w3.org/ns/oa#"),
    ] {
        terms.insert(prefix.into(), iri.into());
    }
    for name in [
        "position",
        "attestedPosition",
        "Position",
        "statement",
        "revision",
        "changeNote",
        "abstract",
        "authors",
        "link",
        "sentTo",
        "hops",
        "evidence",
        "Receipt",
        "Witness",
        "fetchedAt",
        "ActorSnapshot",
        "genesis",
        "hash",
        "seq",
        "receivedAt",
        "seenAt",
        "room",
        "anchor",
        "block",
        "missingHere",
        "disposition",
        "Disposition",
        "reason",
        "venue",
        "nonce",
        "question",
        "facilitators",
        "Roster",
        "dates",
        "parties",
        "Party",
        "word",
        "recoveryKey",
        "letter",
        "Letter",
        "closes",
        "zone",
        "implements",
        "Delegation",
        "scope",
        "validFrom",
        "validUntil",
        "Attestation",
        "claim",
        "domain",
        "disposition",
        "Disposition",
        "reason",
        "venue",
        "Reading",
        "blocks",
        "claimsToSpeakFor",
        "grammar",
        "letter",
        "Letter",
        "closes",
        "zone",
        "MeshLink",
        "Feed",
    ] {
        terms.insert(name.into(), format!("plg:{name}").into());
    }
    for name in [
        "kind",
        "capacity",
        "stakeholderGroup",
        "status",
        "commentKind",
        "role",
        "region",
        "outcome",
        "basis",
    ] {
        terms.insert(name.into(), word(name));
    }
    for name in [
        "topic",
        "rooms",
        "log",
        "revisionDigest",
        "previousRevision",
        "onBehalfOf",
        "signedInAs",
        "delegation",
        "founder",
        "affiliation",
        "of",
        "opinion",
        "supersededBy",
        "receiptFor",
        "positionOf",
        "ofVersion",
    ] {
        terms.insert(name.into(), reference(name));
    }
    terms.insert("Hashtag".into(), "as:Hashtag".into());
    terms.insert("sensitive".into(), "as:sensitive".into());
    terms.insert("discoverable".into(), "toot:discoverable".into());
    terms.insert("indexable".into(), "toot:indexable".into());
    terms.insert("featured".into(), json!({"@id": "toot:featured", "@type": "@id"}));
    terms.insert("focalPoint".into(), json!({"@id": "toot:focalPoint", "@container": "@list"}));
    terms.insert(
        "digestMultibase".into(),
        json!({"@id": "https://w3id.org/security#digestMultibase", "@type": "https://w3id.org/security#multibase"}),
    );
    terms.insert("PropertyValue".into(), "schema:PropertyValue".into());
    terms.insert("value".into(), "schema:value".into());
    terms.insert(
        "webfinger".into(),
        "https://purl.archive.org/socialweb/webfinger#webfinger".into(),
    );
    terms.insert(
        "history".into(),
        json!({"@id": "https://w3id.org/fep/bad1/history", "@type": "@id"}),
    );
    terms.insert(
        "interactionPolicy".into(),
        json!({"@id": "gts:interactionPolicy", "@type": "@id"}),
    );
    for name in [
        "canLike",
        "canReply",
        "canAnnounce",
        "canQuote",
        "automaticApproval",
        "interactingObject",
        "interactionTarget",
    ] {
        terms.insert(name.into(), json!({"@id": format!("gts:{name}"), "@type": "@id"}));
    }
    // Consent to quotes (FEP-044f).
    for name in ["QuoteRequest", "QuoteAuthorization"] {
        terms.insert(name.into(), format!("https://w3id.org/fep/044f#{name}").into());
    }
    Value::Object(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_with_activitystreams_and_has_no_remote_context_of_ours() {
        for array in [context(), actor_context()] {
            let items = array.as_array().unwrap();
            assert_eq!(items[0], ACTIVITYSTREAMS);
            assert!(items.iter().filter_map(Value::as_str).all(|iri| !iri.contains("polylogue")));
            assert!(items.last().unwrap().is_object());
        }
    }
}

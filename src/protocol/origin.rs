//! Who may speak for what (FEP-fe34): the one answer to whether an actor's word counts for an object. The announcer's, the
//! deliverer's and the server's own word count for nothing that is another's.

use serde_json::Value;

use super::{
    paths::host_of,
    quirks::{id_of, text_of},
};

/// Whether two ids are of one host, port included; an id without a host is of none.
pub fn same_host(left: &str, right: &str) -> bool {
    let host = host_of(left);
    !host.is_empty() && host == host_of(right)
}

/// Whether `actor` may publish, change or delete `object`, given as a document: it is attributed to that actor, or is the
/// actor, and lives on the actor's host. An object that names nobody is nobody's to speak for.
pub fn may_speak_for(actor: &str, object: &Value) -> bool {
    let Some(id) = text_of(object, "id") else { return false };
    if !same_host(actor, id) {
        return false;
    }
    id == actor || id_of(object, "attributedTo").as_deref() == Some(actor)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ADA: &str = "https://a.example/p/ada";

    #[test]
    fn an_actor_speaks_for_what_is_its_own() {
        let own = json!({"id": "https://a.example/o/1", "attributedTo": ADA});
        assert!(may_speak_for(ADA, &own));
        // PeerTube writes a list of objects, of which the first is the author.
        let listed =
            json!({"id": "https://a.example/o/1", "attributedTo": [{"type": "Person", "id": ADA}]});
        assert!(may_speak_for(ADA, &listed));
        assert!(may_speak_for(ADA, &json!({"id": ADA, "type": "Person"})), "for itself");
    }

    #[test]
    fn and_for_nothing_else() {
        for (what, object) in [
            (
                "another's of the same host",
                json!({"id": "https://a.example/o/1", "attributedTo": "https://a.example/p/eve"}),
            ),
            (
                "its own by its word, on another host",
                json!({"id": "https://b.example/o/1", "attributedTo": ADA}),
            ),
            ("on another port", json!({"id": "https://a.example:8443/o/1", "attributedTo": ADA})),
            ("on a host below", json!({"id": "https://x.a.example/o/1", "attributedTo": ADA})),
            ("another actor", json!({"id": "https://a.example/p/eve", "type": "Person"})),
            ("nobody's", json!({"id": "https://a.example/o/1"})),
            (
                "the second of several authors",
                json!({"id": "https://a.example/o/1", "attributedTo": ["https://a.example/p/eve", ADA]}),
            ),
            ("without an id", json!({"attributedTo": ADA})),
            ("no address", json!({"id": "urn:x", "attributedTo": ADA})),
        ] {
            assert!(!may_speak_for(ADA, &object), "{what}");
        }
        assert!(!same_host("urn:a", "urn:b"), "no host is no common host");
    }
}

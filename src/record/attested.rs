//! What an instance signs for a guest: somebody who has no account there and signed in with the account of another server
//! (protocol 4.d P10, docs/decisions/0013). The Note is the instance's own, so that everybody can see who vouches; it
//! names the guest, who signed nothing.

use serde_json::Value;

use super::item::ItemError;
use crate::protocol::{
    paths::host_of,
    quirks::{id_of, member},
};

/// Members by which a Note takes part otherwise, in the name of who signs it: a Note is not both.
const OWN_PARTS: [&str; 4] = ["position", "disposition", "onBehalfOf", "letter"];

/// The guest for whom a text was signed.
pub fn guest_of(object: &Value) -> Option<String> {
    id_of(object, "signedInAs")
}

/// The guest of a text by `actor`; none where it is nobody's. Refuses what an instance may not attest: only the actor of
/// the instance itself does, never for who lives there, who signs, and never what an individual cannot say.
pub fn check(actor: &str, object: &Value) -> Result<Option<String>, ItemError> {
    let Some(guest) = guest_of(object) else {
        return match member(object, "attestedPosition") {
            Some(_) => Err(ItemError::Member("object.signedInAs")),
            None => Ok(None),
        };
    };
    let refused = || ItemError::NotTheirs { actor: actor.to_owned(), object: guest.clone() };
    if !is_instance(actor) || host_of(&guest).is_empty() || host_of(&guest) == host_of(actor) {
        return Err(refused());
    }
    if OWN_PARTS.iter().any(|name| member(object, name).is_some()) {
        return Err(ItemError::Member("object.signedInAs"));
    }
    Ok(Some(guest))
}

/// Whether an id is that of an instance's own actor, as this program names it: no account of a person can be it.
fn is_instance(actor: &str) -> bool {
    let path = actor.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    path.is_some_and(|(_, path)| path == "actor")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_instance_attests_for_individuals_of_other_servers_and_nobody_else_attests() {
        let (instance, ana) = ("https://cs.example/actor", "https://social.example/users/ana");
        let note = |guest: &str| json!({"signedInAs": guest, "attestedPosition": {}});
        assert_eq!(check(instance, &note(ana)), Ok(Some(ana.to_owned())));
        assert_eq!(check("https://cs.example/p/x", &json!({})), Ok(None));
        for actor in
            ["https://cs.example/p/mallory", "https://cs.example/actor/x", "https://cs.example"]
        {
            let refused = check(actor, &note(ana));
            assert!(matches!(refused, Err(ItemError::NotTheirs { .. })), "{actor}");
        }
        for guest in ["https://cs.example/p/amina", "https://cs.example/actor", "ana"] {
            let refused = check(instance, &note(guest));
            assert!(matches!(refused, Err(ItemError::NotTheirs { .. })), "{guest}");
        }
        for part in OWN_PARTS {
            let mut both = note(ana);
            both[part] = json!({"kind": "plg:support"});
            assert_eq!(check(instance, &both), Err(ItemError::Member("object.signedInAs")));
        }
        let nobody = json!({"attestedPosition": {}});
        assert_eq!(check(instance, &nobody), Err(ItemError::Member("object.signedInAs")));
    }
}

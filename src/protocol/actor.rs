//! Reads actor documents into the little that is kept of them. Tolerant of shapes, strict about whose they are: every
//! address in the document must be on the actor's own host, port included, or the actor is refused (decisions 8: an
//! inbox elsewhere would make this server a cannon against third parties).

use serde_json::Value;
use url::Url;

use super::{
    context::RFC9421_CAPABILITY,
    quirks::{attachments::picture_of, first_reference, page_of, text_of, types_of, values},
};
use crate::base::limits::URI_CHARS_MAX;

/// The capability by which instances of this protocol know each other (`implements`; protocol 4.g).
pub const MESH_CAPABILITY: &str = "https://w3id.org/polylogue/ns#plg1";
/// Most proof keys that are read from one actor.
const PROOF_KEYS_MAX: usize = 16;

/// Why a document is not taken as an actor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActorError {
    /// Its type is no actor's.
    #[error("not an actor")]
    Type,
    /// A member that an actor must have is missing or cannot be read.
    #[error("the actor's {member} is missing or malformed")]
    Malformed {
        /// The member.
        member: &'static str,
    },
    /// An address on another host than the actor's.
    #[error("the actor's {member} is on another host")]
    OtherHost {
        /// The member.
        member: &'static str,
    },
}

/// The kinds of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A human being.
    Person,
    /// An organisation that speaks as one.
    Organization,
    /// A room, a forum, a community.
    Group,
    /// A bot.
    Service,
    /// An instance, or a program.
    Application,
    /// A collection of groups (Lemmy, PieFed).
    Feed,
}

impl ActorKind {
    /// The kind of a wire type; `None` where it is no actor's.
    pub fn from_type(name: &str) -> Option<Self> {
        Some(match name {
            "Person" => Self::Person,
            "Organization" => Self::Organization,
            "Group" => Self::Group,
            "Service" => Self::Service,
            "Application" => Self::Application,
            "Feed" => Self::Feed,
            _ => return None,
        })
    }

    /// The wire type.
    pub fn as_type(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Organization => "Organization",
            Self::Group => "Group",
            Self::Service => "Service",
            Self::Application => "Application",
            Self::Feed => "Feed",
        }
    }
}

/// What is kept of an actor document. Texts are as sent: HTML is made safe where it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorDocument {
    /// Its id.
    pub uri: Url,
    /// What it is.
    pub kind: ActorKind,
    /// The name in its handle.
    pub preferred_username: Option<String>,
    /// The name it shows.
    pub name: Option<String>,
    /// HTML about it.
    pub summary: Option<String>,
    /// Its page.
    pub url: Option<Url>,
    /// Where it takes activities.
    pub inbox: Url,
    /// Where its server takes activities for all its actors.
    pub shared_inbox: Option<Url>,
    /// Its activities.
    pub outbox: Option<Url>,
    /// Who follows it.
    pub followers: Option<Url>,
    /// Whom it follows.
    pub following: Option<Url>,
    /// Id of the key its requests are signed with.
    pub public_key_id: Option<String>,
    /// That key, in PEM.
    pub public_key_pem: Option<String>,
    /// Ids and multibase forms of the keys its proofs are by (FEP-521a), those it controls itself.
    pub proof_keys: Vec<(String, String)>,
    /// The key of its `Continuity` statement, multibase (decisions 19).
    pub recovery_key: Option<String>,
    /// The stakeholder group it declares, as on the wire.
    pub stakeholder_group: Option<String>,
    /// The region it declares, as on the wire.
    pub region: Option<String>,
    /// The handle it gives itself (FEP-2c59), without a leading `acct:` or `@`.
    pub webfinger: Option<String>,
    /// Address of its picture.
    pub avatar: Option<String>,
    /// Address of its wide picture.
    pub header: Option<String>,
    /// Whether its server speaks `plg/1`.
    pub implements_mesh: bool,
    /// Whether its server says that it reads RFC 9421.
    pub reads_rfc9421: bool,
}

impl ActorDocument {
    /// Reads `document`.
    pub fn read(document: &Value) -> Result<Self, ActorError> {
        let kind = types_of(document)
            .into_iter()
            .find_map(ActorKind::from_type)
            .ok_or(ActorError::Type)?;
        let uri = document
            .get("id")
            .and_then(Value::as_str)
            .and_then(parse_url)
            .ok_or(ActorError::Malformed { member: "id" })?;
        let own =
            Own { uri: &uri, id: document.get("id").and_then(Value::as_str).unwrap_or_default() };

        let (public_key_id, public_key_pem) = own.public_key(document)?;
        let proof_keys = own.proof_keys(document)?;
        let recovery_key = document
            .get("recoveryKey")
            .and_then(|key| key.get("publicKeyMultibase").unwrap_or(key).as_str())
            .map(ToOwned::to_owned);
        let shared_inbox = own
            .address(document.get("endpoints").and_then(|e| e.get("sharedInbox")), "sharedInbox")?;
        let text = |name| {
            text_of(document, name).map(str::trim).filter(|t| !t.is_empty()).map(ToOwned::to_owned)
        };
        Ok(Self {
            kind,
            preferred_username: text("preferredUsername"),
            name: text("name"),
            summary: text("summary"),
            // Mastodon too passes over a page on another host.
            url: page_of(document).and_then(parse_url).filter(|url| own.holds(url)),
            inbox: own
                .address(document.get("inbox"), "inbox")?
                .ok_or(ActorError::Malformed { member: "inbox" })?,
            shared_inbox,
            outbox: own.address(document.get("outbox"), "outbox")?,
            followers: own.address(document.get("followers"), "followers")?,
            following: own.address(document.get("following"), "following")?,
            public_key_id,
            public_key_pem,
            proof_keys,
            recovery_key,
            stakeholder_group: text("stakeholderGroup"),
            region: text("region"),
            webfinger: text("webfinger").map(|handle| {
                let bare = handle.strip_prefix("acct:").unwrap_or(&handle);
                bare.strip_prefix('@').unwrap_or(bare).to_owned()
            }),
            avatar: picture_of(document, "icon"),
            header: picture_of(document, "image"),
            implements_mesh: implements(document, MESH_CAPABILITY),
            reads_rfc9421: implements(document, RFC9421_CAPABILITY),
            uri,
        })
    }
}

/// The actor, to compare its document's addresses with.
struct Own<'a> {
    uri: &'a Url,
    /// Its id as written: keys name their owner by it.
    id: &'a str,
}

impl Own<'_> {
    fn holds(&self, url: &Url) -> bool {
        url.origin() == self.uri.origin()
    }

    fn owns(&self, owner: Option<&str>) -> bool {
        owner.is_none_or(|owner| owner == self.id || parse_url(owner).as_ref() == Some(self.uri))
    }

    /// An address that may be absent, but not elsewhere.
    fn address(
        &self,
        value: Option<&Value>,
        member: &'static str,
    ) -> Result<Option<Url>, ActorError> {
        let Some(text) = first_reference(value) else { return Ok(None) };
        let url = parse_url(text).ok_or(ActorError::Malformed { member })?;
        if self.holds(&url) { Ok(Some(url)) } else { Err(ActorError::OtherHost { member }) }
    }

    /// Id and PEM of the first key that the actor owns; a key of another owner is as good as none.
    fn public_key(&self, document: &Value) -> Result<(Option<String>, Option<String>), ActorError> {
        for key in values(document.get("publicKey")) {
            let Some(pem) = key.get("publicKeyPem").and_then(Value::as_str) else { continue };
            let id = self.address(Some(key), "publicKey")?;
            if self.owns(key.get("owner").and_then(Value::as_str)) {
                // As written, not as `Url` would print it: signatures name it so.
                let id = id.and_then(|_| first_reference(Some(key))).map(ToOwned::to_owned);
                return Ok((id, Some(pem.to_owned())));
            }
        }
        Ok((None, None))
    }

    /// The Multikeys whose controller is the actor itself (test 33).
    fn proof_keys(&self, document: &Value) -> Result<Vec<(String, String)>, ActorError> {
        let mut keys = Vec::new();
        for key in values(document.get("assertionMethod")).iter().take(PROOF_KEYS_MAX) {
            let member = |name| key.get(name).and_then(Value::as_str);
            let (Some(id), Some(multibase)) = (member("id"), member("publicKeyMultibase")) else {
                continue;
            };
            self.address(Some(key), "assertionMethod")?;
            if self.owns(member("controller")) {
                keys.push((id.to_owned(), multibase.to_owned()));
            }
        }
        Ok(keys)
    }
}

/// Whether an actor or its server (`generator`) names a capability (FEP-844e).
fn implements(document: &Value, capability: &str) -> bool {
    let generator = document.get("generator").and_then(|generator| generator.get("implements"));
    values(document.get("implements"))
        .iter()
        .chain(values(generator))
        .any(|named| first_reference(Some(named)) == Some(capability))
}

/// A web address that may be an id: http(s), with a host, without user or password, not too long.
pub fn parse_url(text: &str) -> Option<Url> {
    if text.len() > URI_CHARS_MAX {
        return None;
    }
    Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{base::fixtures::fixtures_under, protocol::json};

    fn document() -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams"],
            "id": "https://cs.example/p/net", "type": "Organization",
            "preferredUsername": "net", "webfinger": "net@cs.example", "name": "Net", "summary": null,
            "url": ["https://cs.example/@net"],
            "inbox": "https://cs.example/p/net/inbox", "outbox": "https://cs.example/p/net/outbox",
            "followers": "https://cs.example/p/net/followers",
            "endpoints": {"sharedInbox": "https://cs.example/inbox"},
            "publicKey": {"id": "https://cs.example/p/net#main-key", "owner": "https://cs.example/p/net",
                "publicKeyPem": "PEM"},
            "assertionMethod": [
                {"id": "https://cs.example/p/net#ed25519", "type": "Multikey",
                    "controller": "https://cs.example/p/net", "publicKeyMultibase": "z6Mk1"},
                {"id": "https://cs.example/p/net#x", "type": "Multikey",
                    "controller": "https://cs.example/p/other", "publicKeyMultibase": "z6Mk2"},
                "https://cs.example/p/net#bare"
            ],
            "recoveryKey": {"type": "Multikey", "publicKeyMultibase": "z6Mk3"},
            "stakeholderGroup": "plg:civilSociety",
            "generator": {"type": "Application", "implements": [
                {"href": "https://datatracker.ietf.org/doc/html/rfc9421"},
                {"href": MESH_CAPABILITY, "name": "mesh"}
            ]}
        })
    }

    #[test]
    fn one_of_our_own_kind() {
        let actor = ActorDocument::read(&document()).unwrap();
        assert_eq!(actor.kind, ActorKind::Organization);
        assert_eq!(actor.shared_inbox.unwrap().as_str(), "https://cs.example/inbox");
        assert_eq!(
            (actor.public_key_id.as_deref(), actor.public_key_pem.as_deref()),
            (Some("https://cs.example/p/net#main-key"), Some("PEM"))
        );
        // Only the key that it controls, only keys that are there.
        assert_eq!(
            actor.proof_keys,
            [("https://cs.example/p/net#ed25519".to_owned(), "z6Mk1".to_owned())]
        );
        assert_eq!(actor.recovery_key.as_deref(), Some("z6Mk3"));
        assert_eq!(actor.stakeholder_group.as_deref(), Some("plg:civilSociety"));
        assert_eq!(actor.webfinger.as_deref(), Some("net@cs.example"));
        assert_eq!((actor.summary, actor.following), (None, None));
        assert!(actor.implements_mesh && actor.reads_rfc9421);
        assert_eq!(ActorKind::from_type(actor.kind.as_type()), Some(actor.kind));
    }

    #[test]
    fn test_57b_every_address_on_its_own_host() {
        for (pointer, member) in [
            ("/inbox", "inbox"),
            ("/outbox", "outbox"),
            ("/followers", "followers"),
            ("/endpoints/sharedInbox", "sharedInbox"),
            ("/publicKey/id", "publicKey"),
            ("/assertionMethod/0/id", "assertionMethod"),
        ] {
            for elsewhere in [
                "https://victim.example/inbox",
                "https://cs.example:8443/inbox",
                "http://cs.example/inbox",
                "https://sub.cs.example/inbox",
            ] {
                let mut changed = document();
                *changed.pointer_mut(pointer).unwrap() = json!(elsewhere);
                assert_eq!(
                    ActorDocument::read(&changed),
                    Err(ActorError::OtherHost { member }),
                    "{member} {elsewhere}"
                );
            }
        }
        // A page elsewhere is passed over, nothing is sent there.
        let mut page = document();
        page["url"] = json!("https://victim.example/");
        assert_eq!(ActorDocument::read(&page).unwrap().url, None);
    }

    #[test]
    fn what_an_actor_must_have() {
        for (member, value, error) in [
            ("type", json!("Note"), ActorError::Type),
            ("type", Value::Null, ActorError::Type),
            ("id", json!("urn:x"), ActorError::Malformed { member: "id" }),
            ("id", json!("https://u:p@cs.example/p/net"), ActorError::Malformed { member: "id" }),
            ("inbox", Value::Null, ActorError::Malformed { member: "inbox" }),
            ("outbox", json!("::"), ActorError::Malformed { member: "outbox" }),
        ] {
            let mut changed = document();
            changed[member] = value;
            assert_eq!(ActorDocument::read(&changed), Err(error), "{member}");
        }
        let mut several = document();
        several["type"] = json!(["x:Bot", "Service"]);
        several["publicKey"]["owner"] = json!("https://cs.example/p/other");
        let actor = ActorDocument::read(&several).unwrap();
        assert_eq!((actor.kind, actor.public_key_pem), (ActorKind::Service, None));
    }

    #[test]
    fn ids_at_and_one_over_the_edge() {
        let id = |length: usize| {
            let head = "https://cs.example/";
            format!("{head}{}", "a".repeat(length - head.len()))
        };
        assert!(parse_url(&id(URI_CHARS_MAX)).is_some());
        assert!(parse_url(&id(URI_CHARS_MAX + 1)).is_none());
    }

    #[test]
    fn the_actors_of_other_software() {
        let (mut read, mut keyed, mut refused) = (0, 0, Vec::new());
        for (path, bytes) in fixtures_under("incoming") {
            let Ok(document) = json::parse(&bytes) else { continue };
            match ActorDocument::read(&document) {
                Ok(actor) => {
                    read += 1;
                    keyed += usize::from(actor.public_key_pem.is_some());
                }
                Err(ActorError::Type) => {}
                Err(error) => refused.push(format!("{}: {error}", path.display())),
            }
        }
        println!("{read} actors read, {keyed} with a key, refused: {refused:#?}");
        assert!(read == 0 || (read >= 36 && keyed >= 34));
    }
}

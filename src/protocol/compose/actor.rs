//! Printing actor documents (protocol 4.a).

use serde_json::{Map, Value, json};

use super::{language, picture::Picture};
use crate::{base::clock::Timestamp, protocol::context};

/// A local actor, ready to print.
#[derive(Debug, Clone)]
pub struct Actor<'a> {
    /// Actor id.
    pub id: &'a str,
    /// `Person`, `Organization`, `Group`, `Feed` or `Application`.
    pub kind: &'a str,
    /// Handle without the host.
    pub username: &'a str,
    /// `name@domain`.
    pub webfinger: &'a str,
    /// Display name.
    pub name: &'a str,
    /// Profile, HTML.
    pub summary: &'a str,
    /// When it was made.
    pub published: Timestamp,
    /// Inbox all actors here share.
    pub shared_inbox: &'a str,
    /// RSA key as PEM.
    pub request_key_pem: &'a str,
    /// Ed25519 key, multibase.
    pub proof_key: &'a str,
    /// Public half of the recovery key, multibase.
    pub recovery_key: Option<&'a str>,
    /// Wire term and the words readable anywhere.
    pub stakeholder_group: Option<(&'a str, &'a str)>,
    /// Wire term and the words readable anywhere.
    pub region: Option<(&'a str, &'a str)>,
    /// The instance's own actor.
    pub instance: &'a str,
    /// Whether it wants to be found and recommended.
    pub discoverable: bool,
    /// What else it says of itself: name, and words as HTML.
    pub fields: Vec<(String, String)>,
    /// For a room: its topic.
    pub room: Option<Room<'a>>,
    /// Its picture, and its wide picture.
    pub pictures: [Option<Picture>; 2],
}

/// What only rooms have.
#[derive(Debug, Clone)]
pub struct Room<'a> {
    /// Topic name (RFC 6920).
    pub topic: &'a str,
    /// The question.
    pub question: &'a str,
    /// BCP 47.
    pub language: &'a str,
    /// `open`, `approve` or `closed`.
    pub link_policy: &'a str,
    /// The topic's first record.
    pub genesis: Value,
}

impl Actor<'_> {
    /// The actor document.
    pub fn print(&self) -> Value {
        let id = self.id;
        let mut document = Map::new();
        document.insert("@context".into(), context::actor_context());
        document.insert("id".into(), id.into());
        document.insert("type".into(), self.kind.into());
        document.insert("preferredUsername".into(), self.username.into());
        document.insert("webfinger".into(), self.webfinger.into());
        document.insert("name".into(), self.name.into());
        document.insert("summary".into(), self.summary.into());
        document.insert("url".into(), id.into());
        for collection in ["inbox", "outbox", "followers", "following", "featured"] {
            document.insert(collection.into(), format!("{id}/{collection}").into());
        }
        document.insert("endpoints".into(), json!({"sharedInbox": self.shared_inbox}));
        document.insert("discoverable".into(), self.discoverable.into());
        document.insert("indexable".into(), self.discoverable.into());
        document.insert("manuallyApprovesFollowers".into(), false.into());
        document.insert("published".into(), json!(self.published));
        document.insert(
            "publicKey".into(),
            json!({"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.request_key_pem}),
        );
        document.insert(
            "assertionMethod".into(),
            json!([{"id": format!("{id}#ed25519"), "type": "Multikey", "controller": id, "publicKeyMultibase": self.proof_key}]),
        );
        if let Some(key) = self.recovery_key {
            document.insert("recoveryKey".into(), key.into());
        }
        let mut fields = Vec::new();
        for (member, name, declared) in [
            ("stakeholderGroup", "Stakeholder group", self.stakeholder_group),
            ("region", "Region", self.region),
        ] {
            if let Some((term, words)) = declared {
                fields.push(json!({"type": "PropertyValue", "name": name, "value": words}));
                document.insert(member.into(), term.into());
            }
        }
        fields.extend(
            self.fields.iter().map(
                |(name, words)| json!({"type": "PropertyValue", "name": name, "value": words}),
            ),
        );
        document.insert("attachment".into(), fields.into());
        for (member, picture) in ["icon", "image"].into_iter().zip(&self.pictures) {
            if let Some(picture) = picture {
                document.insert(member.into(), picture.print());
            }
        }
        let implements = json!([
            {"href": context::MESH_CAPABILITY, "name": "Polylogue mesh, version 1"},
            {"href": context::RFC9421_CAPABILITY, "name": "RFC-9421: HTTP Message Signatures"},
        ]);
        if self.kind == "Application" {
            document.insert("implements".into(), implements);
        } else {
            document.insert(
                "generator".into(),
                json!({"type": "Application", "id": self.instance, "implements": implements}),
            );
        }
        if let Some(room) = &self.room {
            document.insert("description".into(), room.question.into());
            document.insert("attributedTo".into(), format!("{id}/moderators").into());
            document.insert("postingRestrictedToMods".into(), false.into());
            document.insert("topic".into(), room.topic.into());
            document.insert("genesis".into(), room.genesis.clone());
            document.insert("linkPolicy".into(), room.link_policy.into());
            document.insert("language".into(), json!([language::language(room.language)]));
            for collection in ["rooms", "log"] {
                document.insert(collection.into(), format!("{id}/{collection}").into());
            }
        }
        Value::Object(document)
    }
}

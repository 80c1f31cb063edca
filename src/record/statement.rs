//! Statements that a room or an instance signs itself: the genesis of a topic, receipts, actor snapshots;
//! and what organisations say of who may act for them. Printing
//! only; reading is `item`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{digest::EntryHash, proof, vocabulary};
use crate::{
    base::{clock::Timestamp, crypto::ProofKey},
    domain::{attestation::ProofLevel, delegation::Scope, vocabulary::Vocabulary},
    protocol::{compose::Anchor, context},
};

/// What a topic is founded with; its RFC 6920 name is the topic's identity (decisions 14).
#[derive(Debug, Clone)]
pub struct Genesis<'a> {
    /// Title.
    pub name: &'a str,
    /// What is to be discussed.
    pub question: &'a str,
    /// BCP 47.
    pub language: &'a str,
    /// When.
    pub created: Timestamp,
    /// Actor id of who founds it, and who signs.
    pub founder: &'a str,
    /// Random, hex: two topics with equal words are two.
    pub nonce: &'a str,
    /// Its own words for the parties; none where the eight groups are what it has.
    pub parties: Option<&'a Vocabulary>,
}

impl Genesis<'_> {
    /// The signed record: the first item of every log of the topic.
    pub fn sign(&self, key: &ProofKey, key_id: &str) -> Value {
        let mut document = json!({
            "@context": context::context(),
            "type": "plg:Topic",
            "name": self.name,
            "question": self.question,
            "language": self.language,
            "created": self.created,
            "founder": self.founder,
            "facilitators": [self.founder],
            "nonce": self.nonce,
        });
        if let (Some(parties), Some(map)) = (self.parties, document.as_object_mut()) {
            map.insert(vocabulary::MEMBER.to_owned(), vocabulary::print(parties));
        }
        signed(document, key, key_id, self.created)
    }
}

/// Who facilitates a topic from now on (decisions 14), signed by one of those who did until now.
#[derive(Debug, Clone)]
pub struct Roster<'a> {
    /// Id of the statement.
    pub id: &'a str,
    /// The topic, by name: a roster of one topic is none of another.
    pub topic: &'a str,
    /// Who signs.
    pub signer: &'a str,
    /// Actor ids, at least one.
    pub facilitators: &'a [String],
    /// The topic's dates, as the roster before names them.
    pub dates: Option<Value>,
    /// When it was signed.
    pub published: Timestamp,
}

impl Roster<'_> {
    /// The signed roster.
    pub fn sign(self, key: &ProofKey, key_id: &str) -> Value {
        let mut document = json!({
            "@context": context::context(),
            "type": "Roster",
            "id": self.id,
            "topic": self.topic,
            "attributedTo": self.signer,
            "facilitators": self.facilitators,
            "published": self.published,
        });
        if let (Some(dates), Some(map)) = (self.dates, document.as_object_mut()) {
            map.insert("dates".to_owned(), dates);
        }
        signed(document, key, key_id, self.published)
    }
}

/// A room's receipt for an act it took directly (decisions 4).
#[derive(Debug, Clone)]
pub struct Receipt<'a> {
    /// Id of the statement.
    pub id: &'a str,
    /// The room.
    pub room: &'a str,
    /// The entry it is for.
    pub hash: EntryHash,
    /// When the room took it.
    pub received_at: Timestamp,
    /// Its number in the room's log.
    pub seq: i64,
}

impl Receipt<'_> {
    /// The signed receipt.
    pub fn sign(&self, key: &ProofKey, key_id: &str) -> Value {
        let document = json!({
            "@context": context::context(),
            "type": "Receipt",
            "id": self.id,
            "room": self.room,
            "hash": self.hash.to_string(),
            "receivedAt": self.received_at,
            "seq": self.seq,
        });
        signed(document, key, key_id, self.received_at)
    }
}

/// A room's word that it fetched an object from its own server (decisions 2).
#[derive(Debug, Clone)]
pub struct Witness<'a> {
    /// Id of the statement.
    pub id: &'a str,
    /// The room.
    pub room: &'a str,
    /// Where it asked.
    pub url: &'a str,
    /// When.
    pub fetched_at: Timestamp,
    /// What it was given.
    pub object: &'a Value,
}

impl Witness<'_> {
    /// The signed statement.
    pub fn sign(&self, key: &ProofKey, key_id: &str) -> Value {
        let document = settled(json!({
            "@context": context::context(),
            "type": "Witness",
            "id": self.id,
            "room": self.room,
            "url": self.url,
            "fetchedAt": self.fetched_at,
            "object": self.object,
        }));
        signed(document, key, key_id, self.fetched_at)
    }
}

/// A Witness without what changes of its object by the hour: two rooms that ask at different times see one act.
pub fn settled(mut witness: Value) -> Value {
    if let Some(members) = witness.get_mut("object").and_then(Value::as_object_mut) {
        members.retain(|name, _| !CHANGES_BY_ITSELF.contains(&name.as_str()));
    }
    witness
}

/// Members of an object that others change.
const CHANGES_BY_ITSELF: &[&str] = &["replies", "likes", "shares", "repliesCount", "comments"];

/// An actor's keys as a room saw them (decisions 5): nothing else of the profile.
#[derive(Debug, Clone)]
pub struct Snapshot<'a> {
    /// Id of the statement.
    pub id: &'a str,
    /// The room that saw it.
    pub room: &'a str,
    /// Actor id.
    pub actor: &'a str,
    /// ActivityStreams type.
    pub actor_type: &'a str,
    /// `preferredUsername`.
    pub username: &'a str,
    /// `name@domain`, where known.
    pub webfinger: Option<&'a str>,
    /// RSA key as PEM, where known.
    pub request_key_pem: Option<&'a str>,
    /// `(key id, multibase)` of keys that may sign proofs.
    pub proof_keys: &'a [(String, String)],
    /// Public recovery key, multibase.
    pub recovery_key: Option<&'a str>,
    /// When.
    pub seen_at: Timestamp,
}

impl Snapshot<'_> {
    /// The member `keys`.
    pub fn keys(&self) -> Value {
        let mut keys: Vec<Value> = self
            .proof_keys
            .iter()
            .map(|(id, multibase)| json!({"id": id, "publicKeyMultibase": multibase}))
            .collect();
        if let Some(pem) = self.request_key_pem {
            keys.push(json!({"id": format!("{}#main-key", self.actor), "publicKeyPem": pem}));
        }
        keys.into()
    }

    /// The keys that a stored snapshot lists, with nothing else of it read: each act of somebody asks.
    pub fn keys_in(body: &[u8]) -> Option<Value> {
        #[derive(Deserialize)]
        struct Listed {
            keys: Value,
        }
        serde_json::from_slice(body).ok().map(|listed: Listed| listed.keys)
    }

    /// The signed snapshot.
    pub fn sign(&self, key: &ProofKey, key_id: &str) -> Value {
        let mut document = json!({
            "@context": context::context(),
            "type": "ActorSnapshot",
            "id": self.id,
            "room": self.room,
            "actor": self.actor,
            "actorType": self.actor_type,
            "preferredUsername": self.username,
            "keys": self.keys(),
            "seenAt": self.seen_at,
        });
        if let Some(map) = document.as_object_mut() {
            for (name, value) in [("webfinger", self.webfinger), ("recoveryKey", self.recovery_key)]
            {
                if let Some(value) = value {
                    map.insert(name.to_owned(), value.into());
                }
            }
        }
        signed(document, key, key_id, self.seen_at)
    }
}

/// An organisation's word that somebody may act for it (protocol 4.e). Without a scope it takes everything back.
#[derive(Debug, Clone)]
pub struct Delegation<'a> {
    /// Id of the statement.
    pub id: &'a str,
    /// The organisation, who signs.
    pub organisation: &'a str,
    /// Who may act for it.
    pub subject: &'a str,
    /// What they may do.
    pub scopes: &'a [Scope],
    /// From when on.
    pub valid_from: Timestamp,
    /// Until when; none for as long as it is not taken back.
    pub valid_until: Option<Timestamp>,
    /// When it was signed.
    pub published: Timestamp,
}

impl Delegation<'_> {
    /// The signed delegation.
    pub fn sign(&self, key: &ProofKey, key_id: &str) -> Value {
        let mut document = json!({
            "@context": context::context(),
            "type": "Delegation",
            "id": self.id,
            "attributedTo": self.organisation,
            "subject": self.subject,
            "scope": self.scopes.iter().map(|scope| scope.wire()).collect::<Vec<_>>(),
            "validFrom": self.valid_from,
            "published": self.published,
        });
        if let (Some(until), Some(map)) = (self.valid_until, document.as_object_mut()) {
            map.insert("validUntil".to_owned(), json!(until));
        }
        signed(document, key, key_id, self.published)
    }
}

/// What a room read in a reply by keyword (protocol 4.d P9): nobody else parses the reply.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    /// Id of the statement.
    pub id: &'a str,
    /// The room that read.
    pub room: &'a str,
    /// Hash of the entry that is the reply.
    pub of: &'a str,
    /// Its author.
    pub actor: &'a str,
    /// The opinion it is about.
    pub opinion: &'a str,
    /// Wire term of the kind, `plg:withdrawn`, or `plg:none`.
    pub kind: &'a str,
    /// The revision that the room showed.
    pub revision: i64,
    /// Its digest.
    pub revision_digest: &'a str,
    /// The passages named, n of §n.
    pub blocks: &'a [usize],
    /// The same as anchors, where it is a comment.
    pub anchors: &'a [Anchor],
    /// Whom the author says to speak for.
    pub claims_to_speak_for: Option<&'a str>,
    /// The reason, plain text.
    pub statement: Option<&'a str>,
    /// Version of the grammar.
    pub grammar: i64,
    /// When.
    pub published: Timestamp,
}

impl Reading<'_> {
    /// The signed reading.
    pub fn sign(&self, key: &ProofKey, key_id: &str) -> Value {
        let mut document = json!({
            "@context": context::context(),
            "type": "Reading",
            "id": self.id,
            "room": self.room,
            "of": self.of,
            "actor": self.actor,
            "opinion": self.opinion,
            "kind": self.kind,
            "revision": self.revision,
            "revisionDigest": self.revision_digest,
            "blocks": self.blocks,
            "grammar": self.grammar,
            "published": self.published,
        });
        if let Some(map) = document.as_object_mut() {
            for (name, value) in
                [("claimsToSpeakFor", self.claims_to_speak_for), ("statement", self.statement)]
            {
                if let Some(value) = value {
                    map.insert(name.to_owned(), value.into());
                }
            }
            if !self.anchors.is_empty() {
                let anchors: Vec<Value> = self.anchors.iter().map(Anchor::print).collect();
                map.insert("anchor".to_owned(), anchors.into());
            }
        }
        signed(document, key, key_id, self.published)
    }
}

/// An instance's or an organisation's word on who a participant is (protocol 4.e).
#[derive(Debug, Clone)]
pub struct Attestation<'a> {
    /// Id of the statement.
    pub id: &'a str,
    /// Who says so, and signs.
    pub attester: &'a str,
    /// Of whom.
    pub subject: &'a str,
    /// The domain it is about.
    pub domain: Option<&'a str>,
    /// The organisation it is about.
    pub affiliation: Option<&'a str>,
    /// On what basis.
    pub basis: ProofLevel,
    /// Until when it holds.
    pub valid_until: Option<Timestamp>,
    /// When it was signed.
    pub published: Timestamp,
}

impl Attestation<'_> {
    /// The signed attestation.
    pub fn sign(&self, key: &ProofKey, key_id: &str) -> Value {
        let mut claim = Map::new();
        for (name, value) in [("domain", self.domain), ("affiliation", self.affiliation)] {
            if let Some(value) = value {
                claim.insert(name.to_owned(), value.into());
            }
        }
        let mut document = json!({
            "@context": context::context(),
            "type": "Attestation",
            "id": self.id,
            "attributedTo": self.attester,
            "subject": self.subject,
            "claim": claim,
            "basis": self.basis.term(),
            "published": self.published,
        });
        if let (Some(until), Some(map)) = (self.valid_until, document.as_object_mut()) {
            map.insert("validUntil".to_owned(), json!(until));
        }
        signed(document, key, key_id, self.published)
    }
}

/// Adds the proof to a document that is an object.
pub fn signed(document: Value, key: &ProofKey, key_id: &str, created: Timestamp) -> Value {
    let mut map = match document {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    proof::sign(&mut map, key, key_id, created);
    Value::Object(map)
}

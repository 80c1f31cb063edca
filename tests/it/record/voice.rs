//! Signed acts made without a service: what may arrive from anywhere, in any shape that its author's key can sign.

use base64::{Engine, engine::general_purpose::STANDARD};
use polylogue::{
    base::{clock::Timestamp, crypto::ProofKey},
    domain::delegation::Scope,
    protocol::compose::{Addressing, Article, Envelope, Mandate, Note, Position},
    record::{
        digest::{EntryHash, RevisionText, topic_name},
        item::{Item, ItemError},
        statement::{Delegation, Genesis, Reading, Receipt, signed},
    },
};
use polylogue_tests::clock::OPENING;
use serde_json::{Value, json};

/// The moment some minutes after the opening.
pub(crate) const fn minute(minutes: i64) -> Timestamp {
    OPENING.plus_millis(minutes * 60_000)
}

/// Somebody with a key, on a server of their own.
pub(crate) struct Voice {
    pub(crate) host: String,
    pub(crate) uri: String,
    key: ProofKey,
}

/// One revision as its author wrote it; right in every part unless a test says otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    pub(crate) opinion: &'a str,
    pub(crate) number: i64,
    pub(crate) content: &'a str,
    pub(crate) previous: Option<String>,
    pub(crate) status: &'a str,
    /// A digest other than that of the text.
    pub(crate) digest: Option<String>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(opinion: &'a str, number: i64, content: &'a str) -> Self {
        Self { opinion, number, content, previous: None, status: "plg:open", digest: None }
    }

    pub(crate) fn after(self, previous: String) -> Self {
        Self { previous: Some(previous), ..self }
    }
}

/// What a position says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stand<'a> {
    pub(crate) kind: &'a str,
    pub(crate) statement: Option<&'a str>,
    pub(crate) for_whom: Option<&'a str>,
    /// The delegation it names.
    pub(crate) delegation: Option<&'a str>,
    pub(crate) revision: i64,
}

impl Stand<'static> {
    pub(crate) const SUPPORT: Self = Self {
        kind: "plg:support",
        statement: None,
        for_whom: None,
        delegation: None,
        revision: 1,
    };
    pub(crate) const OBJECTION: Self = Self {
        kind: "plg:objection",
        statement: Some("It says nothing of costs."),
        for_whom: None,
        delegation: None,
        revision: 1,
    };
    pub(crate) const WITHDRAWN: Self = Self {
        kind: "plg:withdrawn",
        statement: None,
        for_whom: None,
        delegation: None,
        revision: 1,
    };
}

/// A digest that some text has.
pub(crate) fn some_digest(revision: i64) -> String {
    let text = RevisionText {
        abstract_text: String::new(),
        authors: Vec::new(),
        content: String::new(),
        id: "https://a.example/o/1".to_owned(),
        lang: "en".to_owned(),
        name: String::new(),
        previous: None,
        revision,
    };
    text.digest()
}

impl Voice {
    pub(crate) fn new(name: &str, host: &str) -> Self {
        let uri = format!("https://{host}/p/{name}");
        let mut seed = [0; 32];
        for (at, byte) in uri.bytes().enumerate() {
            seed[at % 32] ^= byte;
        }
        Self { host: host.to_owned(), uri, key: ProofKey::from_seed(seed) }
    }

    /// The actor of an instance itself.
    pub(crate) fn instance(host: &str) -> Self {
        let named = Self::new("instance", host);
        Self { uri: format!("https://{host}/actor"), ..named }
    }

    fn try_sign(&self, mut document: Value, at: Timestamp) -> Result<Item, ItemError> {
        // The contexts are most of a document's bytes, and nothing that is tested here reads them.
        for part in ["", "/object"] {
            if let Some(members) = document.pointer_mut(part).and_then(Value::as_object_mut) {
                members.remove("@context");
            }
        }
        Item::of(signed(document, &self.key, &format!("{}#ed25519", self.uri), at))
    }

    pub(crate) fn sign(&self, document: Value, at: Timestamp) -> Item {
        self.try_sign(document, at).unwrap()
    }

    /// Any activity of this actor around an object, if it is an item at all.
    pub(crate) fn act(
        &self,
        number: i64,
        kind: &str,
        object: Value,
        at: Timestamp,
    ) -> Result<Item, ItemError> {
        let id = self.activity(number);
        let envelope = self.envelope(&id, at);
        self.try_sign(envelope.activity(kind, object), at)
    }

    pub(crate) fn activity(&self, number: i64) -> String {
        format!("https://{}/a/{number}", self.host)
    }

    pub(crate) fn opinion(&self, number: i64) -> String {
        format!("https://{}/o/{number}", self.host)
    }

    pub(crate) fn note(&self, number: i64) -> String {
        format!("https://{}/c/{number}", self.host)
    }

    fn envelope<'a>(&'a self, id: &'a str, published: Timestamp) -> Envelope<'a> {
        let addressing = Addressing::public(&[], &[]);
        Envelope { id, actor: &self.uri, published, addressing, audience: None }
    }

    /// The digest of a revision of this author.
    pub(crate) fn digest(&self, text: &Text<'_>) -> String {
        RevisionText {
            abstract_text: "In short.".to_owned(),
            authors: vec![self.uri.clone()],
            content: text.content.to_owned(),
            id: text.opinion.to_owned(),
            lang: "en".to_owned(),
            name: "Costs".to_owned(),
            previous: text.previous.clone(),
            revision: text.number,
        }
        .digest()
    }

    /// A revision as an `Article`.
    pub(crate) fn article(&self, text: &Text<'_>, at: Timestamp) -> Value {
        let digest = text.digest.clone().unwrap_or_else(|| self.digest(text));
        Article {
            id: text.opinion,
            author: &self.uri,
            followers: &format!("{}/followers", self.uri),
            name: "Costs",
            abstract_text: "In short.",
            content: text.content,
            source: Some(text.content),
            language: "en",
            published: at,
            updated: None,
            room: "https://a.example/t/costs",
            room_handle: "costs@a.example",
            topic: TOPIC,
            revision: text.number,
            digest: &digest,
            previous: text.previous.as_deref(),
            change_note: None,
            status: text.status,
            stakeholder_group: None,
            // Set and taken back with the status: which act's counts must not depend on the order they come in.
            letter: (text.status == "plg:open").then_some((at.plus_millis(60_000), "UTC")),
            co_authors: &[],
            superseded_by: None,
            region: None,
        }
        .print()
    }

    /// `Create` of a first revision, `Update` of a later one.
    pub(crate) fn publishes(&self, number: i64, text: &Text<'_>, at: Timestamp) -> Item {
        let kind = if text.number == 1 { "Create" } else { "Update" };
        self.act(number, kind, self.article(text, at), at).unwrap()
    }

    fn plain_note(&self, id: &str, parent: &str, words: &str, at: Timestamp) -> Value {
        Note {
            id,
            author: &self.uri,
            in_reply_to: parent,
            content: words,
            source: None,
            language: "en",
            published: at,
            addressing: Addressing::public(&[], &[]),
            audience: "https://a.example/t/costs",
            topic: TOPIC,
            context: "https://a.example/o/1/context",
            mention: None,
            anchors: &[],
            comment_kind: None,
            stakeholder_group: None,
            capacity: None,
            mandate: None,
            position: None,
            signed_in_as: None,
            pictures: &[],
        }
        .print()
    }

    pub(crate) fn comments(
        &self,
        number: i64,
        note: &str,
        parent: &str,
        words: &str,
        at: Timestamp,
    ) -> Item {
        self.act(number, "Create", self.plain_note(note, parent, words, at), at).unwrap()
    }

    pub(crate) fn edits(
        &self,
        number: i64,
        note: &str,
        parent: &str,
        words: &str,
        at: Timestamp,
    ) -> Item {
        let mut document = self.plain_note(note, parent, words, OPENING);
        document["updated"] = json!(at);
        self.act(number, "Update", document, at).unwrap()
    }

    /// A position as a `Like`.
    pub(crate) fn likes(
        &self,
        number: i64,
        opinion: &str,
        stand: Stand<'_>,
        at: Timestamp,
    ) -> Item {
        let digest = some_digest(stand.revision);
        let id = self.activity(number);
        self.sign(self.envelope(&id, at).like(opinion, &position(stand, &digest)), at)
    }

    /// A position as a reply `Note`.
    pub(crate) fn states(
        &self,
        number: i64,
        note: &str,
        opinion: &str,
        stand: Stand<'_>,
        at: Timestamp,
    ) -> Item {
        let digest = some_digest(stand.revision);
        let mut document = self.plain_note(note, opinion, "A position.", at);
        let like = self.envelope(note, at).like(opinion, &position(stand, &digest));
        document["position"] = like["position"].clone();
        self.act(number, "Create", document, at).unwrap()
    }

    /// A position that this instance signs for a guest.
    pub(crate) fn states_for(
        &self,
        (number, guest): (i64, &Self),
        note: &str,
        opinion: &str,
        stand: Stand<'_>,
        at: Timestamp,
    ) -> Result<Item, ItemError> {
        let digest = some_digest(stand.revision);
        let mut document = self.plain_note(note, opinion, "A guest's position.", at);
        let like = self.envelope(note, at).like(opinion, &position(stand, &digest));
        document["attestedPosition"] = like["position"].clone();
        document["signedInAs"] = json!(guest.uri);
        self.act(number, "Create", document, at)
    }

    /// A comment that this instance signs for a guest, or a new version of it.
    pub(crate) fn comments_for(
        &self,
        (number, guest): (i64, &Self),
        kind: &str,
        note: &str,
        opinion: &str,
        at: Timestamp,
    ) -> Result<Item, ItemError> {
        let mut document = self.plain_note(note, opinion, "A guest's words.", at);
        document["signedInAs"] = json!(guest.uri);
        if kind == "Update" {
            document["updated"] = json!(at);
        }
        self.act(number, kind, document, at)
    }

    pub(crate) fn undoes(&self, number: i64, act: &Item, at: Timestamp) -> Item {
        let id = self.activity(number);
        self.sign(self.envelope(&id, at).undo(&act.document), at)
    }

    pub(crate) fn deletes(&self, number: i64, object: &str, at: Timestamp) -> Item {
        let id = self.activity(number);
        self.sign(self.envelope(&id, at).delete(object, "Note"), at)
    }

    /// A receipt by a room on this actor's host.
    pub(crate) fn attests(&self, number: i64, hash: EntryHash, received_at: Timestamp) -> Item {
        let id = format!("https://{}/s/{number}", self.host);
        let room = format!("https://{}/t/costs", self.host);
        let receipt = Receipt { id: &id, room: &room, hash, received_at, seq: number };
        Item::of(receipt.sign(&self.key, &format!("{room}#ed25519"))).unwrap()
    }

    /// What a room on this actor's host read in a reply.
    pub(crate) fn reads(
        &self,
        number: i64,
        reply: &Item,
        opinion: &str,
        (kind, revision): (&str, i64),
        at: Timestamp,
    ) -> Item {
        let room = format!("https://{}/t/costs", self.host);
        let reading = Reading {
            id: &format!("https://{}/s/{number}", self.host),
            room: &room,
            of: &reply.hash.to_string(),
            actor: &reply.actor,
            opinion,
            kind,
            revision,
            revision_digest: &some_digest(revision),
            blocks: &[2],
            anchors: &[],
            claims_to_speak_for: Some("Ministry of X"),
            statement: (kind != "plg:none").then_some("For a reason."),
            grammar: 1,
            published: at,
        };
        Item::of(reading.sign(&self.key, &format!("{room}#ed25519"))).unwrap()
    }

    /// A delegation by this actor, from a moment on; without a scope it takes everything back.
    pub(crate) fn delegates(
        &self,
        number: i64,
        subject: &str,
        scopes: &[Scope],
        (from, until): (Timestamp, Option<Timestamp>),
        at: Timestamp,
    ) -> Item {
        let delegation = Delegation {
            id: &format!("https://{}/d/{number}", self.host),
            organisation: &self.uri,
            subject,
            scopes,
            valid_from: from,
            valid_until: until,
            published: at,
        };
        Item::of(delegation.sign(&self.key, &format!("{}#ed25519", self.uri))).unwrap()
    }

    /// The genesis of a topic.
    pub(crate) fn founds(&self, nonce: &str) -> Item {
        let genesis = Genesis {
            parties: None,
            name: "Costs",
            question: "Who pays?",
            language: "en",
            created: OPENING,
            founder: &self.uri,
            nonce,
        };
        Item::of(genesis.sign(&self.key, &format!("{}#ed25519", self.uri))).unwrap()
    }
}

/// The topic that every opinion here names.
pub(crate) const TOPIC: &str = "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk";

fn position<'a>(stand: Stand<'a>, digest: &'a str) -> Position<'a> {
    Position {
        kind: stand.kind,
        capacity: if stand.for_whom.is_some() { "plg:organization" } else { "plg:individual" },
        mandate: stand
            .for_whom
            .map(|on_behalf_of| Mandate { on_behalf_of, delegation: stand.delegation }),
        role: None,
        stakeholder_group: Some("plg:civilSociety"),
        region: None,
        revision: stand.revision,
        digest,
        statement: stand.statement,
    }
}

/// The same act, unsigned, in the request that delivered it to a host at a time.
pub(crate) fn delivered(item: &Item, host: &str, at: Timestamp) -> Item {
    let mut activity = item.document.clone();
    if let Some(members) = activity.as_object_mut() {
        members.remove("proof");
    }
    let seconds = u64::try_from(at.as_seconds()).unwrap_or_default();
    let date = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    let evidence = json!({
        "type": "plg:HttpSignatureEvidence",
        "method": "post",
        "target": "/inbox",
        "headers": {"host": host, "date": httpdate::fmt_http_date(date)},
        "signatureHeader": format!("keyId=\"{}#main-key\"", item.actor),
        "body": STANDARD.encode(serde_json::to_vec(&activity).unwrap()),
    });
    Item::of(evidence).unwrap()
}

#[test]
fn the_topic_of_these_tests_is_no_topic_of_anyone() {
    let genesis = Voice::new("amina", "a.example").founds("1");
    assert_ne!(topic_name(&genesis.document), TOPIC);
}

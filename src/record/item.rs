//! One item of a topic's record: a signed act or statement, read once into what the fold and the log need to
//! know about it. Reading refuses what is malformed or claims what is not its author's; it looks at no key.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{
    attested, canonical,
    digest::{self, EntryHash},
};
use crate::{
    base::{clock::Timestamp, crypto::sha256, limits},
    protocol::{
        json,
        paths::host_of,
        quirks::{id_of, member, plain_term, posts, text_of, time_of, type_of, types_of},
    },
};

/// Type of an item that is the HTTP signature which delivered its act (protocol 4.f.5 V4).
pub const EVIDENCE_TYPE: &str = "plg:HttpSignatureEvidence";

const ACTS: &[&str] = &["Create", "Update", "Delete", "Like", "Undo"];

/// What sort of item it is (decisions 5). The list is open: a later version adds kinds, and the log's column is
/// text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The topic's first record: name, question, founder.
    Genesis,
    /// Facilitators and dates.
    Roster,
    /// Something a participant did.
    Act,
    /// A room's word that it took an act directly, and when.
    Receipt,
    /// An actor's keys at first sight.
    Snapshot,
    /// A room's word that it fetched an object.
    Witness,
    /// A room's reading of a reply by keyword.
    Reading,
    /// Who vouches for whom.
    Attestation,
    /// Who may act for an organisation.
    Delegation,
    /// A change of keys, or the link of an old account to a new.
    Key,
    /// What a room's moderators did.
    Moderation,
}

impl Kind {
    /// The word in the log's `kind` column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::Roster => "roster",
            Self::Act => "act",
            Self::Receipt => "receipt",
            Self::Snapshot => "snapshot",
            Self::Witness => "witness",
            Self::Reading => "reading",
            Self::Attestation => "attestation",
            Self::Delegation => "delegation",
            Self::Key => "key",
            Self::Moderation => "moderation",
        }
    }

    /// Reads what [`Self::word`] writes.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    const ALL: [Self; 11] = [
        Self::Genesis,
        Self::Roster,
        Self::Act,
        Self::Receipt,
        Self::Snapshot,
        Self::Witness,
        Self::Reading,
        Self::Attestation,
        Self::Delegation,
        Self::Key,
        Self::Moderation,
    ];

    fn of_type(name: &str) -> Option<Self> {
        if ACTS.contains(&name) {
            return Some(Self::Act);
        }
        Some(match plain_term(name) {
            "Topic" => Self::Genesis,
            "Roster" => Self::Roster,
            "Receipt" => Self::Receipt,
            "ActorSnapshot" => Self::Snapshot,
            "Witness" => Self::Witness,
            "Reading" => Self::Reading,
            "Attestation" => Self::Attestation,
            "Delegation" => Self::Delegation,
            "Continuity" | "KeyStatement" => Self::Key,
            "ModerationStatement" => Self::Moderation,
            _ => return None,
        })
    }
}

/// Why a document is no item of any record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    /// A member that every item of this type has is missing or of the wrong shape.
    #[error("`{0}` is missing or malformed")]
    Member(&'static str),
    /// A type that no record holds.
    #[error("the type `{0}` is not one that a record holds")]
    UnknownType(String),
    /// Larger than an entry may be.
    #[error("larger than {max_bytes} bytes")]
    TooLarge {
        /// The limit, in bytes.
        max_bytes: usize,
    },
    /// A longer id than is taken.
    #[error(
        "an id is longer than {} characters, or ids together than {} bytes",
        limits::URI_CHARS_MAX,
        limits::CELL_BYTES_MAX
    )]
    LongId,
    /// The actor acts on what is another's (protocol 4.f.5 V3).
    #[error("{actor} may not act on {object}")]
    NotTheirs {
        /// Who acted.
        actor: String,
        /// On what.
        object: String,
    },
    /// Text with U+0000 in it, which PostgreSQL cannot keep: what only some rooms can hold none holds.
    #[error("a text holds the character U+0000")]
    Nul,
    /// Evidence whose body is not the activity it should be.
    #[error("the evidence holds no readable activity")]
    Evidence,
}

/// One item, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name in the set (protocol 4.f.1).
    pub hash: EntryHash,
    /// What sort it is.
    pub kind: Kind,
    /// Id of the activity or statement; a genesis goes by the topic's name.
    pub id: String,
    /// ActivityStreams type of an act, our type for a statement.
    pub act_type: String,
    /// Whose word it is: the activity's actor, the room of a statement, the founder of a genesis.
    pub actor: String,
    /// What it is about: object id, undone activity, hash of a receipt.
    pub object: Option<String>,
    /// Folds items about the same thing together (decisions 2).
    pub act_digest: String,
    /// As its author dated it.
    pub published: Option<Timestamp>,
    /// The part of the state it changes.
    pub cell: Option<Cell>,
    /// The activity or statement itself.
    pub document: Value,
    /// The delivery evidence, where the item is one.
    pub evidence: Option<Value>,
}

/// What was found out about an item when it was taken in ([`Item`] says what each is).
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each is said at the item")]
pub struct Known {
    pub hash: EntryHash,
    pub kind: Kind,
    pub id: String,
    pub act_type: String,
    pub actor: String,
    pub object: Option<String>,
    pub act_digest: String,
    pub published: Option<Timestamp>,
    pub cell: Option<Cell>,
}

/// A part of the state that is folded on its own: everything in it depends on the items of the cell, on the
/// receipts, Undos and Deletes that name them, on a principal's own delegations, and on nothing else. That makes the order of arrival irrelevant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cell {
    /// An opinion with its revisions, by object id.
    Opinion(String),
    /// A comment with its versions, by object id.
    Comment(String),
    /// Positions in one principal's name: opinion and principal, with the claims of others to speak for it.
    Line(String, String),
    /// What others attest of one participant, by actor id.
    Attested(String),
}

impl Cell {
    /// As stored in the log's `cell` column.
    pub fn to_column(&self) -> String {
        match self {
            Self::Opinion(uri) => format!("o {uri}"),
            Self::Comment(uri) => format!("c {uri}"),
            Self::Line(opinion, line) => format!("p {opinion} {line}"),
            Self::Attested(subject) => format!("w {subject}"),
        }
    }

    /// Read back from the column.
    pub fn from_column(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ')?;
        match kind {
            "o" => Some(Self::Opinion(rest.to_owned())),
            "c" => Some(Self::Comment(rest.to_owned())),
            "w" => Some(Self::Attested(rest.to_owned())),
            "p" => rest.split_once(' ').map(|(o, line)| Self::Line(o.to_owned(), line.to_owned())),
            _ => None,
        }
    }
}

impl Item {
    /// Reads an item from its bytes: an activity or statement with its proof, or evidence.
    pub fn read(bytes: &[u8]) -> Result<Self, ItemError> {
        if bytes.len() > limits::ENTRY_BYTES_MAX {
            return Err(ItemError::TooLarge { max_bytes: limits::ENTRY_BYTES_MAX });
        }
        let limits = json::Limits { depth: limits::ENTRY_DEPTH_MAX, ..json::Limits::default() };
        let document = json::parse_with(bytes, limits).map_err(|_e| ItemError::Member("item"))?;
        Self::of(document)
    }

    /// Reads an item that is parsed already. It holds its document exactly as its hash and its proof have it: order of
    /// members and spelling of numbers are in neither, so that whoever passes it on could change them.
    pub fn of(document: Value) -> Result<Self, ItemError> {
        let document = canonical::normal(document);
        let digest = sha256(&canonical::to_bytes(&document));
        if types_of(&document).contains(&EVIDENCE_TYPE) {
            let activity = canonical::normal(evidence_activity(&document)?);
            return Self::of_act(activity, Some(document), &digest);
        }
        Self::of_act(document, None, &digest)
    }

    /// An item that this log took in before: read, checked and hashed then, and never changed since. `known` is what was
    /// found; the rest is read from the same bytes.
    pub fn known(known: Known, bytes: &[u8]) -> Result<Self, ItemError> {
        let parsed = serde_json::from_slice(bytes).map_err(|_damaged| ItemError::Member("item"))?;
        let document = canonical::normal(parsed);
        let (document, evidence) = if types_of(&document).contains(&EVIDENCE_TYPE) {
            (canonical::normal(evidence_activity(&document)?), Some(document))
        } else {
            (document, None)
        };
        let Known { hash, kind, id, act_type, actor, object, act_digest, published, cell } = known;
        Ok(Self {
            hash,
            kind,
            id,
            act_type,
            actor,
            object,
            act_digest,
            published,
            cell,
            document,
            evidence,
        })
    }

    /// `digest` is that of the whole item. Of evidence the evidence is the item (decisions 2): the same act delivered
    /// to two hosts is two items of the set, and which of them attests a time does not depend on which came first.
    fn of_act(
        document: Value,
        evidence: Option<Value>,
        digest: &[u8; 32],
    ) -> Result<Self, ItemError> {
        let name = type_of(&document, ACTS).ok_or(ItemError::Member("type"))?.to_owned();
        let kind = Kind::of_type(&name).ok_or_else(|| ItemError::UnknownType(name.clone()))?;
        let (id, actor, object) = match kind {
            Kind::Genesis => {
                let founder = id_of(&document, "founder").ok_or(ItemError::Member("founder"))?;
                (digest::topic_name(&document), founder, None)
            }
            Kind::Act => {
                let id = text_of(&document, "id").ok_or(ItemError::Member("id"))?.to_owned();
                let actor = id_of(&document, "actor").ok_or(ItemError::Member("actor"))?;
                let object = id_of(&document, "object").ok_or(ItemError::Member("object"))?;
                (id, actor, Some(object))
            }
            _ => {
                let id = text_of(&document, "id").ok_or(ItemError::Member("id"))?.to_owned();
                let actor = ["room", "attributedTo", "actor"]
                    .iter()
                    .find_map(|member| id_of(&document, member))
                    .ok_or(ItemError::Member("room"))?;
                let names: &[&str] = match kind {
                    Kind::Witness => &["object"],
                    _ => &["hash", "of", "subject", "actor"],
                };
                let object = names.iter().find_map(|m| id_of(&document, m));
                (id, actor, object)
            }
        };
        for uri in [Some(&id), Some(&actor), object.as_ref()].into_iter().flatten() {
            check_id(uri, "id")?;
        }
        if holds_nul(&document) {
            return Err(ItemError::Nul);
        }
        let host = host_of(&actor);
        if host.is_empty() {
            return Err(ItemError::Member("actor"));
        }
        if kind != Kind::Genesis && host_of(&id) != host {
            return Err(ItemError::NotTheirs { actor, object: id });
        }
        let cell = match (kind, &object) {
            (Kind::Act, _) => cell_of(&name, &actor, &document)?,
            (Kind::Reading, _) => cell_of_reading(&document)?,
            (Kind::Witness, _) => cell_of_witness(&document)?,
            (Kind::Attestation, Some(subject)) => Some(Cell::Attested(subject.clone())),
            _ => None,
        };
        if cell.as_ref().is_some_and(|cell| cell.to_column().len() > limits::CELL_BYTES_MAX) {
            return Err(ItemError::LongId);
        }
        Ok(Self {
            hash: digest::entry_hash_of(&id, digest),
            kind,
            act_digest: digest::act_digest(&document),
            published: ["published", "receivedAt", "fetchedAt"]
                .iter()
                .find_map(|name| time_of(&document, name)),
            act_type: match kind {
                // What is gone at its origin is deleted, whoever found that.
                Kind::Witness if cell.is_none() => "Delete".to_owned(),
                _ => plain_term(&name).to_owned(),
            },
            id,
            actor,
            object,
            cell,
            document,
            evidence,
        })
    }

    /// Exactly what the log holds for this item.
    pub fn log_document(&self) -> &Value {
        self.evidence.as_ref().unwrap_or(&self.document)
    }

    /// Whose word it is, where an instance signed it for somebody who signed in there with the account of another server
    /// (docs/decisions/0013).
    pub fn signed_in_as(&self) -> Option<String> {
        if self.kind != Kind::Act {
            return None;
        }
        attested::guest_of(member(&self.document, "object")?)
    }

    /// Who speaks: the guest whom an instance attests, else the actor.
    pub fn voice(&self) -> String {
        self.signed_in_as().unwrap_or_else(|| self.actor.clone())
    }

    /// What the act made and a Delete of it names: the text of a `Create` or `Update`, else the act itself. The opinion
    /// that a `Like` is about is not the `Like`'s own: who deletes an opinion takes back no position on it.
    pub fn own_object(&self) -> &str {
        match (self.act_type.as_str(), &self.object) {
            ("Create" | "Update" | "Witness", Some(object)) => object,
            _ => &self.id,
        }
    }

    /// The act that a Witness of a text stands for, as the fold takes it (decisions 2): its author's, known by the hash of
    /// the Witness. Of every other item the item itself.
    #[must_use]
    pub fn seen(self) -> Self {
        if self.kind != Kind::Witness || self.cell.is_none() {
            return self;
        }
        let Some(object) = member(&self.document, "object").cloned() else { return self };
        let Some(author) = id_of(&object, "attributedTo") else { return self };
        let published = time_of(&object, "updated").or_else(|| time_of(&object, "published"));
        let document = serde_json::json!({
            "type": "Create", "id": self.id, "actor": author, "published": published, "object": object,
        });
        Self {
            kind: Kind::Act,
            act_type: "Create".to_owned(),
            actor: author,
            published,
            document,
            evidence: None,
            ..self
        }
    }

    /// Whether the item asks to be undone or deleted, or attests a time: it changes cells of others.
    pub fn is_modifier(&self) -> bool {
        self.kind == Kind::Receipt || matches!(self.act_type.as_str(), "Undo" | "Delete")
    }
}

/// An id as the log can keep it: in an index of every database, and in a column with others.
fn check_id(uri: &str, member: &'static str) -> Result<(), ItemError> {
    if uri.chars().count() > limits::URI_CHARS_MAX || uri.len() > limits::CELL_BYTES_MAX {
        return Err(ItemError::LongId);
    }
    if uri.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(ItemError::Member(member));
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => {
            members.iter().any(|(name, member)| name.contains('\0') || holds_nul(member))
        }
        _ => false,
    }
}

/// The activity inside delivery evidence.
fn evidence_activity(evidence: &Value) -> Result<Value, ItemError> {
    let body = text_of(evidence, "body").ok_or(ItemError::Evidence)?;
    let bytes = STANDARD.decode(body).map_err(|_e| ItemError::Evidence)?;
    if bytes.len() > limits::EVIDENCE_BODY_BYTES_MAX {
        return Err(ItemError::TooLarge { max_bytes: limits::EVIDENCE_BODY_BYTES_MAX });
    }
    json::parse(&bytes).map_err(|_e| ItemError::Evidence)
}

/// A Reading that finds a position belongs to the line of the reply's author; one that finds none changes the comment
/// alone, which it names.
fn cell_of_reading(document: &Value) -> Result<Option<Cell>, ItemError> {
    let ids = |name: &'static str| {
        let id = id_of(document, name).ok_or(ItemError::Member(name))?;
        check_id(&id, name).map(|()| id)
    };
    let (opinion, author) = (ids("opinion")?, ids("actor")?);
    let finds = text_of(document, "kind").is_some_and(|kind| plain_term(kind) != "none");
    Ok(finds.then_some(Cell::Line(opinion, author)))
}

/// Which cell an act belongs to, after the checks of authority (protocol 4.f.5 V3).
fn cell_of(name: &str, actor: &str, activity: &Value) -> Result<Option<Cell>, ItemError> {
    let Some(object) = member(activity, "object") else { return Ok(None) };
    match name {
        "Like" => {
            let Some(opinion) = id_of(activity, "object") else { return Ok(None) };
            let Some(position) = member(activity, "position") else { return Ok(None) };
            Ok(Some(Cell::Line(opinion, principal_of(actor, position)?)))
        }
        "Create" | "Update" => cell_of_text(actor, object),
        "Delete" => {
            let id = id_of(activity, "object").unwrap_or_default();
            if host_of(&id) != host_of(actor) {
                return Err(ItemError::NotTheirs { actor: actor.to_owned(), object: id });
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Which cell a text belongs to that `actor` published.
fn cell_of_text(actor: &str, object: &Value) -> Result<Option<Cell>, ItemError> {
    // A bare id is the slim form for others (G4): it is no entry.
    let Some(id) = text_of(object, "id") else { return Err(ItemError::Member("object")) };
    let kind = type_of(object, posts::TEXTS).unwrap_or_default();
    if !posts::TEXTS.contains(&kind) {
        return Err(ItemError::UnknownType(kind.to_owned()));
    }
    let author = id_of(object, "attributedTo").ok_or(ItemError::Member("object.attributedTo"))?;
    // Without this a server could publish in another's name: AP §7.2, FEP-fe34.
    if author != actor || host_of(id) != host_of(actor) {
        return Err(ItemError::NotTheirs { actor: actor.to_owned(), object: id.to_owned() });
    }
    let guest = attested::check(actor, object)?;
    // A room's answer to a reply is nobody's act, and read by no room; the words of a `Like` are in the record with
    // that `Like`.
    for (name, what) in [("receiptFor", "receipt"), ("positionOf", "echo of a position")] {
        if member(object, name).is_some() {
            return Err(ItemError::UnknownType(what.to_owned()));
        }
    }
    let parent = id_of(object, "inReplyTo");
    if let Some(parent) = &parent {
        check_id(parent, "object.inReplyTo")?;
    }
    if let Some(guest) = guest {
        check_id(&guest, "object.signedInAs")?;
        return Ok(match (parent, member(object, "attestedPosition")) {
            (Some(opinion), Some(_)) => Some(Cell::Line(opinion, guest)),
            (Some(_), None) => Some(Cell::Comment(id.to_owned())),
            (None, _) => None,
        });
    }
    Ok(match (parent, member(object, "position")) {
        (Some(opinion), Some(position)) => {
            Some(Cell::Line(opinion, principal_of(actor, position)?))
        }
        (Some(_), None) => Some(Cell::Comment(id.to_owned())),
        (None, _) if posts::may_be_opinion(object) => Some(Cell::Opinion(id.to_owned())),
        (None, _) => None,
    })
}

/// Of a text that was fetched the cell it has itself; of one that is gone none. What takes part in the record by its
/// members has a proof of its author, and needs no witness.
fn cell_of_witness(document: &Value) -> Result<Option<Cell>, ItemError> {
    let object = member(document, "object").filter(|object| object.is_object());
    let object = object.ok_or(ItemError::Member("object"))?;
    if types_of(object).contains(&"Tombstone") {
        return Ok(None);
    }
    let author = id_of(object, "attributedTo").ok_or(ItemError::Member("object.attributedTo"))?;
    match cell_of_text(&author, object)? {
        Some(Cell::Line(..)) | None => Err(ItemError::Member("object")),
        cell => Ok(cell),
    }
}

/// In whose name a position is taken (decisions 9): the actor's own, or another's as claimed. What was confirmed of a
/// claim the fold decides, over all that is in the name of one principal together.
fn principal_of(actor: &str, position: &Value) -> Result<String, ItemError> {
    match id_of(position, "onBehalfOf") {
        Some(claimed) if claimed != actor => {
            check_id(&claimed, "position.onBehalfOf")?;
            Ok(claimed)
        }
        _ => Ok(actor.to_owned()),
    }
}

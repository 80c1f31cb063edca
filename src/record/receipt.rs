//! The file that the author of an act keeps, and what can be told from it without asking anybody: whether the room
//! signed the receipt, whether the entry is the one it names and is signed by its author, and whether a log holds it.

use serde_json::{Value, json};

use super::{
    digest::EntryHash,
    item::{Item, Kind},
    proof::{self, ProofHead},
};
use crate::{
    base::{
        clock::Timestamp,
        crypto::{ProofPublicKey, RequestPublicKey, sha256},
    },
    protocol::{
        http_signature::Evidence,
        json,
        quirks::{id_of, member, number_of, one_or_many, text_of, time_of},
    },
};

/// The member that says which form the file has.
const FORMAT: &str = "polylogue-receipt-1";

/// A receipt with all that is needed to check it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The receipt as the room signed it.
    pub receipt: Value,
    /// The entry it is for: an activity or statement with its proof, or delivery evidence. None where its words were
    /// deleted since.
    pub entry: Option<Value>,
    /// Snapshots of the actors whose keys are needed, as the room's log holds them.
    pub keys: Vec<Value>,
}

/// Why a file is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoBundle {
    /// No JSON of ours at all.
    #[error("it is not JSON that can be read: {0}")]
    Json(String),
    /// JSON of another kind.
    #[error("it is no receipt as Polylogue writes them: `format` is not `{FORMAT}`")]
    Format,
    /// A member is missing.
    #[error("`{0}` is missing or malformed")]
    Member(&'static str),
}

impl Bundle {
    /// As it stands in the file.
    pub fn print(&self) -> Value {
        json!({"format": FORMAT, "receipt": self.receipt, "entry": self.entry, "keys": self.keys})
    }

    /// Reads the file.
    pub fn read(bytes: &[u8]) -> Result<Self, NoBundle> {
        let file = json::parse(bytes).map_err(|error| NoBundle::Json(error.to_string()))?;
        if text_of(&file, "format") != Some(FORMAT) {
            return Err(NoBundle::Format);
        }
        let receipt = member(&file, "receipt").filter(|receipt| receipt.is_object());
        Ok(Self {
            receipt: receipt.ok_or(NoBundle::Member("receipt"))?.clone(),
            entry: member(&file, "entry").cloned(),
            keys: one_or_many(&file, "keys").into_iter().cloned().collect(),
        })
    }
}

/// Entries of a log that was got from somewhere else than the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogPart {
    /// The room whose log it says it is, where it says so.
    room: Option<String>,
    entries: Vec<LogEntry>,
}

#[derive(Debug, Clone, PartialEq)]
struct LogEntry {
    seq: Option<i64>,
    document: Value,
}

impl LogPart {
    /// Reads a page of a log, or its items one to a line.
    pub fn read(bytes: &[u8]) -> Result<Self, NoBundle> {
        if let Ok(page) = json::parse(bytes)
            && page.get("orderedItems").is_some()
        {
            let room =
                id_of(&page, "partOf").and_then(|log| log.strip_suffix("/log").map(str::to_owned));
            let items = one_or_many(&page, "orderedItems");
            return Ok(Self { room, entries: items.into_iter().filter_map(log_entry).collect() });
        }
        let mut entries = Vec::new();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty())
        {
            let item = json::parse(line).map_err(|error| NoBundle::Json(error.to_string()))?;
            entries.push(log_entry(&item).ok_or(NoBundle::Member("item"))?);
        }
        Ok(Self { room: None, entries })
    }
}

fn log_entry(item: &Value) -> Option<LogEntry> {
    let document = ["activity", "evidence", "item"].iter().find_map(|name| member(item, name))?;
    Some(LogEntry { seq: number_of(item, "seq"), document: document.clone() })
}

/// What is known without the file.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The room's key.
    pub room_key: Option<ProofPublicKey>,
    /// Part of a log.
    pub log: Option<LogPart>,
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It does.
    Holds,
    /// It holds as far as the file goes: whoever reads it has to know so.
    Caution,
    /// It does not.
    Fails,
}

/// One check and what came of it, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What came of it.
    pub outcome: Outcome,
    /// In words.
    pub sentence: String,
}

impl Finding {
    fn holds(sentence: impl Into<String>) -> Self {
        Self { outcome: Outcome::Holds, sentence: sentence.into() }
    }

    fn caution(sentence: impl Into<String>) -> Self {
        Self { outcome: Outcome::Caution, sentence: sentence.into() }
    }

    fn fails(sentence: impl Into<String>) -> Self {
        Self { outcome: Outcome::Fails, sentence: sentence.into() }
    }
}

/// Eight bytes of a key's SHA-256, in groups that can be read out to somebody.
pub fn fingerprint(key: ProofPublicKey) -> String {
    let digest = sha256(&key.0);
    let shown: Vec<String> = digest.chunks(2).take(4).map(hex::encode).collect();
    shown.join(" ")
}

/// What the receipt says.
struct Said {
    room: String,
    hash: EntryHash,
    seq: i64,
    received_at: Timestamp,
}

/// Checks a receipt, one finding for each thing that is checked.
pub fn check(bundle: &Bundle, known: &Known, now: Timestamp) -> Vec<Finding> {
    let said = match read_receipt(&bundle.receipt) {
        Ok(said) => said,
        Err(finding) => return vec![finding],
    };
    let mut findings = vec![Finding::holds(format!(
        "The receipt says: {} took the entry {} as no. {} of its log at {}.",
        said.room, said.hash, said.seq, said.received_at
    ))];
    findings.extend(check_room(bundle, known, &said, now));
    let entry = bundle.entry.as_ref().map(|entry| Item::of(entry.clone()));
    match &entry {
        Some(Ok(item)) => {
            findings.push(check_hash(item, &said));
            findings.push(check_author(item, bundle, known, now));
        }
        Some(Err(error)) => {
            findings.push(Finding::fails(format!("The entry is none of a record: {error}.")));
        }
        None => findings.push(Finding::caution(
            "The entry is not in the file, since its words were deleted: its hash cannot be computed again.",
        )),
    }
    let entry = entry.and_then(Result::ok);
    if let Some(log) = &known.log {
        findings.push(check_log(log, &said, entry.as_ref()));
    }
    findings
}

fn read_receipt(receipt: &Value) -> Result<Said, Finding> {
    let item = Item::of(receipt.clone())
        .map_err(|error| Finding::fails(format!("The receipt is none: {error}.")))?;
    if item.kind != Kind::Receipt {
        return Err(Finding::fails("The receipt is a statement of another kind."));
    }
    let hash = text_of(receipt, "hash").and_then(|text| text.parse().ok());
    match (hash, number_of(receipt, "seq"), time_of(receipt, "receivedAt")) {
        (Some(hash), Some(seq), Some(received_at)) => {
            Ok(Said { room: item.actor, hash, seq, received_at })
        }
        _ => Err(Finding::fails("The receipt names no entry, no number or no time.")),
    }
}

/// Where a key is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// It was given by hand.
    Given,
    /// A log that was given holds it.
    Log,
    /// The file itself says it.
    File,
}

/// The room's signature, and whose key it is.
fn check_room(bundle: &Bundle, known: &Known, said: &Said, now: Timestamp) -> Vec<Finding> {
    let method = match ProofHead::of(&bundle.receipt) {
        Ok(Some(head)) => head.verification_method,
        Ok(None) => return vec![Finding::fails("The receipt bears no signature.")],
        Err(error) => return vec![Finding::fails(format!("The receipt is not signed: {error}."))],
    };
    if !is_key_of(&method, &said.room) {
        let sentence = format!("The receipt is signed with {method}, no key of {}.", said.room);
        return vec![Finding::fails(sentence)];
    }
    let found = match known.room_key {
        Some(key) => Some((key, Source::Given)),
        None => proof_key(&bundle.keys, known, &said.room, &method),
    };
    let Some((key, source)) = found else {
        return vec![Finding::fails(format!(
            "The key {method} is not in the file: give it with --key, as {} publishes it.",
            said.room
        ))];
    };
    if let Err(error) = proof::verify(&bundle.receipt, &key, now) {
        return vec![Finding::fails(format!(
            "The receipt is not signed by the key {} of {}: {error}.",
            key.to_multibase(),
            said.room
        ))];
    }
    let signed = Finding::holds("The signature under the receipt is by that room’s key.");
    let name = key.to_multibase();
    let whose = match source {
        Source::Given => Finding::holds(format!("The key is the one you gave: {name}.")),
        Source::Log => Finding::holds(format!("The log names the same key: {name}.")),
        Source::File => Finding::caution(format!(
            "The key is known from this file alone. Compare it with the one at {}: {name}, fingerprint {}.",
            said.room,
            fingerprint(key)
        )),
    };
    vec![signed, whose]
}

fn is_key_of(method: &str, actor: &str) -> bool {
    method.strip_prefix(actor).is_some_and(|rest| rest.starts_with('#'))
}

/// Snapshots of an actor: of a log that was given first.
fn snapshots<'a>(
    keys: &'a [Value],
    known: &'a Known,
    actor: &'a str,
) -> impl Iterator<Item = (&'a Value, Source)> {
    let log = known.log.iter().flat_map(|log| &log.entries);
    log.map(|entry| (&entry.document, Source::Log))
        .chain(keys.iter().map(|document| (document, Source::File)))
        .filter(move |(document, _)| {
            text_of(document, "type") == Some("ActorSnapshot")
                && id_of(document, "actor").as_deref() == Some(actor)
        })
}

fn proof_key(
    keys: &[Value],
    known: &Known,
    actor: &str,
    method: &str,
) -> Option<(ProofPublicKey, Source)> {
    snapshots(keys, known, actor).find_map(|(snapshot, source)| {
        let listed = one_or_many(snapshot, "keys");
        let key = listed.into_iter().find(|key| text_of(key, "id") == Some(method))?;
        let multibase = text_of(key, "publicKeyMultibase")?;
        Some((ProofPublicKey::from_multibase(multibase).ok()?, source))
    })
}

fn check_hash(item: &Item, said: &Said) -> Finding {
    if item.hash == said.hash {
        Finding::holds("The entry in the file has the hash that the receipt names.")
    } else {
        Finding::fails(format!(
            "The entry in the file has the hash {}, and the receipt is for {}.",
            item.hash, said.hash
        ))
    }
}

/// The author's own signature: the proof in the act, or the request that delivered it.
fn check_author(item: &Item, bundle: &Bundle, known: &Known, now: Timestamp) -> Finding {
    let whose = |source: Source, sentence: String| match source {
        Source::File => {
            Finding::caution(format!("{sentence} Their key is known from this file alone."))
        }
        Source::Given | Source::Log => Finding::holds(sentence),
    };
    if let Some(evidence) = &item.evidence {
        let found = snapshots(&bundle.keys, known, &item.actor).find_map(|(snapshot, source)| {
            let keys = one_or_many(snapshot, "keys");
            let pem = keys.into_iter().find_map(|key| text_of(key, "publicKeyPem"))?;
            Some((RequestPublicKey::from_pem(pem).ok()?, source))
        });
        let Some((key, source)) = found else {
            return Finding::fails(format!("No key of {} is in the file.", item.actor));
        };
        return match Evidence::from_json(evidence).and_then(|evidence| evidence.verify(&key)) {
            Ok(_) => whose(
                source,
                format!("The entry was delivered under the signature of {}.", item.actor),
            ),
            Err(error) => Finding::fails(format!(
                "The entry was not delivered under the signature of {}: {error}.",
                item.actor
            )),
        };
    }
    let mut least = Source::Log;
    let embedded = member(&item.document, "object").filter(|object| object.get("proof").is_some());
    for document in std::iter::once(&item.document).chain(embedded) {
        let method = match ProofHead::of(document) {
            Ok(Some(head)) => head.verification_method,
            Ok(None) => return Finding::fails("The entry bears no signature."),
            Err(error) => return Finding::fails(format!("The entry is not signed: {error}.")),
        };
        let found = if is_key_of(&method, &item.actor) {
            proof_key(&bundle.keys, known, &item.actor, &method)
        } else {
            None
        };
        let Some((key, source)) = found else {
            return Finding::fails(format!(
                "The key {method} of {} is not in the file.",
                item.actor
            ));
        };
        if let Err(error) = proof::verify(document, &key, now) {
            return Finding::fails(format!("The entry is not signed by {}: {error}.", item.actor));
        }
        if source == Source::File {
            least = Source::File;
        }
    }
    whose(least, format!("The entry is signed by its author, {}.", item.actor))
}

/// Whether the log holds the entry, and under the number that the receipt names.
fn check_log(log: &LogPart, said: &Said, entry: Option<&Item>) -> Finding {
    let held = log.entries.iter().find(|held| {
        // What a log says a document's hash is counts for nothing: it is computed.
        Item::of(held.document.clone()).is_ok_and(|item| item.hash == said.hash)
    });
    let own = log.room.as_ref().is_none_or(|room| *room == said.room);
    let room = log.room.as_deref().unwrap_or(&said.room);
    match held {
        Some(held) if own && held.seq.is_some_and(|seq| seq != said.seq) => {
            Finding::fails(format!(
                "The log of {room} holds the entry as no. {}, and the receipt says no. {}.",
                held.seq.unwrap_or_default(),
                said.seq
            ))
        }
        Some(held) => Finding::holds(match held.seq {
            Some(seq) => format!("The log of {room} holds the entry, as no. {seq}."),
            None => format!("The log of {room} holds the entry."),
        }),
        None if own && log.entries.iter().any(|held| held.seq == Some(said.seq)) => {
            Finding::fails(format!("No. {} of the log of {room} is another entry.", said.seq))
        }
        None => {
            let what = entry.map_or("the entry", |item| item.id.as_str());
            Finding::fails(format!("What was given of the log of {room} does not hold {what}."))
        }
    }
}

#[cfg(test)]
mod tests;

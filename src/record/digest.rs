//! The names by which the record knows things: entry hashes (4.f.1), act digests (decisions 2), revision digests
//! (decisions 11) and topic names (decisions 14). All are SHA-256 over RFC 8785 canonical JSON; two rooms that
//! compute a different one from the same document cannot agree, so nothing here may change within plg/1.

use std::{fmt, str::FromStr};

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::canonical;
use crate::base::crypto::sha256;

/// How an RFC 6920 name of a SHA-256 digest begins, as the wire writes it.
const NI_PREFIX: &str = "ni:///sha-256;";

/// How a SHA-256 digest begins as a multihash: the code of the function and the length.
const SHA2_256: [u8; 2] = [0x12, 0x20];

/// Members that are not part of an act: proofs travel apart from it, the rest differs by who fetched it or to whom
/// it was sent (decisions 2).
const NOT_IN_ACT: [&str; 8] =
    ["proof", "signature", "@context", "replies", "likes", "shares", "to", "cc"];

/// Types that decide what an act digest is over; of several in one `type` the first of these counts (test 70).
const ACT_TYPES: [&str; 9] = [
    "Create",
    "Update",
    "Witness",
    "Delete",
    "Like",
    "Undo",
    "Announce",
    "Attestation",
    "Delegation",
];

/// RFC 8785 canonical JSON.
pub fn jcs(value: &Value) -> Vec<u8> {
    canonical::to_bytes(value)
}

/// The RFC 6920 name of a digest: `ni:///sha-256;` and base64url without padding.
pub fn ni(digest: &[u8; 32]) -> String {
    format!("{NI_PREFIX}{}", BASE64URL_NOPAD.encode(digest))
}

/// A SHA-256 digest as a multihash in multibase: how the bytes of a file are named in documents (FEP-1311).
pub fn multibase(digest: &[u8; 32]) -> String {
    let multihash = [SHA2_256.as_slice(), digest].concat();
    format!("z{}", bs58::encode(multihash).into_string())
}

/// Whether a file has the digest that a document says.
pub fn is_of(bytes: &[u8], multibase_digest: &str) -> bool {
    multibase(&sha256(bytes)) == multibase_digest
}

/// Reads what [`ni`] writes; `None` for every other form, so that a digest has one spelling.
pub fn parse_ni(name: &str) -> Option<[u8; 32]> {
    let digest = BASE64URL_NOPAD.decode(name.strip_prefix(NI_PREFIX)?.as_bytes()).ok()?;
    digest.try_into().ok()
}

/// The hash of an entry: what sets of the record are made of. Ordered by its bytes, written as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryHash(pub [u8; 32]);

/// Text that is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entry hash is 64 lower-case hexadecimal digits")]
pub struct NotAnEntryHash;

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for EntryHash {
    type Err = NotAnEntryHash;

    fn from_str(text: &str) -> Result<Self, NotAnEntryHash> {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(NotAnEntryHash);
        }
        let mut out = [0; 32];
        hex::decode_to_slice(text, &mut out).ok().ok_or(NotAnEntryHash)?;
        Ok(Self(out))
    }
}

impl Serialize for EntryHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntryHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The key of the entry that `document` (as signed, with its proof; or the evidence) is: its id, a line feed, and the digest of its
/// canonical form (4.f.1). Two documents under one id have two keys.
pub fn entry_key(id: &str, document: &Value) -> String {
    entry_key_of(id, &sha256(&jcs(document)))
}

fn entry_key_of(id: &str, digest: &[u8; 32]) -> String {
    format!("{id}\n{}", BASE64URL_NOPAD.encode(digest))
}

/// SHA-256 of the entry key. It can be recomputed from a stub, which keeps the key's digest (decisions 21).
pub fn entry_hash(id: &str, document: &Value) -> EntryHash {
    entry_hash_of(id, &sha256(&jcs(document)))
}

/// The entry hash where the digest of the canonical form is known.
pub fn entry_hash_of(id: &str, digest: &[u8; 32]) -> EntryHash {
    EntryHash(sha256(entry_key_of(id, digest).as_bytes()))
}

/// The digest that items about one act share, whoever delivered or fetched it (decisions 2): over the object for
/// Create, Update and Witness, where it is embedded, and over the activity for all else, without the members that
/// are not part of the act.
pub fn act_digest(document: &Value) -> String {
    let embedded = document.get("object").filter(|object| {
        object.is_object() && matches!(act_type(document), Some("Create" | "Update" | "Witness"))
    });
    ni(&sha256(&canonical::to_bytes_without(embedded.unwrap_or(document), &NOT_IN_ACT)))
}

fn act_type(document: &Value) -> Option<&str> {
    let known = |value: &Value| {
        let found = value.as_str()?;
        ACT_TYPES.into_iter().find(|name| *name == found)
    };
    match document.get("type")? {
        Value::Array(types) => types.iter().find_map(known),
        one => known(one),
    }
}

/// The text of one revision: all that its readers read and its supporters stand for (decisions 11). Strings are
/// exactly as delivered; nothing is normalised or sanitised before hashing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionText {
    /// The abstract, without the generated "Revision n." of `summary`.
    pub abstract_text: String,
    /// Actor ids of the authors, `attributedTo` among them; order and repetition do not matter.
    pub authors: Vec<String>,
    /// HTML as delivered.
    pub content: String,
    /// The opinion's id.
    pub id: String,
    /// BCP 47 tag of the text (`language.identifier`).
    pub lang: String,
    /// The title.
    pub name: String,
    /// The digest of the revision before it; none for the first.
    pub previous: Option<String>,
    /// Number of the revision, from 1.
    pub revision: i64,
}

impl RevisionText {
    /// The name that every position on this revision gives.
    pub fn digest(&self) -> String {
        let mut authors: Vec<&str> = self.authors.iter().map(String::as_str).collect();
        authors.sort_unstable();
        authors.dedup();
        ni(&sha256(&jcs(&json!({
            "abstract": self.abstract_text,
            "authors": authors,
            "content": self.content,
            "id": self.id,
            "lang": self.lang,
            "name": self.name,
            "previous": self.previous,
            "revision": self.revision,
        }))))
    }
}

/// The name of a topic: over its genesis record without the proof (decisions 14), so that it is fixed before anyone
/// signs.
pub fn topic_name(genesis: &Value) -> String {
    ni(&sha256(&canonical::to_bytes_without(genesis, &["proof"])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fixtures::fixture_json;

    #[test]
    fn canonical_form_is_rfc_8785() {
        let value: Value = serde_json::from_str(
            "{\"b\":[56.0,1E30,4.50,2e-3,1e-27,-0.0,333333333.33333329],\"\\u20ac\":\"\\u000f\\n\\\"\",\"a\":null}",
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(jcs(&value)).unwrap(),
            "{\"a\":null,\"b\":[56,1e+30,4.5,0.002,1e-27,0,333333333.3333333],\"€\":\"\\u000f\\n\\\"\"}"
        );
        // Keys are ordered by UTF-16 units: U+1F600 (surrogates) before U+FB33, unlike by code points.
        let keys = json!({"\u{fb33}": 1, "\u{1f600}": 2});
        assert_eq!(String::from_utf8(jcs(&keys)).unwrap(), "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }

    #[test]
    fn a_file_is_named_by_its_bytes() {
        let name = multibase(&sha256(b"Hello World!"));
        let multihash = bs58::decode(name.strip_prefix('z').unwrap()).into_vec().unwrap();
        assert_eq!(multihash, [&[0x12, 0x20], sha256(b"Hello World!").as_slice()].concat());
        assert!(is_of(b"Hello World!", &name));
        assert!(!is_of(b"Hello World?", &name) && !is_of(b"Hello World!", &name.to_lowercase()));
    }

    #[test]
    fn names_and_hashes_have_one_spelling() {
        let digest = sha256(b"Hello World!");
        // The example of RFC 6920, section 8.1.
        assert_eq!(ni(&digest), "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk");
        assert_eq!(parse_ni(&ni(&digest)), Some(digest));
        for wrong in [
            "",
            "ni:///sha-256;",
            "ni:///sha-256;f4Ox",
            "f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk",
        ] {
            assert_eq!(parse_ni(wrong), None);
        }
        assert_eq!(parse_ni(&format!("{}=", ni(&digest))), None);

        let hash = EntryHash(digest);
        let text = hash.to_string();
        assert_eq!(text.parse(), Ok(hash));
        assert_eq!(serde_json::to_value(hash).unwrap(), json!(text));
        assert_eq!(serde_json::from_value::<EntryHash>(json!(text)).unwrap(), hash);
        assert_eq!(text.to_uppercase().parse::<EntryHash>(), Err(NotAnEntryHash));
        assert_eq!(text.get(..62).unwrap().parse::<EntryHash>(), Err(NotAnEntryHash));
        assert_eq!(format!("{text}00").parse::<EntryHash>(), Err(NotAnEntryHash));
    }

    #[test]
    fn one_act_however_it_came() {
        let note = json!({"id": "https://a.example/1", "type": "Note", "content": "x"});
        let mut fetched = note.clone();
        fetched["replies"] = json!("https://a.example/1/replies");
        fetched["likes"] = json!({"totalItems": 3});
        fetched["@context"] = json!("https://www.w3.org/ns/activitystreams");
        fetched["cc"] = json!([]);
        let create = json!({"type": "Create", "id": "https://a.example/2", "object": note});
        let witness = json!({"type": "Witness", "id": "https://b.example/s/1", "object": fetched});
        let both = json!({"type": ["Create", "x:Post"], "object": note});
        assert_eq!(act_digest(&create), act_digest(&witness));
        assert_eq!(act_digest(&create), act_digest(&both));

        let mut edited = create.clone();
        edited["object"]["content"] = json!("y");
        assert_ne!(act_digest(&create), act_digest(&edited));
        // Not embedded, or another type: the activity itself.
        let slim =
            json!({"type": "Create", "id": "https://a.example/2", "object": "https://a.example/1"});
        assert_ne!(act_digest(&slim), act_digest(&create));
        let undo = |id: &str| json!({"type": "Undo", "id": id, "object": note});
        assert_ne!(
            act_digest(&undo("https://a.example/3")),
            act_digest(&undo("https://a.example/4"))
        );
        // Only the top level is bared: a `to` within a member is part of the act.
        let mut inner = create.clone();
        inner["object"]["position"] = json!({"to": "x"});
        let mut other = inner.clone();
        other["object"]["position"] = json!({"to": "y"});
        assert_ne!(act_digest(&inner), act_digest(&other));
    }

    #[test]
    fn authors_are_a_set() {
        let text = |authors: &[&str]| RevisionText {
            abstract_text: "a".into(),
            authors: authors.iter().map(ToString::to_string).collect(),
            content: "<p>c</p>".into(),
            id: "https://a.example/o/1".into(),
            lang: "en".into(),
            name: "n".into(),
            previous: None,
            revision: 1,
        };
        assert_eq!(text(&["b", "a", "b"]).digest(), text(&["a", "b"]).digest());
        assert_ne!(text(&["a"]).digest(), text(&["a", "b"]).digest());
        let mut later = text(&["a"]);
        later.previous = Some(text(&["a"]).digest());
        assert_ne!(later.digest(), text(&["a"]).digest());
    }

    #[test]
    fn a_topic_is_named_before_it_is_signed() {
        let genesis = json!({"type": "plg:Topic", "name": "t", "nonce": "1"});
        let mut signed = genesis.clone();
        signed["proof"] = json!({"proofValue": "z1"});
        assert_eq!(topic_name(&genesis), topic_name(&signed));
        assert_ne!(topic_name(&genesis), topic_name(&json!({"type": "plg:Topic", "nonce": "2"})));
    }

    #[test]
    fn the_fixtures_are_reproduced() {
        let (Some(expected), Some(like)) =
            (fixture_json("proof/expected.json"), fixture_json("proof/like-with-position.json"))
        else {
            return;
        };
        let id = like["id"].as_str().unwrap();
        assert_eq!(entry_key(id, &like), expected["entryKey"].as_str().unwrap());
        assert_eq!(entry_hash(id, &like).to_string(), expected["entryHash"].as_str().unwrap());
        assert_eq!(act_digest(&like), expected["actDigest"].as_str().unwrap());
        assert_eq!(
            hex::encode(sha256(&canonical::to_bytes_without(&like, &["proof"]))),
            expected["sha256JcsDocument"].as_str().unwrap()
        );
        assert_eq!(
            hex::encode(sha256(&canonical::to_bytes_without(&like["proof"], &["proofValue"]))),
            expected["sha256JcsProofOptions"].as_str().unwrap()
        );
        let records = expected["canonicalTextRecords"].as_array().unwrap();
        let text = |record: &Value, name: &str| record[name].as_str().unwrap().to_owned();
        for (record, digest) in records.iter().zip(expected["revisionDigests"].as_array().unwrap())
        {
            let revision = RevisionText {
                abstract_text: text(record, "abstract"),
                authors: record["authors"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|author| author.as_str().unwrap().to_owned())
                    .collect(),
                content: text(record, "content"),
                id: text(record, "id"),
                lang: text(record, "lang"),
                name: text(record, "name"),
                previous: record["previous"].as_str().map(ToOwned::to_owned),
                revision: record["revision"].as_i64().unwrap(),
            };
            assert_eq!(&revision.digest(), digest.as_str().unwrap());
        }
        assert_eq!(records.len(), 3);
    }
}

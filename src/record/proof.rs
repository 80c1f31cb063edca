//! Proofs inside documents: FEP-8b32 with `eddsa-jcs-2022`, both ways. Knows nothing of whose key a key is: the
//! caller looks up [`ProofHead::verification_method`] in the actor's own document (4.f.5 V2) and gives the key.
//!
//! A proof that is *not read* (another suite, another purpose, expired) says nothing, and other evidence decides;
//! a proof that is *invalid* is a forgery or damage, and the document is refused whatever else it brings (tests 34, 37).

use serde_json::{Map, Value};

use super::digest::jcs;
use crate::base::{
    clock::Timestamp,
    crypto::{ProofKey, ProofPublicKey, sha256},
    limits::SIGNATURE_WINDOW_SECONDS,
};

const PROOF_TYPE: &str = "DataIntegrityProof";
const CRYPTOSUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";
/// 64 bytes take at most 88 characters in base58, and the `z`: longer text would only cost time.
const PROOF_VALUE_CHARS_MAX: usize = 89;

/// Why a proof does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The document has none.
    #[error("there is no proof")]
    Absent,
    /// A kind of proof that is not read here: another type or suite, or several proofs at once.
    #[error("not a proof that is read here: {what}")]
    Unsupported {
        /// The type or suite it names.
        what: String,
    },
    /// Made for another purpose than `assertionMethod`.
    #[error("the proof is not for assertionMethod")]
    Purpose,
    /// Past its own `expires`.
    #[error("the proof expired at {at}")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// A member that is missing or of the wrong form.
    #[error("the proof's {member} is missing or malformed")]
    Malformed {
        /// Its name.
        member: &'static str,
    },
    /// Dated more than an hour ahead of our clock.
    #[error("the proof is dated {created}, in the future")]
    Future {
        /// The date it gives.
        created: Timestamp,
    },
    /// The proof's `@context` does not begin the document's.
    #[error("the proof's @context is not a prefix of the document's")]
    Context,
    /// The signature is not by this key over this document.
    #[error("the proof's signature does not verify")]
    Signature,
}

impl ProofError {
    /// Whether the document is to be refused for it and its bearer charged; otherwise it is as if there were no
    /// proof, and delivery evidence or a fetch decides.
    pub fn is_invalid(&self) -> bool {
        match self {
            Self::Absent | Self::Unsupported { .. } | Self::Purpose | Self::Expired { .. } => false,
            Self::Malformed { .. } | Self::Future { .. } | Self::Context | Self::Signature => true,
        }
    }
}

/// What a proof says about itself, before any key is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofHead {
    /// Id of the key it claims.
    pub verification_method: String,
    /// When it says it was made.
    pub created: Option<Timestamp>,
    /// When it says it ends.
    pub expires: Option<Timestamp>,
    signature: [u8; 64],
}

impl ProofHead {
    /// Reads the proof of `document`; `Ok(None)` where it has none.
    pub fn of(document: &Value) -> Result<Option<Self>, ProofError> {
        proof_of(document)?.map(Self::read).transpose()
    }

    fn read(proof: &Map<String, Value>) -> Result<Self, ProofError> {
        let text = |member: &'static str| {
            proof.get(member).and_then(Value::as_str).ok_or(ProofError::Malformed { member })
        };
        let time = |member: &'static str| match proof.get(member) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(Timestamp::parse_rfc3339)
                .map(Some)
                .ok_or(ProofError::Malformed { member }),
        };
        let kind = text("type")?;
        if kind != PROOF_TYPE {
            return Err(ProofError::Unsupported { what: kind.chars().take(100).collect() });
        }
        let suite = text("cryptosuite")?;
        if suite != CRYPTOSUITE {
            return Err(ProofError::Unsupported { what: suite.chars().take(100).collect() });
        }
        if text("proofPurpose")? != PURPOSE {
            return Err(ProofError::Purpose);
        }
        let signature = text("proofValue")?
            .strip_prefix('z')
            .filter(|value| value.len() < PROOF_VALUE_CHARS_MAX)
            .and_then(|value| bs58::decode(value).into_vec().ok())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(ProofError::Malformed { member: "proofValue" })?;
        Ok(Self {
            verification_method: text("verificationMethod")?.to_owned(),
            created: time("created")?,
            expires: time("expires")?,
            signature,
        })
    }
}

/// The one proof of `document`. FEP-8b32 allows one at most; a list of one is the same thing said otherwise.
fn proof_of(document: &Value) -> Result<Option<&Map<String, Value>>, ProofError> {
    match document.get("proof") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(proof)) => Ok(Some(proof)),
        Some(Value::Array(proofs)) => match proofs.as_slice() {
            [] => Ok(None),
            [Value::Object(proof)] => Ok(Some(proof)),
            [_] => Err(ProofError::Malformed { member: "proof" }),
            [_, _, ..] => Err(ProofError::Unsupported { what: "several proofs".to_owned() }),
        },
        Some(_) => Err(ProofError::Malformed { member: "proof" }),
    }
}

/// Signs `document` in place: adds `proof`, whose `@context` is the document's where it has one. A proof or linked
/// data signature that stood there is taken out first: they were over other bytes.
pub fn sign(
    document: &mut Map<String, Value>,
    key: &ProofKey,
    verification_method: &str,
    created: Timestamp,
) {
    document.remove("proof");
    document.remove("signature");
    let mut proof = Map::new();
    for (name, value) in [
        ("type", PROOF_TYPE),
        ("cryptosuite", CRYPTOSUITE),
        ("verificationMethod", verification_method),
        ("proofPurpose", PURPOSE),
        ("created", created.to_rfc3339_seconds().as_str()),
    ] {
        proof.insert(name.to_owned(), value.into());
    }
    if let Some(context) = document.get("@context") {
        proof.insert("@context".to_owned(), context.clone());
    }
    let bare = Value::Object(std::mem::take(document));
    let options = Value::Object(proof);
    let signature = key.sign(&hash_data(&options, &bare));
    // Taken apart again rather than cloned: a document may be half a megabyte.
    if let (Value::Object(members), Value::Object(mut proof)) = (bare, options) {
        let value = format!("z{}", bs58::encode(signature).into_string());
        proof.insert("proofValue".to_owned(), value.into());
        *document = members;
        document.insert("proof".to_owned(), proof.into());
    }
}

/// Whether the proof of `document` is by `key` and counts at `now`. Cheap checks come first.
pub fn verify(document: &Value, key: &ProofPublicKey, now: Timestamp) -> Result<(), ProofError> {
    let proof = proof_of(document)?.ok_or(ProofError::Absent)?;
    let head = ProofHead::read(proof)?;
    if let Some(at) = head.expires.filter(|expires| *expires <= now) {
        return Err(ProofError::Expired { at });
    }
    let latest = now.plus_millis(SIGNATURE_WINDOW_SECONDS * 1000);
    if let Some(created) = head.created.filter(|created| *created > latest) {
        return Err(ProofError::Future { created });
    }

    let mut options = proof.clone();
    options.remove("proofValue");
    let mut bare = document.as_object().cloned().unwrap_or_default();
    bare.remove("proof");
    bare.remove("signature");
    // Without a context in the proof nothing is put in its place (test 32: so Mitra signs).
    if let Some(context) = options.get("@context") {
        if !is_prefix(context, bare.get("@context")) {
            return Err(ProofError::Context);
        }
        bare.insert("@context".to_owned(), context.clone());
    }
    let data = hash_data(&Value::Object(options), &Value::Object(bare));
    if key.verify(&data, &head.signature) { Ok(()) } else { Err(ProofError::Signature) }
}

/// What `eddsa-jcs-2022` signs: the digest of the options, then the digest of the bare document.
fn hash_data(options: &Value, bare: &Value) -> [u8; 64] {
    let mut out = [0; 64];
    let (head, tail) = out.split_at_mut(32);
    head.copy_from_slice(&sha256(&jcs(options)));
    tail.copy_from_slice(&sha256(&jcs(bare)));
    out
}

/// Whether the context `head` begins the context `whole`; a single context is a list of one.
fn is_prefix(head: &Value, whole: Option<&Value>) -> bool {
    fn list(context: &Value) -> &[Value] {
        context.as_array().map_or(std::slice::from_ref(context), Vec::as_slice)
    }
    whole.is_some_and(|whole| list(whole).starts_with(list(head)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::fixtures::fixture_json;

    /// The secret key of FEP-8b32's test vector, a multicodec key (1300) of 32 bytes.
    const FEP_SECRET: &str = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";
    const FEP_PROOF: &str =
        "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL";
    const FEP_METHOD: &str = "https://server.example/users/alice#ed25519-key";

    fn fep_key() -> ProofKey {
        let bytes = bs58::decode(FEP_SECRET.get(1..).unwrap()).into_vec().unwrap();
        assert_eq!(bytes[..2], [0x80, 0x26], "multicodec 1300 as a varint");
        ProofKey::from_seed(bytes[2..].try_into().unwrap())
    }

    fn fep_document() -> Map<String, Value> {
        let document = json!({
            "@context": [
                "https://www.w3.org/ns/activitystreams",
                "https://w3id.org/security/data-integrity/v2"
            ],
            "id": "https://server.example/activities/1",
            "type": "Create",
            "actor": "https://server.example/users/alice",
            "object": {
                "id": "https://server.example/objects/1",
                "type": "Note",
                "attributedTo": "https://server.example/users/alice",
                "content": "Hello world",
                "location": {"type": "Place", "longitude": -71.184_902, "latitude": 25.273_962}
            }
        });
        document.as_object().unwrap().clone()
    }

    fn time(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    fn now() -> Timestamp {
        time("2023-02-24T23:40:00Z")
    }

    fn signed() -> Value {
        let mut document = fep_document();
        sign(&mut document, &fep_key(), FEP_METHOD, time("2023-02-24T23:36:38Z"));
        Value::Object(document)
    }

    /// `document` signed anew after `change` of its proof options: valid but for what was changed.
    fn signed_with(change: impl FnOnce(&mut Map<String, Value>)) -> Value {
        let mut document = signed();
        let mut options = document["proof"].as_object().unwrap().clone();
        options.remove("proofValue");
        change(&mut options);
        let mut bare = document.clone();
        bare.as_object_mut().unwrap().remove("proof");
        let signature = fep_key().sign(&hash_data(&Value::Object(options.clone()), &bare));
        options.insert(
            "proofValue".to_owned(),
            format!("z{}", bs58::encode(signature).into_string()).into(),
        );
        document["proof"] = options.into();
        document
    }

    #[test]
    fn test_29_the_vector_of_fep_8b32() {
        let document = signed();
        assert_eq!(document["proof"]["proofValue"], FEP_PROOF);
        assert_eq!(verify(&document, &fep_key().public(), now()), Ok(()));
        let head = ProofHead::of(&document).unwrap().unwrap();
        assert_eq!(head.verification_method, FEP_METHOD);
        assert_eq!(head.created, Some(time("2023-02-24T23:36:38Z")));
        assert_eq!(ProofHead::of(&Value::Object(fep_document())), Ok(None));
        assert_eq!(
            verify(&Value::Object(fep_document()), &fep_key().public(), now()),
            Err(ProofError::Absent)
        );
    }

    #[test]
    fn test_30_the_signed_like_is_reproduced() {
        let (Some(expected), Some(like)) =
            (fixture_json("proof/expected.json"), fixture_json("proof/like-with-position.json"))
        else {
            return;
        };
        let key = ProofKey::from_seed(sha256(b"polylogue protocol example key 1"));
        let multibase = expected["publicKeyMultibase"].as_str().unwrap();
        assert_eq!(key.public().to_multibase(), multibase);
        let created = time("2026-09-21T10:15:00Z");
        assert_eq!(
            verify(&like, &ProofPublicKey::from_multibase(multibase).unwrap(), created),
            Ok(())
        );
        let mut again = like.as_object().unwrap().clone();
        sign(&mut again, &key, "https://cs.example/p/amina#ed25519", created);
        assert_eq!(again["proof"]["proofValue"], expected["proofValue"]);
        assert_eq!(Value::Object(again), like);
    }

    #[test]
    fn the_vectors_of_w3c() {
        let (Some(document), Some(keys)) = (
            fixture_json("proof/w3c/eddsa-jcs-2022/signedJCS.json"),
            fixture_json("proof/w3c/keyPair.json"),
        ) else {
            return;
        };
        let key =
            ProofPublicKey::from_multibase(keys["publicKeyMultibase"].as_str().unwrap()).unwrap();
        assert_eq!(verify(&document, &key, now()), Ok(()));
        let mut again =
            fixture_json("proof/w3c/unsigned.json").unwrap().as_object().unwrap().clone();
        let method = document["proof"]["verificationMethod"].as_str().unwrap();
        sign(&mut again, &fep_key(), method, time("2023-02-24T23:36:38Z"));
        assert_eq!(Value::Object(again), document);
    }

    #[test]
    fn test_31_order_does_not_matter_and_every_value_does() {
        let key = fep_key().public();
        // Members in reverse order, with white space: the same document.
        let object = signed();
        let members: Vec<String> = object
            .as_object()
            .unwrap()
            .iter()
            .rev()
            .map(|(name, value)| format!(" {}  :\n{value:#}", json!(name)))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        let reread = crate::protocol::json::parse(text.as_bytes()).unwrap();
        assert_eq!(verify(&reread, &key, now()), Ok(()));

        for (pointer, value) in [
            ("/id", json!("https://server.example/activities/2")),
            ("/object/content", json!("Hello, world")),
            ("/object/location/latitude", json!(25.273_963)),
            ("/proof/created", json!("2023-02-24T23:36:39Z")),
            ("/proof/verificationMethod", json!("https://server.example/users/bob#ed25519-key")),
        ] {
            let mut changed = signed();
            *changed.pointer_mut(pointer).unwrap() = value;
            assert_eq!(verify(&changed, &key, now()), Err(ProofError::Signature), "{pointer}");
        }
        let mut added = signed();
        added["object"]["name"] = json!("x");
        assert_eq!(verify(&added, &key, now()), Err(ProofError::Signature));
        let mut shortened = signed();
        shortened["@context"] = json!(["https://www.w3.org/ns/activitystreams"]);
        assert_eq!(verify(&shortened, &key, now()), Err(ProofError::Context));
        let other = ProofKey::from_seed([1; 32]).public();
        assert_eq!(verify(&signed(), &other, now()), Err(ProofError::Signature));
    }

    #[test]
    fn test_32_contexts() {
        let key = fep_key().public();
        let without = signed_with(|options| {
            options.remove("@context");
        });
        assert_eq!(verify(&without, &key, now()), Ok(()));

        // More contexts after the signed ones are allowed (W3C: the proof's must be a prefix).
        let mut longer = signed();
        longer["@context"].as_array_mut().unwrap().push(json!({"x": "https://x.example/"}));
        assert_eq!(verify(&longer, &key, now()), Ok(()));
        let mut swapped = signed();
        swapped["@context"].as_array_mut().unwrap().reverse();
        assert_eq!(verify(&swapped, &key, now()), Err(ProofError::Context));
        let mut none = signed();
        none.as_object_mut().unwrap().remove("@context");
        assert_eq!(verify(&none, &key, now()), Err(ProofError::Context));

        // A context of one string, in the document and so in the proof.
        let mut plain = fep_document();
        plain.insert("@context".to_owned(), json!("https://www.w3.org/ns/activitystreams"));
        sign(&mut plain, &fep_key(), FEP_METHOD, now());
        assert_eq!(verify(&Value::Object(plain), &key, now()), Ok(()));
    }

    #[test]
    fn test_34_what_is_not_read_is_not_invalid() {
        let key = fep_key().public();
        let cases: [(&str, &str, ProofError); 4] = [
            ("proofPurpose", "authentication", ProofError::Purpose),
            (
                "cryptosuite",
                "ecdsa-jcs-2019",
                ProofError::Unsupported { what: "ecdsa-jcs-2019".into() },
            ),
            (
                "type",
                "MitraJcsEip191Signature2022",
                ProofError::Unsupported { what: "MitraJcsEip191Signature2022".into() },
            ),
            (
                "expires",
                "2023-02-24T23:40:00Z",
                ProofError::Expired { at: time("2023-02-24T23:40:00Z") },
            ),
        ];
        for (member, value, error) in cases {
            let document = signed_with(|options| {
                options.insert(member.to_owned(), value.into());
            });
            assert_eq!(verify(&document, &key, now()), Err(error.clone()), "{member}");
            assert!(!error.is_invalid());
        }
        let later = signed_with(|options| {
            options.insert("expires".to_owned(), "2023-02-24T23:40:01Z".into());
        });
        assert_eq!(verify(&later, &key, now()), Ok(()));
        let mut several = signed();
        several["proof"] = json!([several["proof"], several["proof"]]);
        let error = verify(&several, &key, now()).unwrap_err();
        assert!(matches!(error, ProofError::Unsupported { .. }) && !error.is_invalid());
    }

    #[test]
    fn dates_up_to_an_hour_ahead() {
        let key = fep_key().public();
        let dated = |created: &str| {
            signed_with(|options| {
                options.insert("created".to_owned(), created.into());
            })
        };
        assert_eq!(verify(&dated("2023-02-25T00:40:00Z"), &key, now()), Ok(()));
        let error = verify(&dated("2023-02-25T00:40:01Z"), &key, now()).unwrap_err();
        assert_eq!(error, ProofError::Future { created: time("2023-02-25T00:40:01Z") });
        assert!(error.is_invalid());
        assert_eq!(verify(&dated("2013-02-25T00:40:00Z"), &key, now()), Ok(()));
        let undated = signed_with(|options| {
            options.remove("created");
        });
        assert_eq!(verify(&undated, &key, now()), Ok(()));
    }

    #[test]
    fn malformed_proofs_are_invalid() {
        let key = fep_key().public();
        let long = format!("z{}", "1".repeat(100_000));
        for (member, value) in [
            ("proofValue", json!("z")),
            ("proofValue", json!(FEP_PROOF.get(1..).unwrap())),
            ("proofValue", json!(FEP_PROOF.get(..60).unwrap())),
            ("proofValue", json!(long)),
            ("verificationMethod", json!(7)),
            ("created", json!("yesterday")),
            ("type", Value::Null),
        ] {
            let mut document = signed();
            document["proof"][member] = value.clone();
            let error = verify(&document, &key, now()).unwrap_err();
            assert_eq!(error, ProofError::Malformed { member }, "{value}");
            assert!(error.is_invalid());
        }
        let mut text = signed();
        text["proof"] = json!("https://server.example/proof");
        assert_eq!(verify(&text, &key, now()), Err(ProofError::Malformed { member: "proof" }));
    }

    #[test]
    fn test_35_a_proof_within_a_proof() {
        let author = fep_key();
        let forger = ProofKey::from_seed([9; 32]);
        let mut inner = fep_document()["object"].as_object().unwrap().clone();
        sign(&mut inner, &author, FEP_METHOD, now());
        let mut outer = fep_document();
        outer.insert("object".to_owned(), Value::Object(inner));
        sign(&mut outer, &author, FEP_METHOD, now());
        let mut outer = Value::Object(outer);
        assert_eq!(verify(&outer, &author.public(), now()), Ok(()));
        assert_eq!(verify(&outer["object"], &author.public(), now()), Ok(()));

        outer["object"]["content"] = json!("altered");
        let mut members = outer.as_object().unwrap().clone();
        sign(&mut members, &forger, "https://forger.example/u#k", now());
        let outer = Value::Object(members);
        assert_eq!(verify(&outer, &forger.public(), now()), Ok(()));
        assert_eq!(verify(&outer["object"], &author.public(), now()), Err(ProofError::Signature));
    }

    #[test]
    fn test_36_a_linked_data_signature_is_put_aside() {
        let mut document = signed();
        document["signature"] = json!({"type": "RsaSignature2017", "signatureValue": "x"});
        assert_eq!(verify(&document, &fep_key().public(), now()), Ok(()));
        let mut again = document.as_object().unwrap().clone();
        sign(&mut again, &fep_key(), FEP_METHOD, time("2023-02-24T23:36:38Z"));
        assert_eq!(Value::Object(again), signed());
    }
}

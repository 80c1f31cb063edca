use super::*;
use crate::{
    base::crypto::ProofKey,
    protocol::context,
    record::{
        item::Item,
        statement::{self, Receipt, Snapshot},
    },
};

const ROOM: &str = "https://cs.example/t/rivers";
const ADA: &str = "https://cs.example/p/ada";

fn at() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-26T10:00:00Z").unwrap()
}

fn room_key() -> ProofKey {
    ProofKey::from_seed([1; 32])
}

fn ada_key() -> ProofKey {
    ProofKey::from_seed([2; 32])
}

fn entry(words: &str) -> Value {
    let document = json!({
        "@context": context::context(), "type": "Create", "id": "https://cs.example/a/1", "actor": ADA,
        "published": at(), "object": {"id": "https://cs.example/c/1", "type": "Note", "attributedTo": ADA,
            "inReplyTo": "https://cs.example/o/1", "content": words},
    });
    statement::signed(document, &ada_key(), &format!("{ADA}#ed25519"), at())
}

fn snapshot(actor: &str, key: &ProofKey) -> Value {
    let keys = [(format!("{actor}#ed25519"), key.public().to_multibase())];
    Snapshot {
        id: "https://cs.example/s/9",
        room: ROOM,
        actor,
        actor_type: "Person",
        username: "ada",
        webfinger: None,
        request_key_pem: None,
        proof_keys: &keys,
        recovery_key: None,
        seen_at: at(),
    }
    .sign(&room_key(), &format!("{ROOM}#ed25519"))
}

fn receipt_for(entry: &Value) -> Value {
    let hash = Item::of(entry.clone()).unwrap().hash;
    Receipt { id: "https://cs.example/s/2", room: ROOM, hash, received_at: at(), seq: 7 }
        .sign(&room_key(), &format!("{ROOM}#ed25519"))
}

fn bundle() -> Bundle {
    let entry = entry("A river has two banks.");
    Bundle {
        receipt: receipt_for(&entry),
        entry: Some(entry),
        keys: vec![snapshot(ROOM, &room_key()), snapshot(ADA, &ada_key())],
    }
}

fn failures(bundle: &Bundle, known: &Known) -> Vec<String> {
    let failed = |finding: &Finding| finding.outcome == Outcome::Fails;
    check(bundle, known, at()).into_iter().filter(failed).map(|f| f.sentence).collect()
}

fn the_one_failure(bundle: &Bundle, known: &Known) -> String {
    let failures = failures(bundle, known);
    assert_eq!(failures.len(), 1, "{failures:?}");
    failures.into_iter().next().unwrap()
}

fn log(seq: i64, document: &Value) -> LogPart {
    let page = json!({"partOf": format!("{ROOM}/log"), "orderedItems": [
        {"seq": 3, "hash": "", "kind": "snapshot", "item": snapshot(ROOM, &room_key())},
        {"seq": 4, "hash": "", "kind": "snapshot", "item": snapshot(ADA, &ada_key())},
        {"seq": seq, "hash": "", "kind": "act", "activity": document},
    ]});
    LogPart::read(&serde_json::to_vec(&page).unwrap()).unwrap()
}

#[test]
fn a_receipt_as_it_was_given_holds_and_says_what_only_the_file_knows() {
    let bundle = bundle();
    let file = serde_json::to_vec(&bundle.print()).unwrap();
    assert_eq!(Bundle::read(&file).unwrap(), bundle);
    let findings = check(&bundle, &Known::default(), at());
    assert!(findings.iter().all(|finding| finding.outcome != Outcome::Fails), "{findings:?}");
    let cautions: Vec<&Finding> =
        findings.iter().filter(|finding| finding.outcome == Outcome::Caution).collect();
    assert_eq!(cautions.len(), 2, "the room's key and the author's: {findings:?}");
    let print = fingerprint(room_key().public());
    assert_eq!(print.len(), 19);
    assert!(cautions[0].sentence.contains(&print) && cautions[0].sentence.contains(ROOM));

    let known = Known {
        room_key: Some(room_key().public()),
        log: Some(log(7, bundle.entry.as_ref().unwrap())),
    };
    let findings = check(&bundle, &known, at());
    assert!(findings.iter().all(|finding| finding.outcome == Outcome::Holds), "{findings:?}");
    assert_eq!(findings.len(), 6);
}

#[test]
fn a_tampered_receipt_is_found() {
    for (member, value) in [
        ("seq", json!(8)),
        ("receivedAt", json!("2026-11-25T10:00:00.000Z")),
        ("hash", json!("00".repeat(32))),
    ] {
        let mut bundle = bundle();
        bundle.receipt[member] = value;
        let failures = failures(&bundle, &Known::default());
        assert!(failures[0].contains("not signed by the key"), "{member}: {failures:?}");
    }
    let mut bundle = bundle();
    bundle.receipt["proof"] = Value::Null;
    assert!(the_one_failure(&bundle, &Known::default()).contains("no signature"));
}

#[test]
fn a_tampered_entry_is_found_twice() {
    let mut bundle = bundle();
    bundle.entry.as_mut().unwrap()["object"]["content"] = json!("A river has three banks.");
    let failures = failures(&bundle, &Known::default());
    assert_eq!(failures.len(), 2, "{failures:?}");
    assert!(failures[0].contains("has the hash") && failures[1].contains("is not signed by"));
}

#[test]
fn another_entry_of_the_same_author_is_not_the_one_of_the_receipt() {
    let other = Bundle { entry: Some(entry("Another comment.")), ..bundle() };
    assert!(the_one_failure(&other, &Known::default()).contains("and the receipt is for"));
}

#[test]
fn the_key_of_another_room_does_not_fit() {
    let known = Known { room_key: Some(ada_key().public()), log: None };
    assert!(the_one_failure(&bundle(), &known).contains("not signed by the key"));
    let mut foreign = bundle();
    foreign.keys.remove(0);
    assert!(the_one_failure(&foreign, &Known::default()).contains("is not in the file"));
    let method = "https://evil.example/t/rivers#ed25519";
    let mut bare = bundle();
    bare.receipt = statement::signed(bare.receipt, &room_key(), method, at());
    assert!(the_one_failure(&bare, &Known::default()).contains("no key of"));
}

#[test]
fn a_log_must_hold_the_entry_under_its_number() {
    let bundle = bundle();
    let own = bundle.entry.clone().unwrap();
    let with = |log| Known { room_key: None, log: Some(log) };
    assert!(failures(&bundle, &with(log(7, &own))).is_empty());
    assert!(the_one_failure(&bundle, &with(log(8, &own))).contains("as no. 8"));
    let other = entry("Another comment.");
    assert!(the_one_failure(&bundle, &with(log(7, &other))).contains("another entry"));
    assert!(the_one_failure(&bundle, &with(log(9, &other))).contains("does not hold"));
    let line = json!({"seq": 7, "hash": "", "kind": "act", "activity": own}).to_string();
    let lines = LogPart::read(format!("{line}\n{line}\n").as_bytes()).unwrap();
    assert!(failures(&bundle, &with(lines)).is_empty());
}

#[test]
fn an_entry_whose_words_were_deleted_is_said_to_be_missing() {
    let bundle = Bundle { entry: None, ..bundle() };
    let findings = check(&bundle, &Known::default(), at());
    assert!(findings.iter().all(|finding| finding.outcome != Outcome::Fails));
    assert!(findings.iter().any(|finding| finding.sentence.contains("were deleted")));
}

#[test]
fn other_files_are_no_receipts() {
    assert!(matches!(Bundle::read(b"{"), Err(NoBundle::Json(_))));
    assert_eq!(Bundle::read(b"{\"receipt\":{}}"), Err(NoBundle::Format));
    let empty = format!("{{\"format\":\"{FORMAT}\"}}");
    assert_eq!(Bundle::read(empty.as_bytes()), Err(NoBundle::Member("receipt")));
    assert!(LogPart::read(b"{\"type\":\"Article\"}").is_err());
    let no_receipt = Bundle { receipt: entry("x"), ..bundle() };
    assert!(the_one_failure(&no_receipt, &Known::default()).contains("another kind"));
}

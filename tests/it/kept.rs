//! What is said is kept: every act has its entry and a receipt that holds (INV-6), a position stays with its text until
//! its holder says otherwise (INV-5), and what comes late to a letter is collected and said to be late (INV-9).

use std::collections::BTreeMap;

use polylogue::{
    base::entropy::{self, Entropy},
    domain::{group::StakeholderGroup, letter::Deadline, position::PositionKind},
    record::receipt::{Known, Outcome, check},
    service::{acts::Acted, sign_in::Scope},
    store::{entries, projections, rooms::Room},
};
use polylogue_tests::{
    Faces, Participant, SeededEntropy, TestDatabase, TestService, Words,
    entropy::seed_or,
    faces::{HTML, JSON, hidden},
};
use serde_json::json;

/// Acts in one history.
const ACTS: usize = 40;
/// Histories on each database.
const HISTORIES: u64 = 3;

fn below(dice: &SeededEntropy, n: usize) -> usize {
    let bytes: [u8; 8] = entropy::bytes(dice as &dyn Entropy);
    usize::try_from(u64::from_le_bytes(bytes) % n as u64).unwrap()
}

/// What was found of an act that was accepted.
async fn kept(test: &TestService, room: &Room, acted: &Acted) {
    let store = &test.service.store;
    let hash = acted.receipt.hash;
    let entry = entries::by_hash(store, room.id, hash).await.unwrap().expect("it is in the log");
    assert_eq!(entry.seq, acted.receipt.seq);
    assert_eq!(entry.item_id, acted.activity_id);
    let given = entries::receipts_for(store, room.id, &[hash.to_string()]).await.unwrap();
    assert_eq!(given.len(), 1, "one receipt for {}", acted.activity_id);
    let received = test.service.received(&hash.to_string()).await.unwrap();
    let bundle = received.bundle.expect("there is something to keep");
    assert_eq!(bundle.receipt, acted.receipt.document);
    let findings = check(&bundle, &Known::default(), test.service.now());
    assert!(findings.iter().all(|found| found.outcome != Outcome::Fails), "{findings:?}");
}

/// The position that stands of each line: its entry and the text it names.
async fn standing(
    test: &TestService,
    room: &Room,
    opinion: &str,
) -> BTreeMap<String, (String, i64, String, String)> {
    let live = projections::live_positions(&test.service.store, room.id, opinion).await.unwrap();
    live.into_iter()
        .map(|held| (held.line, (held.entry_hash, held.revision, held.revision_digest, held.actor)))
        .collect()
}

#[tokio::test]
async fn every_act_is_kept_and_no_position_moves_by_itself() {
    for database in TestDatabase::each().await {
        Box::pin(history(TestService::over("cs.example", database))).await;
    }
}

async fn history(test: TestService) {
    let author = test.person("ada", Some(StakeholderGroup::CivilSociety)).await;
    let body = test.organisation("union", Some(StakeholderGroup::PrivateSector)).await;
    let others = [
        test.person("joao", Some(StakeholderGroup::Governments)).await,
        test.person("dagny", None).await,
        body,
    ];
    let (room, founded) = author.topic("rivers").await.unwrap();
    assert_eq!(founded.seq, 1);
    for number in 0..HISTORIES {
        let seed = seed_or(20_261_126 + number);
        println!("seed {seed}");
        let dice = SeededEntropy::new(seed);
        let opinion = author.publishes(&room, "Two banks", "A river.").await.unwrap();
        kept(&test, &room, &opinion).await;
        let uri = opinion.uri.clone();
        let mut texts = 1;
        let mut positions: Vec<(usize, String)> = Vec::new();
        let mut comments: Vec<(usize, String)> = Vec::new();
        let mut refused = 0;
        for act in 0..ACTS {
            test.clock.pass_millis(7);
            let before = standing(&test, &room, &uri).await;
            let who = below(&dice, others.len());
            let other: &Participant = &others[who];
            let (actor, done) = match below(&dice, 8) {
                0 => {
                    let text = format!("A river, {act}.");
                    let done = author.revises(&uri, &text, "Counted again.", None).await;
                    texts += i64::from(done.is_ok());
                    (author.uri(), done)
                }
                1 => (other.uri(), other.comments(&uri, "Only two?", None).await),
                2 if !comments.is_empty() => {
                    let (of, comment) = comments.swap_remove(below(&dice, comments.len()));
                    (others[of].uri(), others[of].deletes_comment(&comment).await)
                }
                3 | 4 if !positions.is_empty() => {
                    let (of, position) = positions[below(&dice, positions.len())].clone();
                    (others[of].uri(), others[of].withdraws(&position).await)
                }
                5 => {
                    while test.service.leave_notices().await.unwrap() > 0 {}
                    let (notices, _) = test.service.notices(&other.caller, 1, 0).await.unwrap();
                    let Some(notice) = notices.first() else { continue };
                    match test.service.keep_position(&other.caller, notice.notice.id).await {
                        Ok(Some(acted)) => (other.uri(), Ok(acted)),
                        Ok(None) => continue,
                        Err(error) => (other.uri(), Err(error)),
                    }
                }
                _ => {
                    let kind = PositionKind::ALL[below(&dice, 5)];
                    let revision = i64::try_from(below(&dice, 8)).unwrap();
                    let words = Words::because("For this reason.");
                    (other.uri(), other.takes_position(&uri, revision, kind, words).await)
                }
            };
            let after = standing(&test, &room, &uri).await;
            for (line, held) in &before {
                if after.get(line) != Some(held) {
                    assert_eq!(held.3, actor, "{line} changed by an act of {actor} (seed {seed})");
                }
            }
            for held in after.values() {
                assert!((1..=texts).contains(&held.1), "{held:?}");
            }
            if let Ok(acted) = done {
                kept(&test, &room, &acted).await;
                let position = projections::position(&test.service.store, &acted.uri).await;
                if position.unwrap().is_some() {
                    positions.push((who, acted.uri));
                } else if acted.uri.contains("/c/") {
                    comments.push((who, acted.uri));
                }
            } else {
                refused += 1;
                assert_eq!(before, after, "what is refused changes nothing");
            }
        }
        assert!(refused < ACTS, "some were taken");
    }
}

#[tokio::test]
async fn a_letter_takes_late_signatures_and_says_so() {
    let test = TestService::at("cs.example").await;
    let ada = test.person("ada", Some(StakeholderGroup::CivilSociety)).await;
    test.person("joao", Some(StakeholderGroup::Governments)).await;
    let union = test.organisation("union", Some(StakeholderGroup::PrivateSector)).await;
    let (room, _) = ada.topic("rivers").await.unwrap();
    let token = async |name: &str| {
        test.service.create_token(name, Scope::parse("read write").unwrap()).await.unwrap()
    };
    let (ada_token, joao_token) = (token("ada").await, token("joao").await);
    let mut faces = Faces::of(&test).await;

    let draft = json!({"name": "Two banks", "abstract": "In short.", "source": "A river.",
        "language": "en", "letter": {"closes": "2026-09-22T11:59:00Z", "zone": "Etc/GMT+12"}});
    let made = faces.post_json(&ada_token, "/topics/rivers/opinions", &draft).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert_eq!(made["letter"]["zone"], "Etc/GMT+12");
    let (key, uri) = (made["key"].as_str().unwrap(), made["id"].as_str().unwrap());
    union.takes_position(uri, 1, PositionKind::Support, Words::NONE).await.unwrap();
    let letter = format!("/o/{key}/letter");
    let page = faces.get(&letter, HTML).await.text;
    assert!(page.contains("21 September 2026") && page.contains("anywhere on Earth"), "{page}");
    assert!(page.contains("22 September 2026, 11:59 UTC") && page.contains("Organisations"));
    assert!(
        !page.contains("Received after the deadline") && !page.contains("id=\"in-time-persons\"")
    );

    // A revision keeps it a letter, and whoever signed the first text keeps that.
    ada.revises(uri, "A river, wide.", "Wider.", None).await.unwrap();
    assert!(faces.get(&letter, HTML).await.text.contains("(rev 1)"));

    test.clock
        .set(polylogue::base::clock::Timestamp::parse_rfc3339("2026-09-22T12:00:00Z").unwrap());
    let late = json!({"kind": "reservation", "statement": "If both are heard.", "revision": 2});
    let late = faces.post_json(&joao_token, &format!("/opinions/{key}/positions"), &late).await;
    assert_eq!(late.status, 201, "never refused for lateness: {}", late.text);
    let hash = late.json()["receipt"]["hash"].as_str().unwrap().to_owned();
    assert_eq!(faces.get(&format!("/receipts/{hash}.json"), HTML).await.status, 200);
    let page = faces.get(&letter, HTML).await.text;
    let (in_time, after) = page.split_once("Received after the deadline</h2>").unwrap();
    assert!(after.contains("joao") && after.contains("with a reservation"), "{page}");
    assert!(in_time.contains("union") && !in_time.contains("joao"), "{page}");
    assert!(page.contains("You can still sign"));

    let embed = faces.get(&format!("{letter}/embed"), HTML).await;
    assert!(embed.header("content-security-policy").contains("frame-ancestors *"));
    assert_eq!(embed.header("set-cookie"), "");
    for absent in ["<form", "<script", "joao", "union"] {
        assert!(!embed.text.contains(absent), "{absent} in {}", embed.text);
    }
    assert!(embed.text.contains("https://cs.example/o/") && embed.text.contains("_top"));
    assert!(
        faces
            .get(&letter, HTML)
            .await
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );

    let past = json!({"closes": "2026-09-01T00:00:00Z", "zone": "UTC"});
    let nowhere = json!({"closes": "2026-12-01T00:00:00Z", "zone": "Mars/Olympus"});
    let bearer = format!("Bearer {ada_token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", JSON)];
    let put = format!("/api/plg/v1/opinions/{key}/letter");
    for wrong in [past, nowhere] {
        let refused = faces.send("PUT", &put, &headers, wrong.to_string()).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
    }
    let digest =
        || async { projections::opinion(&test.service.store, uri).await.unwrap().unwrap().digest };
    let before = digest().await;
    faces.sign_in(&ada).await;
    let form = faces.get(&format!("{letter}/edit"), HTML).await.text;
    assert!(form.contains("value=\"2026-09-21\"") && form.contains("value=\"23:59\""), "{form}");
    let csrf = hidden(&form, "csrf").to_owned();
    let later = [
        ("csrf", csrf.as_str()),
        ("day", "2026-10-25"),
        ("time", "23:59"),
        ("zone", "Europe/Berlin"),
    ];
    assert_eq!(faces.post(&format!("{letter}/edit"), &later).await.status, 303);
    assert_eq!(digest().await, before, "no position is touched by a deadline");
    let page = faces.get(&letter, HTML).await.text;
    assert!(page.contains("clocks of") && page.contains("22:59 UTC"), "{page}");
    assert!(!page.contains("Received after the deadline</h2>"), "it was moved beyond what came");
    let wrong = [("csrf", csrf.as_str()), ("day", "soon"), ("time", "23:59"), ("zone", "Here")];
    let refused = faces.post(&format!("{letter}/edit"), &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("value=\"Here\""), "what was typed is kept");
    let end = [("csrf", csrf.as_str()), ("do", "end")];
    assert_eq!(faces.post(&format!("{letter}/edit"), &end).await.status, 303);
    assert_eq!(faces.get(&letter, HTML).await.status, 404);
    let again = projections::opinion(&test.service.store, uri).await.unwrap().unwrap();
    assert_eq!((again.letter(), again.digest), (None, before));
    assert_eq!(Deadline::at("2026-09-21", "23:59", "Etc/GMT+12").unwrap().zone, "Etc/GMT+12");
    assert_eq!(room.slug, "rivers");
}

//! What people do: each act is signed, stands in the log, and has a receipt that proves it.

use polylogue::{
    base::crypto::ProofPublicKey,
    domain::{blocks, group::StakeholderGroup, opinion::OpinionStatus, position::PositionKind},
    protocol::{compose::opinion_head, quirks::text_of},
    record::{item::Item, proof},
    service::{ServiceError, acts::Given, comments::NewAnchor},
    store::{
        dump,
        entries::{self, Verdict},
        projections,
        rooms::Room,
    },
};
use polylogue_tests::{Participant, TestDatabase, TestService, Words};

use PositionKind::{Concern, Neutral, Objection, Reservation, Support};

fn field<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> &'static str {
    match result {
        Err(ServiceError::Invalid(fields)) => fields[0].field,
        other => panic!("not refused for a field: {other:?}"),
    }
}

/// The receipt is signed by the room, names the entry, and the entry is signed by its author.
async fn proves(instance: &TestService, room: &Room, author: &Participant, given: &Given) {
    let service = &instance.service;
    let key = |keys: &str| {
        let keys: Vec<(String, String)> = serde_json::from_str(keys).unwrap();
        ProofPublicKey::from_multibase(&keys[0].1).unwrap()
    };
    let room_actor = service.room_actor(room).await.unwrap();
    proof::verify(&given.document, &key(&room_actor.proof_keys), service.now()).unwrap();
    assert_eq!(text_of(&given.document, "room"), Some(room_actor.uri.as_str()));
    assert_eq!(text_of(&given.document, "hash"), Some(given.hash.to_string().as_str()));
    assert_eq!(given.document["seq"], given.seq);
    let entry = entries::by_hash(&service.store, room.id, given.hash).await.unwrap().unwrap();
    assert_eq!(entry.seq, given.seq);
    assert_eq!(entry.verdict, Verdict::Proof.word());
    let item = Item::read(&entry.body).unwrap();
    assert_eq!(item.hash, given.hash);
    assert_eq!(item.actor, author.uri());
    proof::verify(&item.document, &key(&author.caller.actor.proof_keys), service.now()).unwrap();
    // With another's key it does not verify.
    assert!(proof::verify(&item.document, &key(&room_actor.proof_keys), service.now()).is_err());
}

#[tokio::test]
async fn a_meeting_from_the_topic_to_the_withdrawal() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let amina = instance.person("amina", Some(StakeholderGroup::CivilSociety)).await;
        let bruno = instance.person("bruno", Some(StakeholderGroup::Governments)).await;
        let network = instance.organisation("network", Some(StakeholderGroup::CivilSociety)).await;

        let (room, founded) = amina.topic("who_pays").await.unwrap();
        proves(&instance, &room, &amina, &founded).await;
        assert_eq!(founded.seq, 1);
        assert_eq!(field(amina.topic("who_pays").await), "slug");
        assert_eq!(field(amina.topic("No Slug").await), "slug");

        instance.clock.pass_minutes(1);
        let source = "Users pay.\n\nStates pay the rest.";
        let published = amina.publishes(&room, "Costs", source).await.unwrap();
        proves(&instance, &room, &amina, &published.receipt).await;
        let uri = published.uri.as_str();
        assert_eq!(field(amina.publishes(&room, " ", source).await), "name");
        assert_eq!(field(amina.publishes(&room, "Costs", " ").await), "source");
        let first = service.opinion(uri, None).await.unwrap();
        assert_eq!(first.key, published.key);
        assert_eq!(first.opinion.stakeholder_group.as_deref(), Some("plg:civilSociety"));

        revising(&instance, &room, &amina, &bruno, uri).await;
        commenting(&instance, &room, &bruno, uri).await;
        taking_positions(&instance, &room, [&amina, &bruno, &network], uri).await;

        // Keys stand in the log once, however often somebody acts with them.
        let own = service.room_actor(&room).await.unwrap().uri;
        let whose = [own.as_str(), amina.uri(), bruno.uri(), network.uri()];
        let kept = entries::snapshots_of(&service.store, room.id, &whose).await.unwrap();
        let kept: Vec<_> = kept.iter().filter_map(|row| row.object.as_deref()).collect();
        assert_eq!(kept, whose);

        // Everything shown is in the log, and the log alone makes it again.
        let before = dump::everything(&service.store).await.unwrap();
        let tx = service.store.begin().await.unwrap();
        assert!(projections::rebuild(&tx, room.id).await.unwrap() > 0);
        tx.commit().await.unwrap();
        assert_eq!(dump::everything(&service.store).await.unwrap(), before);

        let deleted = amina.deletes_opinion(uri).await.unwrap();
        proves(&instance, &room, &amina, &deleted.receipt).await;
        assert!(matches!(service.opinion(uri, None).await, Err(ServiceError::Gone { .. })));
        let gone = bruno.comments(uri, "Why?", None).await;
        assert!(matches!(gone, Err(ServiceError::Gone { .. })));
        let seqs: Vec<i64> = instance.log(&room).await.iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, (1..=i64::try_from(seqs.len()).unwrap()).collect::<Vec<_>>());
    }
}

async fn revising(
    instance: &TestService,
    room: &Room,
    amina: &Participant,
    bruno: &Participant,
    uri: &str,
) {
    let service = &instance.service;
    let first = service.opinion(uri, None).await.unwrap().shown;
    let source = first.source.clone().unwrap();
    assert_eq!(field(amina.revises(uri, &source, "Nothing.", None).await), "source");
    assert_eq!(field(amina.revises(uri, "Users pay.", " ", None).await), "changeNote");
    let draft = Some(OpinionStatus::Draft);
    assert_eq!(field(amina.revises(uri, &source, "", draft).await), "status");
    let refused = bruno.revises(uri, "Nobody pays.", "Better.", None).await;
    assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })));
    let unknown = amina.revises("https://cs.example/o/1", "x", "y", None).await;
    assert!(matches!(unknown, Err(ServiceError::NotFound { .. })));

    // The status alone: the same words, number and digest.
    instance.clock.pass_minutes(1);
    let fin = amina.revises(uri, &source, "", Some(OpinionStatus::Final)).await.unwrap();
    proves(instance, room, amina, &fin.receipt).await;
    let view = service.opinion(uri, None).await.unwrap();
    assert_eq!(view.opinion.status, "final");
    assert_eq!((view.opinion.revision, &view.opinion.digest), (1, &first.digest));
    assert_eq!(view.revisions, std::slice::from_ref(&first));

    instance.clock.pass_minutes(1);
    let revised = amina.revises(uri, "Users pay.\n\nAll of it.", "Who pays the rest.", None).await;
    let revised = revised.unwrap();
    proves(instance, room, amina, &revised.receipt).await;
    let view = service.opinion(uri, None).await.unwrap();
    assert_eq!((view.opinion.revision, view.opinion.chain.as_str()), (2, "complete"));
    assert_eq!(view.opinion.status, "final");
    assert_ne!(view.opinion.digest, first.digest);
    assert_eq!(view.shown.previous.as_ref(), Some(&first.digest));
    assert_eq!(view.shown.change_note.as_deref(), Some("Who pays the rest."));
    let date = service.now().to_date();
    assert!(view.shown.content.starts_with(&opinion_head("Costs", 2, &date, uri)));
    // The first stays as it was, to the byte.
    assert_eq!(service.opinion(uri, Some(1)).await.unwrap().shown.content, first.content);
    // What there is is said of what there is not.
    match service.opinion(uri, Some(3)).await {
        Err(ServiceError::NoRevision { asked: 3, known }) => assert_eq!(known, [1, 2]),
        other => panic!("not refused with the known ones: {other:?}"),
    }
}

async fn commenting(instance: &TestService, room: &Room, bruno: &Participant, uri: &str) {
    let service = &instance.service;
    let shown = service.opinion(uri, None).await.unwrap().shown;
    let blocks = blocks::split(&shown.content);
    assert_eq!(blocks.len(), 2);
    let on = |anchor: NewAnchor| bruno.comments_on(uri, "Why?", None, vec![anchor]);
    let first = NewAnchor { block: Some(blocks[0].id.clone()), ..NewAnchor::default() };
    let second = NewAnchor { paragraph: Some(2), ..NewAnchor::default() };
    for wrong in [
        NewAnchor { block: Some("b-nothing".to_owned()), ..NewAnchor::default() },
        NewAnchor { paragraph: Some(3), ..NewAnchor::default() },
        NewAnchor { paragraph: Some(0), ..NewAnchor::default() },
        NewAnchor { exact: Some("All of it".to_owned()), ..first.clone() },
        NewAnchor { exact: Some("Users pay".to_owned()), ..second.clone() },
    ] {
        assert_eq!(field(on(wrong).await), "anchors");
    }
    let twenty = vec![second.clone(); 20];
    let one_more = vec![second.clone(); 21];
    assert!(bruno.comments_on(uri, "On all.", None, twenty).await.is_ok());
    assert_eq!(field(bruno.comments_on(uri, "On all.", None, one_more).await), "anchors");
    assert_eq!(field(bruno.comments(uri, "  ", None).await), "content");
    let stray = bruno.comments(uri, "Why?", Some("https://cs.example/c/1")).await;
    assert_eq!(field(stray), "inReplyTo");

    let quoted = NewAnchor { exact: Some("All  of it".to_owned()), ..second };
    let comment = on(quoted).await.unwrap();
    proves(instance, room, bruno, &comment.receipt).await;
    let view = service.comment_view(&comment.uri).await.unwrap();
    assert_eq!(view.key, comment.key);
    assert!(view.comment.content.contains("<blockquote><p>All of it</p></blockquote>"));
    let anchor: serde_json::Value = serde_json::from_str(&view.comment.anchors).unwrap();
    let anchor = anchor[0].to_string();
    assert!(anchor.contains(&blocks[1].id) && anchor.contains(&shown.digest), "{anchor}");
    let by_block = on(first).await.unwrap();
    assert!(service.comment_view(&by_block.uri).await.is_ok());

    let reply = bruno.comments(uri, "Because.", Some(&comment.uri)).await.unwrap();
    proves(instance, room, bruno, &reply.receipt).await;
    let gone = bruno.deletes_comment(&comment.uri).await.unwrap();
    proves(instance, room, bruno, &gone.receipt).await;
    assert!(matches!(service.comment_view(&comment.uri).await, Err(ServiceError::Gone { .. })));
    let again = bruno.deletes_comment(&comment.uri).await;
    assert!(matches!(again, Err(ServiceError::Gone { .. })));
    // What answered it stays where it was.
    let view = service.comment_view(&reply.uri).await.unwrap();
    assert_eq!(view.comment.opinion_uri.as_deref(), Some(uri));
}

async fn taking_positions(
    instance: &TestService,
    room: &Room,
    [amina, bruno, network]: [&Participant; 3],
    uri: &str,
) {
    let service = &instance.service;
    for kind in [Reservation, Concern, Objection] {
        let bare = bruno.takes_position(uri, 2, kind, Words::NONE).await;
        assert_eq!(field(bare), "statement");
        let blank = bruno.takes_position(uri, 2, kind, Words::because(" \n")).await;
        assert_eq!(field(blank), "statement");
    }
    for unknown in [0, 3] {
        let refused = bruno.takes_position(uri, unknown, Support, Words::NONE).await;
        assert_eq!(field(refused), "revision");
    }
    let (fits, long) = ("x".repeat(2_000), "x".repeat(2_001));
    let refused = bruno.takes_position(uri, 2, Support, Words::because(&long)).await;
    assert_eq!(field(refused), "statement");

    let live = async |who: &Participant| -> Vec<(String, i64)> {
        let rows = projections::positions(&service.store, room.id, uri).await.unwrap();
        rows.into_iter()
            .filter(|row| row.live && row.actor == who.uri())
            .map(|row| (row.kind, row.revision))
            .collect()
    };
    for (kind, words, revision) in [
        (Support, Words::NONE, 1),
        (Reservation, Words::because("If the poor are spared."), 2),
        (Neutral, Words::NONE, 2),
        (Concern, Words::because("Rates."), 2),
        (Objection, Words::because(&fits), 2),
    ] {
        // The clock stands still: the later act is later all the same.
        let taken = bruno.takes_position(uri, revision, kind, words).await.unwrap();
        proves(instance, room, bruno, &taken.receipt).await;
        assert_eq!(live(bruno).await, [(kind.word().to_owned(), revision)]);
    }
    let rows = projections::positions(&service.store, room.id, uri).await.unwrap();
    assert_eq!(rows.len(), 5, "the history stays");

    // A claim to speak for the network is a line of its own; the network's word is its own.
    let claim = Words { statement: None, on_behalf_of: Some(network.uri()) };
    bruno.takes_position(uri, 2, Support, claim).await.unwrap();
    let on_nobody = Words { statement: None, on_behalf_of: Some("the network") };
    assert_eq!(field(bruno.takes_position(uri, 2, Support, on_nobody).await), "onBehalfOf");
    assert_eq!(live(bruno).await.len(), 2);
    assert_eq!(live(network).await, []);
    let own = network.takes_position(uri, 2, Support, Words::NONE).await.unwrap();
    assert_eq!(live(network).await, [("support".to_owned(), 2)]);

    // Withdrawn by its own author once, and nothing earlier comes back.
    let refused = amina.withdraws(&own.uri).await;
    assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })));
    let withdrawn = network.withdraws(&own.uri).await.unwrap();
    proves(instance, room, network, &withdrawn.receipt).await;
    assert_eq!(live(network).await, []);
    let again = network.withdraws(&own.uri).await;
    assert!(matches!(again, Err(ServiceError::Conflict { .. })));
    // A Like is also undone, which is what others understand; both are in the log.
    let log = instance.log(room).await;
    assert!(
        log.iter().any(|e| e.act_type == "Undo" && e.object.as_ref() == Some(&own.activity_id))
    );
    let objection = projections::positions_by(&service.store, bruno.uri(), 10).await.unwrap();
    let objection = objection.iter().find(|row| row.on_behalf_of.is_none()).unwrap();
    bruno.withdraws(objection.object_uri.as_ref().unwrap()).await.unwrap();
    assert_eq!(live(bruno).await, [("support".to_owned(), 2)], "the claim's line is left");
}

#[tokio::test]
async fn two_revisions_sent_at_once_stand_one_on_the_other() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let amina = instance.person("amina", None).await;
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let uri = amina.publishes(&room, "Costs", "Users pay.").await.unwrap().uri;
        for round in 0..4 {
            let texts: Vec<String> =
                (0..4).map(|at| format!("Text {at} of round {round}.")).collect();
            let (a, b, c, d) = tokio::join!(
                amina.revises(&uri, &texts[0], "One.", None),
                amina.revises(&uri, &texts[1], "Two.", None),
                amina.revises(&uri, &texts[2], "Three.", None),
                amina.comments(&uri, "Meanwhile.", None),
            );
            for done in [a, b, c, d] {
                done.unwrap();
            }
        }
        let view = instance.service.opinion(&uri, None).await.unwrap();
        assert_eq!(view.opinion.chain, "complete");
        let numbers: Vec<i64> = view.revisions.iter().map(|row| row.number).collect();
        assert_eq!(numbers, (1..=13).collect::<Vec<_>>(), "somebody contradicted themselves");
        let mut times: Vec<i64> = instance
            .log(&room)
            .await
            .iter()
            .filter(|entry| entry.kind == "act")
            .filter_map(|entry| entry.published)
            .collect();
        let acts = times.len();
        times.sort_unstable();
        times.dedup();
        assert_eq!(times.len(), acts, "two acts of one millisecond");
    }
}

#[tokio::test]
async fn another_instance_that_hears_the_log_in_any_order_shows_the_same() {
    let here = TestService::at("cs.example").await;
    let amina = here.person("amina", Some(StakeholderGroup::CivilSociety)).await;
    let bruno = here.person("bruno", None).await;
    let (room, _) = amina.topic("who_pays").await.unwrap();
    let uri = amina.publishes(&room, "Costs", "Users pay.").await.unwrap().uri;
    here.clock.pass_minutes(5);
    let comment = bruno.comments(&uri, "Why?", None).await.unwrap().uri;
    let reply = amina.comments(&uri, "They use it.", Some(&comment)).await.unwrap().uri;
    let like = bruno.takes_position(&uri, 1, Support, Words::NONE).await.unwrap().uri;
    amina.revises(&uri, "All pay.", "Everybody.", None).await.unwrap();
    bruno.withdraws(&like).await.unwrap();
    let because = Words::because("Not the poor.");
    bruno.takes_position(&uri, 2, Objection, because).await.unwrap();
    bruno.deletes_comment(&comment).await.unwrap();

    let log = here.log(&room).await;
    let from = "https://cs.example/t/who_pays";
    let shown = async |instance: &TestService, room: &Room| {
        let text = dump::projections(&instance.service.store).await.unwrap();
        text.replace(&format!("room_id: {}", room.id), "room_id: here")
    };
    let expected = shown(&here, &room).await;
    let orders: [Vec<&entries::Entry>; 3] = [
        log.iter().collect(),
        log.iter().rev().collect(),
        log.iter().skip(log.len() / 2).chain(&log).collect(),
    ];
    for (at, order) in orders.into_iter().enumerate() {
        let there = TestService::at(&format!("mirror{at}.example")).await;
        let mirror = there.joins(&log, from).await;
        assert_eq!(mirror.topic, room.topic);
        there.hears(&mirror, order, from).await;
        assert_eq!(shown(&there, &mirror).await, expected, "order {at}");
        let mut hashes: Vec<String> =
            there.log(&mirror).await.into_iter().map(|entry| entry.hash).collect();
        let mut original: Vec<String> = log.iter().map(|entry| entry.hash.clone()).collect();
        hashes.sort();
        original.sort();
        assert_eq!(hashes, original);
        // Each has keys of its own for the same objects.
        let view = there.service.comment_view(&reply).await.unwrap();
        let found = there.service.object_uri(&view.key.to_string(), "comment").await.unwrap();
        assert_eq!(found, reply);
        let segment = uri.rsplit('/').next().unwrap();
        assert_eq!(there.service.object_uri(segment, "opinion").await.unwrap(), uri);
    }
}

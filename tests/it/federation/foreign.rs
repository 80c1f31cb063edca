//! A person on another server's software: follows, is told, replies, and goes.

use std::sync::Arc;

use polylogue::{
    base::clock::{Clock as _, SystemClock},
    domain::group::StakeholderGroup,
    protocol::paths::host_of,
    store::{deliveries, entries, follows, inbox_items, projections, servers},
};
use polylogue_tests::{Foreign, SimClock, TestInstance, drain};
use serde_json::{Value, json};

use super::mesh::{SLUG, found, publish};

fn follow(foreign: &Foreign, whom: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": foreign.id("follows/1"), "type": "Follow",
        "actor": foreign.actor(), "object": whom,
    })
}

fn reply(foreign: &Foreign, opinion: &str, text: &str) -> Value {
    // As Mastodon sends it: no proof, `contentMap`, nulls, a conversation.
    let public = "https://www.w3.org/ns/activitystreams#Public";
    let id = foreign.id("users/officer/statuses/1");
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams"], "id": format!("{id}/activity"), "type": "Create",
        "actor": foreign.actor(), "published": "2026-11-24T10:00:00Z", "to": [public], "cc": [],
        "object": {
            "id": id, "type": "Note", "summary": null, "inReplyTo": opinion, "published": "2026-11-24T10:00:00Z",
            "attributedTo": foreign.actor(), "to": [public], "cc": [], "sensitive": false,
            "conversation": "tag:masto.localhost,2026:objectId=1:objectType=Conversation",
            "content": text, "contentMap": {"fr": text}, "attachment": [], "tag": [],
        },
    })
}

#[tokio::test]
async fn follows_a_room_is_told_of_opinions_and_replies_into_the_record() {
    let civil = TestInstance::start("civil").await;
    let gov = TestInstance::start("gov").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    let room = found(&civil, &amina).await;
    gov.app.federation.join(&joao, &room, None).await.unwrap();
    drain(&[&civil, &gov]).await;

    let masto = Foreign::start("masto").await;
    let inbox = format!("{}/inbox", civil.origin());
    assert_eq!(masto.sends(&inbox, &follow(&masto, &room)).await, 202);
    drain(&[&civil, &gov]).await;
    let accept = masto.received().pop().unwrap();
    assert_eq!(
        (accept["type"].as_str(), accept["object"]["type"].as_str()),
        (Some("Accept"), Some("Follow"))
    );

    let opinion = publish(&civil, &amina).await;
    drain(&[&civil, &gov]).await;
    let boost = masto.received().pop().unwrap();
    assert_eq!(
        (boost["type"].as_str(), boost["object"].as_str()),
        (Some("Announce"), Some(opinion.as_str()))
    );

    let text = "<p>Et qui paie ? <script>alert(1)</script></p>";
    assert_eq!(masto.sends(&inbox, &reply(&masto, &opinion, text)).await, 202);
    drain(&[&civil, &gov]).await;
    // It is in both rooms, by the evidence of its delivery, and both verified that themselves.
    assert_eq!(civil.hashes(SLUG).await, gov.hashes(SLUG).await);
    for instance in [&civil, &gov] {
        let store = &instance.app.service.store;
        let comment = projections::comment(store, &masto.id("users/officer/statuses/1"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(comment.opinion_uri.as_deref(), Some(opinion.as_str()));
        assert_eq!(comment.language.as_deref(), Some("fr"));
        assert!(comment.received_at.is_some(), "the room that took it gave a receipt that counts");
        let rows = entries::by_item_id(store, &masto.id("users/officer/statuses/1/activity"))
            .await
            .unwrap();
        assert_eq!(rows.iter().map(|row| row.verdict.as_str()).collect::<Vec<_>>(), ["evidence"]);
    }
}

#[tokio::test]
async fn a_favourite_is_a_reaction_and_never_in_the_record() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    found(&civil, &amina).await;
    let opinion = publish(&civil, &amina).await;
    let before = civil.hashes(SLUG).await;
    let masto = Foreign::start("masto").await;
    let inbox = format!("{}/inbox", civil.origin());
    let like = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}#likes/1", masto.actor()),
        "type": "Like", "actor": masto.actor(), "object": opinion,
    });
    assert_eq!(masto.sends(&inbox, &like).await, 202);
    drain(&[&civil]).await;
    let store = &civil.app.service.store;
    assert_eq!(follows::count_reactions(store, &opinion, "like").await.unwrap(), 1);
    assert_eq!(civil.hashes(SLUG).await, before);
    let undo = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}#likes/1/undo", masto.actor()),
        "type": "Undo", "actor": masto.actor(), "object": like,
    });
    assert_eq!(masto.sends(&inbox, &undo).await, 202);
    drain(&[&civil]).await;
    assert_eq!(follows::count_reactions(store, &opinion, "like").await.unwrap(), 0);
}

#[tokio::test]
async fn a_server_is_noted_as_met_when_it_first_sends() {
    let clock = Arc::new(SimClock::default());
    clock.set(SystemClock.now());
    let civil = TestInstance::start_set("civil", &[], clock.clone()).await;
    let masto = Foreign::start("masto").await;
    let met = async || servers::server(&civil.app.service.store, &host_of(&masto.actor())).await;
    assert_eq!(met().await.unwrap(), None);
    let first = clock.now();
    for number in 0..2 {
        let like = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": masto.id(&format!("likes/{number}")),
            "type": "Like", "actor": masto.actor(), "object": "https://elsewhere.example/o/1",
        });
        assert_eq!(masto.sends(&format!("{}/inbox", civil.origin()), &like).await, 202);
        assert_eq!(met().await.unwrap().unwrap().first_seen, first.as_millis());
        clock.pass_millis(1_000);
    }
    drain(&[&civil]).await;
    let store = &civil.app.service.store;
    assert_eq!(inbox_items::count(store, inbox_items::DONE).await.unwrap(), 2, "both are kept");
}

#[tokio::test]
async fn what_an_inbox_does_not_take_now_is_not_overtaken() {
    let clock = Arc::new(SimClock::default());
    clock.set(SystemClock.now());
    let civil = TestInstance::start_set("civil", &[], clock.clone()).await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let room = found(&civil, &amina).await;
    let masto = Foreign::start("masto").await;
    masto.sends(&format!("{}/inbox", civil.origin()), &follow(&masto, &room)).await;
    drain(&[&civil]).await;
    let before = masto.received().len();
    // Both are due when the lane is read.
    masto.answers(503);
    let opinions = [publish(&civil, &amina).await, publish(&civil, &amina).await];
    drain(&[&civil]).await;
    let store = &civil.app.service.store;
    let due = deliveries::next_of_lane(store, &host_of(&masto.actor()), i64::MAX).await.unwrap();
    let tried: Vec<i64> = due.deliveries.iter().map(|row| row.attempts).collect();
    assert_eq!(tried, [1, 0], "the second waits for the first");
    masto.answers(202);
    clock.pass_minutes(1);
    drain(&[&civil]).await;
    let told: Vec<Value> =
        masto.received().into_iter().skip(before).map(|told| told["object"].clone()).collect();
    assert_eq!(told, opinions, "in their order");
}

#[tokio::test]
async fn a_410_from_its_own_inbox_ends_a_follower() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let room = found(&civil, &amina).await;
    let masto = Foreign::start("masto").await;
    masto.sends(&format!("{}/inbox", civil.origin()), &follow(&masto, &room)).await;
    drain(&[&civil]).await;
    let store = &civil.app.service.store;
    assert_eq!(follows::count_followers(store, &room).await.unwrap(), 1);

    // Refused is not gone.
    masto.answers(403);
    publish(&civil, &amina).await;
    drain(&[&civil]).await;
    assert_eq!(follows::count_followers(store, &room).await.unwrap(), 1);
    masto.answers(410);
    publish(&civil, &amina).await;
    drain(&[&civil]).await;
    assert_eq!(follows::count_followers(store, &room).await.unwrap(), 0);
}

#[tokio::test]
async fn a_410_from_a_shared_inbox_is_not_enough() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let room = found(&civil, &amina).await;
    let masto = Foreign::start_with_shared_inbox("masto").await;
    masto.sends(&format!("{}/inbox", civil.origin()), &follow(&masto, &room)).await;
    drain(&[&civil]).await;
    let store = &civil.app.service.store;
    // A proxy in maintenance answers for everybody; the actor itself is still there.
    masto.answers(410);
    publish(&civil, &amina).await;
    drain(&[&civil]).await;
    assert_eq!(follows::count_followers(store, &room).await.unwrap(), 1);
    masto.actor_answers(410);
    publish(&civil, &amina).await;
    drain(&[&civil]).await;
    assert_eq!(follows::count_followers(store, &room).await.unwrap(), 0);
}

#[tokio::test]
async fn a_deleted_account_follows_nobody() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let room = found(&civil, &amina).await;
    let masto = Foreign::start("masto").await;
    let inbox = format!("{}/inbox", civil.origin());
    masto.sends(&inbox, &follow(&masto, &room)).await;
    drain(&[&civil]).await;
    let store = &civil.app.service.store;
    let farewell = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}#delete", masto.actor()),
        "type": "Delete", "actor": masto.actor(), "object": masto.actor(),
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
    });
    // Believed only when the actor's own id says so too.
    assert_eq!(masto.sends(&inbox, &farewell).await, 202);
    drain(&[&civil]).await;
    assert_eq!(follows::count_followers(store, &room).await.unwrap(), 1);
    masto.actor_answers(410);
    let again = json!({"id": format!("{}#delete2", masto.actor()), "type": "Delete", "actor": masto.actor(),
        "object": masto.actor(), "to": ["https://www.w3.org/ns/activitystreams#Public"]});
    assert_eq!(masto.sends(&inbox, &again).await, 202);
    drain(&[&civil]).await;
    assert_eq!(follows::count_followers(store, &room).await.unwrap(), 0);
}

#[tokio::test]
async fn test_04_handles_under_a_bare_domain_lead_back_to_each_actor() {
    use polylogue_tests::Faces;
    // The instance is at forum.ngo.example; ngo.example redirects WebFinger to it.
    let mut test = polylogue_tests::TestService::at("forum.ngo.example").await;
    let paths = test.service.paths.clone().with_handles(Some("ngo.example"));
    test.service.paths = paths;
    let amina = test.person("amina", Some(StakeholderGroup::CivilSociety)).await;
    amina.topic("rivers").await.unwrap();
    let mut faces = Faces::of(&test).await;
    for (name, id) in [
        ("amina", "https://forum.ngo.example/p/amina"),
        ("rivers", "https://forum.ngo.example/t/rivers"),
    ] {
        // Asked by the handle, by the name on the instance's own host, and by the id: one answer.
        for resource in [
            format!("acct:{name}@ngo.example"),
            format!("acct:{name}@forum.ngo.example"),
            id.to_owned(),
        ] {
            let path = format!("/.well-known/webfinger?resource={resource}");
            let answer = faces.get(&path, "*/*").await.json();
            assert_eq!(answer["subject"], format!("acct:{name}@ngo.example"), "{resource}");
            assert_eq!(answer["links"][0]["href"], *id);
        }
        let path = id.strip_prefix("https://forum.ngo.example").unwrap();
        let actor = faces.get(path, polylogue_tests::faces::AS2).await.json();
        assert_eq!(actor["webfinger"], format!("{name}@ngo.example"));
        assert_eq!(actor["id"], *id);
    }
}

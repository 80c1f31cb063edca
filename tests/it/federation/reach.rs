//! What followers elsewhere are given, by the software that they use (protocol 4.f.4, tests 41 and 52 to 54).

use polylogue::{
    domain::{group::StakeholderGroup, opinion::OpinionStatus, position::PositionKind},
    service::{Caller, comments::NewComment, opinions::NewOpinion, positions::NewPosition},
    store::{deliveries, entries, hosts, links},
};
use polylogue_tests::{Foreign, TestInstance, drain};
use serde_json::{Value, json};

use super::mesh::{SLUG, found, publish};

fn follow(foreign: &Foreign, number: i64, whom: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": foreign.id(&format!("follows/{number}")),
        "type": "Follow", "actor": foreign.actor(), "object": whom,
    })
}

/// A server of this software whose officer follows somebody at an instance.
async fn follower(software: &'static str, at: &TestInstance, whom: &str) -> Foreign {
    let foreign = Foreign::start(software).await;
    foreign.runs(software);
    let inbox = format!("{}/inbox", at.origin());
    assert_eq!(foreign.sends(&inbox, &follow(&foreign, 1, whom)).await, 202);
    drain(&[at]).await;
    foreign
}

/// What came since the answer to the Follow, in short: type, and the type of what it is about.
fn told(foreign: &Foreign) -> Vec<(String, String)> {
    let short = |activity: &Value| {
        let inner = activity["object"]["type"].as_str();
        let kind = activity["type"].as_str().unwrap_or_default().to_owned();
        (kind, inner.unwrap_or(if activity["object"].is_string() { "id" } else { "" }).to_owned())
    };
    foreign.received().iter().skip(1).map(short).collect()
}

fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(kind, inner)| ((*kind).to_owned(), (*inner).to_owned())).collect()
}

async fn comments(at: &TestInstance, who: &Caller, opinion: &str) {
    let new = NewComment {
        content: "Who pays?".to_owned(),
        kind: polylogue::domain::comment::CommentKind::Question,
        anchors: Vec::new(),
        in_reply_to: None,
        language: None,
        capacity: None,
        on_behalf_of: None,
    };
    at.app.service.comment(who, opinion, new).await.unwrap();
}

async fn supports(at: &TestInstance, who: &Caller, opinion: &str) {
    let new = NewPosition {
        kind: PositionKind::Support,
        statement: None,
        revision: 1,
        capacity: None,
        on_behalf_of: None,
    };
    at.app.service.take_position(who, opinion, new).await.unwrap();
}

#[tokio::test]
async fn test_52_each_kind_of_follower_is_told_in_its_form() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let room = found(&civil, &amina).await;
    let lemmy = follower("lemmy", &civil, &room).await;
    let piefed = follower("piefed", &civil, &room).await;
    let masto = follower("mastodon", &civil, &room).await;
    // A server that names no software is given what everybody reads.
    let silent = Foreign::start("silent").await;
    let inbox = format!("{}/inbox", civil.origin());
    silent.sends(&inbox, &follow(&silent, 1, &room)).await;
    drain(&[&civil]).await;

    let opinion = publish(&civil, &amina).await;
    drain(&[&civil]).await;
    for forum in [&lemmy, &piefed] {
        assert_eq!(told(forum), expected(&[("Announce", "Create")]));
        let announce = forum.received().pop().unwrap();
        assert_eq!(announce["object"]["object"]["id"], *opinion);
        assert_eq!(announce["actor"], *room);
    }
    for microblog in [&masto, &silent] {
        assert_eq!(told(microblog), expected(&[("Announce", "id")]));
        assert_eq!(microblog.received().pop().unwrap()["object"], *opinion);
    }
    comments(&civil, &amina, &opinion).await;
    drain(&[&civil]).await;
    supports(&civil, &amina, &opinion).await;
    drain(&[&civil]).await;
    let forums = [("Announce", "Create"), ("Announce", "Create"), ("Announce", "Like")];
    assert_eq!(told(&lemmy), expected(&forums));
    assert_eq!(told(&piefed), expected(&forums));
    // The comment as its author signed it; of the Like nothing.
    let microblogs = expected(&[("Announce", "id"), ("Create", "Note")]);
    assert_eq!(told(&masto), microblogs);
    assert_eq!(told(&silent), microblogs);
    // Microblogs take an act from its own actor alone: she signs the request, where the room signs its boost.
    let keys = [format!("{room}#main-key"), format!("{}#main-key", amina.actor.uri)];
    assert!(masto.signed_by().ends_with(&keys), "{:?}", masto.signed_by());
    let store = &civil.app.service.store;
    let host = masto.actor().split('/').nth(2).unwrap().to_owned();
    let known = hosts::software(store, &host).await.unwrap().unwrap();
    assert_eq!(known.software.as_deref(), Some("mastodon"), "remembered");
}

/// Two linked instances, and an opinion that is at home at the second.
async fn two() -> (TestInstance, TestInstance, String, Caller) {
    let civil = TestInstance::start("civil").await;
    let gov = TestInstance::start("gov").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    let room = found(&civil, &amina).await;
    gov.app.federation.join(&joao, &room, None).await.unwrap();
    drain(&[&civil, &gov]).await;
    (civil, gov, room, joao)
}

#[tokio::test]
async fn test_53_of_what_is_at_home_elsewhere_forums_are_told_and_lemmy_is_not() {
    let (civil, gov, room, joao) = Box::pin(two()).await;
    let lemmy = follower("lemmy", &civil, &room).await;
    let nodebb = follower("nodebb", &civil, &room).await;
    let mbin = follower("mbin", &civil, &room).await;
    let piefed = follower("piefed", &civil, &room).await;
    let masto = follower("mastodon", &civil, &room).await;
    let opinion = publish(&gov, &joao).await;
    drain(&[&gov, &civil]).await;
    assert!(told(&lemmy).is_empty(), "its posts belong to one group");
    for forum in [&nodebb, &mbin, &piefed] {
        assert_eq!(told(forum), expected(&[("Announce", "Create")]));
        let announce = forum.received().pop().unwrap();
        assert_eq!(announce["actor"], *room);
        assert_ne!(announce["object"]["audience"], *room);
    }
    assert!(told(&masto).is_empty(), "its own home boosts it; another room not at once");
    // The relay said whose people it tells, so that no other room tells them again (decisions 27).
    let home = gov.app.service.room(SLUG).await.unwrap();
    let link = links::up(&gov.app.service.store, home.id).await.unwrap();
    assert_eq!(link.len(), 1);
    let rows = entries::by_item_id(
        &civil.app.service.store,
        nodebb.received().pop().unwrap()["object"]["id"].as_str().unwrap(),
    )
    .await
    .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].object.as_deref(), Some(opinion.as_str()));
}

#[tokio::test]
async fn test_41_a_large_opinion_is_named_to_others_and_whole_to_peers() {
    let (civil, gov, room, _) = Box::pin(two()).await;
    let masto = follower("mastodon", &civil, &room).await;
    let lemmy = follower("lemmy", &civil, &room).await;
    let amina = civil.app.service.caller_named("amina").await.unwrap();
    let inbox = format!("{}/inbox", civil.origin());
    assert_eq!(masto.sends(&inbox, &follow(&masto, 2, &amina.actor.uri)).await, 202);
    drain(&[&civil, &gov]).await;
    let before = masto.received().len();
    let new = NewOpinion {
        name: "At length".to_owned(),
        abstract_text: "Everything.".to_owned(),
        source: "A river has two banks, and both are heard.\n\n".repeat(4_600),
        language: "en".to_owned(),
        status: OpinionStatus::Open,
    };
    assert!(new.source.len() > 200_000);
    let topic = civil.app.service.room(SLUG).await.unwrap();
    let made = civil.app.service.publish_opinion(&amina, topic, new).await.unwrap();
    drain(&[&civil, &gov]).await;
    assert_eq!(civil.hashes(SLUG).await, gov.hashes(SLUG).await, "the peer has it whole");
    let came: Vec<Value> = masto.received().split_off(before);
    assert!(came.iter().all(|a| serde_json::to_vec(a).unwrap().len() <= 60_000));
    let create = came.iter().find(|activity| activity["type"] == "Create").unwrap();
    assert_eq!(create["object"], *made.uri);
    assert_eq!(create["id"], format!("{}/slim", made.activity_id));
    let boost = came.iter().find(|activity| activity["type"] == "Announce").unwrap();
    assert_eq!(boost["object"], *made.uri);
    // Lemmy follows no ids: it gets nothing.
    assert!(told(&lemmy).is_empty());
    // The short form is served as it was sent, and is refused in the record.
    let answer = civil.app.service.slim_document(&made.activity_id).await.unwrap().document();
    assert_eq!(answer, *create);
    assert!(polylogue::record::item::Item::of(answer).is_err());
    let sent = deliveries::sent(&civil.app.service.store, create["id"].as_str().unwrap()).await;
    assert!(sent.unwrap().is_some());
}

#[tokio::test]
async fn test_54_the_feed_lists_rooms_that_are_up_and_tells_of_changes() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let room = found(&civil, &amina).await;
    let topic = civil.app.service.room(SLUG).await.unwrap();
    let feed = civil.app.service.feed(&topic).await.unwrap();
    assert_eq!(feed.username, format!("{SLUG}_rooms"));
    assert_eq!(civil.app.service.feed_rooms(&feed).await.unwrap(), [json!(room)]);
    let piefed = follower("piefed", &civil, &feed.uri).await;
    let changes = |foreign: &Foreign| -> Vec<(String, String)> {
        let word = |activity: &Value, name: &str| activity[name].as_str().unwrap_or("").to_owned();
        let all = foreign.received();
        let of_feed = all.iter().filter(|activity| activity["actor"] == *feed.uri);
        of_feed
            .filter(|activity| activity["type"] != "Accept")
            .map(|activity| {
                assert_eq!(activity["target"], format!("{}/following", feed.uri));
                (word(activity, "type"), word(activity, "object"))
            })
            .collect()
    };
    let own = ("Add".to_owned(), room.clone());
    assert_eq!(changes(&piefed), std::slice::from_ref(&own));

    let gov = TestInstance::start("gov").await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    gov.app.federation.join(&joao, &room, None).await.unwrap();
    drain(&[&civil, &gov]).await;
    let theirs = gov.app.service.paths.room(SLUG);
    let added = ("Add".to_owned(), theirs.clone());
    assert_eq!(changes(&piefed), [own.clone(), added.clone()]);
    assert_eq!(civil.app.service.feed_rooms(&feed).await.unwrap().len(), 2);

    // The link goes down.
    let store = &civil.app.service.store;
    let tx = store.begin().await.unwrap();
    let link = links::with_peer(&tx, topic.id, &theirs).await.unwrap().unwrap();
    links::save(&tx, links::Link { state: links::DOWN.to_owned(), ..link }).await.unwrap();
    tx.commit().await.unwrap();
    drain(&[&civil]).await;
    assert_eq!(changes(&piefed), [own, added, ("Remove".to_owned(), theirs)]);
}

#[tokio::test]
async fn the_words_of_a_support_are_told_and_taken_back_with_it() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let joao = civil.person("joao", StakeholderGroup::Governments).await;
    found(&civil, &amina).await;
    let opinion = publish(&civil, &amina).await;
    let masto = follower("mastodon", &civil, &joao.actor.uri).await;
    let new = NewPosition {
        kind: PositionKind::Support,
        statement: Some("It names <both> banks.".to_owned()),
        revision: 1,
        capacity: None,
        on_behalf_of: None,
    };
    let before = civil.hashes(SLUG).await.len();
    let taken = civil.app.service.take_position(&joao, &opinion, new).await.unwrap();
    drain(&[&civil]).await;
    let note = masto.received().pop().unwrap()["object"].clone();
    assert_eq!((&note["type"], &note["positionOf"]), (&json!("Note"), &json!(taken.uri)));
    assert_eq!(note["inReplyTo"], *opinion);
    let words = note["content"].as_str().unwrap();
    assert!(words.contains("supports revision 1"), "{words}");
    assert!(words.contains("It names &lt;both&gt; banks."), "{words}");
    // Unlisted: in nobody's timeline but their followers'.
    assert_eq!(note["to"], json!([amina.actor.uri]));
    let service = &civil.app.service;
    let uri = note["id"].as_str().unwrap();
    let served = service.object_document(uri).await.unwrap().document();
    assert_eq!(served["content"], note["content"]);
    // It is no entry: the log holds the Like with its receipt and who took it, and no Note.
    let rows = entries::by_item_id(&service.store, uri).await.unwrap();
    assert!(rows.is_empty());
    assert!(civil.hashes(SLUG).await.len() > before);

    service.withdraw_position(&joao, &taken.uri).await.unwrap();
    drain(&[&civil]).await;
    let came = masto.received();
    let delete = came.iter().find(|activity| activity["type"] == "Delete").unwrap();
    assert_eq!(delete["object"]["id"], *uri);
    let gone = service.object_document(uri).await.unwrap();
    assert!(matches!(gone, polylogue::service::objects::Served::Gone { .. }), "{gone:?}");
}

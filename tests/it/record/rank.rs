//! INV-2: no order is by count. And keys: what is only held names nothing.

use polylogue::{
    domain::group::StakeholderGroup,
    service::intake::Via,
    store::{
        entries::{self, Arrival, Verdict},
        keys,
    },
};
use polylogue_tests::TestService;
use serde_json::json;

use super::{
    shelf::Shelf,
    voice::{Stand, Text, Voice, minute},
};

/// What a list of opinions is, as a reader sees it.
async fn order(instance: &TestService, slug: &str) -> Vec<(String, i64)> {
    let room = instance.service.room(slug).await.unwrap();
    let opinions = instance.service.opinions(&room).await.unwrap();
    opinions.into_iter().map(|view| (view.opinion.uri, view.key)).collect()
}

#[tokio::test]
async fn a_thousand_endorsements_change_no_order() {
    let instance = TestService::at("a.example").await;
    let amina = instance.person("amina", Some(StakeholderGroup::CivilSociety)).await;
    let (room, _) = amina.topic("who_pays").await.unwrap();
    let mut opinions = Vec::new();
    for name in ["First", "Second", "Third"] {
        instance.clock.pass_minutes(1);
        opinions.push(amina.publishes(&room, name, "Words.").await.unwrap().uri);
        amina.comments(&opinions[0], "A remark.", None).await.unwrap();
    }
    let before = order(&instance, "who_pays").await;
    assert_eq!(before.len(), 3);
    let comments = instance.service.comments(room.id, &opinions[0]).await.unwrap();
    let tx = instance.service.store.begin().await.unwrap();
    for number in 0..1_000 {
        let voice = Voice::new(&format!("voice{number}"), "b.example");
        let like = voice.likes(number, &opinions[1], Stand::SUPPORT, minute(number));
        let body = serde_json::to_vec(&like.document).unwrap();
        let arrival = Arrival {
            room_id: room.id,
            item: &like,
            body: &body,
            verdict: Verdict::Proof,
            origin: Some("https://b.example/t/costs"),
            sent_to: &[],
            hops: 1,
            taken_at: minute(number),
            fresh_key: 1_000_000 + number,
        };
        entries::append(&tx, &arrival).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(order(&instance, "who_pays").await, before);
    let after = instance.service.comments(room.id, &opinions[0]).await.unwrap();
    let uris = |views: &[polylogue::service::read::CommentView]| -> Vec<String> {
        views.iter().map(|view| view.comment.uri.clone()).collect()
    };
    assert_eq!(uris(&after), uris(&comments));
}

#[tokio::test]
async fn what_is_held_gives_no_key_and_a_like_takes_none_of_its_opinion() {
    let shelf = Shelf::new().await;
    let amina = Voice::new("amina", "a.example");
    let opinion = amina.opinion(1);
    let text = Text::new(&opinion, 1, "one");
    // Somebody else's forgery: a comment under the id of the opinion, which nobody could verify yet.
    let forged = amina.comments(1, &opinion, &amina.opinion(2), "not theirs", minute(0));
    let mut like = amina.likes(2, &opinion, Stand::SUPPORT, minute(1)).document;
    like["object"] = json!({"id": opinion, "type": "Article"});
    let like = amina.sign(like, minute(1));
    let laid = shelf.lay([]).await.and([&forged], Verdict::Held).await;
    assert_eq!(keys::by_uri(&laid.tx, &opinion).await.unwrap(), None);
    let laid = laid.and([&like, &amina.publishes(3, &text, minute(2))], Verdict::Proof).await;
    let key = keys::by_uri(&laid.tx, &opinion).await.unwrap().unwrap();
    assert_eq!(key.kind, "opinion");
    let key = keys::by_uri(&laid.tx, &like.id).await.unwrap().unwrap();
    assert_eq!(key.kind, "position");
}

#[tokio::test]
async fn an_opinion_of_another_topic_stays_out() {
    let instance = TestService::at("a.example").await;
    let amina = instance.person("amina", None).await;
    let (room, _) = amina.topic("who_pays").await.unwrap();
    let chen = Voice::new("chen", "b.example");
    let stray = chen.publishes(1, &Text::new(&chen.opinion(1), 1, "one"), minute(0));
    let body = serde_json::to_vec(&stray.document).unwrap();
    let tx = instance.service.store.begin().await.unwrap();
    let via = Via::Relay { from: "https://b.example/t/costs", sent_to: &[], hops: 1 };
    let taken = instance.service.take(&tx, &room, &stray, &body, Verdict::Proof, via).await;
    assert!(taken.is_err());
    let genesis = chen.founds("1");
    let body = serde_json::to_vec(&genesis.document).unwrap();
    assert!(instance.service.take(&tx, &room, &genesis, &body, Verdict::Proof, via).await.is_err());
}

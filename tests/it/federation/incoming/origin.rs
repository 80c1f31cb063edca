//! What carries no proof and was not delivered by its author is asked of its origin; what a room saw there reaches the
//! others as its Witness.

use polylogue::{
    base::limits,
    domain::group::StakeholderGroup,
    record::item::Kind,
    service::clients::Sought,
    store::{
        Source,
        entity::entry,
        entries::{self, Verdict},
    },
};
use polylogue_tests::{Foreign, TestInstance, drain};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{SLUG, homes, is};

async fn witnesses(instance: &TestInstance) -> Vec<entries::Entry> {
    entry::Entity::find()
        .filter(entry::Column::Kind.eq(Kind::Witness.word()))
        .all(instance.app.service.store.connection())
        .await
        .unwrap()
}

#[tokio::test]
async fn test_20_what_another_forwards_is_asked_of_its_origin() {
    for home in homes().await {
        let (masto, relay) = (Foreign::start("masto").await, Foreign::start("relay").await);
        let mut reply = masto.reply("ada", 1, &home.opinion, "Who pays?", "en");
        let note = reply["object"]["id"].as_str().unwrap().to_owned();
        let mut served = reply["object"].clone();
        served["likes"] = json!({"type": "Collection", "totalItems": 7});
        masto.serves(&served);
        reply["object"]["content"] = json!("<p>I agree.</p>");
        let inbox = format!("{}/inbox", home.instance.origin());
        assert_eq!(relay.sends_as(&relay.user("bruno"), &inbox, &reply).await, 202);
        home.drain().await;
        let row = home.comment(&note).await.unwrap();
        assert!(row.content.contains("Who pays?"), "the body is not trusted: {}", row.content);
        assert!(row.received_at.is_none(), "nothing attests when it was said");
        let seen = witnesses(&home.instance).await;
        assert_eq!(seen.len(), 1);
        let document = entries::read(&seen[0]).unwrap().document;
        assert_eq!(document["type"], "Witness");
        assert!(
            document["object"].get("likes").is_none()
                && document["object"].get("replies").is_none()
        );
        // Delivered by its author as well it is the same comment, in the same version.
        reply["object"]["content"] = served["content"].clone();
        home.hears(&masto, &reply).await;
        let row = home.comment(&note).await.unwrap();
        assert_eq!(row.versions, 1);
        assert!(row.received_at.is_some());
    }
}

#[tokio::test]
async fn who_looks_for_a_post_makes_no_room_sign_that_it_saw_it() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        let reply = masto.reply("ada", 1, &home.opinion, "Who pays?", "en");
        masto.serves(&reply["object"]);
        let note = reply["object"]["id"].as_str().unwrap();
        let found = home.instance.app.federation.find(&Sought::read(note)).await.unwrap();
        assert_eq!(found.as_deref(), Some(note));
        home.drain().await;
        assert_eq!(witnesses(&home.instance).await.len(), 0);
        assert!(home.comment(note).await.is_none());
    }
}

#[tokio::test]
async fn one_announcement_makes_so_many_fetches_and_not_one_more() {
    for home in homes().await {
        let most = i64::from(limits::ORIGIN_FETCHES_MAX);
        for (name, posts) in [("masto", most), ("other", most + 1)] {
            let (masto, relay) = (Foreign::start(name).await, Foreign::start("relay").await);
            let notes: Vec<serde_json::Value> = (1..=posts)
                .map(|n| masto.reply("ada", n, &home.opinion, "Who pays?", "en")["object"].clone())
                .collect();
            for note in &notes {
                masto.serves(note);
            }
            let announce = super::activity(
                "Announce",
                &relay.id("announces/1"),
                &relay.user("bruno"),
                json!(notes),
            );
            let fate = home.hears(&relay, &announce).await;
            let asked =
                masto.asked().iter().filter(|(path, _)| path.contains("/statuses/")).count();
            assert_eq!(i64::try_from(asked).unwrap(), most, "{name}: {fate:?}");
            let mut held = 0;
            for note in &notes {
                held += i64::from(home.comment_held(note["id"].as_str().unwrap().to_owned()).await);
            }
            assert_eq!(held, most, "{name}");
            let (state, words) =
                if posts > most { ("refused", "more than 4 fetches") } else { ("done", "taken") };
            is(&fate, state, words);
        }
    }
}

#[tokio::test]
async fn an_act_too_large_for_evidence_is_seen_at_its_origin() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        for (n, more, kinds) in [(1, 0, 0), (2, 1, 1)] {
            let mut reply = masto.reply("ada", n, &home.opinion, "", "en");
            let short = reply.to_string().len();
            let text = "x".repeat(limits::EVIDENCE_BODY_BYTES_MAX - short + more);
            let content = format!("{}{text}", reply["object"]["content"].as_str().unwrap());
            reply["object"]["content"] = json!(content);
            assert_eq!(reply.to_string().len(), limits::EVIDENCE_BODY_BYTES_MAX + more);
            masto.serves(&reply["object"]);
            home.hears(&masto, &reply).await;
            assert!(home.comment(reply["object"]["id"].as_str().unwrap()).await.is_some(), "{n}");
            assert_eq!(witnesses(&home.instance).await.len(), kinds, "{n}");
        }
    }
}

#[tokio::test]
async fn a_witness_of_one_operator_is_held_until_it_is_seen_here_or_by_two() {
    let civil = TestInstance::start("civil").await;
    let gov = TestInstance::start("gov").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    let room = super::found(&civil, &amina).await;
    let opinion = super::publish(&civil, &amina).await;
    gov.app.federation.join(&joao, &room, None).await.unwrap();
    drain(&[&civil, &gov]).await;
    let (masto, relay) = (Foreign::start("masto").await, Foreign::start("relay").await);
    let reply = masto.reply("ada", 1, &opinion, "Who pays?", "en");
    let note = reply["object"]["id"].as_str().unwrap().to_owned();
    masto.serves(&reply["object"]);
    let inbox = format!("{}/inbox", civil.origin());
    assert_eq!(relay.sends_as(&relay.user("bruno"), &inbox, &reply).await, 202);
    drain(&[&civil, &gov]).await;
    assert_eq!(civil.hashes(SLUG).await, gov.hashes(SLUG).await, "held is held by all");
    let shown = async |instance: &TestInstance| {
        polylogue::store::projections::comment(&instance.app.service.store, &note)
            .await
            .unwrap()
            .is_some()
    };
    assert!(shown(&civil).await && !shown(&gov).await);
    let asked = masto.asked().len();
    // Its origin says something else now: held, and nobody's comment here.
    let mut other = reply["object"].clone();
    other["content"] = json!("<p>I agree.</p>");
    masto.serves(&other);
    assert_eq!(gov.app.federation.look_again().await.unwrap(), 0);
    assert!(masto.asked().len() > asked && !shown(&gov).await);
    masto.serves(&reply["object"]);
    assert_eq!(gov.app.federation.look_again().await.unwrap(), 1);
    assert!(shown(&gov).await);
    let held = witnesses(&gov).await;
    assert!(held.iter().all(|row| row.verdict == Verdict::Proof.word()));
}

#[tokio::test]
async fn what_is_private_at_its_origin_or_anothers_is_not_taken() {
    for home in homes().await {
        let (masto, relay) = (Foreign::start("masto").await, Foreign::start("relay").await);
        let log = home.log().await;
        for (n, members, state, words) in [
            (1, json!({"to": [masto.user("x")], "cc": []}), "done", "not addressed to everybody"),
            (2, json!({"attributedTo": relay.user("eve")}), "refused", "may not act on"),
        ] {
            let reply = masto.reply("ada", n, &home.opinion, "Who pays?", "en");
            let mut served = reply["object"].clone();
            served.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            masto.serves(&served);
            let inbox = format!("{}/inbox", home.instance.origin());
            relay.sends_as(&relay.user("bruno"), &inbox, &reply).await;
            home.drain().await;
            is(&home.fate(reply["id"].as_str().unwrap()).await, state, words);
        }
        assert_eq!(home.log().await, log);
    }
}

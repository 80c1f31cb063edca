//! Somebody elsewhere quotes what was said here (FEP-044f).

use polylogue::{
    domain::group::StakeholderGroup,
    service::{ServiceError, objects::Served},
};
use polylogue_tests::{Foreign, TestInstance, drain};
use serde_json::{Value, json};

use super::mesh::{found, publish};

/// As Mastodon 4.5 asks.
fn request(foreign: &Foreign, number: i64, target: &str) -> Value {
    let id = foreign.id(&format!("users/officer/statuses/{number}"));
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {"QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest"}],
        "id": format!("{id}/quote"), "type": "QuoteRequest", "actor": foreign.actor(), "object": target,
        "instrument": {"id": id, "type": "Note", "attributedTo": foreign.actor(), "quote": target, "content": "<p>See.</p>"},
    })
}

#[tokio::test]
async fn test_43_a_quote_is_consented_to_and_the_consent_taken_back() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let joao = civil.person("joao", StakeholderGroup::Governments).await;
    found(&civil, &amina).await;
    let opinion = publish(&civil, &amina).await;
    let masto = Foreign::start("masto").await;
    let inbox = format!("{}/inbox", civil.origin());
    let service = &civil.app.service;
    let asked = request(&masto, 1, &opinion);
    assert_eq!(masto.sends(&inbox, &asked).await, 202);
    drain(&[&civil]).await;
    let accept = masto.received().pop().unwrap();
    assert_eq!((&accept["type"], &accept["actor"]), (&json!("Accept"), &json!(amina.actor.uri)));
    assert_eq!(accept["object"]["type"], "QuoteRequest");
    assert_eq!(accept["object"]["id"], asked["id"]);
    assert_eq!(accept["object"]["instrument"], asked["instrument"]["id"]);
    let consent = accept["result"].as_str().unwrap().to_owned();
    let document = service.quote_document(&consent).await.unwrap().document();
    assert_eq!(document["type"], "QuoteAuthorization");
    assert_eq!(document["attributedTo"], *amina.actor.uri);
    assert_eq!(document["interactionTarget"], *opinion);
    assert_eq!(document["interactingObject"], asked["instrument"]["id"]);
    // Asked again: the same consent.
    let mut again = asked.clone();
    again["id"] = format!("{}/2", asked["id"].as_str().unwrap()).into();
    masto.sends(&inbox, &again).await;
    drain(&[&civil]).await;
    assert_eq!(masto.received().pop().unwrap()["result"], *consent);

    let refused = service.revoke_quote(&joao, &consent).await;
    assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })), "{refused:?}");
    service.revoke_quote(&amina, &consent).await.unwrap();
    drain(&[&civil]).await;
    let delete = masto.received().pop().unwrap();
    assert_eq!((&delete["type"], &delete["object"]["id"]), (&json!("Delete"), &json!(consent)));
    assert!(matches!(service.quote_document(&consent).await.unwrap(), Served::Gone { .. }));
    // Taken back is taken back.
    let before = masto.received().len();
    let mut third = asked.clone();
    third["id"] = format!("{}/3", asked["id"].as_str().unwrap()).into();
    masto.sends(&inbox, &third).await;
    drain(&[&civil]).await;
    assert_eq!(masto.received().len(), before);
}

#[tokio::test]
async fn nobody_asks_for_another_and_nothing_is_consented_to_that_is_not_here() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    found(&civil, &amina).await;
    let opinion = publish(&civil, &amina).await;
    let masto = Foreign::start("masto").await;
    let inbox = format!("{}/inbox", civil.origin());
    let mut others = request(&masto, 1, &opinion);
    others["instrument"]["attributedTo"] = masto.user("ada").into();
    let mut elsewhere = request(&masto, 2, &opinion);
    elsewhere["instrument"] = "https://elsewhere.example/1".into();
    let nothing = request(&masto, 3, &format!("{}/o/1", civil.origin()));
    for asked in [others, elsewhere, nothing] {
        assert_eq!(masto.sends(&inbox, &asked).await, 202);
        drain(&[&civil]).await;
        assert!(masto.received().is_empty(), "{asked}");
    }
    // With the opinion the consent goes.
    masto.sends(&inbox, &request(&masto, 4, &opinion)).await;
    drain(&[&civil]).await;
    let consent = masto.received().pop().unwrap()["result"].as_str().unwrap().to_owned();
    civil.app.service.delete_opinion(&amina, &opinion).await.unwrap();
    let gone = civil.app.service.quote_document(&consent).await.unwrap();
    assert!(matches!(gone, Served::Gone { .. }), "{gone:?}");
}

//! What the inbox refuses, and that it takes a thing once.

use http::HeaderMap;
use polylogue::{
    base::{
        clock::{Clock as _, SystemClock},
        limits,
    },
    domain::group::StakeholderGroup,
    store::inbox_items,
};
use polylogue_tests::{Foreign, TestInstance, drain, foreign::post_to};
use serde_json::{Value, json};
use url::Url;

const HOUR_MILLIS: i64 = 3_600_000;

fn note(foreign: &Foreign, text: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": foreign.id("a/1"), "type": "Create",
        "actor": foreign.actor(), "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "object": {"id": foreign.id("o/1"), "type": "Note", "attributedTo": foreign.actor(), "content": text},
    })
}

#[tokio::test]
async fn test_16_and_18_refuses_what_is_not_as_it_was_signed() {
    let instance = TestInstance::start("civil").await;
    let other = TestInstance::start("gov").await;
    let masto = Foreign::start("masto").await;
    let inbox = format!("{}/inbox", instance.origin());
    let now = SystemClock.now();
    let (signed, changed) = (note(&masto, "yes").to_string(), note(&masto, "no!").to_string());

    let tampered = masto.sends_bytes(&inbox, signed.as_bytes(), changed.as_bytes(), now).await;
    assert_eq!(tampered, 401, "the body was replaced");
    for (offset, status) in
        [(-2 * HOUR_MILLIS, 401), (2 * HOUR_MILLIS, 401), (-HOUR_MILLIS + 600_000, 202)]
    {
        let body = signed.as_bytes();
        let answer = masto.sends_bytes(&inbox, body, body, now.plus_millis(offset)).await;
        assert_eq!(answer, status, "signed {offset} ms from now");
    }
    let url = Url::parse(&inbox).unwrap();
    assert_eq!(
        post_to(&url, HeaderMap::new(), signed.clone().into_bytes()).await,
        401,
        "not signed at all"
    );

    // Signed for another server, replayed here.
    let elsewhere = Url::parse(&format!("{}/inbox", other.origin())).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("host", elsewhere.authority().parse().unwrap());
    assert_eq!(post_to(&url, headers, signed.into_bytes()).await, 421);
}

#[tokio::test]
async fn test_23_refuses_odd_json_before_it_looks_at_keys() {
    let instance = TestInstance::start("civil").await;
    let masto = Foreign::start("masto").await;
    let inbox = format!("{}/inbox", instance.origin());
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let actor = masto.actor();
    let cases: [(String, u16); 5] = [
        (format!(r#"{{"id":"{actor}/1","actor":"{actor}","x":{deep}}}"#), 400),
        (format!(r#"{{"id":"{actor}/1","id":"{actor}/2","actor":"{actor}"}}"#), 400),
        ("{".to_owned(), 400),
        (format!(r#"{{"id":"https://elsewhere.example/1","actor":"{actor}"}}"#), 400),
        ("x".repeat(limits::INBOX_BODY_BYTES_MAX + 1), 413),
    ];
    for (body, status) in cases {
        let answer =
            masto.sends_bytes(&inbox, body.as_bytes(), body.as_bytes(), SystemClock.now()).await;
        assert_eq!(answer, status, "{}", body.chars().take(60).collect::<String>());
    }
    let bytes = b"{\"id\":\"\xff\"}";
    assert_eq!(masto.sends_bytes(&inbox, bytes, bytes, SystemClock.now()).await, 400, "not UTF-8");
}

#[tokio::test]
async fn test_24_takes_the_same_once_to_whichever_inbox() {
    let instance = TestInstance::start("civil").await;
    instance.person("amina", StakeholderGroup::CivilSociety).await;
    let masto = Foreign::start("masto").await;
    let activity = note(&masto, "yes");
    for path in ["inbox", "p/amina/inbox", "inbox", "inbox", "p/amina/inbox"] {
        assert_eq!(masto.sends(&format!("{}/{path}", instance.origin()), &activity).await, 202);
    }
    let store = &instance.app.service.store;
    assert_eq!(inbox_items::by_activity(store, &masto.id("a/1")).await.unwrap().len(), 1);
    drain(&[&instance]).await;
    assert_eq!(inbox_items::count(store, inbox_items::DONE).await.unwrap(), 1);
}

#[tokio::test]
async fn test_25_a_farewell_of_somebody_unknown_costs_nothing() {
    let instance = TestInstance::start("civil").await;
    let masto = Foreign::start("masto").await;
    masto.actor_answers(410);
    let farewell = json!({
        "id": format!("{}#delete", masto.actor()), "type": "Delete", "actor": masto.actor(), "object": masto.actor(),
    });
    assert_eq!(masto.sends(&format!("{}/inbox", instance.origin()), &farewell).await, 202);
    assert_eq!(inbox_items::count(&instance.app.service.store, inbox_items::NEW).await.unwrap(), 0);
}

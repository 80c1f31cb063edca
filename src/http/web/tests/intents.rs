//! Between two servers: who is asked something for whom, and how often.

use super::started;
use crate::{
    base::limits::INTENTS_PER_ADDRESS_A_MINUTE_MAX,
    domain::group::StakeholderGroup,
    http::testing::{Browser, HTML, Instance, value_of},
};

/// An address that would have been asked for, and is not: it is our own.
const NOWHERE: &str = "/authorize_interaction?uri=https%3A%2F%2Fcs.example%2Fo%2F1";
/// The form that leads home from the topic `rivers`.
const FORM: &str = "/interact?uri=https%3A%2F%2Fcs.example%2Ft%2Frivers&intent=follow";

async fn started_at_one_moment() -> Instance {
    let instance = Instance::start_at_one_moment().await;
    let token = instance.account("ada", StakeholderGroup::CivilSociety).await;
    instance.topic(&token, "rivers").await;
    instance
}

#[tokio::test]
async fn the_way_home_is_asked_for_so_often_and_no_more() {
    let instance = started_at_one_moment().await;
    let mut browser = Browser::new(&instance);
    let form = browser.get(FORM).await;
    let (csrf, uri) = (value_of(&form, "csrf"), value_of(&form, "uri"));
    let fields = [("csrf", csrf.as_str()), ("uri", &uri), ("account", "ada@cs.example")];
    for number in 1..=INTENTS_PER_ADDRESS_A_MINUTE_MAX {
        let (status, page) = browser.post("/interact", &fields).await;
        assert_eq!(status, 422, "{number}: {page}");
    }
    let (status, page) = browser.post("/interact", &fields).await;
    assert_eq!(status, 429, "{page}");
}

#[tokio::test]
async fn what_somebody_came_for_is_asked_for_so_often_and_for_nobody_who_is_not_signed_in() {
    let instance = started_at_one_moment().await;
    for number in 0..=INTENTS_PER_ADDRESS_A_MINUTE_MAX {
        for path in [NOWHERE, &NOWHERE.replace("authorize_interaction?uri", "share?in_reply_to")] {
            let answer = instance.get(path, HTML).await;
            assert_eq!(answer.status, 303, "{number}");
            assert!(answer.header("location").starts_with("/sign-in?next="), "{path}");
        }
    }
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    let mut last = 404;
    for number in 1..=INTENTS_PER_ADDRESS_A_MINUTE_MAX {
        last = ada.send("GET", NOWHERE, String::new()).await.status;
        assert_eq!(last, 404, "{number}");
    }
    let over = ada.send("GET", NOWHERE, String::new()).await;
    assert_eq!((last, over.status), (404, 429));
    assert!(!over.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_form_of_another_site_leads_nowhere_and_follows_nobody() {
    let instance = started().await;
    let mut browser = Browser::new(&instance);
    let form = browser.get(FORM).await;
    let uri = value_of(&form, "uri");
    // The browser has the cookie; the other site cannot know what is in it.
    for csrf in ["", "x", &"A".repeat(43)] {
        let fields = [("csrf", csrf), ("uri", &uri), ("account", "ada@cs.example")];
        let (status, page) = browser.post("/interact", &fields).await;
        assert_eq!(status, 403, "{page}");
        assert!(page.contains("value=\"ada@cs.example\""), "{page}");
    }
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("ada").await;
    let page = ada.get("/authorize_interaction?uri=https%3A%2F%2Fcs.example%2Ft%2Frivers").await;
    let key = value_of(&page, "key");
    let (status, _) = ada.post("/authorize_interaction", &[("csrf", "x"), ("key", &key)]).await;
    assert_eq!(status, 403);
    let page = ada.get("/authorize_interaction?uri=https%3A%2F%2Fcs.example%2Ft%2Frivers").await;
    assert!(!page.contains("You follow this."), "{page}");
    // The words that came along come back, and nothing leads to another place.
    let there = "//evil.example/?a=b&c";
    let fields = [("csrf", csrf.as_str()), ("key", &key), ("uri", there), ("text", "Both & more")];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let answer = ada.send("POST", "/authorize_interaction", body).await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.header("location"),
        "/share?text=Both+%26+more&in_reply_to=%2F%2Fevil.example%2F%3Fa%3Db%26c"
    );
}

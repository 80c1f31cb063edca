//! A reader with a browser, from signing in to a position withdrawn, and what is refused.

mod commentary;
mod drafts;
mod guests;
mod intents;
mod kept;
mod password;
mod texts;

use axum::body::Body;
use serde_json::json;

use crate::{
    domain::group::StakeholderGroup,
    http::testing::{AS2, Browser, HTML, Instance, html, value_of},
};

/// The first address that begins so, those of the language chooser aside.
fn href_in(html: &str, start: &str) -> String {
    let mut found = html.split('"').filter(|text| text.starts_with(start));
    found.find(|href| !href.contains("lang=")).expect(start).to_owned()
}

async fn started() -> Instance {
    let instance = Instance::start().await;
    let token = instance.account("ada", StakeholderGroup::CivilSociety).await;
    instance.topic(&token, "rivers").await;
    instance
}

#[tokio::test]
async fn from_signing_in_to_a_position_withdrawn() {
    let instance = started().await;
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("@ada@cs.example").await;
    let csrf = csrf.as_str();

    let form = ada.get("/t/rivers/write").await;
    assert!(form.contains("action=\"/t/rivers/write\""));
    let opinion = [
        ("csrf", csrf),
        ("name", "Two banks"),
        ("abstract", "Those who drink from it."),
        ("source", "## Why\r\n\r\nA river has two banks.\r\n\r\nBoth are heard."),
        ("language", "en"),
        ("status", "open"),
    ];
    let preview: Vec<_> = opinion.iter().copied().chain([("do", "preview")]).collect();
    let (status, page) = ada.post("/t/rivers/write", &preview).await;
    assert_eq!(status, 200);
    assert!(page.contains("§2") && page.contains("<p>A river has two banks.</p>"), "{page}");
    let (status, page) = ada.post("/t/rivers/write", &opinion).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("Your receipt") && page.contains("/receipts/"), "{page}");
    let href = href_in(&page, "/o/");

    let page = ada.get(&href).await;
    assert!(page.contains("Two banks") && page.contains("none heard"), "{page}");
    assert!(page.contains(&format!("{href}/revise")));
    let (_, second) = page.split_once("aria-label=\"§2\"").unwrap();
    let comment_href = href_in(second, &format!("{href}/comment?block="));
    let block = comment_href.split_once("block=").unwrap().1;

    let form = ada.get(&comment_href).await;
    assert!(form.contains(&format!("value=\"{block}\" checked")), "{form}");
    let comment = [
        ("csrf", csrf),
        ("block", block),
        ("kind", "question"),
        ("content", "Only two? <script>alert(1)</script>"),
        ("language", "en"),
    ];
    let (status, page) = ada.post(&format!("{href}/comment"), &comment).await;
    assert_eq!(status, 200, "{page}");
    let anchor = href_in(&page, &format!("{href}#c-"));
    let page = ada.get(&href).await;
    let (_, second) = page.split_once("aria-label=\"§2\"").unwrap();
    let (second, _) = second.split_once("aria-label=\"§3\"").unwrap();
    assert!(second.contains("Only two?") && second.contains("unanswered"), "{second}");
    assert!(!page.contains("<script"));
    let key = anchor.split_once("#c-").unwrap().1;
    let found = ada.send("GET", &format!("/c/{key}"), String::new()).await;
    assert_eq!((found.status, found.header("location")), (303, anchor.as_str()));

    let answer = ada.get(&format!("{href}/comment?reply={key}")).await;
    assert!(answer.contains("Only two?") && value_of(&answer, "inReplyTo") == key);
    let reply = [
        ("csrf", csrf),
        ("inReplyTo", key),
        ("block", ""),
        ("kind", "remark"),
        ("content", "As far as one can see."),
        ("language", "en"),
    ];
    assert_eq!(ada.post(&format!("{href}/comment"), &reply).await.0, 200);
    let page = ada.get(&href).await;
    assert!(page.contains("class=\"c d1\"") && !page.contains("unanswered"), "{page}");

    let form = ada.get(&format!("{href}/position?kind=objection&revision=1")).await;
    assert!(form.contains("id=\"k-objection\" value=\"objection\" required checked"), "{form}");
    let action = href_in(&form, &format!("{href}/position?newest="));
    let position = [("csrf", csrf), ("revision", "1"), ("kind", "objection"), ("as", "personal")];
    let (status, page) = ada.post(&action, &position).await;
    assert_eq!(status, 422);
    assert!(page.contains("needs your reason") && page.contains("statement-fault"), "{page}");
    assert!(page.contains("value=\"objection\" required checked"));
    assert!(page.contains("value=\"personal\" checked"), "what was chosen is kept");
    let position: Vec<_> = position.into_iter().chain([("statement", "It floods.")]).collect();
    let (status, page) = ada.post(&action, &position).await;
    assert_eq!(status, 200, "{page}");
    let withdraw = href_in(&page, "/positions/");
    let page = ada.get(&format!("{href}/positions")).await;
    assert!(page.contains("It floods.") && page.contains("in personal capacity"), "{page}");
    assert!(ada.get(&href).await.contains(&withdraw));

    let (status, page) = ada.post(&withdraw, &[("csrf", "wrong")]).await;
    assert_eq!(status, 403, "{page}");
    let (status, page) = ada.post(&withdraw, &[("csrf", csrf)]).await;
    assert_eq!(status, 200, "{page}");
    assert!(!ada.get(&format!("{href}/positions")).await.contains("It floods."));

    let revision = [
        ("csrf", csrf),
        ("abstract", "Those who drink from it."),
        ("source", "## Why\n\nA river has three banks.\n\nBoth are heard."),
        ("status", "open"),
        ("changeNote", "Counted again."),
    ];
    let (status, page) = ada.post(&format!("{href}/revise"), &revision).await;
    assert_eq!(status, 200, "{page}");
    // The form was shown for revision 1.
    let (status, page) = ada.post(&action, &position).await;
    assert_eq!(status, 409);
    assert!(page.contains("A new revision was published") && page.contains("It floods."));
    assert!(page.contains("</del>") && page.contains("/diff/1..2"), "what changed comes first");
    assert_eq!(instance.service.find_passages_again().await.unwrap(), 1);
    let page = ada.get(&href).await;
    assert!(page.contains("Counted again.") && page.contains("words were changed since"), "{page}");
    assert!(page.contains("<p>A river has two banks.</p>"), "the passage is quoted: {page}");
    let page = ada.get(&format!("{href}/diff/1..2")).await;
    assert!(page.contains("</ins>") && page.contains("two") && page.contains("three"), "{page}");
    let picked = ada.send("GET", &format!("{href}/diff?from=1&to=2"), String::new()).await;
    assert_eq!(picked.header("location"), format!("{href}/diff/1..2"));
    assert!(ada.get(&format!("{href}/revisions/1")).await.contains("A newer one exists"));
    let history = ada.get(&format!("{href}/history")).await;
    assert!(
        history.contains("Counted again.") && history.contains("/receipts/"),
        "with the receipts"
    );
    assert!(!history.contains("not attested"));
    for path in ["/", "/topics", "/t/rivers", "/mesh", "/t/rivers/mesh", "/p/ada"] {
        ada.get(path).await;
        let french = ada.get(&format!("{path}?lang=fr")).await;
        assert!(french.contains("<html lang=\"fr\""), "{path}");
        let arabic = ada.get(&format!("{path}?lang=ar")).await;
        assert!(arabic.contains("dir=\"rtl\""), "{path}");
    }
    assert!(ada.get("/").await.contains("dir=\"rtl\""), "the choice is remembered");
    assert_eq!(ada.post("/sign-out", &[("csrf", csrf)]).await.0, 303);
    assert!(ada.cookies.iter().all(|(name, _)| name != "session"));
}

#[tokio::test]
async fn a_form_without_its_token_does_nothing_and_loses_nothing() {
    let instance = started().await;
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    let typed = [("name", "Kept title"), ("abstract", "Kept"), ("source", "Kept text")];
    let (status, page) = ada.post("/t/rivers/write", &typed).await;
    assert_eq!(status, 403);
    assert!(page.contains("Kept title") && page.contains("open too long"), "{page}");
    assert!(!value_of(&page, "csrf").is_empty());
    assert!(!ada.get("/t/rivers").await.contains("Kept title"));
    let (status, page) = ada.post("/sign-out", &[]).await;
    assert_eq!(status, 403);
    assert!(page.contains("Nothing was recorded"), "{page}");
    assert!(ada.cookies.iter().any(|(name, _)| name == "session"), "still signed in");
}

#[tokio::test]
async fn the_sixth_wrong_password_has_to_wait() {
    let instance = started().await;
    let mut eve = Browser::new(&instance);
    let csrf = value_of(&eve.get("/sign-in").await, "csrf");
    let fields = [("csrf", csrf.as_str()), ("handle", "ada"), ("password", "guess")];
    for _ in 0..5 {
        let (status, page) = eve.post("/sign-in", &fields).await;
        assert_eq!(status, 422);
        assert!(page.contains("value=\"ada\"") && !page.contains("guess"));
    }
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let answer = eve.send("POST", "/sign-in", body).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    assert!(html(&answer).contains("Wait 15 minutes"));
    let (status, _) = Browser::new(&instance).post("/sign-in", &fields).await;
    assert_eq!(status, 403, "the token must be in the cookie too");
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_form_and_back() {
    let instance = started().await;
    let mut nobody = Browser::new(&instance);
    let answer = nobody.send("GET", "/t/rivers/write", String::new()).await;
    assert_eq!(answer.status, 303);
    let form = answer.header("location").to_owned();
    assert_eq!(value_of(&nobody.get(&form).await, "next"), "/t/rivers/write");
    let (status, page) = nobody.post("/t/rivers/write", &[("name", "x")]).await;
    assert_eq!(status, 403);
    assert!(page.contains("Go back in your browser"), "{page}");
    assert_eq!(value_of(&nobody.get("/sign-in?next=//evil.example").await, "next"), "/");
    let page = nobody.send("GET", "/", String::new()).await;
    assert_eq!(page.header("cache-control"), "public, max-age=10");
    nobody.sign_in("ada").await;
    let page = nobody.send("GET", "/", String::new()).await;
    assert_eq!(page.header("cache-control"), "private, no-cache");
}

#[tokio::test]
async fn one_address_has_a_page_and_a_document() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let path = format!("/o/{}", opinion["key"].as_str().unwrap());
    let page = instance.get(&path, HTML).await;
    assert_eq!((page.status, page.content_type()), (200, "text/html; charset=utf-8"));
    assert_eq!(instance.get(&path, AS2).await.expect(200)["type"], "Article");
    let json = instance.get(&path, "application/json").await.expect(200);
    assert_eq!(json["name"], "Two banks");
    assert_eq!(instance.get(&format!("{path}.json"), HTML).await.expect(200), json);

    let missing = instance.get("/nothing", HTML).await;
    assert_eq!((missing.status, missing.content_type()), (404, "text/html; charset=utf-8"));
    let missing = instance.get("/nothing", "application/json").await;
    assert_eq!((missing.status, missing.content_type()), (404, "application/problem+json"));
    for path in ["/o/1", "/t/none", "/p/nobody", "/c/1", "/o/1/diff/a..b"] {
        let answer = instance.get(path, HTML).await;
        assert_eq!((answer.status, answer.content_type()), (404, "text/html; charset=utf-8"));
    }

    let text = html(&page);
    let style = instance.get(&href_in(&text, "/assets/style-"), "text/css").await;
    assert_eq!((style.status, style.content_type()), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
    let other = instance.get("/assets/style-0.css", "text/css").await;
    assert!(!other.header("cache-control").contains("immutable"));
    assert_eq!(instance.get("/assets/../Cargo.toml", "*/*").await.status, 404);
}

#[tokio::test]
async fn what_was_deleted_says_so() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let key = opinion["key"].as_str().unwrap().to_owned();
    let comment = json!({"content": "One.", "kind": "remark"});
    instance.post(&token, &format!("/opinions/{key}/comments"), &comment).await.expect(201);
    instance.delete(&token, &format!("/opinions/{key}")).await.expect(200);
    let page = instance.get(&format!("/o/{key}"), HTML).await;
    assert_eq!(page.status, 410);
    assert!(html(&page).contains("deleted"));
    for path in ["/", "/t/rivers", "/p/ada"] {
        let page = instance.get(path, HTML).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!html(&page).contains("Two banks"), "{path}");
    }
}

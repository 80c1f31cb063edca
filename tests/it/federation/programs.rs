//! Programs of the Mastodon API on two instances: a topic is joined by following its account, a reply by keyword at a mirror
//! is answered from elsewhere, and what is pasted is found.

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use http_body_util::BodyExt as _;
use polylogue::{
    domain::{comment::CommentKind, group::StakeholderGroup},
    service::{Caller, comments::NewComment, sign_in::Scope},
};
use polylogue_tests::{TestInstance, drain};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::mesh::{SLUG, found, publish};

/// Somebody's program.
struct Program {
    router: Router,
    host: String,
    token: String,
}

impl Program {
    async fn of(instance: &TestInstance, name: &str) -> Self {
        let service = &instance.app.service;
        let scope = Scope::parse("read write follow").unwrap();
        let token = service.create_token(name, scope).await.unwrap();
        Self { router: instance.app.router(), host: service.paths.domain().to_owned(), token }
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes);
        assert_eq!(status, 200, "{method} {path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        self.ask("GET", path, Value::Null).await
    }

    async fn finds(&self, what: &str) -> Value {
        let query: String = url::form_urlencoded::byte_serialize(what.as_bytes()).collect();
        self.get(&format!("/api/v2/search?q={query}&resolve=true")).await
    }
}

/// An instance with a topic, an opinion and a comment; and another where somebody has a program.
struct Two {
    civil: TestInstance,
    gov: TestInstance,
    amina: Caller,
    opinion: String,
    joao: Program,
}

impl Two {
    async fn apart() -> Self {
        let (civil, gov) = tokio::join!(TestInstance::start("civil"), TestInstance::start("gov"));
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        gov.person("joao", StakeholderGroup::Governments).await;
        found(&civil, &amina).await;
        let opinion = publish(&civil, &amina).await;
        let joao = Program::of(&gov, "joao").await;
        Self { civil, gov, amina, opinion, joao }
    }

    async fn drain(&self) {
        drain(&[&self.civil, &self.gov]).await;
    }

    /// João follows the topic's account, as one follows anybody.
    async fn follows(&self) -> Value {
        let handle = format!("@{SLUG}@{}", self.civil.app.service.paths.domain());
        let found = self.joao.finds(&handle).await;
        let account = &found["accounts"][0];
        assert_eq!((&account["username"], &account["group"]), (&json!(SLUG), &json!(true)));
        let path = format!("/api/v1/accounts/{}/follow", account["id"].as_str().unwrap());
        let relation = self.joao.ask("POST", &path, json!({})).await;
        assert_eq!(relation["following"], true, "{relation}");
        self.drain().await;
        account.clone()
    }

    async fn shown(&self) -> Value {
        let home = self.joao.get("/api/v1/timelines/home").await;
        let opinion = home.as_array().unwrap().iter().find(|post| post["uri"] == *self.opinion);
        opinion.unwrap_or_else(|| panic!("{home}")).clone()
    }
}

#[tokio::test]
async fn a_topic_of_another_instance_is_joined_by_following_its_account() {
    let two = Box::pin(Two::apart()).await;
    assert_eq!(two.joao.get("/api/v1/timelines/home").await, json!([]));
    Box::pin(two.follows()).await;
    assert!(two.shown().await["content"].as_str().unwrap().contains("A shared watch"));
    let tag = two.joao.get(&format!("/api/v1/timelines/tag/{SLUG}")).await;
    assert_eq!(tag[0]["uri"], two.opinion.as_str());
    assert_eq!(two.civil.hashes(SLUG).await, two.gov.hashes(SLUG).await);
    // What is said later comes by the link, and what João says there arrives here.
    let second = publish(&two.civil, &two.amina).await;
    two.drain().await;
    let home = two.joao.get("/api/v1/timelines/home").await;
    assert_eq!(home[0]["uri"], second.as_str(), "{home}");
    let reply = json!({"status": "Who pays?", "in_reply_to_id": home[0]["id"]});
    let reply = two.joao.ask("POST", "/api/v1/statuses", reply).await;
    two.drain().await;
    let arrived = two.civil.app.service.comment_view(reply["uri"].as_str().unwrap()).await.unwrap();
    assert!(arrived.comment.content.contains("Who pays?"));
}

#[tokio::test]
async fn a_reply_by_keyword_at_a_mirror_is_answered_by_a_receipt_from_the_opinions_home() {
    let two = Box::pin(Two::apart()).await;
    Box::pin(two.follows()).await;
    let opinion = two.shown().await;
    let reply = json!({"status": "support: as written.", "in_reply_to_id": opinion["id"]});
    let reply = two.joao.ask("POST", "/api/v1/statuses", reply).await;
    two.drain().await;
    for instance in [&two.civil, &two.gov] {
        let held =
            instance.app.service.position_view(reply["uri"].as_str().unwrap()).await.unwrap();
        assert_eq!(held.position.kind, "support");
    }
    let told = two.joao.get("/api/v1/notifications?types[]=mention").await;
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    let receipt = &told[0]["status"];
    let acct = format!("{SLUG}@{}", two.civil.app.service.paths.domain());
    assert_eq!(
        (&told[0]["account"]["acct"], &receipt["account"]["acct"]),
        (&json!(acct), &json!(acct))
    );
    assert_eq!(receipt["visibility"], "unlisted");
    assert_eq!(receipt["mentions"][0]["acct"], "joao", "{receipt}");
    assert!(receipt["uri"].as_str().unwrap().starts_with(two.civil.origin()), "{receipt}");
    let words = receipt["content"].as_str().unwrap();
    assert!(words.contains("support") && words.contains("/receipts/"), "{words}");
    // It stands in the thread of its reader, and in nobody else's.
    let path = format!("/api/v1/statuses/{}/context", opinion["id"].as_str().unwrap());
    let below = |context: &Value| {
        let posts = context["descendants"].as_array().unwrap().clone();
        posts.iter().any(|post| post["id"] == receipt["id"])
    };
    assert!(below(&two.joao.get(&path).await));
    two.gov.person("cleo", StakeholderGroup::Governments).await;
    let cleo = Program::of(&two.gov, "cleo").await;
    assert!(!below(&cleo.get(&path).await));
}

#[tokio::test]
async fn what_is_pasted_of_another_instance_is_found() {
    let two = Box::pin(Two::apart()).await;
    Box::pin(two.follows()).await;
    let service = &two.civil.app.service;
    let words = NewComment {
        content: "Who pays for it?".to_owned(),
        kind: CommentKind::Question,
        anchors: Vec::new(),
        in_reply_to: None,
        language: None,
        capacity: None,
        on_behalf_of: None,
    };
    let comment = service.comment(&two.amina, &two.opinion, words).await.unwrap().uri;
    two.drain().await;
    let origin = two.civil.origin();
    let opinion_page = format!("{origin}{}", service.page_of(&two.opinion).await.unwrap());
    let comment_page = format!("{origin}{}", service.page_of(&comment).await.unwrap());
    for (pasted, uri) in [
        (two.opinion.clone(), &two.opinion),
        (opinion_page.clone(), &two.opinion),
        (format!("{opinion_page}#text"), &two.opinion),
        (comment.clone(), &comment),
        (comment_page, &comment),
    ] {
        let found = two.joao.finds(&pasted).await;
        assert_eq!(found["statuses"][0]["uri"], uri.as_str(), "{pasted}: {found}");
        assert_eq!(found["accounts"], json!([]), "{pasted}");
    }
    let host = service.paths.domain();
    for pasted in [
        format!("@amina@{host}"),
        format!("amina@{host}"),
        format!("acct:amina@{host}"),
        format!("{origin}/p/amina"),
    ] {
        let found = two.joao.finds(&pasted).await;
        assert_eq!(found["accounts"][0]["acct"], format!("amina@{host}"), "{pasted}: {found}");
        assert_eq!(found["statuses"], json!([]), "{pasted}");
    }
    let nothing = two.joao.finds(&format!("{origin}/o/1")).await;
    assert_eq!(nothing, json!({"accounts": [], "statuses": [], "hashtags": []}));
}

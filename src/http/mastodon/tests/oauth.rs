//! An app let in and used, and every known way of getting in without being let in: each is tried, and refused.

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    domain::group::StakeholderGroup,
    http::testing::{Answer, Browser, Instance, html, value_of},
};

const BACK: &str = "https://client.example/back";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A registered app.
struct App {
    id: String,
    secret: String,
}

async fn started() -> Instance {
    let instance = Instance::start().await;
    instance.account("ada", StakeholderGroup::CivilSociety).await;
    instance
}

async fn send(instance: &Instance, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    instance.send(Instance::request("POST", path, headers, Body::from(body.to_owned()))).await
}

async fn post(instance: &Instance, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    send(instance, path, &form, &encoded(fields)).await
}

pub(super) async fn get_with(instance: &Instance, path: &str, token: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    instance.send(Instance::request("GET", path, &headers, Body::empty())).await
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn register(instance: &Instance, redirect_uris: &str, scopes: &str) -> App {
    let fields =
        [("client_name", "Elephant"), ("redirect_uris", redirect_uris), ("scopes", scopes)];
    let app = post(instance, "/api/v1/apps", &fields).await.expect(200);
    let text = |name: &str| app[name].as_str().unwrap().to_owned();
    App { id: text("client_id"), secret: text("client_secret") }
}

/// The address at which an app asks; what is given goes before what is usual.
fn asks(app: &App, more: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", app.id.as_str()),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "read write"),
        ("state", "s t"),
    ];
    let given = |name: &str| more.iter().any(|(known, _)| *known == name);
    let fields: Vec<(&str, &str)> =
        usual.into_iter().filter(|(name, _)| !given(name)).chain(more.iter().copied()).collect();
    format!("/oauth/authorize?{}", encoded(&fields))
}

/// The hidden fields of the page that asks.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let form = page.split("action=\"/oauth/authorize\"").nth(1).expect("a form");
    let form = form.split("</form>").next().unwrap();
    form.split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            let value = rest.split('"').next().unwrap();
            (name.to_owned(), value.replace("&#38;", "&").replace("&amp;", "&"))
        })
        .collect()
}

/// Reads the page and answers it; the answer as it came.
async fn answered(browser: &mut Browser<'_>, path: &str, answer: &str) -> Answer {
    let page = browser.get(path).await;
    let mut fields = fields_of(&page);
    fields.push(("do".to_owned(), answer.to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.send("POST", "/oauth/authorize", encoded(&fields)).await
}

/// What an address carries back.
fn carried(answer: &Answer, name: &str) -> Option<String> {
    let (_, query) = answer.header("location").split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// A code, agreed to by Ada.
async fn code(instance: &Instance, app: &App, more: &[(&str, &str)]) -> String {
    let mut ada = Browser::new(instance);
    ada.sign_in("ada").await;
    let answer = answered(&mut ada, &asks(app, more), "allow").await;
    assert_eq!(answer.status, 303, "{}", html(&answer));
    carried(&answer, "code").unwrap()
}

async fn exchange(instance: &Instance, app: &App, code: &str, more: &[(&str, &str)]) -> Answer {
    let usual = [
        ("grant_type", "authorization_code"),
        ("client_id", app.id.as_str()),
        ("client_secret", app.secret.as_str()),
        ("redirect_uri", BACK),
        ("code", code),
    ];
    let given = |name: &str| more.iter().any(|(known, _)| *known == name);
    let fields: Vec<(&str, &str)> =
        usual.into_iter().filter(|(name, _)| !given(name)).chain(more.iter().copied()).collect();
    post(instance, "/oauth/token", &fields).await
}

async fn token(instance: &Instance, app: &App, scope: &str) -> String {
    let code = code(instance, app, &[("scope", scope)]).await;
    let granted = exchange(instance, app, &code, &[]).await.expect(200);
    granted["access_token"].as_str().unwrap().to_owned()
}

const OWN: &str = "/api/v1/apps/verify_credentials";

#[tokio::test]
async fn an_app_registers_in_every_way_and_gets_what_its_program_needs() {
    let instance = started().await;
    let uris = "https://a.example/\nicecubesapp://";
    let json = json!({"client_name": "A", "redirect_uris": ["https://a.example/", "icecubesapp://"],
        "scopes": "read write follow push", "website": "https://a.example"});
    let form = encoded(&[
        ("client_name", "A"),
        ("redirect_uris", uris),
        ("scopes", "read write follow push"),
        ("website", "https://a.example"),
    ]);
    let list = encoded(&[
        ("client_name", "A"),
        ("redirect_uris[]", "https://a.example/"),
        ("redirect_uris[]", "icecubesapp://"),
        ("scopes", "read write follow push"),
        ("website", "https://a.example"),
    ]);
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts = part("client_name", "A")
        + &part("redirect_uris", uris)
        + &part("scopes", "read write follow push")
        + &part("website", "https://a.example")
        + "--b--\r\n";
    for (kind, body) in [
        ("application/json", json.to_string()),
        ("application/x-www-form-urlencoded", form),
        ("application/x-www-form-urlencoded", list),
        ("multipart/form-data; boundary=b", parts),
    ] {
        let app =
            send(&instance, "/api/v1/apps", &[("content-type", kind)], &body).await.expect(200);
        assert_eq!(app["name"], "A");
        assert!(app["id"].is_string() && app["vapid_key"].is_string(), "{app}");
        assert_eq!(app["redirect_uri"], uris);
        assert_eq!(app["redirect_uris"], json!(["https://a.example/", "icecubesapp://"]));
        assert_eq!(app["scopes"], json!(["read", "write", "follow", "push"]));
        assert_eq!(app["website"], "https://a.example/");
        assert!(app["client_id"].is_string() && app["client_secret"].is_string());
    }
    for (name, fields) in [
        ("redirect_uris", vec![("client_name", "A"), ("redirect_uris", "javascript:alert(1)")]),
        ("redirect_uris", vec![("client_name", "A"), ("redirect_uris", "https://a.example/#x")]),
        ("redirect_uris", vec![("client_name", "A")]),
        ("client_name", vec![("redirect_uris", BACK)]),
        ("scopes", vec![("client_name", "A"), ("redirect_uris", BACK), ("scopes", "read admin")]),
    ] {
        let refused = post(&instance, "/api/v1/apps", &fields).await.expect(422);
        assert!(refused["error"].as_str().unwrap().contains(name), "{refused}");
    }
}

#[tokio::test]
async fn an_app_is_let_in_with_proof_of_its_code_and_used() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write follow push").await;
    let pkce = [
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("scope", "read write follow push"),
    ];
    // Nobody is signed in: first that, then back to the same question.
    let mut ada = Browser::new(&instance);
    let first = ada.send("GET", &asks(&app, &pkce), String::new()).await;
    assert_eq!(first.status, 303);
    let form = ada.send("GET", first.header("location"), String::new()).await;
    assert_eq!(form.header("cross-origin-opener-policy"), "", "the window stays in touch");
    let page = html(&form);
    let next = value_of(&page, "next").replace("&#38;", "&").replace("&amp;", "&");
    let csrf = value_of(&page, "csrf");
    let signed = encoded(&[
        ("csrf", &csrf),
        ("handle", "ada"),
        ("password", "correct horse battery"),
        ("next", &next),
    ]);
    let signed = ada.send("POST", "/sign-in", signed).await;
    assert_eq!((signed.status, signed.header("location")), (303, next.as_str()));
    let asked = ada.send("GET", &next, String::new()).await;
    let page = html(&asked);
    assert!(
        page.contains("Elephant") && page.contains("@ada@cs.example") && page.contains(BACK),
        "{page}"
    );
    assert!(page.contains("value=\"deny\""));
    let policy = asked.header("content-security-policy");
    assert!(
        !policy.contains("form-action") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert_eq!(asked.header("cross-origin-opener-policy"), "");
    assert_eq!(asked.header("cache-control"), "private, no-store");
    let sent = answered(&mut ada, &next, "allow").await;
    assert_eq!(sent.status, 303);
    assert!(sent.header("location").starts_with("https://client.example/back?code="));
    assert_eq!(carried(&sent, "state").as_deref(), Some("s t"));
    assert_eq!(sent.header("referrer-policy"), "no-referrer");
    let code = carried(&sent, "code").unwrap();
    let body = json!({"grant_type": "authorization_code", "client_id": app.id, "client_secret": app.secret,
        "redirect_uri": BACK, "code": code, "code_verifier": VERIFIER, "scope": "read write follow push"});
    let granted =
        send(&instance, "/oauth/token", &[("content-type", "application/json")], &body.to_string())
            .await
            .expect(200);
    assert_eq!(
        (&granted["token_type"], &granted["scope"]),
        (&json!("Bearer"), &json!("read write follow push"))
    );
    assert!(granted["created_at"].is_i64(), "{granted}");
    let token = granted["access_token"].as_str().unwrap();
    let own = get_with(&instance, OWN, token).await.expect(200);
    assert_eq!(own["name"], "Elephant");
    assert!(own.get("client_secret").is_none());
    let who = get_with(&instance, "/oauth/userinfo", token).await.expect(200);
    assert_eq!(
        (&who["preferred_username"], &who["sub"]),
        (&json!("ada"), &json!("https://cs.example/p/ada"))
    );
    // And given back.
    let fields = [("client_id", app.id.as_str()), ("client_secret", &app.secret), ("token", token)];
    post(&instance, "/oauth/revoke", &fields).await.expect(200);
    assert_eq!(get_with(&instance, OWN, token).await.status, 401);
    post(&instance, "/oauth/revoke", &fields).await.expect(200);
}

#[tokio::test]
async fn a_code_without_an_address_is_shown_and_basic_credentials_are_taken() {
    let instance = started().await;
    let oob = "urn:ietf:wg:oauth:2.0:oob";
    let app = register(&instance, oob, "read write follow").await;
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    // toot writes a slash at the end, others an odd `lang`.
    let path = asks(&app, &[("redirect_uri", oob), ("lang", "None"), ("force_login", "False")]);
    let page = html(&answered(&mut ada, &path.replace("authorize?", "authorize/?"), "allow").await);
    let code =
        page.split("<code id=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", app.id, app.secret)));
    let headers =
        [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body =
        encoded(&[("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", oob)]);
    let granted = send(&instance, "/oauth/token", &headers, &body).await.expect(200);
    assert_eq!(granted["scope"], "read write");
    let denied = html(&answered(&mut ada, &path, "deny").await);
    assert!(!denied.contains("id=\"code\""), "{denied}");
    // Who wants another account signs in again, once.
    let again = ada
        .send("GET", &asks(&app, &[("redirect_uri", oob), ("force_login", "True")]), String::new())
        .await;
    assert_eq!(again.status, 303);
    assert!(again.header("location").starts_with("/sign-in?next=%2Foauth%2Fauthorize"));
    assert!(!again.header("location").contains("force_login"));
}

#[tokio::test]
async fn an_app_may_act_for_nobody_but_itself() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write").await;
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", app.id.as_str()),
        ("client_secret", &app.secret),
    ];
    let granted = post(&instance, "/oauth/token", &fields).await.expect(200);
    assert_eq!(granted["scope"], "read");
    let token = granted["access_token"].as_str().unwrap();
    assert_eq!(get_with(&instance, OWN, token).await.expect(200)["name"], "Elephant");
    assert_eq!(get_with(&instance, "/oauth/userinfo", token).await.status, 422);
    assert_eq!(instance.get_as(token, "/notices").await.status, 401);
    let more = [fields[0], fields[1], fields[2], ("scope", "read follow")];
    let refused = post(&instance, "/oauth/token", &more).await.expect(400);
    assert_eq!(refused["error"], "invalid_scope");
    let other = register(&instance, BACK, "read").await;
    let fields =
        [("client_id", other.id.as_str()), ("client_secret", &other.secret), ("token", token)];
    let refused = post(&instance, "/oauth/revoke", &fields).await.expect(403);
    assert_eq!(refused["error"], "unauthorized_client");
    let fields = [("client_id", app.id.as_str()), ("client_secret", &app.secret), ("token", token)];
    post(&instance, "/oauth/revoke", &fields).await.expect(200);
    assert_eq!(get_with(&instance, OWN, token).await.status, 401);
}

#[tokio::test]
async fn attack_brute_force_at_sign_in() {
    let instance = started().await;
    let mut stranger = Browser::new(&instance);
    let mut seen = Vec::new();
    for _ in 0..7 {
        let csrf = value_of(&html(&stranger.send("GET", "/sign-in", String::new()).await), "csrf");
        let fields = [
            ("csrf", csrf.as_str()),
            ("handle", "ada"),
            ("password", "guess guess"),
            ("next", "/"),
        ];
        seen.push(stranger.post("/sign-in", &fields).await.0);
    }
    assert_eq!(seen, [422, 422, 422, 422, 422, 429, 429]);
    // And no other door takes passwords.
    let app = register(&instance, BACK, "read").await;
    let fields = [
        ("grant_type", "password"),
        ("client_id", app.id.as_str()),
        ("client_secret", &app.secret),
        ("username", "ada"),
        ("password", "correct horse battery"),
    ];
    let refused = post(&instance, "/oauth/token", &fields).await.expect(400);
    assert_eq!(refused["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn attack_token_theft_by_redirect() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write").await;
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    for stolen in [
        "https://evil.example/back",
        "https://client.example/back/../evil",
        "https://client.example/backdoor",
        "https://client.example/back?next=https://evil.example",
        "https://client.example/",
        "https://client.example@evil.example/back",
        "https://client.example.evil.example/back",
        "https://client.example:8443/back",
        "http://client.example/back",
        "HTTPS://client.example/back",
        "https://client.example/back ",
        "https://client.example/back#x",
        "https://client.example/back\nhttps://evil.example/",
        "urn:ietf:wg:oauth:2.0:oob",
        "javascript:alert(1)",
        "",
    ] {
        let path = asks(&app, &[("redirect_uri", stolen)]);
        let answer = ada.send("GET", &path, String::new()).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{stolen:?}");
        // Nor where the page is left out and the form sent as if it had been shown.
        let good = ada.get(&asks(&app, &[])).await;
        let mut fields = fields_of(&good);
        fields.retain(|(name, _)| name != "redirect_uri");
        let mut fields: Vec<(&str, &str)> =
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.extend([("redirect_uri", stolen), ("do", "allow")]);
        let answer = ada.send("POST", "/oauth/authorize", encoded(&fields)).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{stolen:?}");
    }
    // A code is good for the address it was sent to alone.
    let code = code(&instance, &app, &[]).await;
    let refused =
        exchange(&instance, &app, &code, &[("redirect_uri", "https://evil.example/")]).await;
    assert_eq!(refused.expect(400)["error"], "invalid_grant");
    // And for the app alone to which it was given.
    let other = register(&instance, BACK, "read write").await;
    let refused = exchange(&instance, &other, &code, &[]).await.expect(400);
    assert_eq!(refused["error"], "invalid_grant");
    let refused = exchange(&instance, &app, &code, &[("client_secret", "guess")]).await.expect(401);
    assert_eq!(refused["error"], "invalid_client");
    exchange(&instance, &app, &code, &[]).await.expect(200);
}

#[tokio::test]
async fn attack_code_intercepted_without_its_verifier() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write").await;
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    for verifier in
        [None, Some(""), Some(CHALLENGE), Some("0000000000000000000000000000000000000000000")]
    {
        let code = code(&instance, &app, &pkce).await;
        let more: Vec<(&str, &str)> =
            verifier.map(|verifier| ("code_verifier", verifier)).into_iter().collect();
        let refused = exchange(&instance, &app, &code, &more).await.expect(400);
        assert_eq!(refused["error"], "invalid_grant", "{verifier:?}");
    }
    // No way around by leaving the challenge out of the question, or asking for a weaker one.
    let plain = code(&instance, &app, &[]).await;
    let refused =
        exchange(&instance, &app, &plain, &[("code_verifier", VERIFIER)]).await.expect(400);
    assert_eq!(refused["error"], "invalid_grant");
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    for weak in [
        vec![("code_challenge", CHALLENGE), ("code_challenge_method", "plain")],
        vec![("code_challenge", CHALLENGE)],
        vec![("code_challenge", "short"), ("code_challenge_method", "S256")],
        vec![("code_challenge_method", "S256")],
    ] {
        let answer = ada.send("GET", &asks(&app, &weak), String::new()).await;
        assert_eq!(carried(&answer, "error").as_deref(), Some("invalid_request"), "{weak:?}");
        assert_eq!(carried(&answer, "state").as_deref(), Some("s t"));
    }
}

#[tokio::test]
async fn attack_consent_forged_from_another_site() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write").await;
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    let page = ada.get(&asks(&app, &[])).await;
    for csrf in [None, Some(""), Some("guess")] {
        let mut fields = fields_of(&page);
        fields.retain(|(name, _)| name != "csrf");
        let mut fields: Vec<(&str, &str)> =
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.extend(csrf.map(|csrf| ("csrf", csrf)));
        fields.push(("do", "allow"));
        let answer = ada.send("POST", "/oauth/authorize", encoded(&fields)).await;
        assert_eq!((answer.status, answer.header("location")), (403, ""), "{csrf:?}");
        assert!(html(&answer).contains("Elephant"), "the question stands there again");
    }
    // The token of somebody else's session is none either.
    instance.account("bea", StakeholderGroup::Governments).await;
    let mut bea = Browser::new(&instance);
    let theirs = bea.sign_in("bea").await;
    let mut fields = fields_of(&page);
    fields.retain(|(name, _)| name != "csrf");
    fields.extend([("csrf".to_owned(), theirs), ("do".to_owned(), "allow".to_owned())]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(ada.send("POST", "/oauth/authorize", encoded(&fields)).await.status, 403);
    // Whoever is not signed in agrees to nothing.
    let mut nobody = Browser::new(&instance);
    let answer = nobody.send("POST", "/oauth/authorize", encoded(&fields)).await;
    assert_eq!((answer.status, answer.header("location")), (403, ""));
    // A link agrees to nothing: to read the question changes nothing.
    let answer = ada.send("GET", &format!("{}&do=allow", asks(&app, &[])), String::new()).await;
    assert_eq!((answer.status, answer.header("location")), (200, ""));
    assert_eq!(answered(&mut ada, &asks(&app, &[]), "deny").await.status, 303);
}

#[tokio::test]
async fn attack_open_redirect() {
    let instance = started().await;
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    // No app, no place to go, whatever else is wrong.
    for path in [
        "/oauth/authorize?redirect_uri=https://evil.example/&response_type=code",
        "/oauth/authorize?client_id=nobody&redirect_uri=https://evil.example/&response_type=code",
        "/oauth/authorize?client_id=nobody&redirect_uri=https://evil.example/&error=access_denied",
        "/oauth/authorize",
    ] {
        let answer = ada.send("GET", path, String::new()).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{path}");
    }
    let app = register(&instance, BACK, "read").await;
    let path = asks(&app, &[("redirect_uri", "https://evil.example/"), ("response_type", "token")]);
    let answer = ada.send("GET", &path, String::new()).await;
    assert_eq!((answer.status, answer.header("location")), (400, ""));
    // Nor by way of signing in.
    let mut stranger = Browser::new(&instance);
    for next in ["https://evil.example/", "//evil.example/oauth/authorize", "/\\evil.example"] {
        let path = format!("/sign-in?{}", encoded(&[("next", next)]));
        let form = html(&stranger.send("GET", &path, String::new()).await);
        assert_eq!(value_of(&form, "next"), "/", "{next}");
    }
}

#[tokio::test]
async fn attack_code_replayed() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write").await;
    let code = code(&instance, &app, &[]).await;
    let granted = exchange(&instance, &app, &code, &[]).await.expect(200);
    let token = granted["access_token"].as_str().unwrap().to_owned();
    assert_eq!(get_with(&instance, OWN, &token).await.status, 200);
    let refused = exchange(&instance, &app, &code, &[]).await.expect(400);
    assert_eq!(refused["error"], "invalid_grant");
    assert_eq!(get_with(&instance, OWN, &token).await.status, 401, "the token it gave has ended");
    assert_eq!(exchange(&instance, &app, &code, &[]).await.status, 400);
}

#[tokio::test]
async fn attack_scope_escalation() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write:statuses").await;
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    for more in [
        "read write",
        "write",
        "follow",
        "read push",
        "read write:accounts",
        "admin:read",
        "profile read write",
    ] {
        let answer = ada.send("GET", &asks(&app, &[("scope", more)]), String::new()).await;
        assert_eq!(carried(&answer, "error").as_deref(), Some("invalid_scope"), "{more}");
        assert!(answer.header("location").starts_with(BACK));
    }
    // Not by changing the form that was shown.
    let page = ada.get(&asks(&app, &[("scope", "read")])).await;
    let mut fields = fields_of(&page);
    fields.retain(|(name, _)| name != "scope");
    fields.extend([
        ("scope".to_owned(), "read write".to_owned()),
        ("do".to_owned(), "allow".to_owned()),
    ]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let answer = ada.send("POST", "/oauth/authorize", encoded(&fields)).await;
    assert_eq!(carried(&answer, "error").as_deref(), Some("invalid_scope"));
    // Not at the exchange: what was agreed to holds.
    let code = code(&instance, &app, &[("scope", "read:statuses")]).await;
    let granted = exchange(&instance, &app, &code, &[("scope", "read write")]).await.expect(200);
    assert_eq!(granted["scope"], "read:statuses");
    // And a token is good for its scope alone: not for who one is, not for the JSON API.
    let part = granted["access_token"].as_str().unwrap();
    let refused = get_with(&instance, "/oauth/userinfo", part).await.expect(403);
    assert_eq!(refused["error"], "This action is outside the authorized scopes");
    assert_eq!(instance.get_as(part, "/notices").await.status, 403);
    let reads = register(&instance, BACK, "read").await;
    let reads = token(&instance, &reads, "read").await;
    assert_eq!(instance.get_as(&reads, "/notices").await.status, 200);
    let topic = json!({"slug": "lakes", "name": "Lakes", "question": "Whose?", "language": "en"});
    assert_eq!(instance.post(&reads, "/topics", &topic).await.status, 403);
}

#[tokio::test]
async fn what_was_let_in_is_seen_and_ended() {
    let instance = started().await;
    let app = register(&instance, BACK, "read write").await;
    let token = token(&instance, &app, "read").await;
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("ada").await;
    let mut elsewhere = Browser::new(&instance);
    elsewhere.sign_in("ada").await;
    let page = ada.get("/settings/access").await;
    assert!(page.contains("Elephant") && page.contains("This browser"), "{page}");
    let ends = |page: &str, kind: &str| -> Vec<String> {
        let start = format!("action=\"/settings/access/{kind}/");
        page.split(&start)
            .skip(1)
            .map(|rest| format!("/settings/access/{kind}/{}", rest.split('"').next().unwrap()))
            .collect()
    };
    // A stranger's page ends nothing, nor does another account.
    let (programs, sessions) = (ends(&page, "programs"), ends(&page, "sessions"));
    assert_eq!(
        (programs.len(), sessions.len()),
        (2, 3),
        "the command line's token, the app; three browsers"
    );
    instance.account("bea", StakeholderGroup::Governments).await;
    let mut bea = Browser::new(&instance);
    let theirs = bea.sign_in("bea").await;
    for path in programs.iter().chain(&sessions) {
        assert_eq!(ada.post(path, &[("csrf", "guess")]).await.0, 403);
        assert_eq!(bea.post(path, &[("csrf", &theirs)]).await.0, 404);
    }
    assert_eq!(get_with(&instance, OWN, &token).await.status, 200);
    let program = programs.iter().find(|path| path.contains("/app-")).unwrap();
    assert_eq!(ada.post(program, &[("csrf", &csrf)]).await.0, 303);
    assert_eq!(get_with(&instance, OWN, &token).await.status, 401);
    assert!(!ada.get("/settings/access").await.contains("Elephant"));
    // The newest session is that elsewhere.
    let newest = &sessions[0];
    assert_eq!(ada.post(newest, &[("csrf", &csrf)]).await.0, 303);
    assert_eq!(elsewhere.send("GET", "/settings/access", String::new()).await.status, 303);
    assert_eq!(ada.send("GET", "/settings/access", String::new()).await.status, 200);
}

#[tokio::test]
async fn the_metadata_says_where_everything_is() {
    let instance = started().await;
    let answer = instance.get("/.well-known/oauth-authorization-server", "application/json").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let document = answer.expect(200);
    assert_eq!(document["issuer"], "https://cs.example");
    assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "app_registration_endpoint",
        "userinfo_endpoint",
    ] {
        let path = document[name].as_str().unwrap().strip_prefix("https://cs.example").unwrap();
        let answer = instance.send(Instance::request("POST", path, &[], Body::empty())).await;
        assert!(![404, 405].contains(&answer.status), "{name}: {}", answer.status);
    }
    let unknown = instance.get("/oauth/nothing", "text/html").await;
    assert!(unknown.expect(404)["error"].is_string());
    let value: Value = post(&instance, "/oauth/token", &[]).await.expect(401);
    assert_eq!(value["error"], "invalid_client");
}

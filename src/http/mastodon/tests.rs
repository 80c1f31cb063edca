//! The frame: who is let in, what is refused and how, what other sites' pages may read.

mod instance;
mod oauth;

use axum::body::Body;
use serde_json::Value;

use crate::{
    base::limits,
    domain::group::StakeholderGroup,
    http::testing::{Answer, Instance},
};

async fn ask(instance: &Instance, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    instance.send(Instance::request(method, path, headers, Body::empty())).await
}

#[tokio::test]
async fn unknown_endpoints_say_so_in_the_shape_of_the_api_and_the_json_api_keeps_its_own() {
    let instance = Instance::start().await;
    for path in ["/api/v1/nothing", "/api/v1/apps/nothing/", "/api/v2/nothing/at/all"] {
        for method in ["GET", "POST", "DELETE", "PUT", "PATCH"] {
            let answer = ask(&instance, method, path, &[]).await;
            assert!(answer.content_type().starts_with("application/json"), "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            let body = answer.expect(404);
            assert!(body["error"].is_string(), "{method} {path}: {body}");
        }
    }
    let own = ask(&instance, "GET", "/api/plg/v1/nothing", &[]).await;
    assert_eq!(own.content_type(), "application/problem+json");
    assert_eq!(own.expect(404)["status"], 404);
}

#[tokio::test]
async fn pages_of_other_sites_may_ask_and_read_also_what_is_refused() {
    let instance = Instance::start().await;
    let asks = [
        ("origin", "https://client.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    for path in [
        "/api/v1/statuses",
        "/api/v2/search",
        "/oauth/token",
        "/oauth/revoke",
        "/.well-known/webfinger",
        "/nodeinfo/2.1",
        "/api/plg/v1/topics",
    ] {
        let answer = ask(&instance, "OPTIONS", path, &asks).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-max-age"), "86400");
        for needed in ["authorization", "content-type", "idempotency-key"] {
            assert!(answer.header("access-control-allow-headers").contains(needed));
        }
        for needed in ["POST", "PUT", "PATCH", "DELETE"] {
            assert!(answer.header("access-control-allow-methods").contains(needed));
        }
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
    let refused = ask(&instance, "GET", "/.well-known/webfinger?resource=acct:x@y", &[]).await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (404, "*"));
    assert!(refused.header("access-control-expose-headers").contains("Link"));
    let picture = ask(&instance, "GET", "/assets/avatar.png", &[]).await;
    assert_eq!((picture.status, picture.header("access-control-allow-origin")), (200, "*"));
    // Pages are nobody's to read but the reader's own.
    for path in ["/", "/sign-in", "/oauth/authorize", "/settings"] {
        let answer = ask(&instance, "GET", path, &[("origin", "https://client.example")]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

/// Asks once, and as often as it may be done; then once more.
async fn at_and_over(
    instance: &Instance,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    most: i64,
) {
    for number in 1..=most {
        let answer = ask(instance, method, path, headers).await;
        assert_ne!(answer.status, 429, "{path}, {number} of {most}");
    }
    let over = ask(instance, method, path, headers).await;
    assert!(!over.header("retry-after").is_empty());
    assert!(over.expect(429)["error"].is_string());
}

#[tokio::test]
async fn what_asks_others_or_fills_a_table_is_done_so_often_and_no_more() {
    let instance = Instance::start_at_one_moment().await;
    let most = limits::RESOLVES_PER_ADDRESS_A_MINUTE_MAX;
    at_and_over(&instance, "GET", "/api/v2/search?q=x&resolve=true", &[], most).await;
    // What asks nobody goes on.
    ask(&instance, "GET", "/api/v2/search?q=x", &[]).await.expect(200);
    let most = limits::APPS_PER_ADDRESS_AN_HOUR_MAX;
    let app = "/api/v1/apps?client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob";
    at_and_over(&instance, "POST", app, &[], most).await;
    let most = limits::PICTURE_FORMS_PER_ADDRESS_AN_HOUR_MAX;
    let form = [("content-type", "multipart/form-data; boundary=b")];
    at_and_over(&instance, "POST", "/api/v2/media", &form, most).await;
}

#[tokio::test]
async fn every_answer_says_what_is_left_of_the_pace_and_pages_of_other_sites_may_read_it() {
    let instance = Instance::start_at_one_moment().await;
    let left = async |method: &str, path: &str| {
        let answer = ask(&instance, method, path, &[]).await;
        let exposed = answer.header("access-control-expose-headers").to_lowercase();
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(exposed.contains(name), "{name}: {exposed}");
        }
        let reset = answer.header("x-ratelimit-reset").to_owned();
        assert!(reset.ends_with('Z') && reset.len() == "2026-01-01T00:00:00.000Z".len(), "{reset}");
        let number = |name: &str| answer.header(name).parse::<i64>().unwrap();
        (answer.status, number("x-ratelimit-limit"), number("x-ratelimit-remaining"))
    };
    let most = limits::API_WRITES_PER_ADDRESS_A_MINUTE_MAX;
    assert_eq!(left("GET", "/api/v1/instance").await, (200, most, most));
    // Refused or not, a call that changes something takes a turn; what reads takes none.
    let (status, limit, rest) = left("POST", "/api/v1/statuses").await;
    assert_eq!((status, limit), (401, most));
    assert_eq!(rest, most - 1);
    let most = limits::RESOLVES_PER_ADDRESS_A_MINUTE_MAX;
    let resolve = "/api/v2/search?q=x&resolve=true";
    let mut last = most;
    for _ in 0..most {
        let (_, limit, rest) = left("GET", resolve).await;
        assert_eq!(limit, most);
        last = rest;
    }
    assert_eq!(last, 0);
}

#[tokio::test]
async fn a_token_of_the_command_line_lets_in_for_its_scopes_only() {
    use super::bearer::{By, ReadAccounts, WriteStatuses};
    use axum::{Router, routing::get};

    let instance = Instance::start().await;
    instance.account("ada", StakeholderGroup::CivilSociety).await;
    let router: Router = Router::new()
        .route("/read", get(async |by: By<ReadAccounts>| format!("{}", by.caller.may_write)))
        .route("/write", get(async |by: By<WriteStatuses>| format!("{}", by.caller.may_write)))
        .route("/open", get(async |by: Option<By<ReadAccounts>>| format!("{}", by.is_some())))
        .with_state(instance.state.clone());
    let ask = async |path: &str, token: Option<&str>| {
        let authorization = format!("Bearer {}", token.unwrap_or_default());
        let headers: &[(&str, &str)] =
            if token.is_some() { &[("authorization", &authorization)] } else { &[] };
        let request = Instance::request("GET", path, headers, Body::empty());
        let answer = Answer::of(tower::ServiceExt::oneshot(router.clone(), request).await.unwrap());
        let answer = answer.await;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, body.get("error").cloned().unwrap_or(body))
    };
    let reads = instance.token("ada", "read").await;
    let writes = instance.token("ada", "write").await;
    let part = instance.token("ada", "read:accounts").await;
    let invalid = || Value::from("The access token is invalid");
    let outside = || Value::from("This action is outside the authorized scopes");
    assert_eq!(ask("/read", Some(&reads)).await, (200, false.into()));
    assert_eq!(ask("/read", Some(&part)).await, (200, false.into()));
    assert_eq!(ask("/read", Some(&writes)).await, (403, outside()));
    assert_eq!(ask("/write", Some(&writes)).await, (200, true.into()));
    assert_eq!(ask("/write", Some(&reads)).await, (403, outside()));
    assert_eq!(ask("/open", Some(&reads)).await, (200, true.into()));
    assert_eq!(ask("/open", None).await, (200, false.into()));
    for path in ["/read", "/write"] {
        assert_eq!(ask(path, None).await, (401, invalid()));
    }
    for path in ["/read", "/write", "/open"] {
        assert_eq!(ask(path, Some("nonsense")).await, (401, invalid()), "{path}");
    }
    // And a part of a scope opens nothing of the JSON API, which knows the wide ones only.
    assert_eq!(instance.get_as(&part, "/notices").await.status, 403);
    assert_eq!(instance.get_as(&reads, "/notices").await.status, 200);
}

//! Servers that lead their people home, and servers that would lead them elsewhere.

use serde_json::{Value, json};

use super::{
    super::tests::{Us, reply},
    *,
};
use crate::{
    federation::scripted::{Asked, Reply, Scripted},
    protocol::intents::SUBSCRIBE,
};

const OBJECT: &str = "https://cs.example/o/1?x=1&y=2";
const ENCODED: &str = "https%3A%2F%2Fcs.example%2Fo%2F1%3Fx%3D1%26y%3D2";

fn subscribe(template: &str) -> Value {
    json!({"links": [{"rel": SUBSCRIBE, "template": template}]})
}

/// Says who it is in NodeInfo.
fn node_info(origin: &str, asked: &Asked, name: &str) -> Reply {
    let index =
        json!({"links": [{"rel": format!("{NODE_INFO}0"), "href": format!("{origin}/n/2.0")}]});
    match asked.line.as_str() {
        "GET /.well-known/nodeinfo" => reply(200, &index),
        "GET /n/2.0" => reply(200, &json!({"software": {"name": name}})),
        _ => reply(404, &json!({})),
    }
}

fn server() -> Scripted {
    Scripted::start(|port, asked| {
        let host = asked.headers["host"].to_str().unwrap().to_owned();
        let origin = format!("http://{host}");
        let web = format!("http://web.localhost:{port}");
        let redirect = |to: String| (302, vec![("location", to)], Vec::new());
        let home = |origin: &str| reply(200, &subscribe(&format!("{origin}/i?uri={{uri}}")));
        if !asked.line.starts_with("GET /.well-known/webfinger") {
            let name = if host.starts_with("masto") { "mastodon" } else { "gotosocial" };
            return node_info(&origin, asked, name);
        }
        let user = asked.line.split_once("acct%3A").map(|(_, rest)| rest.split('%').next());
        let user = user.flatten().unwrap_or_default().to_owned();
        let padded = |bytes: usize| {
            let mut body = subscribe(&format!("{origin}/i?uri={{uri}}")).to_string().into_bytes();
            body.resize(bytes, b' ');
            (200, Vec::new(), body)
        };
        match user.as_str() {
            "ana" => home(&origin),
            "evil" => reply(200, &subscribe("http://evil.localhost/i?uri={uri}")),
            "secret" => reply(200, &subscribe(&format!("http://x:y@{host}/i?uri={{uri}}"))),
            // Its actors are at another name, and it leads there, or to neither.
            "web" | "both" => {
                let mut said = subscribe(&format!(
                    "{}/i?uri={{uri}}",
                    if user == "web" { web.as_str() } else { "http://evil.localhost" }
                ));
                said["links"].as_array_mut().unwrap().push(json!({
                    "rel": "self", "type": "application/activity+json", "href": format!("{web}/u/1"),
                }));
                reply(200, &said)
            }
            "script" => reply(200, &subscribe("javascript:alert('{uri}')")),
            "plain" => reply(200, &json!({"links": []})),
            "moved" if host.starts_with("web") => home(&web),
            "moved" => redirect(format!("{web}/.well-known/webfinger?resource=acct%3Amoved%40x")),
            "far" => redirect(format!("{web}/.well-known/webfinger?resource=acct%3Afar%40x")),
            "edge" => padded(limits::INTENT_ANSWER_BYTES_MAX),
            "over" => padded(limits::INTENT_ANSWER_BYTES_MAX + 1),
            _ => reply(404, &json!({})),
        }
    })
}

#[tokio::test]
async fn a_server_is_believed_for_its_own_addresses_alone() {
    let us = Us::start().await;
    let server = server();
    let at = |name: &str| host_name(server.url(name, "/").as_str());
    let lead = async |typed: String| {
        let way = us.federation.way_home(&typed, Intent::Reply, OBJECT, "").await?;
        Ok::<_, HomeError>(way.lead.map(|(url, host)| (String::from(url), host)))
    };
    let (own, web) = (at("own.localhost"), at("web.localhost"));
    let home = |host: &str, path: &str| {
        Some((format!("http://{host}{path}?uri={ENCODED}"), host.to_owned()))
    };
    for (user, expected) in [
        ("ana", home(&own, "/i")),
        ("moved", home(&web, "/i")),
        ("edge", home(&own, "/i")),
        ("over", None),
        ("far", None),
        ("web", home(&web, "/i")),
        ("both", None),
        ("evil", None),
        ("secret", None),
        ("script", None),
        ("plain", None),
    ] {
        assert_eq!(lead(format!("@{user}@{own}")).await.unwrap(), expected, "{user}");
    }
    assert_eq!(lead(format!("http://{own}/@ana")).await.unwrap(), home(&own, "/i"));
    assert!(matches!(lead(format!("x@{own}")).await, Err(HomeError::Nobody { .. })));
    // A server that says nothing: Mastodon takes its people so all the same, others do not.
    let masto = at("masto.localhost");
    let old = home(&masto, "/authorize_interaction");
    assert_eq!(lead(masto.clone()).await.unwrap(), old);
    assert_eq!(lead(format!("plain@{masto}")).await.unwrap(), old);
    assert_eq!(lead(own.clone()).await.unwrap(), None);
    assert!(matches!(lead("us.localhost:8480".into()).await, Err(HomeError::Here)));
    let asked = server.asked().len();
    for typed in [
        "",
        "ana",
        "127.0.0.1",
        "http://127.0.0.1:8480/@ana",
        "ana@10.0.0.1",
        "ana@[::1]",
        "ana@169.254.169.254",
        "localhost:22",
        "ftp://own.localhost/",
        "https://user:secret@own.localhost/",
        "own.localhost/x?y",
    ] {
        let refused = lead(typed.to_owned()).await;
        let nowhere = matches!(refused, Err(HomeError::Address | HomeError::Silent { .. }));
        assert!(nowhere, "{typed}: {refused:?}");
    }
    assert_eq!(server.asked().len(), asked);
}

#[tokio::test]
async fn who_asks_is_led_so_often_and_no_more() {
    let us = Us::start().await;
    let server = server();
    let ana = format!("@ana@{}", host_name(server.url("own.localhost", "/").as_str()));
    let lead = async |asker: &'static str| {
        us.federation.way_home(&ana, Intent::Like, OBJECT, asker).await.map(|way| way.lead)
    };
    for number in 1..=limits::INTENTS_PER_ADDRESS_A_MINUTE_MAX {
        assert!(lead("192.0.2.1").await.unwrap().is_some(), "{number}");
    }
    let over = lead("192.0.2.1").await;
    assert!(
        matches!(over, Err(HomeError::Ours(ServiceError::TooMany { retry_after_seconds: 1.. }))),
        "{over:?}"
    );
    assert!(lead("192.0.2.2").await.unwrap().is_some());
}

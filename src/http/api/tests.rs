use std::collections::BTreeSet;

use axum::body::Body;
use serde_json::{Value, json};

use super::{
    super::testing::{API, Instance},
    BASE, endpoints,
};
use crate::{
    base::limits,
    domain::group::StakeholderGroup::{CivilSociety, Governments},
};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

#[tokio::test]
async fn from_a_topic_to_a_withdrawn_position() {
    let instance = Instance::start().await;
    let amina = instance.account("amina", CivilSociety).await;
    let joao = instance.account("joao", Governments).await;

    let topic = instance.topic(&amina, "rivers").await;
    assert_eq!(topic["id"], "https://cs.example/t/rivers");
    assert_eq!(topic["receipt"]["seq"], 1);
    assert_eq!(topic["receipt"]["document"]["type"], "Receipt");

    let opinion = instance.opinion(&amina, "rivers", "Two banks").await;
    let key = text(&opinion["key"]);
    assert_eq!(opinion["id"], format!("https://cs.example/o/{key}"));
    assert_eq!((&opinion["revision"], &opinion["status"]), (&json!(1), &json!("open")));
    assert_eq!(opinion["stakeholderGroup"], "civil-society");
    assert_eq!(opinion["author"]["handle"], "amina@cs.example");
    assert!(text(&opinion["receipt"]["hash"]).len() == 64);
    assert_eq!(opinion["blocks"][1]["text"], "A river has two banks.");

    let path = format!("/opinions/{key}");
    let revised =
        json!({"source": "## Why\n\nA river has three banks.", "changeNote": "Counted again."});
    let revised = instance.post(&amina, &format!("{path}/revisions"), &revised).await.expect(201);
    assert_eq!(
        (&revised["revision"], &revised["changeNote"]),
        (&json!(2), &json!("Counted again."))
    );
    assert_ne!(revised["revisionDigest"], opinion["revisionDigest"]);
    let revisions = instance.api(&format!("{path}/revisions")).await.expect(200);
    assert_eq!(revisions["items"].as_array().unwrap().len(), 2);
    assert_eq!(revisions["items"][1]["previousRevision"], opinion["revisionDigest"]);
    let first = instance.api(&format!("{path}/revisions/1")).await.expect(200);
    assert_eq!(first["revisionDigest"], opinion["revisionDigest"]);
    for number in ["3", "0", "x"] {
        let missing = instance.api(&format!("{path}/revisions/{number}")).await;
        assert_eq!(missing.status, 404, "{number}");
        assert_eq!(missing.content_type(), "application/problem+json");
    }

    let comment = json!({"content": "Where is the third?", "kind": "question",
        "anchors": [{"paragraph": 2, "exact": "three banks"}]});
    let comment = instance.post(&joao, &format!("{path}/comments"), &comment).await.expect(201);
    assert_eq!((&comment["kind"], &comment["inReplyTo"]), (&json!("question"), &opinion["id"]));
    assert_eq!(comment["anchors"][0]["exact"], "three banks");
    assert_eq!(comment["anchors"][0]["revision"], 2);
    let answer = json!({"content": "Under the bridge.", "inReplyTo": comment["id"]});
    let answer = instance.post(&amina, &format!("{path}/comments"), &answer).await.expect(201);
    assert_eq!((&answer["kind"], &answer["inReplyTo"]), (&json!("remark"), &comment["id"]));
    let comments =
        instance.api(&format!("{path}/comments?order=document&limit=1")).await.expect(200);
    assert_eq!(comments["items"][0]["id"], comment["id"]);
    let next = text(&comments["next"]).strip_prefix(API).unwrap();
    let rest = instance.api(next).await.expect(200);
    assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&answer["id"], &Value::Null));

    let objection = json!({"kind": "objection", "statement": "There are two.", "revision": 2});
    let position = instance.post(&joao, &format!("{path}/positions"), &objection).await.expect(201);
    assert_eq!(position["stakeholderGroup"], "governments");
    assert_eq!((&position["capacity"], &position["live"]), (&json!("individual"), &json!(true)));
    assert_eq!(position["revisionDigest"], revised["revisionDigest"]);
    let own = json!({"kind": "support", "revision": 1});
    let own = instance.post(&amina, &format!("{path}/positions"), &own).await.expect(201);
    assert!(text(&own["id"]).starts_with("https://cs.example/a/"));
    let on_first = instance.api(&format!("{path}/positions?revision=1")).await.expect(200);
    assert_eq!(on_first["items"].as_array().unwrap().len(), 1);
    assert_eq!(on_first["items"][0]["id"], own["id"]);

    let withdrawn = instance.delete(&amina, &format!("/positions/{}", text(&own["key"]))).await;
    assert!(withdrawn.expect(200)["receipt"]["document"]["proof"].is_object());
    let live = instance.api(&format!("{path}/positions")).await.expect(200);
    assert_eq!(live["items"].as_array().unwrap().len(), 1);
    let history = instance.api(&format!("{path}/positions?history=true")).await.expect(200);
    assert_eq!(history["items"].as_array().unwrap().len(), 3);
    assert_eq!(history["items"][2]["kind"], "withdrawn");
    let gone = instance.api(&format!("/positions/{}", text(&own["key"]))).await.expect(200);
    assert_eq!(gone["live"], false);

    let deleted = instance.delete(&amina, &format!("/comments/{}", text(&answer["key"]))).await;
    deleted.expect(200);
    assert_eq!(instance.api(&format!("/comments/{}", text(&answer["key"]))).await.status, 410);
    let comments = instance.api(&format!("{path}/comments?order=document")).await.expect(200);
    assert_eq!(comments["items"][1]["deleted"], true);
    assert_eq!(comments["items"][1]["content"], "");

    let profile = instance.api("/participants/joao").await.expect(200);
    assert_eq!(profile["positions"][0]["id"], position["id"]);
    assert_eq!(instance.delete(&joao, &path).await.status, 403);
    instance.delete(&amina, &path).await.expect(200);
    let gone = instance.api(&path).await.expect(410);
    assert_eq!(gone["title"], "Gone");
    let none = instance.api("/topics/rivers/opinions").await.expect(200);
    assert_eq!(none, json!({"items": [], "next": null}));
}

#[tokio::test]
async fn bad_input_names_the_field_and_does_nothing() {
    let instance = Instance::start().await;
    let token = instance.account("amina", CivilSociety).await;
    instance.topic(&token, "rivers").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let path = format!("/opinions/{}", text(&opinion["key"]));

    let several =
        instance.post(&token, "/topics/rivers/opinions", &json!({"language": "x y"})).await;
    let several = several.expect(422);
    let fields: BTreeSet<&str> =
        several["errors"].as_array().unwrap().iter().map(|error| text(&error["field"])).collect();
    assert_eq!(fields, ["abstract", "language", "name", "source"].into());
    for (body, field) in [
        (json!({"slug": "a_b_c", "titel": "x"}), "titel"),
        (json!({"slug": 7}), "slug"),
        (json!({"slug": "A!", "name": "x", "question": "y", "language": "en"}), "slug"),
    ] {
        let refused = instance.post(&token, "/topics", &body).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let taken = json!({"slug": "amina", "name": "x", "question": "y", "language": "en"});
    let taken = instance.post(&token, "/topics", &taken).await.expect(422);
    assert_eq!(taken["errors"][0]["field"], "slug", "one namespace (test 5): {taken}");
    for (body, field, allowed) in [
        (json!({"kind": "endorse", "revision": 1}), "kind", "objection"),
        (json!({"kind": "support"}), "revision", "number"),
        (json!({"kind": "support", "revision": 2}), "revision", "1"),
        (json!({"kind": "concern", "revision": 1}), "statement", "reason"),
        (json!({"kind": "support", "revision": 1, "capacity": "king"}), "capacity", "individual"),
    ] {
        let refused = instance.post(&token, &format!("{path}/positions"), &body).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
        assert!(text(&refused["errors"][0]["message"]).contains(allowed), "{refused}");
    }
    let draft = json!({"source": "x", "changeNote": "y", "status": "published"});
    let refused = instance.post(&token, &format!("{path}/revisions"), &draft).await.expect(422);
    assert!(text(&refused["detail"]).contains("superseded"), "{refused}");
    for room in ["rivers", "https://cs.example/t/rivers"] {
        let refused =
            instance.post(&token, "/topics/join", &json!({"room": room})).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], "room", "{refused}");
    }
    for query in ["limit=0", "limit=201", "after=x"] {
        assert_eq!(instance.api(&format!("/topics?{query}")).await.status, 422, "{query}");
    }
    assert_eq!(instance.api("/topics?limit=many").await.status, 400);
    assert_eq!(instance.api("/topics?page=2").await.status, 400);
    let held = instance.api(&format!("{path}/positions?history=true")).await.expect(200);
    assert_eq!(held["items"], json!([]));
    assert_eq!(instance.api("/topics").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn bodies_that_are_no_json_of_ours() {
    let instance = Instance::start().await;
    let token = instance.account("amina", CivilSociety).await;
    let bearer = format!("Bearer {token}");
    let post = async |media_type: &str, body: Vec<u8>| {
        let headers = [("authorization", bearer.as_str()), ("content-type", media_type)];
        let path = format!("{API}/topics");
        instance.send(Instance::request("POST", &path, &headers, Body::from(body))).await.status
    };
    assert_eq!(post("text/plain", b"{}".to_vec()).await, 415);
    for broken in ["{", "[]", "{\"slug\":\"a\",\"slug\":\"b\"}", "{\"slug\":\"\\ud800\"}"] {
        assert_eq!(post("application/json", broken.as_bytes().to_vec()).await, 400, "{broken}");
    }
    assert_eq!(post("application/json", b"{\"slug\":\"\xff\"}".to_vec()).await, 400);
    let padded = |bytes: usize| {
        let mut body = b"{}".to_vec();
        body.resize(bytes, b' ');
        body
    };
    let max = limits::FORM_BODY_BYTES_MAX;
    assert_eq!(post("application/json", padded(max)).await, 422);
    assert_eq!(post("application/json", padded(max + 1)).await, 413);
}

#[tokio::test]
async fn who_may() {
    let instance = Instance::start().await;
    instance.account("amina", CivilSociety).await;
    let body = json!({"slug": "rivers", "name": "x", "question": "y", "language": "en"});
    let unknown = instance.post("nothing", "/topics", &body).await;
    assert_eq!((unknown.status, unknown.header("www-authenticate")), (401, "Bearer"));
    let headers = [("content-type", "application/json")];
    let request = Instance::request("POST", &format!("{API}/topics"), &headers, Body::from("{}"));
    assert_eq!(instance.send(request).await.status, 401);
    let reader = instance.token("amina", "read").await;
    let refused = instance.post(&reader, "/topics", &body).await.expect(403);
    assert!(text(&refused["detail"]).contains("write"), "{refused}");
    assert_eq!(instance.api("/topics").await.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn a_key_may_be_the_last_segment() {
    let instance = Instance::start().await;
    let token = instance.account("amina", CivilSociety).await;
    instance.topic(&token, "rivers").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let segment = text(&opinion["id"]).rsplit('/').next().unwrap().to_owned();
    let found = instance.api(&format!("/opinions/{segment}")).await.expect(200);
    assert_eq!(found["key"], opinion["key"]);
    assert_eq!(instance.api("/opinions/1").await.status, 404);
    assert_eq!(instance.api(&format!("/comments/{segment}")).await.status, 404);
}

/// Every path and method of the document.
fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(endpoints().parts().1).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                operations.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    operations
}

#[test]
fn the_document_lists_what_was_promised_and_nothing_else() {
    let promised: BTreeSet<(&str, &str)> = [
        ("GET", "/topics"),
        ("POST", "/topics"),
        ("POST", "/topics/join"),
        ("GET", "/topics/{slug}"),
        ("POST", "/topics/{slug}/facilitators"),
        ("DELETE", "/topics/{slug}/facilitators"),
        ("GET", "/topics/{slug}/opinions"),
        ("POST", "/topics/{slug}/opinions"),
        ("GET", "/opinions/{key}"),
        ("DELETE", "/opinions/{key}"),
        ("PUT", "/opinions/{key}/letter"),
        ("DELETE", "/opinions/{key}/letter"),
        ("GET", "/opinions/{key}/revisions"),
        ("POST", "/opinions/{key}/revisions"),
        ("GET", "/opinions/{key}/revisions/{n}"),
        ("GET", "/opinions/{key}/comments"),
        ("POST", "/opinions/{key}/comments"),
        ("GET", "/opinions/{key}/positions"),
        ("POST", "/opinions/{key}/positions"),
        ("GET", "/comments/{key}"),
        ("DELETE", "/comments/{key}"),
        ("GET", "/positions/{key}"),
        ("DELETE", "/positions/{key}"),
        ("GET", "/participants/{name}"),
        ("GET", "/comments/{key}/versions"),
        ("POST", "/comments/{key}/versions"),
        ("GET", "/comments/{key}/dispositions"),
        ("POST", "/comments/{key}/dispositions"),
        ("GET", "/positions/{key}/dispositions"),
        ("POST", "/positions/{key}/dispositions"),
        ("GET", "/topics/{slug}/ledger"),
        ("GET", "/receipts/{hash}"),
        ("POST", "/attestations"),
        ("GET", "/private-replies"),
        ("GET", "/reports"),
        ("POST", "/reports/{key}/close"),
        ("DELETE", "/attestations/{key}"),
        ("GET", "/delegations"),
        ("POST", "/delegations"),
        ("DELETE", "/delegations/{key}"),
        ("GET", "/notices"),
        ("POST", "/notices/{key}/keep"),
        ("POST", "/notices/{key}/withdraw"),
        ("POST", "/opinions/{key}/status"),
        ("POST", "/opinions/{key}/confirmation"),
        ("POST", "/opinions/{key}/statements"),
        ("GET", "/opinions/{key}/revisions/{n}/statements"),
        ("GET", "/topics/{slug}/terms"),
        ("GET", "/drafts"),
        ("POST", "/topics/{slug}/drafts"),
        ("POST", "/opinions/{key}/drafts"),
        ("GET", "/drafts/{key}"),
        ("DELETE", "/drafts/{key}"),
        ("POST", "/drafts/{key}/invitations"),
        ("POST", "/drafts/{key}/answer"),
        ("POST", "/drafts/{key}/leave"),
        ("POST", "/drafts/{key}/agreement"),
        ("POST", "/drafts/{key}/blocks"),
        ("PUT", "/drafts/{key}/blocks/{block}"),
        ("DELETE", "/drafts/{key}/blocks/{block}"),
        ("POST", "/drafts/{key}/blocks/{block}/move"),
        ("POST", "/drafts/{key}/blocks/{block}/restore"),
        ("GET", "/drafts/{key}/blocks/{block}/versions"),
        ("POST", "/drafts/{key}/publication"),
        ("POST", "/drafts/{key}/base"),
    ]
    .into();
    let operations = operations();
    let listed: BTreeSet<(&str, &str)> = operations
        .iter()
        .map(|(method, path)| (method.as_str(), path.strip_prefix(BASE).unwrap()))
        .collect();
    assert_eq!(listed, promised);
}

#[tokio::test]
async fn every_operation_of_the_document_is_routed_and_every_route_is_in_it() {
    let instance = Instance::start().await;
    let document = instance.api("/openapi.json").await.expect(200);
    let operations = operations();
    let paths: BTreeSet<&String> = operations.iter().map(|(_, path)| path).collect();
    assert_eq!(document["paths"].as_object().unwrap().len(), paths.len());
    for path in paths {
        let concrete = path.replace(['{', '}'], "");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let listed = operations.contains(&(method.to_owned(), path.clone()));
            let answer =
                instance.send(Instance::request(method, &concrete, &[], Body::empty())).await;
            assert_eq!(answer.status != 405, listed, "{method} {path}: {}", answer.status);
            let unknown = String::from_utf8_lossy(&answer.body).contains("no such endpoint");
            assert!(!unknown, "{method} {path}");
        }
    }
    assert_eq!(instance.api("/nothing").await.status, 404);
}

/// Every property name of every schema.
fn property_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                names.extend(properties.keys().cloned());
            }
            map.values().for_each(|value| property_names(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| property_names(value, names)),
        _ => {}
    }
}

#[test]
fn no_schema_has_a_field_that_adds_supporters_up() {
    let document = serde_json::to_value(endpoints().parts().1).unwrap();
    let mut names = BTreeSet::new();
    property_names(&document["components"], &mut names);
    assert!(names.len() > 50 && names.contains("stakeholderGroup"), "{names:?}");
    for name in &names {
        let lower = name.to_lowercase();
        for sum in [
            "total",
            "count",
            "number",
            "votes",
            "likes",
            "score",
            "sum",
            "percent",
            "rank",
            "supporters",
        ] {
            // A summary is a text.
            assert!(!lower.contains(sum) || lower == "summary", "{name}");
        }
    }
}

#[test]
fn every_reference_of_the_document_is_defined() {
    let document = serde_json::to_value(endpoints().parts().1).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    let mut found = 0;
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
        found += 1;
    }
    assert!(found > 20);
}

#[test]
fn refusals_are_described_as_they_are_sent() {
    let document = serde_json::to_value(endpoints().parts().1).unwrap();
    let create = &document["paths"]["/api/plg/v1/topics"]["post"]["responses"];
    for status in ["400", "401", "413", "415", "422"] {
        let content = create[status]["content"].as_object().unwrap();
        assert_eq!(content.keys().collect::<Vec<_>>(), ["application/problem+json"], "{status}");
        assert_ne!(create[status]["description"], "", "{status}");
    }
    assert!(create["201"]["content"]["application/json"].is_object());
    let draft = &document["components"]["schemas"]["TopicDraft"];
    assert_eq!(draft["required"].as_array().unwrap().len(), 4);
}

//! What programs ask at their start: each field without which one of them does not start is there (clients.md 2), and what
//! there is nothing of is an empty list.

use serde_json::{Value, json};

use super::oauth::get_with;
use crate::{domain::group::StakeholderGroup, http::testing::Instance};

async fn started() -> (Instance, String) {
    let instance = Instance::start().await;
    let token = instance.account("ada", StakeholderGroup::CivilSociety).await;
    (instance, token)
}

fn is(document: &Value, pointer: &str, kind: fn(&Value) -> bool) {
    let found = document.pointer(pointer);
    assert!(found.is_some_and(kind), "{pointer} is {found:?}");
}

#[tokio::test]
async fn the_instance_has_every_field_that_some_program_cannot_do_without() {
    let (instance, _) = started().await;
    let v2 = instance.get("/api/v2/instance", "application/json").await.expect(200);
    for text in [
        "/title",
        "/domain",
        "/version",
        "/contact/email",
        "/thumbnail/url",
        "/description",
        "/configuration/urls/streaming",
        "/configuration/vapid/public_key",
    ] {
        is(&v2, text, Value::is_string);
    }
    for flag in [
        "/registrations/enabled",
        "/registrations/approval_required",
        "/configuration/translation/enabled",
    ] {
        is(&v2, flag, Value::is_boolean);
    }
    for number in [
        "/configuration/statuses/max_characters",
        "/configuration/statuses/max_media_attachments",
        "/configuration/statuses/characters_reserved_per_url",
        "/configuration/polls/max_options",
        "/configuration/polls/max_characters_per_option",
        "/configuration/polls/min_expiration",
        "/configuration/polls/max_expiration",
        "/configuration/accounts/max_featured_tags",
        "/api_versions/mastodon",
        "/usage/users/active_month",
    ] {
        is(&v2, number, Value::is_u64);
    }
    for list in ["/rules", "/languages", "/configuration/media_attachments/supported_mime_types"] {
        is(&v2, list, Value::is_array);
    }
    assert_eq!(v2["domain"], "cs.example");
    // Mastodon.py writes a slash at the end.
    for path in ["/api/v2/instance/", "/api/v1/instance/?x=1", "/api/v1/instance/rules/"] {
        assert_eq!(instance.get(path, "application/json").await.status, 200, "{path}");
    }
    assert_eq!(v2["configuration"]["urls"]["streaming"], "wss://cs.example");
    let version = v2["version"].as_str().unwrap();
    assert!(version.starts_with("4.5.0 (compatible; Polylogue "), "{version}");
    // What Ice Cubes makes of it.
    assert!(version.get(..3).unwrap().parse::<f32>().unwrap() > 4.4);
    let v1 = instance.get("/api/v1/instance", "application/json").await.expect(200);
    for text in [
        "/uri",
        "/title",
        "/short_description",
        "/description",
        "/email",
        "/version",
        "/urls/streaming_api",
        "/thumbnail",
    ] {
        is(&v1, text, Value::is_string);
    }
    for flag in ["/registrations", "/approval_required", "/invites_enabled"] {
        is(&v1, flag, Value::is_boolean);
    }
    for number in [
        "/stats/user_count",
        "/stats/status_count",
        "/stats/domain_count",
        "/configuration/statuses/max_characters",
        "/configuration/polls/max_options",
    ] {
        is(&v1, number, Value::is_u64);
    }
    assert_eq!((&v1["uri"], &v1["version"]), (&json!("cs.example"), &v2["version"]));
    let picture = instance.get(v1["thumbnail"].as_str().unwrap(), "image/*").await;
    assert_eq!((picture.status, picture.content_type()), (200, "image/png"));
    assert!(picture.body.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn nodeinfo_says_which_api_is_spoken() {
    let (instance, _) = started().await;
    let index = instance.get("/.well-known/nodeinfo", "*/*").await;
    assert_eq!(index.header("access-control-allow-origin"), "*");
    let index = index.expect(200);
    let schemas: Vec<&str> =
        index["links"].as_array().unwrap().iter().filter_map(|link| link["rel"].as_str()).collect();
    for schema in ["2.0", "2.1"] {
        let rel = format!("http://nodeinfo.diaspora.software/ns/schema/{schema}");
        let at = schemas.iter().position(|known| **known == rel).expect(schema);
        let answer = instance.get(index["links"][at]["href"].as_str().unwrap(), "*/*").await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.content_type().contains(&rel), "{}", answer.content_type());
        let document = answer.expect(200);
        assert_eq!(document["version"], schema);
        assert_eq!(document["software"]["name"], "polylogue");
        assert_eq!(document["metadata"]["upstream"]["name"], "mastodon");
        assert_eq!(document["software"].get("repository").is_some(), schema == "2.1");
    }
    let host_meta = instance.get("/.well-known/host-meta", "*/*").await;
    assert_eq!(host_meta.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn what_there_is_nothing_of_is_an_empty_list() {
    let (instance, token) = started().await;
    for path in [
        "v1/custom_emojis",
        "v1/instance/rules",
        "v1/instance/peers",
        "v1/instance/domain_blocks",
        "v1/trends",
        "v1/trends/tags",
        "v1/trends/statuses",
        "v1/trends/links",
        "v1/directory",
    ] {
        let path = format!("/api/{path}");
        assert_eq!(instance.get(&path, "application/json").await.expect(200), json!([]), "{path}");
    }
    for path in [
        "v1/announcements",
        "v1/followed_tags",
        "v1/follow_requests",
        "v1/suggestions",
        "v2/suggestions",
        "v1/endorsements",
        "v1/featured_tags",
        "v1/blocks",
        "v1/mutes",
        "v1/domain_blocks",
        "v1/lists",
        "v1/filters",
        "v2/filters",
        "v1/conversations",
        "v1/scheduled_statuses",
    ] {
        let path = format!("/api/{path}");
        assert_eq!(instance.get(&path, "application/json").await.status, 401, "{path}");
        assert_eq!(get_with(&instance, &path, &token).await.expect(200), json!([]), "{path}");
    }
    let preferences = get_with(&instance, "/api/v1/preferences", &token).await.expect(200);
    assert_eq!(preferences.as_object().unwrap().len(), 5);
    let pushed = instance.token("ada", "push").await;
    assert_eq!(get_with(&instance, "/api/v1/push/subscription", &pushed).await.status, 404);
    let about = instance.get("/api/v1/instance/extended_description", "*/*").await.expect(200);
    is(&about, "/updated_at", Value::is_string);
    is(&about, "/content", Value::is_string);
}

#[tokio::test]
async fn how_far_somebody_has_read_is_kept_for_their_other_programs() {
    let (instance, token) = started().await;
    let path = "/api/v1/markers?timeline[]=home&timeline[]=notifications";
    assert_eq!(get_with(&instance, path, &token).await.expect(200), json!({}));
    let authorization = format!("Bearer {token}");
    let set = async |kind: &str, body: &str| {
        let headers = [("authorization", authorization.as_str()), ("content-type", kind)];
        let body = axum::body::Body::from(body.to_owned());
        instance.send(Instance::request("POST", "/api/v1/markers", &headers, body)).await
    };
    let first = set("application/json", r#"{"home":{"last_read_id":"114823001000000001"}}"#)
        .await
        .expect(200);
    assert_eq!(
        (&first["home"]["version"], &first["home"]["last_read_id"]),
        (&json!(1), &json!("114823001000000001"))
    );
    let form = "home[last_read_id]=114823001000000002&notifications[last_read_id]=7";
    set("application/x-www-form-urlencoded", form).await.expect(200);
    let both = get_with(&instance, path, &token).await.expect(200);
    assert_eq!(
        (&both["home"]["version"], &both["notifications"]["version"]),
        (&json!(2), &json!(1))
    );
    let at = both["home"]["updated_at"].as_str().unwrap();
    assert!(at.len() == 24 && at.ends_with('Z') && at.get(19..20) == Some("."), "{at}");
    let one = get_with(&instance, "/api/v1/markers?timeline[]=home", &token).await.expect(200);
    assert_eq!(one.as_object().unwrap().len(), 1);
    for wrong in [
        r#"{"home":{"last_read_id":"x"}}"#,
        r#"{"home":{"last_read_id":""}}"#,
        r#"{"home":{}}"#,
        r#"{"home":{"last_read_id":"11482300100000000111"}}"#,
    ] {
        assert_eq!(set("application/json", wrong).await.status, 422, "{wrong}");
    }
    let reads = instance.token("ada", "read").await;
    let headers = format!("Bearer {reads}");
    let headers = [("authorization", headers.as_str())];
    let refused = Instance::request(
        "POST",
        "/api/v1/markers?home[last_read_id]=8",
        &headers,
        axum::body::Body::empty(),
    );
    assert_eq!(instance.send(refused).await.status, 403);
}

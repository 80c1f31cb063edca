//! What programs ask for now and then: reports, several accounts at once, and what there is none of, refused in the shape
//! that programs read.

use serde_json::{Value, json};

use super::{Is, Room, account, id, walk};
use crate::{base::limits, http::testing::Browser};

const REPORT: &[(&str, Is)] = &[
    ("id", Is::Id),
    ("action_taken", Is::Flag),
    ("action_taken_at", Is::DateOrNull),
    ("category", Is::Text),
    ("comment", Is::Text),
    ("forwarded", Is::Flag),
    ("created_at", Is::Date),
    ("status_ids", Is::List),
    ("rule_ids", Is::List),
    ("target_account", Is::Object),
];

async fn key_of(room: &Room, name: &str) -> String {
    let path = format!("/api/v1/accounts/lookup?acct={name}");
    id(&room.get(&room.ana, &path).await).to_owned()
}

#[tokio::test]
async fn a_report_is_kept_for_moderators_who_see_that_there_is_one() {
    let room = Room::start().await;
    let amina = key_of(&room, "amina").await;
    let report = json!({"account_id": amina, "status_ids": [room.opinion], "comment": "Not <b> true.",
        "category": "violation", "forward": "true"});
    let path = "/api/v1/reports";
    let made = room.post(&room.ana, path, report.clone()).await;
    walk("report", &made, REPORT);
    account(&made["target_account"]);
    assert_eq!((&made["target_account"]["id"], &made["forwarded"]), (&json!(amina), &json!(false)));
    assert_eq!(made["status_ids"], json!([room.opinion]));

    let mut moderator = Browser::new(&room.instance);
    moderator.sign_in("amina").await;
    assert!(moderator.get("/").await.contains("href=\"/reports\""), "moderators are told");
    let page = moderator.get("/reports").await;
    for shown in [
        "<p class=\"lines\">Not &#60;b&#62; true.</p>",
        "against the rules",
        "https://cs.example/p/ana",
        "https://cs.example/p/amina",
        &format!("https://cs.example/o/{}", room.opinion),
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let close = page.split('"').find(|text| text.ends_with("/close")).unwrap().to_owned();
    let csrf = crate::http::testing::value_of(&page, "csrf");
    assert_eq!(moderator.post(&close, &[("csrf", &csrf)]).await.0, 303);
    assert!(!moderator.get("/").await.contains("href=\"/reports\""));

    for (token, body, status) in [
        (None, report.clone(), 401),
        (Some(&room.ana), json!({"account_id": "7"}), 404),
        (Some(&room.ana), json!({"account_id": "x"}), 404),
        (Some(&room.ana), json!({"comment": "whom?"}), 422),
        (Some(&room.ana), json!({"account_id": amina, "status_ids": ["7"]}), 404),
        (Some(&room.ana), json!({"account_id": amina, "category": "dislike"}), 422),
    ] {
        let answer = room.ask(token.map(String::as_str), "POST", path, body.clone()).await;
        assert!(answer.expect(status)["error"].is_string(), "{body}");
    }
    let reads = room.instance.token("ana", "read").await;
    room.ask(Some(&reads), "POST", path, report.clone()).await.expect(403);
    let words = |count: usize| json!({"account_id": amina, "comment": "x".repeat(count)});
    let most = limits::REPORT_CHARS_MAX;
    room.post(&room.ana, path, words(most)).await;
    room.ask(Some(&room.ana), "POST", path, words(most + 1)).await.expect(422);
    let posts =
        |count: usize| json!({"account_id": amina, "status_ids": vec![&room.opinion; count]});
    let most = limits::REPORT_OBJECTS_MAX - 1;
    room.post(&room.ana, path, posts(most)).await;
    room.ask(Some(&room.ana), "POST", path, posts(most + 1)).await.expect(422);
    for _ in 2..limits::REPORTS_OPEN_PER_ACCOUNT_MAX {
        room.post(&room.ana, path, report.clone()).await;
    }
    room.ask(Some(&room.ana), "POST", path, report.clone()).await.expect(422);
    // What one says too often keeps nobody else from saying it.
    room.post(&room.amina, path, report).await;
}

#[tokio::test]
async fn several_accounts_are_asked_for_at_once_and_who_else_follows_them() {
    let room = Room::start().await;
    let (amina, ana) = (key_of(&room, "amina").await, key_of(&room, "ana").await);
    let path = format!("/api/v1/accounts?id[]={ana}&id[]=7&id[]=x&id[]={amina}");
    let found = room.ask(None, "GET", &path, Value::Null).await.expect(200);
    let ids: Vec<&str> = found.as_array().unwrap().iter().map(id).collect();
    assert_eq!(ids, [&ana, &amina]);
    found.as_array().unwrap().iter().for_each(account);
    assert_eq!(room.get(&room.ana, "/api/v1/accounts").await, json!([]));
    let path = format!("/api/v1/statuses?id[]={}&id[]=7&id={}", room.opinion, room.opinion);
    let found = room.get(&room.ana, &path).await;
    assert_eq!(found[0]["id"], room.opinion.as_str());

    let cleo =
        room.instance.account("cleo", crate::domain::group::StakeholderGroup::CivilSociety).await;
    let of_cleo = key_of(&room, "cleo").await;
    let follow = async |token: &str, key: &str| {
        room.post(token, &format!("/api/v1/accounts/{key}/follow"), json!({})).await
    };
    follow(&room.ana, &of_cleo).await;
    follow(&cleo, &amina).await;
    let path = format!("/api/v1/accounts/familiar_followers?id[]={amina}&id[]={of_cleo}&id[]=7");
    let found = room.get(&room.ana, &path).await;
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    assert_eq!((&found[0]["id"], &found[1]["id"]), (&json!(amina), &json!(of_cleo)));
    assert_eq!(found[0]["accounts"][0]["id"], of_cleo.as_str());
    account(&found[0]["accounts"][0]);
    assert_eq!(found[1]["accounts"], json!([]));
    // Cleo follows nobody who follows Amina.
    assert_eq!(room.get(&cleo, &path).await[0]["accounts"], json!([]));
    room.ask(None, "GET", &path, Value::Null).await.expect(401);
}

#[tokio::test]
async fn what_there_is_none_of_is_refused_in_the_shape_of_the_api() {
    let room = Room::start().await;
    let translate = format!("/api/v1/statuses/{}/translate", room.opinion);
    for (method, path) in [
        ("POST", translate.as_str()),
        ("POST", "/api/v1/polls/7/votes"),
        ("GET", "/api/v1/scheduled_statuses/7"),
        ("PUT", "/api/v1/scheduled_statuses/7"),
        ("DELETE", "/api/v1/scheduled_statuses/7"),
        ("DELETE", "/api/v1/conversations/7"),
        ("POST", "/api/v1/conversations/7/read"),
        ("POST", "/api/v1/follow_requests/7/authorize"),
        ("POST", "/api/v1/follow_requests/7/reject"),
    ] {
        let nobody = room.ask(None, method, path, Value::Null).await;
        assert!(nobody.expect(401)["error"].is_string(), "{method} {path}");
        let answer = room.ask(Some(&room.ana), method, path, Value::Null).await;
        assert_eq!(answer.expect(404), json!({"error": "Record not found"}), "{method} {path}");
    }
    let poll = room.ask(None, "GET", "/api/v1/polls/7", Value::Null).await;
    assert_eq!(poll.expect(404), json!({"error": "Record not found"}));
    let later =
        json!({"status": "x", "in_reply_to_id": room.opinion, "scheduled_at": "2030-01-01"});
    let refused = room.ask(Some(&room.ana), "POST", "/api/v1/statuses", later).await.expect(422);
    assert!(refused["error"].as_str().unwrap().contains("posted at once"), "{refused}");
    let health = room.ask(None, "GET", "/api/v1/streaming/health", Value::Null).await;
    assert_eq!((health.status, health.body.as_slice()), (200, b"OK".as_slice()));
}

#[tokio::test]
async fn an_app_has_a_name_and_addresses_of_a_size_and_a_request_a_name() {
    let room = Room::start().await;
    let register = async |name: usize, uris: usize| {
        let uris: Vec<String> = (0..uris).map(|n| format!("https://c.example/{n}")).collect();
        let body = json!({"client_name": "n".repeat(name), "redirect_uris": uris});
        room.ask(None, "POST", "/api/v1/apps", body).await.status
    };
    let (name, uris) = (limits::APP_NAME_CHARS_MAX, limits::APP_REDIRECTS_MAX);
    assert_eq!(register(name, uris).await, 200);
    assert_eq!(register(name + 1, 1).await, 422);
    assert_eq!(register(0, 1).await, 422);
    assert_eq!(register(1, uris + 1).await, 422);
    assert_eq!(register(1, 0).await, 422);

    // The name of a request counts as far as it is kept.
    let reply = async |name: &str, words: &str| {
        let body = json!({"status": words, "in_reply_to_id": room.opinion});
        let path = "/api/v1/statuses";
        let made = room.named(Some(&room.ana), "POST", path, body, Some(name)).await.expect(200);
        id(&made).to_owned()
    };
    let most = limits::POSTED_NAME_CHARS_MAX;
    let (at, over) = ("n".repeat(most), "n".repeat(most + 1));
    let first = reply(&at, "one").await;
    assert_eq!(reply(&over, "two").await, first, "cut at the limit, it is the same name");
    assert_ne!(reply(&"n".repeat(most - 1), "three").await, first);
}

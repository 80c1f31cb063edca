//! What people arrange for themselves: profile, pins, notes, mutes, blocks, lists, filters, field by field; and that nobody
//! sees or changes what is another's.

use serde_json::{Value, json};

use super::{Is, RELATIONSHIP, Room, account, id, link, status, walk};
use crate::{base::limits, domain::group::StakeholderGroup};

const LIST: &[(&str, Is)] =
    &[("id", Is::Id), ("title", Is::Text), ("replies_policy", Is::Text), ("exclusive", Is::Flag)];

const FILTER: &[(&str, Is)] = &[
    ("id", Is::Id),
    ("title", Is::Text),
    ("context", Is::List),
    ("expires_at", Is::DateOrNull),
    ("filter_action", Is::Text),
    ("keywords", Is::List),
    ("statuses", Is::List),
];

const KEYWORD: &[(&str, Is)] = &[("id", Is::Id), ("keyword", Is::Text), ("whole_word", Is::Flag)];

fn filter(value: &Value) {
    walk("filter", value, FILTER);
    for keyword in value["keywords"].as_array().unwrap() {
        walk("keyword", keyword, KEYWORD);
    }
    for named in value["statuses"].as_array().unwrap() {
        walk("filter status", named, &[("id", Is::Id), ("status_id", Is::Id)]);
    }
}

impl Room {
    async fn call(&self, token: &str, method: &str, path: &str, body: Value) -> Value {
        self.ask(Some(token), method, path, body).await.expect(200)
    }

    async fn refused(&self, token: &str, method: &str, path: &str, body: Value) -> (u16, String) {
        let answer = self.ask(Some(token), method, path, body).await;
        let status = answer.status;
        let error = answer.json()["error"].as_str().expect("an error in words").to_owned();
        (status, error)
    }

    async fn key_of(&self, name: &str) -> String {
        let path = format!("/api/v1/accounts/lookup?acct={name}");
        id(&self.get(&self.ana, &path).await).to_owned()
    }

    async fn ids(&self, token: &str, path: &str) -> Vec<String> {
        let list = self.get(token, path).await;
        list.as_array().unwrap().iter().map(|one| id(one).to_owned()).collect()
    }

    async fn reply(&self, token: &str, words: &str, to: &str) -> String {
        let body = json!({"status": words, "in_reply_to_id": to});
        id(&self.post(token, "/api/v1/statuses", body).await).to_owned()
    }
}

#[tokio::test]
async fn a_profile_is_changed_in_every_way_of_sending_and_shown_to_all() {
    let room = Room::start().await;
    let path = "/api/v1/accounts/update_credentials";
    let body = json!({"display_name": "Ana B.", "note": "I look after *cables*.", "discoverable": "0",
        "locked": false, "fields_attributes": {"0": {"name": "Site", "value": "https://ana.example/"},
        "1": {"name": "", "value": ""}}, "source": {"privacy": "unlisted", "sensitive": "1", "language": "pt"}});
    let me = room.call(&room.ana, "PATCH", path, body).await;
    account(&me);
    assert_eq!((&me["display_name"], &me["discoverable"]), (&json!("Ana B."), &json!(false)));
    assert_eq!(me["note"], "<p>I look after <em>cables</em>.</p>\n");
    assert_eq!(me["fields"].as_array().unwrap().len(), 1);
    for field in [&me["fields"][0], &me["source"]["fields"][0]] {
        walk(
            "field",
            field,
            &[("name", Is::Text), ("value", Is::Text), ("verified_at", Is::DateOrNull)],
        );
    }
    assert_eq!(me["source"]["fields"][0]["value"], "https://ana.example/");
    assert!(me["fields"][0]["value"].as_str().unwrap().starts_with("<a href="));
    assert_eq!(
        (&me["source"]["note"], &me["source"]["privacy"], &me["source"]["language"]),
        (&json!("I look after *cables*."), &json!("unlisted"), &json!("pt"))
    );
    let prefers = room.get(&room.ana, "/api/v1/preferences").await;
    assert_eq!(prefers["posting:default:visibility"], "unlisted");
    assert_eq!(prefers["posting:default:sensitive"], true);
    // What is not sent stays; a form names the parts its own way.
    let form =
        "source[language]=&fields_attributes[0][name]=Work&fields_attributes[0][value]=Cables";
    let bearer = format!("Bearer {}", room.ana);
    let headers =
        [("authorization", &*bearer), ("content-type", "application/x-www-form-urlencoded")];
    let request = crate::http::testing::Instance::request("PATCH", path, &headers, form.into());
    let me = room.instance.send(request).await.expect(200);
    assert_eq!((&me["display_name"], &me["source"]["language"]), (&json!("Ana B."), &Value::Null));
    assert_eq!(me["fields"][0], json!({"name": "Work", "value": "Cables", "verified_at": null}));
    let seen = room.get(&room.amina, &format!("/api/v1/accounts/{}", id(&me))).await;
    assert_eq!(seen["fields"], me["fields"]);
    let own = room.call(&room.ana, "PATCH", "/api/v1/profile", json!({"note": "x"})).await;
    walk(
        "profile",
        &own,
        &[
            ("id", Is::Id),
            ("display_name", Is::Text),
            ("note", Is::Text),
            ("fields", Is::List),
            ("locked", Is::Flag),
            ("bot", Is::Flag),
            ("discoverable", Is::Flag),
            ("indexable", Is::Flag),
        ],
    );
    assert_eq!(room.get(&room.ana, "/api/v1/profile").await, own);
    // And elsewhere: the document of the actor says the same.
    let actor = room.instance.get("/p/ana", crate::http::testing::AS2).await.expect(200);
    assert_eq!((&actor["name"], &actor["discoverable"]), (&json!("Ana B."), &json!(false)));
    let fields = actor["attachment"].as_array().unwrap();
    assert!(fields.contains(&json!({"type": "PropertyValue", "name": "Work", "value": "Cables"})));
    let cleared = room.call(&room.ana, "PATCH", path, json!({"display_name": " "})).await;
    assert_eq!(cleared["display_name"], "ana");
    for (body, why) in [
        (json!({"locked": true}), "Locked"),
        (json!({"bot": "1"}), "Bot"),
        (json!({"source": {"privacy": "private"}}), "privacy"),
        (json!({"source": {"language": "no language"}}), "language"),
        (json!({"display_name": "x".repeat(limits::DISPLAY_NAME_CHARS_MAX + 1)}), "displayName"),
        (json!({"fields_attributes": vec![json!({"name": "a", "value": "b"}); 5]}), "fields"),
    ] {
        let (status, error) = room.refused(&room.ana, "PATCH", path, body).await;
        assert!(status == 422 && error.contains(why), "{status} {error}");
    }
    let reads = room.instance.token("ana", "read").await;
    assert_eq!(room.refused(&reads, "PATCH", path, json!({"note": "y"})).await.0, 403);
    assert_eq!(room.ask(None, "PATCH", path, json!({"note": "y"})).await.status, 401);
}

#[tokio::test]
async fn notes_are_for_who_wrote_them_and_pins_for_everybody() {
    let room = Room::start().await;
    let amina = room.key_of("amina").await;
    let of = format!("/api/v1/accounts/{amina}/note");
    let relation = room.post(&room.ana, &of, json!({"comment": "met in Geneva"})).await;
    walk("relationship", &relation, RELATIONSHIP);
    assert_eq!(relation["note"], "met in Geneva");
    let asked = format!("/api/v1/accounts/relationships?id={amina}");
    assert_eq!(room.get(&room.ana, &asked).await[0]["note"], "met in Geneva");
    let ana = room.key_of("ana").await;
    let back = format!("/api/v1/accounts/relationships?id={ana}");
    assert_eq!(room.get(&room.amina, &back).await[0]["note"], "");
    let most = "x".repeat(limits::ACCOUNT_NOTE_CHARS_MAX);
    room.post(&room.ana, &of, json!({"comment": most})).await;
    let more = json!({"comment": format!("{most}x")});
    assert_eq!(room.refused(&room.ana, "POST", &of, more).await.0, 422);
    assert_eq!(room.post(&room.ana, &of, json!({})).await["note"], "");

    let pin = |key: &str, what: &str| format!("/api/v1/statuses/{key}/{what}");
    assert_eq!(
        room.refused(&room.ana, "POST", &pin(&room.opinion, "pin"), Value::Null).await.0,
        422
    );
    let mut own = Vec::new();
    for number in 0..=limits::PINS_MAX {
        own.push(room.reply(&room.ana, &format!("No. {number}"), &room.opinion).await);
    }
    for key in &own[..limits::PINS_MAX] {
        let pinned = room.post(&room.ana, &pin(key, "pin"), Value::Null).await;
        status(&pinned, true);
        assert_eq!(pinned["pinned"], true);
    }
    let over =
        room.refused(&room.ana, "POST", &pin(&own[limits::PINS_MAX], "pin"), Value::Null).await;
    assert_eq!(over.0, 422, "{}", over.1);
    room.post(&room.ana, &pin(&own[0], "unpin"), Value::Null).await;
    let pins = room.ids(&room.amina, &format!("/api/v1/accounts/{ana}/statuses?pinned=true")).await;
    let mut expected: Vec<String> = own[1..limits::PINS_MAX].to_vec();
    expected.reverse();
    assert_eq!(pins, expected, "the latest first");
    let featured =
        room.instance.get("/p/ana/featured", crate::http::testing::AS2).await.expect(200);
    assert_eq!(featured["totalItems"], expected.len());
    assert!(featured.to_string().contains(&format!("/c/{}", expected[0])));
}

#[tokio::test]
async fn who_is_muted_or_blocked_is_left_out_for_one_reader_and_stays_for_all_others() {
    let room = Room::start().await;
    let cleo = room.instance.account("cleo", StakeholderGroup::Governments).await;
    let (amina, topic) = (room.key_of("amina").await, room.key_of("rivers").await);
    let cleo_key = room.key_of("cleo").await;
    room.post(&room.ana, &format!("/api/v1/accounts/{topic}/follow"), Value::Null).await;
    let said = room.reply(&cleo, "One bank is enough.", &room.opinion).await;
    let answered = room.reply(&room.amina, "Why?", &said).await;
    let own = room.reply(&room.ana, "Two.", &room.opinion).await;
    room.reply(&cleo, "No.", &own).await;
    room.instance.service.leave_notices().await.unwrap();
    let context = format!("/api/v1/statuses/{}/context", room.opinion);
    let seen = async |token: &str| {
        let below = room.get(token, &context).await;
        let below: Vec<String> = below["descendants"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["account"]["acct"].as_str().unwrap().to_owned())
            .collect();
        let told = room.get(token, "/api/v1/notifications").await;
        let told =
            told.as_array().unwrap().iter().filter(|one| one["account"]["acct"] == "cleo").count();
        let unread =
            room.get(token, "/api/v2/notifications/unread_count").await["count"].as_i64().unwrap();
        let home = room.ids(token, "/api/v1/timelines/home").await.len();
        (below.iter().filter(|name| *name == "cleo").count(), below.len(), told, unread, home)
    };
    let all = seen(&room.ana).await;
    assert_eq!((all.0, all.1, all.2), (2, 4, 1), "{all:?}");
    let of = |what: &str| format!("/api/v1/accounts/{cleo_key}/{what}");
    // Muted, but for notices.
    let relation =
        room.post(&room.ana, &of("mute"), json!({"notifications": "0", "duration": 0})).await;
    walk("relationship", &relation, RELATIONSHIP);
    assert_eq!(
        (&relation["muting"], &relation["muting_notifications"]),
        (&json!(true), &json!(false))
    );
    let (hers, below, told, ..) = seen(&room.ana).await;
    assert_eq!((hers, below, told), (0, 2, 1));
    // Also of notices.
    let relation = room.post(&room.ana, &of("mute"), json!({"duration": 3600})).await;
    assert_eq!(relation["muting_notifications"], true);
    let muted = room.get(&room.ana, "/api/v1/mutes").await;
    account(&muted[0]);
    assert!(Is::Date.holds(&muted[0]["mute_expires_at"]), "{muted}");
    let now = seen(&room.ana).await;
    assert_eq!((now.0, now.2, now.3), (0, 0, all.3 - 1), "{now:?}");
    // What answered them stands in the thread; what is asked for itself is read.
    let below = room.get(&room.ana, &context).await;
    assert!(below["descendants"].as_array().unwrap().iter().any(|one| id(one) == answered));
    assert_eq!(id(&room.get(&room.ana, &format!("/api/v1/statuses/{said}")).await), said);
    assert!(
        !room.ids(&room.ana, &format!("/api/v1/accounts/{cleo_key}/statuses")).await.is_empty()
    );
    let nobody = room.get(&room.ana, "/api/v2/search?q=cle").await;
    assert_eq!(nobody["accounts"], json!([]));
    let by_handle = room.get(&room.ana, "/api/v2/search?q=@cleo@cs.example").await;
    assert_eq!(by_handle["accounts"][0]["acct"], "cleo");
    // For everybody else all is as it was: the thread, the page, the record.
    assert_eq!(seen(&room.amina).await.0, 2);
    let stranger = room.ask(None, "GET", &context, Value::Null).await.expect(200);
    assert_eq!(stranger["descendants"].as_array().unwrap().len(), 4);
    let page = room
        .instance
        .get(&format!("/o/{}/comments", room.opinion), crate::http::testing::HTML)
        .await;
    assert!(String::from_utf8_lossy(&page.body).contains("One bank is enough."));
    assert_eq!(room.post(&room.ana, &of("unmute"), Value::Null).await["muting"], false);
    assert_eq!(seen(&room.ana).await, all);
    // A block ends follows, both ways, and lets none begin.
    for (token, other) in [(&room.ana, &cleo_key), (&cleo, &room.key_of("ana").await)] {
        room.post(token, &format!("/api/v1/accounts/{other}/follow"), Value::Null).await;
    }
    let relation = room.post(&room.ana, &of("block"), Value::Null).await;
    walk("relationship", &relation, RELATIONSHIP);
    assert_eq!(
        (&relation["blocking"], &relation["following"], &relation["followed_by"]),
        (&json!(true), &json!(false), &json!(false))
    );
    account(&room.get(&room.ana, "/api/v1/blocks").await[0]);
    assert_eq!((seen(&room.ana).await.0, seen(&room.ana).await.2), (0, 0));
    let ana = room.key_of("ana").await;
    let again = format!("/api/v1/accounts/{ana}/follow");
    assert_eq!(room.refused(&cleo, "POST", &again, Value::Null).await.0, 403);
    let asked = format!("/api/v1/accounts/relationships?id={ana}");
    assert_eq!(room.get(&cleo, &asked).await[0]["blocked_by"], false, "it is told to nobody");
    assert_eq!(room.get(&room.amina, "/api/v1/blocks").await, json!([]));
    room.post(&room.ana, &of("unblock"), Value::Null).await;
    assert_eq!(seen(&room.ana).await.0, 2);
    room.post(&cleo, &again, Value::Null).await;
    for what in ["mute", "block"] {
        let own = format!("/api/v1/accounts/{ana}/{what}");
        assert_eq!(room.refused(&room.ana, "POST", &own, Value::Null).await.0, 422);
        let none = format!("/api/v1/accounts/7/{what}");
        assert_eq!(room.refused(&room.ana, "POST", &none, Value::Null).await.0, 404);
    }
    // Public timelines, and tags: of a muted author nothing.
    room.post(&room.ana, &format!("/api/v1/accounts/{amina}/mute"), Value::Null).await;
    for path in ["home", "public", "public?local=true", "tag/rivers"] {
        let path = format!("/api/v1/timelines/{path}");
        let list = room.ids(&room.ana, &path).await;
        assert!(!list.contains(&room.opinion), "{path}");
    }
    assert!(room.ids(&cleo, "/api/v1/timelines/public").await.contains(&room.opinion));
    assert_eq!(room.get(&room.ana, "/api/v2/search?q=banks").await["statuses"], json!([]));
}

#[tokio::test]
async fn lists_of_mutes_and_blocks_are_walked_by_their_links() {
    let room = Room::start().await;
    for name in ["bea", "cleo", "dan"] {
        room.instance.account(name, StakeholderGroup::Governments).await;
        let key = room.key_of(name).await;
        for what in ["mute", "block"] {
            room.post(&room.ana, &format!("/api/v1/accounts/{key}/{what}"), Value::Null).await;
        }
        let domain = json!({"domain": format!("{name}.example")});
        assert_eq!(room.post(&room.ana, "/api/v1/domain_blocks", domain).await, json!({}));
    }
    for (path, name) in [("mutes", "acct"), ("blocks", "acct"), ("domain_blocks", "")] {
        let (mut next, mut seen) = (Some(format!("/api/v1/{path}?limit=2")), Vec::new());
        while let Some(path) = next {
            let answer = room.ask(Some(&room.ana), "GET", &path, Value::Null).await;
            next = link(&answer, "next");
            for one in answer.expect(200).as_array().unwrap() {
                let one = if name.is_empty() { one } else { &one[name] };
                seen.push(one.as_str().unwrap().trim_end_matches(".example").to_owned());
            }
        }
        assert_eq!(seen, ["dan", "cleo", "bea"], "{path}");
    }
    let domain = json!({"domain": "Dan.example"});
    room.call(&room.ana, "DELETE", "/api/v1/domain_blocks", domain).await;
    assert_eq!(
        room.get(&room.ana, "/api/v1/domain_blocks").await,
        json!(["cleo.example", "bea.example"])
    );
    for wrong in ["", "cs.example", "a/b"] {
        let body = json!({"domain": wrong});
        assert_eq!(room.refused(&room.ana, "POST", "/api/v1/domain_blocks", body).await.0, 422);
    }
    let access = room.instance.service.access(&room.ana).await.unwrap().unwrap();
    let ana = crate::service::Caller { may_write: true, ..access.caller.unwrap() };
    for number in 0..limits::DOMAIN_BLOCKS_MAX - 2 {
        room.instance.service.block_domain(&ana, &format!("d{number}.example")).await.unwrap();
    }
    let over = json!({"domain": "over.example"});
    assert_eq!(room.refused(&room.ana, "POST", "/api/v1/domain_blocks", over).await.0, 422);
}

#[tokio::test]
async fn of_a_muted_discussion_nothing_is_told_and_all_is_read() {
    let room = Room::start().await;
    let own = room.reply(&room.ana, "Two.", &room.opinion).await;
    let answer = room.reply(&room.amina, "Which?", &own).await;
    room.instance.service.leave_notices().await.unwrap();
    let told = || room.get(&room.ana, "/api/v1/notifications");
    assert_eq!(told().await.as_array().unwrap().len(), 1);
    // By any post of it.
    let muted = room.post(&room.ana, &format!("/api/v1/statuses/{answer}/mute"), Value::Null).await;
    status(&muted, true);
    assert_eq!((id(&muted), &muted["muted"]), (answer.as_str(), &json!(true)));
    assert_eq!(told().await, json!([]));
    let opinion = room.get(&room.ana, &format!("/api/v1/statuses/{}", room.opinion)).await;
    assert_eq!(opinion["muted"], true);
    let below = room.get(&room.ana, &format!("/api/v1/statuses/{own}/context")).await;
    assert_eq!(below["descendants"].as_array().unwrap().len(), 1);
    let unmuted = format!("/api/v1/statuses/{}/unmute", room.opinion);
    assert_eq!(room.post(&room.ana, &unmuted, Value::Null).await["muted"], false);
    assert_eq!(told().await.as_array().unwrap().len(), 1);
    assert_eq!(
        room.refused(&room.ana, "POST", "/api/v1/statuses/7/mute", Value::Null).await.0,
        404
    );
}

#[tokio::test]
async fn who_holds_a_position_hears_of_a_later_text_whoever_wrote_it() {
    let room = Room::start().await;
    let body = json!({"status": "support: yes", "in_reply_to_id": room.opinion});
    room.post(&room.ana, "/api/v1/statuses", body).await;
    let amina = room.key_of("amina").await;
    room.post(&room.ana, &format!("/api/v1/accounts/{amina}/block"), Value::Null).await;
    room.post(&room.ana, &format!("/api/v1/statuses/{}/mute", room.opinion), Value::Null).await;
    let revised = json!({"source": "A river has three banks.", "changeNote": "Counted again."});
    let path = format!("/opinions/{}/revisions", room.opinion);
    room.instance.post(&room.amina, &path, &revised).await.expect(201);
    room.instance.service.leave_notices().await.unwrap();
    let told = room.get(&room.ana, "/api/v1/notifications?types[]=update").await;
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
}

#[tokio::test]
async fn lists_hold_whom_one_follows_and_show_what_they_write() {
    let room = Room::start().await;
    let cleo = room.instance.account("cleo", StakeholderGroup::Governments).await;
    let (amina, topic) = (room.key_of("amina").await, room.key_of("rivers").await);
    let cleo_key = room.key_of("cleo").await;
    let made = room.post(&room.ana, "/api/v1/lists", json!({"title": " Rivers  first "})).await;
    walk("list", &made, LIST);
    assert_eq!((&made["title"], &made["replies_policy"]), (&json!("Rivers first"), &json!("list")));
    let path = format!("/api/v1/lists/{}", id(&made));
    let people = format!("{path}/accounts");
    // Nobody is on a list whom one does not follow.
    let both = json!({"account_ids": [amina, topic]});
    assert_eq!(room.refused(&room.ana, "POST", &people, both.clone()).await.0, 404);
    for key in [&amina, &topic, &cleo_key] {
        room.post(&room.ana, &format!("/api/v1/accounts/{key}/follow"), Value::Null).await;
    }
    assert_eq!(room.post(&room.ana, &people, both.clone()).await, json!({}));
    assert_eq!(room.refused(&room.ana, "POST", &people, both).await.0, 422);
    let on = room.get(&room.ana, &people).await;
    account(&on[0]);
    assert_eq!((id(&on[0]), id(&on[1])), (topic.as_str(), amina.as_str()));
    assert_eq!(room.ids(&room.ana, &format!("{people}?limit=0")).await.len(), 2);
    assert_eq!(room.ids(&room.ana, &format!("{people}?limit=1")).await.len(), 1);
    assert_eq!(room.ids(&room.ana, &format!("/api/v1/accounts/{topic}/lists")).await, [id(&made)]);
    assert_eq!(room.ids(&room.ana, &format!("/api/v1/accounts/{cleo_key}/lists")).await, [""; 0]);
    // The opinions of the topic; of people what they say to each other, or in a topic of the list.
    let said = room.reply(&cleo, "One.", &room.opinion).await;
    let answered = room.reply(&room.amina, "No.", &said).await;
    let timeline = format!("/api/v1/timelines/list/{}", id(&made));
    assert_eq!(room.ids(&room.ana, &timeline).await, [answered.clone(), room.opinion.clone()]);
    // Who is on another list is not on this one.
    let other = room.post(&room.ana, "/api/v1/lists", json!({"title": "Others"})).await;
    let path_of_other = format!("/api/v1/lists/{}", id(&other));
    let cleo_alone = json!({"account_ids": [cleo_key]});
    room.post(&room.ana, &format!("{path_of_other}/accounts"), cleo_alone).await;
    let off = json!({"account_ids": [topic]});
    assert_eq!(room.call(&room.ana, "DELETE", &people, off).await, json!({}));
    assert_eq!(
        room.ids(&room.ana, &timeline).await,
        std::slice::from_ref(&room.opinion),
        "cleo is not on this list"
    );
    assert_eq!(room.call(&room.ana, "DELETE", &path_of_other, Value::Null).await, json!({}));
    for (policy, seen) in [("followed", 2), ("none", 1), ("list", 1)] {
        let body = json!({"title": "Rivers", "replies_policy": policy});
        assert_eq!(room.call(&room.ana, "PUT", &path, body).await["replies_policy"], policy);
        assert_eq!(room.ids(&room.ana, &timeline).await.len(), seen, "{policy}");
    }
    let position = json!({"status": "support: as said.", "in_reply_to_id": room.opinion});
    room.post(&room.amina, "/api/v1/statuses", position).await;
    assert_eq!(room.ids(&room.ana, &timeline).await.len(), 2, "a position on what a member wrote");
    // Who is on an exclusive list is not at home; a topic one follows is.
    assert_eq!(room.ids(&room.ana, "/api/v1/timelines/home").await.len(), 4);
    room.call(&room.ana, "PUT", &path, json!({"exclusive": "true"})).await;
    assert_eq!(room.ids(&room.ana, "/api/v1/timelines/home").await, [said, room.opinion.clone()]);
    // Who is followed no more is on no list.
    room.post(&room.ana, &format!("/api/v1/accounts/{amina}/unfollow"), Value::Null).await;
    assert_eq!(room.get(&room.ana, &people).await, json!([]));
    // It is nobody else's.
    for (method, path, body) in [
        ("GET", path.clone(), Value::Null),
        ("PUT", path.clone(), json!({"title": "x"})),
        ("DELETE", path.clone(), Value::Null),
        ("GET", people.clone(), Value::Null),
        ("POST", people.clone(), json!({"account_ids": []})),
        ("DELETE", people.clone(), json!({"account_ids": []})),
        ("GET", timeline.clone(), Value::Null),
    ] {
        assert_eq!(room.refused(&room.amina, method, &path, body).await.0, 404, "{method} {path}");
    }
    assert_eq!(room.get(&room.amina, "/api/v1/lists").await, json!([]));
    assert_eq!(room.call(&room.ana, "DELETE", &path, Value::Null).await, json!({}));
    assert_eq!(room.get(&room.ana, "/api/v1/lists").await, json!([]));
    assert_eq!(room.refused(&room.ana, "GET", &timeline, Value::Null).await.0, 404);
}

#[tokio::test]
async fn lists_and_filters_at_their_limits_and_one_over() {
    let room = Room::start().await;
    let title = |length: usize| json!({"title": "x".repeat(length)});
    room.post(&room.ana, "/api/v1/lists", title(limits::LIST_TITLE_CHARS_MAX)).await;
    for wrong in [
        title(limits::LIST_TITLE_CHARS_MAX + 1),
        title(0),
        json!({}),
        json!({"title": "x", "replies_policy": "all"}),
    ] {
        assert_eq!(room.refused(&room.ana, "POST", "/api/v1/lists", wrong).await.0, 422);
    }
    for _ in 1..limits::LISTS_MAX {
        room.post(&room.ana, "/api/v1/lists", title(1)).await;
    }
    assert_eq!(room.refused(&room.ana, "POST", "/api/v1/lists", title(1)).await.0, 422);

    let path = "/api/v2/filters";
    let new = |title: usize, keyword: usize, keywords: usize| {
        let keyword = json!({"keyword": "k".repeat(keyword), "whole_word": true});
        json!({"title": "t".repeat(title), "context": ["home"], "keywords_attributes": vec![keyword; keywords]})
    };
    let most = new(limits::FILTER_TITLE_CHARS_MAX, limits::FILTER_KEYWORD_CHARS_MAX, 1);
    room.post(&room.ana, path, most).await;
    room.post(&room.ana, path, new(1, 1, limits::FILTER_KEYWORDS_MAX)).await;
    for wrong in [
        new(limits::FILTER_TITLE_CHARS_MAX + 1, 1, 1),
        new(0, 1, 1),
        new(1, limits::FILTER_KEYWORD_CHARS_MAX + 1, 1),
        new(1, 0, 1),
        new(1, 1, limits::FILTER_KEYWORDS_MAX + 1),
        json!({"title": "x", "context": ["everywhere"]}),
        json!({"title": "x", "context": []}),
        json!({"title": "x"}),
        json!({"title": "x", "context": ["home"], "filter_action": "burn"}),
        json!({"title": "x", "context": ["home"], "expires_in": "soon"}),
    ] {
        assert_eq!(room.refused(&room.ana, "POST", path, wrong.clone()).await.0, 422, "{wrong}");
    }
    let filters = room.ids(&room.ana, path).await;
    assert_eq!(filters.len(), 2, "what was refused is not there");
    for _ in 2..limits::FILTERS_MAX {
        room.post(&room.ana, path, new(1, 1, 0)).await;
    }
    assert_eq!(room.refused(&room.ana, "POST", path, new(1, 1, 1)).await.0, 422);
    let names = format!("{path}/{}/statuses", filters[0]);
    for number in 0..limits::FILTER_STATUSES_MAX {
        let key = room.reply(&room.amina, &format!("No. {number}"), &room.opinion).await;
        room.post(&room.ana, &names, json!({"status_id": key})).await;
    }
    let over = json!({"status_id": room.opinion});
    assert_eq!(room.refused(&room.ana, "POST", &names, over).await.0, 422);
}

#[tokio::test]
async fn posts_say_which_filters_they_meet_where_these_hold_and_to_their_reader_alone() {
    let room = Room::start().await;
    let topic = room.key_of("rivers").await;
    room.post(&room.ana, &format!("/api/v1/accounts/{topic}/follow"), Value::Null).await;
    let body = json!({"title": "Banks", "context": ["home", "thread"], "filter_action": "hide",
        "expires_in": 3600, "keywords_attributes": [{"keyword": "BANK", "whole_word": "1"},
        {"keyword": "two banks", "whole_word": "0"}]});
    let made = room.post(&room.ana, "/api/v2/filters", body).await;
    filter(&made);
    assert!(Is::Date.holds(&made["expires_at"]));
    let home = room.get(&room.ana, "/api/v1/timelines/home").await;
    status(&home[0], true);
    let met = &home[0]["filtered"][0];
    filter(&met["filter"]);
    assert_eq!(
        (&met["keyword_matches"], &met["status_matches"]),
        (&json!(["two banks"]), &Value::Null)
    );
    let met_at = async |token: &str, path: &str| {
        let list = room.get(token, path).await;
        list[0]["filtered"].as_array().unwrap().len()
    };
    assert_eq!(met_at(&room.ana, "/api/v1/timelines/public").await, 0, "it holds at home");
    assert_eq!(met_at(&room.ana, &format!("/api/v1/statuses?id[]={}", room.opinion)).await, 1);
    assert_eq!(met_at(&room.amina, "/api/v1/timelines/public").await, 0, "it is nobody else's");
    let reply = room.reply(&room.amina, "A bank, not two.", &room.opinion).await;
    let context = format!("/api/v1/statuses/{}/context", room.opinion);
    let below = room.get(&room.ana, &context).await;
    assert_eq!(below["descendants"][0]["filtered"][0]["keyword_matches"], json!(["BANK"]));
    // What one wrote oneself meets none.
    let own = room.reply(&room.ana, "Two banks.", &room.opinion).await;
    let own = room.get(&room.ana, &format!("/api/v1/statuses/{own}")).await;
    assert_eq!(own["filtered"], json!([]));
    // A post by name, and words one by one.
    let path = format!("/api/v2/filters/{}", id(&made));
    let named =
        room.post(&room.ana, &format!("{path}/statuses"), json!({"status_id": reply})).await;
    walk("filter status", &named, &[("id", Is::Id), ("status_id", Is::Id)]);
    let one = format!("/api/v2/filters/statuses/{}", id(&named));
    assert_eq!(room.get(&room.ana, &one).await, named);
    assert_eq!(room.get(&room.ana, &format!("{path}/statuses")).await, json!([named]));
    let below = room.get(&room.ana, &context).await;
    assert_eq!(below["descendants"][0]["filtered"][0]["status_matches"], json!([reply]));
    room.call(&room.ana, "DELETE", &one, Value::Null).await;
    let words = json!({"keyword": "reef", "whole_word": true});
    let added = room.post(&room.ana, &format!("{path}/keywords"), words).await;
    walk("keyword", &added, KEYWORD);
    let keyword = format!("/api/v2/filters/keywords/{}", id(&added));
    let changed = room.call(&room.ana, "PUT", &keyword, json!({"keyword": "delta"})).await;
    assert_eq!(changed, json!({"id": id(&added), "keyword": "delta", "whole_word": true}));
    assert_eq!(room.get(&room.ana, &format!("{path}/keywords")).await.as_array().unwrap().len(), 3);
    room.call(&room.ana, "DELETE", &keyword, Value::Null).await;
    assert_eq!(room.refused(&room.ana, "GET", &keyword, Value::Null).await.0, 404);
    let first = id(&made["keywords"][0]);
    let body = json!({"title": "Still", "context": ["public"], "expires_in": "", "keywords_attributes":
        [{"id": first, "_destroy": true}, {"id": id(&made["keywords"][1]), "keyword": "river"}]});
    let changed = room.call(&room.ana, "PUT", &path, body).await;
    filter(&changed);
    assert_eq!((&changed["expires_at"], &changed["context"]), (&Value::Null, &json!(["public"])));
    assert_eq!(changed["keywords"].as_array().unwrap().len(), 1);
    assert_eq!(met_at(&room.ana, "/api/v1/timelines/public").await, 1);
    // One that ended meets nothing, and is still there.
    room.call(&room.ana, "PUT", &path, json!({"expires_in": -1})).await;
    assert_eq!(met_at(&room.ana, "/api/v1/timelines/public").await, 0);
    assert_eq!(room.ids(&room.ana, "/api/v2/filters").await.len(), 1);
    // It is nobody else's; and what is of another filter is not of this one.
    let other = room
        .post(
            &room.amina,
            "/api/v2/filters",
            json!({"title": "x", "context": ["home"],
        "keywords_attributes": [{"keyword": "x"}]}),
        )
        .await;
    let theirs = format!("/api/v2/filters/keywords/{}", id(&other["keywords"][0]));
    for (method, path, body) in [
        ("GET", format!("/api/v2/filters/{}", id(&other)), Value::Null),
        ("PUT", format!("/api/v2/filters/{}", id(&other)), json!({"title": "mine"})),
        ("DELETE", format!("/api/v2/filters/{}", id(&other)), Value::Null),
        ("GET", format!("/api/v2/filters/{}/keywords", id(&other)), Value::Null),
        ("POST", format!("/api/v2/filters/{}/keywords", id(&other)), json!({"keyword": "y"})),
        ("POST", format!("/api/v2/filters/{}/statuses", id(&other)), json!({"status_id": reply})),
        ("GET", theirs.clone(), Value::Null),
        ("PUT", theirs.clone(), json!({"keyword": "y"})),
        ("DELETE", theirs, Value::Null),
        (
            "PUT",
            path.clone(),
            json!({"keywords_attributes": [{"id": id(&other["keywords"][0]), "keyword": "y"}]}),
        ),
        ("GET", format!("/api/v1/filters/{}", id(&other["keywords"][0])), Value::Null),
    ] {
        assert_eq!(room.refused(&room.ana, method, &path, body).await.0, 404, "{method} {path}");
    }
    assert_eq!(room.call(&room.ana, "DELETE", &path, Value::Null).await, json!({}));
    assert_eq!(room.get(&room.ana, "/api/v2/filters").await, json!([]));
}

#[tokio::test]
async fn version_one_of_filters_takes_words_for_filters() {
    let room = Room::start().await;
    let body = json!({"phrase": "banks", "context": ["public"], "whole_word": "true", "irreversible": "false",
        "expires_in": null});
    let made = room.post(&room.ana, "/api/v1/filters", body).await;
    walk(
        "filter",
        &made,
        &[
            ("id", Is::Id),
            ("phrase", Is::Text),
            ("context", Is::List),
            ("whole_word", Is::Flag),
            ("expires_at", Is::DateOrNull),
            ("irreversible", Is::Flag),
        ],
    );
    let path = format!("/api/v1/filters/{}", id(&made));
    assert_eq!(room.get(&room.ana, &path).await, made);
    let body = json!({"phrase": "river", "context": ["home"], "irreversible": "1"});
    let changed = room.call(&room.ana, "PUT", &path, body).await;
    assert_eq!((&changed["phrase"], &changed["irreversible"]), (&json!("river"), &json!(true)));
    let second = room.get(&room.ana, "/api/v2/filters").await;
    assert_eq!(
        (&second[0]["filter_action"], second[0]["keywords"].as_array().unwrap().len()),
        (&json!("hide"), 1)
    );
    assert_eq!(room.call(&room.ana, "DELETE", &path, Value::Null).await, json!({}));
    assert_eq!(room.get(&room.ana, "/api/v2/filters").await, json!([]));
    assert_eq!(room.get(&room.ana, "/api/v1/filters").await, json!([]));
}

#[tokio::test]
async fn a_tag_is_a_topic_that_one_follows() {
    let room = Room::start().await;
    let tag = room.get(&room.ana, "/api/v1/tags/Rivers").await;
    walk(
        "tag",
        &tag,
        &[("name", Is::Text), ("url", Is::Address), ("history", Is::List), ("following", Is::Flag)],
    );
    assert_eq!((&tag["name"], &tag["following"]), (&json!("rivers"), &json!(false)));
    assert_eq!(
        room.post(&room.ana, "/api/v1/tags/rivers/follow", Value::Null).await["following"],
        true
    );
    assert_eq!(room.get(&room.ana, "/api/v1/followed_tags").await[0]["name"], "rivers");
    let topic = room.key_of("rivers").await;
    let relation = room.get(&room.ana, &format!("/api/v1/accounts/relationships?id={topic}")).await;
    assert_eq!(relation[0]["following"], true);
    assert_eq!(
        room.post(&room.ana, "/api/v1/tags/rivers/unfollow", Value::Null).await["following"],
        false
    );
    assert_eq!(room.get(&room.ana, "/api/v1/followed_tags").await, json!([]));
    assert_eq!(room.refused(&room.ana, "GET", "/api/v1/tags/nothing", Value::Null).await.0, 404);
}

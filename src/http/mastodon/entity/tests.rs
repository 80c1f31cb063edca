//! Every entity walked field by field against what the strictest programs must find (clients.md): they lose the whole page
//! over one field that is missing or of another type.

mod desk;
mod media;
mod small;

use axum::body::Body;
use serde_json::{Value, json};

use crate::{
    domain::group::StakeholderGroup,
    http::testing::{Answer, Instance},
};

/// What a field must be.
#[derive(Debug, Clone, Copy)]
enum Is {
    /// Decimal digits, as a string.
    Id,
    IdOrNull,
    Text,
    TextOrNull,
    /// An absolute address.
    Address,
    /// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    Date,
    DateOrNull,
    Flag,
    Count,
    /// An empty list.
    Empty,
    List,
    Null,
    Object,
}

impl Is {
    fn holds(self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Self::Id => {
                text.is_some_and(|id| !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit()))
            }
            Self::IdOrNull => value.is_null() || Self::Id.holds(value),
            Self::Text => text.is_some(),
            Self::TextOrNull => value.is_null() || text.is_some(),
            Self::Address => text.is_some_and(|text| url::Url::parse(text).is_ok()),
            Self::Date => text.is_some_and(|text| {
                text.len() == 24 && text.ends_with('Z') && text.as_bytes()[19] == b'.'
            }),
            Self::DateOrNull => value.is_null() || Self::Date.holds(value),
            Self::Flag => value.is_boolean(),
            Self::Count => value.as_i64().is_some_and(|count| count >= 0),
            Self::Empty => value.as_array().is_some_and(Vec::is_empty),
            Self::List => value.is_array(),
            Self::Null => value.is_null(),
            Self::Object => value.is_object(),
        }
    }
}

const ACCOUNT: &[(&str, Is)] = &[
    ("id", Is::Id),
    ("username", Is::Text),
    ("acct", Is::Text),
    ("display_name", Is::Text),
    ("locked", Is::Flag),
    ("bot", Is::Flag),
    ("discoverable", Is::Flag),
    ("group", Is::Flag),
    ("created_at", Is::Date),
    ("note", Is::Text),
    ("url", Is::Address),
    ("uri", Is::Address),
    ("avatar", Is::Address),
    ("avatar_static", Is::Address),
    ("header", Is::Address),
    ("header_static", Is::Address),
    ("followers_count", Is::Count),
    ("following_count", Is::Count),
    ("statuses_count", Is::Count),
    ("last_status_at", Is::TextOrNull),
    ("emojis", Is::List),
    ("fields", Is::List),
];

const STATUS: &[(&str, Is)] = &[
    ("id", Is::Id),
    ("created_at", Is::Date),
    ("in_reply_to_id", Is::IdOrNull),
    ("in_reply_to_account_id", Is::IdOrNull),
    ("sensitive", Is::Flag),
    ("spoiler_text", Is::Text),
    ("visibility", Is::Text),
    ("language", Is::TextOrNull),
    ("uri", Is::Address),
    ("url", Is::Address),
    ("replies_count", Is::Count),
    ("reblogs_count", Is::Count),
    ("favourites_count", Is::Count),
    ("edited_at", Is::DateOrNull),
    ("content", Is::Text),
    ("account", Is::Object),
    ("media_attachments", Is::List),
    ("mentions", Is::List),
    ("tags", Is::List),
    ("emojis", Is::Empty),
    ("card", Is::Null),
    ("poll", Is::Null),
    ("filtered", Is::List),
];

const MARKS: &[(&str, Is)] = &[
    ("favourited", Is::Flag),
    ("reblogged", Is::Flag),
    ("muted", Is::Flag),
    ("bookmarked", Is::Flag),
    ("pinned", Is::Flag),
];

const RELATIONSHIP: &[(&str, Is)] = &[
    ("id", Is::Id),
    ("following", Is::Flag),
    ("showing_reblogs", Is::Flag),
    ("notifying", Is::Flag),
    ("followed_by", Is::Flag),
    ("blocking", Is::Flag),
    ("blocked_by", Is::Flag),
    ("muting", Is::Flag),
    ("muting_notifications", Is::Flag),
    ("requested", Is::Flag),
    ("requested_by", Is::Flag),
    ("domain_blocking", Is::Flag),
    ("endorsed", Is::Flag),
    ("note", Is::Text),
];

fn walk(what: &str, value: &Value, fields: &[(&str, Is)]) {
    for (name, is) in fields {
        let field = value.get(name).unwrap_or_else(|| panic!("{what} has no {name}: {value}"));
        assert!(is.holds(field), "{what}.{name} is {field}, not {is:?}");
    }
}

fn account(value: &Value) {
    walk("account", value, ACCOUNT);
    assert!(!value["username"].as_str().unwrap().contains('@'));
}

fn status(value: &Value, read: bool) {
    walk("status", value, STATUS);
    account(&value["account"]);
    let words = ["public", "unlisted", "private", "direct"];
    assert!(words.contains(&value["visibility"].as_str().unwrap()), "{value}");
    for mention in value["mentions"].as_array().unwrap() {
        walk(
            "mention",
            mention,
            &[("id", Is::Id), ("username", Is::Text), ("acct", Is::Text), ("url", Is::Address)],
        );
    }
    for tag in value["tags"].as_array().unwrap() {
        walk("tag", tag, &[("name", Is::Text), ("url", Is::Address)]);
    }
    if read {
        walk("status", value, MARKS);
    }
    match value.get("reblog") {
        Some(Value::Null) => {}
        Some(boosted) => status(boosted, read),
        None => panic!("status has no reblog: {value}"),
    }
}

/// An instance with a topic, an opinion, and somebody with a client.
struct Room {
    instance: Instance,
    amina: String,
    ana: String,
    opinion: String,
}

impl Room {
    async fn start() -> Self {
        let instance = Instance::start().await;
        let amina = instance.account("amina", StakeholderGroup::CivilSociety).await;
        let ana = instance.account("ana", StakeholderGroup::IndividualUsers).await;
        instance.topic(&amina, "rivers").await;
        let opinion = instance.opinion(&amina, "rivers", "Two banks").await;
        let opinion = opinion["key"].as_str().unwrap().to_owned();
        Self { instance, amina, ana, opinion }
    }

    async fn ask(&self, token: Option<&str>, method: &str, path: &str, body: Value) -> Answer {
        self.named(token, method, path, body, None).await
    }

    async fn named(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: Value,
        name: Option<&str>,
    ) -> Answer {
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let mut headers = Vec::new();
        if token.is_some() {
            headers.push(("authorization", bearer.as_str()));
        }
        if let Some(name) = name {
            headers.push(("idempotency-key", name));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            headers.push(("content-type", "application/json"));
            Body::from(body.to_string())
        };
        let path = path.strip_prefix("https://cs.example").unwrap_or(path).to_owned();
        self.instance.send(Instance::request(method, &path, &headers, body)).await
    }

    async fn get(&self, token: &str, path: &str) -> Value {
        self.ask(Some(token), "GET", path, Value::Null).await.expect(200)
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Value {
        self.ask(Some(token), "POST", path, body).await.expect(200)
    }
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or_else(|| panic!("no id: {value}"))
}

#[tokio::test]
async fn statuses_and_accounts_hold_every_field_for_readers_and_strangers() {
    let room = Room::start().await;
    let path = format!("/api/v1/statuses/{}", room.opinion);
    let opinion = room.get(&room.ana, &path).await;
    status(&opinion, true);
    assert_eq!(opinion["tags"][0]["name"], "rivers");
    assert_eq!((&opinion["spoiler_text"], &opinion["edited_at"]), (&json!(""), &Value::Null));
    let stranger = room.ask(None, "GET", &path, Value::Null).await.expect(200);
    status(&stranger, false);
    assert!(stranger.get("favourited").is_none());
    let me = room.get(&room.ana, "/api/v1/accounts/verify_credentials").await;
    account(&me);
    assert_eq!(
        (&me["acct"], &me["bot"], &me["locked"]),
        (&json!("ana"), &json!(false), &json!(false))
    );
    walk(
        "source",
        &me["source"],
        &[
            ("privacy", Is::Text),
            ("sensitive", Is::Flag),
            ("language", Is::TextOrNull),
            ("note", Is::Text),
            ("fields", Is::List),
            ("follow_requests_count", Is::Count),
        ],
    );
    for name in ["avatar", "header"] {
        let picture = room.instance.get(me[name].as_str().unwrap(), "*/*").await;
        assert_eq!((picture.status, picture.content_type()), (200, "image/png"), "{name}");
    }
    let topic = room.get(&room.ana, "/api/v1/accounts/lookup?acct=rivers@cs.example").await;
    account(&topic);
    assert_eq!((&topic["group"], &topic["acct"]), (&json!(true), &json!("rivers")));
    let of_topic = format!("/api/v1/accounts/{}/statuses", id(&topic));
    assert_eq!(id(&room.get(&room.ana, &of_topic).await[0]), room.opinion);
    let other = room.get(&room.ana, "/api/v1/accounts/lookup?acct=amina").await;
    assert_eq!(room.get(&room.ana, &format!("/api/v1/accounts/{}", id(&other))).await, other);
}

#[tokio::test]
async fn a_reply_a_context_a_history_and_a_deletion() {
    let room = Room::start().await;
    let body = json!({"status": "Where is the third?\nI count two.", "in_reply_to_id": room.opinion,
        "visibility": "public", "sensitive": "0", "spoiler_text": "", "language": "en"});
    let made =
        room.named(Some(&room.ana), "POST", "/api/v1/statuses", body.clone(), Some("a")).await;
    let made = made.expect(200);
    status(&made, true);
    assert_eq!(made["in_reply_to_id"], room.opinion.as_str());
    assert_eq!(made["mentions"][0]["acct"], "amina");
    let again = room.named(Some(&room.ana), "POST", "/api/v1/statuses", body, Some("a")).await;
    assert_eq!(id(&again.expect(200)), id(&made));
    let path = format!("/api/v1/statuses/{}", id(&made));
    let source = room.get(&room.ana, &format!("{path}/source")).await;
    assert_eq!(
        source,
        json!({"id": id(&made), "text": "Where is the third?\nI count two.", "spoiler_text": ""})
    );
    let edited = room.ask(Some(&room.ana), "PUT", &path, json!({"status": "I count three."})).await;
    let edited = edited.expect(200);
    status(&edited, true);
    assert!(Is::Date.holds(&edited["edited_at"]));
    let history = room.ask(None, "GET", &format!("{path}/history"), Value::Null).await.expect(200);
    assert_eq!(history.as_array().unwrap().len(), 2);
    for version in history.as_array().unwrap() {
        walk(
            "edit",
            version,
            &[
                ("content", Is::Text),
                ("spoiler_text", Is::Text),
                ("sensitive", Is::Flag),
                ("created_at", Is::Date),
                ("media_attachments", Is::Empty),
                ("emojis", Is::Empty),
            ],
        );
        account(&version["account"]);
    }
    let context = format!("/api/v1/statuses/{}/context", room.opinion);
    let context = room.ask(None, "GET", &context, Value::Null).await.expect(200);
    assert_eq!(context["ancestors"], json!([]));
    status(&context["descendants"][0], false);
    assert_eq!(room.ask(Some(&room.amina), "DELETE", &path, Value::Null).await.status, 403);
    let gone = room.ask(Some(&room.ana), "DELETE", &path, Value::Null).await.expect(200);
    assert_eq!((id(&gone), &gone["text"]), (id(&made), &json!("I count three.")));
    assert_eq!(room.ask(None, "GET", &path, Value::Null).await.status, 404);
}

#[tokio::test]
async fn what_would_be_something_else_here_is_refused_and_nobody_writes_without_a_token() {
    let room = Room::start().await;
    let reply = |more: Value| {
        let mut body = json!({"status": "x", "in_reply_to_id": room.opinion});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for body in [
        json!({"status": "a post of my own"}),
        reply(json!({"status": "  "})),
        reply(json!({"visibility": "direct"})),
        reply(json!({"visibility": "private"})),
        reply(json!({"media_ids": ["1"]})),
        reply(json!({"poll": {"options": ["a", "b"], "expires_in": 300}})),
        reply(json!({"scheduled_at": "2030-01-01T00:00:00Z"})),
        reply(json!({"language": "x y"})),
        reply(json!({"status": "x".repeat(crate::base::limits::COMMENT_CHARS_MAX + 1)})),
    ] {
        let refused = room.ask(Some(&room.ana), "POST", "/api/v1/statuses", body.clone()).await;
        let refused = refused.expect(422);
        assert!(refused["error"].is_string(), "{body}: {refused}");
    }
    let body = reply(json!({}));
    assert_eq!(room.ask(None, "POST", "/api/v1/statuses", body.clone()).await.status, 401);
    let reader = room.instance.token("ana", "read").await;
    assert_eq!(room.ask(Some(&reader), "POST", "/api/v1/statuses", body).await.status, 403);
    for path in
        ["/api/v1/timelines/home", "/api/v1/accounts/verify_credentials", "/api/v1/notifications"]
    {
        let refused = room.ask(None, "GET", path, Value::Null).await.expect(401);
        assert_eq!(refused["error"], "The access token is invalid");
    }
    for path in ["statuses/1", "statuses/x", "accounts/1", "accounts/x", "statuses/1/context"] {
        let missing = room.ask(None, "GET", &format!("/api/v1/{path}"), Value::Null).await;
        assert_eq!(missing.expect(404)["error"], "Record not found", "{path}");
    }
}

#[tokio::test]
async fn marks_boosts_relationships_and_notifications_hold_every_field() {
    let room = Room::start().await;
    let of = |what: &str| format!("/api/v1/statuses/{}/{what}", room.opinion);
    let favourited = room.post(&room.ana, &of("favourite"), Value::Null).await;
    assert_eq!(
        (&favourited["favourited"], &favourited["favourites_count"]),
        (&json!(true), &json!(1))
    );
    let boost = room.post(&room.ana, &of("reblog"), Value::Null).await;
    status(&boost, true);
    assert_eq!(
        (id(&boost["reblog"]), &boost["account"]["acct"]),
        (room.opinion.as_str(), &json!("ana"))
    );
    assert_ne!(id(&boost), room.opinion);
    let kept = room.post(&room.ana, &of("bookmark"), Value::Null).await;
    assert_eq!((&kept["bookmarked"], &kept["reblogged"]), (&json!(true), &json!(true)));
    assert_eq!(id(&room.get(&room.ana, "/api/v1/bookmarks").await[0]), room.opinion);
    assert_eq!(id(&room.get(&room.ana, "/api/v1/favourites").await[0]), room.opinion);
    for list in ["favourited_by", "reblogged_by"] {
        let who = room.ask(None, "GET", &of(list), Value::Null).await.expect(200);
        account(&who[0]);
    }
    let amina = room.get(&room.ana, "/api/v1/accounts/lookup?acct=amina").await;
    let of_amina = |what: &str| format!("/api/v1/accounts/{}/{what}", id(&amina));
    let relation = room.post(&room.ana, &of_amina("follow"), Value::Null).await;
    walk("relationship", &relation, RELATIONSHIP);
    assert_eq!(relation["following"], true);
    let asked = format!("/api/v1/accounts/relationships?id[]={}&id[]=7", id(&amina));
    assert_eq!(room.get(&room.ana, &asked).await, json!([relation]));
    account(&room.get(&room.ana, &of_amina("followers")).await[0]);
    let reply = json!({"status": "Why?", "in_reply_to_id": room.opinion});
    room.post(&room.ana, "/api/v1/statuses", reply).await;
    room.instance.service.leave_notices().await.unwrap();
    let list = room.get(&room.amina, "/api/v1/notifications").await;
    let kinds: Vec<&str> =
        list.as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["mention", "follow", "reblog", "favourite"]);
    for one in list.as_array().unwrap() {
        walk(
            "notification",
            one,
            &[
                ("id", Is::Id),
                ("type", Is::Text),
                ("created_at", Is::Date),
                ("group_key", Is::Text),
            ],
        );
        account(&one["account"]);
        if one["type"] != "follow" {
            status(&one["status"], true);
        }
        let alone = format!("/api/v1/notifications/{}", id(one));
        assert_eq!(&room.get(&room.amina, &alone).await, one);
    }
    let some = room.get(&room.amina, "/api/v1/notifications?types[]=follow&types[]=mention").await;
    assert_eq!(some.as_array().unwrap().len(), 2);
    let some = room.get(&room.amina, "/api/v1/notifications?exclude_types[]=follow").await;
    assert_eq!(some.as_array().unwrap().len(), 3);
    let groups = room.get(&room.amina, "/api/v2/notifications").await;
    for group in groups["notification_groups"].as_array().unwrap() {
        walk(
            "group",
            group,
            &[
                ("group_key", Is::Text),
                ("notifications_count", Is::Count),
                ("type", Is::Text),
                ("most_recent_notification_id", Is::Count),
                ("page_min_id", Is::Id),
                ("page_max_id", Is::Id),
                ("latest_page_notification_at", Is::Date),
                ("sample_account_ids", Is::List),
            ],
        );
        let key = group["group_key"].as_str().unwrap();
        let of_group = format!("/api/v2/notifications/{key}/accounts");
        account(&room.get(&room.amina, &of_group).await[0]);
    }
    account(&groups["accounts"][0]);
    status(&groups["statuses"][0], true);
    let count = room.get(&room.amina, "/api/v2/notifications/unread_count").await;
    assert_eq!(count, json!({"count": 4}));
    let first = format!("/api/v1/notifications/{}/dismiss", id(&list[0]));
    assert_eq!(room.post(&room.amina, &first, Value::Null).await, json!({}));
    assert_eq!(room.get(&room.amina, "/api/v1/notifications").await.as_array().unwrap().len(), 3);
    room.post(&room.amina, "/api/v1/notifications/clear", Value::Null).await;
    assert_eq!(room.get(&room.amina, "/api/v1/notifications").await, json!([]));
    let none = room.get(&room.amina, "/api/v2/notifications/unread_count").await;
    assert_eq!(none, json!({"count": 0}));
}

#[tokio::test]
async fn lists_are_walked_by_their_links_to_the_end_and_nothing_comes_twice() {
    let room = Room::start().await;
    for number in 0..4 {
        room.instance.opinion(&room.amina, "rivers", &format!("No. {number}")).await;
    }
    let topic = room.get(&room.ana, "/api/v1/accounts/lookup?acct=rivers").await;
    room.post(&room.ana, &format!("/api/v1/accounts/{}/follow", id(&topic)), Value::Null).await;
    for path in
        ["/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/rivers"]
    {
        let mut seen: Vec<String> = Vec::new();
        let mut next = Some(format!("{path}?limit=2"));
        let mut pages = 0;
        while let Some(path) = next {
            let answer = room.ask(Some(&room.ana), "GET", &path, Value::Null).await;
            next = link(&answer, "next");
            seen.extend(
                answer.expect(200).as_array().unwrap().iter().map(|one| id(one).to_owned()),
            );
            pages += 1;
        }
        assert_eq!((pages, seen.len()), (3, 5), "{path}: {seen:?}");
        let mut sorted = seen.clone();
        sorted.sort_by_key(|id| std::cmp::Reverse((id.len(), id.clone())));
        sorted.dedup();
        assert_eq!(seen, sorted, "by (length, text), newest first, none twice");
        let newest =
            room.ask(Some(&room.ana), "GET", &format!("{path}?limit=2"), Value::Null).await;
        let newer = link(&newest, "prev").unwrap();
        assert_eq!(room.get(&room.ana, &newer).await, json!([]));
    }
    assert_eq!(room.get(&room.ana, "/api/v1/timelines/public?remote=true").await, json!([]));
    assert_eq!(room.get(&room.ana, "/api/v1/timelines/public?only_media=1").await, json!([]));
}

fn link(answer: &Answer, rel: &str) -> Option<String> {
    let links = answer.header("link");
    let found = links.split(", ").find(|link| link.ends_with(&format!("rel=\"{rel}\"")))?;
    let address = found.trim_start_matches('<').split('>').next()?;
    Some(address.to_owned())
}

#[tokio::test]
async fn search_gives_three_lists_and_turns_addresses_into_what_stands_there() {
    let room = Room::start().await;
    let search = async |query: &str| {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let path = format!("/api/v2/search?q={query}&resolve=true&limit=5");
        let found = room.get(&room.ana, &path).await;
        for name in ["accounts", "statuses", "hashtags"] {
            assert!(found[name].is_array(), "{found}");
        }
        assert_eq!(found.as_object().unwrap().len(), 3);
        found
    };
    let by_address = search(&format!("https://cs.example/o/{}", room.opinion)).await;
    assert_eq!(id(&by_address["statuses"][0]), room.opinion);
    status(&by_address["statuses"][0], true);
    let by_words = search("two ban").await;
    assert_eq!(id(&by_words["statuses"][0]), room.opinion);
    let by_handle = search("@amina@cs.example").await;
    account(&by_handle["accounts"][0]);
    let by_name = search("ami").await;
    assert_eq!(by_name["accounts"][0]["acct"], "amina");
    let by_page = search("https://cs.example/t/rivers").await;
    assert_eq!(by_page["accounts"][0]["group"], true);
    let by_tag = search("#riv").await;
    assert_eq!(by_tag["hashtags"][0]["name"], "rivers");
    for nothing in ["", "zzz", "https://cs.example/o/1", "@nobody@cs.example"] {
        let found = search(nothing).await;
        assert_eq!(found, json!({"accounts": [], "statuses": [], "hashtags": []}), "{nothing}");
    }
}

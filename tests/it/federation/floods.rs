//! Too much at once: what is held, what is pushed back, and that nothing is lost and nobody else waits (decisions 20,
//! product I4; protocol tests 23 to 25 are in `inbox`).

use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode};
use polylogue::{
    base::{clock::Clock as _, limits},
    domain::group::StakeholderGroup,
    protocol::http_signature::Form,
    store::{
        entries,
        inbox_items::{self, InboxItem},
        links, projections,
    },
};
use polylogue_tests::{
    Reply, Scripted, Sender, SimClock, TestInstance, drain,
    scripted::{send, with},
};
use serde_json::{Value, json};

use super::mesh::{SLUG, found, publish};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn reply(who: &str, number: usize, parent: &str) -> Value {
    let id = format!("{who}/statuses/{number}");
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"), "type": "Create",
        "actor": who, "to": [PUBLIC], "cc": [], "published": "2026-09-21T10:00:00Z",
        "object": {"id": id, "type": "Note", "attributedTo": who, "inReplyTo": parent, "to": [PUBLIC], "cc": [],
            "content": "Yes", "published": "2026-09-21T10:00:00Z"},
    })
}

struct Scene {
    civil: TestInstance,
    clock: Arc<SimClock>,
    opinion: String,
}

impl Scene {
    async fn open(settings: &[(&str, &str)]) -> Self {
        let clock = Arc::new(SimClock::default());
        let civil =
            TestInstance::start_set("civil", settings, Arc::<SimClock>::clone(&clock)).await;
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        found(&civil, &amina).await;
        let opinion = publish(&civil, &amina).await;
        drain(&[&civil]).await;
        Self { civil, clock, opinion }
    }

    async fn sends(&self, who: &Sender, number: usize) -> (StatusCode, HeaderMap) {
        let activity = reply(&who.actor, number, &self.opinion);
        let inbox = format!("{}/inbox", self.civil.origin());
        who.posts(&inbox, &activity, Form::Cavage, self.clock.now()).await
    }

    async fn count(&self, state: &str) -> u64 {
        inbox_items::count(&self.civil.app.service.store, state).await.unwrap()
    }

    async fn holds(&self, who: &Sender, number: usize) -> bool {
        let uri = format!("{}/statuses/{number}", who.actor);
        projections::comment(&self.civil.app.service.store, &uri).await.unwrap().is_some()
    }

    /// What the page says that tells the author what became of a post.
    async fn told(&self, who: &Sender, number: usize) -> String {
        let id = format!("{}/statuses/{number}", who.actor);
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        let address = format!("{}/arrivals?id={id}", self.civil.origin());
        let (status, _, page) =
            send(Method::GET, &address, with(HeaderMap::new(), "accept", "text/html"), Vec::new())
                .await;
        assert_eq!(status, 200);
        page
    }
}

/// A server where everybody under `/users/` lives, with one key.
async fn town(name: &str, key: Option<&Sender>) -> (Scripted, Sender) {
    let host = Scripted::start(name).await;
    let first = match key {
        Some(key) => key.other(host.origin(), "u0"),
        None => Sender::at(host.origin(), "u0"),
    };
    let (origin, model) = (host.origin().to_owned(), first.other(host.origin(), "u0"));
    host.answers(move |asked| match asked.target.strip_prefix("/users/") {
        _ if asked.method == Method::POST => Reply::status(202),
        Some(name) => Reply::document(&model.other(&origin, name).document()),
        None => Reply::status(404),
    });
    (host, first)
}

#[tokio::test]
async fn a_flood_waits_its_turn_nobody_waits_for_it_and_nothing_is_lost() {
    let scene = Scene::open(&[]).await;
    let (flooding, one) = town("flood", None).await;
    let at_once = usize::try_from(limits::HOST_ACTS_AT_ONCE_MAX).unwrap();
    let people: Vec<Sender> =
        (0..20).map(|n| one.other(flooding.origin(), &format!("u{n}"))).collect();
    for number in 0..2 * at_once {
        let (status, headers) = scene.sends(&people[number % people.len()], number).await;
        assert_eq!(status, 202, "{number}");
        assert_eq!(headers.contains_key("location"), number >= at_once, "{number}");
    }
    assert_eq!(scene.count(inbox_items::NEW).await, at_once as u64);
    assert_eq!(scene.count(inbox_items::HELD).await, at_once as u64);
    // The author sees that it is held and until when; a held one is not shown, one within the rate is.
    let last = 2 * at_once - 1;
    let page = scene.told(&people[last % people.len()], last).await;
    assert!(page.contains("It is held") && page.contains("2026"), "{page}");
    drain(&[&scene.civil]).await;
    assert!(scene.holds(&people[0], 0).await);
    assert!(!scene.holds(&people[last % people.len()], last).await);
    assert!(scene.told(&people[0], 0).await.contains("It was worked out"));

    // Somebody else's reply is worked out at once.
    let (elsewhere, _) = town("calm", Some(&one)).await;
    let ada = one.other(elsewhere.origin(), "ada");
    assert_eq!(scene.sends(&ada, 1).await.0, 202);
    drain(&[&scene.civil]).await;
    assert!(scene.holds(&ada, 1).await);

    // Each gets its turn at the rate of the host: five a minute. In the end all are there.
    scene.clock.pass_minutes(1);
    drain(&[&scene.civil]).await;
    assert_eq!(scene.count(inbox_items::HELD).await, at_once as u64 - 5);
    scene.clock.pass_minutes(20);
    drain(&[&scene.civil]).await;
    assert_eq!(scene.count(inbox_items::HELD).await, 0);
    for number in 0..2 * at_once {
        assert!(scene.holds(&people[number % people.len()], number).await, "{number}");
    }
}

#[tokio::test]
async fn one_who_writes_much_is_held_and_not_his_neighbours() {
    let scene = Scene::open(&[]).await;
    let (host, busy) = town("masto", None).await;
    let at_once = usize::try_from(limits::ACTOR_ACTS_AT_ONCE_MAX).unwrap();
    for number in 0..=at_once {
        assert_eq!(scene.sends(&busy, number).await.0, 202);
    }
    assert_eq!(scene.count(inbox_items::HELD).await, 1, "one over");
    // The same again is no act: it costs no turn (test 24).
    assert_eq!(scene.sends(&busy, 0).await.0, 202);
    assert_eq!(scene.count(inbox_items::HELD).await, 1);
    let neighbour = busy.other(host.origin(), "u1");
    assert_eq!(scene.sends(&neighbour, 0).await.0, 202);
    assert_eq!(scene.count(inbox_items::HELD).await, 1);
    // A claim in another's name costs that one nothing: it is charged to who has shown to be the sender.
    let forger = Sender::at(host.origin(), "u1");
    for number in 1..=at_once {
        assert_eq!(scene.sends(&forger, number).await.0, 401);
    }
    for number in 1..at_once {
        assert_eq!(scene.sends(&neighbour, number).await.0, 202);
    }
    assert_eq!(scene.count(inbox_items::HELD).await, 1);
}

#[tokio::test]
async fn what_is_more_than_is_held_stays_with_its_sender() {
    let scene = Scene::open(&[]).await;
    let (host, one) = town("flood", None).await;
    let name = host.origin().trim_start_matches("http://").to_owned();
    let store = scene.civil.app.service.store.clone();
    let held = |id: i64| InboxItem {
        id,
        activity_uri: format!("{}/held/{id}", host.origin()),
        digest: "x".to_owned(),
        signer: one.actor.clone(),
        host: name.clone(),
        body: Vec::new(),
        evidence: String::new(),
        received_at: 0,
        state: inbox_items::HELD.to_owned(),
        reason: None,
        attempts: 0,
        due_at: i64::MAX,
        object_uri: None,
    };
    let tx = store.begin().await.unwrap();
    for id in 1..i64::try_from(limits::HELD_PER_HOST_MAX).unwrap() {
        inbox_items::insert(&tx, held(id)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let at_once = usize::try_from(limits::ACTOR_ACTS_AT_ONCE_MAX).unwrap();
    for number in 0..at_once {
        assert_eq!(scene.sends(&one, number).await.0, 202);
    }
    assert_eq!(scene.sends(&one, at_once).await.0, 202, "the last for which there is room");
    let (status, headers) = scene.sends(&one, at_once + 1).await;
    assert_eq!(status, 429);
    let seconds: i64 = headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((60..=121).contains(&seconds), "{seconds}");
    // Nothing of it was stored, and it is taken when it comes again.
    scene.clock.pass_millis(seconds * 1_000 + 60_000);
    assert_eq!(scene.sends(&one, at_once + 1).await.0, 202);
}

#[tokio::test]
async fn a_host_with_a_linked_room_is_read_where_it_is_not_heard() {
    let scene = Scene::open(&[]).await;
    let gov = TestInstance::start_set("gov", &[], Arc::<SimClock>::clone(&scene.clock)).await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    let room = scene.civil.app.service.paths.room(SLUG);
    gov.app.federation.join(&joao, &room, None).await.unwrap();
    drain(&[&scene.civil, &gov]).await;
    let service = &scene.civil.app.service;
    let ours = service.room(SLUG).await.unwrap();
    let peer = gov.app.service.paths.room(SLUG);

    // Signed by somebody of that host: more than any other host could send at once is taken.
    let keys = gov.app.service.keys.of(&joao.actor).await.unwrap();
    let sender = Sender {
        actor: joao.actor.uri.clone(),
        key_id: keys.request_key_id(),
        key: Arc::clone(&keys.request),
    };
    // What the handshake took is given back.
    scene.clock.pass_minutes(1);
    let a_minute = usize::try_from(limits::LINK_ACTS_A_MINUTE_MAX).unwrap();
    for number in 0..a_minute {
        assert_eq!(scene.sends(&sender, number).await.0, 202, "{number}");
    }
    let (status, headers) = scene.sends(&sender, a_minute).await;
    assert_eq!(status, 429, "one over");
    assert!(headers.contains_key("retry-after"));
    let link = links::with_peer(&service.store, ours.id, &peer).await.unwrap().unwrap();
    let soon = service.now().as_millis() + limits::LINK_REFUSED_MINUTES_MAX * 60_000;
    assert!(link.pull_due_at <= soon, "its log is read within five minutes");
    scene.clock.pass_millis(100);
    assert_eq!(scene.sends(&sender, a_minute).await.0, 202, "ten a second");
}

#[tokio::test]
async fn without_rates_nothing_is_held_and_sizes_still_count() {
    let scene = Scene::open(&[("LIMITS__ENABLED", "false")]).await;
    let (_host, one) = town("masto", None).await;
    let many = usize::try_from(limits::HOST_ACTS_AT_ONCE_MAX).unwrap() + 20;
    for number in 0..many {
        assert_eq!(scene.sends(&one, number).await.0, 202);
    }
    assert_eq!(scene.count(inbox_items::HELD).await, 0);
    let inbox = format!("{}/inbox", scene.civil.origin());
    let body = vec![b' '; limits::INBOX_BODY_BYTES_MAX + 1];
    assert_eq!(send(Method::POST, &inbox, HeaderMap::new(), body).await.0, 413);
}

#[tokio::test]
async fn where_the_instance_chose_so_unknown_servers_are_held_for_a_day_or_until_released() {
    let scene = Scene::open(&[("FEDERATION__HOLD_UNKNOWN", "true")]).await;
    let (host, ada) = town("masto", None).await;
    let (status, headers) = scene.sends(&ada, 1).await;
    assert_eq!(status, 202);
    let page = headers["location"].to_str().unwrap();
    assert!(page.starts_with(&format!("{}/arrivals?id=", scene.civil.origin())), "{page}");
    drain(&[&scene.civil]).await;
    assert!(!scene.holds(&ada, 1).await);
    assert!(scene.told(&ada, 1).await.contains("its server is new here"));
    let name = host.origin().trim_start_matches("http://");
    let service = &scene.civil.app.service;
    let [held] = service.held_hosts().await.unwrap().try_into().unwrap();
    assert_eq!((held.host.as_str(), held.items), (name, 1));
    assert!(held.until > service.now().plus_millis(23 * 3_600_000), "{held:?}");
    assert_eq!(service.release_held("elsewhere.example").await.unwrap(), 0);
    assert_eq!(service.release_held(name).await.unwrap(), 1);
    drain(&[&scene.civil]).await;
    assert!(scene.holds(&ada, 1).await);
    assert_eq!(service.held_hosts().await.unwrap(), []);

    // Nobody released it: after a day it is worked out all the same, and the server is known.
    assert_eq!(scene.sends(&ada, 2).await.0, 202);
    scene.clock.pass_minutes(24 * 60);
    drain(&[&scene.civil]).await;
    assert!(scene.holds(&ada, 2).await);
    assert_eq!(scene.sends(&ada, 3).await.0, 202);
    drain(&[&scene.civil]).await;
    assert!(scene.holds(&ada, 3).await);
}

#[tokio::test]
async fn an_address_that_sends_too_much_is_not_read_any_more() {
    let scene = Scene::open(&[]).await;
    let (host, _) = town("masto", None).await;
    let forger = Sender::at(host.origin(), "u1");
    let bad = usize::try_from(limits::BAD_SIGNATURES_PER_ADDRESS_A_MINUTE_MAX).unwrap();
    for number in 0..bad {
        assert_eq!(scene.sends(&forger, number).await.0, 401, "{number}");
    }
    let (status, headers) = scene.sends(&forger, bad).await;
    assert_eq!(
        (status, headers.contains_key("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, true)
    );
    scene.clock.pass_minutes(1);
    // All but one of a minute, asked as the inbox asks; then through the door.
    let inbox = format!("{}/inbox", scene.civil.origin());
    for _ in 1..limits::INBOX_PER_ADDRESS_A_MINUTE_MAX {
        scene.civil.app.federation.hear("127.0.0.1").unwrap();
    }
    assert_eq!(send(Method::POST, &inbox, HeaderMap::new(), b"{".to_vec()).await.0, 400);
    assert_eq!(send(Method::POST, &inbox, HeaderMap::new(), b"{".to_vec()).await.0, 429);
    // Reading is not touched by it.
    let (status, ..) = send(Method::GET, scene.civil.origin(), HeaderMap::new(), Vec::new()).await;
    assert_eq!(status, 200);
    let room = scene.civil.app.service.room(SLUG).await.unwrap();
    let log = entries::page(&scene.civil.app.service.store, room.id, 0, 200).await.unwrap();
    assert!(log.iter().all(|row| !row.actor.contains("masto")));
}

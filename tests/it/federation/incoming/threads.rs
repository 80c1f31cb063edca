//! Threads that began elsewhere are walked along: within limits, politely, and on from where a walk stood.

use polylogue::{
    base::{
        clock::{Clock as _, SystemClock, Timestamp},
        limits,
    },
    store::walks::{self, Walk},
};
use polylogue_tests::Foreign;
use serde_json::{Value, json};

use super::{Home, PUBLIC, activity, homes};

fn post(lemmy: &Foreign, n: i64, parent: Option<&str>, room: &str) -> Value {
    let id = lemmy.id(&format!("post/{n}"));
    let mut post = json!({
        "id": id, "type": if parent.is_some() { "Note" } else { "Article" }, "attributedTo": lemmy.user("ada"),
        "to": [PUBLIC, room], "cc": [], "content": format!("<p>Number {n}</p>"), "published": "2026-11-24T10:00:00Z",
        "context": lemmy.id("topic/1"), "replies": format!("{id}/replies"),
    });
    match parent {
        Some(parent) => post["inReplyTo"] = json!(parent),
        None => post["name"] = json!("Who pays?"),
    }
    post
}

/// Takes the steps of all walks, a pause after each round; answers the rounds that did anything.
async fn walks_on(home: &Home, from: Timestamp, rounds: i64) -> i64 {
    let mut worked = 0;
    for round in 1..=rounds {
        let now = from.plus_millis(round * limits::WALK_PAUSE_MILLIS);
        worked += i64::from(home.instance.app.federation.walk(now).await.unwrap() > 0);
        home.drain().await;
    }
    worked
}

#[tokio::test]
async fn a_thread_is_walked_by_context_and_replies_page_by_page() {
    for home in homes().await {
        let nodebb = Foreign::start("nodebb").await;
        let other = Foreign::start("other").await;
        let head = post(&nodebb, 1, None, &home.room);
        let uri = head["id"].as_str().unwrap().to_owned();
        nodebb.serves(&head);
        // In its context: a post of its own, given whole, and one of another server, by id; on a second page a third.
        let second = post(&nodebb, 2, Some(&uri), &home.room);
        let mut third = post(&other, 3, Some(&uri), &home.room);
        third["context"] = json!(nodebb.id("topic/1"));
        other.serves(&third);
        nodebb.serves(
            &json!({"id": nodebb.id("topic/1"), "type": "OrderedCollection", "totalItems": 999_999,
            "first": nodebb.id("topic/1?page=1")}),
        );
        nodebb.serves(&json!({"id": nodebb.id("topic/1?page=1"), "type": "OrderedCollectionPage",
            "orderedItems": [uri, second, third["id"]], "next": nodebb.id("topic/1?page=2")}));
        let fourth = post(&nodebb, 4, Some(second["id"].as_str().unwrap()), &home.room);
        nodebb.serves(&fourth);
        nodebb.serves(&json!({"id": nodebb.id("topic/1?page=2"), "type": "OrderedCollectionPage",
            "orderedItems": [fourth["id"], "https://127.0.0.1/secret"]}));
        // In its replies, as Mastodon gives them: one that the context does not know, and its answer.
        let fifth = post(&other, 5, Some(&uri), &home.room);
        let mut of_fifth = fifth.clone();
        let sixth = post(&other, 6, Some(fifth["id"].as_str().unwrap()), &home.room);
        of_fifth["replies"] = json!({"id": format!("{}/replies", other.id("post/5")), "type": "Collection",
            "first": {"type": "CollectionPage", "items": [sixth["id"]]}});
        other.serves(&of_fifth);
        other.serves(&sixth);
        nodebb.serves(
            &json!({"id": format!("{uri}/replies"), "type": "Collection", "items": [fifth["id"]]}),
        );

        let start = SystemClock.now();
        let create = activity("Create", &nodebb.id("a/1"), &nodebb.user("ada"), head);
        home.hears(&nodebb, &create).await;
        assert!(home.opinion(&uri).await.is_some());
        walks_on(&home, start, 40).await;
        for (server, n) in [(&nodebb, 2), (&other, 3), (&nodebb, 4), (&other, 5), (&other, 6)] {
            let row = home.comment(&server.id(&format!("post/{n}"))).await;
            let row = row.unwrap_or_else(|| panic!("number {n} was not found"));
            assert_eq!(row.opinion_uri.as_deref(), Some(uri.as_str()), "{n}");
        }
        let room = home.instance.app.service.room(super::SLUG).await.unwrap();
        let walk = walks::of(home.store(), room.id, &uri).await.unwrap().unwrap();
        assert!(walk.ended_at.is_some());
        assert_eq!(walk.found, 5);
        // Seen again it is not walked again.
        let asked = nodebb.asked().len();
        let mut again = create;
        again["id"] = json!(nodebb.id("a/2"));
        home.hears(&nodebb, &again).await;
        walks_on(&home, start.plus_millis(100_000), 5).await;
        assert_eq!(nodebb.asked().len(), asked);
    }
}

#[tokio::test]
async fn a_walk_asks_a_host_once_a_second_and_goes_on_where_it_stood() {
    for home in homes().await {
        let nodebb = Foreign::start("nodebb").await;
        let head = post(&nodebb, 1, None, &home.room);
        let uri = head["id"].as_str().unwrap().to_owned();
        nodebb.serves(&head);
        let ids: Vec<Value> = (2..8).map(|n| json!(nodebb.id(&format!("post/{n}")))).collect();
        for n in 2..8 {
            nodebb.serves(&post(&nodebb, n, Some(&uri), &home.room));
        }
        nodebb.serves(
            &json!({"id": nodebb.id("topic/1"), "type": "OrderedCollection", "orderedItems": ids}),
        );
        let create = activity("Create", &nodebb.id("a/1"), &nodebb.user("ada"), head);
        let start = SystemClock.now();
        home.hears(&nodebb, &create).await;
        let federation = &home.instance.app.federation;
        let fetched = || nodebb.asked().len();
        let at = |n: i64| start.plus_millis(60_000 + n * limits::WALK_PAUSE_MILLIS);
        federation.walk(at(1)).await.unwrap();
        let before = fetched();
        federation.walk(at(1)).await.unwrap();
        federation.walk(at(1).plus_millis(limits::WALK_PAUSE_MILLIS - 1)).await.unwrap();
        assert_eq!(fetched(), before, "too early");
        federation.walk(at(2)).await.unwrap();
        assert_eq!(fetched(), before + 1);
        // Nothing is kept in memory but when a host was asked: another process goes on.
        let room = home.instance.app.service.room(super::SLUG).await.unwrap();
        let walk = walks::of(home.store(), room.id, &uri).await.unwrap().unwrap();
        assert!(walk.ended_at.is_none());
        assert!(walk.frontier.contains("post "), "{}", walk.frontier);
        assert!(walk.fetches_left < limits::WALK_FETCHES_MAX);
        for n in 3..20 {
            federation.walk(at(n)).await.unwrap();
        }
        let walk = walks::of(home.store(), room.id, &uri).await.unwrap().unwrap();
        assert_eq!((walk.ended_at.is_some(), walk.found), (true, 6));
    }
}

#[tokio::test]
async fn a_walk_ends_with_its_budget() {
    let home = homes().await.remove(0);
    let nodebb = Foreign::start("nodebb").await;
    let head = post(&nodebb, 1, None, &home.room);
    let uri = head["id"].as_str().unwrap().to_owned();
    nodebb.serves(&head);
    // A context that never ends.
    for n in 0..=limits::WALK_FETCHES_MAX + 10 {
        let id =
            if n == 0 { nodebb.id("topic/1") } else { nodebb.id(&format!("topic/1?page={n}")) };
        nodebb.serves(&json!({"id": id, "type": "OrderedCollectionPage", "orderedItems": [],
            "next": nodebb.id(&format!("topic/1?page={}", n + 1))}));
    }
    let create = activity("Create", &nodebb.id("a/1"), &nodebb.user("ada"), head);
    let start = SystemClock.now();
    home.hears(&nodebb, &create).await;
    let federation = &home.instance.app.federation;
    for n in 1..=limits::WALK_FETCHES_MAX + 10 {
        federation.walk(start.plus_millis(60_000 + n * limits::WALK_PAUSE_MILLIS)).await.unwrap();
    }
    let asked = nodebb.asked().iter().filter(|(path, _)| !path.contains("/users/")).count();
    assert_eq!(i64::try_from(asked).unwrap(), limits::WALK_FETCHES_MAX, "and not one more");
    let room = home.instance.app.service.room(super::SLUG).await.unwrap();
    let walk = walks::of(home.store(), room.id, &uri).await.unwrap().unwrap();
    assert_eq!((walk.ended_at.is_some(), walk.fetches_left), (true, 0));
}

#[tokio::test]
async fn a_walk_takes_so_many_comments_and_not_one_more() {
    let home = homes().await.remove(0);
    let nodebb = Foreign::start("nodebb").await;
    let mut head = post(&nodebb, 1, None, &home.room);
    head.as_object_mut().unwrap().remove("replies");
    let uri = head["id"].as_str().unwrap().to_owned();
    nodebb.serves(&head);
    // One more than a walk takes, given whole, on as many pages as a document of their size must have.
    let page = |n: i64| nodebb.id(&format!("topic/1?page={n}"));
    let (each, most) = (100, limits::WALK_FOUND_MAX);
    for at in 0..=most / each {
        let own = (at * each + 1..=(at + 1) * each).take_while(|n| *n <= most + 1);
        let items: Vec<Value> = own
            .map(|n| {
                let mut reply = post(&nodebb, n + 1, Some(&uri), &home.room);
                reply.as_object_mut().unwrap().remove("replies");
                reply
            })
            .collect();
        let id = if at == 0 { nodebb.id("topic/1") } else { page(at) };
        nodebb.serves(&json!({"id": id, "type": "OrderedCollectionPage", "orderedItems": items,
            "next": page(at + 1)}));
    }
    let start = SystemClock.now();
    let create = activity("Create", &nodebb.id("a/1"), &nodebb.user("ada"), head);
    home.hears(&nodebb, &create).await;
    let federation = &home.instance.app.federation;
    for n in 1..=most / each + 5 {
        federation.walk(start.plus_millis(60_000 + n * limits::WALK_PAUSE_MILLIS)).await.unwrap();
    }
    let room = home.instance.app.service.room(super::SLUG).await.unwrap();
    let walk = walks::of(home.store(), room.id, &uri).await.unwrap().unwrap();
    assert_eq!((walk.ended_at.is_some(), walk.found), (true, most));
    let held = |n: i64| home.comment_held(nodebb.id(&format!("post/{n}")));
    assert!(held(most + 1).await, "the last that is taken");
    assert!(!held(most + 2).await, "one more");
}

#[tokio::test]
async fn so_many_walks_go_on_at_once_and_one_more_does_not_begin() {
    for home in homes().await {
        let nodebb = Foreign::start("nodebb").await;
        let room = home.instance.app.service.room(super::SLUG).await.unwrap();
        for (n, others, begins) in
            [(1, limits::WALKS_OPEN_MAX - 1, true), (2, limits::WALKS_OPEN_MAX, false)]
        {
            // Those that go on are not due while this test lasts.
            let open = walks::count_open(home.store()).await.unwrap();
            let tx = home.store().begin().await.unwrap();
            for other in open..others {
                let row = Walk {
                    id: home.instance.app.service.new_id(),
                    room_id: room.id,
                    uri: format!("https://elsewhere.example/{n}/{other}"),
                    frontier: "[]".to_owned(),
                    seen: "[]".to_owned(),
                    fetches_left: 1,
                    found: 0,
                    due_at: i64::MAX,
                    ended_at: None,
                };
                walks::begin(&tx, row).await.unwrap();
            }
            tx.commit().await.unwrap();
            let head = post(&nodebb, n, None, &home.room);
            let uri = head["id"].as_str().unwrap().to_owned();
            let create =
                activity("Create", &nodebb.id(&format!("a/{n}")), &nodebb.user("ada"), head);
            home.hears(&nodebb, &create).await;
            assert!(home.opinion(&uri).await.is_some(), "{n} is taken all the same");
            let walk = walks::of(home.store(), room.id, &uri).await.unwrap();
            assert_eq!(walk.is_some(), begins, "{n}");
        }
    }
}

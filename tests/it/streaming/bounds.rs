//! Who is let go, and how many are let in.

use std::time::Duration;

use polylogue::{
    base::limits,
    service::{Streams, streams::Bounds},
};
use polylogue_tests::{Events, Socket, TestDatabase, listening::in_time};
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::json;

use super::{Scene, publish, token};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_so_many_streams_and_all_together_so_many() {
    let defaults = Streams::default().bounds();
    assert_eq!(defaults.per_account, limits::STREAMS_PER_ACCOUNT_MAX);
    assert_eq!(defaults.in_all, limits::STREAMS_MAX);
    let bounds = Bounds { in_all: limits::STREAMS_PER_ACCOUNT_MAX + 1, ..Bounds::default() };
    let scene = Scene::over(TestDatabase::sqlite().await, bounds).await;
    let instance = &scene.instance;
    let path = format!("/api/v1/streaming?access_token={}", scene.token);
    let mut open = Vec::new();
    for _ in 0..limits::STREAMS_PER_ACCOUNT_MAX {
        open.push(Socket::open_at(instance, &path, &[]).await.unwrap());
    }
    let (code, body) = Socket::open_at(instance, &path, &[]).await.unwrap_err();
    assert_eq!((code, &body["error"]), (429, &"Too many requests".into()));
    let refused = Events::open(instance, "user", Some(&scene.token)).await.unwrap_err();
    assert_eq!(refused.0, 429);
    // Another account still has room: one more, and then nobody.
    let aminas = token(instance, "amina", "read").await;
    let last = Events::open(instance, "user", Some(&aminas)).await.unwrap();
    assert_eq!(Events::open(instance, "user", Some(&aminas)).await.unwrap_err().0, 429);
    // Who leaves makes room.
    drop((open, last));
    in_time(instance.app.service.streams.empty()).await;
    assert!(Socket::open_at(instance, &path, &[]).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_has_so_many_subscriptions_and_messages_of_a_size() {
    let scene = Scene::new().await;
    let mut socket = Socket::open(&scene.instance, &scene.token).await;
    let tags: Vec<String> =
        (0..limits::SUBSCRIPTIONS_PER_SOCKET_MAX).map(|tag| format!("hashtag t{tag}")).collect();
    socket.subscribe(&tags.iter().map(String::as_str).collect::<Vec<_>>()).await;
    socket.say(&json!({"type": "subscribe", "stream": "public"})).await;
    assert_eq!(socket.next().await["status"], 422);
    // One less, and there is room.
    socket.say(&json!({"type": "unsubscribe", "stream": "hashtag", "tag": "t0"})).await;
    socket.subscribe(&["public"]).await;
    let long = |bytes: usize| {
        let rest = r#"{"type":"subscribe","stream":"x","tag":""}"#.len();
        format!(r#"{{"type":"subscribe","stream":"x","tag":"{}"}}"#, "x".repeat(bytes - rest))
    };
    socket.say_text(long(limits::SOCKET_MESSAGE_BYTES_MAX)).await;
    assert_eq!(socket.next().await["status"], 400, "at the limit it is read");
    socket.say_text(long(limits::SOCKET_MESSAGE_BYTES_MAX + 1)).await;
    socket.closed().await;
    in_time(scene.instance.app.service.streams.empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_and_an_account_that_is_closed_listen_no_more() {
    for database in TestDatabase::each().await {
        let url = database.url().to_owned();
        let scene = Scene::over(database, Bounds::default()).await;
        let instance = &scene.instance;
        let service = &instance.app.service;
        let mut socket = Socket::open(instance, &scene.token).await;
        socket.subscribe(&["user"]).await;
        let mut events = Events::open(instance, "user", Some(&scene.token)).await.unwrap();
        let other = token(instance, "amina", "read").await;
        let mut stays = Socket::open(instance, &other).await;
        stays.subscribe(&["public"]).await;
        for program in service.programs_let_in(&scene.ana).await.unwrap() {
            service.shut_out(&scene.ana, &program.key).await.unwrap();
        }
        assert_eq!(socket.closed().await, Some(1008));
        assert_eq!(events.next().await, None);
        let (_, key) = scene.opinion("Two banks").await;
        assert_eq!(stays.event().await.2["id"], key.to_string());
        // Closed by somebody who rings no bell.
        #[expect(clippy::disallowed_methods, reason = "what another program may do")]
        let elsewhere = Database::connect(&url).await.unwrap();
        let id = scene.amina.account_id;
        let close = format!("UPDATE account SET disabled = TRUE WHERE id = {id}");
        elsewhere.execute_unprepared(&close).await.unwrap();
        assert_eq!(stays.closed().await, Some(1008));
        elsewhere.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_no_ping_and_who_reads_nothing_is_let_go() {
    let bounds = Bounds {
        ping: Duration::from_millis(100),
        send: Duration::from_millis(500),
        ..Bounds::default()
    };
    let scene = Scene::over(TestDatabase::sqlite().await, bounds).await;
    let instance = &scene.instance;
    let streams = &instance.app.service.streams;
    let mut awake = Socket::open(instance, &scene.token).await;
    awake.pinged().await;
    awake.pinged().await;
    awake.settle().await;
    // Reads nothing, and so answers nothing.
    drop(awake);
    in_time(streams.empty()).await;
    let asleep = Socket::open(instance, &scene.token).await;
    assert_eq!(streams.count(), 1);
    in_time(streams.empty()).await;
    drop(asleep);
    // Is asked, but has a heap to read before that, and no room for it.
    let bounds = Bounds { ping: Duration::from_mins(10), ..bounds };
    let scene = Scene::over(TestDatabase::sqlite().await, bounds).await;
    let instance = &scene.instance;
    let path = format!("/api/v1/streaming?access_token={}", scene.token);
    let mut slow = Socket::open_narrow(instance, &path, &[], Some(4_096)).await.unwrap();
    let narrow = ["public", "public:local", "hashtag rivers", "hashtag:local rivers"];
    slow.subscribe(&narrow).await;
    let mut quick = Socket::open(instance, &token(instance, "amina", "read").await).await;
    quick.subscribe(&["public"]).await;
    let text = "A river has two banks, and who lives on them has two minds. ".repeat(3_000);
    let mut told = 0;
    while instance.app.service.streams.count() == 2 {
        assert!(told < 60, "it is let go before long");
        publish(instance, &scene.amina, &scene.room, &format!("Opinion {told}"), &text).await;
        // The others are told meanwhile.
        assert_eq!(quick.event().await.1, "update");
        told += 1;
    }
    println!("let go after {told} opinions of {} bytes, four times each", text.len());
    assert_eq!(instance.app.service.streams.count(), 1);
    drop(slow);
}

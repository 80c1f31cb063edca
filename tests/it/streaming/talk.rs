//! What a program says and is told: by sockets, and by server-sent events.

use polylogue::service::{
    apps::{NewApp, OUT_OF_BAND},
    clients::{Mark, NewPost},
    streams::Bounds,
};
use polylogue_tests::{Events, Socket, TestDatabase, listening::in_time};
use serde_json::{Value, json};

use super::{Scene, publish, token, topic};

/// The status as the API gives it to who has this token.
async fn status(scene: &Scene, token: &str, key: i64) -> Value {
    #[expect(clippy::disallowed_methods, reason = "a program of the test's own")]
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://{}/api/v1/statuses/{key}", scene.instance.address);
    let domain = scene.instance.app.service.paths.domain().to_owned();
    let request = client.get(url).header("host", domain).bearer_auth(token);
    in_time(request.send()).await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_tells_many_streams_the_very_entities_of_the_timelines() {
    for database in TestDatabase::each().await {
        let scene = Scene::over(database, Bounds::default()).await;
        let service = &scene.instance.app.service;
        service.follow_person(&scene.ana, scene.room.id).await.unwrap();
        let mut socket = Socket::open(&scene.instance, &scene.token).await;
        let streams = ["user", "public", "public:local", "hashtag Rivers", "hashtag:local rivers"];
        socket.subscribe(&streams).await;
        socket.subscribe(&["public:remote", "hashtag lakes", "direct", "user:notification"]).await;
        let (uri, key) = scene.opinion("Two banks").await;
        for stream in streams {
            let (name, event, payload) = socket.event().await;
            assert_eq!((name.as_str(), event.as_str()), (stream, "update"));
            assert_eq!(payload, status(&scene, &scene.token, key).await);
            assert_eq!(payload["favourited"], false);
        }
        // What the reader did with it is in it.
        service.mark(&scene.ana, key, Mark::Favourite).await.unwrap();
        service.mark(&scene.ana, key, Mark::Bookmark).await.unwrap();
        socket.say(&json!({"type": "unsubscribe", "stream": "public"})).await;
        socket.say(&json!({"type": "unsubscribe", "stream": "hashtag", "tag": "Rivers"})).await;
        socket
            .say(&json!({"type": "unsubscribe", "stream": "hashtag:local", "tag": "rivers"}))
            .await;
        socket.settle().await;
        let new = polylogue::service::opinions::NewRevision {
            name: None,
            source: "A river has three.".to_owned(),
            abstract_text: None,
            change_note: "Counted.".to_owned(),
            status: None,
        };
        service.revise_opinion(&scene.amina, &uri, new).await.unwrap();
        for stream in ["user", "public:local"] {
            let (name, event, payload) = socket.event().await;
            assert_eq!((name.as_str(), event.as_str()), (stream, "status.update"));
            assert_eq!(payload, status(&scene, &scene.token, key).await);
            assert_eq!(
                (&payload["favourited"], &payload["bookmarked"]),
                (&true.into(), &true.into())
            );
            assert!(payload["edited_at"].is_string(), "{payload}");
        }
        // A reply tells its author's own home, and whom it is to what they are told.
        let reply = NewPost {
            text: "The left bank too.".into(),
            in_reply_to: Some(key),
            ..NewPost::default()
        };
        let mut aminas =
            Socket::open(&scene.instance, &token(&scene.instance, "amina", "read").await).await;
        aminas.subscribe(&["user:notification"]).await;
        let view = service.write_post(&scene.ana, reply).await.unwrap();
        let (name, event, payload) = socket.event().await;
        assert_eq!((name.as_str(), event.as_str()), ("user", "update"));
        assert_eq!(payload["id"], view.key.to_string());
        let (name, event, payload) = aminas.event().await;
        assert_eq!((name.as_str(), event.as_str()), ("user:notification", "notification"));
        assert_eq!(
            (&payload["type"], &payload["account"]["acct"]),
            (&"mention".into(), &"ana".into())
        );
        assert_eq!(payload["status"]["id"], view.key.to_string());
        service.delete_post(&scene.ana, view.key).await.unwrap();
        let (name, event, payload) = socket.event().await;
        assert_eq!((name.as_str(), event.as_str()), ("user", "delete"));
        assert_eq!(payload.to_string(), view.key.to_string(), "an id, as it is");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_comes_in_any_place_and_is_good_for_what_it_is_good_for() {
    let scene = Scene::new().await;
    let instance = &scene.instance;
    let open = async |path: &str, headers: &[(&'static str, &str)]| {
        Socket::open_at(instance, path, headers).await
    };
    // In place of a protocol it is said back: browsers drop the connection otherwise.
    let path = "/api/v1/streaming";
    let socket = open(path, &[("sec-websocket-protocol", &scene.token)]).await.unwrap();
    assert_eq!(socket.protocol.as_deref(), Some(scene.token.as_str()));
    let authorization = format!("Bearer {}", scene.token);
    let socket = open(path, &[("authorization", &authorization)]).await.unwrap();
    assert_eq!(socket.protocol, None);
    // With what to listen to at once, and a slash, as some write it.
    let whole = format!("{path}/?access_token={}&stream=hashtag&tag=rivers", scene.token);
    let mut socket = open(&whole, &[]).await.unwrap();
    socket.settle().await;
    let (_, key) = scene.opinion("Two banks").await;
    let (name, event, payload) = socket.event().await;
    assert_eq!((name.as_str(), event.as_str()), ("hashtag rivers", "update"));
    assert_eq!(payload["id"], key.to_string());
    // A page of any site may open one: the token alone lets in.
    let from = [("origin", "https://evil.example"), ("sec-websocket-protocol", &*scene.token)];
    assert!(open(path, &from).await.is_ok());
    for none in ["", "?access_token=", "?access_token=nonsense"] {
        let (code, body) = open(&format!("{path}{none}"), &[]).await.unwrap_err();
        assert_eq!((code, &body["error"]), (401, &"The access token is invalid".into()), "{none}");
    }
    let stranger = [("sec-websocket-protocol", "nonsense")];
    assert_eq!(open(path, &stranger).await.unwrap_err().0, 401);
    // An app's own token is nobody's.
    let service = &instance.app.service;
    let new = NewApp {
        name: "robot".into(),
        redirect_uris: vec![OUT_OF_BAND.into()],
        scope: Some("read".into()),
        ..NewApp::default()
    };
    let app = service.register_app(new).await.unwrap().app;
    let own = service.app_token(&app, "read").await.unwrap().token;
    let (code, _) = open(&format!("{path}?access_token={own}"), &[]).await.unwrap_err();
    assert_eq!(code, 422);
    // A part of a scope opens a part.
    let part = token(instance, "ana", "read:notifications").await;
    let mut socket = Socket::open(instance, &part).await;
    for name in ["user", "public", "direct"] {
        socket.say(&json!({"type": "subscribe", "stream": name})).await;
        let refused = socket.next().await;
        assert_eq!(refused["status"], 403, "{name}: {refused}");
    }
    socket.subscribe(&["user:notification"]).await;
    let part = token(instance, "amina", "read:statuses").await;
    let mut aminas = Socket::open(instance, &part).await;
    aminas.subscribe(&["user"]).await;
    service.mark(&scene.ana, key, Mark::Favourite).await.unwrap();
    let (_, second) = scene.opinion("Three").await;
    // She is told of it, and not by this token.
    let (_, event, payload) = aminas.event().await;
    assert_eq!((event.as_str(), &payload["id"]), ("update", &second.to_string().into()));
    let writes = token(instance, "ana", "write").await;
    let mut socket = Socket::open(instance, &writes).await;
    socket.say(&json!({"type": "subscribe", "stream": "user"})).await;
    assert_eq!(socket.next().await["status"], 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_answered_in_words_and_the_socket_stays() {
    let scene = Scene::new().await;
    let mut socket = Socket::open(&scene.instance, &scene.token).await;
    for (said, status) in [
        (json!({"type": "subscribe", "stream": "nothing"}), 400),
        (json!({"type": "subscribe"}), 400),
        (json!({"type": "subscribe", "stream": "hashtag"}), 400),
        (json!({"type": "subscribe", "stream": "list", "list": "1"}), 404),
        (json!({"type": "dance"}), 400),
        (json!({"stream": "user"}), 400),
        (json!(["subscribe"]), 400),
        (json!(7), 400),
    ] {
        socket.say(&said).await;
        let answer = socket.next().await;
        assert_eq!(answer["status"], status, "{said}: {answer}");
        assert!(!answer["error"].as_str().unwrap().is_empty());
    }
    socket.say_text("{".to_owned()).await;
    assert_eq!(socket.next().await["status"], 400);
    // The same again is one subscription; to leave what one is not in is nothing.
    socket.subscribe(&["public", "public"]).await;
    socket.say(&json!({"type": "unsubscribe", "stream": "user"})).await;
    socket.settle().await;
    scene.opinion("One").await;
    assert_eq!(socket.event().await.2["account"]["acct"], "amina");
    let other = topic(&scene.instance, &scene.amina, "lakes").await;
    let (_, key) = publish(&scene.instance, &scene.amina, &other, "Lakes", "x").await;
    assert_eq!(socket.event().await.2["id"], key.to_string(), "each once");
    // Where a socket is, there is no page.
    let plain = Events::open(&scene.instance, "", Some(&scene.token)).await;
    assert_eq!(plain.unwrap_err().0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_streams_are_server_sent_events() {
    for database in TestDatabase::each().await {
        let scene = Scene::over(database, Bounds::default()).await;
        let instance = &scene.instance;
        let open = async |path: &str| Events::open(instance, path, Some(&scene.token)).await;
        let service = &instance.app.service;
        service.follow_person(&scene.ana, scene.amina.actor.id).await.unwrap();
        let mut streams = Vec::new();
        let every =
            ["user", "public", "public/local", "hashtag?tag=Rivers", "hashtag/local?tag=rivers"];
        for path in every {
            streams.push((path, open(path).await.unwrap()));
        }
        let mut quiet = open("public/remote").await.unwrap();
        let mut told = open("user/notification").await.unwrap();
        assert!(open("direct").await.is_ok());
        let (_, key) = scene.opinion("Two banks").await;
        for (path, events) in &mut streams {
            let (event, data) = events.next().await.unwrap();
            assert_eq!(event, "update", "{path}");
            assert_eq!(data, status(&scene, &scene.token, key).await, "{path}");
        }
        let reply = NewPost {
            text: "support: both banks were asked.".into(),
            in_reply_to: Some(key),
            ..NewPost::default()
        };
        service.write_post(&scene.ana, reply).await.unwrap();
        let (event, data) = told.next().await.unwrap();
        assert_eq!((event.as_str(), &data["type"]), ("notification", &"mention".into()));
        assert!(data["status"]["content"].as_str().unwrap().contains("Recorded"), "{data}");
        let health = Events::open(instance, "health", None).await.unwrap_err();
        assert_eq!(health, (200, "OK".into()));
        for (path, code) in
            [("hashtag", 400), ("list?list=1", 404), ("nothing", 404), ("public/nothing", 404)]
        {
            let (is, body) = open(path).await.unwrap_err();
            assert_eq!(is, code, "{path}: {body}");
            assert!(body["error"].is_string(), "{body}");
        }
        for path in every {
            assert_eq!(Events::open(instance, path, None).await.unwrap_err().0, 401);
        }
        let part = token(instance, "ana", "read:notifications").await;
        assert_eq!(Events::open(instance, "user", Some(&part)).await.unwrap_err().0, 403);
        // Let go all at once: what is quiet ends too.
        service.streams.close();
        assert_eq!(quiet.next().await, None);
    }
}

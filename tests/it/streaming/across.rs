//! Written in another process, told here.

use polylogue::{app::App, config, service::streams::Bounds, workers::control};
use polylogue_tests::{
    Socket, TestDatabase, TestInstance,
    instance::{scratch, settings},
    listening::in_time,
};
use tokio::{net::TcpListener, sync::oneshot};

use super::{Scene, publish, token};

#[tokio::test(flavor = "multi_thread")]
async fn an_act_at_one_of_two_servers_over_one_database_is_told_by_the_other() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let scene = Scene::over(database, Bounds::default()).await;
    let other = scene.instance.beside().await;
    let mut here = Socket::open(&scene.instance, &scene.token).await;
    let mut there = Socket::open(&other, &scene.token).await;
    for socket in [&mut here, &mut there] {
        socket.subscribe(&["public", "user:notification"]).await;
    }
    for (number, server) in [&scene.instance, &other, &scene.instance].into_iter().enumerate() {
        let name = format!("Opinion {number}");
        let (uri, key) = publish(server, &scene.amina, &scene.room, &name, "x").await;
        for socket in [&mut here, &mut there] {
            let (stream, event, payload) = socket.event().await;
            assert_eq!((stream.as_str(), event.as_str()), ("public", "update"));
            assert_eq!(payload["id"], key.to_string());
            assert_eq!(payload["uri"], uri);
        }
    }
    let service = &other.app.service;
    service.follow_person(&scene.amina, scene.ana.actor.id).await.unwrap();
    for socket in [&mut here, &mut there] {
        let (stream, event, payload) = socket.event().await;
        assert_eq!((stream.as_str(), event.as_str()), ("user:notification", "notification"));
        assert_eq!(payload["type"], "follow");
    }
    // A token that is shut out at one server listens at none.
    for program in service.programs_let_in(&scene.ana).await.unwrap() {
        service.shut_out(&scene.ana, &program.key).await.unwrap();
    }
    assert_eq!(here.closed().await, Some(1008));
    assert_eq!(there.closed().await, Some(1008));
}

/// A whole server with its sockets, as `polylogue serve` runs it.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_command_line_does_is_told_and_a_server_that_ends_says_so() {
    let directory = scratch();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let config = || {
        let domain = format!("live.localhost:{}", address.port());
        config::load(None, settings(directory.path(), &domain).into_iter()).unwrap()
    };
    let app = Box::pin(App::open(config())).await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = app.clone();
    #[expect(clippy::disallowed_methods, reason = "the server runs beside the test")]
    let serving = tokio::spawn(async move {
        running.serve(vec![listener], async { stopped.await.unwrap_or_default() }).await
    });
    let instance = TestInstance::elsewhere(app, address, scratch());
    let amina = instance.person("amina", polylogue::domain::group::StakeholderGroup::Governments);
    let amina = amina.await;
    let room = super::topic(&instance, &amina, "rivers").await;
    let mut socket = Socket::open(&instance, &token(&instance, "amina", "read").await).await;
    socket.subscribe(&["user"]).await;
    // Another process over the same file, which rings when it is done.
    let cli = Box::pin(App::open(config())).await.unwrap();
    let beside = TestInstance::elsewhere(cli, address, scratch());
    let (_, key) = publish(&beside, &amina, &room, "From the command line", "x").await;
    assert!(control::ring(directory.path()).await);
    let (_, event, payload) = socket.event().await;
    assert_eq!((event.as_str(), &payload["id"]), ("update", &key.to_string().into()));
    // And one that does not ring is found when it is looked for.
    let (_, key) = publish(&beside, &amina, &room, "Without a word", "x").await;
    let (_, event, payload) = socket.event().await;
    assert_eq!((event.as_str(), &payload["id"]), ("update", &key.to_string().into()));
    stop.send(()).unwrap();
    assert_eq!(socket.closed().await, Some(1001));
    in_time(serving).await.unwrap().unwrap();
}

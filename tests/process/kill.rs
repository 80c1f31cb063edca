//! Killed with -9 in the middle of 200 deliveries: after the restart each of them has been applied exactly once at the
//! receiver, and at most one per lane was sent twice.

use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt as _,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use polylogue::{
    base::limits,
    domain::{audience::Audience, group::StakeholderGroup},
    federation::fetch::Budget,
    service::acts::sign_activity,
    store::{entries::Verdict, projections},
};
use polylogue_tests::{TestInstance, drain, instance::scratch};
use serde_json::{Value, json};
use tokio::sync::watch;
use url::Url;

use super::server::Server;

const COMMENTS: usize = 200;
/// The delivery that is under way while more are written, so that several are due when the lane is read again.
const HELD_AT: usize = 80;
/// How many more.
const WRITTEN_MEANWHILE: usize = 12;
/// The delivery that is under way when the server is killed: one of those.
const KILLED_AT: usize = HELD_AT + WRITTEN_MEANWHILE / 2;

/// Stands before the receiver: counts what is delivered, and lets in so many; the next waits until it lets in more.
#[derive(Clone)]
struct Gate {
    seen: Arc<Mutex<BTreeMap<String, usize>>>,
    count: watch::Sender<usize>,
    below: watch::Sender<usize>,
}

impl Gate {
    fn new() -> Self {
        let below = watch::Sender::new(HELD_AT);
        Self { seen: Arc::default(), count: watch::Sender::new(0), below }
    }

    async fn pass(self, request: Request, next: Next) -> Response {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, limits::INBOX_BODY_BYTES_MAX).await.unwrap();
        let delivered = parts.uri.path() == "/inbox";
        if delivered {
            let activity: Value = serde_json::from_slice(&bytes).unwrap();
            if activity["type"] == "Create" && activity["object"]["type"] == "Note" {
                let id = activity["id"].as_str().unwrap().to_owned();
                *self.seen.lock().unwrap().entry(id).or_default() += 1;
                let distinct = self.seen.lock().unwrap().len();
                self.count.send_replace(distinct);
                self.below.subscribe().wait_for(|below| distinct < *below).await.unwrap();
            }
        }
        next.run(Request::from_parts(parts, Body::from(bytes))).await
    }

    async fn until(&self, distinct: usize) {
        self.count.subscribe().wait_for(|count| *count >= distinct).await.unwrap();
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_200_deliveries() {
    let directory = scratch();
    let mut sender = Server::new(directory.path());
    sender.start();
    let mode = std::fs::metadata(directory.path().join("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "the data directory is its owner's alone");
    let group = ["--group", "civil-society", "--password-stdin"];
    let account = [&["account", "create", "amina", "--display-name", "Amina"][..], &group].concat();
    let made = sender.run(&account, "correct horse battery\n");
    assert!(made.starts_with(&format!("{}/p/amina", sender.origin())), "{made}");
    let question = ["--question", "How?", "--language", "en", "--as", "amina"];
    let topic = [&["topic", "create", "kept", "--name", "Kept"][..], &question].concat();
    let room = sender.run(&topic, "").trim().to_owned();
    let token = sender.run(&["token", "create", "amina", "--scope", "read write follow"], "");
    let token = token.trim();

    // The receiver keeps the topic without a link, and a person there follows the room: one delivery per act.
    let gate = Gate::new();
    let front = gate.clone();
    let receiver = TestInstance::start_behind("receiver", move |router| {
        router.layer(from_fn(move |request: Request, next: Next| front.clone().pass(request, next)))
    })
    .await;
    let joao = receiver.person("joao", StakeholderGroup::Governments).await;
    let service = &receiver.app.service;
    let url = Url::parse(&room).unwrap();
    let fetched =
        receiver.app.federation.fetcher().fetch_json(&url, &Budget::default()).await.unwrap();
    service.open_room("kept", &fetched.document["genesis"], &room, Verdict::Proof).await.unwrap();
    let id = service.paths.activity(1);
    let follow = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Follow",
        "actor": joao.actor.uri, "object": room,
    });
    let keys = service.keys.of(&joao.actor).await.unwrap();
    let body = sign_activity(&keys, follow, service.now()).to_string().into_bytes();
    let inbox = Audience::Inbox(format!("{}/inbox", sender.origin()));
    let tx = service.store.begin().await.unwrap();
    service.send(&tx, &joao.actor, &id, body, &[inbox]).await.unwrap();
    tx.commit().await.unwrap();
    drain(&[&receiver]).await;

    let client = sender.client();
    let new = json!({
        "name": "A text", "abstract": "In short.", "source": "In full.", "language": "en", "status": "open",
    });
    let opinion = sender.post(&client, token, "/topics/kept/opinions", &new).await;
    let path = format!("/opinions/{}/comments", opinion["key"].as_str().unwrap());
    let comment = |number| json!({"content": format!("Number {number}"), "kind": "remark"});
    // Written and delivered side by side until one delivery is held: it must not wait so long that it is given up.
    let mut written = 0;
    while written < HELD_AT || *gate.count.borrow() < HELD_AT {
        sender.post(&client, token, &path, &comment(written)).await;
        written += 1;
    }
    for number in written..written + WRITTEN_MEANWHILE {
        sender.post(&client, token, &path, &comment(number)).await;
    }
    written += WRITTEN_MEANWHILE;
    gate.below.send_replace(KILLED_AT);
    gate.until(KILLED_AT).await;
    sender.kill();
    assert_eq!(gate.seen.lock().unwrap().len(), KILLED_AT, "it was killed in the middle");

    gate.below.send_replace(usize::MAX);
    sender.start();
    // Another client: the connections of the first lead to the server that was killed.
    let client = sender.client();
    for number in written..COMMENTS {
        sender.post(&client, token, &path, &comment(number)).await;
    }
    gate.until(COMMENTS).await;
    drain(&[&receiver]).await;
    let opinion = opinion["id"].as_str().unwrap();
    let held = receiver.app.service.room("kept").await.unwrap();
    // The opinion itself comes as a boost, which a room without a link does not take in: its comments wait for it.
    let comments = projections::replies(&service.store, opinion, 1_000, 0).await.unwrap();
    assert_eq!(comments.len(), COMMENTS, "each is applied once");
    let waiting = projections::unplaced(&service.store, held.id).await.unwrap();
    assert_eq!(waiting, u64::try_from(COMMENTS).unwrap());
    let twice: Vec<usize> =
        gate.seen.lock().unwrap().values().copied().filter(|times| *times > 1).collect();
    assert!(twice.len() <= 1 && twice.iter().all(|times| *times == 2), "sent twice: {twice:?}");
}

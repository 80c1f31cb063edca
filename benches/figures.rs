//! The figures that the README gives, measured on this machine: `cargo bench`, or `cargo bench -- receive page` for some
//! of them. Every figure is CPU time or a median, with how it was taken; nothing here passes or fails.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a benchmark measures with the machine's own clock and stops where it cannot"
)]

#[path = "parts/clients.rs"]
mod clients;
#[path = "parts/filled.rs"]
mod filled;

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
    routing::post,
};
use futures::stream::{self, StreamExt as _};
use polylogue::{
    base::{
        clock::{SystemClock, Timestamp},
        crypto::{ProofKey, RequestKey},
    },
    domain::{
        audience::Audience,
        blocks::{Block, split},
        diff,
        group::StakeholderGroup,
        opinion::OpinionStatus,
    },
    protocol::{
        compose::{Addressing, Anchor, Envelope, Note, Position},
        http_signature::{BodyDigest, Form, SigningKey, sign_post},
    },
    record::{item::Item, statement::signed},
    service::{
        Service,
        opinions::{NewOpinion, NewRevision},
        topics::NewTopic,
    },
    store::{
        Tx, actors,
        actors::Actor,
        anchors, deliveries,
        entries::{self, Arrival, Verdict},
        inbox_items, projections,
    },
};
use polylogue_tests::{TestInstance, instance::scratch};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::Url;

use self::filled::Filled;

const DELIVERIES: usize = 1_000;
const REPLIES: usize = 1_000;
const OPINIONS: usize = 20;
const PAGES: usize = 200;
const PROGRAM: &str = env!("CARGO_BIN_EXE_polylogue");

#[tokio::main]
async fn main() {
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    if wanted("start") {
        start();
    }
    // As in the server: on the threads of the runtime, not beside them.
    if wanted("deliver") {
        tokio::spawn(deliver()).await.expect("it ends");
    }
    if wanted("receive") {
        tokio::spawn(receive()).await.expect("it ends");
    }
    if wanted("page") {
        tokio::spawn(page()).await.expect("it ends");
    }
    if wanted("big") {
        tokio::spawn(big_page()).await.expect("it ends");
    }
    if wanted("clients") {
        tokio::spawn(clients::clients()).await.expect("it ends");
    }
    if wanted("compare") {
        compare();
    }
}

/// CPU seconds of a process so far, user and system (in ticks of 10 ms).
fn cpu_seconds(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux tells");
    let fields: Vec<&str> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|&at| fields.get(at)?.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}

fn resident_mib(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default()
        / 1024.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn start() {
    let directory = scratch();
    let mut times = Vec::new();
    let mut resident = 0.0;
    for run in 0..6 {
        let began = Instant::now();
        let mut child = Command::new(PROGRAM)
            .arg("serve")
            .current_dir(directory.path())
            .env("POLYLOGUE__SERVER__LISTEN", "127.0.0.1:18480")
            .env("POLYLOGUE__INSTANCE__DOMAIN", "figures.localhost:18480")
            .env("POLYLOGUE__DATA__DIR", directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        for line in lines.map_while(Result::ok) {
            if line.contains("Ctrl-C") {
                break;
            }
        }
        while std::net::TcpStream::connect("127.0.0.1:18480").is_err() {}
        // The first start makes the database and the keys.
        if run > 0 {
            times.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
        resident = resident_mib(&child.id().to_string());
        child.kill().expect("it can be stopped");
        child.wait().expect("it stops");
    }
    println!("start to listening, existing database: {:.0} ms (median of {})", median(times), 5);
    println!("resident when idle, a second after the start: {resident:.0} MiB");
}

async fn deliver() {
    let sender = TestInstance::start("sender").await;
    let amina = sender.person("amina", StakeholderGroup::CivilSociety).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let sink =
        Router::new().route("/inbox", post(|_: axum::body::Bytes| async { StatusCode::ACCEPTED }));
    tokio::spawn(async move { axum::serve(listener, sink).await });
    let inbox = format!("http://sink.localhost:{port}/inbox");
    let service = &sender.app.service;
    let body = vec![b'x'; 4_000];
    let tx = service.store.begin().await.expect("a transaction");
    for number in 0..DELIVERIES {
        let id = format!("{}/a/{number}", sender.origin());
        let audience = [Audience::Inbox(inbox.clone())];
        service.send(&tx, &amina.actor, &id, body.clone(), &audience).await.expect("a row");
    }
    tx.commit().await.expect("a commit");
    while sender.app.federation.expand().await.expect("it expands") > 0 {}
    let host = format!("sink.localhost:{port}");
    let (cpu, began) = (cpu_seconds("self"), Instant::now());
    while sender.app.federation.deliver(&host).await.expect("it delivers") > 0 {}
    let (cpu, wall) = (cpu_seconds("self") - cpu, began.elapsed().as_secs_f64());
    let done = deliveries::count(&service.store, deliveries::DONE).await.expect("a count");
    println!(
        "signed delivery of 4 kB, one lane, receiver's side included: {:.2} ms CPU, {:.0}/s ({done} delivered)",
        cpu * 1_000.0 / DELIVERIES as f64,
        DELIVERIES as f64 / wall
    );
}

async fn publish(instance: &TestInstance, count: usize) -> Vec<String> {
    let amina = instance.person("amina", StakeholderGroup::CivilSociety).await;
    let service = &instance.app.service;
    let topic = NewTopic {
        slug: "figures".to_owned(),
        name: "Figures".to_owned(),
        question: "How fast?".to_owned(),
        language: "en".to_owned(),
        parties: None,
    };
    let (room, _) = service.create_topic(&amina, topic).await.expect("a topic");
    let mut uris = Vec::new();
    for number in 0..count {
        let new = NewOpinion {
            name: format!("Opinion {number}"),
            abstract_text: "The point of it, in a sentence that says what a reader should know."
                .to_owned(),
            source: "## A heading\n\nA paragraph of some length.\n\n".repeat(20),
            language: "en".to_owned(),
            status: OpinionStatus::Open,
        };
        uris.push(
            service.publish_opinion(&amina, room.clone(), new).await.expect("an opinion").uri,
        );
    }
    uris
}

/// Replies from one server, one after the other; and from several, with as many at once on their way.
async fn receive() {
    receive_from(1).await;
    receive_from(8).await;
}

async fn receive_from(servers: usize) {
    // One host sends more at once than its rate: what is measured is the work, not the waiting.
    let off = [("LIMITS__ENABLED", "false")];
    let receiver = TestInstance::start_set("receiver", &off, Arc::new(SystemClock)).await;
    let opinion = publish(&receiver, 1).await.pop().expect("an opinion");
    let key = std::sync::Arc::new(RequestKey::generate().expect("a key"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let actor = |server: usize| format!("http://masto{server}.localhost:{port}/users/a");
    let pem = key.public_pem().to_owned();
    let answer = move |headers: HeaderMap| async move {
        let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        let actor = format!("http://{host}/users/a");
        let document = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": actor, "type": "Person",
            "preferredUsername": "a", "inbox": format!("{actor}/inbox"), "outbox": format!("{actor}/outbox"),
            "publicKey": {"id": format!("{actor}#main-key"), "owner": actor, "publicKeyPem": pem},
        });
        ([("content-type", "application/activity+json")], document.to_string())
    };
    let router = Router::new().route("/users/a", axum::routing::get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let service = &receiver.app.service;
    let url = Url::parse(&format!("{}/inbox", receiver.origin())).expect("a URL");
    let public = "https://www.w3.org/ns/activitystreams#Public";
    // Signed beforehand, so that the receiver's work alone is measured.
    let mut requests: Vec<Request<Body>> = (0..REPLIES + servers)
        .map(|number| {
            let actor = actor(number % servers);
            let id = format!("{actor}/statuses/{number}");
            let activity: Value = json!({
                "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"),
                "type": "Create", "actor": actor, "to": [public], "cc": [], "published": "2026-11-24T10:00:00Z",
                "object": {"id": id, "type": "Note", "attributedTo": actor, "inReplyTo": opinion, "to": [public],
                    "content": format!("<p>Number {number}</p>"), "published": "2026-11-24T10:00:00Z"},
            });
            let body = activity.to_string().into_bytes();
            let key_id = format!("{actor}#main-key");
            let headers = sign_post(SigningKey { key: &key, id: &key_id }, &url, &BodyDigest::of(&body), Form::Cavage, service.now()).expect("signed");
            let mut request = Request::post(url.path()).body(Body::from(body)).expect("a request");
            request.headers_mut().extend(headers);
            request
        })
        .collect();
    let router = receiver.app.router();
    // Puts them in, so many at once, until all are visible.
    let take = async |requests: Vec<Request<Body>>| {
        let answers = stream::iter(requests).map(|request| router.clone().oneshot(request));
        let answers: Vec<_> = answers.buffer_unordered(servers).collect().await;
        for answer in answers {
            assert_eq!(answer.expect("an answer").status(), StatusCode::ACCEPTED);
        }
        while receiver.app.federation.process_inbox().await.expect("it works") > 0 {}
    };
    // The first of each server fetches the key: it is not counted.
    let rest = requests.split_off(servers);
    take(requests).await;
    let (cpu, began) = (cpu_seconds("self"), Instant::now());
    take(rest).await;
    let (cpu, wall) = (cpu_seconds("self") - cpu, began.elapsed().as_secs_f64());
    let visible =
        projections::replies(&service.store, &opinion, 10_000, 0).await.expect("comments").len();
    let done = inbox_items::count(&service.store, inbox_items::DONE).await.expect("a count");
    println!(
        "received signed reply until it is visible, with receipt, {servers} at once: {:.2} ms CPU, {:.0}/s ({visible} visible of {done})",
        cpu * 1_000.0 / REPLIES as f64,
        REPLIES as f64 / wall
    );
}

async fn page() {
    let instance = TestInstance::start("pages").await;
    publish(&instance, OPINIONS).await;
    let router = instance.app.router();
    let host = instance.app.service.paths.domain().to_owned();
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..PAGES {
        let request = Request::get("/t/figures")
            .header("host", &host)
            .header("accept", "text/html")
            .body(Body::empty())
            .expect("a request");
        let began = Instant::now();
        let answer = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a page");
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        bytes = body.len();
    }
    println!(
        "topic page of {OPINIONS} opinions: {:.1} ms at the median of {PAGES}, {bytes} bytes",
        median(times)
    );
}

const BLOCKS: usize = 300;
const COMMENTS: usize = 10_000;
const POSITIONS: usize = 1_000;
const PEOPLE: usize = 1_000;
const VIEWS: usize = 50;
const AT_ONCE: usize = 1_000;

/// Somebody on another server, with a key.
struct Speaker {
    uri: String,
    group: &'static str,
    key: ProofKey,
}

impl Speaker {
    fn number(number: usize) -> Self {
        let mut seed = [0; 32];
        for (to, from) in seed.iter_mut().zip(number.to_le_bytes()) {
            *to = from;
        }
        let groups = StakeholderGroup::ALL;
        Self {
            uri: format!("https://many.example/p/p{number}"),
            group: groups.get(number % groups.len()).expect("a group").term(),
            key: ProofKey::from_seed(seed),
        }
    }

    fn actor(&self, id: i64) -> Actor {
        let name = self.uri.rsplit('/').next().unwrap_or_default().to_owned();
        Actor {
            id,
            uri: self.uri.clone(),
            host: "many.example".to_owned(),
            kind: "Person".to_owned(),
            name: format!("Participant {name}"),
            username: name,
            summary: String::new(),
            url: self.uri.clone(),
            inbox: format!("{}/inbox", self.uri),
            shared_inbox: None,
            outbox: None,
            followers: None,
            following: None,
            webfinger: None,
            request_key_id: None,
            request_key_pem: None,
            proof_keys: "[]".to_owned(),
            recovery_key: None,
            stakeholder_group: Some(self.group.to_owned()),
            region: None,
            implements_mesh: false,
            local: false,
            fetched_at: 0,
            gone_at: None,
            avatar: None,
            header: None,
            created_at: 0,
        }
    }

    fn sign(&self, document: Value, at: Timestamp) -> Item {
        Item::of(signed(document, &self.key, &format!("{}#ed25519", self.uri), at))
            .expect("an item")
    }
}

async fn take(service: &Service, tx: &Tx, room_id: i64, item: &Item) {
    let body = serde_json::to_vec(item.log_document()).expect("JSON");
    let arrival = Arrival {
        room_id,
        item,
        body: &body,
        verdict: Verdict::Proof,
        origin: None,
        sent_to: &[],
        hops: 0,
        taken_at: service.now(),
        fresh_key: service.new_id(),
    };
    entries::append(tx, &arrival).await.expect("it is taken");
}

/// A text of 300 blocks with 10,000 comments and 1,000 positions: its page, and, where it is not kept as it is, finding
/// the passages again after a revision.
async fn big_page() {
    let filled = Filled::open("big").await;
    let (path, fresh) = if let Some(path) = filled.noted() {
        (path, None)
    } else {
        let (path, opinion) = fill_big(&filled).await;
        (path, Some(opinion))
    };
    let router = filled.app.router();
    let mut times = Vec::new();
    let (mut plain, mut packed) = (0, 0);
    for view in 0..=VIEWS {
        let began = Instant::now();
        plain = filled.get(&router, &path, &[("accept", "text/html")]).await;
        // The first takes the text apart.
        if view > 0 {
            times.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
        let headers = [("accept", "text/html"), ("accept-encoding", "gzip")];
        packed = filled.get(&router, &path, &headers).await;
    }
    println!(
        "opinion page of {BLOCKS} blocks, {COMMENTS} comments, {POSITIONS} positions: {:.1} ms at the median of {VIEWS}, \
         {plain} bytes, {packed} compressed",
        median(times)
    );
    let Some((room_id, opinion)) = fresh.filter(|_| !filled.is_kept()) else { return };
    let service = &filled.app.service;
    let amina = service.caller_named("amina").await.expect("the author");
    let new = NewRevision {
        name: None,
        source: big_text(true),
        abstract_text: None,
        change_note: "A third of it.".to_owned(),
        status: None,
    };
    service.revise_opinion(&amina, &opinion, new).await.expect("a revision");
    let tx = service.store.begin().await.expect("a transaction");
    let began = Instant::now();
    let found = anchors::find_again(&tx, room_id, &opinion).await.expect("they are found");
    tx.commit().await.expect("a commit");
    println!(
        "passages of {COMMENTS} comments found again after a revision: {:.0} ms ({found} passages)",
        began.elapsed().as_secs_f64() * 1_000.0
    );
}

/// The long text, with a third of its paragraphs changed or not.
fn big_text(changed: bool) -> String {
    (0..BLOCKS)
        .map(|n| {
            let word = if changed && n % 3 == 0 { "another" } else { "one" };
            format!(
                "Paragraph {n} of some length says {word} thing of matter {} and of {n}.",
                n * 7
            )
        })
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// Fills it; answers its page, and its room and id.
async fn fill_big(filled: &Filled) -> (String, (i64, String)) {
    let service = &filled.app.service;
    let amina = filled.author().await;
    let topic = NewTopic {
        slug: "big".to_owned(),
        name: "Big".to_owned(),
        question: "How fast?".to_owned(),
        language: "en".to_owned(),
        parties: None,
    };
    let (room, _) = service.create_topic(&amina, topic).await.expect("a topic");
    let new = NewOpinion {
        name: "A long text".to_owned(),
        abstract_text: "The point of it.".to_owned(),
        source: big_text(false),
        language: "en".to_owned(),
        status: OpinionStatus::Open,
    };
    let acted = service.publish_opinion(&amina, room.clone(), new).await.expect("an opinion");
    let view = service.opinion(&acted.uri, None).await.expect("the opinion");
    let blocks = polylogue::domain::blocks::split(&view.shown.content);
    let people: Vec<Speaker> = (0..PEOPLE).map(Speaker::number).collect();
    let start = service.now();
    let at = |n: usize| start.plus_millis(i64::try_from(n).unwrap_or_default());
    let tx = service.store.begin().await.expect("a transaction");
    for person in &people {
        actors::insert(&tx, person.actor(service.new_id())).await.expect("an actor");
    }
    tx.commit().await.expect("a commit");
    let kinds = ["plg:remark", "plg:question", "plg:objection", "plg:suggestion", "plg:concern"];
    let uri = |n: usize| format!("https://many.example/c/{n}");
    let numbers: Vec<usize> = (0..COMMENTS).collect();
    for some in numbers.chunks(AT_ONCE) {
        let tx = service.store.begin().await.expect("a transaction");
        for n in some.iter().copied() {
            let person = people.get(n % PEOPLE).expect("somebody");
            // Of ten comments seven are on a paragraph, one on the whole, two answer another.
            let parent = if n % 10 >= 8 && n > 10 { uri(n - 9) } else { acted.uri.clone() };
            let anchor =
                blocks.get(n * 13 % blocks.len()).filter(|_| n % 10 < 7).map(|block| Anchor {
                    source: acted.uri.clone(),
                    revision: 1,
                    digest: view.shown.digest.clone(),
                    block: Some(block.id.clone()),
                    exact: (n % 3 == 0).then(|| "of some length says".to_owned()),
                    around: ("Paragraph ".to_owned(), " one thing".to_owned()),
                    missing_here: false,
                });
            let (id, activity) = (uri(n), format!("https://many.example/a/{n}"));
            let addressing = Addressing::public(&[], &[]);
            let note = Note {
                id: &id,
                author: &person.uri,
                in_reply_to: &parent,
                content: "<p>A comment of a sentence or two, with <em>some</em> stress. It says what it is about.</p>",
                source: None,
                language: "en",
                published: at(n),
                addressing: addressing.clone(),
                audience: &acted.uri,
                topic: &room.topic,
                context: &acted.uri,
                mention: None,
                anchors: anchor.as_slice(),
                comment_kind: kinds.get(n % kinds.len()).copied(),
                stakeholder_group: Some(person.group),
                capacity: None,
                mandate: None,
                position: None,
                signed_in_as: None,
                pictures: &[],
            }
            .print();
            let envelope = Envelope {
                id: &activity,
                actor: &person.uri,
                published: at(n),
                addressing,
                audience: None,
            };
            take(service, &tx, room.id, &person.sign(envelope.activity("Create", note), at(n)))
                .await;
        }
        tx.commit().await.expect("a commit");
    }
    let tx = service.store.begin().await.expect("a transaction");
    for n in 0..POSITIONS {
        let person = people.get(n % PEOPLE).expect("somebody");
        let position = Position {
            kind: ["plg:support", "plg:reservation"].get(n % 2).copied().unwrap_or_default(),
            capacity: "plg:individual",
            mandate: None,
            role: None,
            stakeholder_group: Some(person.group),
            region: None,
            revision: 1,
            digest: &view.shown.digest,
            statement: Some("For the reason that is given here."),
        };
        let activity = format!("https://many.example/a/p{n}");
        let envelope = Envelope {
            id: &activity,
            actor: &person.uri,
            published: at(n),
            addressing: Addressing::public(&[], &[]),
            audience: None,
        };
        take(service, &tx, room.id, &person.sign(envelope.like(&acted.uri, &position), at(n)))
            .await;
    }
    tx.commit().await.expect("a commit");

    let path = format!("/o/{}", acted.key);
    filled.is_filled(&path);
    (path, (room.id, acted.uri))
}

/// Two revisions of 20,000 words: a few words changed, half of the paragraphs rewritten, every paragraph another.
fn compare() {
    const PARAGRAPHS: usize = 320;
    const WORDS: usize = 63;
    let word = |seed: usize| format!("word{}", seed.wrapping_mul(2_654_435_761) % 5_003);
    let paragraph = |at: usize, words: usize| -> String {
        let words: Vec<String> = (0..words).map(|n| word(at * 1_009 + n)).collect();
        format!("<p>{}.</p>", words.join(" "))
    };
    let text = |pick: &dyn Fn(usize) -> String| -> Vec<Block> {
        split(&(0..PARAGRAPHS).map(pick).collect::<String>())
    };
    let old = text(&|at| paragraph(at, WORDS));
    let small = text(&|at| {
        if at % 20 == 0 { paragraph(at, WORDS - 2) } else { paragraph(at, WORDS) }
    });
    let rewritten = text(&|at| {
        if at % 2 == 0 {
            paragraph(at, WORDS)
        } else {
            paragraph(at, WORDS / 2) + "<p>And more.</p>"
        }
    });
    let other = text(&|at| paragraph(at + 77_777, WORDS));
    for (what, new) in
        [("small edits", &small), ("half rewritten", &rewritten), ("all other", &other)]
    {
        let times = (0..9).map(|_| {
            let began = Instant::now();
            let changes = diff::compare(&old, new);
            assert!(changes.len() >= PARAGRAPHS);
            began.elapsed().as_secs_f64() * 1_000.0
        });
        println!("comparing two texts of 20,000 words, {what}: {:.1} ms", median(times.collect()));
    }
}

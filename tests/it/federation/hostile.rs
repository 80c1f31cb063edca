//! The table of bad inputs: what strangers may try at the inbox and by having us fetch, each with its status, the time it
//! took and what was stored. Nothing of it is ever stored, none ends in an error of ours, and memory stays flat. (Protocol
//! tests 16, 17, 22, 23, 28 and the hostile half of 72 are rows of it.)

use std::{
    io::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, Method};
use polylogue::{
    base::{
        clock::{Clock as _, SystemClock},
        limits,
    },
    domain::group::StakeholderGroup,
    federation::fetch::Budget,
    protocol::http_signature::{BodyDigest, Form},
    store::{entries, inbox_items},
};
use polylogue_tests::{
    Asked, Reply, Scripted, Sender, TestInstance, drain,
    scripted::{send, with},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::Url;

use super::mesh::{SLUG, found, publish};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const HOUR_MILLIS: i64 = 3_600_000;
/// What the process may grow by while all of it is tried: less than any one bomb would take.
const GROWTH_MIB_MAX: u64 = 64;
/// Size of a bomb once it is unpacked.
const BOMB_MIB: usize = 256;

/// One row of the table.
struct Row {
    what: String,
    outcome: String,
    took: Duration,
    stored: u64,
}

struct Table {
    civil: TestInstance,
    opinion: String,
    host: Scripted,
    ada: Arc<Sender>,
    rows: Vec<Row>,
}

impl Table {
    async fn open() -> Self {
        // Rates are another matter: here everything is tried at once.
        let off = [("LIMITS__ENABLED", "false")];
        let civil = TestInstance::start_set("civil", &off, Arc::new(SystemClock)).await;
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        found(&civil, &amina).await;
        let opinion = publish(&civil, &amina).await;
        drain(&[&civil]).await;
        let host = Scripted::start("masto").await;
        let ada = Arc::new(Sender::at(host.origin(), "ada"));
        let (known, origin) = (Arc::clone(&ada), host.origin().to_owned());
        let bomb = bomb();
        host.answers(move |asked| hostile_answer(asked, &known, &origin, &bomb));
        Self { civil, opinion, host, ada, rows: Vec::new() }
    }

    fn inbox(&self) -> String {
        format!("{}/inbox", self.civil.origin())
    }

    fn note(&self) -> Value {
        let (actor, id) = (&self.ada.actor, format!("{}/statuses/1", self.ada.actor));
        json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"), "type": "Create",
            "actor": actor, "to": [PUBLIC], "cc": [], "published": "2026-09-21T10:00:00Z",
            "object": {"id": id, "type": "Note", "attributedTo": actor, "inReplyTo": self.opinion, "to": [PUBLIC],
                "cc": [], "content": "Yes", "published": "2026-09-21T10:00:00Z"},
        })
    }

    /// Everything that is stored of what came in.
    async fn stored(&self) -> u64 {
        let store = &self.civil.app.service.store;
        let mut all = 0;
        for state in ["new", "waiting", "held", "done", "refused"] {
            all += inbox_items::count(store, state).await.unwrap();
        }
        all
    }

    /// Sends bytes as they are, with these headers; notes the row.
    async fn posts(&mut self, what: &str, headers: HeaderMap, body: Vec<u8>) -> u16 {
        let (before, began) = (self.stored().await, now());
        let (status, ..) = send(Method::POST, &self.inbox(), headers, body).await;
        let took = began.elapsed();
        let stored = self.stored().await - before;
        let outcome = status.as_u16().to_string();
        self.rows.push(Row { what: what.to_owned(), outcome, took, stored });
        status.as_u16()
    }

    /// Sends a body that Ada signed rightly.
    async fn signed(&mut self, what: &str, body: Vec<u8>) -> u16 {
        let headers = self.ada.signs(&self.inbox(), &body, Form::Cavage, SystemClock.now());
        self.posts(what, headers, body).await
    }

    async fn signed_json(&mut self, what: &str, body: &Value) -> u16 {
        self.signed(what, body.to_string().into_bytes()).await
    }

    /// Writes raw bytes to the socket and reads the status line.
    async fn raw(&mut self, what: &str, request: &[u8]) -> u16 {
        let (before, began) = (self.stored().await, now());
        let url = Url::parse(self.civil.origin()).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
        // It may hang up before all is written.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let mut some = [0; 1024];
        while !answer.windows(2).any(|pair| pair == b"\r\n") {
            match stream.read(&mut some).await {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(&some[..count]),
            }
        }
        let line = String::from_utf8_lossy(&answer);
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let took = began.elapsed();
        let stored = self.stored().await - before;
        let outcome = if status == 0 { "hung up".to_owned() } else { status.to_string() };
        self.rows.push(Row { what: what.to_owned(), outcome, took, stored });
        status
    }

    /// Has the instance fetch an address, and notes what that ended in.
    async fn fetches(&mut self, what: &str, address: &str) -> String {
        let began = now();
        let url = Url::parse(address).unwrap();
        let fetched = self.civil.app.federation.fetcher().fetch_json(&url, &Budget::new(5)).await;
        let outcome = match fetched {
            Ok(_) => "TAKEN".to_owned(),
            Err(error) => error.to_string().chars().take(70).collect(),
        };
        let took = began.elapsed();
        self.rows.push(Row { what: what.to_owned(), outcome: outcome.clone(), took, stored: 0 });
        outcome
    }

    fn print(&self) {
        println!("{:<62} {:<72} {:>8} {:>6}", "input", "status", "ms", "stored");
        for row in &self.rows {
            let millis = row.took.as_secs_f64() * 1_000.0;
            println!("{:<62} {:<72} {millis:>8.1} {:>6}", row.what, row.outcome, row.stored);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "measured, not decided by")]
fn now() -> Instant {
    Instant::now()
}

/// What this process holds in memory, in MiB.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// A quarter of a gigabyte of spaces around a document, packed.
fn bomb() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let mib = vec![b' '; 1024 * 1024];
    for _ in 0..BOMB_MIB {
        packed.write_all(&mib).unwrap();
    }
    packed.finish().unwrap()
}

/// What the hostile server answers.
fn hostile_answer(asked: &Asked, ada: &Sender, origin: &str, bomb: &[u8]) -> Reply {
    let id = |path: &str| format!("{origin}{path}");
    let note = |path: &str| json!({"id": id(path), "type": "Note", "content": "x"});
    let to = |location: &str| Reply::status(302).with("location", location);
    let activity = "application/activity+json";
    let path = asked.target.as_str();
    match path {
        _ if path == ada.path("") => Reply::document(&ada.document()),
        "/fetch/loopback" => to("http://127.0.0.1:22/"),
        "/fetch/localhost-port" => to("http://localhost:22/"),
        "/fetch/metadata" => to("http://169.254.169.254/latest/meta-data"),
        "/fetch/file" => to("file:///etc/passwd"),
        "/fetch/round" => to("/fetch/round"),
        "/fetch/far" => to("/fetch/far/1"),
        "/fetch/far/1" => to("/fetch/far/2"),
        "/fetch/far/2" => to("/fetch/far/3"),
        "/fetch/far/3" => to("/fetch/far/4"),
        "/fetch/other" => to("http://other.localhost:8480/o/1"),
        "/fetch/html" => Reply::bytes("text/html", note(path).to_string().into_bytes()),
        "/fetch/plain-json" => {
            Reply::bytes("application/json", note(path).to_string().into_bytes())
        }
        "/fetch/no-type" => Reply { headers: Vec::new(), ..Reply::document(&note(path)) },
        "/fetch/another-id" => Reply::document(&json!({"id": "http://other.localhost:8480/o/1"})),
        "/fetch/id-chain" => Reply::document(&json!({"id": id("/fetch/id-chain/1")})),
        "/fetch/id-chain/1" => Reply::document(&json!({"id": id("/fetch/id-chain/2")})),
        "/fetch/no-id" => Reply::document(&json!({"type": "Note"})),
        "/fetch/large" => Reply::bytes(activity, vec![b' '; limits::FETCH_BODY_BYTES_MAX + 1]),
        "/fetch/bomb" => Reply::bytes(activity, bomb.to_vec()).with("content-encoding", "gzip"),
        "/fetch/broken-gzip" => {
            Reply::bytes(activity, b"no gzip".to_vec()).with("content-encoding", "gzip")
        }
        "/fetch/deep" => Reply::bytes(activity, nested(limits::JSON_DEPTH_MAX + 1).into_bytes()),
        "/fetch/wide" => {
            Reply::bytes(activity, wide(limits::JSON_ARRAY_LENGTH_MAX + 1).into_bytes())
        }
        "/fetch/twice" => Reply::bytes(
            activity,
            format!("{{\"id\":\"{0}\",\"id\":\"{0}\"}}", id(path)).into_bytes(),
        ),
        "/fetch/not-utf8" => Reply::bytes(activity, b"{\"id\":\"\xff\"}".to_vec()),
        "/fetch/not-json" => Reply::bytes(activity, b"<html>".to_vec()),
        "/fetch/headers" => Reply::document(&note(path)).with("x-long", &"x".repeat(1_000_000)),
        "/fetch/gone" => Reply::status(410),
        "/fetch/closed" => Reply::status(403),
        _ => Reply::status(404),
    }
}

fn nested(depth: usize) -> String {
    format!("{{\"x\":{}1{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1))
}

fn wide(items: usize) -> String {
    format!("{{\"x\":[{}]}}", vec!["1"; items].join(","))
}

#[tokio::test]
async fn test_72_and_23_everything_hostile_is_refused_and_nothing_of_it_stored() {
    let mut table = Table::open().await;
    // Connections, keys and caches are there before memory is looked at.
    let warm = table.note();
    assert_eq!(table.signed_json("(for comparison: a reply as it should be)", &warm).await, 202);
    let _ = table.fetches("(for comparison: its author)", &table.ada.actor.clone()).await;
    let before = resident_mib();
    bodies(&mut table).await;
    signatures(&mut table).await;
    owners(&mut table).await;
    connections(&mut table).await;
    fetched(&mut table).await;
    let grown = resident_mib().saturating_sub(before);
    table.print();
    println!("{} inputs; resident memory grew by {grown} MiB from {before} MiB", table.rows.len());

    let (good, bad) = table.rows.split_at(2);
    assert_eq!((good[0].stored, good[1].outcome.as_str()), (1, "TAKEN"));
    for row in bad {
        assert_eq!(row.stored, 0, "{}", row.what);
        assert_ne!(row.outcome, "TAKEN", "{}", row.what);
        // What cannot be judged now is told to come again; that is the one 5xx there is, and no error of ours.
        let is_error = row.outcome.len() == 3 && row.outcome.starts_with('5');
        assert!(
            !is_error || (row.outcome == "503" && row.what.contains("is down")),
            "{}",
            row.what
        );
        assert!(
            !row.outcome.starts_with('2') || row.what.contains("unknown actor"),
            "{}",
            row.what
        );
        assert!(row.took < Duration::from_secs(5), "{}: {:?}", row.what, row.took);
    }
    assert!(table.rows.len() >= 60, "{}", table.rows.len());
    assert!(grown <= GROWTH_MIB_MAX, "{grown} MiB more");

    // And the record holds nothing of it: the one reply that was right, and what was there before.
    drain(&[&table.civil]).await;
    let service = &table.civil.app.service;
    let room = service.room(SLUG).await.unwrap();
    let log = entries::page(&service.store, room.id, 0, 200).await.unwrap();
    let foreign =
        log.iter().filter(|row| row.kind == "act" && row.actor == table.ada.actor).count();
    assert_eq!(foreign, 1);
}

/// Bodies that are no activity, each signed as it is.
async fn bodies(table: &mut Table) {
    let actor = table.ada.actor.clone();
    let head = format!("\"id\":\"{actor}/x\",\"type\":\"Create\",\"actor\":\"{actor}\"");
    let text = |more: &str| format!("{{{head},{more}}}").into_bytes();
    for (what, body) in [
        ("body: empty", Vec::new()),
        ("body: not JSON", b"hello".to_vec()),
        ("body: cut in the middle", table.note().to_string().into_bytes()[..200].to_vec()),
        ("body: two documents", b"{}{}".to_vec()),
        ("body: a list", b"[]".to_vec()),
        ("body: a number", b"7".to_vec()),
        ("body: null", b"null".to_vec()),
        ("body: not UTF-8", b"{\"id\":\"\xff\xfe\"}".to_vec()),
        ("body: half a surrogate pair", text("\"x\":\"\\ud800\"")),
        ("body: a number beyond a double", text("\"x\":1e999")),
        ("body: a key twice", text("\"id\":\"http://x.localhost:8480/\"")),
        ("body: a key twice, deep inside", text("\"object\":{\"a\":1,\"a\":2}")),
        ("body: one level too deep", text(&format!("\"x\":{}", nested(limits::JSON_DEPTH_MAX)))),
        ("body: 100,000 levels", text(&format!("\"x\":{}", "[".repeat(100_000)))),
        (
            "body: one item too many",
            text(&format!("\"x\":{}", wide(limits::JSON_ARRAY_LENGTH_MAX + 1))),
        ),
        (
            "body: 500,000 empty objects",
            text(&format!("\"x\":[{}]", vec!["{}"; 300_000].join(","))),
        ),
        ("body: one byte too large", vec![b' '; limits::INBOX_BODY_BYTES_MAX + 1]),
        ("body: no id", format!("{{\"type\":\"Create\",\"actor\":\"{actor}\"}}").into_bytes()),
        ("body: no actor", format!("{{\"type\":\"Create\",\"id\":\"{actor}/1\"}}").into_bytes()),
        (
            "body: the id is an object",
            format!("{{\"id\":{{}},\"actor\":\"{actor}\"}}").into_bytes(),
        ),
        (
            "body: the actor is a list of lists",
            format!("{{\"id\":\"{actor}/1\",\"actor\":[[[]]]}}").into_bytes(),
        ),
        (
            "body: an id of 3,000 characters",
            format!("{{\"id\":\"{actor}/{}\",\"actor\":\"{actor}\"}}", "x".repeat(3_000))
                .into_bytes(),
        ),
        (
            "body: javascript as id",
            b"{\"id\":\"javascript:alert(1)\",\"actor\":\"javascript:alert(1)\"}".to_vec(),
        ),
    ] {
        table.signed(what, body).await;
    }
    let good = table.note().to_string().into_bytes();
    let signed = table.ada.signs(&table.inbox(), &good, Form::Cavage, SystemClock.now());
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&good).unwrap();
    for (what, name, value, body) in [
        ("media type: text/plain", "content-type", "text/plain", good.clone()),
        ("media type: multipart", "content-type", "multipart/form-data; boundary=x", good.clone()),
        ("encoding: gzip", "content-encoding", "gzip", packed.finish().unwrap()),
        ("encoding: a bomb of 256 MiB", "content-encoding", "gzip", bomb()),
    ] {
        // Before anything is looked at: what the signature covers would not fit either.
        let status = table.posts(what, with(signed.clone(), name, value), body).await;
        assert_eq!(status, 415, "{what}");
    }
}

/// Signatures that are not by whom they say, for this, here and now.
async fn signatures(table: &mut Table) {
    let (inbox, now, ada) = (table.inbox(), SystemClock.now(), Arc::clone(&table.ada));
    let mut note = table.note();
    note["id"] = json!(format!("{}/statuses/2/activity", ada.actor));
    let good = note.to_string().into_bytes();
    let other = note.to_string().replace("Yes", "No!").into_bytes();
    table.posts("signature: none", HeaderMap::new(), good.clone()).await;
    for form in [Form::Cavage, Form::Rfc9421] {
        let named = |what: &str| format!("{}: {what}", form.word());
        let right = ada.signs(&inbox, &good, form, now);
        let digest = if form == Form::Cavage { "digest" } else { "content-digest" };
        table.posts(&named("another body"), right.clone(), other.clone()).await;
        let fits = BodyDigest::of(&other);
        let value = if form == Form::Cavage { fits.to_digest() } else { fits.to_content_digest() };
        table
            .posts(
                &named("another body and its digest"),
                with(right.clone(), digest, &value),
                other.clone(),
            )
            .await;
        let mut bare = right.clone();
        bare.remove(digest);
        table.posts(&named("no digest"), bare, good.clone()).await;
        table
            .posts(
                &named("a digest of another kind"),
                with(right.clone(), digest, "md5=AAAA"),
                good.clone(),
            )
            .await;
        for (what, at) in
            [("two hours old", -2 * HOUR_MILLIS), ("two hours ahead", 2 * HOUR_MILLIS)]
        {
            let headers = ada.signs(&inbox, &good, form, now.plus_millis(at));
            table.posts(&named(what), headers, good.clone()).await;
        }
        let path = ada.signs(&format!("{}/p/amina/inbox", table.civil.origin()), &good, form, now);
        table.posts(&named("signed for another path"), path, good.clone()).await;
        let mut elsewhere = ada.signs("http://gov.localhost:8481/inbox", &good, form, now);
        table.posts(&named("signed for another host"), elsewhere.clone(), good.clone()).await;
        let own = table.civil.origin().trim_start_matches("http://").to_owned();
        elsewhere.insert("host", HeaderValue::try_from(own).unwrap());
        table
            .posts(&named("signed for another host, sent as for us"), elsewhere, good.clone())
            .await;
        let forger = Sender {
            key: Sender::at("http://x.localhost:1", "x").key,
            key_id: ada.key_id.clone(),
            actor: ada.actor.clone(),
        };
        table
            .posts(&named("by another's key"), forger.signs(&inbox, &good, form, now), good.clone())
            .await;
    }
    let right = ada.signs(&inbox, &good, Form::Cavage, now);
    let text = right["signature"].to_str().unwrap().to_owned();
    for (what, value) in [
        ("cavage: nothing in it", String::new()),
        ("cavage: no key", text.replace("keyId", "keyIX")),
        ("cavage: the key twice", format!("{text},keyId=\"x\"")),
        (
            "cavage: the digest is not covered",
            text.replace("date digest content-type", "date content-type"),
        ),
        ("cavage: a header that is not there", text.replace("content-type", "x-absent")),
        ("cavage: 10,000 headers covered", text.replace("content-type", &"date ".repeat(10_000))),
        ("cavage: an algorithm of its own", text.replace("rsa-sha256", "none")),
        ("cavage: not base64", text.replace("signature=\"", "signature=\"!!")),
    ] {
        table.posts(what, with(right.clone(), "signature", &value), good.clone()).await;
    }
    let right = ada.signs(&inbox, &good, Form::Rfc9421, now);
    let text = right["signature-input"].to_str().unwrap().to_owned();
    for (what, value) in [
        ("rfc9421: no list", "sig1".to_owned()),
        ("rfc9421: a list without end", "sig1=(".to_owned()),
        ("rfc9421: five labels", "a=(),b=(),c=(),d=(),e=()".to_owned()),
        ("rfc9421: the method is not covered", text.replace("\"@method\" ", "")),
        ("rfc9421: no date", text.replace("created=", "expires=")),
        ("rfc9421: alg=none", text.replace("rsa-v1_5-sha256", "none")),
    ] {
        table.posts(what, with(right.clone(), "signature-input", &value), good.clone()).await;
    }
}

/// Keys and actors that are not whose they say, or are not to be had.
async fn owners(table: &mut Table) {
    let (inbox, now) = (table.inbox(), SystemClock.now());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let ours = table.civil.app.service.caller_named("amina").await.unwrap().actor.uri;
    for (what, actor) in [
        ("key: its server is down", format!("http://down.localhost:{closed}/users/x")),
        ("key: there is no such actor", format!("{}/users/nobody", table.host.origin())),
        ("key: its actor is gone", format!("{}/fetch/gone", table.host.origin())),
        ("key: its actor is no actor", format!("{}/fetch/no-id", table.host.origin())),
        ("key: at this machine by number", "http://127.0.0.1:8480/users/x".to_owned()),
        ("key: at a port of a service here", "http://localhost:22/users/x".to_owned()),
        ("key: a redirect to this machine", format!("{}/fetch/loopback", table.host.origin())),
        ("key: the actor lives here", ours),
        ("key: with a password", "http://u:p@masto.localhost:8480/users/x".to_owned()),
        ("key: a document of 1 MiB and a byte", format!("{}/fetch/large", table.host.origin())),
        ("key: a document that unpacks to 256 MiB", format!("{}/fetch/bomb", table.host.origin())),
    ] {
        let key = Arc::clone(&table.ada.key);
        let sender = Sender { key_id: format!("{actor}#main-key"), actor: actor.clone(), key };
        let body = json!({"id": format!("{actor}/1"), "type": "Create", "actor": actor, "object": {"id": format!("{actor}/o")}});
        let body = body.to_string().into_bytes();
        table.posts(what, sender.signs(&inbox, &body, Form::Cavage, now), body).await;
    }
    let mut note = table.note();
    note["id"] = json!("http://other.localhost:8480/a/1");
    table.signed_json("owner: the id is of another host", &note).await;
    // A farewell of somebody unknown is thanked for and forgotten (test 25).
    let nobody = format!("{}/users/unknown", table.host.origin());
    let key = Arc::clone(&table.ada.key);
    let sender = Sender { key_id: format!("{nobody}#main-key"), actor: nobody.clone(), key };
    let body =
        json!({"id": format!("{nobody}#d"), "type": "Delete", "actor": nobody, "object": nobody});
    let body = body.to_string().into_bytes();
    table
        .posts("farewell of an unknown actor", sender.signs(&inbox, &body, Form::Cavage, now), body)
        .await;
}

/// Requests that are no proper requests.
async fn connections(table: &mut Table) {
    let host = table.civil.origin().trim_start_matches("http://").to_owned();
    let post = |more: &str| {
        format!("POST /inbox HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{more}\r\n")
    };
    for (what, request) in [
        (
            "request: two hosts",
            format!(
                "POST /inbox HTTP/1.1\r\nhost: {host}\r\nhost: evil.example\r\ncontent-length: 0\r\n\r\n"
            ),
        ),
        (
            "request: another host",
            "POST /inbox HTTP/1.1\r\nhost: evil.example\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
        ),
        ("request: no host", "POST /inbox HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}".to_owned()),
        ("request: a length that is a lie", post(&format!("content-length: {}\r\n", u64::MAX))),
        ("request: two lengths", post("content-length: 2\r\ncontent-length: 3\r\n")),
        ("request: a header of 1 MB", post(&format!("x-long: {}\r\n", "x".repeat(1_000_000)))),
        ("request: 5,000 headers", post(&"x-a: b\r\n".repeat(5_000))),
        ("request: not HTTP", "\0\0\0\0\r\n\r\n".to_owned()),
        (
            "request: an inbox of nobody",
            format!(
                "POST /p/nobody/inbox HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
            ),
        ),
        (
            "request: a chunk without end",
            post("transfer-encoding: chunked\r\n") + "fffffffffffffffff\r\n",
        ),
    ] {
        table.raw(what, request.as_bytes()).await;
    }
}

/// Addresses that lead where they should not, and answers that are not what they should be.
async fn fetched(table: &mut Table) {
    let origin = table.host.origin().to_owned();
    for path in [
        "loopback",
        "localhost-port",
        "metadata",
        "file",
        "round",
        "far",
        "other",
        "html",
        "plain-json",
        "no-type",
        "another-id",
        "id-chain",
        "no-id",
        "large",
        "bomb",
        "broken-gzip",
        "deep",
        "wide",
        "twice",
        "not-utf8",
        "not-json",
        "headers",
        "gone",
        "closed",
        "nothing",
    ] {
        table.fetches(&format!("fetch: {path}"), &format!("{origin}/fetch/{path}")).await;
    }
    for address in [
        "http://127.0.0.1:8480/",
        "http://10.0.0.1/",
        "http://[::1]:8480/",
        "http://169.254.169.254/",
        "http://localhost:22/",
        "http://2130706433:8480/",
        "http://0x7f000001:8480/",
        "ftp://masto.localhost/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "http://user:pass@masto.localhost:8480/",
        "gopher://masto.localhost:70/",
    ] {
        table.fetches(&format!("fetch: {address}"), address).await;
    }
}

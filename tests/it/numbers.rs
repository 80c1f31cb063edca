//! No page, feed, answer or document adds people up (INV-1), and none asks how many somebody speaks for (INV-3): a
//! crawler over everything that can be reached, at an opinion with 42 positions and at the same one with 1,042.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use polylogue::{
    base::{
        clock::Timestamp,
        crypto::{ProofKey, sha256},
    },
    domain::{group::StakeholderGroup, letter::Deadline, position::PositionKind},
    protocol::compose::{Addressing, Envelope, Position},
    record::{item::Item, statement},
    service::intake::Via,
    store::{
        actors::{self, Actor},
        entries::Verdict,
        projections,
        rooms::Room,
    },
};
use polylogue_tests::{
    Faces, Participant, TestService,
    faces::{AS2, HTML, JSON},
};
use scraper::{ElementRef, Html, Node, Selector};
use serde_json::Value;

/// Pages looked at of one shape of address: all cursors of a list look alike.
const OF_ONE_SHAPE: usize = 2;

/// An instance with one opinion and so many positions on it.
struct Seeded {
    /// Held for its database.
    _test: TestService,
    faces: Faces,
    ada: Participant,
    known: BTreeMap<&'static str, String>,
}

impl Seeded {
    async fn with(positions: usize) -> Self {
        let test = TestService::at("cs.example").await;
        let ada = test.person("ada", Some(StakeholderGroup::CivilSociety)).await;
        let (room, _) = ada.topic("rivers").await.unwrap();
        let source = "## Why\n\nA river has two banks.\n\nBoth are heard.";
        let opinion = ada.publishes(&room, "Two banks", source).await.unwrap();
        let comment = ada.comments(&opinion.uri, "Who counts them?", None).await.unwrap();
        seed(&test, &room, &opinion.uri, positions).await;
        let source = "## Why\n\nA river has three banks.\n\nBoth are heard.";
        ada.revises(&opinion.uri, source, "Counted again.", None).await.unwrap();
        let own = ada
            .takes_position(&opinion.uri, 2, PositionKind::Neutral, polylogue_tests::Words::NONE)
            .await
            .unwrap();
        let deadline = Deadline::at("2026-12-31", "23:59", "Etc/GMT+12");
        test.service.set_letter(&ada.caller, &opinion.uri, Some(deadline.unwrap())).await.unwrap();
        while test.service.leave_notices().await.unwrap() > 0 {}
        let known = [
            ("{slug}", "rivers".to_owned()),
            ("{name}", "ada".to_owned()),
            ("{n}", "1".to_owned()),
            ("{hash}", opinion.receipt.hash.to_string()),
            ("/opinions/{key}", format!("/opinions/{}", opinion.key)),
            ("/comments/{key}", format!("/comments/{}", comment.key)),
            ("/positions/{key}", format!("/positions/{}", own.key)),
        ];
        Self { faces: Faces::of(&test).await, _test: test, ada, known: known.into() }
    }
}

/// A name without a digit, another one for each number.
fn name(number: usize) -> String {
    let letters = [number % 26, number / 26 % 26, number / 676 % 26];
    letters.iter().map(|at| char::from(b'a' + u8::try_from(*at).unwrap())).collect()
}

/// Positions of participants elsewhere, each signed with a key of their own, taken in one transaction.
async fn seed(test: &TestService, room: &Room, opinion_uri: &str, count: usize) {
    let service = &test.service;
    let opinion = projections::opinion(&service.store, opinion_uri).await.unwrap().unwrap();
    let room_uri = service.paths.room(&room.slug);
    let tx = service.store.begin().await.unwrap();
    for number in 0..count {
        let name = name(number);
        let uri = format!("https://far.example/p/{name}");
        let key = ProofKey::from_seed(sha256(uri.as_bytes()));
        let key_id = format!("{uri}#ed25519");
        // Every group and kind is there with few and with many.
        let group = StakeholderGroup::ALL[number % 8];
        let kind = PositionKind::ALL[number / 8 % 5];
        let keys = [(key_id.clone(), key.public().to_multibase())];
        let body = if number % 3 == 0 { "Organization" } else { "Person" };
        actors::insert(&tx, actor(service.new_id(), &uri, &name, body, group, &keys))
            .await
            .unwrap();
        let at = Timestamp::from_millis(service.now().as_millis() + i64::try_from(number).unwrap());
        let id = format!("https://far.example/a/{name}");
        let envelope = Envelope {
            id: &id,
            actor: &uri,
            published: at,
            addressing: Addressing::public(&[&opinion.author], &[&room_uri]),
            audience: Some(&room_uri),
        };
        let position = Position {
            kind: kind.term(),
            capacity: if body == "Person" { "plg:individual" } else { "plg:organization" },
            mandate: None,
            role: None,
            stakeholder_group: Some(group.term()),
            region: None,
            revision: opinion.revision,
            digest: &opinion.digest,
            statement: kind.needs_statement().then_some("Because of the floods."),
        };
        let like = envelope.like(opinion_uri, &position);
        let document = statement::signed(like, &key, &key_id, at);
        let body = serde_json::to_vec(&document).unwrap();
        let item = Item::of(document).unwrap();
        let via = Via::Relay { from: "https://far.example/t/rivers", sent_to: &[], hops: 1 };
        service.take(&tx, room, &item, &body, Verdict::Proof, via).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn actor(
    id: i64,
    uri: &str,
    name: &str,
    kind: &str,
    group: StakeholderGroup,
    keys: &[(String, String)],
) -> Actor {
    Actor {
        id,
        uri: uri.to_owned(),
        host: "far.example".to_owned(),
        kind: kind.to_owned(),
        username: name.to_owned(),
        name: name.to_owned(),
        summary: String::new(),
        url: uri.to_owned(),
        inbox: format!("{uri}/inbox"),
        shared_inbox: None,
        outbox: None,
        followers: None,
        following: None,
        webfinger: None,
        request_key_id: None,
        request_key_pem: None,
        proof_keys: serde_json::to_string(keys).unwrap(),
        recovery_key: None,
        stakeholder_group: Some(group.term().to_owned()),
        region: None,
        implements_mesh: true,
        local: false,
        fetched_at: 0,
        gone_at: None,
        avatar: None,
        header: None,
        created_at: 0,
    }
}

/// An address without what differs from one thing to the next.
fn shape(path: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let mut shape = String::new();
    for part in path.split_inclusive(['/', '?', '&', '=', '.', '-']) {
        let (word, end) = match part.char_indices().next_back() {
            Some((at, c)) if !c.is_alphanumeric() && c != '_' => part.split_at(at),
            _ => (part, ""),
        };
        let varies = word.chars().any(|c| c.is_ascii_digit());
        shape.push_str(if varies { "*" } else { word });
        shape.push_str(end);
    }
    shape
}

/// Everything that can be reached, by how it was asked for and the shape of its address.
struct Crawl {
    pages: BTreeMap<String, Vec<(String, String)>>,
}

impl Crawl {
    async fn of(seeded: &mut Seeded, signed_in: bool) -> Self {
        let faces = &mut seeded.faces;
        if signed_in {
            faces.sign_in(&seeded.ada).await;
        }
        let mut pages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut queue: VecDeque<String> = ["/", "/topics", "/notices", "/me/receipts"]
            .into_iter()
            .chain(["/.well-known/nodeinfo", "/.well-known/webfinger?resource=acct:ada@cs.example"])
            .chain(["/actor", "/p/ada", "/t/rivers", "/api/plg/v1/openapi.json"])
            .map(str::to_owned)
            .collect();
        let collections =
            ["outbox", "followers", "following", "featured", "moderators", "rooms", "log"];
        queue.extend(collections.iter().map(|name| format!("/t/rivers/{name}")));
        queue.extend(collections.iter().map(|name| format!("/p/ada/{name}")));
        let document = faces.get("/api/plg/v1/openapi.json", JSON).await.json();
        for path in document["paths"].as_object().unwrap().keys() {
            let mut path = path.clone();
            for (placeholder, value) in seeded.known.iter().rev() {
                path = path.replace(placeholder, value);
            }
            queue.push_back(path);
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some(path) = queue.pop_front() {
            if !seen.insert(path.clone()) {
                continue;
            }
            // The API has no other face.
            let faces_of: &[&str] =
                if path.starts_with("/api/") { &[JSON] } else { &[HTML, AS2, JSON] };
            for accept in faces_of {
                let kept = pages.entry(format!("{accept} {}", shape(&path))).or_default();
                if kept.len() >= OF_ONE_SHAPE {
                    continue;
                }
                let answer = faces.get(&path, accept).await;
                assert!(answer.status < 500, "{path} as {accept}: {}", answer.text);
                if answer.status >= 300 {
                    continue;
                }
                kept.push((path.clone(), answer.text.clone()));
                queue.extend(links(&answer.text, answer.header("content-type")));
            }
        }
        pages.retain(|_, kept| !kept.is_empty());
        Self { pages }
    }
}

/// The addresses of this instance in a page or a document.
fn links(text: &str, content_type: &str) -> Vec<String> {
    let own = |href: &str| {
        let path = href.strip_prefix("https://cs.example").unwrap_or(href);
        let path = path.split('#').next().unwrap_or_default();
        let own = path.starts_with('/') && !path.starts_with("//") && !path.contains("lang=");
        own.then(|| path.to_owned())
    };
    if content_type.starts_with("text/html") {
        let html = Html::parse_document(text);
        let selector = Selector::parse("[href]").unwrap();
        return html.select(&selector).filter_map(|node| own(node.attr("href")?)).collect();
    }
    let mut found = Vec::new();
    if let Ok(document) = serde_json::from_str(text) {
        strings(&document, &mut |text| found.extend(own(text)));
    }
    found
}

fn strings(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        Value::Object(members) => members.values().for_each(|member| strings(member, each)),
        _ => {}
    }
}

/// The runs of digits that a reader of a page sees: outside lists of names, dates, digests and log numbers.
fn numerals(page: &str) -> BTreeSet<String> {
    let html = Html::parse_document(page);
    let mut found = BTreeSet::new();
    see(html.root_element(), &mut found);
    found
}

fn see(element: ElementRef<'_>, found: &mut BTreeSet<String>) {
    let named = element.value().name();
    let receipt = element.attr("href").is_some_and(|href| href.starts_with("/receipts/"));
    let masked = element.attr("data-names").is_some()
        || matches!(
            named,
            "time" | "code" | "style" | "script" | "textarea" | "symbol" | "pattern"
        )
        || element.attr("class").is_some_and(|class| class.split(' ').any(|c| c == "receipt"))
        || receipt;
    if masked {
        return;
    }
    for spoken in ["aria-label", "content", "placeholder", "alt"] {
        digits(element.attr(spoken).unwrap_or_default(), found);
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) => digits(text, found),
            Node::Element(_) => see(ElementRef::wrap(child).unwrap(), found),
            _ => {}
        }
    }
}

/// Runs of digits, but for ids.
fn digits(text: &str, found: &mut BTreeSet<String>) {
    let runs = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let runs = runs.map(|run| run.trim_matches(['.', ','])).filter(|run| !run.is_empty());
    found.extend(runs.filter(|run| run.len() < 12).map(str::to_owned));
}

/// The numbers of a document, by the members that hold them; those of log entries and of revisions apart.
fn numbers(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => {
            found.insert(format!("{path}={number}"));
        }
        Value::Array(items) => items.iter().for_each(|item| numbers(item, path, found)),
        Value::Object(members) => {
            for (name, member) in members {
                if !matches!(name.as_str(), "seq" | "revision") {
                    numbers(member, &format!("{path}.{name}"), found);
                }
            }
        }
        _ => {}
    }
}

/// What a reader of some pages sees of numerals.
fn shown(pages: &[(String, String)]) -> BTreeSet<String> {
    let html = pages.iter().filter(|(_, text)| text.starts_with("<!DOCTYPE html>"));
    html.flat_map(|(_, text)| numerals(text)).collect()
}

/// The numbers that some documents hold.
fn held(pages: &[(String, String)]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in pages {
        if let Ok(document) = serde_json::from_str::<Value>(text) {
            numbers(&document, "", &mut found);
        }
    }
    found
}

/// Words in the name of a member that say that it holds a number of things.
const SUMS: &[&str] = &[
    "total", "count", "sum", "amount", "tally", "votes", "score", "percent", "rank", "likes",
    "support", "endorse", "signator", "quantity", "numberof",
];

/// Numbers that are sums of something else than positions, and why each may be.
const ALLOWED: &[(&str, &str)] = &[
    (
        "totalitems",
        "of outboxes, followers, rooms, moderators and plain reactions; positions have none",
    ),
    (
        "usage.users.total",
        "accounts of the instance, which NodeInfo asks for; taking a position needs none",
    ),
    ("usage.localposts", "what NodeInfo asks for: opinions and comments written here"),
];

fn adds_up(path: &str) -> bool {
    let lower = path.to_lowercase();
    let last = lower.rsplit('.').next().unwrap_or_default();
    SUMS.iter().any(|sum| last.contains(sum))
        && !ALLOWED.iter().any(|(name, _)| lower.ends_with(name))
}

#[tokio::test]
async fn nothing_that_can_be_reached_adds_people_up() {
    let (mut few, mut many) =
        (Box::pin(Seeded::with(42)).await, Box::pin(Seeded::with(1_042)).await);
    let few = Box::pin(Crawl::of(&mut few, false)).await;
    let many = Box::pin(Crawl::of(&mut many, false)).await;
    let shapes: Vec<&String> = few.pages.keys().collect();
    for expected in [
        "text/html /o/*/positions",
        "text/html /o/*/letter",
        "text/html /t/rivers",
        "text/html /p/ada",
        "application/activity+json /o/*/positions",
        "application/json /api/plg/*/opinions/*/positions",
        "application/activity+json /t/rivers/outbox",
    ] {
        assert!(shapes.iter().any(|shape| *shape == expected), "{expected} in {shapes:#?}");
    }
    let mut differences = Vec::new();
    let mut compared = 0;
    for (shape, pages) in few.pages.iter().filter(|(shape, _)| shape.starts_with(HTML)) {
        let Some(others) = many.pages.get(shape) else { panic!("{shape} is only with few") };
        let (seen, others) = (shown(pages), shown(others));
        let differ: Vec<&String> = seen.symmetric_difference(&others).collect();
        if !differ.is_empty() {
            differences.push(format!("{shape}: {differ:?}"));
        }
        compared += 1;
    }
    // Of documents a few of each shape are looked at, and not the same few: all of a kind are taken together.
    for accept in [AS2, JSON] {
        let all = |crawl: &Crawl| {
            let own = crawl.pages.iter().filter(|(shape, _)| shape.starts_with(accept));
            own.flat_map(|(_, pages)| held(pages)).collect::<BTreeSet<String>>()
        };
        let (seen, others) = (all(&few), all(&many));
        let differ: Vec<&String> = seen.symmetric_difference(&others).collect();
        if !differ.is_empty() {
            differences.push(format!("{accept}: {differ:?}"));
        }
        compared += few.pages.keys().filter(|shape| shape.starts_with(accept)).count();
    }
    println!(
        "{compared} shapes of addresses hold the same numerals with 42 positions and with 1,042"
    );
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(compared > 40, "{compared}");
    for (shape, pages) in &many.pages {
        for (path, text) in pages {
            let Ok(document) = serde_json::from_str::<Value>(text) else { continue };
            let mut found = BTreeSet::new();
            numbers(&document, "", &mut found);
            let sums: Vec<&String> =
                found.iter().filter(|held| adds_up(held.split('=').next().unwrap())).collect();
            assert!(sums.is_empty(), "{path} ({shape}) holds {sums:?}");
            if path.contains("/positions") {
                assert!(document.get("totalItems").is_none(), "{path} says how many");
            }
        }
    }
}

/// Name and type of every property of every schema.
fn properties(value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::Object(named)) = members.get("properties") {
                found.extend(named.iter().map(|(name, schema)| (name.clone(), schema.clone())));
            }
            members.values().for_each(|member| properties(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, found)),
        _ => {}
    }
}

/// Words by which one would ask how many somebody speaks for.
const HEADS: &[&str] = &[
    "members",
    "people",
    "persons",
    "represents",
    "representing",
    "headcount",
    "membership",
    "population",
    "employees",
    "howmany",
    "how-many",
    "size",
    "weight",
    "votes",
];

#[tokio::test]
async fn no_schema_and_no_form_asks_how_many_somebody_speaks_for() {
    let mut seeded = Box::pin(Seeded::with(8)).await;
    let document = seeded.faces.get("/api/plg/v1/openapi.json", JSON).await.json();
    let mut found = Vec::new();
    properties(&document["components"], &mut found);
    assert!(found.len() > 50);
    for (name, schema) in &found {
        let lower = name.to_lowercase();
        assert!(!HEADS.iter().any(|word| lower.contains(word)), "{name}");
        let kind = schema["type"].to_string();
        if kind.contains("integer") || kind.contains("number") {
            assert!(!adds_up(&lower), "{name} is a number that adds up");
        }
    }
    let crawl = Box::pin(Crawl::of(&mut seeded, true)).await;
    let selector = Selector::parse("input, select, textarea, button").unwrap();
    let mut fields = BTreeSet::new();
    for (path, text) in crawl.pages.values().flatten() {
        if !text.starts_with("<!DOCTYPE html>") {
            continue;
        }
        for field in Html::parse_document(text).select(&selector) {
            assert_ne!(field.attr("type"), Some("number"), "{path} asks for a number");
            fields.insert(field.attr("name").unwrap_or_default().to_lowercase());
        }
    }
    println!("form fields: {fields:?}");
    assert!(fields.contains("statement") && fields.contains("abstract") && fields.contains("zone"));
    for field in &fields {
        assert!(!HEADS.iter().any(|word| field.contains(word)), "{field}");
    }
}

/// The masks mask no sum: this is how the tests above would see one.
#[test]
fn a_sum_would_be_seen() {
    let seen = |html: &str| numerals(html).into_iter().collect::<Vec<_>>();
    assert_eq!(seen("<p>42 support this, 1,042 do not</p>"), ["1,042", "42"]);
    assert_eq!(
        seen("<p>by <time>2026</time> <ul data-names><li>7</ul> <code>9f2c41</code></p>"),
        [""; 0]
    );
    assert_eq!(seen("<svg><rect aria-label='3 hold it'/></svg>"), ["3"]);
    let mut found = BTreeSet::new();
    numbers(&serde_json::json!({"a": [{"supporters": 3, "seq": 9}]}), "", &mut found);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [".a.supporters=3"]);
    assert!(adds_up(".a.supporters") && adds_up(".positionCount") && !adds_up(".totalItems"));
    assert_eq!(shape("/o/114823001/positions?after=50&x=y#r"), "/o/*/positions?after=*&x=y");
}

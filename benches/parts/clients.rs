//! What a client of the Mastodon API asks most, on SQLite with 100,000 statuses: the home timeline, the context of an opinion
//! with 1,000 replies, and a search. Filled through the record, act by act.

use std::time::Instant;

use polylogue::{
    domain::opinion::OpinionStatus,
    protocol::compose::{Addressing, Envelope, Note},
    service::{Service, acts::Acted, opinions::NewOpinion, sign_in::Scope, topics::NewTopic},
    store::{actors, rooms::Room},
};

use super::{Speaker, filled::Filled, take};

const TOPICS: usize = 20;
const OPINIONS_EACH: usize = 50;
const STATUSES: usize = 100_000;
/// Replies to the first opinion.
const LONG: usize = 1_000;
const PEOPLE: usize = 500;
const ASKED: usize = 100;
const AT_ONCE: usize = 2_000;
const WORDS: &[&str] = &["river", "budget", "school", "harbour", "forest", "network", "energy"];

/// Fills an instance, where it is not, and measures.
pub(super) async fn clients() {
    let filled = Filled::open("clients").await;
    let service = &filled.app.service;
    let thread = match filled.noted() {
        Some(thread) => thread,
        None => fill(&filled).await,
    };
    let scope = Scope::parse("read write follow").expect("a scope");
    let token = service.create_token("amina", scope).await.expect("a token");
    let bearer = format!("Bearer {token}");
    let router = filled.app.router();
    for (what, path) in [
        ("home timeline of 40", "/api/v1/timelines/home?limit=40"),
        ("public timeline of 40", "/api/v1/timelines/public?limit=40"),
        ("local timeline of 40", "/api/v1/timelines/public?limit=40&local=true"),
        ("context of 1,000 replies", thread.as_str()),
        ("search for a word", "/api/v2/search?q=river&limit=20"),
        ("search for two words", "/api/v2/search?q=opinion+harb&limit=20"),
        ("notifications", "/api/v1/notifications"),
    ] {
        let mut times = Vec::new();
        let mut bytes = 0;
        // The first is not counted: it fills what is kept in memory.
        for nth in 0..=ASKED {
            let asked = Instant::now();
            bytes = filled.get(&router, path, &[("authorization", &bearer)]).await;
            if nth > 0 {
                times.push(asked.elapsed().as_secs_f64() * 1_000.0);
            }
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
        println!("{what}: {:.1} ms at the median, {:.1} ms p95, {bytes} bytes", at(50), at(95));
    }
}

/// Topics, opinions and comments; answers where the long thread is asked for.
async fn fill(filled: &Filled) -> String {
    let service = &filled.app.service;
    let amina = filled.author().await;
    let began = Instant::now();
    let mut opinions: Vec<(Room, Acted)> = Vec::new();
    for topic in 0..TOPICS {
        let word = WORDS.get(topic % WORDS.len()).copied().unwrap_or_default();
        let new = NewTopic {
            slug: format!("topic_{topic}"),
            name: format!("Topic {topic} on the {word}"),
            question: "How fast?".to_owned(),
            language: "en".to_owned(),
            parties: None,
        };
        let (room, _) = service.create_topic(&amina, new).await.expect("a topic");
        service.follow_person(&amina, room.id).await.expect("it is followed");
        for number in 0..OPINIONS_EACH {
            let word = WORDS.get((topic + number) % WORDS.len()).copied().unwrap_or_default();
            let new = NewOpinion {
                name: format!("Opinion {number} on the {word}"),
                abstract_text:
                    "The point of it, in a sentence that says what a reader should know.".to_owned(),
                source: "A paragraph of some length.\n\n".repeat(8),
                language: "en".to_owned(),
                status: OpinionStatus::Open,
            };
            let acted =
                service.publish_opinion(&amina, room.clone(), new).await.expect("an opinion");
            opinions.push((room.clone(), acted));
        }
    }
    comments(service, &opinions).await;
    println!("filled with {STATUSES} statuses in {:.0} s", began.elapsed().as_secs_f64());
    let first = opinions.first().map(|(_, acted)| acted.key).unwrap_or_default();
    let thread = format!("/api/v1/statuses/{first}/context");
    filled.is_filled(&thread);
    thread
}

/// Comments of people elsewhere, so many that all statuses together are as many as they should be.
async fn comments(service: &Service, opinions: &[(Room, Acted)]) {
    let people: Vec<Speaker> = (0..PEOPLE).map(Speaker::number).collect();
    let tx = service.store.begin().await.expect("a transaction");
    for person in &people {
        actors::insert(&tx, person.actor(service.new_id())).await.expect("an actor");
    }
    tx.commit().await.expect("a commit");
    let start = service.now();
    let numbers: Vec<usize> = (0..STATUSES - opinions.len()).collect();
    let uri = |n: usize| format!("https://many.example/c/{n}");
    for some in numbers.chunks(AT_ONCE) {
        let tx = service.store.begin().await.expect("a transaction");
        for n in some.iter().copied() {
            let person = people.get(n % PEOPLE).expect("somebody");
            let of = if n < LONG { 0 } else { 1 + n % (opinions.len() - 1) };
            let (room, opinion) = opinions.get(of).expect("an opinion");
            // In the long thread every second answers another.
            let parent = if n < LONG && n % 2 == 1 { uri(n / 2) } else { opinion.uri.clone() };
            let (id, activity) = (uri(n), format!("https://many.example/a/{n}"));
            let at = start.plus_millis(i64::try_from(n).unwrap_or_default());
            let addressing = Addressing::public(&[], &[]);
            let note = Note {
                id: &id,
                author: &person.uri,
                in_reply_to: &parent,
                content: "<p>A comment of a sentence or two, with <em>some</em> stress. It says what it is about.</p>",
                source: None,
                language: "en",
                published: at,
                addressing: addressing.clone(),
                audience: &opinion.uri,
                topic: &room.topic,
                context: &opinion.uri,
                mention: None,
                anchors: &[],
                comment_kind: Some("plg:remark"),
                stakeholder_group: None,
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
                published: at,
                addressing,
                audience: None,
            };
            take(service, &tx, room.id, &person.sign(envelope.activity("Create", note), at)).await;
        }
        tx.commit().await.expect("a commit");
    }
}

//! What is read from the database, step by step, on both databases: each change once, whichever writer came first.

use polylogue::{
    domain::position::PositionKind,
    service::{
        Service,
        clients::{Mark, NewMute, NewPost},
        sign_in::Scope,
        streams::{Change, Fed, Heard, Listener, Stream},
    },
    store::notices::{self, Notice},
};
use polylogue_tests::{Participant, TestDatabase, TestService, Words};

/// Somebody who listens, and what they would see.
struct Ear {
    listener: Listener,
    service: Service,
}

impl Ear {
    async fn of(service: &Service, name: &str) -> Self {
        let token = service.create_token(name, Scope::parse("read").unwrap()).await.unwrap();
        let access = service.access(&token).await.unwrap().unwrap();
        Self { listener: service.listen(access, &token).await.unwrap(), service: service.clone() }
    }

    /// Reads all that has happened and answers what is told on a stream, in order: `new KEY`, `edited KEY`, `gone KEY`,
    /// `told KIND`.
    async fn hears(&mut self, stream: &Stream) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let fed = self.service.feed_streams().await.unwrap();
            while let Some(change) = futures::FutureExt::now_or_never(self.listener.next()) {
                let change = change.unwrap();
                let Listener { caller, scope, .. } = &self.listener;
                if !stream.says(&change, caller, scope) {
                    continue;
                }
                let Some(heard) = self.service.heard(&change, caller).await.unwrap() else {
                    continue;
                };
                all.push(match heard {
                    Heard::New(view) => format!("new {}", view.key),
                    Heard::Edited(view) => format!("edited {}", view.key),
                    Heard::Gone(key) => format!("gone {key}"),
                    Heard::News(news) => format!("told {:?}", news.kind),
                });
            }
            if fed == Fed::All {
                break;
            }
        }
        all
    }
}

fn list(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn posts_are_new_edited_and_gone_once_each_and_home_is_of_who_follows() {
    for database in TestDatabase::each().await {
        let test = TestService::over("civil.example", database);
        let service = &test.service;
        let amina = test.person("amina", None).await;
        let ana = test.person("ana", None).await;
        let (room, _) = amina.topic("rivers").await.unwrap();
        amina.publishes(&room, "Before", "Before anybody listens.").await.unwrap();
        let (mut anas, mut aminas) =
            (Ear::of(service, "ana").await, Ear::of(service, "amina").await);
        let first = amina.publishes(&room, "Two banks", "A river has two banks.").await.unwrap();
        let key = first.key;
        assert_eq!(anas.hears(&Stream::Public).await, [format!("new {key}")]);
        assert_eq!(aminas.hears(&Stream::User).await, [format!("new {key}")], "one's own");
        // Nothing is told twice.
        assert_eq!(anas.hears(&Stream::Public).await, [""; 0]);
        assert_eq!(aminas.hears(&Stream::User).await, [""; 0]);
        // Who follows the topic has its opinions at home, and not what is said to them.
        service.follow_person(&ana.caller, room.id).await.unwrap();
        let second = amina.publishes(&room, "Three", "It has three.").await.unwrap().key;
        let said = amina.comments(&first.uri, "A remark.", None).await.unwrap();
        assert_eq!(anas.hears(&Stream::User).await, [format!("new {second}")]);
        // Who follows a person has all of theirs.
        service.follow_person(&ana.caller, amina.caller.actor.id).await.unwrap();
        let again = amina.comments(&first.uri, "Another.", None).await.unwrap();
        assert_eq!(anas.hears(&Stream::User).await, [format!("new {}", again.key)]);
        // A comment is in no timeline for everybody.
        test.clock.pass_millis(10);
        let edit = NewPost { text: "A better remark.".into(), ..NewPost::default() };
        service.edit_post(&amina.caller, said.key, edit).await.unwrap();
        amina.revises(&first.uri, "A river has many.", "Counted.", None).await.unwrap();
        let edited = format!("edited {}", said.key);
        assert_eq!(anas.hears(&Stream::User).await, [edited, format!("edited {key}")]);
        // A revision tells who holds a position, and a change of status alone is no edit.
        let about = Stream::Topic("Rivers".into());
        assert_eq!(anas.hears(&about).await, [""; 0]);
        amina.revises(&first.uri, "A river has banks.", "Again.", None).await.unwrap();
        assert_eq!(anas.hears(&about).await, [format!("edited {key}")]);
        amina.deletes_comment(&said.uri).await.unwrap();
        amina.deletes_opinion(&first.uri).await.unwrap();
        let (gone, with) = (format!("gone {}", said.key), format!("gone {key}"));
        assert_eq!(anas.hears(&Stream::User).await, [gone, with]);
        assert_eq!(aminas.listener.caller.actor.username, "amina");
        // What was made and taken away before anybody looked is nothing.
        let brief = amina.comments(&first.uri, "Never mind.", None).await;
        if let Ok(brief) = brief {
            amina.deletes_comment(&brief.uri).await.unwrap();
        }
        assert_eq!(anas.hears(&Stream::User).await, [""; 0]);
    }
}

#[tokio::test]
async fn who_is_muted_is_heard_of_in_no_stream() {
    for database in TestDatabase::each().await {
        let test = TestService::over("civil.example", database);
        let service = &test.service;
        let amina = test.person("amina", None).await;
        let ana = test.person("ana", None).await;
        let (room, _) = amina.topic("rivers").await.unwrap();
        let opinion = ana.publishes(&room, "Of ana", "A river has two banks.").await.unwrap();
        service.follow_person(&ana.caller, amina.caller.actor.id).await.unwrap();
        let mut anas = Ear::of(service, "ana").await;
        for (notices, seconds, post, told) in
            [(true, None, false, false), (false, None, false, true), (false, Some(60), true, true)]
        {
            let mute = NewMute { notices, seconds };
            service.mute_person(&ana.caller, amina.caller.actor.id, mute).await.unwrap();
            if post {
                test.clock.pass_minutes(2);
            }
            let said = amina.comments(&opinion.uri, "A remark.", None).await.unwrap();
            service.leave_notices().await.unwrap();
            let heard = anas.hears(&Stream::User).await;
            let new = format!("new {}", said.key);
            assert_eq!(heard.contains(&new), post, "{notices} {seconds:?}: {heard:?}");
            assert_eq!(heard.iter().any(|one| one == "told Mention"), told, "{heard:?}");
        }
    }
}

#[tokio::test]
async fn positions_with_words_are_posts_and_news_are_for_whom_they_are() {
    for database in TestDatabase::each().await {
        let test = TestService::over("civil.example", database);
        let service = &test.service;
        let amina = test.person("amina", None).await;
        let ana = test.person("ana", None).await;
        let (room, _) = amina.topic("rivers").await.unwrap();
        let opinion = amina.publishes(&room, "Two banks", "Two.").await.unwrap();
        let (mut anas, mut aminas) =
            (Ear::of(service, "ana").await, Ear::of(service, "amina").await);
        let words = Words::because("Who would pay?");
        let held = ana.takes_position(&opinion.uri, 1, PositionKind::Objection, words).await;
        let key = held.unwrap().key;
        let without = amina.takes_position(&opinion.uri, 1, PositionKind::Support, Words::NONE);
        without.await.unwrap();
        assert_eq!(anas.hears(&Stream::User).await, [format!("new {key}")]);
        service.leave_notices().await.unwrap();
        assert_eq!(aminas.hears(&Stream::Notifications).await, ["told Mention"]);
        // By a keyword: one post, and a receipt for who wrote it.
        let reply = NewPost {
            text: "support: both banks were asked.".into(),
            in_reply_to: Some(opinion.key),
            ..NewPost::default()
        };
        test.clock.pass_minutes(60);
        let view = service.write_post(&ana.caller, reply).await.unwrap();
        let heard = anas.hears(&Stream::User).await;
        let new = format!("new {}", view.key);
        assert_eq!(list(&heard), [new.as_str(), "told Mention"]);
        service.mark(&ana.caller, opinion.key, Mark::Favourite).await.unwrap();
        service.follow_person(&ana.caller, amina.caller.actor.id).await.unwrap();
        let heard = aminas.hears(&Stream::Notifications).await;
        assert_eq!(list(&heard), ["told Favourite", "told Follow"]);
        assert_eq!(anas.hears(&Stream::Notifications).await, [""; 0]);
    }
}

#[tokio::test]
async fn what_begins_early_and_is_committed_late_is_told_all_the_same() {
    // SQLite has one writer at a time: there nothing is committed out of its order.
    let Some(database) = TestDatabase::postgres().await else { return };
    let test = TestService::over("civil.example", database);
    let service = &test.service;
    let amina = test.person("amina", None).await;
    let ana = test.person("ana", None).await;
    let (rivers, _) = amina.topic("rivers").await.unwrap();
    let opinion = amina.publishes(&rivers, "Two banks", "Two.").await.unwrap();
    let mut aminas = Ear::of(service, "amina").await;
    let early = notice(service, &amina, &ana, &opinion.uri, "early");
    let late = notice(service, &amina, &ana, &opinion.uri, "late");
    assert!(early.id < late.id);
    // Two writers; the one who began first commits last.
    let (first, second) =
        (service.store.begin().await.unwrap(), service.store.begin().await.unwrap());
    notices::leave(&first, early).await.unwrap();
    notices::leave(&second, late).await.unwrap();
    second.commit().await.unwrap();
    assert_eq!(aminas.hears(&Stream::Notifications).await, ["told Favourite"]);
    assert_eq!(aminas.hears(&Stream::Notifications).await, [""; 0]);
    first.commit().await.unwrap();
    assert_eq!(aminas.hears(&Stream::Notifications).await, ["told Favourite"]);
    assert_eq!(aminas.hears(&Stream::Notifications).await, [""; 0]);
}

fn notice(
    service: &Service,
    told: &Participant,
    actor: &Participant,
    opinion: &str,
    subject: &str,
) -> Notice {
    Notice {
        id: service.new_id(),
        account_id: told.caller.account_id,
        kind: "favourite".into(),
        subject: subject.into(),
        room_id: 0,
        opinion_uri: opinion.into(),
        line: String::new(),
        object_uri: opinion.into(),
        actor: actor.uri().into(),
        revision: None,
        digest: None,
        from_revision: None,
        at: service.now().as_millis(),
        read_at: None,
        answered: None,
        number: None,
    }
}

#[tokio::test]
async fn two_servers_over_one_database_each_tell_everything_once() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let test = TestService::over("civil.example", database);
    let other = test.again_with_vault(polylogue_tests::service::VAULT_KEY);
    let amina = test.person("amina", None).await;
    let ana = test.person("ana", None).await;
    let (room, _) = amina.topic("rivers").await.unwrap();
    let opinion = amina.publishes(&room, "Two banks", "Two.").await.unwrap();
    let (mut here, mut there) =
        (Ear::of(&test.service, "amina").await, Ear::of(&other, "amina").await);
    // Both give numbers, at the same time.
    for round in 0..10 {
        test.service.mark(&ana.caller, opinion.key, Mark::Favourite).await.unwrap();
        test.service.unmark(&ana.caller, opinion.key, Mark::Favourite).await.unwrap();
        ana.comments(&opinion.uri, &format!("Remark {round}."), None).await.unwrap();
        test.service.leave_notices().await.unwrap();
        let of = Stream::Notifications;
        let (mut one, mut two) = tokio::join!(here.hears(&of), there.hears(&of));
        // Whoever read before the other gave the number reads the rest now.
        one.extend(here.hears(&of).await);
        two.extend(there.hears(&of).await);
        let expected: &[&str] =
            if round == 0 { &["told Favourite", "told Mention"] } else { &["told Mention"] };
        assert_eq!((list(&one), list(&two)), (expected.to_vec(), expected.to_vec()), "{round}");
    }
}

#[tokio::test]
async fn who_begins_to_listen_is_told_nothing_of_before_and_nobody_listens_for_nothing() {
    for database in TestDatabase::each().await {
        let test = TestService::over("civil.example", database);
        let service = &test.service;
        let amina = test.person("amina", None).await;
        let ana = test.person("ana", None).await;
        let (room, _) = amina.topic("rivers").await.unwrap();
        let opinion = amina.publishes(&room, "Two banks", "Two.").await.unwrap();
        let first = Ear::of(service, "amina").await;
        assert_eq!(service.streams.count(), 1);
        drop(first);
        assert_eq!(service.streams.count(), 0);
        service.mark(&ana.caller, opinion.key, Mark::Favourite).await.unwrap();
        amina.publishes(&room, "Three", "Three.").await.unwrap();
        assert_eq!(service.feed_streams().await.unwrap(), Fed::All);
        let mut second = Ear::of(service, "amina").await;
        assert_eq!(second.hears(&Stream::User).await, [""; 0]);
        let key = amina.publishes(&room, "Four", "Four.").await.unwrap().key;
        assert_eq!(second.hears(&Stream::User).await, [format!("new {key}")]);
        // A topic that begins later is read from its beginning.
        let (lakes, _) = amina.topic("lakes").await.unwrap();
        let key = amina.publishes(&lakes, "Five", "Five.").await.unwrap().key;
        assert_eq!(second.hears(&Stream::User).await, [format!("new {key}")]);
    }
}

#[tokio::test]
async fn what_was_written_long_before_it_came_is_not_told_as_new() {
    use polylogue::base::limits::STREAMED_AGE_HOURS_MAX;
    let here = TestService::at("civil.example").await;
    let there = TestService::at("gov.example").await;
    let amina = here.person("amina", None).await;
    there.person("bruno", None).await;
    let (room, _) = amina.topic("rivers").await.unwrap();
    let old = amina.publishes(&room, "Old", "Old.").await.unwrap();
    let log = here.log(&room).await;
    let mut brunos = Ear::of(&there.service, "bruno").await;
    there.clock.set(here.service.now().plus_millis(STREAMED_AGE_HOURS_MAX * 3_600_000));
    let mirror = there.joins(&log, "https://civil.example/users/rivers").await;
    there.hears(&mirror, &log, "https://civil.example/users/rivers").await;
    assert_eq!(brunos.hears(&Stream::Public).await.len(), 1, "at the limit");
    assert_eq!(brunos.hears(&Stream::Local).await.len(), 0);
    drop((mirror, old));
    let there = TestService::at("business.example").await;
    there.person("bruno", None).await;
    let mut brunos = Ear::of(&there.service, "bruno").await;
    there.clock.set(here.service.now().plus_millis(STREAMED_AGE_HOURS_MAX * 3_600_000 + 1));
    let mirror = there.joins(&log, "https://civil.example/users/rivers").await;
    there.hears(&mirror, &log, "https://civil.example/users/rivers").await;
    assert_eq!(brunos.hears(&Stream::Remote).await.len(), 0, "one over");
    assert_eq!(brunos.hears(&Stream::Public).await.len(), 0, "one over");
}

#[tokio::test]
async fn who_has_more_to_read_than_is_kept_is_let_go_and_nobody_waits_for_long() {
    use polylogue::service::streams::{Bounds, Over, Streams};
    let test = TestService::at("civil.example").await;
    let bounds = Bounds { changes: 8, ..Bounds::default() };
    let service = test.service.clone().with_streams(Streams::with(bounds));
    let amina = test.person("amina", None).await;
    let (room, _) = amina.topic("rivers").await.unwrap();
    let mut slow = Ear::of(&service, "amina").await;
    let mut keys = Vec::new();
    for number in 0..5 {
        keys.push(amina.publishes(&room, &format!("{number}"), "x").await.unwrap().key);
    }
    assert_eq!(service.feed_streams().await.unwrap(), Fed::Some);
    amina.publishes(&room, "more", "x").await.unwrap();
    assert_eq!(service.feed_streams().await.unwrap(), Fed::Crowded, "five of eight are unread");
    // Who reads in time misses nothing.
    let heard = slow.hears(&Stream::Public).await;
    assert_eq!(heard.len(), 6);
    for number in 0..9 {
        amina.publishes(&room, &format!("again {number}"), "x").await.unwrap();
    }
    assert_eq!(service.feed_streams().await.unwrap(), Fed::Some, "nine at once, of eight");
    assert_eq!(slow.listener.next().await.unwrap_err(), Over::TooSlow);
    drop(slow);
    // Patience ends: what comes is said whether all have read or not.
    let _idle = Ear::of(&service, "amina").await;
    for number in 0..5 {
        amina.publishes(&room, &format!("third {number}"), "x").await.unwrap();
    }
    assert_eq!(service.feed_streams().await.unwrap(), Fed::Some);
    assert_eq!(service.feed_streams().await.unwrap(), Fed::Crowded);
    test.clock.pass_millis(2_000);
    assert_eq!(service.feed_streams().await.unwrap(), Fed::All);
}

#[tokio::test]
async fn a_listener_hears_of_a_change_of_another_kind_nothing() {
    let change = Change::Ended(std::collections::BTreeSet::new());
    let test = TestService::at("civil.example").await;
    let amina = test.person("amina", None).await;
    assert!(test.service.heard(&change, &amina.caller).await.unwrap().is_none());
    assert!(!Stream::Public.says(&change, &amina.caller, &Scope::parse("read").unwrap()));
}

//! Replies by keyword from other servers: what is recorded, what is answered, and what is met with silence.

use std::time::{Duration, Instant};

use polylogue::{
    base::clock::{Clock, SystemClock},
    base::limits,
    domain::{group::StakeholderGroup, opinion::OpinionStatus},
    service::{Caller, intake::Via, objects::Served, opinions::NewRevision},
    store::{
        Source,
        actors::{self, Actor},
        entity::{answer, entry, position},
        entries::Verdict,
        projections,
        rooms::Room,
    },
};
use polylogue_tests::{Foreign, TestDatabase, TestInstance, TestService, drain};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::mesh::{SLUG, found, publish};
use crate::record::voice::{Voice, delivered};

/// An instance with a topic and an opinion on revision 1.
struct Civil {
    instance: TestInstance,
    amina: Caller,
    room: String,
    opinion: String,
}

impl Civil {
    async fn start() -> Self {
        let instance = TestInstance::start("civil").await;
        let amina = instance.person("amina", StakeholderGroup::CivilSociety).await;
        let room = found(&instance, &amina).await;
        let opinion = publish(&instance, &amina).await;
        Self { instance, amina, room, opinion }
    }

    fn inbox(&self) -> String {
        format!("{}/inbox", self.instance.origin())
    }

    async fn drain(&self) {
        drain(&[&self.instance]).await;
    }

    /// Sends a reply and works the queues; answers its Note's id.
    async fn hears(&self, from: &Foreign, who: &str, number: i64, text: &str) -> String {
        self.hears_to(from, who, number, &self.opinion, text, "en").await
    }

    async fn hears_to(
        &self,
        from: &Foreign,
        who: &str,
        number: i64,
        parent: &str,
        text: &str,
        language: &str,
    ) -> String {
        let reply = from.reply(who, number, parent, text, language);
        assert_eq!(from.sends_as_actor(&self.inbox(), &reply).await, 202);
        self.drain().await;
        reply["object"]["id"].as_str().unwrap().to_owned()
    }

    async fn revises(&self, by: &str) {
        let new = NewRevision {
            name: None,
            source: format!("## First step\n\nA shared watch, paid for by {by}."),
            abstract_text: None,
            change_note: "Says who pays.".to_owned(),
            status: Some(OpinionStatus::Open),
        };
        self.instance.app.service.revise_opinion(&self.amina, &self.opinion, new).await.unwrap();
    }
}

async fn position(instance: &TestInstance, note: &str) -> Option<position::Model> {
    projections::position(&instance.app.service.store, note).await.unwrap()
}

async fn is_comment(instance: &TestInstance, note: &str) -> bool {
    projections::comment(&instance.app.service.store, note).await.unwrap().is_some()
}

/// The answers delivered to a server.
fn answers(foreign: &Foreign) -> Vec<Value> {
    foreign
        .received()
        .into_iter()
        .filter(|activity| activity["object"]["receiptFor"].is_string())
        .map(|activity| activity["object"].clone())
        .collect()
}

fn words(note: &Value) -> &str {
    note["content"].as_str().unwrap()
}

async fn readings(instance: &TestInstance) -> u64 {
    entry::Entity::find()
        .filter(entry::Column::Kind.eq("reading"))
        .count(instance.app.service.store.connection())
        .await
        .unwrap()
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "measures how long an answer takes")]
async fn t57_a_reply_by_keyword_is_a_position_and_answered_within_ten_seconds() {
    let civil = Civil::start().await;
    let masto = Foreign::start("masto").await;
    let workers = civil.instance.app.workers();
    let reply = masto.reply("ada", 1, &civil.opinion, "Support!", "en");
    let before = Instant::now();
    assert_eq!(masto.sends_as_actor(&civil.inbox(), &reply).await, 202);
    tokio::time::timeout(Duration::from_secs(10), masto.next()).await.expect("an answer in time");
    println!("answered {:?} after the reply was sent", before.elapsed());
    workers.stop().await;

    let note = reply["object"]["id"].as_str().unwrap();
    let row = position(&civil.instance, note).await.unwrap();
    assert_eq!((row.kind.as_str(), row.revision, row.live), ("support", 1, true));
    assert_eq!((row.actor, row.capacity.as_str()), (masto.user("ada"), "plg:individual"));
    assert!(row.received_at.is_some(), "the receipt counts");
    assert!(!is_comment(&civil.instance, note).await, "a position is no comment beside it");

    let public = "https://www.w3.org/ns/activitystreams#Public";
    let answer = &answers(&masto)[0];
    assert_eq!(answer["to"], json!([masto.user("ada")]));
    assert_eq!(answer["cc"], json!([public]));
    assert_eq!((&answer["inReplyTo"], &answer["receiptFor"]), (&json!(note), &json!(note)));
    assert_eq!(answer["attributedTo"], json!(civil.room));
    assert_eq!(answer["tag"].as_array().unwrap().len(), 1);
    assert!(words(answer).contains("you support revision 1"), "{answer}");
    assert!(
        words(answer).contains(&format!("{}/receipts/{}", civil.instance.origin(), row.entry_hash)),
        "the receipt"
    );
    assert!(words(answer).contains("“withdraw”"), "how to undo");
    assert!(words(answer).contains("public record"), "the first one says what is kept");
    // Mastodon fetches it by its id.
    let id = answer["id"].as_str().unwrap();
    let served = civil.instance.app.service.object_document(id).await.unwrap().document();
    assert_eq!(&served, answer);
    let log = civil.instance.hashes(SLUG).await.len();
    civil.drain().await;
    assert_eq!(civil.instance.hashes(SLUG).await.len(), log, "an answer is no entry");
}

#[tokio::test]
async fn t57_objections_edits_deletions_and_withdrawals() {
    let civil = Civil::start().await;
    let masto = Foreign::start("masto").await;
    let store = &civil.instance.app.service.store;
    let text = "objection §2 for: Ministère de X : rien sur les coûts</p><p>et rien sur les délais";
    let note = civil.hears_to(&masto, "ada", 1, &civil.opinion, text, "fr").await;
    let row = position(&civil.instance, &note).await.unwrap();
    assert_eq!(row.kind, "objection");
    assert_eq!(row.statement.as_deref(), Some("rien sur les coûts\n\net rien sur les délais"));
    assert_eq!(row.claims_to_speak_for.as_deref(), Some("Ministère de X"));
    assert_eq!(row.blocks.as_deref(), Some("[2]"));
    assert_eq!((row.line.as_str(), row.on_behalf_of), (masto.user("ada").as_str(), None));
    let answer = answers(&masto).pop().unwrap();
    assert!(words(&answer).contains("vous vous opposez à la révision 1"), "{answer}");
    assert!(!words(&answer).contains("coûts") && !words(&answer).contains("Ministère"), "{answer}");
    assert_eq!(answer["contentMap"].as_object().unwrap().keys().next().unwrap(), "fr");

    // An edit changes nothing that is recorded.
    let mut edit = masto.reply("ada", 1, &civil.opinion, "Support!", "fr");
    edit["id"] = json!(format!("{note}#updates/1"));
    edit["type"] = json!("Update");
    edit["object"]["updated"] = json!(SystemClock.now().plus_millis(1_000));
    assert_eq!(masto.sends_as_actor(&civil.inbox(), &edit).await, 202);
    civil.drain().await;
    let row = position(&civil.instance, &note).await.unwrap();
    assert_eq!((row.kind.as_str(), row.live), ("objection", true));
    assert_eq!(readings(&civil.instance).await, 1);

    // Deleting it withdraws it, and the words go.
    let delete = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{note}#delete"), "type": "Delete",
        "actor": masto.user("ada"), "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "object": {"id": note, "type": "Tombstone", "atomUri": note},
    });
    assert_eq!(masto.sends_as_actor(&civil.inbox(), &delete).await, 202);
    civil.drain().await;
    let row = position(&civil.instance, &note).await.unwrap();
    assert_eq!((row.live, row.statement, row.claims_to_speak_for), (false, None, None));
    let rows = entry::Entity::find().filter(entry::Column::Kind.eq("reading"));
    let reading = rows.one(store.connection()).await.unwrap().unwrap();
    let served = civil.instance.app.service.item_document(&reading.item_id).await.unwrap();
    assert!(matches!(served, Served::Gone { .. }), "the reading repeats them");
    assert!(row.withdrawn_at.is_some());

    // `withdraw`, to the opinion or to the receipt.
    for (who, to_receipt) in [("bruno", false), ("chen", true)] {
        let note = civil.hears(&masto, who, 1, "support").await;
        assert!(position(&civil.instance, &note).await.unwrap().live);
        let receipt = answers(&masto).pop().unwrap()["id"].as_str().unwrap().to_owned();
        let parent = if to_receipt { &receipt } else { &civil.opinion };
        let withdrawal = civil.hears_to(&masto, who, 2, parent, "Withdraw", "en").await;
        assert!(!position(&civil.instance, &note).await.unwrap().live, "{who}");
        let row = position(&civil.instance, &withdrawal).await.unwrap();
        assert_eq!((row.kind.as_str(), row.live), ("withdrawn", false));
        assert!(!is_comment(&civil.instance, &withdrawal).await);
        // Somebody else's word on that receipt is nothing, and neither is another keyword.
        civil.hears_to(&masto, "dora", 1, &receipt, "withdraw", "en").await;
        civil.hears_to(&masto, who, 3, &receipt, "support", "en").await;
        let live: Vec<_> =
            projections::positions(store, row.room_id, &civil.opinion).await.unwrap();
        assert!(live.iter().all(|position| !position.live), "{live:#?}");
    }
}

#[tokio::test]
async fn t57_a_kind_that_needs_words_without_words_is_a_comment_and_is_told_so() {
    let civil = Civil::start().await;
    let masto = Foreign::start("masto").await;
    let note = civil.hears(&masto, "ada", 1, "Objection.").await;
    assert!(is_comment(&civil.instance, &note).await);
    assert!(position(&civil.instance, &note).await.is_none());
    assert_eq!(readings(&civil.instance).await, 0);
    assert!(words(&answers(&masto)[0]).contains("“objection:”"));
}

#[tokio::test]
async fn t56_t58_comments_boosts_and_favourites_are_no_positions() {
    let civil = Civil::start().await;
    let masto = Foreign::start("masto").await;
    let text = "§2 for: Ministry of X – who would fund this?";
    let note = civil.hears(&masto, "ada", 1, text).await;
    let store = &civil.instance.app.service.store;
    let row = projections::comment(store, &note).await.unwrap().unwrap();
    assert_eq!(row.claims_to_speak_for.as_deref(), Some("Ministry of X"));
    assert!(row.anchors.contains("\"block\":\"b-"), "{}", row.anchors);
    for (number, comment) in
        ["I am supporting this", "support the idea of a watch"].iter().enumerate()
    {
        let number = i64::try_from(number).unwrap() + 2;
        let note = civil.hears(&masto, "ada", number, comment).await;
        assert!(is_comment(&civil.instance, &note).await);
    }
    for (kind, id) in [("Like", "likes/1"), ("Announce", "boosts/1")] {
        let act = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}#{id}", masto.user("ada")),
            "type": kind, "actor": masto.user("ada"), "object": civil.opinion,
            "to": ["https://www.w3.org/ns/activitystreams#Public"], "published": SystemClock.now(),
        });
        assert_eq!(masto.sends_as_actor(&civil.inbox(), &act).await, 202);
    }
    civil.drain().await;
    let room = civil.instance.app.service.room(SLUG).await.unwrap();
    assert!(projections::positions(store, room.id, &civil.opinion).await.unwrap().is_empty());
    assert_eq!(answers(&masto), Vec::<Value>::new(), "nothing to answer");
}

#[tokio::test]
async fn t57b_an_inbox_on_a_third_host_is_sent_nothing() {
    let civil = Civil::start().await;
    let victim = Foreign::start("victim").await;
    let evil = Foreign::start_with_inbox_at("evil", &victim.id("users/officer/inbox")).await;
    let reply = evil.reply("ada", 1, &civil.opinion, "support", "en");
    let status = evil.sends_as_actor(&civil.inbox(), &reply).await;
    assert!(status.is_client_error(), "{status}");
    civil.drain().await;
    assert_eq!(victim.received(), Vec::<Value>::new());
    assert_eq!(readings(&civil.instance).await, 0);
    assert_eq!(civil.instance.delivered().await, 0);
}

/// An instance without a network, and people of masto.example whom it has known for long.
struct Quiet {
    civil: TestService,
    room: Room,
    opinion: String,
    sent: i64,
}

impl Quiet {
    async fn over(database: TestDatabase) -> Self {
        let civil = TestService::over("civil.example", database);
        let amina = civil.person("amina", Some(StakeholderGroup::CivilSociety)).await;
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let opinion = amina.publishes(&room, "Costs", "Who pays?").await.unwrap().uri;
        Self { civil, room, opinion, sent: 0 }
    }

    async fn knows(&self, who: &Voice) {
        let known = self.civil.service.room_actor(&self.room).await.unwrap();
        let row = Actor {
            id: self.civil.service.new_id(),
            uri: who.uri.clone(),
            host: who.host.clone(),
            kind: "Person".to_owned(),
            username: "somebody".to_owned(),
            inbox: format!("{}/inbox", who.uri),
            local: false,
            created_at: 0,
            ..known
        };
        let tx = self.civil.service.store.begin().await.unwrap();
        actors::insert(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Takes a reply that was delivered to this host now.
    async fn hears(&mut self, who: &Voice, text: &str) {
        self.sent += 1;
        let (note, at) = (who.note(self.sent), self.civil.clock.now());
        let act = who.comments(self.sent, &note, &self.opinion, text, at);
        let item = delivered(&act, "civil.example", at);
        let body = serde_json::to_vec(item.log_document()).unwrap();
        let (service, verdict) = (&self.civil.service, Verdict::Evidence);
        let tx = service.store.begin().await.unwrap();
        service.take(&tx, &self.room, &item, &body, verdict, Via::Direct).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn answered(&self) -> Vec<answer::Model> {
        let found = answer::Entity::find().filter(answer::Column::NoteUri.is_not_null());
        found.all(self.civil.service.store.connection()).await.unwrap()
    }
}

#[tokio::test]
async fn t57c_a_thousand_replies_of_a_hundred_actors_in_a_minute_are_answered_sixty_times() {
    // On one database: what is counted is counted on both in the test below.
    let mut quiet = Quiet::over(TestDatabase::sqlite().await).await;
    let people: Vec<Voice> =
        (0..100).map(|n| Voice::new(&format!("u{n}"), "masto.example")).collect();
    for who in &people {
        quiet.knows(who).await;
    }
    for who in people.iter().cycle().take(1_000) {
        quiet.hears(who, "support").await;
        quiet.civil.clock.pass_millis(60);
    }
    let most = usize::try_from(limits::ANSWERS_PER_HOST_AN_HOUR_MAX).unwrap();
    assert_eq!(quiet.answered().await.len(), most);
    let log = quiet.civil.log(&quiet.room).await;
    let readings = log.iter().filter(|entry| entry.kind == "reading").count();
    assert_eq!(readings, 1_000, "what is not answered is recorded all the same");
}

#[tokio::test]
async fn t57c_an_author_is_answered_again_after_ten_minutes_and_told_what_was_not() {
    for database in TestDatabase::each().await {
        let mut quiet = Quiet::over(database).await;
        let ada = Voice::new("ada", "masto.example");
        quiet.knows(&ada).await;
        let pause = limits::ANSWERS_PAUSE_MINUTES * 60_000;
        quiet.hears(&ada, "support").await;
        quiet.civil.clock.pass_millis(pause - 1);
        quiet.hears(&ada, "neutral").await;
        assert_eq!(quiet.answered().await.len(), 1, "a millisecond too early");
        quiet.civil.clock.pass_millis(1);
        quiet.hears(&ada, "concern: costs").await;
        let mut answers = quiet.answered().await;
        answers.sort_by_key(|answer| answer.at);
        let said = |at: usize| String::from_utf8(answers[at].body.clone()).unwrap();
        assert_eq!(answers.len(), 2);
        assert!(!said(0).contains("without an answer") && said(0).contains("public record"));
        assert!(said(1).contains("without an answer") && !said(1).contains("public record"));
        // Five an hour, however slowly.
        for _ in 0..6 {
            quiet.civil.clock.pass_millis(pause);
            quiet.hears(&ada, "support").await;
        }
        let most = usize::try_from(limits::ANSWERS_PER_AUTHOR_AN_HOUR_MAX).unwrap();
        let since = quiet.civil.clock.now().as_millis() - 3_600_000;
        let lately = quiet.answered().await.iter().filter(|answer| answer.at > since).count();
        assert_eq!(lately, most);
    }
}

#[tokio::test]
async fn t57c_all_new_hosts_together_are_answered_twenty_times_an_hour() {
    let civil = Civil::start().await;
    let hosts = [Foreign::start("one").await, Foreign::start("two").await];
    for (who, host) in (0..15).flat_map(|who| hosts.iter().map(move |host| (who, host))) {
        civil.hears(host, &format!("u{who}"), 1, "support").await;
    }
    let all = hosts.iter().map(|host| answers(host).len()).sum::<usize>();
    assert_eq!(all, usize::try_from(limits::ANSWERS_TO_NEW_HOSTS_AN_HOUR_MAX).unwrap());
}

#[tokio::test]
async fn t57d_rooms_and_bots_are_met_with_silence() {
    let civil = Civil::start().await;
    for kind in ["Group", "Service", "Application"] {
        let bots = Foreign::start_with_actors("bots", kind).await;
        let note = civil.hears(&bots, "bot", 1, "support").await;
        assert!(position(&civil.instance, &note).await.is_none(), "{kind}");
        assert_eq!(bots.received(), Vec::<Value>::new(), "{kind}");
    }
    // Two rooms of two instances, each of which answers the other's receipt.
    let gov = TestInstance::start("gov").await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    gov.app.federation.join(&joao, &civil.room, None).await.unwrap();
    drain(&[&civil.instance, &gov]).await;
    let masto = Foreign::start("masto").await;
    civil.hears(&masto, "ada", 1, "support").await;
    let receipt = answers(&masto).pop().unwrap()["id"].as_str().unwrap().to_owned();
    let before = civil.instance.hashes(SLUG).await;
    let public = "https://www.w3.org/ns/activitystreams#Public";
    let (from, room) = (&gov.app.service, gov.app.service.room(SLUG).await.unwrap());
    let room = from.room_actor(&room).await.unwrap();
    for (nth, receipt_for) in [Some(receipt.clone()), None].into_iter().enumerate() {
        let id = from.paths.note(900 + i64::try_from(nth).unwrap());
        let mut act = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/create"), "type": "Create",
            "actor": room.uri, "to": [civil.room], "cc": [public], "published": SystemClock.now(),
            "object": {"id": id, "type": "Note", "attributedTo": room.uri, "inReplyTo": receipt, "content": "withdraw",
                "to": [civil.room], "cc": [public], "published": SystemClock.now()},
        });
        if let Some(of) = receipt_for {
            act["object"]["receiptFor"] = json!(of);
        }
        let body = serde_json::to_vec(&act).unwrap();
        let inbox = polylogue::domain::audience::Audience::Inbox(civil.inbox());
        let tx = from.store.begin().await.unwrap();
        from.send(&tx, &room, act["id"].as_str().unwrap(), body, &[inbox]).await.unwrap();
        tx.commit().await.unwrap();
        drain(&[&gov, &civil.instance]).await;
        assert_eq!(readings(&civil.instance).await, 1);
        assert_eq!(answers(&masto).len(), 1);
        if nth == 0 {
            assert_eq!(civil.instance.hashes(SLUG).await, before, "a receipt is no entry");
        }
    }
}

#[tokio::test]
async fn t85_a_reply_is_bound_to_the_text_that_was_shown_when_it_was_written() {
    let civil = Civil::start().await;
    let masto = Foreign::start("masto").await;
    let mut reply = masto.reply("ada", 1, &civil.opinion, "support", "en");
    civil.revises("all").await;
    // Written before revision 2, and it comes after.
    assert_eq!(masto.sends_as_actor(&civil.inbox(), &reply).await, 202);
    civil.drain().await;
    let note = reply["object"]["id"].as_str().unwrap().to_owned();
    let row = position(&civil.instance, &note).await.unwrap();
    assert_eq!((row.revision, row.live), (1, true));
    let answer = answers(&masto).pop().unwrap();
    assert!(words(&answer).contains("revision 1"), "{answer}");
    assert!(words(&answer).contains("There is a newer revision, 2"), "{answer}");
    // What comes later changes nothing.
    civil.revises("some").await;
    assert_eq!(position(&civil.instance, &note).await.unwrap().revision, 1);
    // One dated ahead is bound to what is shown when it comes.
    reply = masto.reply("bruno", 1, &civil.opinion, "support", "en");
    let ahead = json!("2099-01-01T00:00:00.000Z");
    reply["published"].clone_from(&ahead);
    reply["object"]["published"] = ahead;
    assert_eq!(masto.sends_as_actor(&civil.inbox(), &reply).await, 202);
    civil.drain().await;
    let note = reply["object"]["id"].as_str().unwrap();
    assert_eq!(position(&civil.instance, note).await.unwrap().revision, 3);
}

#[tokio::test]
async fn one_room_reads_and_all_show_the_same() {
    let civil = Civil::start().await;
    let gov = TestInstance::start("gov").await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    gov.app.federation.join(&joao, &civil.room, None).await.unwrap();
    let both = [&civil.instance, &gov];
    drain(&both).await;
    let masto = Foreign::start("masto").await;
    // Delivered to the home room; delivered to the other one, which leaves the reading to the home.
    for (who, to) in [("ada", &civil.instance), ("bruno", &gov)] {
        let reply = masto.reply(who, 1, &civil.opinion, "objection: no money", "en");
        let inbox = format!("{}/inbox", to.origin());
        assert_eq!(masto.sends_as_actor(&inbox, &reply).await, 202);
        drain(&both).await;
        let note = reply["object"]["id"].as_str().unwrap();
        for instance in both {
            let row =
                position(instance, note).await.unwrap_or_else(|| panic!("{who} {instance:?}"));
            assert_eq!((row.kind.as_str(), row.live), ("objection", true), "{who}");
            assert!(!is_comment(instance, note).await);
        }
    }
    assert_eq!(civil.instance.hashes(SLUG).await, gov.hashes(SLUG).await);
    assert_eq!((readings(&civil.instance).await, readings(&gov).await), (2, 2));
    assert_eq!(answers(&masto).len(), 2, "one room answers, whoever was told");
}

#[tokio::test]
async fn while_the_home_is_down_the_room_that_was_told_reads() {
    let civil = Civil::start().await;
    let gov = TestInstance::start("gov").await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    gov.app.federation.join(&joao, &civil.room, None).await.unwrap();
    drain(&[&civil.instance, &gov]).await;
    let home = civil.instance.origin().to_owned();
    let masto = Foreign::start("masto").await;
    let opinion = civil.opinion.clone();
    drop(civil);
    // The first thing that gov sends finds nobody there.
    let told = masto.reply("ada", 1, &opinion, "no keyword", "en");
    let inbox = format!("{}/inbox", gov.origin());
    assert_eq!(masto.sends_as_actor(&inbox, &told).await, 202);
    drain(&[&gov]).await;
    let reply = masto.reply("ada", 2, &opinion, "support", "en");
    assert_eq!(masto.sends_as_actor(&inbox, &reply).await, 202);
    drain(&[&gov]).await;
    let row = position(&gov, reply["object"]["id"].as_str().unwrap()).await.unwrap();
    assert_eq!((row.kind.as_str(), row.live), ("support", true));
    let answer = answers(&masto).pop().unwrap();
    assert!(answer["id"].as_str().unwrap().starts_with(gov.origin()), "not {home}");
}

//! What people arrange for themselves: the use cases behind it, on both databases.

use polylogue::{
    domain::group::StakeholderGroup::CivilSociety,
    service::{
        Caller,
        clients::{
            Expiry, FilterChange, KeywordChange, ListChange, NewMute, NewPost, NewsKind, PostView,
            Timeline, Window,
        },
        profile::OwnProfile,
    },
    store::{deliveries, posts},
};
use polylogue_tests::{Participant, TestDatabase, TestService};

const ALL: Window = Window::newest(40);

/// An instance with a topic, an opinion, and three who speak.
struct Desk {
    test: TestService,
    amina: Participant,
    ana: Participant,
    cleo: Participant,
    opinion: i64,
    room: i64,
}

impl Desk {
    async fn over(database: TestDatabase) -> Self {
        let test = TestService::over("civil.example", database);
        let amina = test.person("amina", Some(CivilSociety)).await;
        let ana = test.person("ana", None).await;
        let cleo = test.person("cleo", None).await;
        let (room, _) = amina.topic("rivers").await.unwrap();
        let opinion = amina.publishes(&room, "Two banks", "A river has two.").await.unwrap();
        Self { test, amina, ana, cleo, opinion: opinion.key, room: room.id }
    }

    async fn says(&self, who: &Participant, to: i64, text: &str) -> i64 {
        let new = NewPost { text: text.to_owned(), in_reply_to: Some(to), ..NewPost::default() };
        self.test.clock.pass_millis(1);
        self.test.service.write_post(&who.caller, new).await.unwrap().key
    }

    async fn follows(&self, who: &Participant, key: i64) {
        self.test.service.follow_person(&who.caller, key).await.unwrap();
    }
}

fn keys(views: &[PostView]) -> Vec<i64> {
    views.iter().map(|view| view.key).collect()
}

fn key_of(who: &Participant) -> i64 {
    who.caller.actor.id
}

#[tokio::test]
async fn a_mute_ends_by_itself_and_pages_are_full_without_whom_it_leaves_out() {
    for database in TestDatabase::each().await {
        let desk = Desk::over(database).await;
        let service = &desk.test.service;
        let ana: &Caller = &desk.ana.caller;
        desk.follows(&desk.ana, key_of(&desk.cleo)).await;
        desk.follows(&desk.ana, key_of(&desk.amina)).await;
        let mut hers = Vec::new();
        for number in 0..3 {
            desk.says(&desk.cleo, desk.opinion, &format!("Cleo {number}")).await;
            hers.push(desk.says(&desk.amina, desk.opinion, &format!("Amina {number}")).await);
        }
        let two = |max_id| Window { max_id, ..Window::newest(2) };
        let home = async |window| keys(&service.home_posts(ana, window).await.unwrap());
        assert_eq!(home(ALL).await.len(), 7);
        let mute = NewMute { notices: true, seconds: Some(60) };
        service.mute_person(ana, key_of(&desk.cleo), mute).await.unwrap();
        assert_eq!(home(two(None)).await, [hers[2], hers[1]]);
        assert_eq!(home(two(Some(hers[1]))).await, [hers[0], desk.opinion]);
        let upwards = Window { min_id: Some(desk.opinion), ..Window::newest(2) };
        assert_eq!(home(upwards).await, [hers[1], hers[0]]);
        assert_eq!(service.muted_people(ana, ALL).await.unwrap().len(), 1);
        desk.test.clock.pass_millis(59_990);
        assert_eq!(home(ALL).await.len(), 4);
        desk.test.clock.pass_millis(10);
        assert_eq!(home(ALL).await.len(), 7);
        assert!(service.muted_people(ana, ALL).await.unwrap().is_empty());
        // A muted topic is not at home, and is read where it is opened.
        desk.follows(&desk.ana, desk.room).await;
        service.unfollow_person(ana, key_of(&desk.amina)).await.unwrap();
        assert!(home(ALL).await.contains(&desk.opinion));
        let for_ever = NewMute { notices: false, seconds: None };
        service.mute_person(ana, desk.room, for_ever).await.unwrap();
        assert!(!home(ALL).await.contains(&desk.opinion));
        let public = service.public_posts(Timeline::Public, Some(ana), ALL).await.unwrap();
        assert!(public.is_empty());
        assert_eq!(service.posts_of(desk.room, false, Some(ana), ALL).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_list_shows_the_talk_of_its_circle() {
    for database in TestDatabase::each().await {
        let desk = Desk::over(database).await;
        let service = &desk.test.service;
        let ana: &Caller = &desk.ana.caller;
        for key in [key_of(&desk.amina), key_of(&desk.cleo), desk.room] {
            desk.follows(&desk.ana, key).await;
        }
        let new = ListChange { title: Some("Banks".into()), ..ListChange::default() };
        let list = service.create_list(ana, new).await.unwrap();
        service.add_to_list(ana, list.id, &[key_of(&desk.amina)]).await.unwrap();
        let own = desk.says(&desk.ana, desk.opinion, "Two.").await;
        let theirs = desk.says(&desk.cleo, desk.opinion, "One.").await;
        let to_cleo = desk.says(&desk.amina, theirs, "No.").await;
        let to_ana = desk.says(&desk.amina, own, "Yes.").await;
        let to_self = desk.says(&desk.amina, to_cleo, "As I said.").await;
        let taken = desk.says(&desk.amina, desk.opinion, "support: as written.").await;
        let shown = async || keys(&service.list_posts(ana, list.id, ALL).await.unwrap());
        assert_eq!(shown().await, [taken, to_self, to_ana, desk.opinion]);
        let policy = |word: &str| ListChange {
            replies_policy: Some(word.to_owned()),
            ..ListChange::default()
        };
        service.change_list(ana, list.id, policy("followed")).await.unwrap();
        assert_eq!(shown().await, [taken, to_self, to_ana, to_cleo, desk.opinion]);
        service.change_list(ana, list.id, policy("none")).await.unwrap();
        assert_eq!(shown().await, [desk.opinion]);
        service.change_list(ana, list.id, policy("list")).await.unwrap();
        // In a topic of the list all that its members say.
        service.add_to_list(ana, list.id, &[desk.room]).await.unwrap();
        assert_eq!(shown().await, [taken, to_self, to_ana, to_cleo, desk.opinion]);
        service
            .mute_person(ana, key_of(&desk.amina), NewMute { notices: true, seconds: None })
            .await
            .unwrap();
        assert!(shown().await.is_empty());
        // A block takes them off.
        service.block_person(ana, key_of(&desk.amina)).await.unwrap();
        let on = service.list_members(ana, list.id, ALL).await.unwrap();
        assert_eq!(on.iter().map(|(_, who)| who.key).collect::<Vec<_>>(), [desk.room]);
    }
}

#[tokio::test]
async fn filters_and_silenced_discussions_and_pins_on_both_databases() {
    for database in TestDatabase::each().await {
        let desk = Desk::over(database).await;
        let service = &desk.test.service;
        let ana: &Caller = &desk.ana.caller;
        let words = |word: &str| KeywordChange {
            keyword: Some(word.to_owned()),
            whole_word: Some(true),
            ..KeywordChange::default()
        };
        let new = FilterChange {
            title: Some("Banks".into()),
            contexts: Some(vec!["public".into(), "thread".into()]),
            expires: Expiry::In(60),
            keywords: vec![words("banks"), words("bank")],
            ..FilterChange::default()
        };
        let made = service.create_filter(ana, new).await.unwrap();
        let met = async || {
            let seen = service.public_posts(Timeline::Public, Some(ana), ALL).await.unwrap();
            seen[0].filtered.iter().flat_map(|met| met.keywords.clone()).collect::<Vec<_>>()
        };
        assert_eq!(met().await, ["banks"]);
        service.name_in_filter(ana, made.key, desk.opinion).await.unwrap();
        assert_eq!(service.filter(ana, made.key).await.unwrap().statuses[0].1, desk.opinion);
        desk.test.clock.pass_minutes(1);
        assert!(met().await.is_empty(), "it ended");
        service.delete_filter(ana, made.key).await.unwrap();
        assert!(service.filters(ana).await.unwrap().is_empty());

        let own = desk.says(&desk.ana, desk.opinion, "Two.").await;
        desk.says(&desk.cleo, own, "One.").await;
        service.leave_notices().await.unwrap();
        let told = async || service.client_news(ana, NewsKind::ALL, ALL).await.unwrap().len();
        assert_eq!((told().await, service.unread_news(ana, 9).await.unwrap()), (1, 1));
        service.mute_thread(ana, own, true).await.unwrap();
        assert_eq!((told().await, service.unread_news(ana, 9).await.unwrap()), (0, 0));
        assert!(service.post(own, Some(ana)).await.unwrap().marked.unwrap().muted);
        service.mute_thread(ana, desk.opinion, false).await.unwrap();
        assert_eq!(told().await, 1);

        service.pin(ana, own, true).await.unwrap();
        service.pin(ana, own, true).await.unwrap();
        assert_eq!(keys(&service.pinned_posts(key_of(&desk.ana), None).await.unwrap()), [own]);
        service.delete_post(ana, own).await.unwrap();
        assert!(service.pinned_posts(key_of(&desk.ana), None).await.unwrap().is_empty());
        assert!(posts::by_id(&service.store, own).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_changed_detail_is_sent_to_followers_and_one_that_did_not_change_is_not() {
    for database in TestDatabase::each().await {
        let desk = Desk::over(database).await;
        let service = &desk.test.service;
        let ana: &Caller = &desk.ana.caller;
        let sent = async || {
            let rows = deliveries::unexpanded(&service.store, 100).await.unwrap();
            let updates = rows.into_iter().filter_map(|row| {
                let sent: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
                (sent["type"] == "Update").then_some(sent)
            });
            updates.collect::<Vec<_>>()
        };
        let own = service.own_profile(ana).await.unwrap();
        service.change_profile(ana, own.clone()).await.unwrap();
        assert!(sent().await.is_empty());
        let fields = vec![("Work".to_owned(), "Cables".to_owned())];
        let new = OwnProfile { fields, discoverable: false, ..own };
        service.change_profile(ana, new.clone()).await.unwrap();
        service.change_profile(ana, new.clone()).await.unwrap();
        let sent = sent().await;
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0]["object"]["discoverable"], false);
        assert!(sent[0]["object"]["attachment"].to_string().contains("Cables"), "{}", sent[0]);
        assert_eq!(service.own_profile(ana).await.unwrap(), new);
    }
}

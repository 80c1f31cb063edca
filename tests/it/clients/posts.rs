//! What programs for the fediverse see and do: the use cases behind the Mastodon API, on both databases.

use polylogue::{
    domain::group::StakeholderGroup::CivilSociety,
    service::{
        Caller, ServiceError,
        clients::{Mark, NewPost, NewsKind, PostKind, PostView, Timeline, Window},
        notices::NoticeKind,
        positions::NewPosition,
    },
    store::{posts, projections, rooms::Room},
};
use polylogue_tests::{Participant, TestDatabase, TestService};

/// An instance with a topic and an opinion.
struct Civil {
    test: TestService,
    amina: Participant,
    ana: Participant,
    room: Room,
    /// Id and key of the opinion.
    opinion: (String, i64),
}

impl Civil {
    async fn over(database: TestDatabase) -> Self {
        let test = TestService::over("civil.example", database);
        let amina = test.person("amina", Some(CivilSociety)).await;
        let ana = test.person("ana", None).await;
        let (room, _) = amina.topic("rivers").await.unwrap();
        let opinion =
            amina.publishes(&room, "Two banks", "A river has *two* banks.").await.unwrap();
        Self { test, amina, ana, room, opinion: (opinion.uri, opinion.key) }
    }

    async fn writes(
        &self,
        who: &Caller,
        to: i64,
        text: &str,
        name: Option<&str>,
    ) -> Result<PostView, ServiceError> {
        let new = NewPost {
            text: text.to_owned(),
            in_reply_to: Some(to),
            name: name.map(str::to_owned),
            ..NewPost::default()
        };
        self.test.clock.pass_millis(1);
        self.test.service.write_post(who, new).await
    }

    async fn context(&self, key: i64, reader: Option<&Caller>) -> (Vec<i64>, Vec<i64>) {
        let (above, below) = self.test.service.post_context(key, reader).await.unwrap();
        let keys = |views: Vec<PostView>| views.iter().map(|view| view.key).collect();
        (keys(above), keys(below))
    }
}

#[tokio::test]
async fn an_opinion_has_title_abstract_text_and_address_and_revisions_are_edits() {
    for database in TestDatabase::each().await {
        let civil = Civil::over(database).await;
        let service = &civil.test.service;
        let view = service.post(civil.opinion.1, None).await.unwrap();
        assert_eq!((view.kind, view.edited, view.marked), (PostKind::Opinion, None, None));
        let html = &view.html;
        for part in [
            "<p><strong>Two banks</strong></p>",
            "Revision 1 · On rivers",
            "<p>Two banks, in short.</p>",
            "<em>two</em> banks.",
            &format!("<a href=\"{0}\">{0}</a>", civil.opinion.0),
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_eq!(html.matches("Two banks</").count(), 1, "no second head: {html}");
        assert_eq!(view.text(), "A river has *two* banks.");
        civil.test.clock.pass_minutes(1);
        civil
            .amina
            .revises(&civil.opinion.0, "A river has three.", "Counted.", None)
            .await
            .unwrap();
        let view = service.post(civil.opinion.1, None).await.unwrap();
        assert_eq!(view.edited, Some(civil.test.service.now()));
        assert!(view.html.contains("Revision 2") && view.html.contains("three"), "{}", view.html);
        let versions = service.post_versions(civil.opinion.1).await.unwrap();
        assert_eq!(versions.len(), 2);
        assert!(versions[0].html.contains("two") && versions[1].html.contains("three"));
    }
}

#[tokio::test]
async fn a_reply_by_keyword_is_read_like_any_other_and_answered_by_a_receipt() {
    for database in TestDatabase::each().await {
        let civil = Civil::over(database).await;
        let service = &civil.test.service;
        let ana = &civil.ana.caller;
        let text = "@amina@civil.example objection:\nwho would pay?";
        let view = civil.writes(ana, civil.opinion.1, text, None).await.unwrap();
        assert_eq!(view.kind, PostKind::Position);
        assert_eq!(view.in_reply_to, Some((civil.opinion.1, civil.amina.caller.actor.id)));
        assert!(view.html.contains("ana objects to revision 1"), "{}", view.html);
        assert!(view.html.contains("who would pay?"), "{}", view.html);
        let row = projections::position(&service.store, &view.uri).await.unwrap().unwrap();
        assert_eq!((row.kind.as_str(), row.live, row.revision), ("objection", true, 1));
        assert!(projections::comment(&service.store, &view.uri).await.unwrap().is_none());
        // The receipt is for her alone.
        let (_, below) = civil.context(civil.opinion.1, Some(ana)).await;
        assert_eq!(below.len(), 2, "{below:?}");
        let receipt = service.post(below[1], Some(ana)).await.unwrap();
        assert_eq!(receipt.kind, PostKind::Receipt);
        assert_eq!(receipt.in_reply_to.map(|(key, _)| key), Some(view.key));
        assert_eq!(receipt.author.username, "rivers");
        assert!(receipt.html.contains("you object to revision 1"), "{}", receipt.html);
        assert_eq!(civil.context(civil.opinion.1, None).await.1, [view.key]);
        assert_eq!(civil.context(below[1], Some(ana)).await.0, [civil.opinion.1, view.key]);
        let news = service.client_news(ana, NewsKind::ALL, Window::newest(9)).await.unwrap();
        assert_eq!(news.len(), 1);
        assert_eq!(
            (news[0].kind, news[0].post.as_ref().unwrap().key),
            (NewsKind::Mention, below[1])
        );
        assert_eq!(service.unread_notices(ana).await.unwrap(), 0, "pages do not show it");
        // What a page takes is not read: its author has a form for positions.
        let comment = civil.ana.comments(&civil.opinion.0, "Objection: none", None).await.unwrap();
        assert!(projections::comment(&service.store, &comment.uri).await.unwrap().is_some());
        // The receipt is answered by `withdraw`.
        let undone = civil.writes(ana, below[1], "withdraw", None).await.unwrap();
        assert_eq!(undone.kind, PostKind::Position);
        let live = projections::live_positions(&service.store, civil.room.id, &civil.opinion.0);
        assert_eq!(live.await.unwrap(), []);
        // A position is not edited, and a deleted one is gone from the thread.
        let edit = NewPost { text: "support".into(), ..NewPost::default() };
        let refused = service.edit_post(ana, view.key, edit).await;
        assert!(matches!(refused, Err(ServiceError::Invalid(_))), "{refused:?}");
        let again = civil.writes(ana, civil.opinion.1, "support", None).await.unwrap();
        service.delete_post(ana, again.key).await.unwrap();
        assert!(service.post(again.key, None).await.is_err());
        let live = projections::live_positions(&service.store, civil.room.id, &civil.opinion.0);
        assert_eq!(live.await.unwrap(), []);
    }
}

#[tokio::test]
async fn comments_are_written_once_under_one_name_edited_and_deleted() {
    for database in TestDatabase::each().await {
        let civil = Civil::over(database).await;
        let service = &civil.test.service;
        let ana = &civil.ana.caller;
        let view = civil.writes(ana, civil.opinion.1, "One line\nand another", Some("k")).await;
        let view = view.unwrap();
        assert_eq!(view.kind, PostKind::Comment);
        assert!(view.html.contains("<br"), "{}", view.html);
        let same = civil.writes(ana, civil.opinion.1, "something else", Some("k")).await.unwrap();
        assert_eq!((same.key, &same.html), (view.key, &view.html));
        // The name of another account's request is another name.
        let other = civil.writes(&civil.amina.caller, civil.opinion.1, "Mine", Some("k")).await;
        assert_ne!(other.unwrap().key, view.key);
        civil.test.clock.pass_minutes(59);
        let still = civil.writes(ana, civil.opinion.1, "within the hour", Some("k")).await.unwrap();
        assert_eq!(still.key, view.key);
        civil.test.clock.pass_minutes(1);
        let later = civil.writes(ana, civil.opinion.1, "an hour later", Some("k")).await.unwrap();
        assert_ne!(later.key, view.key);
        let edit = NewPost { text: "Better".into(), ..NewPost::default() };
        let edited = service.edit_post(ana, view.key, edit.clone()).await.unwrap();
        assert!(edited.edited.is_some() && edited.html.contains("Better"));
        assert_eq!(service.post_versions(view.key).await.unwrap().len(), 2);
        let not_hers = service.edit_post(&civil.amina.caller, view.key, edit).await;
        assert!(matches!(not_hers, Err(ServiceError::NotPermitted { .. })), "{not_hers:?}");
        let gone = service.delete_post(ana, view.key).await.unwrap();
        assert_eq!(gone.text(), "Better");
        assert!(matches!(service.post(view.key, None).await, Err(ServiceError::NotFound { .. })));
        let alone = NewPost { text: "hello".into(), ..NewPost::default() };
        let refused = service.write_post(ana, alone).await.unwrap_err();
        assert!(refused.to_string().contains("reply to an opinion"), "{refused}");
    }
}

#[tokio::test]
async fn a_thread_is_whole_and_depth_first_also_around_what_was_deleted() {
    for database in TestDatabase::each().await {
        let civil = Civil::over(database).await;
        let (ana, amina) = (&civil.ana.caller, &civil.amina.caller);
        let opinion = civil.opinion.1;
        let first = civil.writes(ana, opinion, "first", None).await.unwrap().key;
        let second = civil.writes(amina, opinion, "second", None).await.unwrap().key;
        let below = civil.writes(amina, first, "below the first", None).await.unwrap().key;
        let deep = civil.writes(ana, below, "deeper", None).await.unwrap().key;
        let position = NewPosition {
            kind: polylogue::domain::position::PositionKind::Support,
            statement: Some("Both banks".into()),
            revision: 1,
            capacity: None,
            on_behalf_of: None,
        };
        let service = &civil.test.service;
        let like = service.take_position(amina, &civil.opinion.0, position).await.unwrap().key;
        assert_eq!(
            civil.context(opinion, None).await,
            (vec![], vec![first, below, deep, second, like])
        );
        assert_eq!(civil.context(below, None).await, (vec![opinion, first], vec![deep]));
        service.delete_post(amina, below).await.unwrap();
        assert_eq!(civil.context(opinion, None).await.1, [first, second, deep, like]);
        let view = service.post(deep, None).await.unwrap();
        assert_eq!(view.in_reply_to.map(|(key, _)| key), Some(opinion));
        // What she commented on was answered: she is told, and the page of notices is not.
        service.leave_notices().await.unwrap();
        let news = service.client_news(ana, &[NewsKind::Mention], Window::newest(9)).await.unwrap();
        assert_eq!(news.len(), 0, "what was deleted is no news");
        let told = service.client_news(amina, NewsKind::ALL, Window::newest(9)).await.unwrap();
        assert!(told.iter().all(|one| one.kind == NewsKind::Mention) && !told.is_empty());
        let (pages, _) = service.notices(amina, 9, 0).await.unwrap();
        assert!(pages.iter().all(|view| view.kind == NoticeKind::Comment));
    }
}

#[tokio::test]
async fn pages_of_a_timeline_meet_without_gap_or_overlap() {
    for database in TestDatabase::each().await {
        let civil = Civil::over(database).await;
        let service = &civil.test.service;
        let ana = &civil.ana.caller;
        let mut expected = vec![civil.opinion.1];
        for number in 0..6 {
            civil.test.clock.pass_minutes(1);
            let made = civil.amina.publishes(&civil.room, &format!("No. {number}"), "Text.").await;
            expected.push(made.unwrap().key);
            // Comments of others are not at home.
            civil.writes(&civil.amina.caller, civil.opinion.1, "talk", None).await.unwrap();
        }
        assert_eq!(service.home_posts(ana, Window::newest(40)).await.unwrap().len(), 0);
        service.follow_person(ana, civil.room.id).await.unwrap();
        service.follow_person(ana, civil.room.id).await.unwrap();
        let own = civil.writes(ana, civil.opinion.1, "my own words", None).await.unwrap();
        expected.push(own.key);
        expected.reverse();
        let keys =
            |views: Vec<PostView>| -> Vec<i64> { views.iter().map(|view| view.key).collect() };
        let home = service.home_posts(ana, Window::newest(40)).await.unwrap();
        assert_eq!(keys(home), expected);
        let (mut seen, mut max_id) = (Vec::new(), None);
        loop {
            let window = Window { max_id, limit: 3, ..Window::default() };
            let page = keys(service.home_posts(ana, window).await.unwrap());
            let Some(last) = page.last() else { break };
            max_id = Some(*last);
            seen.extend(page);
        }
        assert_eq!(seen, expected, "downwards");
        let (mut seen, mut min_id) = (Vec::new(), Some(0));
        loop {
            let window = Window { min_id, limit: 3, ..Window::default() };
            let mut page = keys(service.home_posts(ana, window).await.unwrap());
            let Some(first) = page.first() else { break };
            min_id = Some(*first);
            page.extend(seen);
            seen = page;
        }
        assert_eq!(seen, expected, "upwards");
        let since = Window { since_id: Some(expected[2]), limit: 40, ..Window::default() };
        assert_eq!(keys(service.home_posts(ana, since).await.unwrap()), expected[..2]);
        let public =
            service.public_posts(Timeline::Public, None, Window::newest(40)).await.unwrap();
        assert_eq!(keys(public), expected[1..], "opinions alone");
        let local = service.public_posts(Timeline::Local, None, Window::newest(40)).await.unwrap();
        assert_eq!(local.len(), 7);
        let remote =
            service.public_posts(Timeline::Remote, None, Window::newest(40)).await.unwrap();
        assert_eq!(remote.len(), 0);
        let topic = service.public_posts(Timeline::Topic("Rivers"), None, Window::newest(2)).await;
        assert_eq!(keys(topic.unwrap()), expected[1..3]);
        service.unfollow_person(ana, civil.room.id).await.unwrap();
        let home = service.home_posts(ana, Window::newest(40)).await.unwrap();
        assert_eq!(keys(home), [own.key]);
        // People, too: all that they wrote.
        service.follow_person(ana, civil.amina.caller.actor.id).await.unwrap();
        assert_eq!(service.home_posts(ana, Window::newest(40)).await.unwrap().len(), 14);
        let told = service.client_news(&civil.amina.caller, NewsKind::ALL, Window::newest(9)).await;
        let told = told.unwrap();
        let follows = told.iter().filter(|one| one.kind == NewsKind::Follow);
        assert_eq!(follows.count(), 1, "{told:?}");
        // Made anew from the log, it is the same.
        let before =
            posts::page(&service.store, &[posts::Shelf::All], Window::newest(40), None).await;
        let tx = service.store.begin().await.unwrap();
        projections::rebuild(&tx, civil.room.id).await.unwrap();
        tx.commit().await.unwrap();
        let after =
            posts::page(&service.store, &[posts::Shelf::All], Window::newest(40), None).await;
        assert_eq!(before.unwrap(), after.unwrap());
        assert_eq!(service.home_posts(ana, Window::newest(40)).await.unwrap().len(), 14);
    }
}

#[tokio::test]
async fn marks_are_once_and_no_position_is_a_favourite() {
    for database in TestDatabase::each().await {
        let civil = Civil::over(database).await;
        let service = &civil.test.service;
        let (ana, key) = (&civil.ana.caller, civil.opinion.1);
        let support = NewPosition {
            kind: polylogue::domain::position::PositionKind::Support,
            statement: None,
            revision: 1,
            capacity: None,
            on_behalf_of: None,
        };
        service.take_position(ana, &civil.opinion.0, support).await.unwrap();
        assert_eq!(service.post(key, None).await.unwrap().favourites, 0);
        for mark in [Mark::Favourite, Mark::Boost, Mark::Bookmark] {
            service.mark(ana, key, mark).await.unwrap();
            service.mark(ana, key, mark).await.unwrap();
        }
        let view = service.post(key, Some(ana)).await.unwrap();
        assert_eq!((view.favourites, view.boosts, view.answers), (1, 1, 0));
        let marked = view.marked.unwrap();
        assert!(marked.favourited && marked.boosted && marked.bookmarked);
        let other = service.post(key, Some(&civil.amina.caller)).await.unwrap();
        assert_eq!(other.marked, Some(polylogue::service::clients::Marked::default()));
        let who = service.marked_by(key, Mark::Favourite, 9, 0).await.unwrap();
        assert_eq!(who.iter().map(|who| who.acct.as_str()).collect::<Vec<_>>(), ["ana"]);
        assert_eq!(service.bookmarked_posts(ana, Window::newest(9)).await.unwrap().len(), 1);
        assert_eq!(service.favourited_posts(ana, Window::newest(9)).await.unwrap().len(), 1);
        let told = service.client_news(&civil.amina.caller, NewsKind::ALL, Window::newest(9)).await;
        let kinds: Vec<NewsKind> = told.unwrap().iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [NewsKind::Boost, NewsKind::Favourite]);
        service.dismiss_news(&civil.amina.caller, None).await.unwrap();
        let told = service.client_news(&civil.amina.caller, NewsKind::ALL, Window::newest(9)).await;
        assert_eq!(told.unwrap().len(), 0);
        for mark in [Mark::Favourite, Mark::Boost, Mark::Bookmark] {
            service.unmark(ana, key, mark).await.unwrap();
            service.unmark(ana, key, mark).await.unwrap();
        }
        let view = service.post(key, Some(ana)).await.unwrap();
        assert_eq!((view.favourites, view.boosts), (0, 0));
        assert_eq!(view.marked, Some(polylogue::service::clients::Marked::default()));
    }
}

#[tokio::test]
async fn opinions_are_found_by_words_of_title_and_abstract_people_by_name_and_both_by_address() {
    use polylogue::service::clients::Found;
    for database in TestDatabase::each().await {
        let civil = Civil::over(database).await;
        let service = &civil.test.service;
        civil.amina.publishes(&civil.room, "Öffentliche Quellen", "x").await.unwrap();
        for (words, count) in [
            ("bank", 1),
            ("BANKS two", 1),
            ("short", 2),
            ("öff", 1),
            ("banks quellen", 0),
            ("%", 0),
        ] {
            let found = service.find_posts(words, None, 20, 0).await.unwrap();
            assert_eq!(found.len(), count, "{words}");
        }
        let found = service.find_people("am", None, (20, 0)).await.unwrap();
        assert_eq!(found[0].acct, "amina");
        let found = service.find_people("On ri", None, (20, 0)).await.unwrap();
        assert_eq!((found[0].kind.as_str(), found[0].key), ("Group", civil.room.id));
        assert_eq!(service.find_topics("riv", 9).await.unwrap()[0].0, "rivers");
        for address in [
            civil.opinion.0.clone(),
            format!("https://civil.example/o/{}/comments", civil.opinion.1),
        ] {
            match service.find_address(&address, None).await.unwrap() {
                Some(Found::Post(view)) => assert_eq!(view.key, civil.opinion.1),
                other => panic!("{address}: {other:?}"),
            }
        }
        for handle in ["amina", "@amina", "amina@civil.example", "acct:amina@civil.example"] {
            assert_eq!(service.person_named(handle).await.unwrap().unwrap().acct, "amina");
        }
        assert!(service.person_named("amina@other.example").await.unwrap().is_none());
        civil.amina.deletes_opinion(&civil.opinion.0).await.unwrap();
        assert_eq!(service.find_posts("bank", None, 20, 0).await.unwrap().len(), 0);
    }
}

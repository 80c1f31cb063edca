//! What is between people: reports, blocks, moves, private replies; and numbers that are somebody's word.

use polylogue::{
    base::limits,
    domain::group::StakeholderGroup,
    service::{Caller, Role, ServiceError},
    store::{
        actors, blocks,
        follows::{self, Follow},
        reports::{self, Report},
    },
};
use polylogue_tests::Foreign;
use serde_json::json;

use super::{PUBLIC, activity, homes, is};

#[tokio::test]
async fn test_68_reports_reach_the_moderators_and_blocks_are_honoured() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        let log = home.log().await;
        // The instance actor sends it, and names the person and the posts.
        let instance = masto.user("instance");
        let flag = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": masto.id("flags/1"), "type": "Flag",
            "actor": instance, "to": home.amina.actor.uri, "content": "<b>Spam</b> of a sort",
            "object": [home.amina.actor.uri, home.opinion],
        });
        home.hears(&masto, &flag).await;
        home.hears(&masto, &flag).await;
        let service = &home.instance.app.service;
        let moderator = Caller { role: Role::Moderator, ..home.amina.clone() };
        let (reports, more) = service.reports(&moderator, 10, 0).await.unwrap();
        assert_eq!((reports.len(), more), (1, false));
        let report = &reports[0];
        assert_eq!(report.content, "Spam of a sort");
        assert_eq!(report.objects, [home.amina.actor.uri.clone(), home.opinion.clone()]);
        assert_eq!((report.reporter.as_str(), report.closed_at), (instance.as_str(), None));
        let refused = service.reports(&home.amina, 10, 0).await;
        assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })), "{refused:?}");
        service.close_report(&moderator, report.key).await.unwrap();
        assert!(service.reports(&moderator, 10, 0).await.unwrap().0[0].closed_at.is_some());
        // Lemmy and Mbin say it in other members; what is about nothing of ours is nobody's business here.
        let lemmy = json!({"id": masto.id("flags/2"), "type": "Flag", "actor": masto.user("ada"), "to": [home.room],
            "audience": home.room, "object": home.opinion, "summary": "off topic", "content": null});
        home.hears(&masto, &lemmy).await;
        let (reports, _) = service.reports(&moderator, 1, 0).await.unwrap();
        assert_eq!(reports[0].content, "off topic", "open ones first");
        let other = json!({"id": masto.id("flags/3"), "type": "Flag", "actor": instance, "object": [masto.user("x")]});
        is(&home.hears(&masto, &other).await, "done", "nothing of ours");

        let who = masto.user("bruno");
        let follow = json!({"id": masto.id("f/1"), "type": "Follow", "actor": who, "object": home.amina.actor.uri});
        home.hears(&masto, &follow).await;
        let block = json!({"@context": "https://www.w3.org/ns/activitystreams", "id": masto.id("b/1"), "type": "Block",
            "actor": who, "object": home.amina.actor.uri});
        home.hears(&masto, &block).await;
        let blockers = || blocks::blockers_of(home.store(), &home.amina.actor.uri);
        assert_eq!(blockers().await.unwrap(), std::slice::from_ref(&who));
        assert_eq!(follows::count_followers(home.store(), &home.amina.actor.uri).await.unwrap(), 0);
        // Nothing of hers goes there any more, though she answers him.
        let reply = masto.reply("bruno", 1, &home.opinion, "Who pays?", "en");
        home.hears(&masto, &reply).await;
        let before = masto.received().len();
        let key = reply["object"]["id"].as_str().unwrap().to_owned();
        answer(&home, &key).await;
        assert_eq!(masto.received().len(), before, "{:?}", masto.received().last());
        let undo =
            json!({"id": masto.id("b/1/undo"), "type": "Undo", "actor": who, "object": block});
        home.hears(&masto, &undo).await;
        assert!(blockers().await.unwrap().is_empty());
        answer(&home, &key).await;
        assert_eq!(masto.received().len(), before + 1);
        assert!(home.log().await.len() > log.len());
        for id in ["flags/1", "b/1"] {
            let rows = polylogue::store::entries::by_item_id(home.store(), &masto.id(id)).await;
            assert!(rows.unwrap().is_empty(), "{id} is no entry");
        }
        // A ban from a forum is the forum's.
        let ban = json!({"id": masto.id("b/2"), "type": "Block", "actor": who, "object": home.amina.actor.uri,
            "target": masto.user("forum"), "removeData": true});
        is(&home.hears(&masto, &ban).await, "done", "binds the forum");
    }
}

#[tokio::test]
async fn a_server_has_so_many_open_reports_of_so_many_things_in_so_many_words() {
    let home = homes().await.remove(0);
    let masto = Foreign::start("masto").await;
    let service = &home.instance.app.service;
    let moderator = Caller { role: Role::Moderator, ..home.amina.clone() };
    let flag = |n: usize, objects: usize, words: usize| {
        json!({"id": masto.id(&format!("flags/{n}")), "type": "Flag", "actor": masto.user("instance"),
            "object": vec![home.opinion.clone(); objects], "content": "x".repeat(words)})
    };
    for more in [0, 1] {
        let (objects, words) = (limits::REPORT_OBJECTS_MAX + more, limits::REPORT_CHARS_MAX + more);
        home.hears(&masto, &flag(more, objects, words)).await;
        let report = service.reports(&moderator, 1, 0).await.unwrap().0.remove(0);
        assert_eq!(report.objects.len(), limits::REPORT_OBJECTS_MAX);
        assert_eq!(report.content.len(), limits::REPORT_CHARS_MAX);
    }
    let host = polylogue::protocol::paths::host_of(&masto.actor());
    let tx = home.store().begin().await.unwrap();
    for n in 3..limits::REPORTS_OPEN_PER_HOST_MAX {
        let row = Report {
            id: service.new_id(),
            activity_uri: format!("filled {n}"),
            reporter: masto.user("instance"),
            host: host.clone(),
            objects: "[]".to_owned(),
            content: String::new(),
            category: None,
            received_at: 0,
            closed_at: None,
            closed_by: None,
        };
        reports::insert(&tx, row).await.unwrap();
    }
    tx.commit().await.unwrap();
    let open = || reports::count_open_of(home.store(), &host);
    assert_eq!(open().await.unwrap(), limits::REPORTS_OPEN_PER_HOST_MAX - 1);
    assert_eq!(home.hears(&masto, &flag(8, 1, 1)).await.0, "done");
    assert_eq!(open().await.unwrap(), limits::REPORTS_OPEN_PER_HOST_MAX);
    is(&home.hears(&masto, &flag(9, 1, 1)).await, "refused", "too many reports");
}

async fn answer(home: &super::Home, parent: &str) {
    let new = polylogue::service::comments::NewComment {
        content: "We all do.".to_owned(),
        kind: polylogue::domain::comment::CommentKind::Remark,
        anchors: Vec::new(),
        in_reply_to: Some(parent.to_owned()),
        language: None,
        capacity: None,
        on_behalf_of: None,
    };
    let service = &home.instance.app.service;
    service.comment(&home.amina, &home.opinion, new).await.unwrap();
    home.drain().await;
}

#[tokio::test]
async fn test_69_followers_follow_where_both_addresses_say_they_are_one() {
    for home in homes().await {
        let (old_home, new_home) = (Foreign::start("old").await, Foreign::start("new").await);
        for (n, (known_as, moved_to, follows_on)) in
            [(false, true, false), (true, false, false), (true, true, true)].into_iter().enumerate()
        {
            let name = format!("ada{n}");
            let (old, new) = (old_home.user(&name), new_home.user(&name));
            old_home.serves(&old_home.person(&name, json!({"movedTo": moved_to.then_some(&new)})));
            let also = if known_as { json!([old]) } else { json!([]) };
            new_home.serves(&new_home.person(&name, json!({"alsoKnownAs": also})));
            let tx = home.store().begin().await.unwrap();
            let row = Follow {
                id: home.instance.app.service.new_id(),
                activity_uri: format!("{}/f{n}", home.room),
                follower: home.amina.actor.uri.clone(),
                followee: old.clone(),
                state: follows::ACCEPTED.to_owned(),
                inbox: home.amina.actor.inbox.clone(),
                shared_inbox: None,
                created_at: 0,
            };
            follows::save(&tx, row).await.unwrap();
            tx.commit().await.unwrap();
            let event = json!({"@context": "https://www.w3.org/ns/activitystreams", "id": format!("{old}#moves/1"),
                "type": "Move", "actor": old, "object": old, "target": new, "to": [format!("{old}/followers")]});
            let (state, reason) = home.hears(&old_home, &event).await;
            assert_eq!(state, "done", "{reason:?}");
            let at = async |whom: String| {
                follows::between(home.store(), &home.amina.actor.uri, &whom)
                    .await
                    .unwrap()
                    .map(|row| row.state)
            };
            let stays = (Some(follows::ACCEPTED.to_owned()), None);
            let goes = (None, Some(follows::PENDING.to_owned()));
            let found = (at(old.clone()).await, at(new.clone()).await);
            assert_eq!(found, if follows_on { goes } else { stays }, "{n}");
            if follows_on {
                let asked = new_home.received().pop().unwrap();
                assert_eq!(
                    (asked["type"].as_str(), &asked["object"]),
                    (Some("Follow"), &json!(new))
                );
                let accept = json!({"id": new_home.id("accept/1"), "type": "Accept", "actor": new, "object": asked});
                home.hears(&new_home, &accept).await;
                assert_eq!(at(new).await.as_deref(), Some(follows::ACCEPTED));
            }
        }
        // Nobody else says so.
        let forged = json!({"id": new_home.id("m/1"), "type": "Move", "actor": new_home.user("eve"),
            "object": old_home.user("ada0"), "target": new_home.user("eve")});
        is(&home.hears(&new_home, &forged).await, "refused", "who moves");
    }
}

#[tokio::test]
async fn test_71_a_private_reply_reaches_its_addressees_and_no_record() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        let (who, log) = (masto.user("ada"), home.log().await);
        let whom = home.amina.actor.uri.clone();
        for (n, to) in
            [vec![format!("{who}/followers")], vec![whom.clone()]].into_iter().enumerate()
        {
            let note = masto.id(&format!("users/ada/statuses/{n}"));
            let cc = if n == 0 { vec![whom.clone()] } else { vec![] };
            let create = json!({
                "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{note}/activity"), "type": "Create",
                "actor": who, "to": to, "cc": cc,
                "object": {"id": note, "type": "Note", "attributedTo": who, "inReplyTo": home.opinion, "to": to, "cc": cc,
                    "content": "<p>Between <b>us</b> <script>alert(1)</script></p>", "published": "2026-11-24T10:00:00Z",
                    "directMessage": n == 1, "tag": [{"type": "Mention", "href": whom, "name": "@amina"}]},
            });
            home.hears(&masto, &create).await;
            assert!(home.comment(&note).await.is_none());
            let (notes, _) =
                home.instance.app.service.private_notes(&home.amina, 10, 0).await.unwrap();
            assert_eq!(notes.len(), n + 1);
            assert_eq!(
                (notes[0].author.uri.as_str(), notes[0].note.uri.as_str()),
                (who.as_str(), note.as_str())
            );
        }
        assert_eq!(home.log().await, log);
        // Its edit changes it, its deletion takes it away, and only its author's do.
        let note = masto.id("users/ada/statuses/1");
        for (actor, left) in [(masto.user("eve"), 2), (who.clone(), 1)] {
            let delete = activity(
                "Delete",
                &format!("{actor}#delete"),
                &actor,
                json!({"id": note, "type": "Tombstone"}),
            );
            home.hears(&masto, &delete).await;
            let (notes, _) =
                home.instance.app.service.private_notes(&home.amina, 10, 0).await.unwrap();
            assert_eq!(notes.len(), left, "{actor}");
        }
        // Nobody here is addressed: nothing is kept.
        let create = json!({"id": masto.id("p/9/activity"), "type": "Create", "actor": who, "to": [masto.user("x")],
            "object": {"id": masto.id("p/9"), "type": "Note", "attributedTo": who, "content": "<p>x</p>", "to": [masto.user("x")]}});
        is(&home.hears(&masto, &create).await, "done", "nobody who lives here");
        let rows = actors::by_uri(home.store(), &whom).await.unwrap();
        assert!(rows.is_some());
    }
}

#[tokio::test]
async fn a_private_reply_is_given_to_so_many_and_nobody_more() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        let who = masto.user("ada");
        let mut there = vec![home.amina.clone()];
        for n in 0..limits::PRIVATE_ADDRESSEES_MAX {
            let group = StakeholderGroup::CivilSociety;
            there.push(home.instance.person(&format!("person_{n:02}"), group).await);
        }
        let has = async |caller: &Caller| {
            let notes = home.instance.app.service.private_notes(caller, 10, 0).await.unwrap().0;
            notes.len()
        };
        for (n, addressed) in
            [(1, limits::PRIVATE_ADDRESSEES_MAX), (2, limits::PRIVATE_ADDRESSEES_MAX + 1)]
        {
            let mut before = Vec::new();
            for caller in &there {
                before.push(has(caller).await);
            }
            let to: Vec<&str> =
                there.iter().take(addressed).map(|caller| caller.actor.uri.as_str()).collect();
            let note = masto.id(&format!("p/{n}"));
            let create = json!({"id": format!("{note}/activity"), "type": "Create", "actor": who, "to": to,
                "object": {"id": note, "type": "Note", "attributedTo": who, "content": "<p>x</p>", "to": to}});
            is(&home.hears(&masto, &create).await, "done", "");
            let mut given = 0;
            for (caller, before) in there.iter().zip(before) {
                given += has(caller).await - before;
            }
            assert_eq!(given, limits::PRIVATE_ADDRESSEES_MAX, "of {addressed}");
        }
    }
}

#[tokio::test]
async fn test_88_numbers_of_others_are_shown_nowhere() {
    for home in homes().await {
        let lemmy = Foreign::start("lemmy").await;
        let who = lemmy.user("ada");
        let of = |n: u64| json!({"type": "Collection", "totalItems": n});
        let page = json!({"id": lemmy.id("post/1"), "type": "Page", "attributedTo": who, "to": [home.room, PUBLIC],
            "audience": home.room, "name": "A shared table", "content": "<p>Let us share one.</p>",
            "published": "2026-11-24T10:00:00Z", "likes": of(918_273_645_503), "shares": of(918_273_645_504), "replies": of(918_273_645_505)});
        home.hears(&lemmy, &activity("Create", &lemmy.id("a/1"), &who, page)).await;
        let mut reply = lemmy.reply("ada", 2, &home.opinion, "Who pays?", "en");
        reply["object"]["likes"] = of(918_273_645_506);
        reply["object"]["shares"] = of(918_273_645_507);
        reply["object"]["replies"]["totalItems"] = json!(918_273_645_508_u64);
        home.hears(&lemmy, &reply).await;
        let service = &home.instance.app.service;
        let (post, note) = (lemmy.id("post/1"), reply["object"]["id"].as_str().unwrap().to_owned());
        let key = service.opinion(&post, None).await.unwrap().key;
        let comment = service.comment_view(&note).await.unwrap().key;
        let own = service.opinion(&home.opinion, None).await.unwrap().key;
        let mut pages = vec![
            "/".to_owned(),
            format!("/t/{}", super::SLUG),
            format!("/api/plg/v1/topics/{}/opinions", super::SLUG),
        ];
        for key in [key, own] {
            for end in ["", "/positions", "/comments", "/history"] {
                pages.push(format!("/o/{key}{end}"));
            }
            for end in ["", "/comments", "/positions", "/revisions"] {
                pages.push(format!("/api/plg/v1/opinions/{key}{end}"));
            }
        }
        pages.push(format!("/c/{comment}"));
        pages.push(format!("/api/plg/v1/comments/{comment}"));
        let domain = service.paths.domain().to_owned();
        let mut reader = polylogue_tests::Browser::new(home.instance.app.router(), &domain);
        for path in pages {
            let shown = reader.get(&path).await;
            assert!(shown.status.is_success(), "{path}: {}", shown.status);
            assert!(!shown.html.contains("918273645"), "{path}");
        }
    }
}

#[tokio::test]
async fn who_is_blocked_here_is_rejected_told_no_more_and_still_speaks_in_the_topic() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        let service = &home.instance.app.service;
        let amina = &home.amina;
        let (who, own) = (masto.user("bruno"), &amina.actor.uri);
        let follow = |number: i64| json!({"id": masto.id(&format!("f/{number}")), "type": "Follow", "actor": who, "object": own});
        let last = || {
            let last = masto.received().pop().expect("something was sent");
            let part = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            (part(&last["type"]), part(&last["object"]["id"]))
        };
        let followers = || follows::count_followers(home.store(), own);
        home.hears(&masto, &follow(1)).await;
        assert_eq!((last().0.as_str(), followers().await.unwrap()), ("Accept", 1));
        let bruno = actors::by_uri(home.store(), &who).await.unwrap().unwrap();
        service.block_person(amina, bruno.id).await.unwrap();
        home.drain().await;
        assert_eq!((last(), followers().await.unwrap()), (("Reject".into(), masto.id("f/1")), 0));
        home.hears(&masto, &follow(2)).await;
        assert_eq!((last(), followers().await.unwrap()), (("Reject".into(), masto.id("f/2")), 0));
        // A Block would have his server hide from him what is public.
        assert!(masto.received().iter().all(|sent| sent["type"] != "Block"));
        let reply = masto.reply("bruno", 1, &home.opinion, "Who pays?", "en");
        is(&home.hears(&masto, &reply).await, "done", "");
        let key =
            polylogue::store::posts::by_uri(home.store(), &home.opinion).await.unwrap().unwrap().id;
        let below =
            |reader| async move { service.post_context(key, reader).await.unwrap().1.len() };
        assert_eq!((below(None).await, below(Some(amina)).await), (1, 0));
        service.unblock_person(amina, bruno.id).await.unwrap();
        assert_eq!(below(Some(amina)).await, 1);
        home.hears(&masto, &follow(3)).await;
        assert_eq!((last().0.as_str(), followers().await.unwrap()), ("Accept", 1));
        // The same for all of a server.
        service.block_domain(amina, &bruno.host).await.unwrap();
        home.drain().await;
        assert_eq!((last(), followers().await.unwrap()), (("Reject".into(), masto.id("f/3")), 0));
        assert_eq!((below(None).await, below(Some(amina)).await), (1, 0));
        home.hears(&masto, &follow(4)).await;
        assert_eq!((last(), followers().await.unwrap()), (("Reject".into(), masto.id("f/4")), 0));
        let relation = service.relations(amina, &[bruno.id]).await.unwrap().remove(0);
        assert!(relation.domain_blocking && !relation.blocking && !relation.followed_by);
        service.unblock_domain(amina, &bruno.host).await.unwrap();
        home.hears(&masto, &follow(5)).await;
        assert_eq!((last().0.as_str(), followers().await.unwrap()), ("Accept", 1));
    }
}

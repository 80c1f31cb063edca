//! Lemmy, Mbin, PieFed, NodeBB, Discourse, PeerTube, a.gup.pe, WordPress, Ghost.

use polylogue::store::{follows, projections};
use polylogue_tests::Foreign;
use serde_json::{Value, json};

use super::{Home, PUBLIC, SLUG, activity, homes, is};

/// A comment as Lemmy sends it: no context of its own, its author a `Person`, its community in `cc` and `audience`.
fn lemmy_note(lemmy: &Foreign, who: &str, number: i64, parent: &str, room: &str) -> Value {
    let note = lemmy.id(&format!("comment/{number}"));
    json!({
        "id": note, "type": "Note", "attributedTo": lemmy.user(who), "to": [PUBLIC], "cc": [room, parent],
        "audience": room, "inReplyTo": parent, "content": "<p>Who pays?</p>", "mediaType": "text/html",
        "source": {"content": "Who pays?", "mediaType": "text/markdown"}, "tag": [],
        "published": "2026-11-24T10:00:00.551632Z", "distinguished": false,
        "language": {"identifier": "fr", "name": "Français"}, "attachment": [],
    })
}

fn page(lemmy: &Foreign, who: &str, number: i64, room: &str) -> Value {
    json!({
        "id": lemmy.id(&format!("post/{number}")), "type": "Page", "attributedTo": lemmy.user(who), "to": [room, PUBLIC],
        "cc": [], "audience": room, "name": "A shared <table>", "content": "<p>Let us share one.</p>",
        "mediaType": "text/html", "source": {"content": "Let us share one.", "mediaType": "text/markdown"},
        "attachment": [{"type": "Link", "href": "https://news.example/a", "mediaType": "text/html"}],
        "sensitive": false, "published": "2026-11-24T10:00:00.551632Z", "tag": [],
        "language": {"identifier": "en", "name": "English"},
    })
}

#[tokio::test]
async fn test_61_lemmy_follows_comments_votes_and_opens_a_thread() {
    for home in homes().await {
        let lemmy = Foreign::start("lemmy").await;
        let who = lemmy.user("ada");
        let follow = json!({"id": lemmy.id("activities/follow/1"), "type": "Follow", "actor": who,
            "object": home.room, "to": [home.room]});
        home.hears(&lemmy, &follow).await;
        assert_eq!(lemmy.received().pop().unwrap()["type"], "Accept");

        let note = lemmy_note(&lemmy, "ada", 1, &home.opinion, &home.room);
        let create = json!({"id": lemmy.id("activities/create/1"), "type": "Create", "actor": who,
            "to": [PUBLIC], "cc": [home.room], "audience": home.room, "object": note});
        home.hears(&lemmy, &create).await;
        let row = home.comment(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(row.opinion_uri.as_deref(), Some(home.opinion.as_str()));
        assert_eq!(row.language.as_deref(), Some("fr"));

        let vote = |kind: &str, n: i64| {
            json!({"id": lemmy.id(&format!("activities/vote/{n}")), "type": kind, "actor": who,
                "object": home.opinion, "audience": home.room})
        };
        home.hears(&lemmy, &vote("Like", 1)).await;
        assert_eq!((home.count("like").await, home.count("dislike").await), (1, 0));
        // A changed mind is a Dislike without an Undo before it.
        home.hears(&lemmy, &vote("Dislike", 2)).await;
        assert_eq!((home.count("like").await, home.count("dislike").await), (0, 1));
        // What is undone is called a Like, with an id that was never sent.
        let undo = json!({"id": lemmy.id("activities/undo/3"), "type": "Undo", "actor": who,
            "to": [PUBLIC], "cc": [home.room], "audience": home.room, "object": vote("Like", 77)});
        home.hears(&lemmy, &undo).await;
        assert_eq!((home.count("like").await, home.count("dislike").await), (0, 0));
        assert_eq!(home.positions().await, 0);

        let post = page(&lemmy, "ada", 5, &home.room);
        let uri = post["id"].as_str().unwrap().to_owned();
        let create = json!({"id": lemmy.id("activities/create/5"), "type": "Create", "actor": who,
            "to": [home.room, PUBLIC], "cc": [], "audience": home.room, "object": post});
        home.hears(&lemmy, &create).await;
        let row = home.opinion(&uri).await.unwrap();
        assert_eq!(
            (row.revision, row.author.as_str(), row.chain.as_str()),
            (1, who.as_str(), "complete")
        );
        assert_eq!(row.stakeholder_group, None);
        let mut edit = create.clone();
        edit["type"] = json!("Update");
        edit["id"] = json!(lemmy.id("activities/update/6"));
        edit["object"]["content"] = json!("<p>Let us share two.</p>");
        edit["object"]["updated"] = json!("2026-11-24T11:00:00.551632Z");
        home.hears(&lemmy, &edit).await;
        let row = home.opinion(&uri).await.unwrap();
        assert_eq!(row.revision, 2);
        let revisions = projections::revisions(home.store(), row.room_id, &uri).await.unwrap();
        assert_eq!(revisions.len(), 2);
        assert!(revisions[1].current && revisions[1].content.contains("two"));
        let before = revisions[0].digest.clone();

        // Told to nobody's room, a page is nothing here.
        let mut elsewhere = create.clone();
        for (path, value) in [("id", "activities/create/8"), ("object", "post/8")] {
            let value = json!(lemmy.id(value));
            if path == "id" { elsewhere["id"] = value } else { elsewhere["object"]["id"] = value }
        }
        for place in ["to", "audience"] {
            elsewhere[place] = json!([PUBLIC]);
            elsewhere["object"][place] = json!([PUBLIC]);
        }
        is(&home.hears(&lemmy, &elsewhere).await, "done", "no topic");

        // A version that comes late changes no digest that a position may name.
        let mut first = create;
        first["type"] = json!("Update");
        first["id"] = json!(lemmy.id("activities/update/7"));
        first["object"]["content"] = json!("<p>Let us share none.</p>");
        first["object"]["updated"] = json!("2026-11-24T10:30:00.551632Z");
        home.hears(&lemmy, &first).await;
        let revisions = projections::revisions(home.store(), row.room_id, &uri).await.unwrap();
        assert_eq!(revisions.len(), 3);
        assert_eq!(revisions[0].digest, before);
        assert!(revisions[2].content.contains("two"));
    }
}

/// A community of a forum that announces what others said.
struct Forum {
    forum: Foreign,
    group: String,
}

impl Forum {
    async fn start(name: &str) -> Self {
        let forum = Foreign::start(name).await;
        let group = forum.person("forum", json!({"type": "Group"}));
        forum.serves(&group);
        let group = forum.user("forum");
        Self { forum, group }
    }

    async fn announces(&self, home: &Home, number: i64, object: Value) -> (String, Option<String>) {
        let announce = json!({
            "@context": ["https://www.w3.org/ns/activitystreams"], "id": self.forum.id(&format!("announce/{number}")),
            "type": "Announce", "actor": self.group, "to": [PUBLIC], "cc": [format!("{}/followers", self.group), home.room],
            "object": object,
        });
        home.hears(&self.forum, &announce).await
    }
}

#[tokio::test]
async fn test_62_what_a_forum_announces_is_asked_of_its_origin() {
    for home in homes().await {
        let lemmy = Forum::start("lemmy").await;
        let mbin = Foreign::start("mbin").await;
        let who = mbin.user("ada");
        let mut note = lemmy_note(&mbin, "ada", 1, &home.opinion, &home.room);
        let uri = note["id"].as_str().unwrap().to_owned();
        let create = |note: &Value| json!({"id": mbin.id("a/1"), "type": "Create", "actor": who, "to": [PUBLIC], "cc": [], "object": note});
        // Its origin knows nothing of it: invented.
        let invented = lemmy_note(&mbin, "ada", 99, &home.opinion, &home.room);
        is(&lemmy.announces(&home, 1, create(&invented)).await, "done", "does not have it");
        assert!(home.comment(invented["id"].as_str().unwrap()).await.is_none());
        // Its origin says something else: that counts.
        mbin.serves(&note);
        note["content"] = json!("<p>I agree with everything.</p>");
        assert_eq!(lemmy.announces(&home, 2, create(&note)).await.0, "done");
        let row = home.comment(&uri).await.unwrap();
        assert_eq!((row.content.as_str(), row.author), ("<p>Who pays?</p>", who.clone()));
        // An edit and a deletion are asked of it too.
        note["content"] = json!("<p>Who pays whom?</p>");
        note["updated"] = json!("2026-11-24T12:00:00Z");
        mbin.serves(&note);
        let mut update = create(&note);
        update["type"] = json!("Update");
        update["object"]["content"] = json!("<p>Nobody.</p>");
        lemmy.announces(&home, 3, update).await;
        assert_eq!(home.comment(&uri).await.unwrap().content, "<p>Who pays whom?</p>");
        let delete = json!({"id": mbin.id("a/2"), "type": "Delete", "actor": who, "to": [PUBLIC], "object": uri});
        lemmy.announces(&home, 4, delete.clone()).await;
        assert!(!home.comment(&uri).await.unwrap().deleted, "it is still there");
        mbin.forgets(&uri);
        lemmy.announces(&home, 5, delete).await;
        let row = home.comment(&uri).await.unwrap();
        assert!(row.deleted && row.content.is_empty(), "{row:?}");
        // A vote that somebody else hands on cannot be verified.
        let like =
            json!({"id": mbin.id("a/3"), "type": "Like", "actor": who, "object": home.opinion});
        is(&lemmy.announces(&home, 6, like).await, "done", "cannot be verified");
        assert_eq!(home.count("like").await, 0);
        // Nor does a forum speak for us.
        let ours = json!({"id": mbin.id("a/4"), "type": "Delete", "actor": home.amina.actor.uri, "to": [PUBLIC],
            "object": home.opinion});
        is(&lemmy.announces(&home, 7, ours).await, "refused", "our actors");
        assert!(!home.opinion(&home.opinion).await.unwrap().deleted);
    }
}

#[tokio::test]
async fn test_63_our_own_activity_without_its_context_is_known_by_its_id() {
    for home in homes().await {
        let piefed = Forum::start("piefed").await;
        let log = home.log().await;
        let entries = home.instance.app.service.room(SLUG).await.unwrap();
        let rows = polylogue::store::entries::page(home.store(), entries.id, 0, 100).await.unwrap();
        let own = rows.iter().find(|row| row.act_type == "Create").unwrap();
        let mut act: Value = serde_json::from_slice(&own.body).unwrap();
        act.as_object_mut().unwrap().remove("@context");
        act["object"].as_object_mut().unwrap().remove("@context");
        is(&piefed.announces(&home, 1, act).await, "done", "our own activity");
        assert_eq!(home.log().await, log);
    }
}

#[tokio::test]
async fn test_64_shapes_of_nodebb_discourse_peertube_and_gup_pe() {
    for home in homes().await {
        // NodeBB announces an Article whole, with a preview and nulls.
        let nodebb = Forum::start("nodebb").await;
        let who = nodebb.forum.user("7");
        let article = json!({
            "@context": ["https://www.w3.org/ns/activitystreams"], "id": nodebb.forum.id("post/7"), "type": "Article",
            "to": [PUBLIC, home.room], "cc": [], "inReplyTo": null, "published": "2026-11-24T10:00:00.000Z", "updated": null,
            "url": nodebb.forum.id("post/7"), "attributedTo": who, "context": nodebb.forum.id("topic/1"),
            "audience": home.room, "summary": null, "name": "Who pays?", "content": "<p>Nobody does.</p>",
            "source": {"content": "Nobody does.", "mediaType": "text/markdown"}, "preview": {"type": "Note", "content": "…"},
            "replies": nodebb.forum.id("post/7/replies"), "tag": [], "attachment": [],
        });
        let uri = article["id"].as_str().unwrap().to_owned();
        nodebb.forum.serves(&article);
        let fate = nodebb.announces(&home, 1, article.clone()).await;
        assert_eq!(fate.0, "done", "{fate:?}");
        assert_eq!(home.opinion(&uri).await.unwrap().name, "Who pays?");
        let fate = nodebb
            .announces(&home, 2, activity("Create", &nodebb.forum.id("a/1"), &who, article))
            .await;
        assert_eq!(fate.0, "done", "{fate:?}");
        assert_eq!(home.opinion(&uri).await.unwrap().revision, 1, "once");

        // Discourse embeds its actor.
        let discourse = Foreign::start("discourse").await;
        let who = discourse.user("u1");
        let note = discourse.id("ap/object/1");
        let create = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": discourse.id("ap/activity/1"), "type": "Create",
            "actor": {"id": who, "type": "Person", "inbox": format!("{who}/inbox"), "preferredUsername": "u1"},
            "to": [PUBLIC], "cc": [],
            "object": {"id": note, "type": "Note", "name": "Re: A shared watch", "attributedTo": who,
                "inReplyTo": home.opinion, "content": "<p>Who pays?</p>", "url": discourse.id("t/1/2"),
                "context": {"id": discourse.id("ap/collection/1"), "type": "OrderedCollection"},
                "published": "2026-11-24T10:00:00Z", "updated": "2026-11-24T10:00:00Z", "to": [PUBLIC]},
        });
        home.hears(&discourse, &create).await;
        assert!(home.comment(&note).await.is_some());

        // PeerTube attributes to a list of objects.
        let peertube = Foreign::start("peertube").await;
        let who = peertube.user("ada");
        let video = json!({"id": peertube.id("videos/1"), "type": "Video", "name": "Who pays?",
            "attributedTo": [{"type": "Person", "id": who}, {"type": "Group", "id": peertube.user("channel")}],
            "to": [PUBLIC], "cc": [], "content": "…", "mediaType": "text/markdown",
            "url": [{"type": "Link", "mediaType": "text/html", "href": peertube.id("w/1")}]});
        let create = activity("Create", &peertube.id("a/1"), &who, video);
        is(&home.hears(&peertube, &create).await, "done", "nothing that is read");
        let comment = peertube.id("videos/1/comments/1");
        let note = json!({"id": comment, "type": "Note", "attributedTo": [{"type": "Person", "id": who}],
            "inReplyTo": home.opinion, "content": "<p>Who pays?</p>", "to": [PUBLIC], "cc": [],
            "published": "2026-11-24T10:00:00.000Z", "tag": []});
        home.hears(&peertube, &activity("Create", &peertube.id("a/2"), &who, note)).await;
        assert_eq!(home.comment(&comment).await.unwrap().author, who);

        // a.gup.pe boosts by id, to whoever it likes.
        let gup = Forum::start("gup").await;
        gup.announces(&home, 1, json!(home.opinion)).await;
        assert_eq!(home.count("share").await, 1);
        is(
            &gup.announces(&home, 2, json!("https://nowhere.example/notes/1")).await,
            "done",
            "nothing of ours",
        );
    }
}

#[tokio::test]
async fn test_65_an_article_in_reply_is_a_long_comment() {
    for home in homes().await {
        let wordpress = Foreign::start("wordpress").await;
        let who = wordpress.user("ada");
        // Ids of WordPress have queries, and fragments.
        let uri = wordpress.id("?p=148");
        let article = json!({"id": uri, "type": "Article", "attributedTo": who, "name": "Who pays?",
            "nameMap": {"en": "Who pays?"}, "summary": "<p>A long answer.</p>", "inReplyTo": home.opinion,
            "content": format!("<h2>One</h2><p>{}</p>", "Nobody does. ".repeat(2_000)), "contentMap": {"en": "x"},
            "url": wordpress.id("2026/who-pays"), "published": "2026-11-24T10:00:00Z", "to": [PUBLIC], "cc": [],
            "preview": {"type": "Note", "content": "…"}, "attachment": []});
        let create = activity("Create", &wordpress.id("?p=148#activity#activity"), &who, article);
        home.hears(&wordpress, &create).await;
        let row = home.comment(&uri).await.unwrap();
        assert!(row.content.len() > 20_000 && row.opinion_uri.is_some());
        assert_eq!(row.language.as_deref(), Some("en"));
    }
}

#[tokio::test]
async fn test_66_nobody_publishes_in_the_name_of_another() {
    for home in homes().await {
        let (masto, other) = (Foreign::start("masto").await, Foreign::start("other").await);
        let log = home.log().await;
        for (n, author) in [masto.user("bruno"), other.user("bruno")].into_iter().enumerate() {
            let note = json!({"id": masto.id(&format!("o/{n}")), "type": "Note", "attributedTo": author,
                "inReplyTo": home.opinion, "content": "<p>I agree.</p>", "to": [PUBLIC]});
            let create = activity("Create", &masto.id(&format!("a/{n}")), &masto.user("ada"), note);
            is(&home.hears(&masto, &create).await, "refused", "may not act on");
        }
        assert_eq!(home.log().await, log);
    }
}

#[tokio::test]
async fn test_67_an_opinion_is_changed_by_its_author_alone() {
    for home in homes().await {
        let lemmy = Forum::start("lemmy").await;
        let who = lemmy.forum.user("ada");
        let post = page(&lemmy.forum, "ada", 1, &home.room);
        let uri = post["id"].as_str().unwrap().to_owned();
        lemmy.forum.serves(&post);
        home.hears(&lemmy.forum, &activity("Create", &lemmy.forum.id("a/1"), &who, post.clone()))
            .await;
        let moderator = lemmy.forum.user("moderator");
        let mut changed = post;
        changed["content"] = json!("<p>Let us share nothing.</p>");
        changed["updated"] = json!("2026-11-25T10:00:00Z");
        let by = |n: i64, actor: &str| {
            activity("Update", &lemmy.forum.id(&format!("a/{n}")), actor, changed.clone())
        };
        is(&home.hears(&lemmy.forum, &by(2, &moderator)).await, "refused", "may not act on");
        is(&lemmy.announces(&home, 1, by(3, &moderator)).await, "refused", "may not act on");
        // In its author's name, but handed on: what its origin says counts, and that says nothing new.
        lemmy.announces(&home, 2, by(4, &who)).await;
        let row = home.opinion(&uri).await.unwrap();
        assert_eq!(row.revision, 1);
        let revisions = projections::revisions(home.store(), row.room_id, &uri).await.unwrap();
        assert!(revisions.iter().all(|revision| !revision.content.contains("nothing")));
        // Of our own opinion nobody elsewhere is the author.
        let forged = activity(
            "Update",
            &lemmy.forum.id("a/9"),
            &who,
            json!({"id": home.opinion, "type": "Article",
            "attributedTo": home.amina.actor.uri, "content": "<p>Nothing.</p>", "to": [PUBLIC]}),
        );
        is(&home.hears(&lemmy.forum, &forged).await, "refused", "may not act on");
        assert_eq!(follows::count_reactions(home.store(), &uri, "like").await.unwrap(), 0);
    }
}

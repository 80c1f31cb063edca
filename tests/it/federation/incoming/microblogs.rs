//! Mastodon, Misskey, Pleroma, GoToSocial.

use polylogue::store::follows;
use polylogue_tests::Foreign;
use serde_json::json;

use super::{PUBLIC, activity, homes, is};

#[tokio::test]
async fn test_55_a_follow_of_a_room_and_of_a_person_is_accepted_and_undone() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        for (n, whom) in [home.room.clone(), home.amina.actor.uri.clone()].into_iter().enumerate() {
            let who = masto.user("ada");
            let follow = json!({
                "@context": "https://www.w3.org/ns/activitystreams", "id": masto.id(&format!("f{n}")),
                "type": "Follow", "actor": who, "object": whom,
            });
            home.hears(&masto, &follow).await;
            let accept = masto.received().pop().unwrap();
            assert_eq!(accept["type"], "Accept");
            assert_eq!(accept["actor"], json!(whom));
            for member in ["id", "type", "actor", "object"] {
                assert_eq!(accept["object"][member], follow[member], "{member}");
            }
            assert_eq!(follows::count_followers(home.store(), &whom).await.unwrap(), 1);
            let undo = json!({
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": format!("{who}#follows/{n}/undo"), "type": "Undo", "actor": who, "object": follow,
            });
            home.hears(&masto, &undo).await;
            assert_eq!(follows::count_followers(home.store(), &whom).await.unwrap(), 0);
        }
    }
}

#[tokio::test]
async fn test_56_a_reply_is_a_comment_its_edit_a_version_its_deletion_a_stub() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        for (who, tombstone) in [("ada", true), ("bruno", false)] {
            let reply = masto.reply(who, 1, &home.opinion, "Who pays?", "en");
            let note = reply["object"]["id"].as_str().unwrap().to_owned();
            home.hears(&masto, &reply).await;
            let row = home.comment(&note).await.unwrap();
            assert_eq!(row.opinion_uri.as_deref(), Some(home.opinion.as_str()));
            assert_eq!((row.versions, row.language.as_deref()), (1, Some("en")));

            let mut edit = reply.clone();
            edit["id"] = json!(format!("{note}#updates/1"));
            edit["type"] = json!("Update");
            edit["object"]["content"] = json!("<p>Who pays, and when?</p>");
            edit["object"]["contentMap"] = json!({"en": "<p>Who pays, and when?</p>"});
            edit["object"]["updated"] = json!("2099-01-01T00:00:00Z");
            home.hears(&masto, &edit).await;
            let row = home.comment(&note).await.unwrap();
            assert_eq!((row.versions, row.content.as_str()), (2, "<p>Who pays, and when?</p>"));

            let object = if tombstone {
                json!({"id": note, "type": "Tombstone", "atomUri": note})
            } else {
                json!(note)
            };
            let delete = activity("Delete", &format!("{note}#delete"), &masto.user(who), object);
            home.hears(&masto, &delete).await;
            let row = home.comment(&note).await.unwrap();
            assert!(row.deleted && row.content.is_empty(), "{row:?}");
        }
    }
}

/// GoToSocial dates in whole seconds: whose edit comes within one says the same time twice.
#[tokio::test]
async fn an_edit_within_the_second_of_what_it_changes_is_shown() {
    for home in homes().await {
        let gts = Foreign::start("gts").await;
        for number in 1..=8 {
            let reply = gts.reply("sofia", number, &home.opinion, "Who pays?", "en");
            let note = reply["object"]["id"].as_str().unwrap().to_owned();
            let mut edit = reply.clone();
            let said = format!("<p>Who pays, and when? ({number})</p>");
            edit["id"] = json!(format!("{note}#updates/1"));
            edit["type"] = json!("Update");
            edit["object"]["content"] = json!(said);
            edit["object"]["contentMap"] = json!({"en": said});
            edit["object"]["updated"] = reply["object"]["published"].clone();
            // In either order: what came first is no matter.
            let (first, second) = if number % 2 == 0 { (&reply, &edit) } else { (&edit, &reply) };
            home.hears(&gts, first).await;
            home.hears(&gts, second).await;
            let row = home.comment(&note).await.unwrap();
            assert_eq!((row.versions, row.content.as_str()), (2, said.as_str()));
        }
    }
}

#[tokio::test]
async fn test_57_a_favourite_is_a_reaction_with_its_evidence_and_is_undone() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        let (who, log) = (masto.user("ada"), home.log().await);
        let like = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{who}#likes/1"),
            "type": "Like", "actor": who, "object": home.opinion,
        });
        home.hears(&masto, &like).await;
        let kept = follows::reactions(home.store(), &home.opinion, "like", 10, 0).await.unwrap();
        assert_eq!(kept.len(), 1);
        let evidence = kept[0].evidence.as_deref().unwrap();
        assert!(evidence.contains("plg:HttpSignatureEvidence"), "{evidence}");
        assert_eq!((home.positions().await, home.log().await), (0, log.clone()));
        let undo = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{who}#likes/1/undo"),
            "type": "Undo", "actor": who, "object": like,
        });
        // Somebody else's Undo is nothing.
        let mut forged = undo.clone();
        forged["actor"] = json!(masto.user("bruno"));
        forged["id"] = json!(format!("{}#undo", masto.user("bruno")));
        home.hears(&masto, &forged).await;
        assert_eq!(home.count("like").await, 1);
        home.hears(&masto, &undo).await;
        assert_eq!((home.count("like").await, home.log().await), (0, log));
    }
}

#[tokio::test]
async fn test_58_a_boost_is_a_share_and_a_quote_is_linked_commentary() {
    for home in homes().await {
        let masto = Foreign::start("masto").await;
        let (who, log) = (masto.user("ada"), home.log().await);
        let boost =
            activity("Announce", &format!("{who}/statuses/9/activity"), &who, json!(home.opinion));
        home.hears(&masto, &boost).await;
        assert_eq!((home.count("share").await, home.positions().await), (1, 0));
        let undo = activity("Undo", &format!("{who}/statuses/9/undo"), &who, boost);
        home.hears(&masto, &undo).await;
        assert_eq!(home.count("share").await, 0);

        let note = format!("{who}/statuses/10");
        let quote = activity(
            "Create",
            &format!("{note}/activity"),
            &who,
            json!({
                "id": note, "type": "Note", "attributedTo": who, "inReplyTo": null, "to": [PUBLIC], "cc": [],
                "url": masto.id("@ada/10"), "content": "<p>Worth reading.</p>",
                "quote": home.opinion, "quoteUri": home.opinion, "_misskey_quote": home.opinion,
            }),
        );
        home.hears(&masto, &quote).await;
        let quotes = home.instance.app.service.quotes_of(&home.opinion).await.unwrap();
        assert_eq!(quotes.len(), 1);
        assert_eq!(quotes[0].href, masto.id("@ada/10"));
        assert_eq!(quotes[0].actor.uri, who);
        assert_eq!(home.log().await, log, "neither is an entry");
        let delete = activity(
            "Delete",
            &format!("{note}#delete"),
            &who,
            json!({"id": note, "type": "Tombstone"}),
        );
        home.hears(&masto, &delete).await;
        assert!(home.instance.app.service.quotes_of(&home.opinion).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn test_59_misskey_replies_and_reacts() {
    for home in homes().await {
        let misskey = Foreign::start("misskey").await;
        let who = misskey.user("9abc");
        let note = misskey.id("notes/9abd");
        let reply = activity(
            "Create",
            &format!("{note}/activity"),
            &who,
            json!({
                "id": note, "type": "Note", "attributedTo": who, "summary": null, "inReplyTo": home.opinion,
                "content": "<p><span>Who pays?</span></p>", "_misskey_content": "Who pays?",
                "source": {"content": "Who pays?", "mediaType": "text/x.misskeymarkdown"},
                "published": "2026-11-24T10:00:00.000Z", "to": [PUBLIC], "cc": [format!("{who}/followers")],
                "attachment": [], "sensitive": false, "tag": [],
            }),
        );
        home.hears(&misskey, &reply).await;
        assert_eq!(home.comment(&note).await.unwrap().author, who);
        for (n, members) in [
            json!({"content": "👍", "_misskey_reaction": "👍", "tag": []}),
            json!({"_misskey_reaction": ":blobcat:", "tag": [{"type": "Emoji", "name": ":blobcat:"}]}),
            json!({"content": "🎉"}),
        ]
        .into_iter()
        .enumerate()
        {
            let mut like = json!({"@context": "https://www.w3.org/ns/activitystreams", "type": "Like",
                "id": misskey.id(&format!("likes/{n}")), "actor": who, "object": home.opinion});
            like.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            home.hears(&misskey, &like).await;
        }
        let kept = follows::reactions(home.store(), &home.opinion, "emoji", 10, 0).await.unwrap();
        let mut emoji: Vec<_> = kept.iter().map(|row| row.content.as_deref().unwrap()).collect();
        emoji.sort_unstable();
        assert_eq!(emoji, [":blobcat:", "🎉", "👍"]);
        assert_eq!((home.positions().await, home.count("like").await), (0, 0));
    }
}

#[tokio::test]
async fn test_60_pleroma_reacts_and_gotosocial_names_its_note_only() {
    for home in homes().await {
        let pleroma = Foreign::start("pleroma").await;
        let who = pleroma.user("ada");
        let react = json!({"@context": ["https://www.w3.org/ns/activitystreams"], "type": "EmojiReact",
            "id": pleroma.id("activities/1"), "actor": who, "object": home.opinion, "content": "☕",
            "context": pleroma.id("contexts/1"), "context_id": 34, "to": [home.amina.actor.uri], "cc": [PUBLIC]});
        home.hears(&pleroma, &react).await;
        assert_eq!((home.count("emoji").await, home.positions().await), (1, 0));

        let gts = Foreign::start("gts").await;
        let who = gts.user("bruno");
        let note = format!("{who}/statuses/01H");
        gts.serves(&json!({
            "@context": ["https://gotosocial.org/ns", "https://www.w3.org/ns/activitystreams"],
            "id": note, "type": "Note", "attributedTo": who, "inReplyTo": home.opinion,
            "content": "<p>And who pays?</p>", "contentMap": {"de": "<p>x</p>", "en": "<p>And who pays?</p>"},
            "published": "2026-11-24T10:00:00Z", "to": PUBLIC, "cc": [format!("{who}/followers")],
            "interactionPolicy": {"canReply": {"always": PUBLIC}},
            "replies": {"id": format!("{note}/replies"), "type": "Collection"}, "tag": [],
        }));
        let create = activity("Create", &format!("{note}/activity#Create"), &who, json!(note));
        let fate = home.hears(&gts, &create).await;
        assert_eq!(fate.0, "done", "{fate:?}");
        let row = home.comment(&note).await.unwrap();
        assert_eq!((row.author, row.language.as_deref()), (who.clone(), Some("en")));
        let asked = gts.asked();
        let path = note.strip_prefix(&gts.id("")).unwrap();
        assert!(asked.contains(&(format!("/{path}"), true)), "by a signed GET: {asked:?}");
        // Nobody names another's.
        let theirs =
            activity("Create", &pleroma.id("activities/2"), &pleroma.user("ada"), json!(note));
        is(&home.hears(&pleroma, &theirs).await, "refused", "another host");
    }
}

#[tokio::test]
async fn test_70_unknown_types_make_no_error_and_the_first_known_of_several_counts() {
    for home in homes().await {
        let odd = Foreign::start("odd").await;
        let who = odd.user("ada");
        let of = |n: i64, kind: serde_json::Value, object: serde_json::Value| json!({"id": odd.id(&format!("a/{n}")), "type": kind, "actor": who, "object": object, "to": [PUBLIC]});
        for (n, act) in [
            of(1, json!("Arrive"), json!(home.opinion)),
            of(
                2,
                json!("Create"),
                json!({"id": odd.id("o/2"), "type": "Boat", "attributedTo": who}),
            ),
            of(3, json!("Create"), json!(7)),
            of(4, json!([]), json!(null)),
            of(5, json!("Announce"), json!([{}, 1, null])),
            of(6, json!("Undo"), json!({"type": "Arrive"})),
            of(7, json!("Update"), json!({})),
        ]
        .iter()
        .enumerate()
        {
            let (state, reason) = home.hears(&odd, act).await;
            assert!(matches!(state.as_str(), "done" | "refused"), "{n}: {state} {reason:?}");
        }
        home.hears(&odd, &of(9, json!(["Like", "X"]), json!(home.opinion))).await;
        assert_eq!(home.count("like").await, 1);
    }
}

#[tokio::test]
async fn test_72_nulls_single_values_and_terms_of_others_are_read() {
    for home in homes().await {
        let odd = Foreign::start("odd").await;
        let who = odd.user("ada");
        let note = odd.id("o/1");
        // As lotide and friends write: bare strings for lists, lists for single values, nulls, terms of their own.
        let create = json!({
            "@context": ["https://www.w3.org/ns/activitystreams", {"x": "https://x.example/ns#"}],
            "id": odd.id("a/1"), "type": ["Create"], "actor": who, "to": PUBLIC, "cc": null, "x:mood": {"x:of": [1.5]},
            "object": {"id": note, "type": ["Note", "x:Thought"], "attributedTo": [{"type": "Person", "id": who}, who],
                "inReplyTo": [{"id": home.opinion}], "content": "<p>Yes.</p>", "contentMap": null, "summary": null,
                "to": "as:Public", "cc": [null], "tag": null, "attachment": null, "published": "2026-11-24T10:00:00.123456+02:00"},
        });
        home.hears(&odd, &create).await;
        let row = home.comment(&note).await.unwrap();
        assert_eq!(row.opinion_uri.as_deref(), Some(home.opinion.as_str()));
        assert_eq!(row.published, 1_795_507_200_123);
    }
}

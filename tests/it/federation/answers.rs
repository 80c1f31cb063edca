//! What a room elsewhere answers to somebody here: taken where that room reads what is said here, from nobody else.

use polylogue::{
    domain::{comment::CommentKind, group::StakeholderGroup},
    service::{
        clients::{NewsKind, Window},
        comments::NewComment,
    },
    store::{
        answers,
        links::{self, Link},
    },
};
use polylogue_tests::{Foreign, TestInstance, drain};
use serde_json::{Value, json};

use super::mesh::{SLUG, found, publish};

/// What a room says of a reply.
fn receipt(room: &Foreign, number: i64, reply: &str) -> Value {
    let public = "https://www.w3.org/ns/activitystreams#Public";
    let id = room.id(&format!("c/{number}"));
    json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": room.id(&format!("a/{number}")), "type": "Create", "actor": room.actor(), "to": [public],
        "object": {
            "id": id, "type": "Note", "attributedTo": room.actor(), "inReplyTo": reply, "receiptFor": reply,
            "to": [public], "content": "<p>Recorded.</p><script>alert(1)</script>",
        },
    })
}

#[tokio::test]
async fn only_a_room_whose_link_is_up_answers_somebody_here() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    found(&civil, &amina).await;
    let opinion = publish(&civil, &amina).await;
    let new = NewComment {
        content: "Who pays?".to_owned(),
        kind: CommentKind::Question,
        anchors: Vec::new(),
        in_reply_to: None,
        language: None,
        capacity: None,
        on_behalf_of: None,
    };
    let service = &civil.app.service;
    let reply = service.comment(&amina, &opinion, new).await.unwrap().uri;
    let forum = Foreign::start_with_actors("forum", "Group").await;
    let room = service.room(SLUG).await.unwrap();
    let inbox = format!("{}/inbox", civil.origin());
    // A stranger; who only asked for a link; who had one; and who has one.
    let states = [(None, 0), (Some(links::ASKED), 0), (Some(links::DOWN), 0), (Some(links::UP), 1)];
    for (number, (state, told)) in (1..).zip(states) {
        if let Some(state) = state {
            let row = Link {
                id: service.new_id(),
                room_id: room.id,
                peer: forum.actor(),
                peer_inbox: format!("{}/inbox", forum.actor()),
                sent_follow: None,
                sent_accepted: false,
                got_follow: None,
                got_accepted: false,
                state: state.to_owned(),
                cursor: 0,
                relayed: 0,
                pull_due_at: i64::MAX,
                updated_at: 0,
            };
            let tx = service.store.begin().await.unwrap();
            links::save(&tx, row).await.unwrap();
            tx.commit().await.unwrap();
        }
        let answer = receipt(&forum, number, &reply);
        assert_eq!(forum.sends(&inbox, &answer).await, 202);
        drain(&[&civil]).await;
        let id = answer["object"]["id"].as_str().unwrap();
        let held = answers::by_note(&service.store, id).await.unwrap();
        assert_eq!(held.is_some(), told > 0, "{state:?}");
        let news = service.client_news(&amina, NewsKind::ALL, Window::newest(10)).await.unwrap();
        assert_eq!(news.len(), told, "{state:?}");
        let shown = news.iter().filter_map(|one| one.post.as_ref());
        assert!(shown.clone().all(|post| post.html == "<p>Recorded.</p>"), "{news:?}");
        assert_eq!(shown.count(), told);
    }
}

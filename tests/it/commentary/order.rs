//! No order depends on how many agree (INV-2): a thousand endorsements of one opinion move nothing.

use polylogue::{
    base::clock::Timestamp,
    domain::{
        comment::CommentKind,
        group::StakeholderGroup as Group,
        order::{Order, arrange},
        position::PositionKind,
        rotation::{Place, rotate},
    },
    record::item::Item,
    service::{commentary::Wanted, comments::NewComment},
    store::{
        entries::{self, Arrival, Verdict},
        projections,
    },
};
use polylogue_tests::{TestDatabase, TestService, cast::Words};

use crate::record::voice::{Stand, Voice};

const ENDORSEMENTS: i64 = 1_000;

#[tokio::test]
async fn a_thousand_endorsements_change_no_order_anywhere() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let people = [
            instance.person("amina", Some(Group::CivilSociety)).await,
            instance.person("bruno", Some(Group::Governments)).await,
            instance.person("chen", Some(Group::TechnicalCommunity)).await,
        ];
        let (room, _) = people[0].topic("who_pays").await.unwrap();
        let mut opinions = Vec::new();
        for (n, person) in people.iter().cycle().take(6).enumerate() {
            instance.clock.pass_minutes(1);
            let name = format!("Opinion {n}");
            opinions.push(
                person.publishes(&room, &name, "Users pay.\n\nAll of it.").await.unwrap().uri,
            );
        }
        for (n, person) in people.iter().cycle().take(9).enumerate() {
            instance.clock.pass_minutes(1);
            let kind = CommentKind::OFFERED[n % CommentKind::OFFERED.len()];
            let new = NewComment {
                content: format!("Comment {n}"),
                kind,
                anchors: Vec::new(),
                in_reply_to: None,
                language: None,
                capacity: None,
                on_behalf_of: None,
            };
            service.comment(&person.caller, &opinions[0], new).await.unwrap();
        }
        people[1]
            .takes_position(&opinions[0], 1, PositionKind::Objection, Words::because("No."))
            .await
            .unwrap();
        let before = orders(&instance, &opinions[0]).await;
        assert_eq!(before.len(), 2 + 2 * Order::ALL.len());
        assert_eq!(before[0].len(), 6);

        // Straight into the log, a thousand people with keys of their own.
        let tx = service.store.begin().await.unwrap();
        for n in 0..ENDORSEMENTS {
            let voice = Voice::new(&format!("p{n}"), "many.example");
            let item: Item =
                voice.likes(n, &opinions[usize::from(n % 2 == 1)], Stand::SUPPORT, service.now());
            let body = serde_json::to_vec(item.log_document()).unwrap();
            let arrival = Arrival {
                room_id: room.id,
                item: &item,
                body: &body,
                verdict: Verdict::Proof,
                origin: None,
                sent_to: &[],
                hops: 0,
                taken_at: service.now(),
                fresh_key: service.new_id(),
            };
            entries::append(&tx, &arrival).await.unwrap();
        }
        tx.commit().await.unwrap();
        let live = projections::positions(&service.store, room.id, &opinions[1]).await.unwrap();
        assert_eq!(live.len(), 500, "they are there");
        assert_eq!(orders(&instance, &opinions[0]).await, before);
    }
}

/// Every list there is, in every order it has.
async fn orders(instance: &TestService, opinion: &str) -> Vec<Vec<String>> {
    let service = &instance.service;
    let view = service.opinion(opinion, None).await.unwrap();
    let opinions = service.opinions(&view.room).await.unwrap();
    let place = |view: &polylogue::service::read::OpinionView| Place {
        group: view.group,
        actor: view.opinion.author.clone(),
        entry: view.opinion.uri.clone(),
    };
    let uris = |views: &[polylogue::service::read::OpinionView]| -> Vec<String> {
        views.iter().map(|view| view.opinion.uri.clone()).collect()
    };
    let mut lists = vec![uris(&opinions)];
    lists.push(uris(&rotate(&view.room.topic, service.now(), opinions, place).0));
    for order in Order::ALL {
        let wanted = Wanted { order: *order, ..Wanted::default() };
        let listed = service.list_comments(&view, &wanted).await.unwrap();
        lists.push(listed.briefs.into_iter().map(|brief| brief.uri).collect());
        let (lines, _) = service.ledger(&view.room, *order, None).await.unwrap();
        lists.push(lines.into_iter().map(|line| line.standing.entry).collect());
    }
    lists
}

#[test]
fn an_order_is_not_told_how_many_agree() {
    // The type an order sees has no place for it: were one added, this would not compile.
    let standing = polylogue::domain::order::Standing {
        group: None,
        actor: String::new(),
        entry: String::new(),
        published: Timestamp::from_millis(0),
        paragraph: None,
        unanswered: false,
    };
    let (items, _) =
        arrange(Order::Fair, "t", Timestamp::from_millis(0), vec![1], |_| standing.clone());
    assert_eq!(items, [1]);
}

//! Three instances hold one topic.

use polylogue::{
    domain::{
        comment::CommentKind, group::StakeholderGroup, opinion::OpinionStatus,
        position::PositionKind,
    },
    service::{
        Caller,
        comments::NewComment,
        opinions::{NewOpinion, NewRevision},
        positions::NewPosition,
        topics::NewTopic,
    },
    store::{links, projections},
};
use polylogue_tests::{TestInstance, drain};

pub(super) const SLUG: &str = "enhanced_cooperation";

pub(super) async fn found(instance: &TestInstance, founder: &Caller) -> String {
    let topic = NewTopic {
        slug: SLUG.to_owned(),
        name: "Enhanced cooperation".to_owned(),
        question: "How should it be put into practice?".to_owned(),
        language: "en".to_owned(),
        parties: None,
    };
    let (room, _) = instance.app.service.create_topic(founder, topic).await.unwrap();
    instance.app.service.paths.room(&room.slug)
}

pub(super) async fn publish(instance: &TestInstance, author: &Caller) -> String {
    let room = instance.app.service.room(SLUG).await.unwrap();
    let new = NewOpinion {
        name: "A shared watch".to_owned(),
        abstract_text: "First a shared watch, then a shared table.".to_owned(),
        source: "## First step\n\nA shared watch.\n\n## Second step\n\nA shared table.".to_owned(),
        language: "en".to_owned(),
        status: OpinionStatus::Open,
    };
    instance.app.service.publish_opinion(author, room, new).await.unwrap().uri
}

fn comment(text: &str) -> NewComment {
    NewComment {
        content: text.to_owned(),
        kind: CommentKind::Question,
        anchors: Vec::new(),
        in_reply_to: None,
        language: None,
        capacity: None,
        on_behalf_of: None,
    }
}

fn position(kind: PositionKind, statement: Option<&str>, revision: i64) -> NewPosition {
    NewPosition {
        kind,
        statement: statement.map(str::to_owned),
        revision,
        capacity: None,
        on_behalf_of: None,
    }
}

struct Three {
    civil: TestInstance,
    gov: TestInstance,
    tech: TestInstance,
    amina: Caller,
    joao: Caller,
    dagny: Caller,
}

impl Three {
    async fn linked() -> Self {
        let (civil, gov, tech) = tokio::join!(
            TestInstance::start("civil"),
            TestInstance::start("gov"),
            TestInstance::start("tech")
        );
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        let joao = gov.person("joao", StakeholderGroup::Governments).await;
        let dagny = tech.person("dagny", StakeholderGroup::TechnicalCommunity).await;
        let address = found(&civil, &amina).await;
        gov.app.federation.join(&joao, &address, None).await.unwrap();
        drain(&[&civil, &gov]).await;
        tech.app.federation.join(&dagny, &address, None).await.unwrap();
        let three = Self { civil, gov, tech, amina, joao, dagny };
        three.drain().await;
        three
    }

    fn all(&self) -> [&TestInstance; 3] {
        [&self.civil, &self.gov, &self.tech]
    }

    async fn drain(&self) {
        drain(&self.all()).await;
    }

    async fn assert_same_record(&self) {
        let first = self.civil.hashes(SLUG).await;
        assert!(!first.is_empty());
        for instance in [&self.gov, &self.tech] {
            assert_eq!(instance.hashes(SLUG).await, first, "the record of {}", instance.origin());
        }
    }
}

#[tokio::test]
async fn the_same_record_everywhere_whoever_acts_where() {
    let three = Box::pin(Three::linked()).await;
    for instance in three.all() {
        let room = instance.app.service.room(SLUG).await.unwrap();
        assert_eq!(links::up(&instance.app.service.store, room.id).await.unwrap().len(), 2);
    }

    let opinion = publish(&three.civil, &three.amina).await;
    three.drain().await;
    let question =
        three.gov.app.service.comment(&three.joao, &opinion, comment("Who pays?")).await.unwrap();
    let objection = position(PositionKind::Objection, Some("Operators are missing."), 1);
    three.tech.app.service.take_position(&three.dagny, &opinion, objection).await.unwrap();
    three.drain().await;
    let answer = NewComment { in_reply_to: Some(question.uri.clone()), ..comment("All of us.") };
    three.civil.app.service.comment(&three.amina, &opinion, answer).await.unwrap();
    let revision = NewRevision {
        name: None,
        source:
            "## First step\n\nA shared watch, with operators.\n\n## Second step\n\nA shared table."
                .to_owned(),
        abstract_text: None,
        change_note: "Names operators.".to_owned(),
        status: None,
    };
    three.civil.app.service.revise_opinion(&three.amina, &opinion, revision).await.unwrap();
    three.drain().await;
    let support = position(PositionKind::Support, None, 2);
    three.tech.app.service.take_position(&three.dagny, &opinion, support).await.unwrap();
    three.drain().await;
    three.assert_same_record().await;

    for instance in three.all() {
        let service = &instance.app.service;
        let shown = service.opinion(&opinion, None).await.unwrap();
        assert_eq!((shown.opinion.revision, shown.revisions.len()), (2, 2));
        assert_eq!(shown.group, Some(StakeholderGroup::CivilSociety));
        let comments = service.comments(shown.room.id, &opinion).await.unwrap();
        let texts: Vec<&str> =
            comments.iter().filter_map(|c| c.comment.source.as_deref()).collect();
        assert_eq!(texts, ["Who pays?", "All of us."]);
        let positions = service.positions(shown.room.id, &opinion).await.unwrap();
        let standing: Vec<(&str, bool, i64)> = positions
            .iter()
            .map(|p| (p.position.kind.as_str(), p.position.live, p.position.revision))
            .collect();
        assert_eq!(standing, [("objection", false, 1), ("support", true, 2)]);
    }

    // Withdrawn on one, gone on all; nothing earlier comes back.
    let live = three.tech.app.service.positions(0, &opinion).await.unwrap();
    assert!(live.is_empty(), "positions belong to a room");
    let room = three.tech.app.service.room(SLUG).await.unwrap();
    let held = three.tech.app.service.positions(room.id, &opinion).await.unwrap();
    let taken = held.iter().find(|p| p.position.live).unwrap();
    three
        .tech
        .app
        .service
        .withdraw_position(&three.dagny, &taken.position.activity_id)
        .await
        .unwrap();
    three.gov.app.service.delete_comment(&three.joao, &question.uri).await.unwrap();
    three.drain().await;
    three.assert_same_record().await;
    for instance in three.all() {
        let room = instance.app.service.room(SLUG).await.unwrap();
        let store = &instance.app.service.store;
        let positions = projections::positions(store, room.id, &opinion).await.unwrap();
        assert!(positions.iter().all(|position| !position.live), "{positions:?}");
        let gone = projections::comment(store, &question.uri).await.unwrap().unwrap();
        assert!(gone.deleted && gone.content.is_empty());
    }
}

#[tokio::test]
async fn each_room_gets_each_act_once() {
    let three = Box::pin(Three::linked()).await;
    let before =
        [three.civil.delivered().await, three.gov.delivered().await, three.tech.delivered().await];
    publish(&three.civil, &three.amina).await;
    three.drain().await;
    let after =
        [three.civil.delivered().await, three.gov.delivered().await, three.tech.delivered().await];
    // One Announce to each of the two others, with the act, its receipt and the snapshot; they relay nothing back.
    assert_eq!(after[0] - before[0], 2);
    assert_eq!((after[1] - before[1], after[2] - before[2]), (0, 0));
}

#[tokio::test]
async fn a_room_that_joins_late_reads_what_was_there() {
    let civil = TestInstance::start("civil").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let address = found(&civil, &amina).await;
    for _ in 0..3 {
        publish(&civil, &amina).await;
    }
    drain(&[&civil]).await;
    let gov = TestInstance::start("gov").await;
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    gov.app.federation.join(&joao, &address, Some("ec_here")).await.unwrap();
    drain(&[&civil, &gov]).await;
    assert_eq!(gov.hashes("ec_here").await, civil.hashes(SLUG).await);
    let topic = gov.app.service.topic("ec_here").await.unwrap();
    assert_eq!(gov.app.service.opinions(&topic.room).await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_author_may_not_be_impersonated_by_a_linked_room() {
    let three = Box::pin(Three::linked()).await;
    let opinion = publish(&three.civil, &three.amina).await;
    three.drain().await;
    // The government's room hands on the opinion with other words under the old proof.
    let room = three.tech.app.service.room(SLUG).await.unwrap();
    let rows = polylogue::store::entries::page(&three.tech.app.service.store, room.id, 0, 200)
        .await
        .unwrap();
    let row = rows.iter().find(|row| row.cell.as_deref() == Some(&format!("o {opinion}"))).unwrap();
    let mut forged: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
    forged["object"]["content"] = "<p>Something else.</p>".into();
    let item = polylogue::record::item::Item::of(forged).unwrap();
    let judged = three.tech.app.federation.judge(&item).await.unwrap();
    assert!(
        matches!(judged, polylogue::federation::verify::Judgement::Invalid { .. }),
        "{judged:?}"
    );
}

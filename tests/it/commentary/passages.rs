//! Passages are found again after a revision, in the background; `rebuild` finds the same.

use polylogue::{
    base::limits,
    service::{ServiceError, comments::NewAnchor, read::CommentView},
    store::{dump, projections},
};
use polylogue_tests::{TestDatabase, TestService};

const ONE: &str = "Users pay for what they use, in every country.\n\nDecisions are published within a week.\n\nStates pay the rest of the costs of the observatory.\n\n\
    Nobody is set aside because of who sends a contribution.\n\nA yearly review closes each of these questions.";
/// The first two stay, the third is reworded, the fourth is taken out, the fifth moves to the top.
const TWO: &str = "A yearly review closes each of these questions.\n\nUsers pay for what they use, in every country.\n\n\
    Decisions are published within a week.\n\nStates pay the remaining costs of the shared observatory.";

fn on(paragraph: usize, exact: Option<&str>) -> NewAnchor {
    NewAnchor {
        paragraph: Some(paragraph),
        exact: exact.map(str::to_owned),
        ..NewAnchor::default()
    }
}

fn state(view: &CommentView) -> (&str, Option<i64>) {
    (view.anchors[0].state.as_str(), view.anchors[0].paragraph)
}

#[tokio::test]
async fn test_79_found_again_in_the_background_and_the_same_after_rebuild() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let amina = instance.person("amina", None).await;
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let uri = amina.publishes(&room, "Costs", ONE).await.unwrap().uri;
        let mut comments = Vec::new();
        for anchors in [
            vec![on(1, None)],
            vec![on(3, Some("pay the rest"))],
            vec![on(4, None)],
            vec![on(5, None)],
            Vec::new(),
            vec![on(1, None), on(4, Some("set aside"))],
            vec![NewAnchor { missing_here: true, ..on(4, None) }],
            vec![NewAnchor { missing_here: true, ..NewAnchor::default() }],
        ] {
            let acted = amina.comments_on(&uri, "Why?", None, anchors).await.unwrap();
            comments.push(acted.uri);
        }
        amina.revises(&uri, TWO, "Shorter.", None).await.unwrap();
        let first = service.comment_view(&comments[3]).await.unwrap();
        assert_eq!(state(&first), ("exact", Some(5)), "as it was, until a worker has looked");
        assert_eq!(service.find_passages_again().await.unwrap(), 1);
        assert_eq!(service.find_passages_again().await.unwrap(), 0);

        let mut views = Vec::new();
        for uri in &comments {
            views.push(service.comment_view(uri).await.unwrap());
        }
        let states: Vec<_> = views.iter().map(state).collect();
        assert_eq!(
            states,
            [
                ("exact", Some(2)),
                ("changed", Some(4)),
                ("removed", None),
                ("moved", Some(1)),
                ("whole", None),
                ("exact", Some(2)),
                ("changed", Some(4)),
                ("whole", None),
            ]
        );
        assert_eq!(views[5].anchors[1].state, "removed");
        assert!(views[6].anchors[0].missing_here && views[7].anchors[0].missing_here);

        let before = dump::everything(&service.store).await.unwrap();
        assert!(before.contains("anchor Model") && before.contains("removed"));
        let tx = service.store.begin().await.unwrap();
        projections::rebuild(&tx, room.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            service.find_passages_again().await.unwrap(),
            0,
            "rebuilding leaves nothing to do"
        );
        assert_eq!(dump::everything(&service.store).await.unwrap(), before);

        // A change of status or a receipt moves nothing.
        let words = service.opinion(&uri, None).await.unwrap().shown.source.unwrap();
        let status = Some(polylogue::domain::opinion::OpinionStatus::Final);
        amina.revises(&uri, &words, "", status).await.unwrap();
        assert_eq!(service.find_passages_again().await.unwrap(), 0);
        // Whoever deletes a comment takes its words, not its place.
        amina.deletes_comment(&comments[1]).await.unwrap();
        let row = projections::comment(&service.store, &comments[1]).await.unwrap().unwrap();
        assert!(row.deleted && row.anchors.contains("b-") && !row.anchors.contains("pay the rest"));
    }
}

#[tokio::test]
async fn passages_that_cannot_be_are_refused_with_a_sentence() {
    let instance = TestService::at("cs.example").await;
    let amina = instance.person("amina", None).await;
    let (room, _) = amina.topic("who_pays").await.unwrap();
    let uri = amina.publishes(&room, "Costs", ONE).await.unwrap().uri;
    let other = amina.publishes(&room, "Other", "Another text.").await.unwrap().uri;
    let elsewhere = instance.service.opinion(&other, None).await.unwrap().shown.content;
    let elsewhere = polylogue::domain::blocks::split(&elsewhere)[0].id.clone();
    let max = limits::COMMENT_ANCHORS_MAX;
    assert!(amina.comments_on(&uri, "x", None, vec![on(1, None); max]).await.is_ok());
    for (anchors, says) in [
        (vec![on(1, None); max + 1], "at most 20"),
        (vec![NewAnchor { block: Some(elsewhere), ..NewAnchor::default() }], "has no block"),
        (vec![on(6, None)], "it has §1 to §5"),
        (vec![on(1, Some("words that are not there"))], "does not hold the words"),
        (
            vec![NewAnchor { exact: Some("Users".into()), ..NewAnchor::default() }],
            "need the paragraph",
        ),
    ] {
        match amina.comments_on(&uri, "x", None, anchors).await {
            Err(ServiceError::Invalid(wrong)) => {
                assert_eq!(wrong[0].field, "anchors");
                assert!(wrong[0].message.contains(says), "{wrong:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    for (words, says) in [
        ("x".repeat(limits::COMMENT_CHARS_MAX + 1), "more than the 10000 allowed"),
        (">".repeat(200), "nested more than"),
        (format!("{}\n{}\n", "|a".repeat(60), "|-".repeat(60)), "columns, more than"),
        ("\u{200b}\u{202e}".to_owned(), "must not be empty"),
    ] {
        match amina.comments(&uri, &words, None).await {
            Err(ServiceError::Invalid(wrong)) => {
                assert!(wrong[0].message.contains(says), "{wrong:?}");
            }
            other => panic!("{says}: {other:?}"),
        }
    }
    let hidden = amina.comments(&uri, "pay\u{202e}pal\u{200b}", None).await.unwrap();
    let view = instance.service.comment_view(&hidden.uri).await.unwrap();
    assert_eq!(view.comment.source.as_deref(), Some("paypal"), "what nobody sees is left out");
}

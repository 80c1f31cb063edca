//! A comment's versions are public, and what became of it is said by who may.

use polylogue::{
    domain::{
        disposition::{LedgerState, Outcome},
        order::Order,
        position::PositionKind,
    },
    service::{
        ServiceError,
        comments::CommentEdit,
        dispositions::{NewDisposition, answer},
    },
    store::{dump, projections},
};
use polylogue_tests::{TestDatabase, TestService, cast::Words};

fn said(outcome: Outcome, reason: &str, revision: Option<i64>) -> NewDisposition {
    NewDisposition {
        outcome,
        reason: reason.to_owned(),
        revision,
        venue: None,
        language: None,
        on_behalf_of: None,
    }
}

fn edit(content: &str) -> CommentEdit {
    CommentEdit { content: content.to_owned(), ..CommentEdit::default() }
}

fn field(result: Result<polylogue::service::acts::Acted, ServiceError>) -> &'static str {
    match result {
        Err(ServiceError::Invalid(wrong)) => wrong[0].field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_version_stays_and_the_last_is_shown() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let (amina, bruno) =
            (instance.person("amina", None).await, instance.person("bruno", None).await);
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let opinion = amina.publishes(&room, "Costs", "Users pay.").await.unwrap().uri;
        let uri = bruno.comments(&opinion, "Who pays?", None).await.unwrap().uri;
        let other = service.edit_comment(&amina.caller, &uri, edit("Mine now.")).await;
        assert!(matches!(other, Err(ServiceError::NotPermitted { .. })));
        assert_eq!(
            field(service.edit_comment(&bruno.caller, &uri, edit("Who pays?")).await),
            "content"
        );
        assert_eq!(field(service.edit_comment(&bruno.caller, &uri, edit(" ")).await), "content");
        instance.clock.pass_minutes(1);
        service.edit_comment(&bruno.caller, &uri, edit("Who *really* pays?")).await.unwrap();
        instance.clock.pass_minutes(1);
        service.edit_comment(&bruno.caller, &uri, edit("Who pays in the end?")).await.unwrap();
        let view = service.comment_view(&uri).await.unwrap();
        assert_eq!(view.comment.source.as_deref(), Some("Who pays in the end?"));
        assert_eq!((view.comment.versions, view.comment.updated.is_some()), (3, true));
        let versions = service.comment_versions(&uri).await.unwrap();
        let words: Vec<_> = versions.iter().map(|v| v.source.as_deref().unwrap()).collect();
        assert_eq!(words, ["Who pays?", "Who *really* pays?", "Who pays in the end?"]);
        assert_eq!(versions.iter().map(|v| v.current).collect::<Vec<_>>(), [false, false, true]);
        assert!(versions.iter().all(|version| version.received.is_some()));
        bruno.deletes_comment(&uri).await.unwrap();
        let versions = service.comment_versions(&uri).await.unwrap();
        assert_eq!(versions.len(), 3, "that it was said, and when, stays");
        assert!(
            versions.iter().all(|version| version.content.is_empty() && version.source.is_none())
        );
        let gone = service.edit_comment(&bruno.caller, &uri, edit("Back.")).await;
        assert!(matches!(gone, Err(ServiceError::Gone { .. })));
    }
}

#[tokio::test]
async fn what_became_of_it_is_said_by_who_may_and_with_a_reason() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let founder = instance.person("fatou", None).await;
        let (amina, bruno) =
            (instance.person("amina", None).await, instance.person("bruno", None).await);
        let (room, _) = founder.topic("who_pays").await.unwrap();
        let opinion = amina.publishes(&room, "Costs", "Users pay.").await.unwrap().uri;
        let uri = bruno.comments(&opinion, "Who pays?", None).await.unwrap().uri;
        let accepted = |revision| said(Outcome::Accepted, "It says so now.", revision);

        let stranger = service.dispose(&bruno.caller, &uri, accepted(Some(1))).await;
        assert!(matches!(stranger, Err(ServiceError::NotPermitted { .. })), "not who raised it");
        let by_amina = |new| service.dispose(&amina.caller, &uri, new);
        assert_eq!(field(by_amina(said(Outcome::OutOfScope, " ", None)).await), "reason");
        let long = "x".repeat(polylogue::base::limits::STATEMENT_CHARS_MAX + 1);
        assert_eq!(field(by_amina(said(Outcome::OutOfScope, &long, None)).await), "reason");
        assert_eq!(field(by_amina(accepted(None)).await), "revision");
        assert_eq!(field(by_amina(accepted(Some(2))).await), "revision");
        by_amina(said(Outcome::NotAccepted, "It is said in §1.", None)).await.unwrap();
        instance.clock.pass_minutes(1);
        service.dispose(&founder.caller, &uri, accepted(Some(1))).await.unwrap();

        let view = service.comment_view(&uri).await.unwrap();
        assert_eq!(view.dispositions.len(), 2, "all that was said is shown");
        let counts = answer(&view.dispositions).unwrap();
        assert_eq!(
            (counts.disposition.outcome.as_str(), counts.disposition.revision),
            ("accepted", Some(1))
        );
        assert_eq!(counts.author.uri, founder.uri(), "the founder facilitates");
        assert_eq!(
            counts.disposition.of_version.as_deref(),
            Some(view.comment.activity_id.as_str())
        );
        let itself =
            service.dispose(&amina.caller, &counts.disposition.uri, accepted(Some(1))).await;
        assert!(matches!(itself, Err(ServiceError::Conflict { .. })));
        let rewritten =
            service.edit_comment(&founder.caller, &counts.disposition.uri, edit("No.")).await;
        assert!(matches!(rewritten, Err(ServiceError::Conflict { .. })));

        // It names the version it answers, which an edit does not change.
        instance.clock.pass_minutes(1);
        service.edit_comment(&bruno.caller, &uri, edit("Who pays what?")).await.unwrap();
        let view = service.comment_view(&uri).await.unwrap();
        let named = view.dispositions[1].disposition.of_version.clone().unwrap();
        assert_ne!(named, view.comment.activity_id);
        assert_eq!(service.comment_versions(&uri).await.unwrap()[0].activity_id, named);

        // A position that is a reply is answered so too; support asks for nothing.
        let stand = Words::because("It says nothing of costs.");
        let objection =
            bruno.takes_position(&opinion, 1, PositionKind::Objection, stand).await.unwrap();
        let support =
            amina.takes_position(&opinion, 1, PositionKind::Support, Words::NONE).await.unwrap();
        let refused = service.dispose(&amina.caller, &support.uri, accepted(Some(1))).await;
        assert!(matches!(refused, Err(ServiceError::Conflict { .. })));
        let open = Some(LedgerState::Open);
        let (lines, _) = service.ledger(&room, Order::Unanswered, open).await.unwrap();
        assert_eq!(lines.len(), 1);
        instance.clock.pass_minutes(3 * 24 * 60 + 1);
        let addressed = said(Outcome::AddressedNotAccommodated, "It costs too much.", None);
        service.dispose(&amina.caller, &objection.uri, addressed).await.unwrap();
        assert!(service.ledger(&room, Order::Fair, open).await.unwrap().0.is_empty());
        let (lines, _) = service.ledger(&room, Order::Newest, None).await.unwrap();
        assert_eq!((lines[0].state, lines[0].days_open), (LedgerState::Addressed, Some(3)));
        let rows = service.ledger_rows(&room, lines).await.unwrap();
        assert_eq!(rows[0].answer.as_ref().unwrap().disposition.reason, "It costs too much.");

        // Another room that holds the same items shows the same.
        let mirror = TestService::at("gov.example").await;
        let log = instance.log(&room).await;
        let there = mirror.joins(&log, "https://cs.example/t/costs").await;
        mirror.hears(&there, log.iter().rev(), "https://cs.example/t/costs").await;
        let view = mirror.service.comment_view(&uri).await.unwrap();
        let counts = answer(&view.dispositions).unwrap();
        assert_eq!(counts.disposition.reason, "It says so now.");
        assert_eq!(view.comment.versions, 2);

        let before = dump::everything(&service.store).await.unwrap();
        assert!(before.contains("disposition Model"));
        let tx = service.store.begin().await.unwrap();
        projections::rebuild(&tx, room.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(dump::everything(&service.store).await.unwrap(), before);
    }
}

#[tokio::test]
async fn a_word_of_who_may_not_is_shown_and_does_not_count() {
    // Nothing stops another server from signing one.
    let instance = TestService::at("cs.example").await;
    let service = &instance.service;
    let (amina, bruno) =
        (instance.person("amina", None).await, instance.person("bruno", None).await);
    let (room, _) = amina.topic("who_pays").await.unwrap();
    let opinion = amina.publishes(&room, "Costs", "Users pay.").await.unwrap().uri;
    let uri = amina.comments(&opinion, "Who pays?", None).await.unwrap().uri;
    // Bruno's own opinion in the same room gives him no say on this one.
    let other = bruno.publishes(&room, "Other", "States pay.").await.unwrap().uri;
    let refused =
        service.dispose(&bruno.caller, &uri, said(Outcome::OutOfScope, "No.", None)).await;
    assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })));
    let own = amina.comments(&other, "Which states?", None).await.unwrap().uri;
    service
        .dispose(&bruno.caller, &own, said(Outcome::OutOfScope, "Not here.", None))
        .await
        .unwrap();
    let view = service.comment_view(&own).await.unwrap();
    assert!(answer(&view.dispositions).is_some());
    let judges = service.judges(&service.store, room.id).await.unwrap();
    assert!(!judges.include(&[bruno.uri()], &opinion) && judges.include(&[bruno.uri()], &other));
    assert!(judges.include(&[amina.uri()], &other), "who founded the topic facilitates it");
}

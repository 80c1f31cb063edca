//! Examples of the lists of comments, of what became of them, and of the ledger.

use super::*;
use crate::domain::{
    disposition::{LedgerState, Outcome},
    order::Order,
};

fn choices<T: Copy + PartialEq>(all: &[T], chosen: Option<T>) -> Vec<Choice<T>> {
    all.iter().map(|what| Choice { what: *what, is_chosen: chosen == Some(*what) }).collect()
}

/// One that counts, and one that does not.
pub(super) fn fates() -> Vec<Fate> {
    let fate = Fate {
        anchor: "d-1".into(),
        outcome: Outcome::OutOfScope,
        revision: None,
        reason: text("Who pays is a question for the review meeting.", "en"),
        venue: Some("Next review meeting".into()),
        voice: nobody_in_particular(),
        at: at("2026-05-04T08:00:00Z"),
        counts: false,
        on_older_version: true,
    };
    vec![
        fate.clone(),
        Fate {
            anchor: "d-2".into(),
            outcome: Outcome::Partly,
            revision: Some((3, "/o/1/revisions/3".into())),
            reason: text("§4 names three bodies now.\nIt does not name a sum.", "en"),
            venue: None,
            voice: personal("Mireille Oyono", Group::CivilSociety),
            counts: true,
            on_older_version: false,
            ..fate
        },
    ]
}

pub(super) fn add(t: Texts, add: &mut impl FnMut(&str, &dyn askama::DynTemplate)) {
    let topics = Section::Topics;
    let mut listed = comments();
    listed[0].passages = vec![
        PassageView {
            place: Some((4, "/o/1#b-7gk2m1qd".into())),
            state: AnchorState::Changed,
            missing_here: false,
            old_words: Some("It should be run by a neutral body.".into()),
            named_in: Some((2, "/o/1/revisions/2".into())),
        },
        PassageView {
            place: Some((6, "/o/1#b-7gk2m1qe".into())),
            state: AnchorState::Moved,
            missing_here: false,
            old_words: None,
            named_in: None,
        },
        PassageView {
            place: None,
            state: AnchorState::Whole,
            missing_here: true,
            old_words: None,
            named_in: None,
        },
    ];
    listed[0].fates = fates();
    listed[0].history_href = Some("/c/1/history".into());
    listed[0].edit_href = Some("/c/1/edit".into());
    listed[0].answer_href = Some("/c/1/answer".into());
    listed[0].place_href = Some("/c/1".into());
    listed[1].answers_another = true;
    let page_of_comments = CommentsPage {
        t,
        page: page("/o/1/comments", topics),
        head: head(),
        paragraph: None,
        action: "/o/1/comments".into(),
        orders: choices(Order::ALL, Some(Order::Fair)),
        kinds: choices(CommentKind::ALL, Some(CommentKind::Objection)),
        unanswered: true,
        order: Order::Fair,
        order_start: Some(Group::Governments),
        comments: listed,
        next_href: Some("/o/1/comments?order=fair&page=2".into()),
        comment_href: "/o/1/comment".into(),
        missing_href: "/o/1/comment?missing=whole".into(),
    };
    add("comments", &page_of_comments);
    add(
        "comments-of-paragraph",
        &CommentsPage {
            paragraph: Some((4, text("It should be run by bodies of several groups.", "en"))),
            action: "/o/1/p/4".into(),
            order: Order::Unanswered,
            order_start: None,
            comments: Vec::new(),
            next_href: None,
            ..page_of_comments
        },
    );

    let row = LedgerRowView {
        href: "/c/1".into(),
        kind: LedgerKind::Comment(CommentKind::Objection),
        words: Some(text("Who pays?\nAnd who may refuse to?", "en")),
        voice: delegate(
            "Rasmus Lindqvist",
            "Backbone Operators’ Guild",
            Group::TechnicalCommunity,
            true,
        ),
        at: at("2026-05-03T08:00:00Z"),
        opinion: link("A shared watch first", "/o/1"),
        revision: Some(2),
        state: LedgerState::Accommodated,
        days_open: Some(1),
        fate: fates().pop(),
        answer_href: Some("/c/1/answer".into()),
    };
    let ledger = LedgerPage {
        t,
        page: page("/t/enhanced_cooperation/ledger", topics),
        topic: link("Enhanced cooperation, next steps", "/t/enhanced_cooperation"),
        action: "/t/enhanced_cooperation/ledger".into(),
        orders: choices(Order::ALL, Some(Order::Unanswered)),
        states: choices(LedgerState::ALL, None),
        order: Order::Unanswered,
        order_start: None,
        rows: vec![
            row.clone(),
            LedgerRowView {
                kind: LedgerKind::Position(PositionKind::Concern),
                words: None,
                voice: nobody_in_particular(),
                revision: None,
                state: LedgerState::Open,
                days_open: Some(12),
                fate: None,
                ..row
            },
        ],
        next_href: Some("/t/enhanced_cooperation/ledger?order=fair&page=2".into()),
    };
    add("ledger", &ledger);
    add("ledger-empty", &LedgerPage { rows: Vec::new(), next_href: None, ..ledger });

    let version = |number, html: Option<&str>| VersionView {
        number,
        at: at("2026-05-03T08:00:00Z"),
        kind: CommentKind::Question,
        html: html.map(SafeHtml::sanitized),
        lang: "en".into(),
        is_current: number == 2,
        entry_href: "/a/7".into(),
    };
    add(
        "comment-history",
        &CommentHistoryPage {
            t,
            page: page("/c/1/history", topics),
            head: head(),
            voice: nobody_in_particular(),
            place_href: "/o/1#c-1".into(),
            versions: vec![version(2, None), version(1, Some("<p>Who pays?</p>"))],
        },
    );
    add(
        "comment-edit",
        &CommentEditPage {
            t,
            page: signed_in("/c/1/edit", topics),
            head: head(),
            action: "/c/1/edit".into(),
            kind: CommentKind::Question,
            content: "Who <pays>?".into(),
            language: "en".into(),
            errors: FormErrors::none().add("content", Fault::TooLong),
        },
    );
    let answer = FateFormPage {
        t,
        page: signed_in("/c/1/answer", topics),
        head: head(),
        answers: (text("Who pays?", "en"), "Rasmus Lindqvist".into()),
        revisions: vec![revision(3), revision(2), revision(1)],
        principals: vec![
            Principal {
                value: String::new(),
                name: "Wanjiru Odenyo".into(),
                capacity: Capacity::Individual,
            },
            Principal {
                value: "https://cs.example/p/rural_links".into(),
                name: "Rural Links Federation".into(),
                capacity: Capacity::Organization,
            },
        ],
        action: "/c/1/answer".into(),
        form: FateForm::default(),
        errors: FormErrors::none(),
    };
    add("disposition", &answer);
    add(
        "disposition-refused",
        &FateFormPage {
            form: FateForm {
                outcome: Some(Outcome::Accepted),
                reason: "Said in §4.".into(),
                revision: "3".into(),
                venue: "x".repeat(10),
                speak_as: String::new(),
            },
            errors: FormErrors::none()
                .add("outcome", Fault::NotAChoice)
                .add("reason", Fault::Missing)
                .add("revision", Fault::NotAChoice)
                .add("venue", Fault::TooLong),
            ..answer
        },
    );
}

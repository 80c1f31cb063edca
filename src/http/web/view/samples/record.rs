//! Examples of what is kept of acts and told of them: receipts, notices.

use super::*;
use crate::{domain::report::ReportCategory, service::notices::NoticeKind};

fn kept(hash: &str) -> Receipt {
    Receipt { href: format!("/receipts/{hash}"), hash: hash.into(), ..receipt() }
}

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let hash = "9f2c1d0a8b7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f41";
    let page_of_receipt = ReceiptPage {
        t,
        page: page(&format!("/receipts/{hash}"), Section::Topics),
        row: log_rows().remove(0),
        hash: hash.into(),
        log_number: 146,
        topic: link("Enhanced cooperation, next steps", "/t/enhanced_cooperation"),
        signatures: vec![
            ReceiptSignature {
                receipt: kept(hash),
                room_href: "https://cs.example/t/enhanced_cooperation".into(),
                document_href: "/s/114823001000000009".into(),
                key_id: "https://cs.example/t/enhanced_cooperation#ed25519".into(),
                signature: "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL".into(),
            },
            ReceiptSignature {
                receipt: Receipt { sequence: None, ..kept(hash) },
                room_href: String::new(),
                document_href: "https://gov.example/s/7".into(),
                key_id: "https://gov.example/t/ec#ed25519".into(),
                signature: "z42ff".into(),
            },
        ],
        by_evidence: false,
        has_words: true,
        file_href: Some(format!("/receipts/{hash}.json")),
    };
    add("receipt", &page_of_receipt);
    add("receipt-words-gone", &ReceiptPage { has_words: false, ..page_of_receipt.clone() });
    add(
        "receipt-none",
        &ReceiptPage {
            signatures: Vec::new(),
            by_evidence: true,
            file_href: None,
            ..page_of_receipt
        },
    );
    let own = OwnReceiptsPage {
        t,
        page: signed_in("/me/receipts", Section::Elsewhere),
        rows: log_rows()
            .into_iter()
            .enumerate()
            .map(|(at, row)| OwnReceiptRow { row, receipt: (at > 0).then(|| kept(hash)) })
            .collect(),
        is_first: false,
        next_href: Some("/me/receipts?after=40".into()),
    };
    add("own-receipts", &own);
    add(
        "own-receipts-none",
        &OwnReceiptsPage { rows: Vec::new(), is_first: true, next_href: None, ..own },
    );
    notices(t, add);
    received(t, add);
    letters(t, add);
}

fn notices(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let revised = |state| Revised {
        changes: changes(),
        on_behalf_of: Some("Rural Links Federation".into()),
        state,
    };
    let row = |id: i64, kind, revised| NoticeRow {
        id,
        at: at("2026-05-06T09:12:31Z"),
        is_unread: id > 3,
        kind,
        voice: nobody_in_particular(),
        object: (id != 2).then(|| link("A shared watch first", "/o/1")),
        revised,
    };
    let open = |id: i64, statement: &str| RevisedState::Open {
        kind: PositionKind::Reservation,
        statement: text(statement, "ar"),
        keep_href: format!("/notices/{id}/keep"),
        change_href: "/o/1/position?change=7".into(),
        withdraw_href: format!("/notices/{id}/withdraw"),
    };
    let long = Revised {
        changes: Changes { paragraphs: None, has_more: false, ..changes() },
        on_behalf_of: None,
        ..revised(open(8, ""))
    };
    let all = NoticesPage {
        t,
        page: signed_in("/notices", Section::Notices),
        rows: vec![
            row(9, NoticeKind::Revision, Some(revised(open(9, "بشرط أن يُنشر السجل")))),
            row(8, NoticeKind::Revision, Some(long)),
            row(7, NoticeKind::Revision, Some(revised(RevisedState::Moved))),
            row(6, NoticeKind::Revision, Some(revised(RevisedState::Withdrawn))),
            row(5, NoticeKind::Revision, Some(revised(RevisedState::Overtaken))),
            row(3, NoticeKind::Comment, None),
            row(2, NoticeKind::Objection, None),
            row(1, NoticeKind::Disposition, None),
        ],
        newest: Some(9),
        is_first: false,
        next_href: Some("/notices?after=40".into()),
    };
    add("notices", &all);
    let none = Vec::new();
    add(
        "notices-none",
        &NoticesPage { rows: none, newest: None, is_first: true, next_href: None, ..all },
    );
}

fn received(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let row = |object, html: &str, lang: &str| PrivateRow {
        at: at("2026-05-06T09:12:31Z"),
        voice: nobody_in_particular(),
        object,
        html: SafeHtml::sanitized(html),
        lang: lang.into(),
    };
    let private = PrivatePage {
        t,
        page: signed_in("/private", Section::Notices),
        rows: vec![
            row(
                Some(link("A shared watch first", "/o/1")),
                "<p>Between <b>us</b>: who pays?</p><script>alert(1)</script>",
                "en",
            ),
            row(None, "<p>من يدفع؟</p>", "ar"),
        ],
        is_first: false,
        next_href: Some("/private?after=40".into()),
    };
    add("private", &private);
    let none = PrivatePage { rows: Vec::new(), is_first: true, next_href: None, ..private };
    add("private-none", &none);
    let report = |content: &str, closed: bool| ReportRow {
        at: at("2026-05-06T09:12:31Z"),
        host: "social.example".into(),
        objects: vec!["https://cs.example/p/zoe".into(), "https://cs.example/o/1".into()],
        content: content.into(),
        category: if closed { ReportCategory::Other } else { ReportCategory::Spam },
        closed_at: closed.then(|| at("2026-05-07T09:12:31Z")),
        close_href: "/reports/7/close".into(),
    };
    let reports = ReportsPage {
        t,
        page: signed_in("/reports", Section::Notices),
        rows: vec![report("<b>Spam</b>\nof a sort", false), report("", true)],
        is_first: false,
        next_href: Some("/reports?after=40".into()),
    };
    add("reports", &reports);
    let none = ReportsPage { rows: Vec::new(), is_first: true, next_href: None, ..reports };
    add("reports-none", &none);
}

fn letters(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let deadline = DeadlineView {
        closes: at("2026-05-16T11:59:00Z"),
        local: Some(at("2026-05-15T23:59:00Z")),
        zone: "Etc/GMT+12".into(),
        is_anywhere: true,
        has_passed: false,
    };
    let signer = |voice, has_reservation, older_revision| Signer {
        voice,
        href: "/p/somebody".into(),
        has_reservation,
        older_revision,
    };
    let signers = Signers {
        organisations: vec![SignerGroup {
            group: Some(Group::CivilSociety),
            signers: vec![
                signer(organisation("Rural Links Federation", Group::CivilSociety), true, None),
                signer(organisation("مرصد الوصول", Group::CivilSociety), false, Some(2)),
            ],
        }],
        persons: vec![SignerGroup {
            group: None,
            signers: vec![signer(personal("Dagny Holm", Group::Other), false, None)],
        }],
    };
    let page = LetterPage {
        t,
        page: signed_in("/o/1/letter", Section::Topics),
        head: head(),
        identity: identity(3),
        authors: vec![personal("Mireille Oyono", Group::CivilSociety)],
        abstract_text: text("Build a common record.", "en"),
        text: vec![
            SafeHtml::sanitized("<h2>First step</h2>"),
            SafeHtml::sanitized("<p>A watch.</p>"),
        ],
        lang: "en".into(),
        deadline: deadline.clone(),
        in_time: signers.clone(),
        late: signers,
        sign_href: "/o/1/position?revision=3".into(),
        handle: "https://cs.example/o/1".into(),
        rooms: vec![link("gov.example", "https://gov.example/t/ec")],
        snippet: "<iframe src=\"https://cs.example/o/1/letter/embed\"></iframe>".into(),
        embed_href: "/o/1/letter/embed".into(),
        edit_href: Some("/o/1/letter/edit".into()),
    };
    add("letter", &page);
    let zone = "Africa/Nairobi".to_owned();
    let passed = DeadlineView { zone, is_anywhere: false, has_passed: true, ..deadline.clone() };
    add(
        "letter-none-signed",
        &LetterPage {
            deadline: passed.clone(),
            in_time: Signers::default(),
            late: Signers::default(),
            rooms: Vec::new(),
            edit_href: None,
            ..page
        },
    );
    add(
        "letter-embed",
        &LetterEmbedPage {
            t,
            style_href: "/assets/style.css".into(),
            title: text("A shared watch first", "en"),
            abstract_text: text("Build a common record.", "en"),
            authors: vec![nobody_in_particular()],
            deadline: DeadlineView { local: None, ..passed },
            href: "https://cs.example/o/1/letter".into(),
            instance: "Commons Forum".into(),
        },
    );
    let form = DeadlineFormPage {
        t,
        page: signed_in("/o/1/letter/edit", Section::Topics),
        head: head(),
        action: "/o/1/letter/edit".into(),
        is_letter: true,
        form: DeadlineForm { day: "2026-05-15".into(), time: "23:59".into(), zone: "UTC".into() },
        errors: FormErrors::none().add_text("zone", "must be a time zone".into()),
    };
    add("letter-form", &form);
    add(
        "letter-form-new",
        &DeadlineFormPage { is_letter: false, errors: FormErrors::none(), ..form },
    );
}

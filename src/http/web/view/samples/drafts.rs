//! Examples of drafts.

use super::*;
use crate::service::authors::Signature;

fn runs() -> (Vec<diff::Run>, Vec<diff::Run>) {
    let base = "It should be run by a neutral body.";
    (
        diff::words(base, "It should be run by several bodies."),
        diff::words(base, "It should be run by a neutral body, in the open."),
    )
}

fn paragraphs() -> Vec<DraftParagraph> {
    let one = |id: i64, number: usize, html: &str| DraftParagraph {
        id,
        number,
        html: SafeHtml::sanitized(html),
        editor: "Wanjiru Odenyo".into(),
        edited: at("2026-05-06T09:12:31Z"),
        edit_href: format!("/drafts/7/b/{id}"),
        insert_href: format!("/drafts/7/insert?after={id}"),
        up: (number > 1).then(String::new),
        down: (number < 2).then(|| "12".into()),
    };
    vec![one(11, 1, "<h2>First step</h2>"), one(12, 2, "<p>Words <em>of two</em>.</p>")]
}

fn authors() -> Vec<DraftAuthorRow> {
    let author = |voice: Voice, is_invited, agreed: bool, signs: bool| DraftAuthorRow {
        voice,
        is_invited,
        agreed,
        agreed_by: (agreed && !signs).then(|| "Dagny <Holm>".into()),
        signs,
    };
    vec![
        author(person("Wanjiru Odenyo", Group::CivilSociety), false, true, true),
        author(organisation("Harbour Cable Company", Group::PrivateSector), false, true, false),
        author(person("Dagny Holm", Group::CivilSociety), false, false, false),
        author(nobody_in_particular(), true, false, false),
    ]
}

fn seat(value: &str, name: &str, capacity: Capacity) -> Principal {
    Principal { value: value.into(), name: name.into(), capacity }
}

/// One’s own place, and that of an organisation.
fn seats() -> Vec<Principal> {
    vec![
        seat("", "Wanjiru Odenyo", Capacity::Individual),
        seat("https://cs.example/p/network", "Open <Networks> Assembly", Capacity::Organization),
    ]
}

/// That of an organisation alone.
fn its_seat() -> Vec<Principal> {
    seats().split_off(1)
}

fn revises(current: i64) -> DraftRevises {
    DraftRevises {
        opinion: link("A shared watch first, a shared table second", "/o/1"),
        base: 2,
        current,
        compare_href: "/o/1/diff/2..3".into(),
        publisher: "Wanjiru Odenyo".into(),
    }
}

/// What stands around a text, with everything there can be.
pub(super) fn about() -> AboutText {
    let mark = |voice: Voice, signature| AuthorMark { voice, signature };
    AboutText {
        authors: vec![
            mark(personal("Mireille Oyono", Group::CivilSociety), Signature::Text),
            mark(person("Dagny Holm", Group::CivilSociety), Signature::Confirmed(2)),
            mark(nobody_in_particular(), Signature::Named),
        ],
        status_note: Some(text("A better one is there.", "en")),
        successor: Some(link("A shared table", "/o/9")),
        statements: vec![StatementView {
            anchor: "statement-7".into(),
            voice: nobody_in_particular(),
            at: at("2026-05-03T08:00:00Z"),
            html: SafeHtml::sanitized("<p>لا نوافق على الفقرة الثانية.</p>"),
            lang: "ar".into(),
        }],
        statement_href: "/o/1/statement?revision=3".into(),
        markdown_href: "/o/1/revisions/3.md".into(),
        confirm_href: Some("/o/1/confirm".into()),
        confirm_seats: seats(),
        status_href: Some("/o/1/status".into()),
        draft_href: Some("/o/1/draft".into()),
    }
}

fn around_a_text(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let page = || signed_in("/o/1", Section::Topics);
    let withdrawn = OpinionHead { status: OpinionStatus::Withdrawn, ..head() };
    add(
        "withdrawn",
        &WithdrawnPage {
            t,
            page: page(),
            head: withdrawn.clone(),
            about: about(),
            revision: revision(3),
        },
    );
    add(
        "withdrawn-bare",
        &WithdrawnPage {
            t,
            page: page(),
            head: withdrawn,
            about: AboutText::default(),
            revision: revision(3),
        },
    );
    add(
        "status",
        &StatusPage {
            t,
            page: page(),
            head: head(),
            successors: vec![("https://cs.example/o/9".into(), text("A shared table", "en"))],
            action: "/o/1/status".into(),
            status: OpinionStatus::Superseded,
            reason: "So.".into(),
            superseded_by: "https://cs.example/o/9".into(),
            errors: FormErrors::none()
                .add("reason", Fault::Missing)
                .add_text("supersededBy", "an opinion does not replace itself".into()),
        },
    );
    add(
        "statement",
        &StatementPage {
            t,
            page: page(),
            head: head(),
            revision: revision(2),
            principals: vec![Principal {
                value: String::new(),
                name: "Wanjiru Odenyo".into(),
                capacity: Capacity::Individual,
            }],
            action: "/o/1/statement".into(),
            speak_as: String::new(),
            content: "We do not agree.".into(),
            language: "en".into(),
            errors: FormErrors::none().add("content", Fault::Missing),
        },
    );
    let definition = |paragraph, words: &str, standing| DefinitionView {
        opinion: link("A shared watch first", "/o/1"),
        voice: nobody_in_particular(),
        revision: 3,
        paragraph,
        href: "/o/1/revisions/3#b-7gk2m1qd".into(),
        text: text(words, "en"),
        standing,
    };
    let rows = vec![TermRow {
        anchor: "t-1".into(),
        words: "Equal footing".into(),
        definitions: vec![
            definition(2, "Nobody first.\nNobody last.", standing(t)),
            definition(7, "In respective roles.", Vec::new()),
        ],
    }];
    let terms = TermsPage {
        t,
        page: page(),
        topic: head().topic,
        rows,
        order_start: Some(Group::PrivateSector),
    };
    add("terms", &terms);
    add("terms-none", &TermsPage { rows: Vec::new(), order_start: None, ..terms });
}

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    around_a_text(t, add);
    let page = || signed_in("/drafts/7", Section::Elsewhere);
    let title = link("A shared watch first", "/drafts/7");
    let row = |text: &str, is_invitation| DraftRow {
        draft: link(text, "/drafts/7"),
        topic: head().topic,
        updated: at("2026-05-06T09:12:31Z"),
        is_invitation,
        on_behalf_of: is_invitation.then(|| "Open <Networks> Assembly".into()),
        speak_as: String::new(),
    };
    let rows = vec![row("A shared watch first", false), row("", true)];
    add("drafts", &DraftsPage { t, page: page(), rows });
    add("drafts-none", &DraftsPage { t, page: page(), rows: Vec::new() });
    add(
        "draft-new",
        &DraftNewPage {
            t,
            page: page(),
            topic: head().topic,
            action: "/t/enhanced_cooperation/draft".into(),
            form: DraftForm { source: SOURCE_2.into(), ..DraftForm::default() },
            errors: FormErrors::none()
                .add("", Fault::FormExpired)
                .add_text("source", "a table has 51 columns, more than the 50 allowed".into())
                .add("language", Fault::Missing),
        },
    );
    let head_row = |label, words: &str| DraftHeadRow {
        label,
        text: text(words, "en"),
        edit_href: "/drafts/7/b/1".into(),
    };
    let draft = DraftPage {
        t,
        page: page(),
        href: "/drafts/7".into(),
        topic: head().topic,
        title: text("A shared watch first", "en"),
        revises: Some(revises(3)),
        head: vec![
            head_row("title-field", "A shared watch first"),
            head_row("abstract", ""),
            head_row("language-field", "en"),
            head_row("what-changed", "Says who\nruns it."),
        ],
        paragraphs: paragraphs(),
        removed: vec![(13, SafeHtml::sanitized("<p>Not any more.</p>"))],
        authors: authors(),
        lang: "en".into(),
        digest: "ni:///sha-256;x".into(),
        arrangement: 4,
        is_invitation: false,
        joined: seats(),
        invited: Vec::new(),
        to_agree: seats(),
        seat: String::new(),
        may_publish: false,
        message: Some(
            "the text or its authors changed meanwhile: read it again, then agree".into(),
        ),
    };
    add("draft", &draft);
    add(
        "draft-alone",
        &DraftPage {
            title: text("", ""),
            revises: None,
            paragraphs: Vec::new(),
            removed: Vec::new(),
            authors: authors().into_iter().take(1).collect(),
            to_agree: Vec::new(),
            joined: seats().into_iter().take(1).collect(),
            may_publish: true,
            message: None,
            ..draft.clone()
        },
    );
    add(
        "draft-invited",
        &DraftPage { is_invitation: true, joined: Vec::new(), invited: its_seat(), ..draft },
    );
    let (theirs, mine) = runs();
    let version = |version: i64, removed| VersionRow {
        version,
        editor: "Dagny Holm".into(),
        at: at("2026-05-06T09:12:31Z"),
        source: "It should be run by a neutral body.".into(),
        removed,
    };
    let block = DraftBlockPage {
        t,
        page: page(),
        back: title.clone(),
        label: "text-field",
        is_new: false,
        is_text: true,
        action: "/drafts/7/b/12".into(),
        seats: seats(),
        seat: "https://cs.example/p/network".into(),
        source: "It should be run by a neutral body, in the open.".into(),
        version: "3".into(),
        clash: Some(ClashView {
            editor: "Dagny Holm".into(),
            theirs,
            removed: true,
            mine,
            theirs_source: "It should be run by several bodies.".into(),
        }),
        versions: vec![version(3, true), version(2, false)],
        lang: "en".into(),
        errors: FormErrors::none(),
    };
    add("draft-clash", &block);
    let bare = ClashView { mine: Vec::new(), removed: false, ..block.clash.clone().unwrap() };
    add("draft-clash-removing", &DraftBlockPage { clash: Some(bare), ..block.clone() });
    add(
        "draft-insert",
        &DraftBlockPage {
            back: Link::default(),
            is_new: true,
            seats: its_seat(),
            version: String::new(),
            clash: None,
            versions: Vec::new(),
            errors: FormErrors::none().add("source", Fault::Missing),
            ..block.clone()
        },
    );
    add("draft-part", &DraftBlockPage { label: "abstract", is_text: false, clash: None, ..block });
    add(
        "draft-invite",
        &DraftInvitePage {
            t,
            page: page(),
            back: title.clone(),
            action: "/drafts/7/invite".into(),
            seats: seats(),
            seat: String::new(),
            handle: "\"><script>".into(),
            errors: FormErrors::none().add_text("handle", "nobody has an account as “x”".into()),
        },
    );
    let publish = DraftPublishPage {
        t,
        page: page(),
        back: title,
        topic: head().topic,
        revises: Some(revises(2)),
        revision: 3,
        title: text("A shared watch first", "en"),
        abstract_text: text("", "en"),
        change_note: text("", "en"),
        parts: text_parts(SOURCE_3, false),
        authors: authors(),
        signer: "Wanjiru Odenyo".into(),
        digest: "ni:///sha-256;x".into(),
        status: OpinionStatus::Open,
        deadline: None,
        hosts: String::new(),
        action: None,
        errors: FormErrors::none(),
    };
    add("draft-publish-other", &publish);
    add(
        "draft-publish",
        &DraftPublishPage {
            revises: None,
            title: text("", ""),
            abstract_text: text("Build a record.", "en"),
            change_note: text("Said better.", "en"),
            hosts: "gov.example, tech.example".into(),
            deadline: Some(DeadlineForm::none()),
            action: Some("/drafts/7/publish".into()),
            errors: FormErrors::none().add("name", Fault::Missing),
            ..publish
        },
    );
}

//! Examples of every page, all invented.

mod arrivals;
mod doors;
mod drafts;
mod from;
mod guests;
mod intents;
mod parties;
mod record;
mod settings;

use std::collections::BTreeMap;

use super::*;
use crate::{
    base::clock::Timestamp,
    domain::{
        anchor::AnchorState,
        attestation::ProofLevel,
        blocks::{BlockKind, Part, parts, split},
        comment::CommentKind,
        diff,
        group::StakeholderGroup as Group,
        lens::Through,
        markup::render_opinion,
        opinion::OpinionStatus,
        position::{Capacity, PositionKind},
        region::Region,
    },
    http::web::i18n::Texts,
    protocol::quirks::attachments::AttachmentKind,
};

mod commentary;

const SOURCE_2: &str = "## Enhanced cooperation\n\nIt is a practice: it has to be kept up, written down, and corrected.\n\n\
## First step: a shared observatory\n\nWe propose an observatory that follows what happens in the many places where Internet policy is made; keeps a public record of it; and answers, on request, the questions of those who cannot attend them all.\n\n\
It should be run by a neutral body, so that no single one can bend it or let it lapse.\n\n\
We call on the next review meeting to renegotiate paragraphs 69 to 72.";

const SOURCE_3: &str = "## Enhanced cooperation\n\nIt is a *practice*: it has to be kept up, written down, and corrected.\n\n\
## First step: a shared watch\n\nWe propose a small service that follows what happens in the many places where Internet policy is made, preparatory meetings included; keeps a public record of it; and answers, on request and with sources, the questions of those who cannot attend them all.\n\n\
It should be run by bodies of several groups at once, each holding the whole record, so that no single one can bend it or let it lapse:\n\n\
1. one of civil society,\n2. one of governments,\n3. one of the technical community.\n\n\
> No contribution is set aside because of who sends it.\n\n\
| step | when |\n|---|---|\n| record | this year |\n| table | the year after |\n";

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

fn text(text: &str, lang: &str) -> UserText {
    UserText { text: text.into(), lang: lang.into() }
}

fn link(text: &str, href: &str) -> Link {
    Link { text: text.into(), href: href.into(), lang: "en".into() }
}

fn instance() -> Instance {
    Instance {
        name: "Commons Forum".into(),
        run_by: "Open Networks Assembly".into(),
        group: Some(Group::CivilSociety),
        domain: "cs.example".into(),
        contact: Some("office@cs.example".into()),
        version: "0.1.0".into(),
        source_href: "https://source.example/polylogue".into(),
        development_public: false,
    }
}

pub(super) fn page(here: &str, section: Section) -> Page {
    Page {
        instance: instance(),
        signed_in: None,
        guest: None,
        csrf: "c5rf".into(),
        here: here.into(),
        section,
        style_href: "/assets/style.css".into(),
    }
}

fn signed_in(here: &str, section: Section) -> Page {
    let reader = SignedIn {
        name: "Wanjiru Odenyo".into(),
        href: "/p/wanjiru".into(),
        group: Some(Group::CivilSociety),
        notices_unread: 2,
        moderates: true,
        reports_open: 1,
    };
    Page { signed_in: Some(reader), ..page(here, section) }
}

fn person(name: &str, group: Group) -> Voice {
    Voice {
        name: name.into(),
        href: "/p/somebody".into(),
        group: Some(group),
        proof: ProofLevel::WebDomain,
        capacity: Capacity::Individual,
        on_behalf_of: None,
        confirmed: false,
        from_host: None,
        stated: None,
    }
}

fn personal(name: &str, group: Group) -> Voice {
    Voice { capacity: Capacity::PersonalCapacity, ..person(name, group) }
}

fn delegates(t: Texts, add: &mut impl FnMut(&str, &dyn askama::DynTemplate)) {
    use crate::domain::delegation::Scope;
    let row = |name: &str, holds: bool, ended: Option<&str>| DelegateRow {
        subject: person(name, Group::IndividualUsers),
        scopes: vec![Scope::Position, Scope::Comment],
        from: at("2026-04-01T10:00:00Z"),
        until: holds.then(|| at("2026-12-31T23:59:59Z")),
        ended: ended.map(at),
        holds,
        end_href: "/delegations/1/end".into(),
    };
    let choice = |scope, field, chosen| ScopeChoice { scope, field, chosen };
    let own = DelegatesPage {
        t,
        page: signed_in("/p/guild/delegates", Section::Elsewhere),
        organisation: organisation("Backbone Operators’ Guild", Group::TechnicalCommunity),
        rows: vec![
            row("Rasmus Lindqvist", true, None),
            row("<i>Somebody</i>", false, Some("2026-05-01T10:00:00Z")),
            row("Wanjiru Odenyo", false, None),
        ],
        is_own: true,
        action: "/p/guild/delegates".into(),
        form: DelegateForm {
            subject: "nobody\"here".into(),
            scopes: vec![
                choice(Scope::Position, "scope-position", true),
                choice(Scope::CoAuthor, "scope-co-author", false),
                choice(Scope::Comment, "scope-comment", true),
            ],
            until: "2026-12-31".into(),
        },
        errors: FormErrors::none()
            .add_text("subject", "nobody of this handle is known here".into()),
    };
    add("delegates-own", &own);
    add(
        "delegates-none",
        &DelegatesPage {
            page: page("/p/guild/delegates", Section::Elsewhere),
            rows: Vec::new(),
            is_own: false,
            errors: FormErrors::none(),
            ..own
        },
    );
}

fn principals() -> Vec<Principal> {
    vec![
        Principal {
            value: String::new(),
            name: "Wanjiru Odenyo".into(),
            capacity: Capacity::Individual,
        },
        Principal {
            value: "personal".into(),
            name: "Wanjiru Odenyo".into(),
            capacity: Capacity::PersonalCapacity,
        },
        Principal {
            value: "https://cs.example/p/lcn".into(),
            name: "Lakeside Connectivity Network".into(),
            capacity: Capacity::Organization,
        },
    ]
}

fn organisation(name: &str, group: Group) -> Voice {
    Voice { capacity: Capacity::Organization, ..person(name, group) }
}

fn delegate(name: &str, body: &str, group: Group, confirmed: bool) -> Voice {
    Voice {
        on_behalf_of: Some(body.into()),
        confirmed,
        from_host: Some("gov.example".into()),
        ..organisation(name, group)
    }
}

fn nobody_in_particular() -> Voice {
    Voice {
        group: None,
        from_host: Some("social.example".into()),
        ..person("<b>Zo\u{eb}</b> & Co.", Group::Other)
    }
}

fn complete() -> Completeness {
    Completeness {
        here: 145,
        known: 145,
        fetching_from: Vec::new(),
        checked: Some(at("2026-05-06T09:00:00Z")),
    }
}

fn incomplete() -> Completeness {
    Completeness {
        here: 143,
        known: 145,
        fetching_from: vec!["gov.example".into()],
        checked: Some(at("2026-05-06T09:00:00Z")),
    }
}

fn topic_rows() -> Vec<TopicRow> {
    vec![
        TopicRow {
            topic: link("Keeping small exchange points online in emergencies", "/t/ixp"),
            question: text("Should small exchange points keep a shared spare-parts fund?", "en"),
            state: TopicState::ClosesIn { days: 2, at: at("2026-05-08T18:00:00Z") },
            held_by: vec!["cs.example".into(), "tech.example".into()],
            not_heard: vec![Group::Governments, Group::IndividualUsers],
            completeness: Some(complete()),
        },
        TopicRow {
            topic: link("Enhanced cooperation, next steps", "/t/enhanced_cooperation"),
            question: text(
                "Which arrangement, if any, should let governments and all other groups work out public policy for the Internet together?",
                "en",
            ),
            state: TopicState::Open,
            held_by: vec!["cs.example".into(), "gov.example".into(), "tech.example".into()],
            not_heard: Vec::new(),
            completeness: Some(incomplete()),
        },
        TopicRow {
            topic: Link {
                lang: "es".into(),
                ..link("Datos de menores en los programas escolares", "/t/school")
            },
            question: text("", ""),
            state: TopicState::Closed { at: at("2026-03-30T23:59:00Z") },
            held_by: vec!["cs.example".into()],
            not_heard: Vec::new(),
            completeness: None,
        },
        TopicRow {
            topic: link("domain_names", "/t/domain_names"),
            question: text("", ""),
            state: TopicState::Fetching,
            held_by: vec!["campus.example".into()],
            not_heard: Vec::new(),
            completeness: None,
        },
    ]
}

fn log_rows() -> Vec<LogRow> {
    vec![
        LogRow {
            at: at("2026-05-06T09:12:00Z"),
            voice: delegate(
                "Joaquim Teles",
                "Ministry of Digital Affairs, Northland",
                Group::Governments,
                true,
            ),
            deed: Deed::Commented,
            object: Some(link("Use the rooms we already have", "/o/2#b-7gk2m1qd")),
            entry_href: Some("/a/114823001000000001".into()),
        },
        LogRow {
            at: at("2026-05-05T18:40:00Z"),
            voice: nobody_in_particular(),
            deed: Deed::TookPosition,
            object: Some(Link {
                lang: "ar".into(), ..link("مرصد مشترك أولًا", "/o/3")
            }),
            entry_href: None,
        },
        LogRow {
            at: at("2026-05-05T11:27:00Z"),
            voice: organisation("Backbone Operators’ Guild", Group::TechnicalCommunity),
            deed: Deed::Published,
            object: Some(link("A spare in every valley", "/o/4")),
            entry_href: Some("/a/114823001000000002".into()),
        },
        LogRow {
            at: at("2026-05-04T11:27:00Z"),
            voice: organisation("tech.example", Group::TechnicalCommunity),
            deed: Deed::Joined,
            object: None,
            entry_href: Some("/a/114823001000000003".into()),
        },
    ]
}

fn opinion_rows() -> Vec<OpinionRow> {
    vec![
        OpinionRow {
            opinion: link("Use the rooms we already have", "/o/2"),
            group: Some(Group::PrivateSector),
            revision: 2,
            status: OpinionStatus::Final,
            paragraphs: 6,
            abstract_text: text(
                "Every new body competes with the ones that work. Give the existing forums a duty to answer each other in writing, and a date to do it by.",
                "en",
            ),
            authors: vec![
                organisation("Harbour Cable Company", Group::PrivateSector),
                organisation("Alliance of Small Registrars", Group::PrivateSector),
            ],
        },
        OpinionRow {
            opinion: link("A shared watch first, a shared table second", "/o/1"),
            group: Some(Group::CivilSociety),
            revision: 3,
            status: OpinionStatus::Open,
            paragraphs: 12,
            abstract_text: text(
                "Before anyone builds a new institution, build a common record, run by several groups at once.",
                "en",
            ),
            authors: vec![
                personal("Mireille Oyono", Group::CivilSociety),
                delegate("Tomás Arrieta", "Rural Links Federation", Group::CivilSociety, false),
            ],
        },
        OpinionRow {
            opinion: Link {
                lang: "ru".into(), ..link("Сначала перевод, потом процедура", "/o/5")
            },
            group: Some(Group::IndividualUsers),
            revision: 1,
            status: OpinionStatus::Open,
            paragraphs: 1,
            abstract_text: text(
                "Участие начинается с понятного текста. Пока проект не переведён, срок не должен начинаться.",
                "ru",
            ),
            authors: vec![person("Арсений Громов", Group::IndividualUsers)],
        },
        OpinionRow {
            opinion: Link {
                lang: "ar".into(), ..link("القرار لمن يتأثر به", "/o/6")
            },
            group: None,
            revision: 1,
            status: OpinionStatus::Withdrawn,
            paragraphs: 3,
            abstract_text: text("من يتأثر بالقرار له أن يُسأل قبل اتخاذه، وأن يُجاب كتابةً.", "ar"),
            authors: vec![nobody_in_particular()],
        },
    ]
}

fn revision(number: i64) -> RevisionRef {
    RevisionRef {
        number,
        at: at(["2026-04-11T10:00:00Z", "2026-04-18T10:00:00Z", "2026-05-02T10:00:00Z"]
            [usize::try_from(number - 1).unwrap()]),
        digest: format!("ni:///sha-256;{number}f2cYDVQ2bJtZr0Qv8Xk3mB7nL5cHsA1eWpUiOyT41"),
        href: format!("/o/1/r/{number}"),
    }
}

pub(super) fn head() -> OpinionHead {
    OpinionHead {
        title: text("A shared watch first, a shared table second", "en"),
        href: "/o/1".into(),
        topic: link("Enhanced cooperation, next steps", "/t/enhanced_cooperation"),
        group: Some(Group::CivilSociety),
        status: OpinionStatus::Open,
        history_href: "/o/1/history".into(),
        positions_href: "/o/1/positions".into(),
        letter_href: Some("/o/1/letter".into()),
        comments_href: "/o/1/comments".into(),
        compare_href: Some("/o/1/diff/2..3".into()),
        json_href: "/o/1.json".into(),
    }
}

pub(super) fn identity(number: i64) -> Identity {
    Identity {
        revision: revision(number),
        newest: 3,
        first_published_at: "cs.example".into(),
        held_since: (number > 1).then(|| at("2026-04-11T10:00:02Z")),
    }
}

/// A picture that is here, described and not, and what is elsewhere.
fn attached() -> Vec<AttachedView> {
    let here = AttachedView {
        href: "/media/1f.jpg".into(),
        shown: Some(("/media/2e.jpg".into(), 480, 320)),
        description: Some("五个区域的会议记录，按缺席者的问题排列".into()),
        kind: AttachmentKind::Image,
        host: "cs.example".into(),
    };
    let elsewhere = |kind, description: Option<&str>| AttachedView {
        href: "https://media.example/a?b=1&c=2".into(),
        shown: None,
        description: description.map(str::to_owned),
        kind,
        host: "media.example".into(),
    };
    vec![
        here.clone(),
        AttachedView { description: None, ..here },
        elsewhere(AttachmentKind::Image, Some("A table of <numbers>")),
        elsewhere(AttachmentKind::Image, None),
        elsewhere(AttachmentKind::Video, None),
        elsewhere(AttachmentKind::Audio, Some("The meeting")),
        elsewhere(AttachmentKind::Unknown, None),
    ]
}

fn comments() -> Vec<CommentView> {
    let comment = |anchor: &str, voice: Voice, kind: CommentKind, html: &str| CommentView {
        anchor: anchor.into(),
        voice,
        kind,
        at: at("2026-05-03T08:00:00Z"),
        revision: Some(3),
        passages: Vec::new(),
        fates: Vec::new(),
        history_href: None,
        edit_href: None,
        answer_href: None,
        place_href: None,
        answers_another: false,
        html: Some(SafeHtml::sanitized(html)),
        attached: Vec::new(),
        lang: "en".into(),
        unanswered: false,
        depth: 0,
        reply_href: Some("/o/1/comment?inReplyTo=7".into()),
        from_href: Some("/interact?uri=https%3A%2F%2Fcs.example%2Fc%2F7&intent=reply".into()),
    };
    vec![
        CommentView {
            unanswered: true,
            ..comment(
                "c-1",
                delegate(
                    "Rasmus Lindqvist",
                    "Backbone Operators’ Guild",
                    Group::TechnicalCommunity,
                    true,
                ),
                CommentKind::Objection,
                "<p>A watch without a stated source of money will be run by whoever can afford to run it, and its silences will be theirs. We object until the text says who pays and who may refuse to.</p>",
            )
        },
        CommentView {
            depth: 1,
            lang: "fr".into(),
            ..comment(
                "c-2",
                person("Fatoumata Sangaré", Group::CivilSociety),
                CommentKind::Question,
                "<p>Et quand la même organisation parle par trois bouches, faut-il le dire dans le texte ou laisser le registre le montrer ?</p>",
            )
        },
        CommentView {
            depth: 2,
            attached: attached(),
            lang: "zh".into(),
            ..comment(
                "c-3",
                person("林若溪", Group::AcademicCommunity),
                CommentKind::Evidence,
                "<p>我们比较了五个区域的会议记录：缺席者最常提出的问题，多数在筹备会议上已经有人回答，只是没有公开。</p>",
            )
        },
        CommentView {
            html: None,
            reply_href: None,
            ..comment("c-4", nobody_in_particular(), CommentKind::Remark, "")
        },
    ]
}

fn text_parts(source: &str, changed: bool) -> Vec<TextPart> {
    parts(&render_opinion(source).unwrap())
        .into_iter()
        .map(|part| match part {
            Part::Loose(html) => TextPart::Loose(SafeHtml::sanitized(&html)),
            Part::Block(block) => TextPart::Block(TextBlock {
                number: block.number,
                id: block.id.clone(),
                html: SafeHtml::of_block(&block),
                is_heading: matches!(block.kind, BlockKind::Heading(_)),
                is_item: matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow),
                is_changed: changed && (3..=5).contains(&block.number),
                comments: if block.number == 4 { comments() } else { Vec::new() },
                also: if block.number == 5 {
                    vec![link("Rasmus Lindqvist", "#c-1")]
                } else {
                    Vec::new()
                },
                all: (block.number == 4).then(|| (34, "/o/1/p/4".into())),
                comment_href: Some(format!("/o/1/comment?block={}", block.id)),
                missing_href: Some(format!("/o/1/comment?missing={}", block.id)),
            }),
        })
        .collect()
}

pub(super) fn standing(t: Texts) -> Vec<StandingRow> {
    let name = |voice: Voice, older: Option<i64>| StandingName {
        voice,
        older_revision: older,
        href: "/o/1/positions#s-1".into(),
    };
    let cell = StandingCell::new;
    let mut rows: Vec<StandingRow> = t
        .sorted(Group::ALL)
        .into_iter()
        .map(|group| StandingRow {
            group: Some(group),
            party: None,
            cells: match group {
                Group::CivilSociety => vec![
                    cell(
                        PositionKind::Support,
                        vec![
                            name(organisation("Rural Links Federation", group), None),
                            name(organisation("Lakeside Connectivity Network", group), None),
                            name(organisation("مرصد الوصول", group), Some(2)),
                            name(personal("Dagny Holm", group), Some(2)),
                            name(organisation("Two Valleys Radio", group), None),
                            name(organisation("School Bandwidth Circle", group), None),
                            name(organisation("Vecinas en Red", group), None),
                            name(personal("Mireille Oyono", group), None),
                        ],
                    ),
                    cell(
                        PositionKind::Reservation,
                        vec![name(organisation("Free Routes Collective", group), None)],
                    ),
                ],
                Group::Governments => vec![
                    cell(
                        PositionKind::Reservation,
                        vec![name(
                            organisation("Ministry of Digital Affairs, Northland", group),
                            None,
                        )],
                    ),
                    cell(
                        PositionKind::Neutral,
                        vec![name(organisation("Office for Networks, Southmere", group), None)],
                    ),
                ],
                Group::PrivateSector => vec![cell(
                    PositionKind::Concern,
                    vec![name(organisation("Harbour Cable Company", group), None)],
                )],
                Group::TechnicalCommunity => vec![cell(
                    PositionKind::Objection,
                    vec![name(organisation("Backbone Operators’ Guild", group), None)],
                )],
                _ => Vec::new(),
            },
        })
        .collect();
    rows.push(StandingRow {
        group: None,
        party: None,
        cells: vec![cell(PositionKind::Support, vec![name(nobody_in_particular(), None)])],
    });
    rows
}

pub(super) fn figure(t: Texts) -> Figure {
    let rows = standing(t).into_iter().map(|row| FigureRow {
        group: row.group,
        squares: PositionKind::ALL
            .iter()
            .map(|kind| {
                let held = row.cell(kind).map(|cell| match cell.names.first() {
                    Some(name) if name.older_revision.is_none() => Square::Held,
                    _ => Square::Older,
                });
                (*kind, held.unwrap_or_default())
            })
            .collect(),
    });
    Figure { rows: rows.collect() }
}

fn own_position() -> OwnPosition {
    OwnPosition {
        kind: PositionKind::Support,
        revision: 2,
        at: at("2026-04-20T10:00:00Z"),
        withdraw_href: "/o/1/position/withdraw".into(),
    }
}

fn changes() -> Changes {
    let blocks = |source: &str| split(&render_opinion(source).unwrap());
    let changes = diff::compare(&blocks(SOURCE_2), &blocks(SOURCE_3));
    let changes = changes.into_iter().map(ChangeView::from).filter(ChangeView::is_change);
    Changes {
        from: 2,
        to: 3,
        paragraphs: Some(changes.collect()),
        has_more: true,
        lang: "en".into(),
        href: "/o/1/diff/2..3".into(),
    }
}

fn receipt() -> Receipt {
    Receipt {
        room: "cs.example".into(),
        sequence: Some(146),
        hash: "sha-256:9f2c1d0a8b7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f41".into(),
        received: Some(at("2026-05-06T09:12:31Z")),
        href: "/s/114823001000000009".into(),
    }
}

/// Every example, by the name of its file.
pub(super) fn all(t: Texts) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut add = |name: &str, page: &dyn askama::DynTemplate| {
        let twice = pages.insert(name.to_owned(), page.dyn_render().unwrap());
        assert!(twice.is_none(), "{name} twice");
    };
    commentary::add(t, &mut add);
    let home = Section::Home;
    let topics = Section::Topics;

    let full_home = HomePage {
        t,
        page: page("/", home),
        mirrors: vec!["gov.example".into(), "tech.example".into()],
        closing_soon: topic_rows().into_iter().take(1).collect(),
        topics: topic_rows(),
        log: log_rows(),
        groups: t.sorted(Group::ALL),
    };
    add("home", &full_home);
    let mut alone = page("/?page=2", home);
    alone.instance.development_public = true;
    alone.instance.group = None;
    alone.instance.contact = None;
    add(
        "home-empty",
        &HomePage {
            page: alone,
            mirrors: Vec::new(),
            closing_soon: Vec::new(),
            topics: Vec::new(),
            log: Vec::new(),
            ..full_home
        },
    );

    parties::form(t, &mut add);
    parties::facilitators(t, &mut add);
    add(
        "topics",
        &TopicsPage {
            t,
            page: page("/topics", topics),
            topics: topic_rows(),
            next_href: Some("/topics?after=3".into()),
        },
    );
    add(
        "topics-empty",
        &TopicsPage { t, page: page("/topics", topics), topics: Vec::new(), next_href: None },
    );

    let topic = TopicPage {
        t,
        page: signed_in("/t/enhanced_cooperation", topics),
        slug: "enhanced_cooperation".into(),
        name: text("Enhanced cooperation, next steps", "en"),
        question: text(
            "Which arrangement, if any, should let governments and all other groups work out public policy for the Internet together, and what is the smallest first step that could start within a year?",
            "en",
        ),
        state: TopicState::ClosesIn { days: 9, at: at("2026-05-15T23:59:00Z") },
        facilitators: vec![
            personal("Sunniva Aas", Group::CivilSociety),
            person("Joaquim Teles", Group::Governments),
        ],
        rooms: vec![
            link("cs.example", "/t/enhanced_cooperation"),
            link("gov.example", "https://gov.example/t/enhanced_cooperation"),
            link("tech.example", "https://tech.example/t/enhanced_cooperation"),
        ],
        dates: TopicDateKind::ALL
            .iter()
            .map(|kind| TopicDate { kind: *kind, at: at("2026-05-15T23:59:00Z") })
            .collect(),
        not_heard: vec![Group::InternationalOrganisations, Group::Other],
        parties: parties::named(),
        opinions: opinion_rows(),
        order_start: Some(Group::PrivateSector),
        glance: vec![Glance {
            opinion: link("A shared watch first", "/o/1/positions"),
            figure: figure(t),
        }],
        log: log_rows(),
        completeness: Some(incomplete()),
        handle: "@enhanced_cooperation@cs.example".into(),
        interact_href: Some("/interact?uri=x&intent=follow".into()),
        write_href: Some("/t/enhanced_cooperation/write".into()),
        draft_href: "/t/enhanced_cooperation/draft".into(),
        terms_href: "/t/enhanced_cooperation/terms".into(),
        log_href: "/t/enhanced_cooperation/log".into(),
        mesh_href: "/t/enhanced_cooperation/mesh".into(),
        ledger_href: "/t/enhanced_cooperation/ledger".into(),
    };
    add("topic", &topic);
    add(
        "topic-empty",
        &TopicPage {
            page: page("/t/new", topics),
            state: TopicState::Open,
            facilitators: Vec::new(),
            dates: Vec::new(),
            not_heard: Vec::new(),
            parties: Vec::new(),
            opinions: Vec::new(),
            order_start: None,
            glance: Vec::new(),
            log: Vec::new(),
            completeness: None,
            write_href: None,
            ..topic
        },
    );

    let opinion = OpinionPage {
        t,
        page: signed_in("/o/1", topics),
        head: head(),
        identity: identity(3),
        about: drafts::about(),
        abstract_text: text(
            "Before anyone builds a new institution, build a common record. We propose a small service, run in the open by several groups at once, that follows what is being decided about the Internet and answers questions from those who cannot be everywhere.",
            "en",
        ),
        lang: "en".into(),
        parts: text_parts(SOURCE_3, true),
        change_note: Some(text(
            "We want the text read again, not fought over again; see the comment of the Ministry.",
            "en",
        )),
        comments: vec![CommentView {
            passages: vec![PassageView {
                place: None,
                state: AnchorState::Removed,
                missing_here: false,
                old_words: Some("a neutral body".into()),
                named_in: Some((2, "/o/1/revisions/2".into())),
            }],
            fates: commentary::fates(),
            revision: Some(2),
            anchor: "c-9".into(),
            ..comments().remove(1)
        }],
        has_more_comments: true,
        comment_href: Some("/o/1/comment".into()),
        standing: standing(t),
        position_href: Some("/o/1/position".into()),
        own_position: Some(own_position()),
        revise_href: Some("/o/1/revise".into()),
        handle: Some("@watch@cs.example".into()),
        interact_href: Some("/interact?uri=x&intent=reply".into()),
        completeness: Some(complete()),
        quotes: vec![QuoteRow {
            voice: nobody_in_particular(),
            href: "https://social.example/@zoe/7".into(),
            at: at("2026-05-06T09:12:31Z"),
        }],
    };
    add("opinion", &opinion);
    let mut arabic = head();
    arabic.title = text("مرصد مشترك أولًا، وطاولة مشتركة ثانيًا", "ar");
    add(
        "opinion-arabic-text",
        &OpinionPage {
            page: page("/o/3", topics),
            head: arabic,
            abstract_text: text("قبل أن يبني أحد مؤسسة جديدة، لنبنِ سجلًا مشتركًا.", "ar"),
            lang: "ar".into(),
            parts: text_parts(
                "## التعاون المعزز\n\nالتعاون المعزز ممارسة: يجب أن تُصان وتُكتب وتُصحَّح (انظر RFC 9110).\n\n- أولًا\n- ثانيًا",
                false,
            ),
            revise_href: None,
            own_position: None,
            completeness: Some(incomplete()),
            ..opinion.clone()
        },
    );
    add(
        "opinion-older-revision",
        &OpinionPage {
            page: page("/o/1/r/1", topics),
            head: OpinionHead { status: OpinionStatus::Withdrawn, ..head() },
            identity: identity(1),
            parts: text_parts(SOURCE_2, false),
            change_note: None,
            comments: Vec::new(),
            comment_href: None,
            position_href: None,
            own_position: None,
            revise_href: None,
            handle: None,
            interact_href: None,
            completeness: None,
            ..opinion.clone()
        },
    );
    add(
        "opinion-draft",
        &OpinionPage {
            head: OpinionHead { status: OpinionStatus::Draft, compare_href: None, ..head() },
            parts: vec![TextPart::Loose(SafeHtml::sanitized("words without a paragraph"))],
            standing: Vec::new(),
            ..opinion
        },
    );

    add(
        "history",
        &HistoryPage {
            unknown: Some(9),
            t,
            page: page("/o/1/history", topics),
            head: head(),
            rows: vec![
                HistoryRow {
                    revision: revision(3),
                    voice: delegate(
                        "Tomás Arrieta",
                        "Rural Links Federation",
                        Group::CivilSociety,
                        true,
                    ),
                    authors: drafts::about().authors,
                    markdown_href: "/o/1/revisions/3.md".into(),
                    change_note: text("Says who runs it.", "en"),
                    receipt: Some(receipt()),
                    compare_href: Some("/o/1/diff/2..3".into()),
                },
                HistoryRow {
                    revision: revision(2),
                    voice: personal("Mireille Oyono", Group::CivilSociety),
                    authors: Vec::new(),
                    markdown_href: "/o/1/revisions/1.md".into(),
                    change_note: text("", ""),
                    receipt: Some(Receipt { sequence: None, ..receipt() }),
                    compare_href: Some("/o/1/diff/1..2".into()),
                },
                HistoryRow {
                    revision: revision(1),
                    voice: personal("Mireille Oyono", Group::CivilSociety),
                    authors: Vec::new(),
                    markdown_href: "/o/1/revisions/1.md".into(),
                    change_note: text("", ""),
                    receipt: None,
                    compare_href: None,
                },
            ],
        },
    );

    let blocks = |source: &str| split(&render_opinion(source).unwrap());
    let compare = ComparePage {
        t,
        page: signed_in("/o/1/diff/2..3", topics),
        head: head(),
        from: revision(2),
        to: revision(3),
        revisions: vec![3, 2, 1],
        picker_href: "/o/1/diff".into(),
        lang: "en".into(),
        is_side: false,
        other_view_href: "/o/1/diff/2..3?view=side".into(),
        title_runs: diff::words("A watch first", "A shared watch first"),
        abstract_runs: diff::words("Build a record first.", "Build a common record first."),
        changes: diff::compare(&blocks(SOURCE_2), &blocks(SOURCE_3))
            .into_iter()
            .map(ChangeView::from)
            .collect(),
        change_note: Some(text("Says who runs it.", "en")),
        own_position: Some(own_position()),
        position_href: Some("/o/1/position".into()),
    };
    add("compare", &compare);
    add(
        "compare-same",
        &ComparePage {
            page: page("/o/1/diff/2..2", topics),
            is_side: true,
            title_runs: diff::words("Same", "Same"),
            abstract_runs: diff::words("Same.", "Same."),
            changes: diff::compare(&blocks(SOURCE_2), &blocks(SOURCE_2))
                .into_iter()
                .map(ChangeView::from)
                .collect(),
            change_note: None,
            own_position: None,
            ..compare
        },
    );

    let positions = PositionsPage {
        t,
        page: page("/o/1/positions", topics),
        head: head(),
        identity: identity(3),
        revisions: vec![(3, false), (2, true), (1, false)],
        revision: None,
        lens: None,
        has_own_parties: true,
        proof: None,
        region: None,
        narrows: false,
        standing: standing(t),
        figure: figure(t),
        claims: vec![Reason {
            anchor: "s-3".into(),
            voice: delegate(
                "Nobody Inparticular",
                "Rural Links Federation",
                Group::CivilSociety,
                false,
            ),
            kind: PositionKind::Support,
            revision: 3,
            at: at("2026-05-05T10:00:00Z"),
            statement: text("", ""),
        }],
        unknown: vec![Reason {
            anchor: "s-4".into(),
            voice: person("Salome Tchikaya", Group::CivilSociety),
            kind: PositionKind::Neutral,
            revision: 9,
            at: at("2026-05-05T11:00:00Z"),
            statement: text("", ""),
        }],
        reasons: vec![
            Reason {
                anchor: "s-1".into(),
                voice: organisation("Harbour Cable Company", Group::PrivateSector),
                kind: PositionKind::Concern,
                revision: 3,
                at: at("2026-05-04T10:00:00Z"),
                statement: text(
                    "We would read such a record every week.\nWe are concerned that “on request” has no limit.",
                    "en",
                ),
            },
            Reason {
                anchor: "s-2".into(),
                voice: nobody_in_particular(),
                kind: PositionKind::Support,
                revision: 2,
                at: at("2026-04-24T10:00:00Z"),
                statement: text("لأنه سجل مفتوح.", "ar"),
            },
        ],
        order_start: Some(Group::PrivateSector),
        next_href: Some("/o/1/positions?after=50#reasons".into()),
        csv_href: "/o/1/positions.csv".into(),
        completeness: Some(complete()),
    };
    add("positions", &positions);
    add(
        "positions-own",
        &PositionsPage {
            lens: Some(Through::Own),
            standing: parties::standing(t),
            ..positions.clone()
        },
    );
    let nobody =
        |group: &Group| StandingRow { group: Some(*group), party: None, cells: Vec::new() };
    add(
        "positions-empty",
        &PositionsPage {
            revision: Some(2),
            standing: Group::ALL.iter().map(nobody).collect(),
            claims: Vec::new(),
            unknown: Vec::new(),
            reasons: Vec::new(),
            order_start: None,
            next_href: None,
            completeness: None,
            ..positions
        },
    );

    let participant = ParticipantPage {
        t,
        page: page("/p/guild", Section::Elsewhere),
        voice: Voice {
            from_host: Some("tech.example".into()),
            ..organisation("Backbone Operators’ Guild", Group::TechnicalCommunity)
        },
        region: Some(Region::AsiaPacific),
        level: ProofLevel::Vouched,
        attested: settings::attested(),
        vouching: Vouching::ForThis,
        vouched: Vec::new(),
        vouch_href: "/p/guild/vouch".into(),
        vouch_handle: String::new(),
        errors: FormErrors::none(),
        is_organisation: true,
        handle: "@guild@tech.example".into(),
        since: Some(at("2026-04-01T10:00:00Z")),
        summary: Some(SafeHtml::sanitized(
            "<p>We keep <a href=\"https://guild.example/\">cables</a> in order.</p>",
        )),
        home_href: Some("https://tech.example/p/guild".into()),
        opinions: opinion_rows().into_iter().take(1).collect(),
        log: log_rows(),
    };
    add("participant", &participant);
    add(
        "participant-empty",
        &ParticipantPage {
            voice: nobody_in_particular(),
            region: None,
            level: ProofLevel::Declared,
            attested: Vec::new(),
            vouching: Vouching::No,
            is_organisation: false,
            since: None,
            summary: None,
            home_href: None,
            opinions: Vec::new(),
            log: Vec::new(),
            ..participant
        },
    );

    delegates(t, &mut add);

    let room = |host: &str, state: RoomState| Room {
        link: link(host, &format!("https://{host}/t/enhanced_cooperation")),
        run_by: "Ministry of Digital Affairs, Northland".into(),
        group: Some(Group::Governments),
        state,
        completeness: Some(complete()),
        last_exchange: Some(at("2026-05-06T09:00:00Z")),
        software: "polylogue 0.1.0".into(),
    };
    add(
        "mesh",
        &MeshPage {
            t,
            page: page("/t/enhanced_cooperation/mesh", Section::Mesh),
            topic: Some(link("Enhanced cooperation, next steps", "/t/enhanced_cooperation")),
            rooms: vec![
                room("cs.example", RoomState::Here),
                room("gov.example", RoomState::Agrees),
                room("igo.example", RoomState::Differs { entries: 2 }),
                room("ixp.example", RoomState::Linked),
                room("lab.example", RoomState::Unreachable { since: at("2026-05-05T09:00:00Z") }),
                room("new.example", RoomState::Waiting),
                Room {
                    run_by: String::new(),
                    group: None,
                    completeness: None,
                    last_exchange: None,
                    software: String::new(),
                    ..room("xyz.example", RoomState::NotLinked)
                },
            ],
        },
    );
    add(
        "mesh-alone",
        &MeshPage {
            t,
            page: page("/mesh", Section::Mesh),
            topic: None,
            rooms: vec![room("cs.example", RoomState::Here)],
        },
    );

    let sign_in = SignInPage {
        t,
        page: page("/sign-in", Section::Elsewhere),
        action: "/sign-in".into(),
        handle: String::new(),
        address: String::new(),
        home_action: Some("/sign-in/home"),
        next: "/o/1".into(),
        errors: FormErrors::none(),
    };
    add("sign-in", &sign_in);
    add(
        "sign-in-refused",
        &SignInPage {
            handle: "wanjiru\"><script>".into(),
            errors: FormErrors::none().add("password", Fault::SignInRefused),
            ..sign_in
        },
    );

    let form = OpinionForm {
        name: String::new(),
        abstract_text: String::new(),
        source: String::new(),
        language: "en".into(),
        status: OpinionStatus::Open,
        change_note: String::new(),
        deadline: DeadlineForm::none(),
    };
    let opinion_form = OpinionFormPage {
        t,
        page: signed_in("/t/enhanced_cooperation/write", topics),
        topic: head().topic,
        revises: None,
        action: "/t/enhanced_cooperation/write".into(),
        form,
        errors: FormErrors::none(),
        preview: None,
    };
    add("write", &opinion_form);
    add(
        "write-refused",
        &OpinionFormPage {
            form: OpinionForm {
                name: "A shared watch first".into(),
                source: SOURCE_3.into(),
                status: OpinionStatus::Final,
                deadline: DeadlineForm { day: "tomorrow".into(), ..DeadlineForm::none() },
                ..opinion_form.form.clone()
            },
            errors: FormErrors::none()
                .add("", Fault::FormExpired)
                .add("abstract", Fault::Missing)
                .add_text("day", "must be a day, such as 2026-05-15".into())
                .add_text("source", "a table has 51 columns, more than the 50 allowed".into()),
            ..opinion_form.clone()
        },
    );
    add(
        "revise-preview",
        &OpinionFormPage {
            page: signed_in("/o/1/revise", topics),
            revises: Some((link("A shared watch first, a shared table second", "/o/1"), 2)),
            form: OpinionForm {
                name: "A shared watch first".into(),
                abstract_text: "Build a record.".into(),
                source: SOURCE_3.into(),
                change_note: "Says who runs it.".into(),
                ..opinion_form.form.clone()
            },
            preview: Some(text_parts(SOURCE_3, false)),
            ..opinion_form
        },
    );

    let choices: Vec<BlockChoice> = blocks(SOURCE_3)
        .into_iter()
        .map(|block| BlockChoice {
            id: block.id,
            number: block.number,
            words: block.text.chars().take(60).collect(),
            is_chosen: block.number == 4,
        })
        .collect();
    let comment_form = CommentFormPage {
        t,
        page: signed_in("/o/1/comment", topics),
        head: head(),
        revision: revision(3),
        form: CommentForm {
            blocks: vec![choices[3].id.clone()],
            quote: "a neutral body".into(),
            missing: choices[2].id.clone(),
            kind: CommentKind::Question,
            content: String::new(),
            language: "en".into(),
            speak_as: "https://cs.example/p/assembly".into(),
        },
        blocks: choices,
        answers: None,
        in_reply_to: String::new(),
        principals: principals(),
        stated: None,
        action: "/o/1/comment".into(),
        errors: FormErrors::none(),
    };
    add("comment", &comment_form);
    add(
        "comment-refused",
        &CommentFormPage {
            answers: Some((
                text("Who pays?\nAnd who may refuse to?", "en"),
                "Rasmus Lindqvist".into(),
            )),
            in_reply_to: "https://tech.example/c/7".into(),
            errors: FormErrors::none()
                .add("content", Fault::TooLong)
                .add("kind", Fault::NotAChoice),
            ..comment_form
        },
    );

    let position_form = PositionFormPage {
        t,
        page: signed_in("/o/1/position", topics),
        head: head(),
        abstract_text: text("Before anyone builds a new institution, build a common record.", "en"),
        revisions: vec![
            RevisionChoice { revision: revision(3), is_current: true },
            RevisionChoice { revision: revision(2), is_current: false },
        ],
        principals: principals(),
        stated: None,
        sent_to: vec!["gov.example".into(), "tech.example".into()],
        own_position: None,
        changed: None,
        action: "/o/1/position".into(),
        form: PositionForm {
            kind: None,
            revision: 3,
            statement: String::new(),
            speak_as: String::new(),
        },
        errors: FormErrors::none(),
    };
    add("position", &position_form);
    add(
        "position-refused",
        &PositionFormPage {
            changed: Some(changes()),
            own_position: Some(own_position()),
            sent_to: Vec::new(),
            form: PositionForm {
                kind: Some(PositionKind::Objection),
                ..position_form.form.clone()
            },
            errors: FormErrors::none()
                .add("statement", Fault::ReasonNeeded)
                .add("revision", Fault::RevisionChanged),
            ..position_form
        },
    );

    let done = DonePage {
        t,
        page: signed_in("/o/1/position/done", topics),
        row: LogRow {
            voice: personal("Wanjiru Odenyo", Group::CivilSociety),
            deed: Deed::TookPosition,
            object: Some(link("A shared watch first, a shared table second", "/o/1")),
            ..log_rows().remove(0)
        },
        receipt: receipt(),
        sent_to: vec!["gov.example".into(), "tech.example".into()],
        back: link("A shared watch first, a shared table second", "/o/1"),
        undo_href: Some("/o/1/position/withdraw".into()),
    };
    add("done", &done);
    add(
        "done-alone",
        &DonePage {
            sent_to: Vec::new(),
            undo_href: None,
            receipt: Receipt { received: None, sequence: None, ..receipt() },
            ..done
        },
    );

    for status in [401, 403, 404, 410, 413, 422, 429, 500, 503] {
        add(
            &format!("error-{status}"),
            &ErrorPage {
                t,
                page: page("/o/404", Section::Elsewhere),
                status,
                detail: (status == 422).then(|| "a kind of position is not “like”".into()),
                loss: match status {
                    422 | 429 | 503 => Loss::NotRecorded,
                    500 => Loss::Unknown,
                    _ => Loss::NothingSent,
                },
                retry_after_seconds: (status == 429).then_some(30),
                tombstone: (status == 410).then(|| link("entry 9f2c…41 of cs.example", "/a/1")),
                incident: (status == 500).then(|| "7f3a".into()),
            },
        );
    }
    record::add(t, &mut add);
    drafts::add(t, &mut add);
    from::add(t, &mut add);
    arrivals::add(t, &mut add);
    doors::add(t, &mut add);
    guests::add(t, &mut add);
    intents::add(t, &mut add);
    settings::add(t, &mut add);
    pages
}

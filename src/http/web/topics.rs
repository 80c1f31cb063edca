//! The list of topics, and a topic with its opinions.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::Fields,
    frame, interact, lines, map,
    session::Visitor,
    standing::figure_of,
    view::{
        FormErrors, Glance, Link, Section, TopicDate, TopicDateKind, TopicForm, TopicFormPage,
        TopicPage, TopicState, TopicsPage,
    },
};
use crate::{
    base::clock::Timestamp,
    domain::{
        group::StakeholderGroup,
        lens::{Parties, Party},
        rotation::{Place, rotate},
        vocabulary::Vocabulary,
    },
    protocol::intents::Intent,
    service::{
        Service, ServiceError,
        read::{OpinionView, Room, TopicView},
        topics::NewTopic,
    },
};

/// Opinions shown as figures: the first of the day's order.
const GLANCE_MAX: usize = 12;

/// Topics, the one with the newest act first.
pub(super) async fn by_latest_act(service: &Service) -> Result<Vec<TopicView>, ServiceError> {
    let mut dated = Vec::new();
    for topic in service.topics().await? {
        dated.push((service.latest_act(&topic.room).await?, topic));
    }
    dated.sort_by_key(|(latest, _)| std::cmp::Reverse(*latest));
    Ok(dated.into_iter().map(|(_, topic)| topic).collect())
}

/// `GET /topics`
pub(super) async fn list(
    State(service): State<Service>,
    visitor: Visitor,
) -> Result<Response, Refusal> {
    let own = service.paths.domain();
    let topics = by_latest_act(&service).await?;
    frame::show(&TopicsPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        topics: topics.iter().map(|topic| map::topic_row(topic, visitor.t, own)).collect(),
        next_href: None,
    })
}

/// `GET /t/{slug}`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    let topic = service.topic(&slug).await?;
    let log = service.recent(&topic.room).await?;
    let log = log.iter().map(|view| lines::line(&topic.room, view)).collect();
    let opinions = service.opinions(&topic.room).await?;
    let (opinions, order_start) = rotate(&topic.room.topic, service.now(), opinions, place);
    let stances = service.stances(&topic.room).await?;
    let glance = opinions.iter().take(GLANCE_MAX).map(|view| {
        let mut opinion = map::opinion_link(view);
        opinion.href.push_str("/positions");
        Glance { opinion, figure: figure_of(&visitor, view, &stances) }
    });
    let glance = glance.collect();
    let room = &topic.room;
    frame::show(&TopicPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        name: map::text(&room.name, &room.language),
        question: map::text(&room.question, &room.language),
        state: TopicState::Open,
        facilitators: topic
            .facilitators
            .iter()
            .map(|one| map::voice(one, one.group, None))
            .collect(),
        rooms: rooms(&service, &topic),
        dates: vec![TopicDate {
            kind: TopicDateKind::Created,
            at: Timestamp::from_millis(room.created),
        }],
        not_heard: map::not_heard(&topic, visitor.t),
        parties: named_parties(room),
        opinions: opinions.iter().map(map::opinion_row).collect(),
        order_start,
        glance,
        log,
        completeness: None,
        handle: format!("@{}", topic.handle),
        interact_href: visitor
            .is_nobody()
            .then(|| interact::href(&service.paths.room(&slug), Intent::Follow)),
        write_href: Some(format!("/t/{slug}/write")),
        draft_href: format!("/t/{slug}/draft"),
        terms_href: format!("/t/{slug}/terms"),
        log_href: format!("/t/{slug}/log"),
        mesh_href: format!("/t/{slug}/mesh"),
        ledger_href: format!("/t/{slug}/ledger"),
        slug,
    })
}

/// The topic's own words for the parties, as headings.
fn named_parties(room: &Room) -> Vec<Party> {
    let own = room.vocabulary().map(|own| own.division());
    let named = own.iter().flat_map(Parties::named).filter(|party| !party.is_rest());
    named.cloned().collect()
}

/// `GET /topics/new`
pub(super) async fn new(visitor: Visitor) -> Result<Response, Refusal> {
    visitor.caller()?;
    let language = visitor.t.language.code().to_owned();
    show_form(&visitor, TopicForm { language, ..TopicForm::default() }, Again::first())
}

fn show_form(visitor: &Visitor, form: TopicForm, again: Again) -> Result<Response, Refusal> {
    let page = TopicFormPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        groups: visitor.t.sorted(StakeholderGroup::ALL),
        form,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

/// `POST /topics/new`
pub(super) async fn found(
    State(service): State<Service>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let form = TopicForm {
        name: fields.text("name"),
        question: fields.text("question"),
        slug: fields.text("slug"),
        language: fields.text("language"),
        parties: fields.text("parties"),
    };
    if !visitor.sent(&fields) {
        return show_form(&visitor, form, Again::expired());
    }
    let parties = match Vocabulary::read_lines(&form.parties) {
        Ok(parties) => parties,
        Err(error) => {
            let errors = FormErrors::none().add_text("parties", error.to_string());
            return show_form(&visitor, form, Again::wrong(errors));
        }
    };
    let new = NewTopic {
        slug: form.slug.clone(),
        name: form.name.clone(),
        question: form.question.clone(),
        language: form.language.clone(),
        parties,
    };
    match service.create_topic(caller, new).await {
        Ok((room, _)) => Ok(Redirect::to(&format!("/t/{}", room.slug)).into_response()),
        Err(error) => show_form(&visitor, form, Again::refused(&fields, error)?),
    }
}

fn place(view: &OpinionView) -> Place {
    Place { group: view.group, actor: view.opinion.author.clone(), entry: view.opinion.uri.clone() }
}

/// The rooms that hold a topic, this one first.
fn rooms(service: &Service, topic: &TopicView) -> Vec<Link> {
    let own = Link {
        text: service.paths.domain().to_owned(),
        href: format!("/t/{}", topic.room.slug),
        lang: String::new(),
    };
    let mut others: Vec<Link> = topic
        .rooms
        .iter()
        .filter(|link| link.state == map::LINKED && map::is_web(&link.uri))
        .map(|link| Link { text: link.host.clone(), href: link.uri.clone(), lang: String::new() })
        .collect();
    others.sort_by(|a, b| a.text.cmp(&b.text));
    std::iter::once(own).chain(others).collect()
}

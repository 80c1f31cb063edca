//! Positions on an opinion: all of them by group with their reasons, taking one, withdrawing it.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    again::Again,
    changes,
    csv::Csv,
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    map::{self, Done},
    opinions::{find, identity, number},
    session::{Speaker, Visitor},
    speak,
    standing::{Filter, Standing},
    view::{
        Deed, Fault, FormErrors, PositionForm, PositionFormPage, PositionsPage, RevisionChoice,
        Section,
    },
};
use crate::{
    base::clock::Timestamp,
    domain::{delegation::Scope, group::StakeholderGroup, position::Capacity},
    service::{Service, positions::NewPosition, read::OpinionView},
};

/// `GET /o/{key}/positions`, and with `?revision=` those on one text
pub(super) async fn list(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let view = find(&service, &key, None).await?;
    let filter = Filter::read(&asked);
    let after = asked.get("after").parse().unwrap_or_default();
    let standing = Standing::filtered(&service, &view, filter).await?;
    let reasons = standing.reasons(&service, &view, after);
    let head = map::opinion_head(&view);
    let query = filter.query();
    let sign = if query.is_empty() { '?' } else { '&' };
    frame::show(&PositionsPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        identity: identity(&view),
        revisions: revisions(&view)
            .into_iter()
            .map(|choice| choice.revision.number)
            .map(|number| (number, filter.revision == Some(number)))
            .collect(),
        revision: filter.revision,
        lens: filter.lens,
        has_own_parties: view.room.parties.is_some(),
        proof: filter.proof,
        region: filter.region,
        narrows: filter.narrows(),
        standing: standing.rows(&visitor, &view),
        figure: standing.figure(&visitor, &view),
        claims: standing.claims(),
        unknown: standing.unknown(),
        reasons: reasons.shown,
        order_start: reasons.start,
        next_href: reasons
            .next
            .map(|after| format!("{}{query}{sign}after={after}#reasons", head.positions_href)),
        csv_href: format!("{}.csv{query}", head.positions_href),
        head,
        completeness: None,
    })
}

/// Columns of the table, as `docs/positions-csv.md` describes them.
const COLUMNS: [&str; 19] = [
    "opinion",
    "revision",
    "revision_digest",
    "current_revision",
    "kind",
    "stakeholder_group",
    "party",
    "name",
    "handle",
    "actor",
    "on_behalf_of",
    "confirmed",
    "capacity",
    "statement",
    "language",
    "published",
    "received_at",
    "entry",
    "attested_by",
];

/// `GET /o/{key}/positions.csv`: one row for each position that stands, in the order they were taken.
pub(super) async fn csv(
    State(service): State<Service>,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let view = find(&service, &key, None).await?;
    let standing = Standing::filtered(&service, &view, Filter::read(&asked)).await?;
    let mut table = Csv::default();
    table.row(COLUMNS);
    let time = |millis: i64| Timestamp::from_millis(millis).to_rfc3339();
    for (held, voice) in standing.all() {
        let position = &held.position;
        let capacity = Capacity::from_term(&position.capacity).map(Capacity::word);
        table.row([
            position.opinion_uri.as_str(),
            &position.revision.to_string(),
            &position.revision_digest,
            &view.opinion.revision.to_string(),
            &position.kind,
            held.group.map(StakeholderGroup::word).unwrap_or_default(),
            held.party.as_deref().unwrap_or_default(),
            &voice.name,
            &held.actor.handle,
            &position.actor,
            position.on_behalf_of.as_deref().unwrap_or_default(),
            if position.confirmed { "true" } else { "false" },
            capacity.unwrap_or_default(),
            position.statement.as_deref().unwrap_or_default(),
            position.language.as_deref().unwrap_or_default(),
            &time(position.published),
            &position.received_at.map(time).unwrap_or_default(),
            &position.entry_hash,
            position.attested_by.as_deref().unwrap_or_default(),
        ]);
    }
    let name = format!("attachment; filename=\"positions-{}.csv\"", view.key);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, table.into_text()).into_response())
}

/// `GET /o/{key}/position`, with `?kind=` and `?revision=` chosen already
pub(super) async fn form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    visitor.speaker()?;
    let view = find(&service, &key, None).await?;
    if let Some(form) = held(&service, &visitor, &view, asked.get("change")).await? {
        return show(&service, &visitor, &view, form, Again::first(), None).await;
    }
    let form = PositionForm {
        kind: asked.get("kind").parse().ok(),
        revision: match asked.get("revision") {
            "" => view.opinion.revision,
            revision => number(revision)?,
        },
        statement: String::new(),
        speak_as: String::new(),
    };
    show(&service, &visitor, &view, form, Again::first(), None).await
}

/// The form filled in with a position of the reader's on this opinion, for the newest text; none where `key` names
/// none.
async fn held(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
    key: &str,
) -> Result<Option<PositionForm>, Refusal> {
    if key.is_empty() {
        return Ok(None);
    }
    let uri = service.object_uri(key, "position").await?;
    let held = service.position_view(&uri).await?.position;
    let own = visitor.speaks_as(&held.actor)
        || held.on_behalf_of.as_ref().is_some_and(|uri| visitor.is(uri));
    if !own || held.opinion_uri != view.opinion.uri {
        return Ok(None);
    }
    let speak_as =
        speak::value_of(&held.capacity, held.on_behalf_of.filter(|uri| !visitor.is(uri)));
    Ok(Some(PositionForm {
        kind: held.kind.parse().ok(),
        revision: view.opinion.revision,
        statement: held.statement.unwrap_or_default(),
        speak_as,
    }))
}

/// `POST /o/{key}/position`
pub(super) async fn take(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
    fields: Fields,
) -> Result<Response, Refusal> {
    let speaker = visitor.speaker()?;
    let view = find(&service, &key, None).await?;
    let form = PositionForm {
        kind: fields.get("kind").parse().ok(),
        revision: fields.get("revision").parse().unwrap_or_default(),
        statement: fields.text("statement"),
        speak_as: fields.text("as"),
    };
    if !visitor.sent(&fields) {
        return show(&service, &visitor, &view, form, Again::expired(), None).await;
    }
    // Whoever chose did not know the newer text: a position never moves by itself (INV-5), and is not taken on words
    // that somebody else put in place meanwhile.
    let newest_then = asked.get("newest").parse().unwrap_or(form.revision);
    if newest_then < view.opinion.revision {
        let errors = FormErrors::none().add("revision", Fault::RevisionChanged);
        let again = Again { status: StatusCode::CONFLICT, errors };
        return show(&service, &visitor, &view, form, again, Some(newest_then)).await;
    }
    let Some((capacity, on_behalf_of)) = speak::chosen(&form.speak_as) else {
        return show(&service, &visitor, &view, form, Again::fault("as", Fault::NotAChoice), None)
            .await;
    };
    let Some(kind) = form.kind else {
        return show(
            &service,
            &visitor,
            &view,
            form,
            Again::fault("kind", Fault::NotAChoice),
            None,
        )
        .await;
    };
    let new = NewPosition {
        kind,
        statement: Some(form.statement.clone()),
        revision: form.revision,
        capacity,
        on_behalf_of,
    };
    let uri = &view.opinion.uri;
    let acted = match speaker {
        Speaker::Account(caller) => service.take_position(caller, uri, new).await,
        Speaker::Guest(guest) => service.state_position(guest, uri, new).await,
    };
    let acted = match acted {
        Ok(acted) => acted,
        Err(error) => {
            let again = Again::refused(&fields, error)?;
            return show(&service, &visitor, &view, form, again, None).await;
        }
    };
    let done = Done {
        deed: Deed::TookPosition,
        object: map::opinion_link(&view),
        slug: view.room.slug.clone(),
        undo_href: Some(format!("/positions/{}/withdraw", acted.key)),
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

/// `POST /positions/{key}/withdraw`
pub(super) async fn withdraw(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let speaker = visitor.speaking(&fields)?;
    let uri = service.object_uri(&key, "position").await?;
    let taken = service.position_view(&uri).await?;
    let acted = match speaker {
        Speaker::Account(caller) => service.withdraw_position(caller, &uri).await?,
        Speaker::Guest(guest) => service.withdraw_stated(guest, &uri).await?,
    };
    let view = service.opinion(&taken.position.opinion_uri, None).await?;
    let done = Done {
        deed: Deed::Withdrew,
        object: map::opinion_link(&view),
        slug: view.room.slug.clone(),
        undo_href: None,
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

async fn show(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
    form: PositionForm,
    again: Again,
    newest_then: Option<i64>,
) -> Result<Response, Refusal> {
    let topic = service.topic(&view.room.slug).await?;
    let chosen = view.revisions.iter().find(|revision| revision.number == form.revision);
    let text = chosen.unwrap_or(&view.shown);
    let newest = view.opinion.revision;
    let changed = newest_then
        .filter(|then| *then < newest && view.revisions.iter().any(|made| made.number == *then))
        .map(|then| changes::in_short(view, then, newest, true));
    let page = PositionFormPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(view),
        abstract_text: map::text(&text.abstract_text, &text.language),
        revisions: revisions(view),
        principals: speak::principals(service, visitor, Scope::Position).await?,
        stated: speak::stated(service, visitor),
        sent_to: map::mirrors(&topic),
        own_position: Standing::own_of(service, visitor, view).await?,
        changed,
        action: format!("{}/position?newest={newest}", map::opinion_href(view.key)),
        form,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

/// The revisions, newest first; of two signed under one number the one shown.
fn revisions(view: &OpinionView) -> Vec<RevisionChoice> {
    let mut numbers: Vec<i64> = view.revisions.iter().map(|revision| revision.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .rev()
        .map(|number| RevisionChoice {
            revision: map::revision_ref(view, number),
            is_current: number == view.opinion.revision,
        })
        .collect()
}

//! Who may act for an organisation: for everybody to see, and for the organisation's account to change.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::Fields,
    frame, map,
    session::Visitor,
    view::{DelegateForm, DelegateRow, DelegatesPage, Fault, ScopeChoice, Section},
};
use crate::{
    base::clock::Timestamp,
    domain::delegation::Scope,
    service::{Service, ServiceError, delegations::NewDelegation, read::ActorView},
};

/// `GET /p/{name}/delegates`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let organisation = organisation(&service, &name).await?;
    let form = DelegateForm {
        subject: String::new(),
        scopes: Scope::ALL.iter().map(|scope| choice(*scope, true)).collect(),
        until: String::new(),
    };
    page(&service, &visitor, &organisation, form, Again::first()).await
}

/// `POST /p/{name}/delegates`
pub(super) async fn delegate(
    State(service): State<Service>,
    visitor: Visitor,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let organisation = organisation(&service, &name).await?;
    if !visitor.is(&organisation.uri) {
        return Err(not_yours().into());
    }
    let chosen = |scope: Scope| !fields.get(field_of(scope)).is_empty();
    let form = DelegateForm {
        subject: fields.text("subject"),
        scopes: Scope::ALL.iter().map(|scope| choice(*scope, chosen(*scope))).collect(),
        until: fields.text("until"),
    };
    if !visitor.sent(&fields) {
        return page(&service, &visitor, &organisation, form, Again::expired()).await;
    }
    let valid_until = match end_of_day(&form.until) {
        Ok(until) => until,
        Err(fault) => {
            return page(&service, &visitor, &organisation, form, Again::fault("until", fault))
                .await;
        }
    };
    let new = NewDelegation {
        subject: form.subject.clone(),
        scopes: Scope::ALL.iter().copied().filter(|scope| chosen(*scope)).collect(),
        valid_until,
    };
    match service.delegate(caller, new).await {
        Ok(_) => Ok(Redirect::to(&href(&organisation)).into_response()),
        Err(error) => {
            let again = Again::refused(&fields, error)?;
            page(&service, &visitor, &organisation, form, again).await
        }
    }
}

/// `POST /delegations/{key}/end`
pub(super) async fn end(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    service.end_delegation(caller, &key).await?;
    Ok(Redirect::to(&format!("/p/{}/delegates", caller.actor.username)).into_response())
}

async fn organisation(service: &Service, name: &str) -> Result<ActorView, Refusal> {
    let actor = service.local_participant(name).await?;
    if actor.kind != "Organization" {
        return Err(ServiceError::NotFound { what: "organisation" }.into());
    }
    Ok(service.actor_view(&actor))
}

fn not_yours() -> ServiceError {
    ServiceError::NotPermitted {
        why: "only the organisation says who may act for it; sign in with its account",
    }
}

async fn page(
    service: &Service,
    visitor: &Visitor,
    organisation: &ActorView,
    form: DelegateForm,
    again: Again,
) -> Result<Response, Refusal> {
    let rows = service.delegations_by(&organisation.uri).await?;
    let page = DelegatesPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        organisation: map::voice(organisation, organisation.group, None),
        rows: rows
            .into_iter()
            .map(|view| DelegateRow {
                subject: map::voice(&view.subject, view.subject.group, None),
                scopes: view.scopes,
                from: view.valid_from,
                until: view.valid_until,
                ended: view.ended,
                holds: view.holds,
                end_href: format!("/delegations/{}/end", view.key),
            })
            .collect(),
        is_own: visitor.is(&organisation.uri),
        action: href(organisation),
        form,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

fn href(organisation: &ActorView) -> String {
    format!("/p/{}/delegates", organisation.username)
}

fn choice(scope: Scope, chosen: bool) -> ScopeChoice {
    ScopeChoice { scope, field: field_of(scope), chosen }
}

/// Name of a scope's box in the form.
const fn field_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Position => "scope-position",
        Scope::CoAuthor => "scope-co-author",
        Scope::Comment => "scope-comment",
    }
}

/// The last millisecond of a day, UTC; none where no day is given.
fn end_of_day(day: &str) -> Result<Option<Timestamp>, Fault> {
    match day.trim() {
        "" => Ok(None),
        day => Timestamp::parse_rfc3339(&format!("{day}T23:59:59.999Z"))
            .map(Some)
            .ok_or(Fault::NotAChoice),
    }
}

//! What is let in to one's account: browsers and programs, each with a button that ends it.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;

use super::{
    error_page::Refusal,
    fields::Fields,
    frame,
    session::{SESSION, Visitor},
    view::{EntrancesPage, ProgramRow, Section, SessionRow},
};
use crate::service::Service;

const PATH: &str = "/settings/access";

/// `GET /settings/access`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    jar: CookieJar,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let token = jar.get(SESSION).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let sessions =
        service.open_sessions(caller, &token).await?.into_iter().map(|session| SessionRow {
            agent: session.agent.filter(|agent| !agent.trim().is_empty()),
            since: session.since,
            until: session.until,
            is_this: session.is_this,
            end_href: format!("{PATH}/sessions/{}/end", session.key),
        });
    let programs = service.programs_let_in(caller).await?.into_iter().map(|program| ProgramRow {
        name: program.name,
        website: program.website,
        scope: program.scope,
        since: program.since,
        end_href: format!("{PATH}/programs/{}/end", program.key),
    });
    frame::show(&EntrancesPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        sessions: sessions.collect(),
        programs: programs.collect(),
    })
}

/// `POST /settings/access/sessions/{key}/end`
pub(super) async fn end_session(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    service.end_session(caller, &key).await?;
    Ok(Redirect::to(PATH).into_response())
}

/// `POST /settings/access/programs/{key}/end`
pub(super) async fn shut_out(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    service.shut_out(caller, &key).await?;
    Ok(Redirect::to(PATH).into_response())
}

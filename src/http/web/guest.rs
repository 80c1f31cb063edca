//! Signing in with the account of one's own server, and what a guest sees of it: where they are signed in, and what is
//! held here in their name.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;

use super::{
    error_page::Refusal,
    fields::{Asked, Fields},
    frame, map,
    session::{GUEST, SESSION, Visitor, handle_of},
    sign_in::{self, Typed, is_form, local, set_cookie},
    standing,
    view::{Fault, FormErrors, GuestHeld, GuestPage, HomeGoPage, Link, Section, SessionRow},
};
use crate::{
    base::{clock::Timestamp, limits},
    federation::home::{Answer, CALLBACK, CameBack, HomeError, SetOut},
    http::{sender::Sender, state::HttpState},
    service::{Service, ServiceError, sign_in::Device},
};

/// Where an address is sent.
pub(super) const ACTION: &str = "/sign-in/home";
/// The page of a guest.
const PATH: &str = "/guest";
/// Cookie of a browser that is on its way.
const ON_THE_WAY: &str = "home";

/// `POST /sign-in/home`: answered by a page that holds the link, since browsers hold the rule on where forms lead also
/// against where an answered form leads.
pub(super) async fn set_out(
    State(state): State<HttpState>,
    visitor: Visitor,
    jar: CookieJar,
    sender: Sender,
    fields: Fields,
) -> Result<Response, Refusal> {
    let service = &state.service;
    let typed = Typed {
        handle: String::new(),
        address: fields.text("address"),
        next: local(fields.get("next")).to_owned(),
    };
    if !is_form(&jar, &fields) {
        let errors = FormErrors::none().add("", Fault::FormExpired);
        return typed.show(service, &visitor, &jar, StatusCode::FORBIDDEN, errors);
    }
    let known = jar.get(ON_THE_WAY).map(|cookie| cookie.value().to_owned());
    let browser =
        known.filter(|token| sign_in::is_token(token)).unwrap_or_else(|| service.secret_token());
    let Sender(asker) = sender;
    let setting_out = state.federation.set_out(&typed.address, &typed.next, &browser, &asker);
    let out = Box::pin(setting_out).await;
    match out {
        Ok(out) => go(service, &visitor, &browser, out),
        Err(error) => refused(service, &visitor, &jar, typed, "address", error),
    }
}

/// `GET /sign-in/home/back`
pub(super) async fn back(
    State(state): State<HttpState>,
    visitor: Visitor,
    jar: CookieJar,
    sender: Sender,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Refusal> {
    let service = &state.service;
    let answer = Answer {
        state: asked.get("state").to_owned(),
        code: asked.get("code").to_owned(),
        issuer: asked.get("iss").to_owned(),
        error: asked.get("error").to_owned(),
    };
    let browser = jar.get(ON_THE_WAY).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let device = Device {
        address: sender.0.parse().unwrap_or(std::net::Ipv4Addr::UNSPECIFIED.into()),
        agent: agent.map(str::to_owned),
    };
    match Box::pin(state.federation.come_back(&answer, &browser, device)).await {
        Ok(CameBack::In { session, next }) => {
            // One browser speaks as one: who was signed in before is not any more.
            if let Some(old) = jar.get(SESSION) {
                service.sign_out(old.value()).await?;
            }
            if let (Some(old), Some(guest)) = (jar.get(GUEST), &visitor.guest) {
                service.guest_leaves(&guest.guest, old.value()).await?;
            }
            let mut response = Redirect::to(local(&next)).into_response();
            let seconds = limits::GUEST_SESSION_HOURS_MAX * 3_600;
            set_cookie(service, &mut response, GUEST, &session.token, "/", seconds);
            set_cookie(service, &mut response, SESSION, "", "/", 0);
            set_cookie(service, &mut response, ON_THE_WAY, "", ACTION, 0);
            keep_nowhere(&mut response);
            Ok(response)
        }
        Ok(CameBack::Again(out)) => go(service, &visitor, &browser, out),
        Err(error) => {
            let typed =
                Typed { handle: String::new(), address: String::new(), next: "/".to_owned() };
            refused(service, &visitor, &jar, typed, "", error)
        }
    }
}

/// `GET /guest`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    jar: CookieJar,
) -> Result<Response, Refusal> {
    let guest = visitor.guest()?;
    let token = jar.get(GUEST).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let sessions = service.guest_sessions(guest, &token).await?;
    let held = service.held_for(guest).await?;
    let mut rows = Vec::new();
    for view in held.positions {
        let opinion = service.opinion(&view.position.opinion_uri, None).await?;
        let href =
            format!("{}/positions#{}", map::opinion_href(opinion.key), standing::anchor(&view));
        rows.push(GuestHeld {
            kind: view.position.kind.parse().ok(),
            at: Timestamp::from_millis(view.position.published),
            opinion: Link { href, ..map::opinion_link(&opinion) },
            end_href: format!("/positions/{}/withdraw", view.key),
        });
    }
    for view in held.comments {
        let uri = view.comment.opinion_uri.clone().unwrap_or_default();
        let opinion = service.opinion(&uri, None).await?;
        rows.push(GuestHeld {
            kind: None,
            at: Timestamp::from_millis(view.comment.published),
            opinion: Link { href: format!("/c/{}", view.key), ..map::opinion_link(&opinion) },
            end_href: format!("/c/{}/delete", view.key),
        });
    }
    let name = guest.actor();
    frame::show(&GuestPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        handle: handle_of(name),
        sessions: sessions
            .into_iter()
            .map(|session| SessionRow {
                agent: session.agent.filter(|agent| !agent.trim().is_empty()),
                since: session.since,
                until: session.until,
                is_this: session.is_this,
                end_href: format!("{PATH}/sessions/{}/end", session.key),
            })
            .collect(),
        held: rows,
    })
}

/// `POST /guest/sessions/{key}/end`
pub(super) async fn end_session(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let guest = visitor.guest()?;
    if !visitor.sent(&fields) {
        return Err(Refusal::forged());
    }
    service.end_guest_session(guest, &key).await?;
    Ok(Redirect::to(PATH).into_response())
}

/// The page that leads to somebody's server.
fn go(
    service: &Service,
    visitor: &Visitor,
    browser: &str,
    out: SetOut,
) -> Result<Response, Refusal> {
    let page = HomeGoPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        host: out.host,
        href: out.href,
    };
    let mut response = frame::show(&page)?;
    let seconds = limits::HOME_VISIT_MINUTES_MAX * 60;
    set_cookie(service, &mut response, ON_THE_WAY, browser, ACTION, seconds);
    keep_nowhere(&mut response);
    Ok(response)
}

/// The form again, with what went wrong.
fn refused(
    service: &Service,
    visitor: &Visitor,
    jar: &CookieJar,
    typed: Typed,
    field: &'static str,
    error: HomeError,
) -> Result<Response, Refusal> {
    let (status, fault) = match error {
        HomeError::Off => (StatusCode::FORBIDDEN, Fault::HomeOff),
        HomeError::Address => (StatusCode::UNPROCESSABLE_ENTITY, Fault::HomeAddress),
        HomeError::Here => (StatusCode::UNPROCESSABLE_ENTITY, Fault::HomeHere),
        HomeError::NotLetIn { .. } => (StatusCode::FORBIDDEN, Fault::HomeNotLetIn),
        HomeError::TooOften { retry_after_seconds } => {
            return Err(ServiceError::TooMany { retry_after_seconds }.into());
        }
        HomeError::Silent { .. } => (StatusCode::BAD_GATEWAY, Fault::HomeSilent),
        HomeError::Nobody { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Fault::HomeNobody),
        HomeError::NoSignIn { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Fault::HomeNoSignIn),
        HomeError::Impostor { .. } => (StatusCode::FORBIDDEN, Fault::HomeImpostor),
        HomeError::Over => (StatusCode::BAD_REQUEST, Fault::HomeOver),
        HomeError::OtherBrowser => (StatusCode::FORBIDDEN, Fault::HomeOtherBrowser),
        HomeError::Declined => (StatusCode::OK, Fault::HomeDeclined),
        HomeError::NotTheirs { .. } => (StatusCode::FORBIDDEN, Fault::HomeNotTheirs),
        HomeError::NoPerson => (StatusCode::FORBIDDEN, Fault::HomeNoPerson),
        HomeError::Ours(error) => return Err(error.into()),
    };
    let errors = FormErrors::none().add(field, fault);
    let mut response = typed.show(service, visitor, jar, status, errors)?;
    keep_nowhere(&mut response);
    Ok(response)
}

/// What holds a code or a state stays out of caches and is named to nobody.
pub(super) fn keep_nowhere(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// The address to which people come back.
pub(super) const BACK: &str = CALLBACK;

//! What surrounds every page: the reader is read, a refusal becomes a page, the language is remembered, and the
//! answer says how long it may be kept.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use super::{
    assets,
    error_page::Refusal,
    session::{LANGUAGE, Visitor, handle_of},
    view::{GuestName, Instance, Page, Section, SignedIn},
};
use crate::{
    domain::group::StakeholderGroup,
    http::state::HttpState,
    service::{Service, ServiceError},
};

/// Where this source is published, from `Cargo.toml`; empty where it says nothing.
const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");

/// How long a chosen language is remembered.
const LANGUAGE_SECONDS: u32 = 31_536_000;
/// How long a page that is the same for everybody may be shown without asking again.
const ANONYMOUS: &str = "public, max-age=10";
const PERSONAL: &str = "private, no-cache";

/// The layer of all pages.
pub(super) async fn frame(
    State(state): State<HttpState>,
    mut request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let (visitor, fault) = Visitor::read(&state, &parts).await;
    request = Request::from_parts(parts, body);
    request.extensions_mut().insert(visitor.clone());
    let mut response = match fault {
        None => next.run(request).await,
        Some(fault) => Refusal::from(fault).into_response(),
    };
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        response = refusal.page(&state.service, &visitor);
    }
    dress(&visitor, &mut response);
    response
}

fn dress(visitor: &Visitor, response: &mut Response) {
    let kept = if visitor.is_nobody() && visitor.reads && response.status().is_success() {
        ANONYMOUS
    } else {
        PERSONAL
    };
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(kept));
    headers.append(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    if let Some(language) = visitor.chosen {
        let cookie = format!(
            "{LANGUAGE}={}; Path=/; SameSite=Lax; HttpOnly; Max-Age={LANGUAGE_SECONDS}",
            language.code()
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

/// The instance, as pages name it.
pub(super) fn instance(service: &Service) -> Instance {
    let profile = &service.profile;
    Instance {
        name: profile.name.clone(),
        run_by: profile.name.clone(),
        group: profile.group,
        domain: service.paths.domain().to_owned(),
        contact: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        source_href: SOURCE.to_owned(),
        development_public: profile.development && profile.exposed,
    }
}

/// The frame of a page.
pub(super) fn page(visitor: &Visitor, section: Section) -> Page {
    let signed_in = visitor.session.as_ref().map(|session| {
        let actor = &session.caller.actor;
        let name = if actor.name.trim().is_empty() { &actor.username } else { &actor.name };
        SignedIn {
            name: name.clone(),
            href: format!("/p/{}", actor.username),
            group: actor.stakeholder_group.as_deref().and_then(StakeholderGroup::from_term),
            notices_unread: visitor.notices_unread,
            moderates: Service::moderates(&session.caller),
            reports_open: visitor.reports_open,
        }
    });
    let guest = visitor.guest.as_ref().map(|guest| {
        let actor = guest.guest.actor();
        let handle = handle_of(actor);
        let name = if actor.name.trim().is_empty() { handle.clone() } else { actor.name.clone() };
        GuestName { name, handle }
    });
    Page {
        instance: visitor.instance().clone(),
        signed_in,
        guest,
        csrf: visitor.csrf().to_owned(),
        here: visitor.here().to_owned(),
        section,
        style_href: assets::style_href(),
    }
}

/// A page, rendered.
pub(super) fn show(page: &impl Template) -> Result<Response, Refusal> {
    show_with(StatusCode::OK, page)
}

/// A page with another status, rendered.
pub(super) fn show_with(status: StatusCode, page: &impl Template) -> Result<Response, Refusal> {
    let html = page.render().map_err(ServiceError::internal)?;
    Ok((status, Html(html)).into_response())
}

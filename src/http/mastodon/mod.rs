//! The Mastodon client API: what any program for the fediverse speaks with the server of its account. Every endpoint
//! takes query, JSON and forms alike ([`body`]), says who may call it by a type ([`bearer`]) and refuses in one shape
//! ([`failure`]). Translates; decides nothing.

mod accounts;
mod apps;
mod aversions;
pub mod bearer;
pub mod body;
mod entity;
pub mod failure;
mod filters;
mod instance;
mod lists;
mod loose;
mod markers;
mod media;
mod names;
mod notifications;
mod oauth;
mod paging;
mod profile;
mod push;
mod reports;
mod search;
mod statuses;
mod streaming;
mod tags;
mod timelines;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, delete, get, post},
};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use url::form_urlencoded;

use self::{
    bearer::{
        ReadAccounts, ReadFollows, ReadStatuses, WriteConversations, WriteFollows, WriteStatuses,
    },
    failure::Failure,
};
use super::{
    middleware::{API_WRITES, left_of, too_fast, too_often},
    state::HttpState,
    web,
};
use crate::base::{
    limits,
    pace::{Pace, Rate},
};

/// Apps that register.
const REGISTRATIONS: Rate =
    Rate::an_hour(limits::APPS_PER_ADDRESS_AN_HOUR_MAX, limits::APPS_PER_ADDRESS_AN_HOUR_MAX);

/// Searches that ask other servers.
const RESOLVES: Rate = Rate::a_minute(
    limits::RESOLVES_PER_ADDRESS_A_MINUTE_MAX,
    limits::RESOLVES_PER_ADDRESS_A_MINUTE_MAX,
);

/// Forms that may bring pictures, which take time to decode whether they are kept or not.
const PICTURE_FORMS: Rate = Rate::an_hour(
    limits::PICTURE_FORMS_PER_ADDRESS_AN_HOUR_MAX,
    limits::PICTURE_FORMS_PER_ADDRESS_AN_HOUR_MAX,
);

/// Every endpoint, and the pages on which people let programs in.
pub fn routes(state: &HttpState, pace: &Pace) -> Router<HttpState> {
    let paced = from_fn_with_state((state.clone(), pace.clone()), at_pace);
    let oauth = Router::new()
        .route("/oauth/token", post(oauth::token))
        .route("/oauth/revoke", post(oauth::revoke))
        .route("/oauth/userinfo", get(oauth::userinfo).post(oauth::userinfo))
        .route("/oauth/{*rest}", any(no_such_endpoint))
        .route("/.well-known/oauth-authorization-server", get(oauth::metadata));
    Router::new()
        .nest("/api/v1", slash_or_not(v1(state, pace), state))
        .nest("/api/v2", slash_or_not(v2(), state))
        .merge(oauth)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(paced)
        .layer(from_fn(not_kept))
        .layer(CatchPanicLayer::custom(failure::panicked))
        .merge(web::authorize_routes(state))
}

/// Below `/api/v1`.
fn v1(state: &HttpState, pace: &Pace) -> Router<HttpState> {
    let registering = from_fn_with_state((state.clone(), pace.clone()), registration_at_pace);
    Router::new()
        .route("/apps", post(apps::create).layer(registering))
        .route("/apps/verify_credentials", get(apps::verify))
        .route("/instance", get(instance::v1))
        .route("/instance/rules", get(instance::none))
        .route("/instance/extended_description", get(instance::extended_description))
        .route("/instance/peers", get(instance::none))
        .route("/instance/domain_blocks", get(instance::none))
        .route("/preferences", get(instance::preferences))
        .route("/markers", get(markers::show).post(markers::set))
        // There is nothing of these here, and programs ask for them at their start.
        .route("/custom_emojis", get(instance::none))
        .route("/trends", get(instance::none))
        .route("/trends/tags", get(instance::none))
        .route("/trends/statuses", get(instance::none))
        .route("/trends/links", get(instance::none))
        .route("/directory", get(instance::none))
        .route("/announcements", get(instance::none_for::<ReadAccounts>))
        .route("/follow_requests", get(instance::none_for::<ReadFollows>))
        .route("/suggestions", get(instance::none_for::<ReadAccounts>))
        .route("/endorsements", get(instance::none_for::<ReadAccounts>))
        .route("/featured_tags", get(instance::none_for::<ReadAccounts>))
        .route("/conversations", get(instance::none_for::<ReadStatuses>))
        .route("/conversations/{id}", delete(instance::nothing_for::<WriteConversations>))
        .route("/conversations/{id}/read", post(instance::nothing_for::<WriteConversations>))
        .route("/scheduled_statuses", get(instance::none_for::<ReadStatuses>))
        .route("/scheduled_statuses/{id}", nothing_scheduled())
        .route("/polls/{id}", get(instance::nothing))
        .route("/polls/{id}/votes", post(instance::nothing_for::<WriteStatuses>))
        .route("/follow_requests/{id}/authorize", post(instance::nothing_for::<WriteFollows>))
        .route("/follow_requests/{id}/reject", post(instance::nothing_for::<WriteFollows>))
        // Nothing is translated here, and the instance says so.
        .route("/statuses/{id}/translate", post(instance::nothing_for::<ReadStatuses>))
        .merge(accounts::v1())
        .merge(profile::v1())
        .merge(reports::v1())
        .merge(aversions::v1())
        .merge(lists::v1())
        .merge(filters::v1())
        .merge(tags::v1())
        .merge(statuses::v1())
        .merge(media::v1())
        .merge(timelines::v1())
        .merge(notifications::v1())
        .merge(streaming::v1())
        .merge(push::v1())
        .method_not_allowed_fallback(method_not_allowed)
}

/// What is posted is posted at once.
fn nothing_scheduled() -> MethodRouter<HttpState> {
    get(instance::nothing_for::<ReadStatuses>)
        .put(instance::nothing_for::<WriteStatuses>)
        .delete(instance::nothing_for::<WriteStatuses>)
}

/// Below `/api/v2`.
fn v2() -> Router<HttpState> {
    Router::new()
        .route("/instance", get(instance::v2))
        .route("/suggestions", get(instance::none_for::<ReadAccounts>))
        .merge(search::v2())
        .merge(media::v2())
        .merge(filters::v2())
        .merge(notifications::v2())
        .method_not_allowed_fallback(method_not_allowed)
}

/// An address with a slash at its end is the same address: some programs write one.
fn slash_or_not(routes: Router<HttpState>, state: &HttpState) -> Router<HttpState> {
    let same = routes.clone().fallback(no_such_endpoint).with_state(state.clone());
    routes.fallback_service(Router::new().fallback(without_slash).with_state(same))
}

async fn without_slash(State(same): State<Router>, mut request: Request) -> Response {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = request.uri().path().strip_suffix('/').filter(|path| !path.is_empty());
    let Some(Ok(uri)) = path.map(|path| format!("{path}{query}").parse()) else {
        return no_such_endpoint().await.into_response();
    };
    *request.uri_mut() = uri;
    match same.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn no_such_endpoint() -> Failure {
    Failure::no_such_endpoint()
}

async fn method_not_allowed() -> Failure {
    Failure::method_not_allowed()
}

/// Anybody may register an app: so many from one address.
async fn registration_at_pace(
    State((state, pace)): State<(HttpState, Pace)>,
    request: Request,
    next: Next,
) -> Response {
    match too_often(&state, &pace, &request, "apps", REGISTRATIONS) {
        Some(error) => Failure::from(error).into_response(),
        None => next.run(request).await,
    }
}

/// The pace of calls that change something is that of the JSON API: one address, one pace. What reads here and asks other
/// servers has a pace of its own: nobody sends us about by it. What is left of it is said with each answer, refused or not.
async fn at_pace(
    State((state, pace)): State<(HttpState, Pace)>,
    request: Request,
    next: Next,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let resolves = form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "resolve" && !matches!(&*value, "" | "0" | "false"));
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let has_parts = kind.is_some_and(|kind| kind.starts_with(b"multipart/"));
    let (refused, what, rate) = if resolves {
        (too_often(&state, &pace, &request, "resolve", RESOLVES), "resolve", RESOLVES)
    } else if has_parts && !request.method().is_safe() {
        let refused = too_often(&state, &pace, &request, "pictures", PICTURE_FORMS);
        (refused, "pictures", PICTURE_FORMS)
    } else {
        (too_fast(&state, &pace, &request), "api", API_WRITES)
    };
    let left = left_of(&state, &pace, &request, what, rate);
    let mut response = match refused {
        Some(error) => Failure::from(error).into_response(),
        None => next.run(request).await,
    };
    if let Some((most, left, all_at)) = left {
        let headers = response.headers_mut();
        headers.insert("x-ratelimit-limit", HeaderValue::from(most));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(left));
        if let Ok(all_at) = HeaderValue::from_str(&all_at.to_rfc3339()) {
            headers.insert("x-ratelimit-reset", all_at);
        }
    }
    response
}

/// What one account sees is nobody else's: no cache in between keeps it.
async fn not_kept(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let kept = HeaderValue::from_static("private, no-store");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(kept);
    response
}

#[cfg(test)]
mod tests;

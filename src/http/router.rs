//! The whole route table on one screen.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer,
};

use super::{
    activitypub, api, cors, mastodon, middleware,
    negotiate::{Faces, by_accept},
    pictures,
    state::HttpState,
    web, well_known,
};
use crate::base::{limits, pace::Pace};

/// The router of an instance, ready to be served.
pub fn router(state: HttpState) -> Router {
    let pages = web::routes(&state);
    router_with(state, pages)
}

/// The router with these pages: they share their addresses with the documents of the same things, by `Accept`.
pub fn router_with(state: HttpState, pages: Router<HttpState>) -> Router {
    let faces = Faces::new(
        pages.with_state(state.clone()),
        activitypub::documents(&state).with_state(state.clone()),
        web::nothing_here(&state),
    );
    let pace = Pace::new(limits::PACE_NAMES_MAX);
    let paced = from_fn_with_state((state.clone(), pace.clone()), middleware::api_pace);
    Router::new()
        .nest(api::BASE, api::routes().layer(paced))
        .merge(mastodon::routes(&state, &pace))
        .merge(well_known::routes())
        .merge(activitypub::inboxes())
        .merge(pictures::routes())
        .fallback_service(Router::new().fallback(by_accept).with_state(faces))
        .layer(from_fn_with_state(state.clone(), middleware::host_guard))
        .layer(DefaultBodyLimit::max(limits::FORM_BODY_BYTES_MAX))
        .layer(CompressionLayer::new().gzip(true))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(limits::REQUEST_SECONDS_MAX),
        ))
        .layer(CatchPanicLayer::custom(middleware::panicked))
        .layer(from_fn(middleware::security_headers))
        .layer(from_fn_with_state(state.clone(), middleware::access_log))
        .layer(from_fn(cors::open))
        .with_state(state)
}

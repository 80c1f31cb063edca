//! The face that other servers see: documents of actors, objects and activities, the collections around them, the
//! logs of rooms, and the inboxes.

mod actors;
mod collections;
mod guard;
mod inbox;
mod log;
mod objects;

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value;

use super::{negotiate::ACTIVITY_JSON, state::HttpState};
use crate::service::objects::Served;

/// Documents: they share addresses with pages, and are chosen by `Accept`. All but the instance's own actor may be for
/// those only who sign.
pub fn documents(state: &HttpState) -> Router<HttpState> {
    let signed = from_fn_with_state(state.clone(), guard::signed_reading);
    Router::new()
        .route("/actor/{collection}", get(collections::of_instance))
        .route("/p/{name}", get(actors::participant))
        .route("/p/{name}/{collection}", get(collections::of_participant))
        .route("/t/{slug}", get(actors::room))
        .route("/t/{slug}/log", get(log::page))
        .route("/t/{slug}/announces/{seq}", get(objects::announce))
        .route("/t/{slug}/boosts/{seq}", get(objects::boost))
        .route("/t/{slug}/{collection}", get(collections::of_room))
        .route("/o/{id}", get(objects::opinion))
        .route("/o/{id}/{collection}", get(collections::of_opinion))
        .route("/c/{id}", get(objects::note))
        .route("/c/{id}/{collection}", get(collections::of_note))
        .route("/a/{id}", get(objects::activity))
        .route("/a/{id}/slim", get(objects::slim))
        .route("/q/{id}", get(objects::quote))
        .route("/f/{slug}", get(actors::feed))
        .route("/f/{slug}/{collection}", get(collections::of_feed))
        .route("/s/{id}", get(objects::statement))
        .route("/d/{id}", get(objects::paper))
        .route_layer(signed)
        .route("/", get(actors::home))
        .route("/actor", get(actors::instance))
}

/// Inboxes.
pub fn inboxes() -> Router<HttpState> {
    Router::new()
        .route("/inbox", post(inbox::accept))
        .route("/actor/inbox", post(inbox::accept))
        .route("/p/{name}/inbox", post(inbox::accept_for))
        .route("/t/{slug}/inbox", post(inbox::accept_for))
        .route("/f/{slug}/inbox", post(inbox::accept_for_feed))
}

/// An ActivityStreams document that exists.
fn activity_json(document: &Value) -> Response {
    with_status(StatusCode::OK, document)
}

/// A document, or its Tombstone with 410 (test 9).
fn served(served: Served) -> Response {
    let status = match served {
        Served::Here(_) => StatusCode::OK,
        Served::Gone { .. } => StatusCode::GONE,
    };
    with_status(status, &served.document())
}

fn with_status(status: StatusCode, document: &Value) -> Response {
    let body = serde_json::to_vec(document).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, ACTIVITY_JSON)], body).into_response();
    // Peers keep documents for a minute at most: keys and texts change.
    let kept = HeaderValue::from_static("public, max-age=60");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    response
}

#[cfg(test)]
mod tests;

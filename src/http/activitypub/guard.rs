//! With authorized fetch, an ActivityStreams document is given to who signs the request only (test 11). Pages and the API
//! are for people and stay as they are.

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderValue, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::super::{negotiate::Representation, problem::Problem, sender::Sender, state::HttpState};

/// Lets a request for a document pass that is signed, or that need not be.
pub(super) async fn signed_reading(
    State(state): State<HttpState>,
    Extension(representation): Extension<Representation>,
    Sender(address): Sender,
    request: Request,
    next: Next,
) -> Response {
    if representation != Representation::Activity || !state.federation.demands_signed_reading() {
        return next.run(request).await;
    }
    let target = target_of(request.uri());
    let checked =
        state.federation.check_reader(request.method(), &target, request.headers(), &address).await;
    match checked {
        Ok(()) => {
            let mut response = next.run(request).await;
            // What was given to one is not for a cache that many share.
            let private = HeaderValue::from_static("private, max-age=60");
            response.headers_mut().insert(header::CACHE_CONTROL, private);
            response
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// What a signature is over: path and query as they came.
pub(super) fn target_of(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

//! Where others begin: WebFinger, host-meta, NodeInfo.

mod host_meta;
mod nodeinfo;
mod webfinger;

use axum::{Router, http::HeaderValue, http::header, response::Response, routing::get};

use super::state::HttpState;

/// The routes under `/.well-known`, and `/nodeinfo/`.
pub fn routes() -> Router<HttpState> {
    Router::new()
        .route("/.well-known/webfinger", get(webfinger::find))
        .route("/.well-known/host-meta", get(host_meta::xrd))
        .route("/.well-known/host-meta.json", get(host_meta::jrd))
        .route("/.well-known/nodeinfo", get(nodeinfo::index))
        .route("/nodeinfo/{number}", get(nodeinfo::document))
        .layer(axum::middleware::map_response(kept))
}

/// Kept for some minutes, by whoever may read it from any page (RFC 7033 §5).
async fn kept(mut response: Response) -> Response {
    if !response.status().is_server_error() {
        let kept = HeaderValue::from_static("public, max-age=300");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(kept);
    }
    response
}

#[cfg(test)]
mod tests;

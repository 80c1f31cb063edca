//! Who may read answers from pages of other sites: everybody, what programs ask for. No cookie is looked at there, so
//! nothing of a reader's own session can be read by a stranger's page. The outermost layer: errors carry it too.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// What programs call, and the pictures that they look into for their colours. Pages, those of OAuth among them, are not
/// here.
const OPEN: &[&str] = &["/api/", "/.well-known/", "/nodeinfo/", "/assets/", "/media/"];
const OPEN_EXACTLY: &[&str] = &["/oauth/token", "/oauth/revoke", "/oauth/userinfo"];

/// Set on every answer; a page of another site may read these headers.
const EXPOSED: (HeaderName, &str) = (
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
    "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After",
);
/// Set on what is asked before the call; browsers ask again after this time.
const PREFLIGHT: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, idempotency-key"),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

/// The layer.
pub(super) async fn open(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_open = OPEN.iter().any(|start| path.starts_with(start)) || OPEN_EXACTLY.contains(&path);
    if !is_open {
        return next.run(request).await;
    }
    let asks = *request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response =
        if asks { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    set(headers, (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    set(headers, EXPOSED);
    if asks {
        for pair in PREFLIGHT {
            set(headers, pair);
        }
    }
    response
}

fn set(headers: &mut HeaderMap, (name, value): (HeaderName, &'static str)) {
    headers.insert(name, HeaderValue::from_static(value));
}

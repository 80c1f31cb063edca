//! What holds for every request: its host is ours, its answer carries the security headers, it ends in time, a
//! panic is a 500, and a line in the log says what it was.

use std::any::Any;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{problem::Problem, sender::Sender, state::HttpState};
use crate::{
    base::{
        limits::API_WRITES_PER_ADDRESS_A_MINUTE_MAX,
        pace::{Pace, Rate},
    },
    protocol::paths::Paths,
    service::ServiceError,
};

/// Changes by way of the API.
const API_WRITES: Rate =
    Rate::a_minute(API_WRITES_PER_ADDRESS_A_MINUTE_MAX, API_WRITES_PER_ADDRESS_A_MINUTE_MAX);

/// No scripts, nothing from elsewhere, no frames (issue of the foundation).
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";

/// Set on every answer that does not set them itself.
const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Adds the security headers.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses what is addressed to another host (decisions 31): a signature over `Host` would otherwise be checked
/// against a name that is not ours, and a page could be read under a stranger's name.
pub async fn host_guard(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    let given = request
        .uri()
        .authority()
        .map(Authority::as_str)
        .or_else(|| only(request.headers(), &header::HOST));
    if given.is_some_and(|given| is_ours(given, &state.service.paths)) {
        return next.run(request).await;
    }
    let detail = format!("this server answers for {} only", state.service.paths.domain());
    Problem::other_host(detail).into_response()
}

/// The value of a header that is given exactly once: with two, readers differ in which one they take.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

/// Compared with its port; the scheme's own port may be written or not.
fn is_ours(given: &str, paths: &Paths) -> bool {
    let default_port = if paths.origin().starts_with("https:") { ":443" } else { ":80" };
    let plain = |host: &str| {
        let host = host.to_ascii_lowercase();
        host.strip_suffix(default_port).map(str::to_owned).unwrap_or(host)
    };
    plain(given) == plain(paths.domain())
}

/// Calls of the API that change something come at a pace that people and their programs have; beyond it the answer is 429
/// before anything is read. Reading is not counted.
pub async fn api_pace(
    State((state, pace)): State<(HttpState, Pace)>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || !state.service.profile.rate_limits {
        return next.run(request).await;
    }
    let Sender(address) = Sender::of(&state, request.extensions(), request.headers());
    match pace.take("api", &address, API_WRITES, state.service.now()) {
        Err(wait_millis) if !address.is_empty() => {
            let retry_after_seconds = wait_millis.div_euclid(1_000) + 1;
            Problem::from(ServiceError::TooMany { retry_after_seconds }).into_response()
        }
        _ => next.run(request).await,
    }
}

/// One line per request: method, route, status, time. No query and no header: they may hold tokens.
pub async fn access_log(State(state): State<HttpState>, request: Request, next: Next) -> Response {
    let began = state.service.now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let response = next.run(request).await;
    let millis = state.service.now().millis_since(began);
    let status = response.status().as_u16();
    tracing::info!(target: "polylogue::access", %method, path, route, status, millis);
    response
}

/// A handler that panicked: a 500 like any other, its message in the log alone.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over so")]
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let what = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&'static str>().copied())
        .unwrap_or("unknown");
    tracing::error!(what, "a handler panicked");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_ours_with_its_port_only() {
        let paths = Paths::new("cs.example", false);
        for host in ["cs.example", "CS.example", "cs.example:443"] {
            assert!(is_ours(host, &paths), "{host}");
        }
        for host in ["cs.example:80", "cs.example.evil", "evil", "cs.example:8480", ""] {
            assert!(!is_ours(host, &paths), "{host}");
        }
        let paths = Paths::new("civil.localhost:8481", true);
        assert!(is_ours("civil.localhost:8481", &paths));
        assert!(!is_ours("civil.localhost", &paths) && !is_ours("127.0.0.1:8481", &paths));
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_says_nothing_of_its_cause() {
        use axum::{Router, body::Body, routing::get};
        use tower::ServiceExt;

        let broken: fn() -> &'static str = || panic!("a secret");
        let router = Router::new()
            .route("/", get(async move || broken()))
            .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 500);
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }

    #[test]
    fn two_hosts_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, HeaderValue::from_static("a"));
        assert_eq!(only(&headers, &header::HOST), Some("a"));
        headers.append(header::HOST, HeaderValue::from_static("b"));
        assert_eq!(only(&headers, &header::HOST), None);
    }
}

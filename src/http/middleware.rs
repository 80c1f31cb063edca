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
        clock::Timestamp,
        limits::API_WRITES_PER_ADDRESS_A_MINUTE_MAX,
        pace::{Pace, Rate},
    },
    protocol::paths::Paths,
    service::ServiceError,
};

/// Changes by way of the API.
pub const API_WRITES: Rate =
    Rate::a_minute(API_WRITES_PER_ADDRESS_A_MINUTE_MAX, API_WRITES_PER_ADDRESS_A_MINUTE_MAX);

/// No scripts, nothing from elsewhere, no frames (issue of the foundation).
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";

/// The same without a word on forms: browsers hold `form-action` also against where an answered form leads, and the
/// forms of these pages lead to the program that sent the reader here.
const POLICY_OF_THOSE_THAT_LEAD_BACK: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Set on every answer that does not set them itself.
const SECURITY_HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
];
const OPENER: (HeaderName, &str) =
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin");

/// Marks the answers of pages that a program opens, in a window of its own or not, and that lead back to it (clients.md
/// D6): they say nothing of where forms lead, and stay in touch with the window that opened them.
#[derive(Debug, Clone, Copy)]
pub struct LeadsBack;

impl LeadsBack {
    /// Marks an answer.
    pub fn mark(mut response: Response) -> Response {
        response.extensions_mut().insert(Self);
        response
    }
}

/// Adds the security headers.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let leads_back = response.extensions().get::<LeadsBack>().is_some();
    let headers = response.headers_mut();
    let mut set = |(name, value): (HeaderName, &'static str)| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    if leads_back {
        set((header::CONTENT_SECURITY_POLICY, POLICY_OF_THOSE_THAT_LEAD_BACK));
    } else {
        set(OPENER);
    }
    SECURITY_HEADERS.into_iter().for_each(set);
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
    match too_fast(&state, &pace, &request) {
        Some(error) => Problem::from(error).into_response(),
        None => next.run(request).await,
    }
}

/// Whether a call comes too fast, and when to come again. Reading is not counted.
pub fn too_fast(state: &HttpState, pace: &Pace, request: &Request) -> Option<ServiceError> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads { None } else { too_often(state, pace, request, "api", API_WRITES) }
}

/// Whether something was done too often from the address of a request.
pub fn too_often(
    state: &HttpState,
    pace: &Pace,
    request: &Request,
    what: &str,
    rate: Rate,
) -> Option<ServiceError> {
    if !state.service.profile.rate_limits {
        return None;
    }
    let Sender(address) = Sender::of(state, request.extensions(), request.headers());
    match pace.take(what, &address, rate, state.service.now()) {
        Err(wait_millis) if !address.is_empty() => {
            let retry_after_seconds = wait_millis.div_euclid(1_000) + 1;
            Some(ServiceError::TooMany { retry_after_seconds })
        }
        _ => None,
    }
}

/// What is left of a pace for the address of a request: how many in all, how many still, and when all again. Nothing where
/// none is kept.
pub fn left_of(
    state: &HttpState,
    pace: &Pace,
    request: &Request,
    what: &str,
    rate: Rate,
) -> Option<(i64, i64, Timestamp)> {
    let Sender(address) = Sender::of(state, request.extensions(), request.headers());
    if !state.service.profile.rate_limits || address.is_empty() {
        return None;
    }
    let (left, all_at) = pace.left(what, &address, rate, state.service.now());
    Some((rate.burst, left, all_at))
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
    note_panic(cause.as_ref());
    Problem::internal().into_response()
}

/// Writes the message of a panic to the log.
pub fn note_panic(cause: &(dyn Any + Send)) {
    let what = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&'static str>().copied())
        .unwrap_or("unknown");
    tracing::error!(what, "a handler panicked");
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

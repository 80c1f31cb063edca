//! How the Mastodon API says no: a status and `{"error": …}`, for every status. Made of the same problems as the rest,
//! so that one use case fails alike at every door.

use std::{any::Any, num::NonZeroU32};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    http::{middleware, problem::Problem},
    service::ServiceError,
};

/// A refusal, as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    status: StatusCode,
    error: String,
    retry_after_seconds: Option<NonZeroU32>,
}

impl Failure {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), retry_after_seconds: None }
    }

    /// There is no token, or it is good for nothing.
    pub fn no_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "The access token is invalid")
    }

    /// The token is good, and not for this.
    pub fn out_of_scope() -> Self {
        Self::new(StatusCode::FORBIDDEN, "This action is outside the authorized scopes")
    }

    /// It needs somebody: the token is an app's own.
    pub fn nobody() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "This method requires an authenticated user")
    }

    /// There is no such thing here, or not for who asks.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Record not found")
    }

    /// There is no such endpoint.
    pub fn no_such_endpoint() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// The endpoint does not take this method.
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }

    /// What was sent cannot be read at all.
    pub fn malformed(why: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, why)
    }

    /// What was sent can be read, and cannot be.
    pub fn invalid(why: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, format!("Validation failed: {why}"))
    }

    /// What is known and not done here.
    pub fn not_permitted(why: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, why)
    }

    /// Why, in words.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let detail = problem.detail().to_owned();
        let failure = match problem.status() {
            StatusCode::UNAUTHORIZED => Self::no_token(),
            StatusCode::NOT_FOUND => Self::not_found(),
            // These programs know no conflict: what was sent does not go with what is there.
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => Self::invalid(detail),
            StatusCode::BAD_GATEWAY => Self::new(StatusCode::SERVICE_UNAVAILABLE, detail),
            StatusCode::TOO_MANY_REQUESTS => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
            }
            other => Self::new(other, detail),
        };
        Self { retry_after_seconds: problem.retry_after_seconds(), ..failure }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({"error": self.error}))).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.get()));
        }
        response
    }
}

/// A handler that panicked: its message in the log alone.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over so")]
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    middleware::note_panic(cause.as_ref());
    Failure::from(Problem::internal()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::Value;

    use super::*;

    async fn shown(failure: impl Into<Failure>) -> (u16, Value, Response) {
        let mut response = failure.into().into_response();
        let body = std::mem::take(response.body_mut());
        let body = to_bytes(body, 10_000).await.unwrap();
        (response.status().as_u16(), serde_json::from_slice(&body).unwrap(), response)
    }

    #[tokio::test]
    async fn every_refusal_has_its_status_and_an_error_in_words() {
        use ServiceError as E;
        for (error, status) in [
            (E::NotSignedIn, 401),
            (E::NotPermitted { why: "no" }, 403),
            (E::NotFound { what: "topic" }, 404),
            (E::Gone { uri: String::new() }, 410),
            (E::invalid("status", "is empty"), 422),
            (E::Conflict { why: "twice".into() }, 422),
            (E::TooMany { retry_after_seconds: 90 }, 429),
            (E::internal("a secret path"), 500),
            (E::Elsewhere { host: "x".into(), why: "y".into() }, 503),
        ] {
            let (is, body, _) = shown(error).await;
            assert_eq!(is, status, "{body}");
            let words = body["error"].as_str().unwrap();
            assert!(!words.is_empty() && !words.contains("secret"), "{body}");
            assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        }
        let (status, body, _) = shown(Failure::malformed("no JSON")).await;
        assert_eq!((status, &body["error"]), (400, &"no JSON".into()));
        let (_, _, response) = shown(E::TooMany { retry_after_seconds: 90 }).await;
        assert_eq!(response.headers()["retry-after"], "90");
        assert!(
            response.headers()["content-type"].to_str().unwrap().starts_with("application/json")
        );
        let (_, body, response) = shown(Failure::no_token()).await;
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        assert_eq!(body["error"], "The access token is invalid");
        let (_, body, _) = shown(E::invalid("status", "is empty")).await;
        assert_eq!(body["error"], "Validation failed: status: is empty");
    }
}

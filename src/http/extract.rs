//! What handlers take out of a request: who calls, a JSON body, a query. Each refuses with a problem document that
//! names the field and what is allowed.

use axum::{
    body::{Body, Bytes},
    extract::{FromRef, FromRequest, FromRequestParts, Query, Request},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::{problem::Problem, state::HttpState};
use crate::{
    base::limits,
    federation::Federation,
    protocol::json,
    service::{Caller, Service, ServiceError},
};

impl FromRef<HttpState> for Service {
    fn from_ref(state: &HttpState) -> Self {
        state.service.clone()
    }
}

impl FromRef<HttpState> for Federation {
    fn from_ref(state: &HttpState) -> Self {
        state.federation.clone()
    }
}

/// Who calls, by bearer token.
#[derive(Debug, Clone)]
pub struct Bearer(pub Caller);

impl FromRequestParts<HttpState> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let token = bearer_token(&parts.headers).ok_or(ServiceError::NotSignedIn)?;
        let caller = state.service.bearer(token).await?.ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "unknown-token",
                "Unknown token",
                "this bearer token is unknown or was revoked; make one with `polylogue token create`",
            )
        })?;
        Ok(Self(caller))
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750; the scheme in any case).
pub(super) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()).then(|| token.trim())
}

/// A JSON body: read strictly (UTF-8, no key twice, bounded depth), then as what the endpoint takes.
#[derive(Debug)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<HttpState> for ApiJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &HttpState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "Unsupported media type",
                "the body must be JSON, with the header `Content-Type: application/json`",
            ));
        }
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, limits::FORM_BODY_BYTES_MAX).await?;
        read_json(&bytes).map(Self)
    }
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value = json::parse(bytes)
        .map_err(|error| Problem::malformed(format!("the body cannot be read: {error}")))?;
    if !value.is_object() {
        return Err(Problem::malformed("the body must be a JSON object"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        Problem::invalid_field(field_named(&path, &message), message)
    })
}

/// The field an error is about: its path, and for a field that is missing or unknown the name in the message, which
/// serde's path does not hold.
fn field_named(path: &str, message: &str) -> String {
    let named = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    match (path, named) {
        (".", Some(name)) => name.to_owned(),
        (path, Some(name)) if path.rsplit('.').next() != Some(name) => format!("{path}.{name}"),
        (path, _) => path.to_owned(),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|value| value.split(';').next()).unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Reads a body of at most `max_bytes`: one that says it is larger is not read at all, one that turns out larger is
/// not read on.
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    max_bytes: usize,
) -> Result<Bytes, Problem> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > max_bytes as u64) {
        return Err(Problem::too_large(max_bytes));
    }
    match Limited::new(body, max_bytes).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::too_large(max_bytes)),
        Err(_broken) => Err(Problem::malformed("the body ended before it was complete")),
    }
}

/// A query string, read as what the endpoint takes.
#[derive(Debug)]
pub struct ApiQuery<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        read_query(&parts.uri).map(Self)
    }
}

/// The query of an address.
pub fn read_query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    Query::<T>::try_from_uri(uri)
        .map(|Query(query)| query)
        .map_err(|rejection| Problem::malformed(rejection.body_text()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read")]
        block: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read")]
        name: String,
        #[serde(default)]
        #[expect(dead_code, reason = "only read")]
        anchors: Vec<Inner>,
    }

    fn refusal(body: &str) -> serde_json::Value {
        serde_json::to_value(read_json::<Outer>(body.as_bytes()).unwrap_err()).unwrap()
    }

    #[test]
    fn names_the_field_and_what_is_allowed() {
        let missing = refusal("{}");
        assert_eq!(
            (&missing["status"], &missing["errors"][0]["field"]),
            (&422.into(), &"name".into())
        );
        let unknown = refusal(r#"{"name":"a","titel":"b"}"#);
        assert_eq!(unknown["errors"][0]["field"], "titel");
        assert!(unknown["detail"].as_str().unwrap().contains("`anchors`"), "{unknown}");
        assert_eq!(refusal(r#"{"name":7}"#)["errors"][0]["field"], "name");
        let deep = refusal(r#"{"name":"a","anchors":[{"block":"x"},{"block":1}]}"#);
        assert_eq!(deep["errors"][0]["field"], "anchors[1].block");
        let deep = refusal(r#"{"name":"a","anchors":[{"blok":1}]}"#);
        assert_eq!(deep["errors"][0]["field"], "anchors[0].blok");
    }

    #[test]
    fn what_cannot_be_read_is_malformed() {
        for body in ["", "{", "[]", r#"{"name":"a","name":"b"}"#] {
            assert_eq!(refusal(body)["status"], 400, "{body}");
        }
        let deep = format!("{{\"name\":{}1{}}}", "[".repeat(40), "]".repeat(40));
        assert_eq!(refusal(&deep)["status"], 400);
    }

    #[tokio::test]
    async fn bodies_at_and_one_over_the_limit() {
        let read = |bytes: usize| read_body_of(bytes, 100);
        assert_eq!(read(100).await.unwrap().len(), 100);
        assert_eq!(read(101).await.unwrap_err().status(), StatusCode::PAYLOAD_TOO_LARGE);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, 101.into());
        let refused = read_body(&headers, Body::empty(), 100).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE, "it is believed unread");
    }

    async fn read_body_of(bytes: usize, max_bytes: usize) -> Result<Bytes, Problem> {
        read_body(&HeaderMap::new(), Body::from(vec![b' '; bytes]), max_bytes).await
    }
}

//! Problem documents (RFC 9457): the one place where a failed use case becomes a status, and the one shape in which
//! the API, the inboxes and the documents say no. What went wrong inside is logged, never shown.

use std::num::NonZeroU32;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::{
    base::limits,
    federation::InboxError,
    service::{FieldError, ServiceError, drafts::Clash},
};

/// Media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// When to deliver again if the signer's key could not be fetched.
const KEY_RETRY_SECONDS: u32 = 300;
/// What the `type` of every problem begins with; the word after it is stable.
const TYPES: &str = "https://w3id.org/polylogue/problems#";

/// A refusal, as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Names the sort of problem; stable.
    #[serde(rename = "type", serialize_with = "with_prefix")]
    #[schema(value_type = String)]
    kind: &'static str,
    /// The sort of problem in words.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What happened this time, as a sentence for people.
    detail: String,
    /// The fields that are not as they must be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField>,
    /// The objects that answer to an ambiguous key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<Candidate>,
    /// The two texts of a part of a draft that was saved twice from one version.
    #[serde(skip_serializing_if = "Option::is_none")]
    clash: Option<Box<ProblemClash>>,
    #[serde(skip)]
    retry_after_seconds: Option<NonZeroU32>,
}

/// Two texts for one part of a draft: nothing of either is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemClash {
    /// Key of the part.
    pub block: String,
    /// The text that both began from; null where there never was such a version.
    pub base: Option<String>,
    /// The text that stands now.
    pub theirs: String,
    /// Whether what stands now is that it was taken out.
    pub removed: bool,
    /// Its version: send it with the text you choose.
    pub version: i64,
    /// Name of who wrote it.
    pub editor: String,
    /// The text that was sent.
    pub mine: String,
}

impl From<Clash> for ProblemClash {
    fn from(clash: Clash) -> Self {
        Self {
            block: clash.block.to_string(),
            base: clash.base,
            theirs: clash.theirs,
            removed: clash.removed,
            version: clash.version,
            editor: clash.editor,
            mine: clash.mine,
        }
    }
}

/// A field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemField {
    /// Name of the field; with a path where it lies deeper (`anchors[0].block`).
    pub field: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

/// An object that answers to an ambiguous key (decisions 12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Candidate {
    /// Its key here.
    pub key: String,
    /// Its id.
    pub id: String,
}

impl Problem {
    /// A problem of a sort: `kind` is the last word of its `type`.
    pub fn new(
        code: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            title,
            status: code.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            candidates: Vec::new(),
            clash: None,
            retry_after_seconds: None,
        }
    }

    /// Something that is not here.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// What was sent cannot be read at all.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Malformed request", detail)
    }

    /// More was sent than is taken.
    pub fn too_large(max_bytes: usize) -> Self {
        let detail =
            format!("the body is larger than {max_bytes} bytes, the most that is taken here");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail)
    }

    /// A request for another host than this one.
    pub fn other_host(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::MISDIRECTED_REQUEST, "other-host", "Misdirected request", detail)
    }

    /// Our own fault; the cause is for the log.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Internal error",
            "something went wrong on this server; it is in its log",
        )
    }

    /// Fields that are not as they must be; nothing was done.
    pub fn invalid(errors: Vec<ProblemField>) -> Self {
        let detail = errors
            .iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect::<Vec<_>>()
            .join("; ");
        let mut problem =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Invalid fields", detail);
        problem.errors = errors;
        problem
    }

    /// One field that is not as it must be.
    pub fn invalid_field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![ProblemField { field: field.into(), message: message.into() }])
    }

    fn too_many(retry_after_seconds: i64, detail: impl Into<String>) -> Self {
        let mut problem =
            Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", detail);
        problem.retry_after_seconds =
            NonZeroU32::new(u32::try_from(retry_after_seconds).unwrap_or(1).max(1));
        problem
    }

    /// What happened, as a sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// When to come again.
    pub fn retry_after_seconds(&self) -> Option<NonZeroU32> {
        self.retry_after_seconds
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<FieldError> for ProblemField {
    fn from(error: FieldError) -> Self {
        Self { field: error.field.to_owned(), message: error.message }
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let detail = error.to_string();
        match error {
            ServiceError::NotFound { .. } | ServiceError::NoRevision { .. } => {
                Self::not_found(detail)
            }
            ServiceError::Ambiguous { candidates } => {
                let mut problem =
                    Self::new(StatusCode::CONFLICT, "ambiguous", "Ambiguous key", detail);
                problem.candidates = candidates
                    .into_iter()
                    .map(|(key, id)| Candidate { key: key.to_string(), id })
                    .collect();
                problem
            }
            ServiceError::Gone { .. } => Self::new(StatusCode::GONE, "gone", "Gone", detail),
            ServiceError::NotSignedIn => {
                Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Not signed in", detail)
            }
            ServiceError::NotPermitted { .. } => {
                Self::new(StatusCode::FORBIDDEN, "not-permitted", "Not permitted", detail)
            }
            ServiceError::Invalid(fields) => {
                Self::invalid(fields.into_iter().map(ProblemField::from).collect())
            }
            ServiceError::Conflict { .. } => {
                Self::new(StatusCode::CONFLICT, "conflict", "Conflict", detail)
            }
            ServiceError::Clash(clash) => {
                let mut problem = Self::new(StatusCode::CONFLICT, "clash", "Two texts", detail);
                problem.clash = Some(Box::new((*clash).into()));
                problem
            }
            ServiceError::TooMany { retry_after_seconds } => {
                Self::too_many(retry_after_seconds, detail)
            }
            ServiceError::Elsewhere { .. } => {
                Self::new(StatusCode::BAD_GATEWAY, "elsewhere", "Another server failed", detail)
            }
            ServiceError::Internal(cause) => {
                tracing::error!(cause = format!("{cause:#}"), "internal error");
                Self::internal()
            }
        }
    }
}

impl From<InboxError> for Problem {
    fn from(error: InboxError) -> Self {
        let detail = error.to_string();
        match error {
            InboxError::Malformed(_) => Self::malformed(detail),
            InboxError::MediaType(_) => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "Unsupported media type",
                detail,
            ),
            InboxError::TooLarge => Self::too_large(limits::INBOX_BODY_BYTES_MAX),
            InboxError::OtherHost => Self::other_host(detail),
            // It is worth coming again: the key's server may answer then.
            InboxError::KeyOutOfReach(_) => {
                let mut problem = Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "key-out-of-reach",
                    "Key out of reach",
                    detail,
                );
                problem.retry_after_seconds = NonZeroU32::new(KEY_RETRY_SECONDS);
                problem
            }
            InboxError::BadSignature(_) => {
                Self::new(StatusCode::UNAUTHORIZED, "bad-signature", "Bad signature", detail)
            }
            InboxError::Blocked => Self::new(StatusCode::FORBIDDEN, "blocked", "Blocked", detail),
            InboxError::TooMany { retry_after_seconds } => {
                Self::too_many(retry_after_seconds, detail)
            }
            InboxError::Internal(cause) => Self::from(cause),
        }
    }
}

fn with_prefix<S: Serializer>(kind: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{TYPES}{kind}"))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let code = self.status();
        let mut response = (code, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        let headers = response.headers_mut();
        if code == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.get()));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(error: ServiceError) -> u16 {
        Problem::from(error).into_response().status().as_u16()
    }

    #[test]
    fn each_refusal_has_its_status_and_its_headers() {
        assert_eq!(status(ServiceError::NotFound { what: "topic" }), 404);
        assert_eq!(status(ServiceError::Gone { uri: String::new() }), 410);
        assert_eq!(status(ServiceError::NotPermitted { why: "no" }), 403);
        assert_eq!(status(ServiceError::Conflict { why: String::new() }), 409);
        assert_eq!(status(ServiceError::invalid("name", "no")), 422);
        let elsewhere = ServiceError::Elsewhere { host: "x".into(), why: "y".into() };
        assert_eq!(status(elsewhere), 502);
        let response = Problem::from(ServiceError::NotSignedIn).into_response();
        assert_eq!(response.status().as_u16(), 401);
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        let response =
            Problem::from(ServiceError::TooMany { retry_after_seconds: 900 }).into_response();
        assert_eq!(response.status().as_u16(), 429);
        assert_eq!(response.headers()["retry-after"], "900");
        assert_eq!(response.headers()["content-type"], PROBLEM_JSON);
    }

    #[test]
    fn says_which_objects_and_which_fields_and_nothing_of_the_inside() {
        let ambiguous = ServiceError::Ambiguous { candidates: vec![(7, "https://x/1".into())] };
        let document = serde_json::to_value(Problem::from(ambiguous)).unwrap();
        assert_eq!(document["status"], 409);
        assert_eq!(document["candidates"][0]["key"], "7");
        let document =
            serde_json::to_value(Problem::from(ServiceError::invalid("name", "empty"))).unwrap();
        assert_eq!(document["errors"][0]["field"], "name");
        let text = serde_json::to_string(&Problem::from(ServiceError::internal("secret path")));
        assert!(!text.unwrap().contains("secret"));
    }
}

//! Why a page is not shown. A handler answers with a refusal; the frame turns it into the page that says what
//! happened, whether anything was lost and what to do next.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    frame,
    session::Visitor,
    view::{ErrorPage, Loss, Section},
};
use crate::service::{Service, ServiceError};

/// Why a page is not shown.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    detail: Option<String>,
    retry_after_seconds: Option<u64>,
    /// Our own fault, for the log alone.
    cause: Option<Arc<anyhow::Error>>,
}

impl Refusal {
    fn new(status: StatusCode, detail: Option<String>) -> Self {
        Self { status, detail, retry_after_seconds: None, cause: None }
    }

    /// A form that did not come from a page of this session; nothing was done.
    pub(super) fn forged() -> Self {
        Self::new(StatusCode::FORBIDDEN, None)
    }

    /// A body that is no form.
    pub(super) fn unreadable(status: StatusCode, detail: String) -> Self {
        Self::new(status, Some(detail))
    }

    /// The page that says it.
    pub(super) fn page(self, service: &Service, visitor: &Visitor) -> Response {
        if self.status == StatusCode::UNAUTHORIZED && visitor.reads {
            let next: String =
                url::form_urlencoded::byte_serialize(visitor.here().as_bytes()).collect();
            return Redirect::to(&format!("/sign-in?next={next}")).into_response();
        }
        let status = match self.status {
            // There is no challenge to answer: the form for signing in is a page of its own.
            StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
            other => other,
        };
        let incident = self.cause.map(|cause| {
            let incident = service.new_id().to_string();
            tracing::error!(incident, cause = format!("{cause:#}"), "internal error");
            incident
        });
        let page = ErrorPage {
            t: visitor.t,
            page: visitor.page(Section::Elsewhere),
            status: status.as_u16(),
            detail: self.detail,
            loss: match status {
                _ if visitor.reads => Loss::NothingSent,
                StatusCode::INTERNAL_SERVER_ERROR => Loss::Unknown,
                _ => Loss::NotRecorded,
            },
            retry_after_seconds: self.retry_after_seconds,
            tombstone: None,
            incident,
        };
        let mut response = frame::show_with(status, &page)
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        let said = Some(error.to_string());
        match error {
            ServiceError::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, None),
            ServiceError::NoRevision { .. } => Self::new(StatusCode::NOT_FOUND, said),
            ServiceError::Gone { .. } => Self::new(StatusCode::GONE, None),
            ServiceError::Ambiguous { .. }
            | ServiceError::Conflict { .. }
            | ServiceError::Clash(_) => Self::new(StatusCode::CONFLICT, said),
            ServiceError::NotSignedIn => Self::new(StatusCode::UNAUTHORIZED, None),
            ServiceError::NotPermitted { .. } => Self::new(StatusCode::FORBIDDEN, said),
            ServiceError::Invalid(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, said),
            ServiceError::Elsewhere { .. } => Self::new(StatusCode::BAD_GATEWAY, said),
            ServiceError::TooMany { retry_after_seconds } => Self {
                retry_after_seconds: Some(retry_after_seconds.max(1).unsigned_abs()),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, None)
            },
            ServiceError::Internal(cause) => Self {
                cause: Some(Arc::new(cause)),
                ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, None)
            },
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What was found; that it is gone or not here is no fault of the page that would name it.
pub(super) fn found<T>(result: Result<T, ServiceError>) -> Result<Option<T>, ServiceError> {
    match result {
        Ok(view) => Ok(Some(view)),
        Err(ServiceError::NotFound { .. } | ServiceError::Gone { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

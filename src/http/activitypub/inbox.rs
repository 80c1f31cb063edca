//! `POST` to an inbox: the exact bytes and header lines go to the federation, which verifies and stores them before
//! this answers 202.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
};

use super::super::{extract::read_body, problem::Problem};
use crate::{
    base::limits::INBOX_BODY_BYTES_MAX,
    federation::{Federation, InboxRequest},
    service::{Service, ServiceError},
};

/// Takes a delivery to somebody. To one who is not here it is refused: 404, and for good where they are gone, so that
/// they are not delivered to any more.
pub(super) async fn accept_for(
    State(service): State<Service>,
    State(federation): State<Federation>,
    Path(name): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let actor = service.local_actor(&name).await?;
    if actor.gone_at.is_some() {
        return Err(ServiceError::Gone { uri: actor.uri }.into());
    }
    accept(State(federation), request).await
}

/// Takes a delivery.
pub(super) async fn accept(
    State(federation): State<Federation>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, body) = request.into_parts();
    // Read up to the limit and not further: what is larger is refused without its end (test 23).
    let body = read_body(&parts.headers, body, INBOX_BODY_BYTES_MAX).await?;
    let path_and_query =
        parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let request = InboxRequest { path_and_query, headers: parts.headers, body: body.to_vec() };
    federation.accept(request).await?;
    Ok(StatusCode::ACCEPTED)
}

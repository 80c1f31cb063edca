//! `POST` to an inbox: the exact bytes and header lines go to the federation, which verifies and stores them before
//! this answers 202.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    super::{extract::read_body, problem::Problem, sender::Sender},
    guard::target_of,
};
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
    sender: Sender,
    request: Request,
) -> Result<Response, Problem> {
    federation.hear(&sender.0)?;
    let actor = service.local_actor(&name).await?;
    if actor.gone_at.is_some() {
        return Err(ServiceError::Gone { uri: actor.uri }.into());
    }
    take(&service, &federation, sender, request).await
}

/// Takes a delivery to a collection of rooms.
pub(super) async fn accept_for_feed(
    State(service): State<Service>,
    State(federation): State<Federation>,
    Path(slug): Path<String>,
    sender: Sender,
    request: Request,
) -> Result<Response, Problem> {
    federation.hear(&sender.0)?;
    service.feed(&service.room(&slug).await?).await?;
    take(&service, &federation, sender, request).await
}

/// Takes a delivery.
pub(super) async fn accept(
    State(service): State<Service>,
    State(federation): State<Federation>,
    sender: Sender,
    request: Request,
) -> Result<Response, Problem> {
    federation.hear(&sender.0)?;
    take(&service, &federation, sender, request).await
}

async fn take(
    service: &Service,
    federation: &Federation,
    Sender(address): Sender,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    // Read up to the limit and not further: what is larger is refused without its end (test 23).
    let body = read_body(&parts.headers, body, INBOX_BODY_BYTES_MAX).await?;
    let path_and_query = target_of(&parts.uri);
    let request =
        InboxRequest { path_and_query, headers: parts.headers, body: body.to_vec(), address };
    let taken = federation.accept(request).await?;
    let mut response = StatusCode::ACCEPTED.into_response();
    if taken.is_held {
        // RFC 9110 §15.3.3: where to see what becomes of it.
        if let Ok(location) = HeaderValue::try_from(service.paths.arrival(&taken.activity)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    Ok(response)
}

//! Endpoints of attestations: an organisation vouches, and takes it back. Those about somebody are in their profile.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::{
    super::{
        extract::{ApiJson, Bearer},
        problem::Problem,
    },
    entity::{Attestation, AttestationDraft},
};
use crate::service::Service;

/// The organisation whose token it is vouches for a participant, with its key.
#[utoipa::path(post, path = "/attestations", tag = "participants", request_body = AttestationDraft,
    security(("bearer" = [])),
    responses((status = 201, body = Attestation), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create_attestation(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    ApiJson(draft): ApiJson<AttestationDraft>,
) -> Result<(StatusCode, Json<Attestation>), Problem> {
    let until = draft.until()?;
    let view = service.vouch(&caller, &draft.subject, until).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// The organisation takes back that it vouches for somebody.
#[utoipa::path(delete, path = "/attestations/{key}", tag = "participants", security(("bearer" = [])),
    params(("key" = String, Path, description = "Key of the attestation")),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn delete_attestation(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    service.stop_vouching(&caller, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Endpoint of participants.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{super::problem::Problem, entity::Profile};
use crate::service::Service;

/// A participant who lives here, with what they did last.
#[utoipa::path(get, path = "/participants/{name}", tag = "participants",
    params(("name" = String, Path, description = "Handle without the host")),
    responses((status = 200, body = Profile), (status = 404, body = Problem)))]
pub(super) async fn show_participant(
    State(service): State<Service>,
    Path(name): Path<String>,
) -> Result<Json<Profile>, Problem> {
    Ok(Json(service.participant(&name.to_lowercase()).await?.into()))
}

//! Objects, activities and statements by id. Only ids of ours are looked up, so nothing from elsewhere is ever
//! served under one (decisions 32); as JSON an opinion or comment from elsewhere is found by its key, as on pages.

use axum::{
    Extension, Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};

use super::{
    super::{
        api::entity::{Comment, Opinion},
        negotiate::Representation,
        problem::Problem,
    },
    served,
};
use crate::service::{Service, ServiceError};

/// The id of ours with this letter and this number, as it stands in the path: another spelling of a number is
/// another id, which nothing has.
pub(super) fn id_of(service: &Service, letter: char, id: &str) -> String {
    format!("{}/{letter}/{id}", service.paths.origin())
}

/// `/o/{id}`.
pub(super) async fn opinion(
    State(service): State<Service>,
    Extension(representation): Extension<Representation>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if representation == Representation::Json {
        let uri = service.object_uri(&id, "opinion").await?;
        let opinion: Opinion = service.opinion(&uri, None).await?.into();
        return Ok(Json(opinion).into_response());
    }
    Ok(served(service.object_document(&id_of(&service, 'o', &id)).await?))
}

/// `/c/{id}`: a comment, or a position that is a Note.
pub(super) async fn note(
    State(service): State<Service>,
    Extension(representation): Extension<Representation>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if representation == Representation::Json {
        return match service.object_uri(&id, "comment").await {
            Ok(uri) => {
                let comment: Comment = service.comment_view(&uri).await?.into();
                Ok(Json(comment).into_response())
            }
            Err(ServiceError::NotFound { .. }) => {
                let uri = service.object_uri(&id, "position").await?;
                let position: super::super::api::entity::Position =
                    service.position_view(&uri).await?.into();
                Ok(Json(position).into_response())
            }
            Err(other) => Err(other.into()),
        };
    }
    Ok(served(service.object_document(&id_of(&service, 'c', &id)).await?))
}

/// `/a/{id}`: an activity exactly as signed.
pub(super) async fn activity(
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(served(service.item_document(&id_of(&service, 'a', &id)).await?))
}

/// `/s/{id}`: a statement of a room here, such as a receipt.
pub(super) async fn statement(
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(served(service.item_document(&id_of(&service, 's', &id)).await?))
}

/// `/d/{id}`: a delegation or attestation signed here.
pub(super) async fn paper(
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(served(service.item_document(&id_of(&service, 'd', &id)).await?))
}

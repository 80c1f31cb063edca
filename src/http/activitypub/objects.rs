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
    actors::moved,
    served,
};
use crate::service::{Service, ServiceError, announcements::Form};

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
    by_id_or_alias(&service, 'o', &id, "opinion").await
}

/// The object of ours with this id; under another spelling of its number, or under this instance's key for something
/// from elsewhere, the way to its one id (test 10).
async fn by_id_or_alias(
    service: &Service,
    letter: char,
    id: &str,
    kind: &'static str,
) -> Result<Response, Problem> {
    let missing = match service.object_document(&id_of(service, letter, id)).await {
        Ok(document) => return Ok(served(document)),
        Err(error @ ServiceError::NotFound { .. }) => error,
        Err(error) => return Err(error.into()),
    };
    let Ok(number) = id.parse::<i64>() else { return Err(missing.into()) };
    match service.object_uri(&number.to_string(), kind).await {
        Ok(uri) if uri != id_of(service, letter, id) => Ok(moved(&uri)),
        _ => Err(missing.into()),
    }
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
    by_id_or_alias(&service, 'c', &id, "comment").await
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

/// `/a/{id}/slim`: its short form (G4).
pub(super) async fn slim(
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(served(service.slim_document(&id_of(&service, 'a', &id)).await?))
}

/// `/q/{id}`: consent to a quote (FEP-044f).
pub(super) async fn quote(
    State(service): State<Service>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(served(service.quote_document(&id_of(&service, 'q', &id)).await?))
}

/// `/t/{slug}/announces/{seq}`: an act of a room's log as forums are told of it.
pub(super) async fn announce(
    State(service): State<Service>,
    Path((slug, seq)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let room = service.room(&slug).await?;
    Ok(served(service.announcement_document(&room, Form::Announce, seq).await?))
}

/// `/t/{slug}/boosts/{seq}`: an opinion as microblogs are told of it.
pub(super) async fn boost(
    State(service): State<Service>,
    Path((slug, seq)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let room = service.room(&slug).await?;
    Ok(served(service.announcement_document(&room, Form::Boost, seq).await?))
}

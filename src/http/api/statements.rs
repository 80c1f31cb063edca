//! Endpoints of separate statements.

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
    entity::{Comment, List, StatementDraft},
};
use crate::{
    domain::position::Capacity,
    service::{Service, ServiceError, statements::NewStatement},
};

/// The separate statements on a revision: of each actor the last. They are comments too, and listed among them.
#[utoipa::path(get, path = "/opinions/{key}/revisions/{n}/statements", tag = "comments",
    params(("key" = String, Path, description = "Key of the opinion"), ("n" = i64, Path, description = "1, 2, 3 …")),
    responses((status = 200, body = List<Comment>), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
pub(super) async fn list_statements(
    State(service): State<Service>,
    Path((key, n)): Path<(String, String)>,
) -> Result<Json<List<Comment>>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let number = n.parse().ok().ok_or(ServiceError::NotFound { what: "revision" })?;
    let view = service.opinion(&uri, Some(number)).await?;
    let found = service.statements(view.room.id, &uri, &view.shown.digest).await?;
    Ok(Json(List { items: found.into_iter().map(Comment::from).collect(), next: None }))
}

/// Files a separate statement on a revision. It is always shown with the text, and takes the place of the caller's
/// earlier one on that revision.
#[utoipa::path(post, path = "/opinions/{key}/statements", tag = "comments", request_body = StatementDraft,
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 201, body = Comment), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn file_statement(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<StatementDraft>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let capacity = draft.capacity.as_deref().map(str::parse::<Capacity>).transpose();
    let new = NewStatement {
        content: draft.content,
        revision: draft.revision,
        language: draft.language,
        capacity: capacity.map_err(|error| ServiceError::invalid("capacity", error.to_string()))?,
        on_behalf_of: draft.on_behalf_of,
    };
    let acted = service.file_statement(&caller, &uri, new).await?;
    let mut comment = Comment::from(service.comment_view(&acted.uri).await?);
    comment.receipt = Some(acted.receipt.into());
    Ok((StatusCode::CREATED, Json(comment)))
}

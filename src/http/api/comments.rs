//! Endpoints of comments.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::{
    super::{
        extract::{ApiJson, ApiQuery, Bearer},
        problem::Problem,
    },
    BASE,
    entity::{AnchorDraft, Comment, CommentDraft, List, TakenBack},
    paging::{PageQuery, Place, Run},
};
use crate::{
    domain::{UnknownWord, comment::CommentKind, position::Capacity},
    service::{
        Service, ServiceError,
        comments::{NewAnchor, NewComment},
        read::CommentView,
    },
};

/// The comments on an opinion, oldest first; deleted ones keep their place.
#[utoipa::path(get, path = "/opinions/{key}/comments", tag = "comments",
    params(("key" = String, Path, description = "Key of the opinion"), PageQuery),
    responses((status = 200, body = List<Comment>), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_comments(
    State(service): State<Service>,
    Path(key): Path<String>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<List<Comment>>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let opinion = service.opinion(&uri, None).await?;
    let comments = service.comments(opinion.room.id, &uri).await?;
    let place = |view: &CommentView| Place { at_millis: view.comment.published, key: view.key };
    let path = format!("{BASE}/opinions/{key}/comments");
    Ok(Json(page.list(&path, comments, Run::Ascending, place)?))
}

/// Comments on an opinion, or answers a comment on it.
#[utoipa::path(post, path = "/opinions/{key}/comments", tag = "comments", request_body = CommentDraft,
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 201, body = Comment), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn create_comment(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<CommentDraft>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let kind = draft.kind.as_deref().map(str::parse::<CommentKind>).transpose();
    let capacity = draft.capacity.as_deref().map(str::parse::<Capacity>).transpose();
    let new = NewComment {
        kind: kind
            .map_err(|error: UnknownWord| ServiceError::invalid("kind", error.to_string()))?
            .unwrap_or(CommentKind::Remark),
        content: draft.content,
        anchors: draft.anchors.into_iter().map(NewAnchor::from).collect(),
        in_reply_to: draft.in_reply_to,
        language: draft.language,
        capacity: capacity.map_err(|error| ServiceError::invalid("capacity", error.to_string()))?,
        on_behalf_of: draft.on_behalf_of,
    };
    let acted = service.comment(&caller, &uri, new).await?;
    let mut comment = Comment::from(service.comment_view(&acted.uri).await?);
    comment.receipt = Some(acted.receipt.into());
    Ok((StatusCode::CREATED, Json(comment)))
}

impl From<AnchorDraft> for NewAnchor {
    fn from(draft: AnchorDraft) -> Self {
        Self {
            block: draft.block,
            paragraph: draft.paragraph,
            exact: draft.exact,
            missing_here: draft.missing_here,
        }
    }
}

/// One comment.
#[utoipa::path(get, path = "/comments/{key}", tag = "comments",
    params(("key" = String, Path, description = "Key of the comment")),
    responses((status = 200, body = Comment), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
pub(super) async fn show_comment(
    State(service): State<Service>,
    Path(key): Path<String>,
) -> Result<Json<Comment>, Problem> {
    let uri = service.object_uri(&key, "comment").await?;
    Ok(Json(service.comment_view(&uri).await?.into()))
}

/// Deletes a comment of the caller's: its words go, its place stays.
#[utoipa::path(delete, path = "/comments/{key}", tag = "comments",
    params(("key" = String, Path, description = "Key of the comment")), security(("bearer" = [])),
    responses((status = 200, body = TakenBack), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem)))]
pub(super) async fn delete_comment(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<Json<TakenBack>, Problem> {
    let uri = service.object_uri(&key, "comment").await?;
    let acted = service.delete_comment(&caller, &uri).await?;
    Ok(Json(TakenBack::new(uri, acted)))
}

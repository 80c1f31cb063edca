//! Endpoints of comments.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    super::{
        extract::{ApiJson, ApiQuery, Bearer},
        problem::Problem,
    },
    BASE,
    commentary::order,
    entity::{AnchorDraft, Comment, CommentDraft, List, TakenBack},
    paging::{PageQuery, Place, Run},
};
use crate::{
    domain::{UnknownWord, comment::CommentKind, position::Capacity},
    service::{
        Service, ServiceError,
        commentary::{About, Brief, Wanted},
        comments::{NewAnchor, NewComment},
    },
};

/// Which comments on an opinion.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CommentsQuery {
    /// `fair` (the default: one of each stakeholder group in turn), `newest`, `document` (as the passages stand in the
    /// text) or `unanswered` (what waits for an answer first).
    order: Option<String>,
    /// Only those of this kind.
    kind: Option<String>,
    /// Only those about this block of the current text.
    block: Option<String>,
    /// `true`: only those that ask for an answer and have none.
    unanswered: Option<bool>,
    /// Most items wanted, 1 to 200; 50 where not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// Where to go on, as in `next`.
    after: Option<String>,
}

/// The comments on an opinion; deleted ones keep their place. What became of a comment is listed with it.
#[utoipa::path(get, path = "/opinions/{key}/comments", tag = "comments",
    params(("key" = String, Path, description = "Key of the opinion"), CommentsQuery),
    responses((status = 200, body = List<Comment>), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_comments(
    State(service): State<Service>,
    Path(key): Path<String>,
    ApiQuery(query): ApiQuery<CommentsQuery>,
) -> Result<Json<List<Comment>>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let opinion = service.opinion(&uri, None).await?;
    let kind = query.kind.as_deref().map(str::parse::<CommentKind>).transpose();
    let kind =
        kind.map_err(|error: UnknownWord| ServiceError::invalid("kind", error.to_string()))?;
    let wanted = Wanted {
        order: order(query.order.as_deref())?,
        kind,
        unanswered: query.unanswered.unwrap_or(false),
        about: query.block.map(About::Block).unwrap_or_default(),
    };
    let mut path = format!("{BASE}/opinions/{key}/comments?order={}", wanted.order);
    if let Some(kind) = wanted.kind {
        path.push_str("&kind=");
        path.push_str(kind.word());
    }
    if let About::Block(block) = &wanted.about {
        path.push_str("&block=");
        path.extend(url::form_urlencoded::byte_serialize(block.as_bytes()));
    }
    if wanted.unanswered {
        path.push_str("&unanswered=true");
    }
    let listed = service.list_comments(&opinion, &wanted).await?;
    let page = PageQuery { limit: query.limit, after: query.after };
    let place = |brief: &Brief| Place { at_millis: brief.published, key: brief.cursor() };
    let (briefs, next) = page.cut(listed.briefs, Run::Descending, place)?;
    let comments = service.listed_comments(opinion.room.id, &briefs).await?;
    Ok(Json(List {
        items: comments.into_iter().map(Comment::from).collect(),
        next: next.map(|query| format!("{path}&{query}")),
    }))
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

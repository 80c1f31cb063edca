//! Endpoints of topics.

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
    entity::{FacilitatorDraft, JoinDraft, List, Party, Topic, TopicDraft},
    paging::{PageQuery, Place, Run},
};
use crate::{
    federation::Federation,
    service::{Service, read::TopicView, rosters::RosterChange, topics::NewTopic},
};

/// The topics held here, newest first.
#[utoipa::path(get, path = "/topics", tag = "topics", params(PageQuery),
    responses((status = 200, body = List<Topic>), (status = 422, body = Problem)))]
pub(super) async fn list_topics(
    State(service): State<Service>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<List<Topic>>, Problem> {
    let topics = service.topics().await?;
    let place = |view: &TopicView| Place { at_millis: view.room.id, key: view.room.id };
    Ok(Json(page.list(&format!("{BASE}/topics"), topics, Run::Descending, place)?))
}

/// Founds a topic.
#[utoipa::path(post, path = "/topics", tag = "topics", request_body = TopicDraft,
    security(("bearer" = [])),
    responses((status = 201, body = Topic), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create_topic(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    ApiJson(draft): ApiJson<TopicDraft>,
) -> Result<(StatusCode, Json<Topic>), Problem> {
    let new = NewTopic {
        slug: draft.slug,
        name: draft.name,
        question: draft.question,
        language: draft.language,
        parties: Party::list(draft.parties)?,
    };
    let (room, given) = service.create_topic(&caller, new).await?;
    let mut topic = Topic::from(service.topic(&room.slug).await?);
    topic.receipt = Some(given.into());
    Ok((StatusCode::CREATED, Json(topic)))
}

/// Joins a topic that a room elsewhere holds: opens a room for it here, and asks the rooms that hold it for links.
/// The record follows in the background.
#[utoipa::path(post, path = "/topics/join", tag = "topics", request_body = JoinDraft,
    security(("bearer" = [])),
    responses((status = 201, body = Topic), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem), (status = 502, body = Problem)))]
pub(super) async fn join_topic(
    State(service): State<Service>,
    State(federation): State<Federation>,
    Bearer(caller): Bearer,
    ApiJson(draft): ApiJson<JoinDraft>,
) -> Result<(StatusCode, Json<Topic>), Problem> {
    let room = federation.join(&caller, &draft.room, draft.slug.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(service.topic(&room.slug).await?.into())))
}

/// One topic.
#[utoipa::path(get, path = "/topics/{slug}", tag = "topics",
    params(("slug" = String, Path, description = "Slug of the topic here")),
    responses((status = 200, body = Topic), (status = 404, body = Problem)))]
pub(super) async fn show_topic(
    State(service): State<Service>,
    Path(slug): Path<String>,
) -> Result<Json<Topic>, Problem> {
    Ok(Json(service.topic(&slug).await?.into()))
}

/// Adds somebody to those who facilitate a topic: a roster that one of them signs.
#[utoipa::path(post, path = "/topics/{slug}/facilitators", tag = "topics", request_body = FacilitatorDraft,
    params(("slug" = String, Path, description = "Slug of the topic here")), security(("bearer" = [])),
    responses((status = 201, body = Topic), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn add_facilitator(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(slug): Path<String>,
    ApiJson(draft): ApiJson<FacilitatorDraft>,
) -> Result<(StatusCode, Json<Topic>), Problem> {
    let given = service.change_roster(&caller, &slug, RosterChange::Add(draft.participant)).await?;
    let mut topic = Topic::from(service.topic(&slug).await?);
    topic.receipt = Some(given.into());
    Ok((StatusCode::CREATED, Json(topic)))
}

/// Who is to be taken out.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FacilitatorQuery {
    /// Handle or actor id.
    participant: String,
}

/// Takes somebody out of those who facilitate a topic. What they said became of things while they did stands.
#[utoipa::path(delete, path = "/topics/{slug}/facilitators", tag = "topics",
    params(("slug" = String, Path, description = "Slug of the topic here"), FacilitatorQuery), security(("bearer" = [])),
    responses((status = 200, body = Topic), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn remove_facilitator(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(slug): Path<String>,
    ApiQuery(query): ApiQuery<FacilitatorQuery>,
) -> Result<Json<Topic>, Problem> {
    let given =
        service.change_roster(&caller, &slug, RosterChange::Remove(query.participant)).await?;
    let mut topic = Topic::from(service.topic(&slug).await?);
    topic.receipt = Some(given.into());
    Ok(Json(topic))
}

//! Documents of the actors who live here, and the same things as entities of the JSON API.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::{
    super::{
        api::{
            BASE,
            entity::{List, Profile, Topic},
            paging::{PageQuery, Place, Run},
        },
        extract::read_query,
        negotiate::Representation,
        problem::Problem,
    },
    served,
};
use crate::service::{Service, ServiceError, read::TopicView};

/// `/`: the instance's actor, where Lemmy and Mbin look for it (test 7); as JSON the topics.
pub(super) async fn home(
    State(service): State<Service>,
    Extension(representation): Extension<Representation>,
    uri: Uri,
) -> Result<Response, Problem> {
    if representation == Representation::Activity {
        return instance(State(service)).await;
    }
    let page: PageQuery = read_query(&uri)?;
    let place = |view: &TopicView| Place { at_millis: view.room.id, key: view.room.id };
    let topics = service.topics().await?;
    let list: List<Topic> = page.list(&format!("{BASE}/topics"), topics, Run::Descending, place)?;
    Ok(Json(list).into_response())
}

/// `/actor`.
pub(super) async fn instance(State(service): State<Service>) -> Result<Response, Problem> {
    let actor = service.instance_actor().await?;
    Ok(served(service.actor_document(&actor).await?))
}

/// `/p/{name}`.
pub(super) async fn participant(
    State(service): State<Service>,
    Extension(representation): Extension<Representation>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    if representation == Representation::Json {
        let profile: Profile = service.participant(&name.to_lowercase()).await?.into();
        return Ok(Json(profile).into_response());
    }
    let actor = service.local_participant(&name).await?;
    if actor.username != name {
        return Ok(moved(&actor.uri));
    }
    Ok(served(service.actor_document(&actor).await?))
}

/// `/t/{slug}`.
pub(super) async fn room(
    State(service): State<Service>,
    Extension(representation): Extension<Representation>,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    if representation == Representation::Json {
        let topic: Topic = service.topic(&slug.to_lowercase()).await?.into();
        return Ok(Json(topic).into_response());
    }
    let actor = service.local_actor(&slug).await?;
    if actor.kind != "Group" {
        return Err(ServiceError::NotFound { what: "topic" }.into());
    }
    if actor.username != slug {
        return Ok(moved(&actor.uri));
    }
    Ok(served(service.actor_document(&actor).await?))
}

/// `/f/{slug}`: the collection of rooms of a topic.
pub(super) async fn feed(
    State(service): State<Service>,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let room = service.room(&slug.to_lowercase()).await?;
    let actor = service.feed(&room).await?;
    if room.slug != slug {
        return Ok(moved(&actor.uri));
    }
    Ok(served(service.actor_document(&actor).await?))
}

/// An address in other letters leads to the one id there is (test 10).
pub(super) fn moved(uri: &str) -> Response {
    match HeaderValue::from_str(uri) {
        Ok(location) => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
        }
        Err(_not_printable) => Problem::internal().into_response(),
    }
}

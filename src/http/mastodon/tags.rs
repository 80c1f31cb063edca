//! Tags: each is a topic, and who follows the one follows the other.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};

use super::{
    bearer::{By, ReadFollows, WriteFollows},
    entity::Tag,
    failure::Failure,
};
use crate::{
    http::state::HttpState,
    service::{Caller, Service},
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/followed_tags", get(followed))
        .route("/tags/{name}", get(show))
        .route("/tags/{name}/follow", post(follow))
        .route("/tags/{name}/unfollow", post(unfollow))
}

async fn followed(
    State(service): State<Service>,
    by: By<ReadFollows>,
) -> Result<Json<Vec<Tag>>, Failure> {
    let topics = service.followed_topics(&by.caller).await?;
    Ok(Json(
        topics.into_iter().map(|(slug, url)| Tag::of(slug, url).with_following(true)).collect(),
    ))
}

async fn show(
    State(service): State<Service>,
    by: Option<By<ReadFollows>>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Failure> {
    tag(&service, by.as_ref().map(|by| &by.caller), &name).await
}

async fn follow(
    State(service): State<Service>,
    by: By<WriteFollows>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Failure> {
    let (key, ..) = topic(&service, &name).await?;
    service.follow_person(&by.caller, key).await?;
    tag(&service, Some(&by.caller), &name).await
}

async fn unfollow(
    State(service): State<Service>,
    by: By<WriteFollows>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Failure> {
    let (key, ..) = topic(&service, &name).await?;
    service.unfollow_person(&by.caller, key).await?;
    tag(&service, Some(&by.caller), &name).await
}

async fn topic(service: &Service, name: &str) -> Result<(i64, String, String), Failure> {
    service.topic_of_tag(name).await?.ok_or_else(Failure::not_found)
}

async fn tag(service: &Service, caller: Option<&Caller>, name: &str) -> Result<Json<Tag>, Failure> {
    let (key, slug, url) = topic(service, name).await?;
    let following = match caller {
        Some(caller) => {
            service.relations(caller, &[key]).await?.first().is_some_and(|view| view.following)
        }
        None => false,
    };
    Ok(Json(Tag::of(slug, url).with_following(following)))
}

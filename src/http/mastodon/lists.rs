//! Lists of people and topics.

use axum::{
    Json, Router,
    extract::{OriginalUri, Path, State},
    response::Response,
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    accounts::key,
    bearer::{By, ReadLists, WriteLists},
    body::{Params, Query},
    entity::{Account, List},
    failure::Failure,
    paging::{PageQuery, page},
};
use crate::{
    base::limits::{CLIENT_PEOPLE_MAX, LIST_MEMBERS_MAX},
    http::state::HttpState,
    service::{Service, clients::ListChange},
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/lists", get(all).post(create))
        .route("/lists/{id}", get(show).put(change).delete(delete))
        .route("/lists/{id}/accounts", get(members).post(add).delete(remove))
        .route("/accounts/{id}/lists", get(with))
}

#[derive(Debug, Deserialize)]
struct Changes {
    title: Option<String>,
    replies_policy: Option<String>,
    exclusive: Option<bool>,
}

impl From<Changes> for ListChange {
    fn from(changes: Changes) -> Self {
        Self {
            title: changes.title,
            replies_policy: changes.replies_policy.filter(|policy| !policy.is_empty()),
            exclusive: changes.exclusive,
        }
    }
}

async fn all(
    State(service): State<Service>,
    by: By<ReadLists>,
) -> Result<Json<Vec<List>>, Failure> {
    let lists = service.lists(&by.caller).await?;
    Ok(Json(lists.into_iter().map(List::from).collect()))
}

async fn create(
    State(service): State<Service>,
    by: By<WriteLists>,
    Params(changes): Params<Changes>,
) -> Result<Json<List>, Failure> {
    Ok(Json(service.create_list(&by.caller, changes.into()).await?.into()))
}

async fn show(
    State(service): State<Service>,
    by: By<ReadLists>,
    Path(id): Path<String>,
) -> Result<Json<List>, Failure> {
    Ok(Json(service.list(&by.caller, key(&id)?).await?.into()))
}

async fn change(
    State(service): State<Service>,
    by: By<WriteLists>,
    Path(id): Path<String>,
    Params(changes): Params<Changes>,
) -> Result<Json<List>, Failure> {
    Ok(Json(service.change_list(&by.caller, key(&id)?, changes.into()).await?.into()))
}

async fn delete(
    State(service): State<Service>,
    by: By<WriteLists>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    service.delete_list(&by.caller, key(&id)?).await?;
    Ok(Json(json!({})))
}

async fn members(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadLists>,
    Path(id): Path<String>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window_or_all(CLIENT_PEOPLE_MAX, LIST_MEMBERS_MAX)?;
    let people = service.list_members(&by.caller, key(&id)?, window).await?;
    let origin = service.paths.origin();
    let rows = people.iter().map(|(place, view)| (*place, Account::of(view, origin))).collect();
    Ok(page(origin, &uri, window, rows))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    account_ids: Vec<String>,
}

impl Which {
    fn keys(&self) -> Result<Vec<i64>, Failure> {
        self.account_ids.iter().map(|id| key(id)).collect()
    }
}

async fn add(
    State(service): State<Service>,
    by: By<WriteLists>,
    Path(id): Path<String>,
    Params(which): Params<Which>,
) -> Result<Json<Value>, Failure> {
    service.add_to_list(&by.caller, key(&id)?, &which.keys()?).await?;
    Ok(Json(json!({})))
}

async fn remove(
    State(service): State<Service>,
    by: By<WriteLists>,
    Path(id): Path<String>,
    Params(which): Params<Which>,
) -> Result<Json<Value>, Failure> {
    service.take_off_list(&by.caller, key(&id)?, &which.keys()?).await?;
    Ok(Json(json!({})))
}

async fn with(
    State(service): State<Service>,
    by: By<ReadLists>,
    Path(id): Path<String>,
) -> Result<Json<Vec<List>>, Failure> {
    let lists = service.lists_with(&by.caller, key(&id)?).await?;
    Ok(Json(lists.into_iter().map(List::from).collect()))
}

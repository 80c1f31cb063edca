//! Mutes and blocks: what one reader does not want to read (docs/decisions/0014).

use axum::{
    Json, Router,
    extract::{OriginalUri, Path, State},
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    accounts::{key, relation},
    bearer::{By, ReadBlocks, ReadMutes, WriteBlocks, WriteMutes},
    body::{Params, Query},
    entity::{Account, MutedAccount, Relationship},
    failure::Failure,
    paging::{PageQuery, page},
};
use crate::{
    base::limits::CLIENT_PEOPLE_MAX,
    http::state::HttpState,
    service::{Service, clients::NewMute},
};

/// Domains on one page.
const DOMAINS_MAX: u64 = 200;

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/accounts/{id}/mute", post(mute))
        .route("/accounts/{id}/unmute", post(unmute))
        .route("/accounts/{id}/block", post(block))
        .route("/accounts/{id}/unblock", post(unblock))
        .route("/mutes", get(mutes))
        .route("/blocks", get(blocks))
        .route("/domain_blocks", get(domains).post(block_domain).delete(unblock_domain))
}

#[derive(Debug, Deserialize)]
struct Muted {
    notifications: Option<bool>,
    duration: Option<i64>,
}

async fn mute(
    State(service): State<Service>,
    by: By<WriteMutes>,
    Path(id): Path<String>,
    Params(muted): Params<Muted>,
) -> Result<Json<Relationship>, Failure> {
    let key = key(&id)?;
    let new = NewMute { notices: muted.notifications.unwrap_or(true), seconds: muted.duration };
    service.mute_person(&by.caller, key, new).await?;
    relation(&service, &by.caller, key).await
}

async fn unmute(
    State(service): State<Service>,
    by: By<WriteMutes>,
    Path(id): Path<String>,
) -> Result<Json<Relationship>, Failure> {
    let key = key(&id)?;
    service.unmute_person(&by.caller, key).await?;
    relation(&service, &by.caller, key).await
}

async fn block(
    State(service): State<Service>,
    by: By<WriteBlocks>,
    Path(id): Path<String>,
) -> Result<Json<Relationship>, Failure> {
    let key = key(&id)?;
    service.block_person(&by.caller, key).await?;
    relation(&service, &by.caller, key).await
}

async fn unblock(
    State(service): State<Service>,
    by: By<WriteBlocks>,
    Path(id): Path<String>,
) -> Result<Json<Relationship>, Failure> {
    let key = key(&id)?;
    service.unblock_person(&by.caller, key).await?;
    relation(&service, &by.caller, key).await
}

async fn mutes(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadMutes>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PEOPLE_MAX)?;
    let origin = service.paths.origin();
    let people = service.muted_people(&by.caller, window).await?;
    let rows = people
        .iter()
        .map(|(place, view, until)| (*place, MutedAccount::of(view, *until, origin)))
        .collect();
    Ok(page(origin, &uri, window, rows))
}

async fn blocks(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadBlocks>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PEOPLE_MAX)?;
    let origin = service.paths.origin();
    let people = service.blocked_people(&by.caller, window).await?;
    let rows = people.iter().map(|(place, view)| (*place, Account::of(view, origin))).collect();
    Ok(page(origin, &uri, window, rows))
}

async fn domains(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadBlocks>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(DOMAINS_MAX)?;
    let rows = service.blocked_domains(&by.caller, window).await?;
    Ok(page(service.paths.origin(), &uri, window, rows))
}

#[derive(Debug, Deserialize)]
struct Domain {
    #[serde(default)]
    domain: String,
}

async fn block_domain(
    State(service): State<Service>,
    by: By<WriteBlocks>,
    Params(which): Params<Domain>,
) -> Result<Json<Value>, Failure> {
    service.block_domain(&by.caller, &which.domain).await?;
    Ok(Json(json!({})))
}

async fn unblock_domain(
    State(service): State<Service>,
    by: By<WriteBlocks>,
    Params(which): Params<Domain>,
) -> Result<Json<Value>, Failure> {
    service.unblock_domain(&by.caller, &which.domain).await?;
    Ok(Json(json!({})))
}

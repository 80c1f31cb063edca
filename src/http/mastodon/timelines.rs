//! Timelines: what those write whom one follows, and what is public here.

use axum::{
    Router,
    extract::{OriginalUri, Path, State},
    response::Response,
    routing::get,
};
use serde::Deserialize;

use super::{
    accounts::key,
    bearer::{By, ReadLists, ReadStatuses},
    body::Query,
    failure::Failure,
    paging::{PageQuery, page_of_statuses},
};
use crate::{
    base::limits::CLIENT_PAGE_ITEMS_MAX,
    http::state::HttpState,
    service::{
        Service,
        clients::{Timeline, Window},
    },
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/timelines/home", get(home))
        .route("/timelines/public", get(public))
        .route("/timelines/tag/{tag}", get(tag))
        .route("/timelines/list/{id}", get(list))
}

async fn home(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadStatuses>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PAGE_ITEMS_MAX)?;
    let views = service.home_posts(&by.caller, window).await?;
    let rows = views.iter().map(|view| (view.key, view));
    Ok(page_of_statuses(service.paths.origin(), &uri, window, rows))
}

async fn list(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadLists>,
    Path(id): Path<String>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PAGE_ITEMS_MAX)?;
    let views = service.list_posts(&by.caller, key(&id)?, window).await?;
    let rows = views.iter().map(|view| (view.key, view));
    Ok(page_of_statuses(service.paths.origin(), &uri, window, rows))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    local: bool,
    #[serde(default)]
    remote: bool,
    #[serde(default)]
    only_media: bool,
}

async fn public(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: Option<By<ReadStatuses>>,
    Query(which): Query<Which>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let timeline = match (which.local, which.remote) {
        (true, false) => Timeline::Local,
        (false, true) => Timeline::Remote,
        _ => Timeline::Public,
    };
    shown(&service, &uri, by, timeline, which.only_media, &paging).await
}

async fn tag(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: Option<By<ReadStatuses>>,
    Path(tag): Path<String>,
    Query(which): Query<Which>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    shown(&service, &uri, by, Timeline::Topic(&tag), which.only_media, &paging).await
}

async fn shown(
    service: &Service,
    uri: &axum::http::Uri,
    by: Option<By<ReadStatuses>>,
    timeline: Timeline<'_>,
    only_media: bool,
    paging: &PageQuery,
) -> Result<Response, Failure> {
    let window = Window { with_media: only_media, ..paging.window(CLIENT_PAGE_ITEMS_MAX)? };
    let reader = by.as_ref().map(|by| &by.caller);
    let views = service.public_posts(timeline, reader, window).await?;
    let rows = views.iter().map(|view| (view.key, view));
    Ok(page_of_statuses(service.paths.origin(), uri, window, rows))
}

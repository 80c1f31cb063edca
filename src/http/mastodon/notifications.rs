//! Notifications, one by one (v1) and in groups (v2).

use axum::{
    Json, Router,
    extract::{OriginalUri, Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    accounts::key,
    bearer::{By, ReadNotifications, WriteNotifications},
    body::Query,
    entity::{Account, Grouped, Notification, group_key, word},
    failure::Failure,
    paging::{PageQuery, cut, links, page, with_link},
};
use crate::{
    base::limits::CLIENT_PEOPLE_MAX,
    http::state::HttpState,
    service::{
        Caller, Service,
        clients::{News, NewsKind, Window},
    },
};

/// Most that is counted as unread, where a client does not say.
const UNREAD_DEFAULT: u64 = 100;
/// Most that a client may ask to be counted.
const UNREAD_MAX: u64 = 1_000;

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/notifications", get(list))
        .route("/notifications/clear", post(clear))
        .route("/notifications/unread_count", get(unread))
        .route("/notifications/requests", get(requests))
        .route("/notifications/{id}", get(show))
        .route("/notifications/{id}/dismiss", post(dismiss))
}

/// Below `/api/v2`.
pub(super) fn v2() -> Router<HttpState> {
    Router::new()
        .route("/notifications", get(grouped))
        .route("/notifications/unread_count", get(unread))
        .route("/notifications/policy", get(policy))
        .route("/notifications/{key}", get(group))
        .route("/notifications/{key}/accounts", get(group_accounts))
        .route("/notifications/{key}/dismiss", post(dismiss_group))
}

#[derive(Debug, Default, Deserialize)]
struct Which {
    types: Option<Vec<String>>,
    exclude_types: Option<Vec<String>>,
    grouped_types: Option<Vec<String>>,
}

impl Which {
    fn kinds(&self) -> Vec<NewsKind> {
        let named = |list: &Option<Vec<String>>, kind: &NewsKind| {
            list.as_ref().map(|list| list.iter().any(|name| name == word(*kind)))
        };
        let all = NewsKind::ALL.iter().copied();
        all.filter(|kind| named(&self.types, kind).unwrap_or(true))
            .filter(|kind| !named(&self.exclude_types, kind).unwrap_or(false))
            .collect()
    }

    fn grouped(&self) -> Vec<NewsKind> {
        let is_grouped = |kind: &NewsKind| match &self.grouped_types {
            Some(list) => list.iter().any(|name| name == word(*kind)),
            None => true,
        };
        NewsKind::ALL.iter().copied().filter(is_grouped).collect()
    }
}

async fn list(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadNotifications>,
    Query(which): Query<Which>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PEOPLE_MAX)?;
    let news = service.client_news(&by.caller, &which.kinds(), window).await?;
    let origin = service.paths.origin();
    let rows = news.iter().map(|one| (one.key, Notification::of(one, origin))).collect();
    Ok(page(origin, &uri, window, rows))
}

async fn show(
    State(service): State<Service>,
    by: By<ReadNotifications>,
    Path(id): Path<String>,
) -> Result<Json<Notification>, Failure> {
    let one = service.one_news(&by.caller, key(&id)?).await?;
    Ok(Json(Notification::of(&one, service.paths.origin())))
}

async fn clear(
    State(service): State<Service>,
    by: By<WriteNotifications>,
) -> Result<Json<Value>, Failure> {
    service.dismiss_news(&by.caller, None).await?;
    Ok(Json(json!({})))
}

async fn dismiss(
    State(service): State<Service>,
    by: By<WriteNotifications>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    service.dismiss_news(&by.caller, Some(key(&id)?)).await?;
    Ok(Json(json!({})))
}

async fn unread(
    State(service): State<Service>,
    by: By<ReadNotifications>,
    Query(paging): Query<PageQuery>,
) -> Result<Json<Value>, Failure> {
    let most = paging.limit_or(UNREAD_DEFAULT, UNREAD_MAX);
    Ok(Json(json!({"count": service.unread_news(&by.caller, most).await?})))
}

async fn grouped(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadNotifications>,
    Query(which): Query<Which>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PEOPLE_MAX)?;
    let news = service.client_news(&by.caller, &which.kinds(), window).await?;
    let mut rows: Vec<(i64, News)> = news.into_iter().map(|one| (one.key, one)).collect();
    let older = cut(window, &mut rows);
    let ends = rows.first().zip(rows.last()).map(|((first, _), (last, _))| (*first, *last));
    let origin = service.paths.origin();
    let news: Vec<News> = rows.into_iter().map(|(_, one)| one).collect();
    let answer = Json(Grouped::of(&news, &which.grouped(), origin)).into_response();
    Ok(with_link(answer, links(origin, &uri, ends, older)))
}

/// The news of a group, among the latest.
async fn in_group(service: &Service, caller: &Caller, key: &str) -> Result<Vec<News>, Failure> {
    if let Some(id) = key.strip_prefix("ungrouped-") {
        return Ok(vec![service.one_news(caller, super::accounts::key(id)?).await?]);
    }
    let window = Window::newest(UNREAD_MAX);
    let mut news = service.client_news(caller, NewsKind::ALL, window).await?;
    news.retain(|one| group_key(one) == key);
    if news.is_empty() { Err(Failure::not_found()) } else { Ok(news) }
}

async fn group(
    State(service): State<Service>,
    by: By<ReadNotifications>,
    Path(key): Path<String>,
) -> Result<Json<Grouped>, Failure> {
    let news = in_group(&service, &by.caller, &key).await?;
    Ok(Json(Grouped::of(&news, NewsKind::ALL, service.paths.origin())))
}

async fn group_accounts(
    State(service): State<Service>,
    by: By<ReadNotifications>,
    Path(key): Path<String>,
) -> Result<Json<Vec<Account>>, Failure> {
    let news = in_group(&service, &by.caller, &key).await?;
    let origin = service.paths.origin();
    Ok(Json(news.iter().map(|one| Account::of(&one.person, origin)).collect()))
}

async fn dismiss_group(
    State(service): State<Service>,
    by: By<WriteNotifications>,
    Path(key): Path<String>,
) -> Result<Json<Value>, Failure> {
    for one in in_group(&service, &by.caller, &key).await? {
        service.dismiss_news(&by.caller, Some(one.key)).await?;
    }
    Ok(Json(json!({})))
}

/// Whom one is told of: everybody, since what is said in a topic is public.
async fn policy(_by: By<ReadNotifications>) -> Json<Value> {
    Json(json!({
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "accept",
        "for_limited_accounts": "accept",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }))
}

async fn requests(_by: By<ReadNotifications>) -> Json<[(); 0]> {
    Json([])
}

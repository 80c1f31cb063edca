//! Endpoints of notices: what an account is told, and its answers. An answer is a new signed act.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    super::{
        extract::{ApiQuery, Bearer},
        problem::Problem,
    },
    BASE,
    entity::{Answered, List, Notice},
};
use crate::{
    base::limits::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX},
    service::{Service, ServiceError, notices::NoticeView},
};

/// Which page of an account's notices.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticesQuery {
    /// Most items wanted, 1 to 200; 50 where not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// Where to go on, as in `next`.
    after: Option<u64>,
}

/// What the caller is told, newest first.
#[utoipa::path(get, path = "/notices", tag = "notices", params(NoticesQuery), security(("bearer" = [])),
    responses((status = 200, body = List<Notice>), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_notices(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    ApiQuery(query): ApiQuery<NoticesQuery>,
) -> Result<Json<List<Notice>>, Problem> {
    let limit = query.limit.unwrap_or(PAGE_ITEMS_DEFAULT);
    if !(1..=PAGE_ITEMS_MAX).contains(&limit) {
        return Err(Problem::invalid_field("limit", format!("must be 1 to {PAGE_ITEMS_MAX}")));
    }
    let offset = query.after.unwrap_or_default();
    let (views, more) = service.notices(&caller, limit, offset).await?;
    let beyond = offset.saturating_add(limit);
    Ok(Json(List {
        items: views.into_iter().map(|view: NoticeView| Notice::from(view)).collect(),
        next: more.then(|| format!("{BASE}/notices?limit={limit}&after={beyond}")),
    }))
}

/// Takes the position again on the new revision, with the kind and the words it had.
#[utoipa::path(post, path = "/notices/{key}/keep", tag = "notices",
    params(("key" = String, Path, description = "Key of the notice")), security(("bearer" = [])),
    responses((status = 200, body = Answered), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn keep_position(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<Json<Answered>, Problem> {
    let acted = service.keep_position(&caller, number(&key)?).await?;
    Ok(Json(Answered { receipt: acted.map(|acted| acted.receipt.into()) }))
}

/// Withdraws the position that a notice is about.
#[utoipa::path(post, path = "/notices/{key}/withdraw", tag = "notices",
    params(("key" = String, Path, description = "Key of the notice")), security(("bearer" = [])),
    responses((status = 200, body = Answered), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn withdraw_noticed(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<Json<Answered>, Problem> {
    let acted = service.withdraw_noticed(&caller, number(&key)?).await?;
    Ok(Json(Answered { receipt: acted.map(|acted| acted.receipt.into()) }))
}

fn number(key: &str) -> Result<i64, ServiceError> {
    key.parse().ok().ok_or(ServiceError::NotFound { what: "notice" })
}

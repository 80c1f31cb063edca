//! Endpoints of what other servers sent that is no part of a record: reports, for moderators, and private replies.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    super::{
        extract::{ApiQuery, Bearer},
        problem::Problem,
    },
    BASE,
    entity::{List, Participant},
};
use crate::{
    base::{
        clock::Timestamp,
        limits::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX},
    },
    domain::markup,
    service::{
        Service, ServiceError,
        received::{PrivateView, ReportView},
    },
};

/// A report of another server.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    /// Its key here.
    pub key: String,
    /// Id of the actor who signed it: an instance, mostly.
    pub reporter: String,
    /// Its host.
    pub host: String,
    /// Ids of what it is about.
    pub objects: Vec<String>,
    /// What was said, as plain text.
    pub content: String,
    /// `other`, `spam`, `legal` or `violation`; `other` from elsewhere.
    pub category: &'static str,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// When a moderator was done with it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
}

impl From<ReportView> for Report {
    fn from(view: ReportView) -> Self {
        Self {
            key: view.key.to_string(),
            reporter: view.reporter,
            host: view.host,
            objects: view.objects,
            content: view.content,
            category: view.category.word(),
            received_at: view.received_at,
            closed_at: view.closed_at,
        }
    }
}

/// A reply that only its addressees see. It is in no record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PrivateReply {
    /// Its key here.
    pub key: String,
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub author: Participant,
    /// Id of what it answers.
    pub in_reply_to: Option<String>,
    /// Safe HTML.
    pub content: String,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// When it was written, as its author says.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
}

impl From<PrivateView> for PrivateReply {
    fn from(view: PrivateView) -> Self {
        Self {
            key: view.note.id.to_string(),
            id: view.note.uri,
            author: view.author.into(),
            in_reply_to: view.note.in_reply_to,
            content: markup::sanitize(&view.note.content),
            language: view.note.language,
            published: Timestamp::from_millis(view.note.published),
        }
    }
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReceivedQuery {
    /// Most items wanted, 1 to 200; 50 where not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// Where to go on, as in `next`.
    after: Option<u64>,
}

impl ReceivedQuery {
    fn part(&self) -> Result<(u64, u64), Problem> {
        let limit = self.limit.unwrap_or(PAGE_ITEMS_DEFAULT);
        if !(1..=PAGE_ITEMS_MAX).contains(&limit) {
            return Err(Problem::invalid_field("limit", format!("must be 1 to {PAGE_ITEMS_MAX}")));
        }
        Ok((limit, self.after.unwrap_or_default()))
    }
}

/// Reports of other servers, open ones first, newest first. For moderators.
#[utoipa::path(get, path = "/reports", tag = "reports", params(ReceivedQuery), security(("bearer" = [])),
    responses((status = 200, body = List<Report>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn list_reports(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    ApiQuery(query): ApiQuery<ReceivedQuery>,
) -> Result<Json<List<Report>>, Problem> {
    let (limit, offset) = query.part()?;
    let (views, more) = service.reports(&caller, limit, offset).await?;
    let beyond = offset.saturating_add(limit);
    Ok(Json(List {
        items: views.into_iter().map(Report::from).collect(),
        next: more.then(|| format!("{BASE}/reports?limit={limit}&after={beyond}")),
    }))
}

/// Says that a moderator is done with a report.
#[utoipa::path(post, path = "/reports/{key}/close", tag = "reports",
    params(("key" = String, Path, description = "Key of the report")), security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub(super) async fn close_report(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    let key = key.parse().ok().ok_or(ServiceError::NotFound { what: "report" })?;
    service.close_report(&caller, key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replies from other servers that only the caller sees, newest first.
#[utoipa::path(get, path = "/private-replies", tag = "notices", params(ReceivedQuery), security(("bearer" = [])),
    responses((status = 200, body = List<PrivateReply>), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_private_replies(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    ApiQuery(query): ApiQuery<ReceivedQuery>,
) -> Result<Json<List<PrivateReply>>, Problem> {
    let (limit, offset) = query.part()?;
    let (views, more) = service.private_notes(&caller, limit, offset).await?;
    let beyond = offset.saturating_add(limit);
    Ok(Json(List {
        items: views.into_iter().map(PrivateReply::from).collect(),
        next: more.then(|| format!("{BASE}/private-replies?limit={limit}&after={beyond}")),
    }))
}

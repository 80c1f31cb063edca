//! Reports: what somebody here tells the moderators of this server. They are passed on to nobody.

use axum::{Json, Router, extract::State, routing::post};
use serde::{Deserialize, Serialize};

use super::{
    accounts::key,
    bearer::{By, WriteReports},
    body::Params,
    entity::Account,
    failure::Failure,
};
use crate::{
    base::clock::Timestamp,
    domain::{UnknownWord, report::ReportCategory},
    http::state::HttpState,
    service::{Service, received::NewReport},
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new().route("/reports", post(report))
}

#[derive(Debug, Deserialize)]
struct Asked {
    account_id: String,
    #[serde(default)]
    status_ids: Vec<String>,
    #[serde(default)]
    comment: String,
    category: Option<String>,
}

/// A report, as its author sees it.
#[derive(Debug, Serialize)]
struct Report {
    id: String,
    action_taken: bool,
    action_taken_at: Option<Timestamp>,
    category: &'static str,
    comment: String,
    forwarded: bool,
    created_at: Timestamp,
    status_ids: Vec<String>,
    rule_ids: [String; 0],
    target_account: Account,
}

async fn report(
    State(service): State<Service>,
    by: By<WriteReports>,
    Params(asked): Params<Asked>,
) -> Result<Json<Report>, Failure> {
    let about = key(&asked.account_id)?;
    let posts: Vec<i64> = asked.status_ids.iter().map(|id| key(id)).collect::<Result<_, _>>()?;
    let category = match asked.category.as_deref() {
        None | Some("") => ReportCategory::default(),
        Some(word) => word.parse().map_err(|error: UnknownWord| {
            Failure::invalid(format!("Category: one of {}", error.allowed))
        })?,
    };
    let new = NewReport { about, posts, words: asked.comment.clone(), category };
    let made = service.report(&by.caller, new).await?;
    let person = service.person(about).await?;
    Ok(Json(Report {
        id: made.key.to_string(),
        action_taken: false,
        action_taken_at: None,
        category: category.word(),
        comment: asked.comment,
        forwarded: false,
        created_at: made.received_at,
        status_ids: asked.status_ids,
        rule_ids: [],
        target_account: Account::of(&person, service.paths.origin()),
    }))
}

//! Endpoints of delegations: whom an organisation lets act for it, and for whom the caller may act.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        extract::{ApiJson, Bearer},
        problem::Problem,
    },
    entity::{List, Participant},
};
use crate::{
    base::clock::Timestamp,
    domain::delegation::Scope,
    service::{
        FieldError, Service, ServiceError,
        delegations::{DelegationView, NewDelegation},
    },
};

/// An organisation's signed word that somebody may act for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Delegation {
    /// Id of the signed statement.
    id: String,
    /// This instance's key.
    key: String,
    /// Who gave it.
    organization: Participant,
    /// Who may act.
    subject: Participant,
    /// What they may do: `position`, `co-author`, `comment`.
    scope: Vec<&'static str>,
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    valid_from: Timestamp,
    /// Until when; null for as long as it is not taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_until: Option<Timestamp>,
    /// When it was taken back; null while it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended: Option<Timestamp>,
    /// Whether it holds at the moment.
    holds: bool,
}

impl From<DelegationView> for Delegation {
    fn from(view: DelegationView) -> Self {
        Self {
            id: view.uri,
            key: view.key.to_string(),
            organization: view.organisation.into(),
            subject: view.subject.into(),
            scope: view.scopes.into_iter().map(Scope::word).collect(),
            valid_from: view.valid_from,
            valid_until: view.valid_until,
            ended: view.ended,
            holds: view.holds,
        }
    }
}

/// Lets somebody act for the organisation whose account asks.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct DelegationDraft {
    /// Handle (`name`, `name@host`) or actor id of a person known here.
    #[serde(default)]
    #[schema(required)]
    subject: String,
    /// What they may do: `position`, `co-author`, `comment`.
    #[serde(default)]
    #[schema(required)]
    scope: Vec<String>,
    /// Until when, RFC 3339; for as long as it is not taken back where not given.
    valid_until: Option<String>,
}

/// The delegations that the caller gave, and those they hold or held, newest first.
#[utoipa::path(get, path = "/delegations", tag = "participants", security(("bearer" = [])),
    responses((status = 200, body = List<Delegation>), (status = 401, body = Problem)))]
pub(super) async fn list_delegations(
    State(service): State<Service>,
    Bearer(caller): Bearer,
) -> Result<Json<List<Delegation>>, Problem> {
    let mut views = service.delegations_by(&caller.actor.uri).await?;
    views.extend(service.delegations_of(&caller.actor.uri).await?);
    views.sort_by_key(|view| std::cmp::Reverse(view.key));
    Ok(Json(List { items: views.into_iter().map(Delegation::from).collect(), next: None }))
}

/// Lets somebody act for the organisation whose account asks.
#[utoipa::path(post, path = "/delegations", tag = "participants", request_body = DelegationDraft,
    security(("bearer" = [])),
    responses((status = 201, body = Delegation), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create_delegation(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    ApiJson(draft): ApiJson<DelegationDraft>,
) -> Result<(StatusCode, Json<Delegation>), Problem> {
    let view = service.delegate(&caller, read(draft)?).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

fn read(draft: DelegationDraft) -> Result<NewDelegation, ServiceError> {
    let mut wrong = Vec::new();
    let mut scopes = Vec::new();
    for word in &draft.scope {
        match word.parse() {
            Ok(scope) => scopes.push(scope),
            Err(error) => {
                let error: crate::domain::UnknownWord = error;
                wrong.push(FieldError::new("scope", error.to_string()));
            }
        }
    }
    let until = draft.valid_until.as_deref().map(Timestamp::parse_rfc3339);
    if until == Some(None) {
        wrong.push(FieldError::new("validUntil", "must be a date, such as 2027-01-31T23:59:59Z"));
    }
    if !wrong.is_empty() {
        return Err(ServiceError::Invalid(wrong));
    }
    Ok(NewDelegation { subject: draft.subject, scopes, valid_until: until.flatten() })
}

/// Takes everything back that the caller's organisation let somebody do. What was done before stands.
#[utoipa::path(delete, path = "/delegations/{key}", tag = "participants",
    params(("key" = String, Path, description = "Key of the delegation")), security(("bearer" = [])),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn delete_delegation(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    service.end_delegation(&caller, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

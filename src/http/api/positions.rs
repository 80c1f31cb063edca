//! Endpoints of positions. Lists hold names and reasons; nothing here adds them up.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    super::{
        extract::{ApiJson, ApiQuery, Bearer},
        problem::Problem,
    },
    BASE,
    entity::{List, Position, PositionDraft, TakenBack},
    paging::{PageQuery, Place, Run},
};
use crate::{
    domain::{
        UnknownWord,
        attestation::ProofLevel,
        group::StakeholderGroup,
        position::{Capacity, PositionAct, PositionKind},
        region::Region,
    },
    service::{FieldError, Service, ServiceError, positions::NewPosition, read::PositionView},
};

/// Value of `group` for those who declared none.
const NO_GROUP: &str = "none";

/// Which positions on an opinion.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PositionsQuery {
    /// Only those on this revision.
    revision: Option<i64>,
    /// Only those of this kind.
    kind: Option<String>,
    /// Only those of this stakeholder group, by its word; `none` for those who declared none.
    group: Option<String>,
    /// Only those of whom it is known at least so well who they are: `mail-domain`, `web-domain` or `vouched`.
    proof: Option<String>,
    /// Only those taken from this region, by its word.
    region: Option<String>,
    /// `true`: every act ever, also those that do not stand any more.
    history: Option<bool>,
    /// Most items wanted, 1 to 200; 50 where not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// Where to go on, as in `next`.
    after: Option<String>,
}

/// The positions on an opinion that stand, oldest first; with `history=true` every act.
#[utoipa::path(get, path = "/opinions/{key}/positions", tag = "positions",
    params(("key" = String, Path, description = "Key of the opinion"), PositionsQuery),
    responses((status = 200, body = List<Position>), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_positions(
    State(service): State<Service>,
    Path(key): Path<String>,
    ApiQuery(query): ApiQuery<PositionsQuery>,
) -> Result<Json<List<Position>>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let opinion = service.opinion(&uri, None).await?;
    let history = query.history.unwrap_or(false);
    let kind = query.kind.as_deref().map(str::parse::<PositionAct>).transpose();
    let kind = kind.map_err(|error| Problem::invalid_field("kind", error.to_string()))?;
    let group = match query.group.as_deref() {
        None => None,
        Some(NO_GROUP) => Some(None),
        Some(word) => Some(Some(word.parse::<StakeholderGroup>().map_err(|error| {
            Problem::invalid_field("group", format!("{error}; or {NO_GROUP}"))
        })?)),
    };
    let proof = query.proof.as_deref().map(str::parse::<ProofLevel>).transpose();
    let proof = proof.map_err(|error| Problem::invalid_field("proof", error.to_string()))?;
    let region = query.region.as_deref().map(str::parse::<Region>).transpose();
    let region = region.map_err(|error| Problem::invalid_field("region", error.to_string()))?;
    let (mut positions, principals) = if history {
        (service.positions(opinion.room.id, &uri).await?, std::collections::BTreeMap::new())
    } else {
        service.live_positions(opinion.room.id, &uri).await?
    };
    positions.retain(|view| {
        query.revision.is_none_or(|number| view.position.revision == number)
            && kind.is_none_or(|kind| view.position.kind == kind.word())
            && group.is_none_or(|group| view.group == group)
            && proof.is_none_or(|level| view.is_proven(level, &principals))
            && region.is_none_or(|region| view.is_from(region))
    });
    let mut asked = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("revision", query.revision.map(|number| number.to_string())),
        ("kind", query.kind),
        ("group", query.group),
        ("proof", query.proof),
        ("region", query.region),
        ("history", history.then(|| "true".to_owned())),
    ] {
        if let Some(value) = value {
            asked.append_pair(name, &value);
        }
    }
    let asked = asked.finish();
    let sign = if asked.is_empty() { "" } else { "?" };
    let path = format!("{BASE}/opinions/{key}/positions{sign}{asked}");
    let page = PageQuery { limit: query.limit, after: query.after };
    let place = |view: &PositionView| Place { at_millis: view.position.published, key: view.key };
    Ok(Json(page.list(&path, positions, Run::Ascending, place)?))
}

/// Takes a position on one revision; it replaces the caller's earlier one on this opinion.
#[utoipa::path(post, path = "/opinions/{key}/positions", tag = "positions", request_body = PositionDraft,
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 201, body = Position), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn create_position(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<PositionDraft>,
) -> Result<(StatusCode, Json<Position>), Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let acted = service.take_position(&caller, &uri, read(draft)?).await?;
    let mut position = Position::from(service.position_view(&acted.uri).await?);
    position.receipt = Some(acted.receipt.into());
    Ok((StatusCode::CREATED, Json(position)))
}

/// Reads the words of a draft; all that are wrong are named at once.
fn read(draft: PositionDraft) -> Result<NewPosition, ServiceError> {
    let mut wrong = Vec::new();
    let kind = draft.kind.parse::<PositionKind>();
    let capacity = draft.capacity.as_deref().map(str::parse::<Capacity>).transpose();
    let mut note = |field, error: &UnknownWord| {
        wrong.push(FieldError::new(field, error.to_string()));
    };
    if let Err(error) = &kind {
        note("kind", error);
    }
    if let Err(error) = &capacity {
        note("capacity", error);
    }
    if draft.revision.is_none() {
        wrong.push(FieldError::new("revision", "must be the number of the revision it is on"));
    }
    match (kind, capacity, draft.revision) {
        (Ok(kind), Ok(capacity), Some(revision)) => Ok(NewPosition {
            kind,
            capacity,
            revision,
            statement: draft.statement,
            on_behalf_of: draft.on_behalf_of,
        }),
        _ => Err(ServiceError::Invalid(wrong)),
    }
}

/// One position act.
#[utoipa::path(get, path = "/positions/{key}", tag = "positions",
    params(("key" = String, Path, description = "Key of the position")),
    responses((status = 200, body = Position), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn show_position(
    State(service): State<Service>,
    Path(key): Path<String>,
) -> Result<Json<Position>, Problem> {
    let uri = service.object_uri(&key, "position").await?;
    Ok(Json(service.position_view(&uri).await?.into()))
}

/// Withdraws a position of the caller's. Nothing earlier comes back.
#[utoipa::path(delete, path = "/positions/{key}", tag = "positions",
    params(("key" = String, Path, description = "Key of the position")), security(("bearer" = [])),
    responses((status = 200, body = TakenBack), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn delete_position(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<Json<TakenBack>, Problem> {
    let uri = service.object_uri(&key, "position").await?;
    let acted = service.withdraw_position(&caller, &uri).await?;
    Ok(Json(TakenBack::new(uri, acted)))
}

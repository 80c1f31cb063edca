//! Endpoints of drafts. Each answers 404 to everybody but the draft's authors, signed in or not: that there is one is
//! told to nobody else.

use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{
    super::{
        extract::{ApiJson, ApiQuery, Bearer},
        problem::Problem,
        state::HttpState,
    },
    BASE,
    draft_entity::{
        DraftAgreement, DraftAnswer, DraftBase, DraftBegun, DraftBlockEntity, DraftEntity,
        DraftInvitation, DraftMove, DraftRelease, DraftSummary, DraftText, DraftWords,
        PlacedEntity,
    },
    entity::{List, Opinion},
    opinions::{deadline, status_of},
    paging::{PageQuery, Place, Run},
};
use crate::{
    domain::opinion::OpinionStatus,
    service::{
        Caller, Service, ServiceError,
        drafts::{Desk, DraftRow, NewWords, Release},
    },
};

const NO_DRAFT: ServiceError = ServiceError::NotFound { what: "draft" };

/// Who reads, where they say so: without a token there is no draft, not even one that is forbidden.
pub(super) struct Reader(Option<Caller>);

impl Reader {
    fn caller(&self) -> Result<&Caller, ServiceError> {
        self.0.as_ref().ok_or(NO_DRAFT)
    }
}

impl FromRequestParts<HttpState> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        let Bearer(caller) = Bearer::from_request_parts(parts, state).await?;
        Ok(Self(Some(caller)))
    }
}

/// An answer that nobody keeps on the way.
pub(super) struct Private<T>(StatusCode, T);

impl<T: Serialize> IntoResponse for Private<T> {
    fn into_response(self) -> Response {
        let mut response = (self.0, Json(self.1)).into_response();
        let kept = HeaderValue::from_static("private, no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
        response
    }
}

type Answer<T> = Result<Private<T>, Problem>;

fn ok<T>(body: T) -> Private<T> {
    Private(StatusCode::OK, body)
}

fn key(text: &str) -> Result<i64, ServiceError> {
    text.parse().ok().ok_or(NO_DRAFT)
}

fn desk(id: &str, on_behalf_of: Option<String>) -> Result<Desk, ServiceError> {
    Ok(Desk { draft: key(id)?, on_behalf_of })
}

/// In whose name something without a body is done.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SeatQuery {
    /// The organisation, by actor id, where a delegation with scope `co-author` lets one.
    on_behalf_of: Option<String>,
}

impl SeatQuery {
    fn desk(self, id: &str) -> Result<Desk, ServiceError> {
        desk(id, self.on_behalf_of)
    }
}

fn key_or_none(text: Option<&str>) -> Result<Option<i64>, ServiceError> {
    let wrong = || ServiceError::invalid("after", "must be the key of a paragraph of this draft");
    text.map(|text| text.parse().ok().ok_or_else(wrong)).transpose()
}

async fn shown(service: &Service, reader: &Reader, id: i64) -> Answer<DraftEntity> {
    Ok(ok(service.draft(reader.0.as_ref(), id).await?.into()))
}

/// The drafts one writes or was asked to write, latest change first.
#[utoipa::path(get, path = "/drafts", tag = "drafts", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = List<DraftSummary>), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_drafts(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Answer<List<DraftSummary>> {
    let place = |row: &DraftRow| Place { at_millis: row.updated.as_millis(), key: row.id };
    let drafts = service.drafts(&caller).await?;
    Ok(ok(page.list(&format!("{BASE}/drafts"), drafts, Run::Descending, place)?))
}

/// Begins a draft in a topic.
#[utoipa::path(post, path = "/topics/{slug}/drafts", tag = "drafts", request_body = DraftBegun,
    params(("slug" = String, Path, description = "Slug of the topic here")), security(("bearer" = [])),
    responses((status = 201, body = DraftEntity), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create_draft(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(slug): Path<String>,
    ApiJson(draft): ApiJson<DraftBegun>,
) -> Answer<DraftEntity> {
    let room = service.room(&slug).await?;
    let id = service.create_draft(&caller, room, draft.into()).await?;
    Ok(Private(StatusCode::CREATED, service.draft(Some(&caller), id).await?.into()))
}

/// Begins a draft of the next revision of an opinion, from its current text.
#[utoipa::path(post, path = "/opinions/{key}/drafts", tag = "drafts",
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 201, body = DraftEntity), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem)))]
pub(super) async fn create_draft_of(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(opinion): Path<String>,
) -> Answer<DraftEntity> {
    let uri = service.object_uri(&opinion, "opinion").await?;
    let id = service.create_draft_of(&caller, &uri).await?;
    Ok(Private(StatusCode::CREATED, service.draft(Some(&caller), id).await?.into()))
}

/// A draft, for its authors alone.
#[utoipa::path(get, path = "/drafts/{key}", tag = "drafts",
    params(("key" = String, Path, description = "Key of the draft")), security(("bearer" = [])),
    responses((status = 200, body = DraftEntity), (status = 404, body = Problem)))]
pub(super) async fn show_draft(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer<DraftEntity> {
    shown(&service, &reader, key(&id)?).await
}

/// Discards a draft with all that was ever written in it; only who is its last author can.
#[utoipa::path(delete, path = "/drafts/{key}", tag = "drafts",
    params(("key" = String, Path, description = "Key of the draft"), SeatQuery), security(("bearer" = [])),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub(super) async fn discard_draft(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiQuery(seat): ApiQuery<SeatQuery>,
) -> Result<StatusCode, Problem> {
    service.discard_draft(reader.caller()?, seat.desk(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks somebody of this instance to write along.
#[utoipa::path(post, path = "/drafts/{key}/invitations", tag = "drafts", request_body = DraftInvitation,
    params(("key" = String, Path, description = "Key of the draft")), security(("bearer" = [])),
    responses((status = 200, body = DraftEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn invite_to_draft(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiJson(body): ApiJson<DraftInvitation>,
) -> Answer<DraftEntity> {
    let desk = desk(&id, body.on_behalf_of)?;
    let id = desk.draft;
    service.invite_to_draft(reader.caller()?, desk, &body.handle).await?;
    shown(&service, &reader, id).await
}

/// Answers an invitation. Who declines does not see the draft any more.
#[utoipa::path(post, path = "/drafts/{key}/answer", tag = "drafts", request_body = DraftAnswer,
    params(("key" = String, Path, description = "Key of the draft")), security(("bearer" = [])),
    responses((status = 200, body = DraftSummary), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn answer_invitation(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiJson(body): ApiJson<DraftAnswer>,
) -> Answer<DraftSummary> {
    let (id, caller) = (key(&id)?, reader.caller()?);
    let row = service.drafts(caller).await?.into_iter().find(|row| row.id == id).ok_or(NO_DRAFT)?;
    let desk = Desk { draft: id, on_behalf_of: body.on_behalf_of };
    service.answer_invitation(caller, desk, body.joins).await?;
    let state = service.drafts(caller).await?.into_iter().find(|row| row.id == id);
    Ok(ok(state.unwrap_or(row).into()))
}

/// Leaves a draft: one's words stay, one's name does not. Who was the last author discards it instead.
#[utoipa::path(post, path = "/drafts/{key}/leave", tag = "drafts",
    params(("key" = String, Path, description = "Key of the draft"), SeatQuery), security(("bearer" = [])),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn leave_draft(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiQuery(seat): ApiQuery<SeatQuery>,
) -> Result<StatusCode, Problem> {
    service.leave_draft(reader.caller()?, seat.desk(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Agrees to the text and the names as they were read; every later change ends it.
#[utoipa::path(post, path = "/drafts/{key}/agreement", tag = "drafts", request_body = DraftAgreement,
    params(("key" = String, Path, description = "Key of the draft")), security(("bearer" = [])),
    responses((status = 200, body = DraftEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn agree_to_draft(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiJson(body): ApiJson<DraftAgreement>,
) -> Answer<DraftEntity> {
    let desk = desk(&id, body.on_behalf_of)?;
    let id = desk.draft;
    service.agree_to_draft(reader.caller()?, desk, &body.digest).await?;
    shown(&service, &reader, id).await
}

/// Puts new paragraphs into a draft.
#[utoipa::path(post, path = "/drafts/{key}/blocks", tag = "drafts", request_body = DraftText,
    params(("key" = String, Path, description = "Key of the draft")), security(("bearer" = [])),
    responses((status = 201, body = PlacedEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn insert_draft_blocks(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiJson(body): ApiJson<DraftText>,
) -> Answer<PlacedEntity> {
    let after = key_or_none(body.after.as_deref())?;
    let desk = desk(&id, body.on_behalf_of)?;
    let placed = service.insert_draft_blocks(reader.caller()?, desk, after, &body.source).await?;
    Ok(Private(StatusCode::CREATED, placed.into()))
}

/// Saves a part. Saved by somebody else from the same version, it is a 409 whose `clash` holds both texts and the one both
/// began from; send the text you choose with its `version`.
#[utoipa::path(put, path = "/drafts/{key}/blocks/{block}", tag = "drafts", request_body = DraftWords,
    params(("key" = String, Path, description = "Key of the draft"), ("block" = String, Path, description = "Key of the part")), security(("bearer" = [])),
    responses((status = 200, body = PlacedEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn save_draft_block(
    State(service): State<Service>,
    reader: Reader,
    Path((id, block)): Path<(String, String)>,
    ApiJson(body): ApiJson<DraftWords>,
) -> Answer<PlacedEntity> {
    let new = NewWords { source: body.source, version: body.version };
    let caller = reader.caller()?;
    let desk = desk(&id, body.on_behalf_of)?;
    Ok(ok(service.save_draft_block(caller, desk, key(&block)?, new).await?.into()))
}

/// The version of a part that was read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SeenVersion {
    /// Its `version`.
    version: i64,
    /// The organisation in whose name it is done, by actor id.
    on_behalf_of: Option<String>,
}

/// Takes a paragraph out; its words stay with the draft.
#[utoipa::path(delete, path = "/drafts/{key}/blocks/{block}", tag = "drafts",
    params(("key" = String, Path, description = "Key of the draft"), ("block" = String, Path, description = "Key of the part"), SeenVersion), security(("bearer" = [])),
    responses((status = 200, body = PlacedEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn remove_draft_block(
    State(service): State<Service>,
    reader: Reader,
    Path((id, block)): Path<(String, String)>,
    ApiQuery(query): ApiQuery<SeenVersion>,
) -> Answer<PlacedEntity> {
    let part = (key(&block)?, query.version);
    let desk = desk(&id, query.on_behalf_of)?;
    Ok(ok(service.remove_draft_block(reader.caller()?, desk, part).await?.into()))
}

/// Moves a paragraph behind another, or to the beginning.
#[utoipa::path(post, path = "/drafts/{key}/blocks/{block}/move", tag = "drafts", request_body = DraftMove,
    params(("key" = String, Path, description = "Key of the draft"), ("block" = String, Path, description = "Key of the part")), security(("bearer" = [])),
    responses((status = 200, body = PlacedEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn move_draft_block(
    State(service): State<Service>,
    reader: Reader,
    Path((id, block)): Path<(String, String)>,
    ApiJson(body): ApiJson<DraftMove>,
) -> Answer<PlacedEntity> {
    let to = (key_or_none(body.after.as_deref())?, body.arrangement);
    let caller = reader.caller()?;
    let desk = desk(&id, body.on_behalf_of)?;
    Ok(ok(service.move_draft_block(caller, desk, key(&block)?, to).await?.into()))
}

/// Puts back a paragraph that was taken out.
#[utoipa::path(post, path = "/drafts/{key}/blocks/{block}/restore", tag = "drafts",
    params(("key" = String, Path, description = "Key of the draft"), ("block" = String, Path, description = "Key of the part"), SeatQuery), security(("bearer" = [])),
    responses((status = 200, body = PlacedEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn restore_draft_block(
    State(service): State<Service>,
    reader: Reader,
    Path((id, block)): Path<(String, String)>,
    ApiQuery(seat): ApiQuery<SeatQuery>,
) -> Answer<PlacedEntity> {
    let caller = reader.caller()?;
    Ok(ok(service.restore_draft_block(caller, seat.desk(&id)?, key(&block)?).await?.into()))
}

/// Every version of a part, first to last: nothing that was written is lost.
#[utoipa::path(get, path = "/drafts/{key}/blocks/{block}/versions", tag = "drafts",
    params(("key" = String, Path, description = "Key of the draft"), ("block" = String, Path, description = "Key of the part")), security(("bearer" = [])),
    responses((status = 200, body = List<DraftBlockEntity>), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_draft_versions(
    State(service): State<Service>,
    reader: Reader,
    Path((id, block)): Path<(String, String)>,
) -> Answer<List<DraftBlockEntity>> {
    let versions = service.draft_versions(reader.0.as_ref(), key(&id)?, key(&block)?).await?;
    let items = versions.into_iter().map(DraftBlockEntity::from).collect();
    Ok(ok(List { items, next: None }))
}

/// Publishes a draft: an opinion with all its authors, or the next revision of one. Those who agreed to exactly this text
/// confirm it with their own key at once; the others are named, not confirmed.
#[utoipa::path(post, path = "/drafts/{key}/publication", tag = "drafts", request_body = DraftRelease,
    params(("key" = String, Path, description = "Key of the draft")), security(("bearer" = [])),
    responses((status = 201, body = Opinion), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn publish_draft(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiJson(body): ApiJson<DraftRelease>,
) -> Answer<Opinion> {
    let status = status_of(body.status.as_deref())?.unwrap_or(OpinionStatus::Open);
    let letter = body.letter.map(deadline).transpose()?;
    let release = Release { digest: body.digest, status, letter };
    let acted = service.publish_draft(reader.caller()?, key(&id)?, release).await?;
    let mut opinion = Opinion::from(service.opinion(&acted.uri, None).await?);
    opinion.receipt = Some(acted.receipt.into());
    Ok(Private(StatusCode::CREATED, opinion))
}

/// Goes on from the current revision, whose changes were read.
#[utoipa::path(post, path = "/drafts/{key}/base", tag = "drafts", request_body = DraftBase,
    params(("key" = String, Path, description = "Key of the draft")), security(("bearer" = [])),
    responses((status = 200, body = DraftEntity), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn rebase_draft(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
    ApiJson(body): ApiJson<DraftBase>,
) -> Answer<DraftEntity> {
    let desk = desk(&id, body.on_behalf_of)?;
    let id = desk.draft;
    service.rebase_draft(reader.caller()?, desk, body.revision).await?;
    shown(&service, &reader, id).await
}

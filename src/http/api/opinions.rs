//! Endpoints of opinions and their revisions.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::{
    super::{
        extract::{ApiJson, ApiQuery, Bearer},
        problem::Problem,
    },
    BASE,
    entity::{
        ConfirmationDraft, Letter, List, Opinion, OpinionDraft, Position, Revision, RevisionDraft,
        StatusDraft, TakenBack,
    },
    paging::{PageQuery, Place, Run},
};
use crate::{
    domain::{letter::Deadline, opinion::OpinionStatus},
    service::{
        FieldError, Service, ServiceError,
        drafts::Confirmation,
        opinions::{NewOpinion, NewRevision, NewStatus},
        read::OpinionView,
    },
};

/// The status that a word names.
pub(super) fn status_of(word: Option<&str>) -> Result<Option<OpinionStatus>, ServiceError> {
    word.map(str::parse)
        .transpose()
        .map_err(|error| ServiceError::Invalid(vec![FieldError::new("status", unknown(&error))]))
}

fn unknown(error: &crate::domain::UnknownWord) -> String {
    error.to_string()
}

/// The opinions of a topic, newest first.
#[utoipa::path(get, path = "/topics/{slug}/opinions", tag = "opinions",
    params(("slug" = String, Path, description = "Slug of the topic here"), PageQuery),
    responses((status = 200, body = List<Opinion>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_opinions(
    State(service): State<Service>,
    Path(slug): Path<String>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<List<Opinion>>, Problem> {
    let room = service.room(&slug).await?;
    let opinions = service.opinions(&room).await?;
    let place = |view: &OpinionView| Place { at_millis: view.opinion.published, key: view.key };
    Ok(Json(page.list(
        &format!("{BASE}/topics/{slug}/opinions"),
        opinions,
        Run::Descending,
        place,
    )?))
}

/// Publishes an opinion.
#[utoipa::path(post, path = "/topics/{slug}/opinions", tag = "opinions", request_body = OpinionDraft,
    params(("slug" = String, Path, description = "Slug of the topic here")), security(("bearer" = [])),
    responses((status = 201, body = Opinion), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create_opinion(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(slug): Path<String>,
    ApiJson(draft): ApiJson<OpinionDraft>,
) -> Result<(StatusCode, Json<Opinion>), Problem> {
    let room = service.room(&slug).await?;
    let new = NewOpinion {
        status: status_of(draft.status.as_deref())?.unwrap_or(OpinionStatus::Open),
        name: draft.name,
        abstract_text: draft.abstract_text,
        source: draft.source,
        language: draft.language,
    };
    let letter = draft.letter.map(deadline).transpose()?;
    let acted = service.publish_letter(&caller, room, new, letter).await?;
    let mut opinion = Opinion::from(service.opinion(&acted.uri, None).await?);
    opinion.receipt = Some(acted.receipt.into());
    Ok((StatusCode::CREATED, Json(opinion)))
}

/// One opinion with its current revision.
#[utoipa::path(get, path = "/opinions/{key}", tag = "opinions",
    params(("key" = String, Path, description = "Key of the opinion")),
    responses((status = 200, body = Opinion), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
pub(super) async fn show_opinion(
    State(service): State<Service>,
    Path(key): Path<String>,
) -> Result<Json<Opinion>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    Ok(Json(service.opinion(&uri, None).await?.into()))
}

/// Deletes an opinion: its words go, its place in the record stays. To keep the words, withdraw it by a revision
/// with the status `withdrawn`.
#[utoipa::path(delete, path = "/opinions/{key}", tag = "opinions",
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 200, body = TakenBack), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem)))]
pub(super) async fn delete_opinion(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<Json<TakenBack>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let acted = service.delete_opinion(&caller, &uri).await?;
    Ok(Json(TakenBack::new(uri, acted)))
}

/// Makes an opinion a letter that asks for signatures until a moment, or moves that moment. Its words stay.
#[utoipa::path(put, path = "/opinions/{key}/letter", tag = "opinions", request_body = Letter,
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 200, body = Opinion), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn set_letter(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(letter): ApiJson<Letter>,
) -> Result<Json<Opinion>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let acted = service.set_letter(&caller, &uri, Some(deadline(letter)?)).await?;
    let mut opinion = Opinion::from(service.opinion(&uri, None).await?);
    opinion.receipt = Some(acted.receipt.into());
    Ok(Json(opinion))
}

/// Makes a letter an opinion like the others. All signatures stay.
#[utoipa::path(delete, path = "/opinions/{key}/letter", tag = "opinions",
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 200, body = TakenBack), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn delete_letter(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
) -> Result<Json<TakenBack>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let acted = service.set_letter(&caller, &uri, None).await?;
    Ok(Json(TakenBack::new(uri, acted)))
}

pub(super) fn deadline(letter: Letter) -> Result<Deadline, Problem> {
    let Letter { closes, zone } = letter;
    Deadline::given(closes, &zone)
        .map_err(|error| Problem::invalid_field("letter.zone", error.to_string()))
}

/// The revisions of an opinion, first to last.
#[utoipa::path(get, path = "/opinions/{key}/revisions", tag = "opinions",
    params(("key" = String, Path, description = "Key of the opinion"), PageQuery),
    responses((status = 200, body = List<Revision>), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_revisions(
    State(service): State<Service>,
    Path(key): Path<String>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<List<Revision>>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    // Two revisions may bear one number (equivocation): their place in the list tells them apart.
    let revisions: Vec<(i64, Revision)> =
        (0..).zip(Revision::all_of(service.opinion(&uri, None).await?)).collect();
    let place = |(at, _): &(i64, Revision)| Place { at_millis: *at, key: *at };
    let path = format!("{BASE}/opinions/{key}/revisions");
    let list: List<Numbered> = page.list(&path, revisions, Run::Ascending, place)?;
    let items = list.items.into_iter().map(|numbered| numbered.0).collect();
    Ok(Json(List { items, next: list.next }))
}

struct Numbered(Revision);

impl From<(i64, Revision)> for Numbered {
    fn from((_, revision): (i64, Revision)) -> Self {
        Self(revision)
    }
}

/// Publishes a new revision, or changes only the status.
#[utoipa::path(post, path = "/opinions/{key}/revisions", tag = "opinions", request_body = RevisionDraft,
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 201, body = Opinion), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn create_revision(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<RevisionDraft>,
) -> Result<(StatusCode, Json<Opinion>), Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let new = NewRevision {
        name: None,
        status: status_of(draft.status.as_deref())?,
        source: draft.source,
        abstract_text: draft.abstract_text,
        change_note: draft.change_note,
    };
    let acted = service.revise_opinion(&caller, &uri, new).await?;
    let mut opinion = Opinion::from(service.opinion(&uri, None).await?);
    opinion.receipt = Some(acted.receipt.into());
    Ok((StatusCode::CREATED, Json(opinion)))
}

/// One revision. Where two were signed under one number, the one that is shown as current, else the first.
#[utoipa::path(get, path = "/opinions/{key}/revisions/{n}", tag = "opinions",
    params(("key" = String, Path, description = "Key of the opinion"), ("n" = i64, Path, description = "1, 2, 3 …")),
    responses((status = 200, body = Revision), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
pub(super) async fn show_revision(
    State(service): State<Service>,
    Path((key, n)): Path<(String, String)>,
) -> Result<Json<Revision>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let not_found = ServiceError::NotFound { what: "revision" };
    let Ok(number) = n.parse::<i64>() else { return Err(not_found.into()) };
    // Of one that is not held, the answer names those that are.
    let mut revisions = Revision::all_of(service.opinion(&uri, Some(number)).await?);
    revisions.retain(|revision| revision.revision == number);
    let current = revisions.iter().position(|revision| revision.current).unwrap_or_default();
    match revisions.into_iter().nth(current) {
        Some(revision) => Ok(Json(revision)),
        None => Err(not_found.into()),
    }
}

/// Gives an opinion another status and says why; its text, its revision and the positions on it stay.
#[utoipa::path(post, path = "/opinions/{key}/status", tag = "opinions", request_body = StatusDraft,
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 200, body = Opinion), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn change_status(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<StatusDraft>,
) -> Result<Json<Opinion>, Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let status = status_of(Some(&draft.status))?.unwrap_or(OpinionStatus::Open);
    let new = NewStatus { status, reason: draft.reason, superseded_by: draft.superseded_by };
    let acted = service.change_status(&caller, &uri, new).await?;
    let mut opinion = Opinion::from(service.opinion(&uri, None).await?);
    opinion.receipt = Some(acted.receipt.into());
    Ok(Json(opinion))
}

/// Says of a revision that names the caller as a co-author that it is theirs too: a position of support in that role,
/// signed with their own key.
#[utoipa::path(post, path = "/opinions/{key}/confirmation", tag = "opinions", request_body = ConfirmationDraft,
    params(("key" = String, Path, description = "Key of the opinion")), security(("bearer" = [])),
    responses((status = 201, body = Position), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn confirm_authorship(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<ConfirmationDraft>,
) -> Result<(StatusCode, Json<Position>), Problem> {
    let uri = service.object_uri(&key, "opinion").await?;
    let confirmation = Confirmation { revision: draft.revision, on_behalf_of: draft.on_behalf_of };
    let acted = service.confirm_authorship(&caller, &uri, confirmation).await?;
    let mut position = Position::from(service.position_view(&acted.uri).await?);
    position.receipt = Some(acted.receipt.into());
    Ok((StatusCode::CREATED, Json(position)))
}

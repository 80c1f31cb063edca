//! What became of comments and positions, the versions of a comment, and the ledger of a topic: what the API says of
//! them and its endpoints.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    super::{
        extract::{ApiJson, ApiQuery, Bearer},
        problem::Problem,
    },
    BASE,
    entity::{Comment, List, Participant, Position, Receipt},
    paging::{PageQuery, Place, Run},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        UnknownWord,
        comment::CommentKind,
        disposition::{LedgerState, Outcome},
        order::Order,
    },
    record::fold,
    service::{
        FieldError, Service, ServiceError,
        acts::Acted,
        comments::CommentEdit,
        dispositions::{DispositionView, NewDisposition},
        ledger::{LedgerRow, Line, Raised},
    },
};

/// What somebody says became of a comment or a position.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disposition {
    /// Id of the Note that says it.
    pub id: String,
    /// This instance's key.
    pub key: String,
    /// Id of the comment or position.
    pub of: String,
    /// Id of the activity that made the version it answers.
    pub of_version: Option<String>,
    /// `accepted`, `partly`, `not-accepted`, `out-of-scope` or `addressed-not-accommodated`.
    pub outcome: String,
    /// Why, plain text.
    pub reason: String,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// Number of the revision that did it.
    pub revision: Option<i64>,
    /// Its digest.
    pub revision_digest: Option<String>,
    /// Where it belongs instead.
    pub venue: Option<String>,
    /// Whose word it is.
    pub author: Participant,
    /// For whom they say to speak.
    pub on_behalf_of: Option<String>,
    /// Whether that organisation confirms it.
    pub confirmed: bool,
    /// Whether they are an author of the opinion or a facilitator of the topic. Of the words that bind the last is the
    /// answer.
    pub binding: bool,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// Hash of its entry.
    pub entry: String,
}

impl From<DispositionView> for Disposition {
    fn from(view: DispositionView) -> Self {
        let said = view.disposition;
        Self {
            id: said.uri,
            key: view.key.to_string(),
            of: said.of_uri,
            of_version: said.of_version,
            outcome: said.outcome,
            reason: said.reason,
            language: said.language,
            revision: said.revision,
            revision_digest: said.revision_digest,
            venue: said.venue,
            author: view.author.into(),
            on_behalf_of: said.on_behalf_of,
            confirmed: view.confirmed,
            binding: view.counts,
            published: Timestamp::from_millis(said.published),
            entry: said.entry_hash,
        }
    }
}

/// Says what became of a comment or a position.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DispositionDraft {
    /// `accepted`, `partly`, `not-accepted`, `out-of-scope` or `addressed-not-accommodated`.
    #[serde(default)]
    #[schema(required)]
    pub outcome: String,
    /// Why, plain text, at most 2,000 characters.
    #[serde(default)]
    #[schema(required)]
    pub reason: String,
    /// Number of the revision that did it; needed for `accepted` and `partly`.
    pub revision: Option<i64>,
    /// Where it belongs instead.
    pub venue: Option<String>,
    /// BCP 47; the opinion's where not given.
    pub language: Option<String>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

/// One version of a comment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// 1, 2, 3 … in the order in which they were written.
    #[serde(rename = "version")]
    pub nth: usize,
    /// Its kind then.
    pub kind: String,
    /// HTML exactly as signed: sanitise it before showing it. Empty where the comment was deleted.
    pub content: String,
    /// Markdown, where its author's server gave it.
    pub source: Option<String>,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// When a room first took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// Whether it is the one shown.
    pub current: bool,
    /// Hash of its entry.
    pub entry: String,
    /// Id of its activity.
    pub activity: String,
}

impl From<(usize, fold::Version)> for Version {
    fn from((nth, made): (usize, fold::Version)) -> Self {
        Self {
            nth,
            kind: made.kind,
            content: made.content,
            source: made.source,
            language: made.language,
            published: made.written,
            received_at: made.received,
            current: made.current,
            entry: made.entry_hash,
            activity: made.activity_id,
        }
    }
}

/// Writes a comment anew.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionDraft {
    /// Markdown of the whole. Characters that nobody sees, or that turn the direction of what follows, are left out.
    #[serde(default)]
    #[schema(required)]
    pub content: String,
    /// Its kind, where that changes.
    pub kind: Option<String>,
    /// BCP 47, where that changes.
    pub language: Option<String>,
}

/// An objection, a concern or a question, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerLine {
    /// Id of the opinion it is on.
    pub opinion: String,
    /// This instance's key for that.
    pub opinion_key: String,
    /// The comment that raised it; null where a position did.
    pub comment: Option<Comment>,
    /// The position that raised it; null where a comment did.
    pub position: Option<Position>,
    /// `open`, `accommodated`, `addressed` or `withdrawn`.
    pub state: &'static str,
    /// Whole days it waits or waited; null where it was taken back.
    pub days_open: Option<i64>,
    /// The word that counts: the last by who may.
    pub answer: Option<Disposition>,
}

impl From<LedgerRow> for LedgerLine {
    fn from(row: LedgerRow) -> Self {
        let (comment, position) = match row.raised {
            Raised::Comment(view) => (Some(view.into()), None),
            Raised::Position(view) => (None, Some(view.into())),
        };
        Self {
            opinion: row.opinion.uri,
            opinion_key: row.opinion_key.to_string(),
            comment,
            position,
            state: row.state.word(),
            days_open: row.days_open,
            answer: row.answer.map(Disposition::from),
        }
    }
}

/// The word that says became of it, with its receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct Disposed {
    /// What was said.
    #[serde(flatten)]
    pub disposition: Disposition,
    /// Its receipt.
    pub receipt: Receipt,
}

/// What became of a comment, oldest word first. All that was said is listed; `binding` tells whose word counts.
#[utoipa::path(get, path = "/comments/{key}/dispositions", tag = "comments",
    params(("key" = String, Path, description = "Key of the comment")),
    responses((status = 200, body = List<Disposition>), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
pub(super) async fn list_comment_dispositions(
    State(service): State<Service>,
    Path(key): Path<String>,
) -> Result<Json<List<Disposition>>, Problem> {
    listed(&service, &service.object_uri(&key, "comment").await?).await
}

/// What became of a position that is a reply: a concern, an objection, a neutral stand.
#[utoipa::path(get, path = "/positions/{key}/dispositions", tag = "positions",
    params(("key" = String, Path, description = "Key of the position")),
    responses((status = 200, body = List<Disposition>), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn list_position_dispositions(
    State(service): State<Service>,
    Path(key): Path<String>,
) -> Result<Json<List<Disposition>>, Problem> {
    listed(&service, &service.object_uri(&key, "position").await?).await
}

async fn listed(service: &Service, uri: &str) -> Result<Json<List<Disposition>>, Problem> {
    let said = service.dispositions_on(uri).await?;
    Ok(Json(List { items: said.into_iter().map(Disposition::from).collect(), next: None }))
}

/// Says what became of a comment: for its opinion's authors and the topic's facilitators.
#[utoipa::path(post, path = "/comments/{key}/dispositions", tag = "comments", request_body = DispositionDraft,
    params(("key" = String, Path, description = "Key of the comment")), security(("bearer" = [])),
    responses((status = 201, body = Disposed), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn create_comment_disposition(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<DispositionDraft>,
) -> Result<(StatusCode, Json<Disposed>), Problem> {
    let uri = service.object_uri(&key, "comment").await?;
    let acted = service.dispose(&caller, &uri, read(draft)?).await?;
    disposed(&service, &uri, acted).await
}

/// Says what became of a position that is a reply: for its opinion's authors and the topic's facilitators.
#[utoipa::path(post, path = "/positions/{key}/dispositions", tag = "positions", request_body = DispositionDraft,
    params(("key" = String, Path, description = "Key of the position")), security(("bearer" = [])),
    responses((status = 201, body = Disposed), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn create_position_disposition(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<DispositionDraft>,
) -> Result<(StatusCode, Json<Disposed>), Problem> {
    let uri = service.object_uri(&key, "position").await?;
    let acted = service.dispose(&caller, &uri, read(draft)?).await?;
    disposed(&service, &uri, acted).await
}

fn read(draft: DispositionDraft) -> Result<NewDisposition, ServiceError> {
    let outcome = draft.outcome.parse::<Outcome>();
    let outcome = outcome
        .map_err(|error: UnknownWord| ServiceError::invalid("outcome", error.to_string()))?;
    Ok(NewDisposition {
        outcome,
        reason: draft.reason,
        revision: draft.revision,
        venue: draft.venue,
        language: draft.language,
        on_behalf_of: draft.on_behalf_of,
    })
}

async fn disposed(
    service: &Service,
    of: &str,
    acted: Acted,
) -> Result<(StatusCode, Json<Disposed>), Problem> {
    let said = service.dispositions_on(of).await?;
    let made = said
        .into_iter()
        .find(|view| view.disposition.uri == acted.uri)
        .ok_or(ServiceError::NotFound { what: "disposition" })?;
    let body = Disposed { disposition: made.into(), receipt: acted.receipt.into() };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Every version of a comment, first to last. None is lost by a later one.
#[utoipa::path(get, path = "/comments/{key}/versions", tag = "comments",
    params(("key" = String, Path, description = "Key of the comment")),
    responses((status = 200, body = List<Version>), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn list_versions(
    State(service): State<Service>,
    Path(key): Path<String>,
) -> Result<Json<List<Version>>, Problem> {
    let uri = service.object_uri(&key, "comment").await?;
    let versions = service.comment_versions(&uri).await?;
    Ok(Json(List { items: (1..).zip(versions).map(Version::from).collect(), next: None }))
}

/// Writes a comment of the caller's anew. What it answers and is about stays; its earlier versions stay public.
#[utoipa::path(post, path = "/comments/{key}/versions", tag = "comments", request_body = VersionDraft,
    params(("key" = String, Path, description = "Key of the comment")), security(("bearer" = [])),
    responses((status = 201, body = Comment), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn create_version(
    State(service): State<Service>,
    Bearer(caller): Bearer,
    Path(key): Path<String>,
    ApiJson(draft): ApiJson<VersionDraft>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    let uri = service.object_uri(&key, "comment").await?;
    let kind = draft.kind.as_deref().map(str::parse::<CommentKind>).transpose();
    let edit = CommentEdit {
        kind: kind
            .map_err(|error: UnknownWord| ServiceError::invalid("kind", error.to_string()))?,
        content: draft.content,
        language: draft.language,
        ..CommentEdit::default()
    };
    let acted = service.edit_comment(&caller, &uri, edit).await?;
    let mut comment = Comment::from(service.comment_view(&uri).await?);
    comment.receipt = Some(acted.receipt.into());
    Ok((StatusCode::CREATED, Json(comment)))
}

/// Which lines of a ledger.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerQuery {
    /// `fair` (the default), `newest`, `document` or `unanswered`.
    order: Option<String>,
    /// `open`, `accommodated`, `addressed` or `withdrawn`: only those.
    state: Option<String>,
    /// Most items wanted, 1 to 200; 50 where not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// Where to go on, as in `next`.
    after: Option<String>,
}

/// Every objection, concern and question of a topic, whether a comment or a position raised it, and what became of it.
#[utoipa::path(get, path = "/topics/{slug}/ledger", tag = "topics",
    params(("slug" = String, Path, description = "Slug of the topic here"), LedgerQuery),
    responses((status = 200, body = List<LedgerLine>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn show_ledger(
    State(service): State<Service>,
    Path(slug): Path<String>,
    ApiQuery(query): ApiQuery<LedgerQuery>,
) -> Result<Json<List<LedgerLine>>, Problem> {
    let room = service.room(&slug).await?;
    let order = order(query.order.as_deref())?;
    let state = query.state.as_deref().map(str::parse::<LedgerState>).transpose();
    let state =
        state.map_err(|error: UnknownWord| ServiceError::invalid("state", error.to_string()))?;
    let (lines, _) = service.ledger(&room, order, state).await?;
    let mut path = format!("{BASE}/topics/{slug}/ledger?order={order}");
    if let Some(state) = state {
        path.push_str("&state=");
        path.push_str(state.word());
    }
    let page = PageQuery { limit: query.limit, after: query.after };
    let place =
        |line: &Line| Place { at_millis: line.standing.published.as_millis(), key: line.cursor() };
    let (lines, next) = page.cut(lines, Run::Descending, place)?;
    let rows = service.ledger_rows(&room, lines).await?;
    Ok(Json(List {
        items: rows.into_iter().map(LedgerLine::from).collect(),
        next: next.map(|query| format!("{path}&{query}")),
    }))
}

/// Reads the word of an order; the default where none is given.
pub(super) fn order(word: Option<&str>) -> Result<Order, ServiceError> {
    word.map(str::parse).transpose().map(Option::unwrap_or_default).map_err(|error: UnknownWord| {
        ServiceError::Invalid(vec![FieldError::new("order", error.to_string())])
    })
}

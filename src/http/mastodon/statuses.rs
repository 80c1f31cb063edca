//! Statuses: read, written, marked.

use axum::{
    Json, Router,
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    accounts::key,
    bearer::{
        By, Need, ReadBookmarks, ReadFavourites, ReadStatuses, WriteAccounts, WriteBookmarks,
        WriteFavourites, WriteMutes, WriteStatuses,
    },
    body::{Params, Query},
    entity::{Account, Context, Status, StatusEdit, StatusSource},
    failure::Failure,
    media::Said,
    paging::{PageQuery, by_offset, page_of_statuses},
};
use crate::{
    base::limits::{CLIENT_PAGE_ITEMS_MAX, CLIENT_PEOPLE_MAX},
    http::state::HttpState,
    service::{
        Service,
        clients::{Mark, NewPost},
        media::PictureChoice,
    },
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/statuses", post(create).get(several))
        .route("/statuses/{id}", get(show).put(edit).delete(delete))
        .route("/statuses/{id}/context", get(context))
        .route("/statuses/{id}/source", get(source))
        .route("/statuses/{id}/history", get(history))
        .route("/statuses/{id}/favourited_by", get(favourited_by))
        .route("/statuses/{id}/reblogged_by", get(reblogged_by))
        .route("/statuses/{id}/favourite", post(favourite))
        .route("/statuses/{id}/unfavourite", post(unfavourite))
        .route("/statuses/{id}/reblog", post(reblog))
        .route("/statuses/{id}/unreblog", post(unreblog))
        .route("/statuses/{id}/bookmark", post(bookmark))
        .route("/statuses/{id}/unbookmark", post(unbookmark))
        .route("/statuses/{id}/pin", post(pin))
        .route("/statuses/{id}/unpin", post(unpin))
        .route("/statuses/{id}/mute", post(mute))
        .route("/statuses/{id}/unmute", post(unmute))
        .route("/favourites", get(favourites))
        .route("/bookmarks", get(bookmarks))
}

/// What is posted.
#[derive(Debug, Deserialize)]
struct NewStatus {
    #[serde(default)]
    status: String,
    in_reply_to_id: Option<String>,
    spoiler_text: Option<String>,
    language: Option<String>,
    visibility: Option<String>,
    media_ids: Option<Vec<String>>,
    #[serde(default)]
    media_attributes: Vec<MediaAttributes>,
    poll: Option<Poll>,
    scheduled_at: Option<String>,
}

/// What is said of a picture from now on.
#[derive(Debug, Deserialize)]
struct MediaAttributes {
    id: String,
    description: Option<String>,
    focus: Option<String>,
}

/// A poll: there are none here.
#[derive(Debug, Deserialize)]
struct Poll {}

impl NewStatus {
    /// Refuses what would be something else here than its author meant: above all a private reply made public.
    fn read(self, name: Option<String>) -> Result<NewPost, Failure> {
        let given =
            |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        if matches!(self.visibility.as_deref(), Some("private" | "direct")) {
            return Err(Failure::invalid("Visibility: what is said in a topic is public"));
        }
        if self.poll.is_some() {
            return Err(Failure::invalid("Poll: there are none here; take a position instead"));
        }
        if given(&self.scheduled_at) {
            return Err(Failure::invalid("Scheduled at: a reply is posted at once"));
        }
        let in_reply_to = match self.in_reply_to_id.filter(|id| !id.trim().is_empty()) {
            Some(id) => Some(key(id.trim())?),
            None => None,
        };
        let pictures = pictures(self.media_ids, self.media_attributes)?;
        Ok(NewPost {
            pictures,
            text: self.status,
            warning: self.spoiler_text,
            in_reply_to,
            language: self.language.filter(|tag| !tag.trim().is_empty()),
            name,
        })
    }
}

/// The pictures of a post; an id that is no number is no picture of anybody here.
fn pictures(
    ids: Option<Vec<String>>,
    said: Vec<MediaAttributes>,
) -> Result<PictureChoice, Failure> {
    let keys = ids.map(|ids| {
        let ids = ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty());
        ids.map(|id| id.parse().unwrap_or_default()).collect()
    });
    let captions = said.into_iter().map(|one| {
        let MediaAttributes { id, description, focus } = one;
        Ok((id.trim().parse().unwrap_or_default(), Said { description, focus }.read()?))
    });
    Ok(PictureChoice { keys, captions: captions.collect::<Result<_, Failure>>()? })
}

async fn create(
    State(service): State<Service>,
    by: By<WriteStatuses>,
    headers: HeaderMap,
    Params(new): Params<NewStatus>,
) -> Result<Json<Status>, Failure> {
    let name = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    let new = new.read(name.map(str::to_owned))?;
    let view = Box::pin(service.write_post(&by.caller, new)).await?;
    Ok(Json(Status::of(&view, service.paths.origin())))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    id: Vec<String>,
}

async fn several(
    State(service): State<Service>,
    by: Option<By<ReadStatuses>>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<Status>>, Failure> {
    let reader = by.as_ref().map(|by| &by.caller);
    let most = usize::try_from(CLIENT_PAGE_ITEMS_MAX).unwrap_or(usize::MAX);
    let keys: Vec<i64> = which.id.iter().filter_map(|id| id.parse().ok()).take(most).collect();
    let views = service.posts_keyed(&keys, reader).await?;
    let origin = service.paths.origin();
    Ok(Json(views.iter().map(|view| Status::of(view, origin)).collect()))
}

async fn show(
    State(service): State<Service>,
    by: Option<By<ReadStatuses>>,
    Path(id): Path<String>,
) -> Result<Json<Status>, Failure> {
    let view = service.post(key(&id)?, by.as_ref().map(|by| &by.caller)).await?;
    Ok(Json(Status::of(&view, service.paths.origin())))
}

async fn edit(
    State(service): State<Service>,
    by: By<WriteStatuses>,
    Path(id): Path<String>,
    Params(new): Params<NewStatus>,
) -> Result<Json<Status>, Failure> {
    let edit = NewStatus { visibility: None, in_reply_to_id: None, ..new }.read(None)?;
    let view = Box::pin(service.edit_post(&by.caller, key(&id)?, edit)).await?;
    Ok(Json(Status::of(&view, service.paths.origin())))
}

async fn delete(
    State(service): State<Service>,
    by: By<WriteStatuses>,
    Path(id): Path<String>,
) -> Result<Json<Status>, Failure> {
    let view = Box::pin(service.delete_post(&by.caller, key(&id)?)).await?;
    Ok(Json(Status::deleted(&view, service.paths.origin())))
}

async fn context(
    State(service): State<Service>,
    by: Option<By<ReadStatuses>>,
    Path(id): Path<String>,
) -> Result<Json<Context>, Failure> {
    let reader = by.as_ref().map(|by| &by.caller);
    let (above, below) = service.post_context(key(&id)?, reader).await?;
    let origin = service.paths.origin();
    Ok(Json(Context {
        ancestors: above.iter().map(|view| Status::of(view, origin)).collect(),
        descendants: below.iter().map(|view| Status::of(view, origin)).collect(),
    }))
}

async fn source(
    State(service): State<Service>,
    by: By<ReadStatuses>,
    Path(id): Path<String>,
) -> Result<Json<StatusSource>, Failure> {
    Ok(Json(StatusSource::from(&service.post(key(&id)?, Some(&by.caller)).await?)))
}

async fn history(
    State(service): State<Service>,
    _by: Option<By<ReadStatuses>>,
    Path(id): Path<String>,
) -> Result<Json<Vec<StatusEdit>>, Failure> {
    let key = key(&id)?;
    let view = service.post(key, None).await?;
    let account = Account::of(&view.author, service.paths.origin());
    let versions = service.post_versions(key).await?;
    Ok(Json(versions.into_iter().map(|one| StatusEdit::of(one, account.clone())).collect()))
}

async fn favourited_by(
    service: State<Service>,
    uri: OriginalUri,
    id: Path<String>,
    paging: Query<PageQuery>,
) -> Result<Response, Failure> {
    marked_by(service, uri, id, paging, Mark::Favourite).await
}

async fn reblogged_by(
    service: State<Service>,
    uri: OriginalUri,
    id: Path<String>,
    paging: Query<PageQuery>,
) -> Result<Response, Failure> {
    marked_by(service, uri, id, paging, Mark::Boost).await
}

async fn marked_by(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    Query(paging): Query<PageQuery>,
    mark: Mark,
) -> Result<Response, Failure> {
    let (limit, offset) = (paging.limit(CLIENT_PEOPLE_MAX), paging.offset());
    let people = service.marked_by(key(&id)?, mark, limit + 1, offset).await?;
    let origin = service.paths.origin();
    let accounts = people.iter().map(|view| Account::of(view, origin)).collect();
    Ok(by_offset(origin, &uri, (limit, offset), accounts))
}

async fn favourite(
    service: State<Service>,
    by: By<WriteFavourites>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    mark(service, by, id, Mark::Favourite).await
}

async fn unfavourite(
    service: State<Service>,
    by: By<WriteFavourites>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    unmark(service, by, id, Mark::Favourite).await
}

async fn bookmark(
    service: State<Service>,
    by: By<WriteBookmarks>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    mark(service, by, id, Mark::Bookmark).await
}

async fn unbookmark(
    service: State<Service>,
    by: By<WriteBookmarks>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    unmark(service, by, id, Mark::Bookmark).await
}

async fn unreblog(
    service: State<Service>,
    by: By<WriteStatuses>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    unmark(service, by, id, Mark::Boost).await
}

/// Answers the boost, which holds what was boosted.
async fn reblog(
    State(service): State<Service>,
    by: By<WriteStatuses>,
    Path(id): Path<String>,
) -> Result<Json<Status>, Failure> {
    let (view, number) = service.mark(&by.caller, key(&id)?, Mark::Boost).await?;
    let person = service.person(by.caller.actor.id).await?;
    let made = (number, service.paths.activity(number));
    let origin = service.paths.origin();
    Ok(Json(Status::boost(&view, &person, made, service.now(), origin)))
}

async fn mark<N: Need>(
    State(service): State<Service>,
    by: By<N>,
    Path(id): Path<String>,
    mark: Mark,
) -> Result<Json<Status>, Failure> {
    let (view, _) = service.mark(&by.caller, key(&id)?, mark).await?;
    Ok(Json(Status::of(&view, service.paths.origin())))
}

async fn unmark<N: Need>(
    State(service): State<Service>,
    by: By<N>,
    Path(id): Path<String>,
    mark: Mark,
) -> Result<Json<Status>, Failure> {
    let view = service.unmark(&by.caller, key(&id)?, mark).await?;
    Ok(Json(Status::of(&view, service.paths.origin())))
}

async fn pin(
    service: State<Service>,
    by: By<WriteAccounts>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    pinned(service, by, id, true).await
}

async fn unpin(
    service: State<Service>,
    by: By<WriteAccounts>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    pinned(service, by, id, false).await
}

async fn pinned(
    State(service): State<Service>,
    by: By<WriteAccounts>,
    Path(id): Path<String>,
    pinned: bool,
) -> Result<Json<Status>, Failure> {
    let view = service.pin(&by.caller, key(&id)?, pinned).await?;
    Ok(Json(Status::of(&view, service.paths.origin())))
}

async fn mute(
    service: State<Service>,
    by: By<WriteMutes>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    muted(service, by, id, true).await
}

async fn unmute(
    service: State<Service>,
    by: By<WriteMutes>,
    id: Path<String>,
) -> Result<Json<Status>, Failure> {
    muted(service, by, id, false).await
}

/// The discussion a post stands in: its reader is told of it, or no more.
async fn muted(
    State(service): State<Service>,
    by: By<WriteMutes>,
    Path(id): Path<String>,
    muted: bool,
) -> Result<Json<Status>, Failure> {
    let key = key(&id)?;
    service.mute_thread(&by.caller, key, muted).await?;
    let view = service.post(key, Some(&by.caller)).await?;
    Ok(Json(Status::of(&view, service.paths.origin())))
}

async fn favourites(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadFavourites>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PAGE_ITEMS_MAX)?;
    let views = service.favourited_posts(&by.caller, window).await?;
    let rows = views.iter().map(|(place, view)| (*place, view));
    Ok(page_of_statuses(service.paths.origin(), &uri, window, rows))
}

async fn bookmarks(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: By<ReadBookmarks>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PAGE_ITEMS_MAX)?;
    let views = service.bookmarked_posts(&by.caller, window).await?;
    let rows = views.iter().map(|(place, view)| (*place, view));
    Ok(page_of_statuses(service.paths.origin(), &uri, window, rows))
}

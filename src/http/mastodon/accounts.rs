//! Accounts: whom one sees, and follows.

use axum::{
    Json, Router,
    extract::{OriginalUri, Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

use super::{
    bearer::{By, Profile, ReadAccounts, ReadFollows, ReadStatuses, WriteAccounts, WriteFollows},
    body::{Params, Query},
    entity::{Account, CredentialAccount, Relationship, Status},
    failure::Failure,
    paging::{PageQuery, page, page_of_statuses},
};
use crate::{
    base::limits::{CLIENT_PAGE_ITEMS_MAX, CLIENT_PEOPLE_MAX},
    federation::Federation,
    http::state::HttpState,
    service::{
        Caller, Service,
        clients::{PostView, Window},
    },
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/accounts", get(several))
        .route("/accounts/familiar_followers", get(familiar_followers))
        .route("/accounts/verify_credentials", get(verify))
        .route("/accounts/lookup", get(lookup))
        .route("/accounts/search", get(search))
        .route("/accounts/relationships", get(relationships))
        .route("/accounts/{id}", get(show))
        .route("/accounts/{id}/statuses", get(statuses))
        .route("/accounts/{id}/followers", get(followers))
        .route("/accounts/{id}/following", get(following))
        .route("/accounts/{id}/follow", post(follow))
        .route("/accounts/{id}/unfollow", post(unfollow))
        .route("/accounts/{id}/note", post(note))
}

/// The key in a path.
pub(super) fn key(id: &str) -> Result<i64, Failure> {
    id.parse().map_err(|_no_number| Failure::not_found())
}

async fn verify(
    State(service): State<Service>,
    by: By<Profile>,
) -> Result<Json<CredentialAccount>, Failure> {
    Ok(Json(credentials(&service, &by.caller).await?))
}

/// The account of who asks.
pub(super) async fn credentials(
    service: &Service,
    caller: &Caller,
) -> Result<CredentialAccount, Failure> {
    let view = service.person(caller.actor.id).await?;
    let typed = service.own_profile(caller).await?;
    let prefers = service.preferences(caller).await?;
    let account = Account::of(&view, service.paths.origin());
    Ok(CredentialAccount::of(account, &typed, prefers))
}

#[derive(Debug, Deserialize)]
struct Lookup {
    acct: String,
}

async fn lookup(
    State(service): State<Service>,
    _by: Option<By<ReadAccounts>>,
    Query(query): Query<Lookup>,
) -> Result<Json<Account>, Failure> {
    let view = service.person_named(&query.acct).await?.ok_or_else(Failure::not_found)?;
    Ok(Json(Account::of(&view, service.paths.origin())))
}

#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    resolve: bool,
}

async fn search(
    State(service): State<Service>,
    State(federation): State<Federation>,
    by: By<ReadAccounts>,
    Query(query): Query<Search>,
    Query(paging): Query<PageQuery>,
) -> Result<Json<Vec<Account>>, Failure> {
    let (limit, offset) = (paging.limit(CLIENT_PEOPLE_MAX), paging.offset());
    let found = super::search::people(
        &service,
        &federation,
        Some(&by.caller),
        &query.q,
        query.resolve,
        (limit, offset),
    )
    .await?;
    let origin = service.paths.origin();
    Ok(Json(found.iter().map(|view| Account::of(view, origin)).collect()))
}

#[derive(Debug, Deserialize)]
struct Which {
    #[serde(default)]
    id: Vec<String>,
}

impl Which {
    /// As many as are answered at once.
    fn keys(&self) -> Vec<i64> {
        let most = usize::try_from(CLIENT_PEOPLE_MAX).unwrap_or(usize::MAX);
        self.id.iter().filter_map(|id| id.parse().ok()).take(most).collect()
    }
}

async fn relationships(
    State(service): State<Service>,
    by: By<ReadFollows>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<Relationship>>, Failure> {
    let views = service.relations(&by.caller, &which.keys()).await?;
    Ok(Json(views.into_iter().map(Relationship::from).collect()))
}

async fn several(
    State(service): State<Service>,
    _by: Option<By<ReadAccounts>>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<Account>>, Failure> {
    let views = service.persons_keyed(&which.keys()).await?;
    let origin = service.paths.origin();
    Ok(Json(views.iter().map(|view| Account::of(view, origin)).collect()))
}

/// Of whom the reader follows, those who follow somebody.
#[derive(Debug, Serialize)]
struct Familiar {
    id: String,
    accounts: Vec<Account>,
}

async fn familiar_followers(
    State(service): State<Service>,
    by: By<ReadFollows>,
    // Mastodon.py asks with a JSON body.
    Params(which): Params<Which>,
) -> Result<Json<Vec<Familiar>>, Failure> {
    let origin = service.paths.origin();
    let found = service.familiar_followers(&by.caller, &which.keys()).await?;
    let rows = found.into_iter().map(|(key, views)| Familiar {
        id: key.to_string(),
        accounts: views.iter().map(|view| Account::of(view, origin)).collect(),
    });
    Ok(Json(rows.collect()))
}

async fn show(
    State(service): State<Service>,
    _by: Option<By<ReadAccounts>>,
    Path(id): Path<String>,
) -> Result<Json<Account>, Failure> {
    let view = service.person(key(&id)?).await?;
    Ok(Json(Account::of(&view, service.paths.origin())))
}

#[derive(Debug, Deserialize)]
struct Filters {
    #[serde(default)]
    pinned: bool,
    #[serde(default)]
    only_media: bool,
    #[serde(default)]
    exclude_replies: bool,
}

async fn statuses(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    by: Option<By<ReadStatuses>>,
    Path(id): Path<String>,
    Query(filters): Query<Filters>,
    Query(paging): Query<PageQuery>,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PAGE_ITEMS_MAX)?;
    let window = Window { with_media: filters.only_media, ..window };
    let (key, origin) = (key(&id)?, service.paths.origin());
    let reader = by.as_ref().map(|by| &by.caller);
    let views = if filters.pinned {
        // All of them: there are no more than fit on a page.
        let views = service.pinned_posts(key, reader).await?;
        return Ok(Json(statuses_of(&views, origin)).into_response());
    } else {
        service.posts_of(key, filters.exclude_replies, reader, window).await?
    };
    let rows = views.iter().map(|view| (view.key, view));
    Ok(page_of_statuses(origin, &uri, window, rows))
}

fn statuses_of(views: &[PostView], origin: &str) -> Vec<Status> {
    views.iter().map(|view| Status::of(view, origin)).collect()
}

async fn followers(
    state: State<Service>,
    uri: OriginalUri,
    id: Path<String>,
    paging: Query<PageQuery>,
    _by: Option<By<ReadAccounts>>,
) -> Result<Response, Failure> {
    follows(state, uri, id, paging, true).await
}

async fn following(
    state: State<Service>,
    uri: OriginalUri,
    id: Path<String>,
    paging: Query<PageQuery>,
    _by: Option<By<ReadAccounts>>,
) -> Result<Response, Failure> {
    follows(state, uri, id, paging, false).await
}

async fn follows(
    State(service): State<Service>,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    Query(paging): Query<PageQuery>,
    followers: bool,
) -> Result<Response, Failure> {
    let window = paging.window(CLIENT_PEOPLE_MAX)?;
    let rows = service.follows_of(key(&id)?, followers, window).await?;
    let origin = service.paths.origin();
    let rows = rows.iter().map(|(place, view)| (*place, Account::of(view, origin))).collect();
    Ok(page(origin, &uri, window, rows))
}

async fn follow(
    State(service): State<Service>,
    State(federation): State<Federation>,
    by: By<WriteFollows>,
    Path(id): Path<String>,
) -> Result<Json<Relationship>, Failure> {
    let key = key(&id)?;
    Box::pin(federation.follow_or_join(&by.caller, key)).await?;
    relation(&service, &by.caller, key).await
}

async fn unfollow(
    State(service): State<Service>,
    by: By<WriteFollows>,
    Path(id): Path<String>,
) -> Result<Json<Relationship>, Failure> {
    let key = key(&id)?;
    service.unfollow_person(&by.caller, key).await?;
    relation(&service, &by.caller, key).await
}

#[derive(Debug, Deserialize)]
struct Noted {
    #[serde(default)]
    comment: String,
}

async fn note(
    State(service): State<Service>,
    by: By<WriteAccounts>,
    Path(id): Path<String>,
    Params(noted): Params<Noted>,
) -> Result<Json<Relationship>, Failure> {
    let key = key(&id)?;
    service.note_person(&by.caller, key, &noted.comment).await?;
    relation(&service, &by.caller, key).await
}

/// How the caller and somebody stand to each other.
pub(super) async fn relation(
    service: &Service,
    caller: &Caller,
    key: i64,
) -> Result<Json<Relationship>, Failure> {
    let found = service.relations(caller, &[key]).await?.pop();
    Ok(Json(found.ok_or_else(Failure::not_found)?.into()))
}

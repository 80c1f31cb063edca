//! Search: by words what is held here, by address and handle also what other servers have. Clients turn any address that
//! is pasted into a thread with it.

use axum::{Json, Router, extract::State, routing::get};
use serde::Deserialize;

use super::{
    bearer::{By, ReadSearch},
    body::Query,
    entity::{Account, Search, Status, Tag},
    failure::Failure,
    paging::PageQuery,
};
use crate::{
    base::limits::CLIENT_PAGE_ITEMS_MAX,
    federation::Federation,
    http::state::HttpState,
    service::{
        Caller, Service,
        clients::{Found, PersonView, Sought},
    },
};

/// Below `/api/v2`.
pub(super) fn v2() -> Router<HttpState> {
    Router::new().route("/search", get(search))
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    resolve: bool,
}

async fn search(
    State(service): State<Service>,
    State(federation): State<Federation>,
    by: Option<By<ReadSearch>>,
    Query(asked): Query<Asked>,
    Query(paging): Query<PageQuery>,
) -> Result<Json<Search>, Failure> {
    let reader = by.as_ref().map(|by| &by.caller);
    let (limit, offset) = (paging.limit(CLIENT_PAGE_ITEMS_MAX), paging.offset());
    let wants =
        |kind: &str| asked.kind.as_deref().is_none_or(|asked| asked == kind || asked.is_empty());
    let origin = service.paths.origin();
    let mut found = Search { accounts: Vec::new(), statuses: Vec::new(), hashtags: Vec::new() };
    let sought = Sought::read(&asked.q);
    match &sought {
        Sought::Words(words) if words.trim().is_empty() => {}
        Sought::Words(words) => {
            if wants("accounts") {
                let people = service.find_people(words, reader, (limit, offset)).await?;
                found.accounts = people.iter().map(|view| Account::of(view, origin)).collect();
            }
            if wants("statuses") {
                let posts = service.find_posts(words, reader, limit, offset).await?;
                found.statuses = posts.iter().map(|view| Status::of(view, origin)).collect();
            }
            if wants("hashtags") && offset == 0 {
                let topics = service.find_topics(words, limit).await?;
                found.hashtags = topics.into_iter().map(|(name, url)| Tag::of(name, url)).collect();
            }
        }
        Sought::Address(_) | Sought::Handle(_) if offset > 0 => {}
        Sought::Address(_) | Sought::Handle(_) => {
            let resolve = asked.resolve && reader.is_some();
            match one(&service, &federation, reader, &sought, resolve).await? {
                Some(Found::Person(view)) if wants("accounts") => {
                    found.accounts.push(Account::of(&view, origin));
                }
                Some(Found::Post(view)) if wants("statuses") => {
                    found.statuses.push(Status::of(&view, origin));
                }
                _ => {}
            }
        }
    }
    Ok(Json(found))
}

/// What stands under an address or a handle; asked of its server where that is wanted and it is not known here.
async fn one(
    service: &Service,
    federation: &Federation,
    reader: Option<&Caller>,
    sought: &Sought,
    resolve: bool,
) -> Result<Option<Found>, Failure> {
    let known = match sought {
        Sought::Address(address) => service.find_address(address, reader).await?,
        Sought::Handle(handle) => {
            service.person_named(handle).await?.map(|view| Found::Person(Box::new(view)))
        }
        Sought::Words(_) => None,
    };
    if known.is_some() || !resolve {
        return Ok(known);
    }
    match Box::pin(federation.find(sought)).await? {
        Some(id) => Ok(service.find_address(&id, reader).await?),
        None => Ok(None),
    }
}

/// People by words, or the one behind a handle or an address.
pub(super) async fn people(
    service: &Service,
    federation: &Federation,
    reader: Option<&Caller>,
    query: &str,
    resolve: bool,
    (limit, offset): (u64, u64),
) -> Result<Vec<PersonView>, Failure> {
    let sought = Sought::read(query);
    if let Sought::Words(words) = &sought {
        return Ok(service.find_people(words, reader, (limit, offset)).await?);
    }
    match one(service, federation, reader, &sought, resolve && offset == 0).await? {
        Some(Found::Person(view)) if offset == 0 => Ok(vec![*view]),
        _ => Ok(Vec::new()),
    }
}

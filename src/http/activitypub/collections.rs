//! Collections of actors and objects, paged (protocol 4.a). A collection is the address alone; its pages are the
//! address with `?offset=`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{extract::ApiQuery, problem::Problem},
    activity_json,
    objects::id_of,
};
use crate::{
    base::limits::COLLECTION_PAGE_ITEMS,
    protocol::compose::collection::{Order, collection, page},
    service::{
        Service, ServiceError,
        feeds::FEED,
        objects::{Listing, Part},
    },
};

/// Which page; none for the collection itself.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PartQuery {
    offset: Option<u64>,
}

impl PartQuery {
    fn part(&self) -> Part {
        Part { offset: self.offset.unwrap_or(0), limit: COLLECTION_PAGE_ITEMS }
    }

    /// The collection with its first items inline, or one page of it.
    fn print(&self, id: &str, order: Order, listing: Listing, inline: bool) -> Value {
        let Some(offset) = self.offset else {
            let first = format!("{id}?offset=0");
            let items = if inline { listing.items } else { Vec::new() };
            return collection(id, order, listing.total, Some(&first), items);
        };
        let beyond = offset.saturating_add(COLLECTION_PAGE_ITEMS);
        let next = listing.more.then(|| format!("{id}?offset={beyond}"));
        page(&format!("{id}?offset={offset}"), id, order, next.as_deref(), listing.items)
    }
}

/// What all actors have. Outboxes of participants hold ids: what was published and deleted since is then gone there
/// too.
async fn of_actor(
    service: &Service,
    actor_name: Name<'_>,
    name: &str,
    query: &PartQuery,
) -> Result<Value, Problem> {
    let actor = match actor_name {
        Name::Instance => service.instance_actor().await?,
        Name::Participant(name) => service.local_participant(name).await?,
        Name::Room(slug) => service.room_actor(&service.room(slug).await?).await?,
        Name::Feed(slug) => service.feed(&service.room(slug).await?).await?,
    };
    if actor.gone_at.is_some() {
        return Err(ServiceError::Gone { uri: actor.uri }.into());
    }
    let id = format!("{}/{name}", actor.uri);
    Ok(match name {
        "outbox" => {
            let listing = service.outbox(&actor, query.part()).await?;
            // Lemmy reads a group's outbox from the collection itself (protocol 4.a).
            query.print(&id, Order::Ordered, listing, true)
        }
        // Lemmy and PieFed read a feed's groups here.
        "following" if actor.kind == FEED => {
            let items = service.feed_rooms(&actor).await?;
            let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
            collection(&id, Order::Unordered, Some(total), None, items)
        }
        "followers" | "following" => {
            let (followers, following) = service.follow_totals(&actor).await?;
            let total = if name == "followers" { followers } else { following };
            let mut document = collection(&id, Order::Ordered, Some(total), None, Vec::new());
            // Who follows whom is not for everybody: the number alone, and no list that would seem empty.
            if let Some(map) = document.as_object_mut() {
                map.remove("orderedItems");
            }
            document
        }
        "featured" => {
            let listing = service.featured(&actor).await?;
            collection(&id, Order::Ordered, listing.total, None, listing.items)
        }
        _ => return Err(no_such(name)),
    })
}

enum Name<'a> {
    Instance,
    Participant(&'a str),
    Room(&'a str),
    Feed(&'a str),
}

fn no_such(name: &str) -> Problem {
    Problem::not_found(format!("there is no collection `{name}` here"))
}

/// `/actor/{collection}`.
pub(super) async fn of_instance(
    State(service): State<Service>,
    Path(name): Path<String>,
    ApiQuery(query): ApiQuery<PartQuery>,
) -> Result<Response, Problem> {
    Ok(activity_json(&of_actor(&service, Name::Instance, &name, &query).await?))
}

/// `/p/{name}/{collection}`.
pub(super) async fn of_participant(
    State(service): State<Service>,
    Path((participant, name)): Path<(String, String)>,
    ApiQuery(query): ApiQuery<PartQuery>,
) -> Result<Response, Problem> {
    let document = of_actor(&service, Name::Participant(&participant), &name, &query).await?;
    Ok(activity_json(&document))
}

/// `/t/{slug}/{collection}`.
pub(super) async fn of_room(
    State(service): State<Service>,
    Path((slug, name)): Path<(String, String)>,
    ApiQuery(query): ApiQuery<PartQuery>,
) -> Result<Response, Problem> {
    let document = match name.as_str() {
        "moderators" | "rooms" => {
            let room = service.room(&slug).await?;
            let id = format!("{}/{name}", service.paths.room(&room.slug));
            let (order, items) = if name == "rooms" {
                (Order::Unordered, service.mesh(&room).await?)
            } else {
                // Lemmy reads a group's moderators as an ordered collection.
                (Order::Ordered, service.moderators().await?)
            };
            let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
            collection(&id, order, Some(total), None, items)
        }
        _ => of_actor(&service, Name::Room(&slug), &name, &query).await?,
    };
    Ok(activity_json(&document))
}

/// `/f/{slug}/{collection}`.
pub(super) async fn of_feed(
    State(service): State<Service>,
    Path((slug, name)): Path<(String, String)>,
    ApiQuery(query): ApiQuery<PartQuery>,
) -> Result<Response, Problem> {
    Ok(activity_json(&of_actor(&service, Name::Feed(&slug), &name, &query).await?))
}

/// `/o/{id}/{collection}`.
pub(super) async fn of_opinion(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    ApiQuery(query): ApiQuery<PartQuery>,
) -> Result<Response, Problem> {
    let uri = id_of(&service, 'o', &id);
    let part = query.part();
    let (order, listing) = match name.as_str() {
        "context" => (Order::Ordered, service.thread(&uri, part).await?),
        "positions" => (Order::Unordered, service.positions_by_id(&uri, part).await?),
        _ => of_object(&service, &uri, &name, part).await?,
    };
    Ok(activity_json(&query.print(&format!("{uri}/{name}"), order, listing, false)))
}

/// `/c/{id}/{collection}`.
pub(super) async fn of_note(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    ApiQuery(query): ApiQuery<PartQuery>,
) -> Result<Response, Problem> {
    let uri = id_of(&service, 'c', &id);
    let (order, listing) = of_object(&service, &uri, &name, query.part()).await?;
    Ok(activity_json(&query.print(&format!("{uri}/{name}"), order, listing, false)))
}

/// What all objects have.
async fn of_object(
    service: &Service,
    uri: &str,
    name: &str,
    part: Part,
) -> Result<(Order, Listing), Problem> {
    Ok(match name {
        "replies" => (Order::Unordered, service.replies(uri, part).await?),
        "history" => (Order::Ordered, service.history(uri, part).await?),
        "likes" => (Order::Unordered, service.reactions(uri, "like", part).await?),
        "shares" => (Order::Unordered, service.reactions(uri, "share", part).await?),
        _ => return Err(no_such(name)),
    })
}

//! The collection of rooms in which a topic is discussed, as an actor that forums subscribe to (`Feed`: Lemmy 1.0 and
//! PieFed; decisions 14). It speaks for nobody: it lists rooms, and says when the list changes. Made when it is first
//! asked for.

use serde_json::Value;

use super::{ActorKeys, Service, ServiceError, accounts::NewActor};
use crate::{
    domain::handle::ROOMS_SUFFIX,
    store::{
        StoreError,
        actors::{self, Actor},
        rooms::{self, Room},
    },
};

/// Type of the actor.
pub const FEED: &str = "Feed";

impl Service {
    /// The collection of rooms of a room's topic, made where it is missing.
    pub async fn feed(&self, room: &Room) -> Result<Actor, ServiceError> {
        let uri = self.paths.feed(&room.slug);
        if let Some(actor) = actors::by_uri(&self.store, &uri).await? {
            return Ok(actor);
        }
        let keys = ActorKeys::generate(&uri, self.ports.entropy.as_ref())?;
        let tx = self.store.begin().await?;
        let new = NewActor {
            uri: uri.clone(),
            kind: FEED,
            username: &format!("{}{ROOMS_SUFFIX}", room.slug),
            name: &room.name,
            summary: String::new(),
            group: None,
            region: None,
            recovery_key: None,
        };
        match self.insert_actor(&tx, new, &keys).await {
            Ok(actor) => {
                tx.commit().await?;
                Ok(actor)
            }
            // Asked for twice at once: the other made it.
            Err(error) => {
                drop(tx);
                actors::by_uri(&self.store, &uri).await?.ok_or(error)
            }
        }
    }

    /// The same by the slug of the room; one that was never asked for is none yet.
    pub async fn known_feed(&self, room: &Room) -> Result<Option<Actor>, StoreError> {
        actors::by_uri(&self.store, &self.paths.feed(&room.slug)).await
    }

    /// The room whose collection a local actor is.
    pub async fn room_of_feed(&self, feed: &Actor) -> Result<Room, ServiceError> {
        let slug = feed.username.strip_suffix(ROOMS_SUFFIX).unwrap_or_default();
        rooms::by_slug(&self.store, slug).await?.ok_or(ServiceError::NotFound { what: "topic" })
    }

    /// An actor who lives here, by handle in any case; a collection of rooms also where nobody asked for it before.
    pub async fn local_actor_or_feed(&self, name: &str) -> Result<Actor, ServiceError> {
        match self.local_actor(name).await {
            Err(ServiceError::NotFound { what }) => {
                let slug = name.to_lowercase();
                let Some(slug) = slug.strip_suffix(ROOMS_SUFFIX) else {
                    return Err(ServiceError::NotFound { what });
                };
                match rooms::by_slug(&self.store, slug).await? {
                    Some(room) => self.feed(&room).await,
                    None => Err(ServiceError::NotFound { what }),
                }
            }
            other => other,
        }
    }

    /// The rooms in it: ours, and those whose link is up.
    pub async fn feed_rooms(&self, feed: &Actor) -> Result<Vec<Value>, ServiceError> {
        self.mesh(&self.room_of_feed(feed).await?).await
    }
}

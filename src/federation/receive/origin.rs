//! What an object's own server says of it: the last resort for what carries neither a proof nor a signature of its
//! author (protocol 4.f.5 V5), and the way of what is found along threads. Taken as a Witness of the room that asked
//! (decisions 2).

use serde_json::{Value, json};
use url::Url;

use super::Fate;
use crate::{
    federation::{
        Federation,
        fetch::{Budget, FetchError},
        verify::{ActorUnavailable, Judgement},
    },
    protocol::{
        paths::host_of,
        quirks::{acts::is_activity, id_of, is_public, member, reference, types_of},
    },
    record::{
        item::{Item, ItemError},
        statement,
    },
    service::ServiceError,
    store::{entries, projections, rooms},
};

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::federation) enum Origin {
    /// It is in the record now.
    Taken,
    /// The record held it as it is.
    Known,
    /// It belongs into no record here.
    NotOurs(String),
    /// Its server does not answer now.
    NotNow(String),
    /// Its server does not give it, or it is not its author's.
    Refused(String),
}

impl Federation {
    /// Asks the origin of an object, or of an activity about one, and takes what it says.
    pub(in crate::federation) async fn ask_origin(
        &self,
        uri: &str,
        budget: &Budget,
    ) -> Result<Origin, ServiceError> {
        if self.service.paths.is_ours(uri) {
            return Ok(Origin::NotOurs("it is our own".to_owned()));
        }
        let document = match self.document_of(uri, budget).await {
            Ok(document) => document,
            Err(FetchError::Gone | FetchError::NotFound) => return self.gone_at_origin(uri).await,
            Err(error) if error.is_transient() => return Ok(Origin::NotNow(error.to_string())),
            Err(error) => return Ok(Origin::Refused(error.to_string())),
        };
        if is_activity(&document) {
            return self.activity_of_origin(document, budget).await;
        }
        self.take_seen(&document, uri).await
    }

    async fn document_of(&self, uri: &str, budget: &Budget) -> Result<Value, FetchError> {
        let Ok(url) = Url::parse(uri) else { return Err(FetchError::NotFound) };
        Ok(self.fetcher.fetch_json(&url, budget).await?.document)
    }

    /// An activity at its origin: by its proof as it is, else what it is about.
    async fn activity_of_origin(
        &self,
        document: Value,
        budget: &Budget,
    ) -> Result<Origin, ServiceError> {
        if let Ok(item) = Item::of(document.clone())
            && let Judgement::Valid(verdict) = self.judge(&item).await?
        {
            let rooms = self.service.rooms_for(&self.service.store, &item).await?;
            if rooms.is_empty() {
                return Ok(Origin::NotOurs("it belongs to no topic held here".to_owned()));
            }
            let body = serde_json::to_vec(&document)
                .map_err(|error| ServiceError::Internal(error.into()))?;
            return Ok(match self.take_into(&rooms, &item, &body, verdict).await? {
                Ok(()) => Origin::Taken,
                Err(why) => Origin::Refused(why),
            });
        }
        let (id, object) = (id_of(&document, "id"), member(&document, "object"));
        let Some(uri) = object.and_then(reference).map(str::to_owned) else {
            return Ok(Origin::Refused("`object` is missing".to_owned()));
        };
        match object.filter(|object| !types_of(object).is_empty()) {
            // What a server embeds of its own is its word as much as what it gives alone (FEP-fe34).
            Some(object) if id.is_some_and(|id| host_of(&id) == host_of(&uri)) => {
                self.take_seen(object, &uri).await
            }
            _ => match self.document_of(&uri, budget).await {
                Ok(object) => self.take_seen(&object, &uri).await,
                Err(FetchError::Gone | FetchError::NotFound) => self.gone_at_origin(&uri).await,
                Err(error) if error.is_transient() => Ok(Origin::NotNow(error.to_string())),
                Err(error) => Ok(Origin::Refused(error.to_string())),
            },
        }
    }

    /// Takes an object that its own server gave, or embedded in what it gave.
    pub(in crate::federation) async fn take_seen(
        &self,
        object: &Value,
        url: &str,
    ) -> Result<Origin, ServiceError> {
        if types_of(object).contains(&"Tombstone") {
            return self.gone_at_origin(url).await;
        }
        if !is_public(object) {
            return Ok(Origin::NotOurs("it is not addressed to everybody".to_owned()));
        }
        // Only to be read: what is signed has an id of its own.
        let draft = statement::settled(json!({
            "type": "Witness", "id": self.service.paths.statement(0), "room": self.service.paths.instance(),
            "object": object,
        }));
        let item = match Item::of(draft) {
            Ok(item) => item.seen(),
            Err(error @ (ItemError::UnknownType(_) | ItemError::Member(_))) => {
                return Ok(Origin::NotOurs(error.to_string()));
            }
            Err(error) => return Ok(Origin::Refused(error.to_string())),
        };
        let rooms = self.service.rooms_for(&self.service.store, &item).await?;
        if rooms.is_empty() {
            return Ok(Origin::NotOurs("it belongs to no topic held here".to_owned()));
        }
        match self.actor(&item.actor).await {
            // Who has keys for proofs is asked for signed acts, and its rooms give them (decisions 2).
            Ok(author) if author.implements_mesh => {
                return Ok(Origin::NotOurs("its author signs what it says".to_owned()));
            }
            Ok(_) => {}
            Err(ActorUnavailable::Ours(error)) => return Err(error),
            Err(ActorUnavailable::NotNow { why, .. }) => return Ok(Origin::NotNow(why)),
            Err(other) => return Ok(Origin::Refused(other.to_string())),
        }
        let mut taken = false;
        for room in rooms {
            let known = entries::counts_act(
                &self.service.store,
                room.id,
                item.own_object(),
                &item.act_digest,
            );
            if known.await? {
                continue;
            }
            let tx = self.service.store.begin().await?;
            self.service.witness(&tx, &room, object, url).await?;
            tx.commit().await?;
            taken = true;
        }
        self.service.wake.after_act();
        Ok(if taken { Origin::Taken } else { Origin::Known })
    }

    /// An object that its own server does not have any more: deleted in every room that holds it.
    async fn gone_at_origin(&self, uri: &str) -> Result<Origin, ServiceError> {
        let store = &self.service.store;
        let held = [
            projections::comment(store, uri).await?.map(|row| (row.room_id, row.deleted)),
            projections::opinion(store, uri).await?.map(|row| (row.room_id, row.deleted)),
        ];
        let mut found = Origin::NotOurs("its server does not have it".to_owned());
        for (room_id, deleted) in held.into_iter().flatten() {
            found = Origin::Known;
            let Some(room) = rooms::by_id(store, room_id).await?.filter(|_| !deleted) else {
                continue;
            };
            let tombstone = json!({"id": uri, "type": "Tombstone"});
            let tx = store.begin().await?;
            self.service.witness(&tx, &room, &tombstone, uri).await?;
            tx.commit().await?;
            self.service.wake.after_act();
            found = Origin::Taken;
        }
        Ok(found)
    }
}

impl From<Origin> for Fate {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Taken => Self::Ignored("taken from its origin".to_owned()),
            Origin::Known => Self::Ignored("known as it is".to_owned()),
            Origin::NotOurs(why) => Self::Ignored(why),
            Origin::NotNow(why) => Self::Later(why),
            Origin::Refused(why) => Self::Refused(why),
        }
    }
}

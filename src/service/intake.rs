//! What comes from elsewhere, once it is verified: nothing of it becomes a command. It is appended to the room it
//! belongs to and folded like everything else.

use serde_json::Value;

use super::{Service, ServiceError};
use crate::{
    base::limits,
    protocol::{
        paths::host_of,
        quirks::{id_of, ids_of, member, posts},
    },
    record::{
        item::{Cell, Item, Kind},
        statement::Witness,
    },
    store::{
        Source, Tx, actors, answers,
        entries::{self, Appended, Arrival, Verdict},
        links, projections, rooms,
        rooms::Room,
        walks::{self, Walk},
    },
};

/// How an item came.
#[derive(Debug, Clone, Copy)]
pub enum Via<'a> {
    /// Delivered by its author's own server.
    Direct,
    /// Relayed by a linked room, or read from its log.
    Relay {
        /// The room.
        from: &'a str,
        /// Rooms that it says hold the item.
        sent_to: &'a [String],
        /// Relays so far.
        hops: i64,
    },
}

impl Service {
    /// Takes a verified item into a room's log, within the caller's transaction: with a receipt where it came
    /// directly.
    pub async fn take(
        &self,
        tx: &Tx,
        room: &Room,
        item: &Item,
        body: &[u8],
        verdict: Verdict,
        via: Via<'_>,
    ) -> Result<Appended, ServiceError> {
        Box::pin(self.belongs_to(tx, room, item)).await?;
        if matches!(via, Via::Direct) {
            Self::may_attest(tx, room, item).await?;
        }
        if verdict != Verdict::Held {
            Box::pin(self.begin_walk(tx, room, item)).await?;
        }
        match via {
            Via::Direct => {
                let author = actors::by_uri(tx, &item.actor).await?.ok_or_else(|| {
                    ServiceError::internal(format!("{} was verified but is not known", item.actor))
                })?;
                let hand = self.room_hand(room.clone()).await?;
                let (appended, _) =
                    Box::pin(self.take_directly(tx, &hand, item, body, verdict, &author)).await?;
                Box::pin(self.read_reply(tx, room, item, via)).await?;
                Ok(appended)
            }
            Via::Relay { from, sent_to, hops } => {
                let mut holders = sent_to.to_vec();
                holders.push(from.to_owned());
                let arrival = Arrival {
                    room_id: room.id,
                    item,
                    body,
                    verdict,
                    origin: Some(from),
                    sent_to: &holders,
                    hops,
                    taken_at: self.now(),
                    fresh_key: self.key_for(item),
                };
                let appended = entries::append(tx, &arrival).await?;
                if verdict != Verdict::Held {
                    Box::pin(self.read_reply(tx, room, item, via)).await?;
                }
                Ok(appended)
            }
        }
    }

    /// Signs what this room saw at an object's own server, and takes that: a text as its author's act, a Tombstone as its
    /// end (decisions 2).
    pub async fn witness(
        &self,
        tx: &Tx,
        room: &Room,
        object: &Value,
        url: &str,
    ) -> Result<(), ServiceError> {
        let hand = self.room_hand(room.clone()).await?;
        let id = self.paths.statement(self.new_id());
        let witness =
            Witness { id: &id, room: &hand.actor.uri, url, fetched_at: self.now(), object };
        let document = witness.sign(&hand.keys.proof, &hand.keys.proof_key_id());
        let item =
            Item::of(document.clone()).map_err(|error| ServiceError::Internal(error.into()))?;
        if serde_json::to_vec(&document).map_or(usize::MAX, |body| body.len())
            > limits::ENTRY_BYTES_MAX
        {
            return Err(ServiceError::invalid("object", "it is larger than an entry may be"));
        }
        Box::pin(self.belongs_to(tx, room, &item)).await?;
        Self::may_attest(tx, room, &item.clone().seen()).await?;
        self.append_own(tx, room.id, &document).await?;
        Box::pin(self.begin_walk(tx, room, &item)).await?;
        // Found late, it is read like a reply that was relayed: nobody is answered about what they said long ago.
        let via = Via::Relay { from: &hand.actor.uri, sent_to: &[], hops: 0 };
        Box::pin(self.read_reply(tx, room, &item.seen(), via)).await
    }

    /// Whether something of this id is held here: an opinion, a comment, a position, an answer of a room.
    pub async fn is_held(&self, uri: &str) -> Result<bool, ServiceError> {
        Ok(room_of(&self.store, uri).await?.is_some())
    }

    /// Whose text something held here is.
    pub async fn author_of_held(&self, uri: &str) -> Result<Option<String>, ServiceError> {
        if let Some(row) = projections::opinion(&self.store, uri).await? {
            return Ok(Some(row.author));
        }
        Ok(projections::comment(&self.store, uri).await?.map(|row| row.author))
    }

    /// Begins a walk along the thread of an opinion that is seen here for the first time, where it began elsewhere.
    async fn begin_walk(&self, tx: &Tx, room: &Room, item: &Item) -> Result<(), ServiceError> {
        let Some(Cell::Opinion(uri)) = &item.cell else { return Ok(()) };
        if self.paths.is_ours(uri) || walks::count_open(tx).await? >= limits::WALKS_OPEN_MAX {
            return Ok(());
        }
        let now = self.now().as_millis();
        let row = Walk {
            id: self.new_id(),
            room_id: room.id,
            uri: uri.clone(),
            frontier: serde_json::to_string(&[format!("head {uri}")])
                .map_err(|error| ServiceError::Internal(error.into()))?,
            seen: "[]".to_owned(),
            fetches_left: limits::WALK_FETCHES_MAX,
            found: 0,
            due_at: now,
            ended_at: None,
        };
        walks::begin(tx, row).await?;
        self.wake.threads().notify_one();
        Ok(())
    }

    /// An opinion names its topic under its author's signature, or, where its software knows none, is addressed to the room
    /// or to one that is linked with it; a genesis is its topic. Nobody can put either into the room of another topic.
    async fn belongs_to(&self, tx: &Tx, room: &Room, item: &Item) -> Result<(), ServiceError> {
        let object = member(&item.document, "object");
        let fits = match (&item.cell, item.kind) {
            (Some(Cell::Opinion(uri)), _) => {
                match object.and_then(|object| id_of(object, "topic")) {
                    Some(topic) => topic == room.topic,
                    None if object.is_some_and(posts::is_plain) => {
                        room_of(tx, uri).await? == Some(room.id)
                            || self.is_addressed(tx, room, item).await?
                    }
                    None => false,
                }
            }
            (_, Kind::Genesis) => item.id == room.topic,
            _ => true,
        };
        if fits {
            Ok(())
        } else {
            Err(ServiceError::invalid("topic", "it belongs to another topic"))
        }
    }

    /// What an instance signs for its guests is taken from those that hold the topic by a link that is up, and from
    /// whoever they took it from: nobody else's word on what strangers said comes in (docs/decisions/0013).
    async fn may_attest(tx: &Tx, room: &Room, item: &Item) -> Result<(), ServiceError> {
        if item.signed_in_as().is_none() {
            return Ok(());
        }
        let host = host_of(&item.actor);
        let linked = links::up(tx, room.id).await?;
        if linked.iter().any(|link| host_of(&link.peer) == host) {
            Ok(())
        } else {
            let why =
                "its instance has no link with this room, and cannot speak for its guests here";
            Err(ServiceError::invalid("signedInAs", why))
        }
    }

    async fn is_addressed(&self, tx: &Tx, room: &Room, item: &Item) -> Result<bool, ServiceError> {
        let to = addressed(item);
        if to.contains(&self.paths.room(&room.slug)) {
            return Ok(true);
        }
        let linked = links::of_room(tx, room.id).await?;
        Ok(linked.iter().any(|link| to.contains(&link.peer)))
    }

    /// The rooms of ours that an act delivered directly belongs to: by its topic, else by what it answers or
    /// changes, else by the room it is addressed to.
    pub async fn rooms_for(
        &self,
        db: &impl Source,
        item: &Item,
    ) -> Result<Vec<Room>, ServiceError> {
        let object = member(&item.document, "object");
        if let Some(topic) = object.and_then(|object| id_of(object, "topic"))
            && let Some(room) = rooms::by_topic(db, &topic).await?
        {
            return Ok(vec![room]);
        }
        let mut found: Vec<i64> = Vec::new();
        if let Some(Cell::Opinion(uri)) = &item.cell {
            if !object.is_some_and(posts::is_plain) {
                return Ok(Vec::new());
            }
            found.extend(room_of(db, uri).await?);
        }
        let parent = match &item.cell {
            Some(Cell::Comment(_)) => object.and_then(|object| id_of(object, "inReplyTo")),
            Some(Cell::Line(opinion, _)) => Some(opinion.clone()),
            _ => None,
        };
        if let Some(parent) = &parent {
            found.extend(room_of(db, parent).await?);
        }
        if matches!(item.act_type.as_str(), "Undo" | "Delete")
            && let Some(target) = &item.object
        {
            for row in entries::by_item_id(db, target).await? {
                found.push(row.room_id);
            }
            found.extend(room_of(db, target).await?);
            if *target == item.actor {
                for row in entries::acts_by(db, target, 1_000, 0).await? {
                    found.push(row.room_id);
                }
            }
        }
        // Software of another kind knows no topics: its thread is in the room that it is addressed to.
        let heads_a_thread = matches!(item.cell, Some(Cell::Opinion(_)));
        if found.is_empty() && (parent.is_some() || heads_a_thread) {
            for uri in addressed(item) {
                if self.paths.is_ours(&uri)
                    && let Some(actor) = actors::by_uri(db, &uri).await?
                    && actor.kind == "Group"
                {
                    found.push(actor.id);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut result = Vec::new();
        for id in found {
            result.extend(rooms::by_id(db, id).await?);
        }
        Ok(result)
    }
}

fn addressed(item: &Item) -> Vec<String> {
    let documents = [Some(&item.document), member(&item.document, "object")];
    documents.into_iter().flatten().flat_map(addressed_in).collect()
}

/// Whom a document is addressed to.
pub fn addressed_in(document: &Value) -> Vec<String> {
    ["audience", "to", "cc"].iter().flat_map(|name| ids_of(document, name)).collect()
}

/// The room that holds an opinion, comment or position, or gave an answer.
async fn room_of(db: &impl Source, uri: &str) -> Result<Option<i64>, ServiceError> {
    if let Some(row) = projections::opinion(db, uri).await? {
        return Ok(Some(row.room_id));
    }
    if let Some(row) = projections::comment(db, uri).await? {
        return Ok(Some(row.room_id));
    }
    if let Some(row) = projections::position(db, uri).await? {
        return Ok(Some(row.room_id));
    }
    // Who answers a room's receipt speaks to that room.
    Ok(answers::by_note(db, uri).await?.map(|row| row.room_id))
}

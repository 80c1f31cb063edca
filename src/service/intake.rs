//! What comes from elsewhere, once it is verified: nothing of it becomes a command. It is appended to the room it
//! belongs to and folded like everything else.

use super::{Service, ServiceError};
use crate::{
    protocol::quirks::{id_of, ids_of, member},
    record::item::{Cell, Item, Kind},
    store::{
        Source, Tx, actors, answers,
        entries::{self, Appended, Arrival, Verdict},
        projections, rooms,
        rooms::Room,
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
        belongs_to(room, item)?;
        match via {
            Via::Direct => {
                let author = actors::by_uri(tx, &item.actor).await?.ok_or_else(|| {
                    ServiceError::internal(format!("{} was verified but is not known", item.actor))
                })?;
                let hand = self.room_hand(room.clone()).await?;
                let (appended, _) =
                    self.take_directly(tx, &hand, item, body, verdict, &author).await?;
                self.read_reply(tx, room, item, via).await?;
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
                    self.read_reply(tx, room, item, via).await?;
                }
                Ok(appended)
            }
        }
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
        if let Some(Cell::Opinion(_)) = &item.cell {
            return Ok(Vec::new());
        }
        let mut found: Vec<i64> = Vec::new();
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
        if found.is_empty() && parent.is_some() {
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
    let mut uris = Vec::new();
    for document in [Some(&item.document), member(&item.document, "object")].into_iter().flatten() {
        for name in ["audience", "to", "cc"] {
            uris.extend(ids_of(document, name));
        }
    }
    uris
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

/// An opinion names its topic under its author's signature; a genesis is its topic. Nobody can put either into the
/// room of another topic.
fn belongs_to(room: &Room, item: &Item) -> Result<(), ServiceError> {
    let fits = match (&item.cell, item.kind) {
        (Some(Cell::Opinion(_)), _) => {
            member(&item.document, "object").and_then(|o| id_of(o, "topic")).as_ref()
                == Some(&room.topic)
        }
        (_, Kind::Genesis) => item.id == room.topic,
        _ => true,
    };
    if fits { Ok(()) } else { Err(ServiceError::invalid("topic", "it belongs to another topic")) }
}

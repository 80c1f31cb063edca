//! What a room hands on to followers who are no rooms of the mesh, as documents: an act as its author signed it, or
//! the bare id of what it made. Each is named by the act's number in the room's log, so that what was sent, what the
//! outbox lists and what is fetched under the id are one document, and none has to be kept.

use serde_json::Value;

use super::{ActorKeys, Service, ServiceError, objects::Served};
use crate::{
    base::{clock::Timestamp, limits},
    protocol::{
        compose::{Addressing, Envelope},
        quirks::{is_public, member, time_of},
    },
    record::{
        item::{Item, Kind},
        statement,
    },
    store::{
        actors::Actor,
        entries::{self, Entry, Verdict},
        rooms::Room,
    },
};

/// How an act is handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `Announce` of the activity, which forums read.
    Announce,
    /// `Announce` of the object's id, which microblogs show as a boost.
    Boost,
}

impl Form {
    /// The segment of its path.
    const fn segment(self) -> &'static str {
        match self {
            Self::Announce => "announces",
            Self::Boost => "boosts",
        }
    }
}

/// An act as it is handed on.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Id of the `Announce`.
    pub id: String,
    /// The signed document.
    pub document: Value,
    /// Whether the act stands in it whole. Where it is too large (G4), its id stands there instead.
    pub is_whole: bool,
}

impl Service {
    /// An entry of a room's log as it is handed on in this form.
    pub async fn announcement(
        &self,
        room: &Actor,
        entry: &Entry,
        item: &Item,
        form: Form,
    ) -> Result<Announcement, ServiceError> {
        let id = format!("{}/{}/{}", room.uri, form.segment(), entry.seq);
        let followers = format!("{}/followers", room.uri);
        let object = member(&item.document, "object");
        // Misskey drops an Announce that is older than what it announces.
        let published = [
            time_of(&item.document, "published"),
            object.and_then(|object| time_of(object, "published")),
            object.and_then(|object| time_of(object, "updated")),
        ]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(Timestamp::from_millis(entry.taken_at));
        let envelope = Envelope {
            id: &id,
            actor: &room.uri,
            published,
            addressing: Addressing::public(&[], &[&followers]),
            audience: None,
        };
        let keys = self.keys.of(room).await?;
        let print =
            |object: Value| sign_announce(&keys, envelope.activity("Announce", object), published);
        let bare = match form {
            Form::Announce => item.id.clone(),
            Form::Boost => item.own_object().to_owned(),
        };
        if form == Form::Announce {
            let document = print(item.document.clone());
            let bytes = serde_json::to_vec(&document).map_or(usize::MAX, |bytes| bytes.len());
            if bytes <= limits::DELIVERED_BYTES_MAX {
                return Ok(Announcement { id, document, is_whole: true });
            }
        }
        Ok(Announcement { id: id.clone(), document: print(bare.into()), is_whole: false })
    }

    /// The same by number, as it is fetched under its id.
    pub async fn announcement_document(
        &self,
        room: &Room,
        form: Form,
        seq: i64,
    ) -> Result<Served, ServiceError> {
        let nothing = || ServiceError::NotFound { what: "activity" };
        let after = seq.checked_sub(1).filter(|after| *after >= 0).ok_or_else(nothing)?;
        let row = entries::page(&self.store, room.id, after, 1).await?.pop().ok_or_else(nothing)?;
        let item = entries::read(&row)?;
        if row.seq != seq
            || row.kind != Kind::Act.word()
            || row.verdict == Verdict::Held.word()
            || !is_public(&item.document)
            || (form == Form::Boost && item.act_type != "Create")
        {
            return Err(nothing());
        }
        let actor = self.room_actor(room).await?;
        // What published words that are deleted since is gone with them, whoever published it.
        if matches!(item.act_type.as_str(), "Create" | "Update")
            && self.tombstone_of(room.id, item.own_object()).await?.is_some()
        {
            let id = format!("{}/{}/{seq}", actor.uri, form.segment());
            let former_type = "Announce".to_owned();
            return Ok(Served::Gone { uri: id, former_type, deleted: None });
        }
        Ok(Served::Here(self.announcement(&actor, &row, &item, form).await?.document))
    }
}

/// Signs an `Announce`. What it announces keeps its author's proof and gets none of ours.
fn sign_announce(keys: &ActorKeys, announce: Value, at: Timestamp) -> Value {
    statement::signed(announce, &keys.proof, &keys.proof_key_id(), at)
}

//! The path every local act takes: sign, append to the room's log, give a receipt, leave what is to be sent: one
//! transaction.

use serde_json::Value;

use super::{ActorKeys, Caller, Service, ServiceError, intake::Via};
use crate::{
    base::{clock::Timestamp, limits},
    domain::audience::Audience,
    protocol::paths::Paths,
    record::{
        digest::EntryHash,
        item::{Item, Kind},
        statement::{self, Receipt, Snapshot},
    },
    store::{
        Tx,
        actors::{self, Actor},
        deliveries::{self, Outgoing},
        entries::{self, Appended, Arrival, Changes, Verdict},
        rooms::Room,
    },
};

/// The receipt of an act: what its author keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Hash of the entry.
    pub hash: EntryHash,
    /// Its number in this room's log.
    pub seq: i64,
    /// When the room took it.
    pub received_at: Timestamp,
    /// The signed document.
    pub document: Value,
}

/// What an act made.
#[derive(Debug, Clone, PartialEq)]
pub struct Acted {
    /// Id of the object it made or changed.
    pub uri: String,
    /// This instance's key for it.
    pub key: i64,
    /// The activity.
    pub activity_id: String,
    /// The receipt.
    pub receipt: Given,
}

/// A room with the keys it signs with.
pub(super) struct RoomHand {
    pub(super) room: Room,
    pub(super) actor: Actor,
    pub(super) keys: std::sync::Arc<ActorKeys>,
}

impl Service {
    /// A room of ours, ready to sign.
    pub(super) async fn room_hand(&self, room: Room) -> Result<RoomHand, ServiceError> {
        let actor = actors::by_id(&self.store, room.id)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("room {} has no actor", room.slug)))?;
        let keys = self.keys.of(&actor).await?;
        Ok(RoomHand { room, actor, keys })
    }

    /// May this caller act at all?
    pub(super) fn may_act(caller: &Caller) -> Result<(), ServiceError> {
        if caller.may_write {
            Ok(())
        } else {
            Err(ServiceError::NotPermitted {
                why: "this token may read only; make one with the scope `write`",
            })
        }
    }

    /// Begins a transaction in which this caller acts. The acts of one account come one after the other, whatever
    /// the database: of two revisions sent at once the second is made on the first, and no two are of one moment.
    pub(super) async fn begin_as(&self, caller: &Caller) -> Result<Tx, ServiceError> {
        let tx = self.store.begin().await?;
        actors::lock(&tx, caller.actor.id).await?;
        Ok(tx)
    }

    /// The time of an actor's next act: now, and at least 1 ms after its last, so that no two acts of one actor
    /// are ever ordered by chance (decisions 9).
    pub(super) async fn time_to_act(
        &self,
        tx: &Tx,
        actor: &str,
    ) -> Result<Timestamp, ServiceError> {
        let last = entries::last_published(tx, actor).await?;
        // An act dated far ahead, taken in from elsewhere, must not push the clock of a local one.
        let now = self.now();
        Ok(match last {
            Some(last)
                if last >= now
                    && last.millis_since(now) < limits::SIGNATURE_WINDOW_SECONDS * 1_000 =>
            {
                last.plus_millis(1)
            }
            _ => now,
        })
    }

    /// Appends a signed local act, gives its receipt and leaves it to be delivered to these audiences.
    pub(super) async fn record(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        author: &Actor,
        act: Value,
        audiences: &[Audience],
    ) -> Result<Given, ServiceError> {
        let body =
            serde_json::to_vec(&act).map_err(|error| ServiceError::Internal(error.into()))?;
        let item = Item::of(act).map_err(|error| ServiceError::Internal(error.into()))?;
        let (_, given) = self.take_directly(tx, hand, &item, &body, Verdict::Proof, author).await?;
        // What a client of ours posted is read like a reply from anywhere (docs/decisions/0010).
        Box::pin(self.read_reply(tx, &hand.room, &item, Via::Direct)).await?;
        if !audiences.is_empty() {
            self.send(tx, author, &item.id, body, audiences).await?;
        }
        Ok(given)
    }

    /// Leaves an activity to be sent, signed as a request by this actor.
    pub async fn send(
        &self,
        tx: &Tx,
        signer: &Actor,
        activity_uri: &str,
        body: Vec<u8>,
        audiences: &[Audience],
    ) -> Result<(), ServiceError> {
        let words: Vec<String> = audiences.iter().map(Audience::to_word).collect();
        let row = Outgoing {
            id: self.new_id(),
            activity_uri: activity_uri.to_owned(),
            signer_id: signer.id,
            body,
            audience: serde_json::to_string(&words)
                .map_err(|error| ServiceError::Internal(error.into()))?,
            created_at: self.now().as_millis(),
            expanded: false,
        };
        Ok(deliveries::insert(tx, row).await?)
    }

    /// Takes an act that came directly: from a user of ours, or delivered by a guest's own server. The room signs a
    /// receipt, and a snapshot of its own keys and the author's where the set holds none with these.
    pub(super) async fn take_directly(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        item: &Item,
        body: &[u8],
        verdict: Verdict,
        author: &Actor,
    ) -> Result<(Appended, Given), ServiceError> {
        let received_at = self.now();
        // An act and its receipt change the same things: they are folded once, together.
        let mut changes = Changes::default();
        let appended = self.write(tx, hand.room.id, item, body, verdict, &mut changes).await?;
        if matches!(appended, Appended::Known { .. })
            && let Some(given) = self.receipt_for(tx, hand, item.hash).await?
        {
            changes.fold(tx).await?;
            return Ok((appended, given));
        }
        let seq = appended.seq();
        let id = self.paths.statement(self.new_id());
        let key_id = hand.keys.proof_key_id();
        let receipt = Receipt { id: &id, room: &hand.actor.uri, hash: item.hash, received_at, seq };
        let document = receipt.sign(&hand.keys.proof, &key_id);
        self.write_own(tx, hand.room.id, &document, &mut changes).await?;
        changes.fold(tx).await?;
        self.snapshots(tx, hand, author, received_at).await?;
        // What others say of an author comes with the act; it is itself no act that anything else would come with.
        if matches!(item.kind, Kind::Act | Kind::Genesis) {
            Box::pin(self.bring_attestations(tx, hand, author)).await?;
        }
        Ok((appended, Given { hash: item.hash, seq, received_at, document }))
    }

    /// Keeps the keys of an author as this room sees them, where its log does not hold these yet; and the room's own: who
    /// keeps a receipt and the log can check both when the room is gone.
    async fn snapshots(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        author: &Actor,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        let both = [hand.actor.uri.as_str(), author.uri.as_str()];
        let known = entries::snapshots_of(tx, hand.room.id, &both).await?;
        for actor in [&hand.actor, author] {
            let proof_keys: Vec<(String, String)> =
                serde_json::from_str(&actor.proof_keys).unwrap_or_default();
            let id = self.paths.statement(self.new_id());
            let snapshot = Snapshot {
                id: &id,
                room: &hand.actor.uri,
                actor: &actor.uri,
                actor_type: &actor.kind,
                username: &actor.username,
                webfinger: actor.webfinger.as_deref(),
                request_key_pem: actor.request_key_pem.as_deref(),
                proof_keys: &proof_keys,
                recovery_key: actor.recovery_key.as_deref(),
                seen_at: at,
            };
            let keys = snapshot.keys();
            let is_known = known.iter().any(|row| {
                row.object.as_deref() == Some(&actor.uri)
                    && Snapshot::keys_in(&row.body).as_ref() == Some(&keys)
            });
            if !is_known {
                let document = snapshot.sign(&hand.keys.proof, &hand.keys.proof_key_id());
                self.append_own(tx, hand.room.id, &document).await?;
            }
        }
        Ok(())
    }

    /// Appends a statement that this room has signed itself.
    pub(super) async fn append_own(
        &self,
        tx: &Tx,
        room_id: i64,
        document: &Value,
    ) -> Result<(), ServiceError> {
        let mut changes = Changes::default();
        self.write_own(tx, room_id, document, &mut changes).await?;
        Ok(changes.fold(tx).await?)
    }

    async fn write_own(
        &self,
        tx: &Tx,
        room_id: i64,
        document: &Value,
        changes: &mut Changes,
    ) -> Result<(), ServiceError> {
        let body =
            serde_json::to_vec(document).map_err(|error| ServiceError::Internal(error.into()))?;
        let item =
            Item::of(document.clone()).map_err(|error| ServiceError::Internal(error.into()))?;
        self.write(tx, room_id, &item, &body, Verdict::Proof, changes).await?;
        Ok(())
    }

    async fn write(
        &self,
        tx: &Tx,
        room_id: i64,
        item: &Item,
        body: &[u8],
        verdict: Verdict,
        changes: &mut Changes,
    ) -> Result<Appended, ServiceError> {
        let arrival = Arrival {
            room_id,
            item,
            body,
            verdict,
            origin: None,
            sent_to: &[],
            hops: 0,
            taken_at: self.now(),
            fresh_key: self.key_for(item),
        };
        Ok(entries::write(tx, &arrival, changes).await?)
    }

    /// The key of an object first seen with an item: the number in its id where it is ours, else a fresh one.
    pub(super) fn key_for(&self, item: &Item) -> i64 {
        number_in(&self.paths, item.own_object()).unwrap_or_else(|| self.new_id())
    }

    /// The receipt this room gave for an entry.
    async fn receipt_for(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        hash: EntryHash,
    ) -> Result<Option<Given>, ServiceError> {
        for row in entries::naming(tx, hand.room.id, Kind::Receipt, &hash.to_string()).await? {
            if row.actor == hand.actor.uri {
                let document = entries::read(&row)?.document;
                let seq = document.get("seq").and_then(Value::as_i64).unwrap_or_default();
                let received_at = row.published.map(Timestamp::from_millis).unwrap_or_default();
                return Ok(Some(Given { hash, seq, received_at, document }));
            }
        }
        Ok(None)
    }
}

/// Signs an activity whose embedded object, if it has one of its author's, is signed first (G5).
pub fn sign_activity(keys: &ActorKeys, mut activity: Value, at: Timestamp) -> Value {
    if let Some(object) = activity.get_mut("object")
        && object.get("attributedTo").is_some()
    {
        *object = statement::signed(object.take(), &keys.proof, &keys.proof_key_id(), at);
    }
    statement::signed(activity, &keys.proof, &keys.proof_key_id(), at)
}

/// The decimal number at the end of an id of ours.
fn number_in(paths: &Paths, uri: &str) -> Option<i64> {
    paths.path_of(uri)?.rsplit('/').next()?.parse().ok()
}

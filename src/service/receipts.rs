//! Receipts: what a room signed when it took an act, with all that is needed to check it without asking anybody.

use serde_json::Value;

use super::{Caller, Service, ServiceError, log::LogView, objects::Served, read::ReceiptView};
use crate::{
    base::clock::Timestamp,
    protocol::{
        paths::host_of,
        quirks::{id_of, member, number_of, text_of},
    },
    record::{item::Kind, receipt::Bundle},
    store::{
        entries::{self, Entry, Verdict},
        rooms::{self, Room},
    },
};

/// An entry with the receipts held for it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The room that holds it here.
    pub room: Room,
    /// The entry, as a log tells it.
    pub entry: LogView,
    /// The receipts, this room's own first.
    pub receipts: Vec<SignedReceipt>,
    /// What there is to keep; none while no receipt is held.
    pub bundle: Option<Bundle>,
    /// Whether the author's server delivered it under its signature, instead of the author's proof in the act.
    pub by_evidence: bool,
}

/// A receipt with the signature under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReceipt {
    /// The receipt.
    pub view: ReceiptView,
    /// The room that gave it.
    pub room: String,
    /// Id of the key.
    pub key_id: String,
    /// The signature, multibase.
    pub signature: String,
}

/// One of somebody's own acts with its receipt.
#[derive(Debug, Clone)]
pub struct OwnAct {
    /// The room.
    pub room: Room,
    /// The act, as a log tells it.
    pub entry: LogView,
    /// Its receipt; none where the room it was sent to gave none yet.
    pub receipt: Option<ReceiptView>,
}

impl Service {
    /// The entry with this hash and what attests that it was received.
    pub async fn received(&self, hash: &str) -> Result<Received, ServiceError> {
        let not_found = || ServiceError::NotFound { what: "receipt" };
        let row = entries::find(&self.store, hash).await?.ok_or_else(not_found)?;
        let room = rooms::by_id(&self.store, row.room_id).await?.ok_or_else(not_found)?;
        let own_room = self.paths.room(&room.slug);
        let mut held =
            entries::receipts_for(&self.store, row.room_id, std::slice::from_ref(&row.hash))
                .await?;
        // Stable: behind this room's own they stay in the order of the log.
        held.sort_by_key(|receipt| receipt.actor != own_room);
        let receipts: Vec<SignedReceipt> =
            held.iter().map(signed).collect::<Result<_, ServiceError>>()?;
        let bundle = match held.first() {
            Some(receipt) => Some(self.bundle(&row, receipt).await?),
            None => None,
        };
        let by_evidence = entries::read(&row)?.evidence.is_some();
        let entry = self.log_views(vec![row]).await?.pop().ok_or_else(not_found)?;
        Ok(Received { room, entry, receipts, bundle, by_evidence })
    }

    /// What is to be kept: the receipt, the entry, and the keys of both as the log knows them.
    async fn bundle(&self, entry: &Entry, receipt: &Entry) -> Result<Bundle, ServiceError> {
        let mut keys = Vec::new();
        let mut actors = vec![receipt.actor.clone()];
        if entry.actor != receipt.actor {
            actors.push(entry.actor.clone());
        }
        for actor in &actors {
            let known = entries::naming(&self.store, entry.room_id, Kind::Snapshot, actor).await?;
            for snapshot in known.iter().filter(|row| row.verdict != Verdict::Held.word()) {
                keys.push(entries::read(snapshot)?.document);
            }
        }
        Ok(Bundle {
            receipt: entries::read(receipt)?.document,
            entry: self.words_of(entry).await?,
            keys,
        })
    }

    /// The entry as signed, unless what it published was deleted since.
    async fn words_of(&self, entry: &Entry) -> Result<Option<Value>, ServiceError> {
        if matches!(entry.act_type.as_str(), "Create" | "Update")
            && let Some(object) = &entry.object
            && let Ok(Served::Gone { .. }) = self.object_document(object).await
        {
            return Ok(None);
        }
        Ok(Some(entries::read(entry)?.log_document().clone()))
    }

    /// The caller's own acts, newest first, after so many; and whether there are more.
    pub async fn own_acts(
        &self,
        caller: &Caller,
        limit: u64,
        offset: u64,
    ) -> Result<(Vec<OwnAct>, bool), ServiceError> {
        let mut rows = entries::acts_by(&self.store, &caller.actor.uri, limit + 1, offset).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let mut acts = Vec::new();
        let all = rooms::all(&self.store).await?;
        let mut receipts = Vec::new();
        for room in &all {
            let hashes: Vec<String> = rows
                .iter()
                .filter(|row| row.room_id == room.id)
                .map(|row| row.hash.clone())
                .collect();
            if !hashes.is_empty() {
                receipts.extend(entries::receipts_for(&self.store, room.id, &hashes).await?);
            }
        }
        let room_ids: Vec<i64> = rows.iter().map(|row| row.room_id).collect();
        for (entry, room_id) in self.log_views(rows).await?.into_iter().zip(room_ids) {
            let Some(room) = all.iter().find(|room| room.id == room_id) else { continue };
            let receipt = receipts
                .iter()
                .find(|row| row.room_id == room_id && row.object.as_ref() == Some(&entry.hash))
                .map(view)
                .transpose()?;
            acts.push(OwnAct { room: room.clone(), entry, receipt });
        }
        Ok((acts, more))
    }
}

fn signed(row: &Entry) -> Result<SignedReceipt, ServiceError> {
    let document = entries::read(row)?.document;
    let proof = member(&document, "proof");
    let text = |name| proof.and_then(|proof| text_of(proof, name)).unwrap_or_default().to_owned();
    Ok(SignedReceipt {
        view: view(row)?,
        room: row.actor.clone(),
        key_id: text("verificationMethod"),
        signature: text("proofValue"),
    })
}

fn view(row: &Entry) -> Result<ReceiptView, ServiceError> {
    let document = entries::read(row)?.document;
    Ok(ReceiptView {
        uri: row.item_id.clone(),
        host: host_of(&row.actor),
        seq: number_of(&document, "seq"),
        hash: id_of(&document, "hash").unwrap_or_default(),
        received: row.published.map(Timestamp::from_millis).unwrap_or_default(),
    })
}

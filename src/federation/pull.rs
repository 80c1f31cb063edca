//! Reading a linked room's log: what was there before the link, and what a relay did not bring (protocol 4.f.6,
//! cursor). One number is kept per link; every entry is verified here, whoever sends it.

use serde_json::{Value, json};
use url::Url;

use super::{
    Federation,
    fetch::{Budget, FetchError},
    verify::Judgement,
};
use crate::{
    base::limits,
    protocol::{
        paths::host_of,
        quirks::{id_of, member, number_of, one_or_many},
    },
    record::{
        digest,
        item::{Item, Kind},
        statement,
    },
    service::{ServiceError, intake::Via},
    store::{
        entries::{self, Verdict},
        links::{self, Link},
        rooms::{self, Room},
    },
};

/// Between two readings of a peer's log while nothing is amiss.
const PULL_EVERY_MILLIS: i64 = 600_000;
/// After a reading that failed.
const PULL_RETRY_MILLIS: i64 = 60_000;
/// Pages read in one go.
const PAGES_MAX: u32 = 500;
/// Held entries looked at again in one step.
const HELD_BATCH: u64 = 100;

impl Federation {
    /// Reads the logs that are due; answers how many.
    pub async fn pull_due(&self) -> Result<usize, ServiceError> {
        let now = self.service.now().as_millis();
        let due = links::due_for_pull(&self.service.store, now).await?;
        for link in &due {
            let wait = match self.pull(link).await {
                Ok(()) => PULL_EVERY_MILLIS,
                Err(error) => {
                    tracing::info!(peer = %link.peer, %error, "its log cannot be read now");
                    PULL_RETRY_MILLIS
                }
            };
            let tx = self.service.store.begin().await?;
            if let Some(link) = links::with_peer(&tx, link.room_id, &link.peer).await? {
                let due = self.service.now().as_millis() + wait;
                links::save(&tx, Link { pull_due_at: due, ..link }).await?;
            }
            tx.commit().await?;
        }
        Ok(due.len())
    }

    async fn pull(&self, link: &Link) -> Result<(), PullError> {
        let room = rooms::by_id(&self.service.store, link.room_id)
            .await
            .map_err(ServiceError::from)?
            .ok_or(ServiceError::NotFound { what: "room" })?;
        let mut cursor = link.cursor;
        for _ in 0..PAGES_MAX {
            let address =
                format!("{}/log?after={cursor}&limit={}", link.peer, limits::PAGE_ITEMS_MAX);
            let url =
                Url::parse(&address).map_err(|error| PullError::Malformed(error.to_string()))?;
            let page = self.fetcher.fetch_anew(&url, &Budget::default()).await?.document;
            let items = one_or_many(&page, "orderedItems");
            let mut last = cursor;
            for item in &items {
                let seq = number_of(item, "seq")
                    .ok_or_else(|| PullError::Malformed("`seq` is missing".into()))?;
                let document =
                    ["item", "activity", "evidence"].iter().find_map(|name| member(item, name));
                let Some(document) = document else {
                    return Err(PullError::Malformed(format!("entry {seq} holds nothing")));
                };
                self.take_relayed(&room, document, &link.peer, &[], 0).await?;
                last = last.max(seq);
            }
            if last > cursor {
                cursor = last;
                let tx = self.service.store.begin().await.map_err(ServiceError::from)?;
                if let Some(link) =
                    links::with_peer(&tx, room.id, &link.peer).await.map_err(ServiceError::from)?
                {
                    links::save(&tx, Link { cursor, ..link }).await.map_err(ServiceError::from)?;
                }
                tx.commit().await.map_err(ServiceError::from)?;
                // What is read in it may be answered.
                self.service.wake.after_act();
            }
            if items.is_empty() || id_of(&page, "next").is_none() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes one item that a linked room hands on. What cannot be verified yet is held; what is forged is refused
    /// and noted.
    pub(super) async fn take_relayed(
        &self,
        room: &Room,
        document: &Value,
        from: &str,
        sent_to: &[String],
        hops: i64,
    ) -> Result<(), ServiceError> {
        let body =
            serde_json::to_vec(document).map_err(|error| ServiceError::Internal(error.into()))?;
        let item = match Item::read(&body) {
            Ok(item) => item,
            Err(error) => {
                tracing::warn!(%from, %error, "a relayed item is malformed");
                return Ok(());
            }
        };
        let verdict = match self.verdict(room, &item, May::NotFetch).await? {
            Ok(verdict) => verdict,
            Err(why) => {
                tracing::warn!(%from, id = %item.id, %why, "a relayed item is not its author's: refused");
                return Ok(());
            }
        };
        let tx = self.service.store.begin().await?;
        let via = Via::Relay { from, sent_to, hops };
        match self.service.take(&tx, room, &item, &body, verdict, via).await {
            Ok(_) => Ok(tx.commit().await?),
            Err(ServiceError::Invalid(wrong)) => {
                tracing::warn!(%from, id = %item.id, ?wrong, "a relayed item does not belong here");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// What an item from another room is worth; the reason where it is refused.
    async fn verdict(
        &self,
        room: &Room,
        item: &Item,
        may: May,
    ) -> Result<Result<Verdict, String>, ServiceError> {
        Ok(match self.judge(item).await? {
            Judgement::Valid(_) if item.kind == Kind::Witness => {
                Ok(self.worth_of_witness(room, item, may).await?)
            }
            Judgement::Valid(verdict) => Ok(verdict),
            Judgement::Invalid { why } => Err(why),
            Judgement::NotYet { .. } => Ok(Verdict::Held),
            Judgement::NoProof if item.evidence.is_some() => self.judge_evidence(item).await?,
            Judgement::NoProof if item.kind == Kind::Act => Ok(Verdict::Held),
            Judgement::NoProof => Err("a statement without a proof".to_owned()),
        })
    }

    /// What another room's Witness is worth here: something when it stands on the author's own host, when the act counts
    /// already, when a room of another operator saw the same (decisions 1), or when we see it ourselves.
    async fn worth_of_witness(
        &self,
        room: &Room,
        item: &Item,
        may: May,
    ) -> Result<Verdict, ServiceError> {
        let Some(object) = item.object.as_deref() else { return Ok(Verdict::Held) };
        let operator = host_of(&item.actor);
        let store = &self.service.store;
        if host_of(object) == operator
            || entries::counts_act(store, room.id, object, &item.act_digest).await?
        {
            return Ok(Verdict::Proof);
        }
        for row in entries::witnesses(store, room.id, object, &item.act_digest).await? {
            if host_of(&row.actor) == operator {
                continue;
            }
            if let Judgement::Valid(_) = self.judge(&entries::read(&row)?).await? {
                // The other begins to count too when it is looked at again.
                self.service.wake.held().notify_one();
                return Ok(Verdict::Proof);
            }
        }
        if may == May::NotFetch {
            return Ok(Verdict::Held);
        }
        let Ok(url) = Url::parse(object) else { return Ok(Verdict::Held) };
        let budget = Budget::new(limits::ORIGIN_FETCHES_MAX);
        let agrees = match self.fetcher.fetch_anew(&url, &budget).await {
            Ok(fetched) => {
                let seen = json!({"type": "Witness", "object": fetched.document});
                digest::act_digest(&statement::settled(seen)) == item.act_digest
            }
            Err(FetchError::Gone | FetchError::NotFound) => item.act_type == "Delete",
            Err(_) => false,
        };
        Ok(if agrees { Verdict::Proof } else { Verdict::Held })
    }

    /// Looks again at what is held without having been verified; answers how many count now.
    pub async fn look_again(&self) -> Result<usize, ServiceError> {
        let mut counted = 0;
        for row in entries::held(&self.service.store, HELD_BATCH).await? {
            let item = entries::read(&row)?;
            let Some(room) = rooms::by_id(&self.service.store, row.room_id).await? else {
                continue;
            };
            let Ok(verdict) = self.verdict(&room, &item, May::Fetch).await? else { continue };
            if verdict == Verdict::Held {
                continue;
            }
            let from = row.origin.clone().unwrap_or_default();
            let tx = self.service.store.begin().await?;
            let via = Via::Relay { from: &from, sent_to: &[], hops: row.hops };
            self.service.take(&tx, &room, &item, &row.body, verdict, via).await?;
            tx.commit().await?;
            counted += 1;
        }
        Ok(counted)
    }
}

/// Whether a look at an item may ask its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    /// Not while it comes in: a peer must not make us ask third hosts at its pace (decisions 8).
    NotFetch,
    /// When what is held is looked at again, at our own.
    Fetch,
}

/// Why a log could not be read to its end.
#[derive(Debug, thiserror::Error)]
enum PullError {
    /// Not fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Not a log.
    #[error("its log is malformed: {0}")]
    Malformed(String),
    /// Our own fault.
    #[error(transparent)]
    Ours(#[from] ServiceError),
}

//! What came in, worked out: acts in a topic are verified and appended, everything else is handled here. One step
//! handles what is due; each item's effect and its fate are one transaction.

mod acts;
mod announced;
mod blocks;
mod follows;
mod moves;
mod origin;
mod private;
mod reactions;
mod reports;

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};

use super::Federation;
use crate::{
    protocol::{
        json,
        quirks::{
            acts::{Act, Undone},
            types_of,
        },
    },
    service::ServiceError,
    store::{
        Tx,
        inbox_items::{self, InboxItem},
    },
};

pub(super) use origin::Origin;

/// Items looked at in one step.
const BATCH_ITEMS: u64 = 100;
/// Hosts whose items are handled side by side: one that is slow to give its keys does not hold up the others.
const HOSTS_AT_ONCE: usize = 8;
/// First wait of an item that cannot be worked out yet.
const RETRY_FIRST_MILLIS: i64 = 60_000;
/// Longest wait.
const RETRY_MAX_MILLIS: i64 = 86_400_000;
/// Tries before an item is given up: a minute to a day apart, about a fortnight.
const RETRIES_MAX: i64 = 22;

/// What becomes of an item.
#[derive(Debug)]
pub(super) enum Fate {
    /// Applied, with its own transaction still to commit.
    Done,
    /// Nothing to apply, for this reason.
    Ignored(String),
    /// Not taken, for this reason.
    Refused(String),
    /// Not now, for this reason.
    Later(String),
}

impl Federation {
    /// Handles what is due; answers how many items that were.
    pub async fn process_inbox(&self) -> Result<usize, ServiceError> {
        let now = self.service.now().as_millis();
        let due = inbox_items::due(&self.service.store, now, BATCH_ITEMS).await?;
        let count = due.len();
        let mut hosts: BTreeMap<String, Vec<InboxItem>> = BTreeMap::new();
        for item in due {
            hosts.entry(item.host.clone()).or_default().push(item);
        }
        let lanes = hosts.into_values().map(|items| async move {
            for item in items {
                if let Err(error) = Box::pin(self.handle(&item)).await {
                    // Our own fault must not cost the act: it stays and is tried again.
                    tracing::error!(activity = %item.activity_uri, error = ?error, "an inbox item failed");
                    self.put_off(&item, format!("this server failed: {error}")).await?;
                }
            }
            Ok::<(), ServiceError>(())
        });
        let results: Vec<_> = stream::iter(lanes).buffer_unordered(HOSTS_AT_ONCE).collect().await;
        results.into_iter().collect::<Result<(), ServiceError>>()?;
        Ok(count)
    }

    async fn handle(&self, item: &InboxItem) -> Result<(), ServiceError> {
        let activity = match json::parse(&item.body) {
            Ok(activity) => activity,
            Err(error) => {
                return self.settle(item, inbox_items::REFUSED, Some(error.to_string())).await;
            }
        };
        let fate = match Act::read(&activity) {
            _ if types_of(&activity).contains(&"QuoteRequest") => {
                self.quote_asked(item, &activity).await?
            }
            Act::Follow => self.follow(item, &activity).await?,
            Act::Answer { accepted } => self.answered(item, &activity, accepted).await?,
            Act::Undo(Undone::Follow) => self.unfollow(item, &activity).await?,
            Act::Undo(Undone::Block) => self.unblocked(item, &activity).await?,
            Act::Undo(Undone::Reaction { id, object, is_share }) => {
                self.unreacted(item, &activity, id, object, is_share).await?
            }
            Act::Undo(Undone::Other) | Act::Recorded => self.act(item, activity).await?,
            Act::ById(uri) => self.named(item, &activity, &uri).await?,
            Act::Announce(items) => self.announced(item, &activity, items).await?,
            Act::Reaction(reaction) => self.reacted(item, &activity, &reaction).await?,
            Act::ActorChanged => self.actor_changed(item, &activity).await?,
            Act::Report => self.reported(item, &activity).await?,
            Act::Block => self.blocked(item, &activity).await?,
            Act::Move => self.moved(item, &activity).await?,
            Act::Nothing(why) => Fate::Ignored(why),
        };
        match fate {
            Fate::Done => Ok(()),
            Fate::Ignored(why) => self.settle(item, inbox_items::DONE, Some(why)).await,
            Fate::Refused(why) => {
                tracing::info!(activity = %item.activity_uri, signer = %item.signer, %why, "refused");
                self.settle(item, inbox_items::REFUSED, Some(why)).await
            }
            Fate::Later(why) if item.attempts >= RETRIES_MAX => {
                self.settle(item, inbox_items::REFUSED, Some(format!("given up: {why}"))).await
            }
            Fate::Later(why) => self.put_off(item, why).await,
        }
    }

    async fn settle(
        &self,
        item: &InboxItem,
        state: &str,
        reason: Option<String>,
    ) -> Result<(), ServiceError> {
        let tx = self.service.store.begin().await?;
        inbox_items::settle(&tx, item.id, state, reason).await?;
        Ok(tx.commit().await?)
    }

    async fn put_off(&self, item: &InboxItem, why: String) -> Result<(), ServiceError> {
        let doublings = u32::try_from(item.attempts.clamp(0, 20)).unwrap_or_default();
        let wait = RETRY_FIRST_MILLIS.saturating_mul(1_i64 << doublings).min(RETRY_MAX_MILLIS);
        let due = self.service.now().as_millis().saturating_add(wait);
        let tx = self.service.store.begin().await?;
        inbox_items::postpone(&tx, item.id, due, why).await?;
        Ok(tx.commit().await?)
    }

    /// Commits an effect together with the item's fate.
    pub(super) async fn done(&self, tx: Tx, item: &InboxItem) -> Result<Fate, ServiceError> {
        inbox_items::settle(&tx, item.id, inbox_items::DONE, None).await?;
        tx.commit().await?;
        Ok(Fate::Done)
    }
}

//! Blocks by actors elsewhere: honoured, told to nobody.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Fate;
use crate::{
    federation::Federation,
    protocol::quirks::{id_of, member},
    service::ServiceError,
    store::{
        actors,
        blocks::{self, Block},
        follows,
        inbox_items::InboxItem,
    },
};

impl Federation {
    /// Somebody does not want to hear of an actor of ours: nothing of theirs is sent there any more, and neither follows
    /// the other.
    pub(super) async fn blocked(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
        let (Some(blocker), Some(blocked)) = (id_of(activity, "actor"), id_of(activity, "object"))
        else {
            return Ok(Fate::Refused("`actor` or `object` is missing".to_owned()));
        };
        if blocker != inbox.signer {
            return Ok(Fate::Refused("a Block is sent by who blocks".to_owned()));
        }
        // Lemmy and Mbin ban somebody from a community so: its own forum enforces that.
        if member(activity, "target").is_some() {
            return Ok(Fate::Ignored("a ban binds the forum that pronounced it".to_owned()));
        }
        let ours = actors::by_uri(&self.service.store, &blocked).await?.filter(|a| a.local);
        if ours.is_none() {
            return Ok(Fate::Ignored("it is about nobody of ours".to_owned()));
        }
        let tx = self.service.store.begin().await?;
        follows::delete(&tx, &blocker, &blocked).await?;
        follows::delete(&tx, &blocked, &blocker).await?;
        let row = Block {
            blocker,
            blocked,
            activity_uri: inbox.activity_uri.clone(),
            created_at: self.service.now().as_millis(),
            number: None,
        };
        blocks::save(&tx, row).await?;
        self.done(tx, inbox).await
    }

    /// A Block taken back.
    pub(super) async fn unblocked(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
        let block = member(activity, "object");
        let (Some(blocker), Some(blocked)) =
            (id_of(activity, "actor"), block.and_then(|block| id_of(block, "object")))
        else {
            return Ok(Fate::Refused("the Block that is undone must be embedded".to_owned()));
        };
        if blocker != inbox.signer {
            return Ok(Fate::Refused("a Block is undone by who blocks".to_owned()));
        }
        let tx = self.service.store.begin().await?;
        blocks::delete(&tx, &blocker, &blocked).await?;
        self.done(tx, inbox).await
    }

    /// Who blocks an actor of ours.
    pub(in crate::federation) async fn unwilling_to_hear(
        &self,
        signer_id: i64,
    ) -> Result<BTreeSet<String>, ServiceError> {
        let Some(signer) = actors::by_id(&self.service.store, signer_id).await? else {
            return Ok(BTreeSet::new());
        };
        let blockers = blocks::blockers_of(&self.service.store, &signer.uri).await?;
        Ok(blockers.into_iter().collect())
    }
}

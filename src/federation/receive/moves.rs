//! Somebody lives elsewhere now: those of ours who follow them follow them there, if both addresses say that they are one
//! (FEP-7628).

use serde_json::Value;
use url::Url;

use super::Fate;
use crate::{
    base::limits,
    domain::audience::Audience,
    federation::{Federation, fetch::Budget, verify::ActorUnavailable},
    protocol::{
        compose::{Addressing, Envelope},
        quirks::{id_of, ids_of},
    },
    service::ServiceError,
    store::{
        actors,
        follows::{self, Follow},
        inbox_items::InboxItem,
    },
};

impl Federation {
    /// A Move.
    pub(super) async fn moved(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
        let old = id_of(activity, "object").or_else(|| id_of(activity, "actor"));
        let (Some(old), Some(new)) = (old, id_of(activity, "target")) else {
            return Ok(Fate::Refused("`object` or `target` is missing".to_owned()));
        };
        if old != inbox.signer || id_of(activity, "actor").as_ref() != Some(&old) {
            return Ok(Fate::Refused("who moves says so".to_owned()));
        }
        if self.service.paths.is_ours(&new) || new == old {
            return Ok(Fate::Ignored("nobody moves here by a letter".to_owned()));
        }
        let budget = Budget::new(limits::ORIGIN_FETCHES_MAX);
        let (Some(before), Some(after)) =
            (self.actor_document(&old, &budget).await, self.actor_document(&new, &budget).await)
        else {
            return Ok(Fate::Later("one of the two addresses is out of reach".to_owned()));
        };
        if !ids_of(&after, "alsoKnownAs").contains(&old)
            || id_of(&before, "movedTo").as_ref() != Some(&new)
        {
            return Ok(Fate::Ignored("the two addresses do not say that they are one".to_owned()));
        }
        let target = match self.fetch_actor(&new).await {
            Ok(target) => target,
            Err(ActorUnavailable::Ours(error)) => return Err(error),
            Err(ActorUnavailable::NotNow { why, .. }) => return Ok(Fate::Later(why)),
            Err(other) => return Ok(Fate::Refused(other.to_string())),
        };
        let tx = self.service.store.begin().await?;
        for follow in follows::followers(&tx, &old).await? {
            let local = actors::by_uri(&tx, &follow.follower).await?.filter(|a| a.local);
            let Some(follower) = local.filter(|_| follow.state == follows::ACCEPTED) else {
                continue;
            };
            follows::delete(&tx, &follower.uri, &old).await?;
            if follows::between(&tx, &follower.uri, &new).await?.is_some() {
                continue;
            }
            let id = self.service.paths.activity(self.service.new_id());
            let envelope = Envelope {
                id: &id,
                actor: &follower.uri,
                published: self.service.now(),
                addressing: Addressing { to: vec![new.clone()], cc: Vec::new() },
                audience: None,
            };
            let row = Follow {
                id: self.service.new_id(),
                activity_uri: id.clone(),
                follower: follower.uri.clone(),
                followee: new.clone(),
                state: follows::PENDING.to_owned(),
                inbox: follower.inbox.clone(),
                shared_inbox: follower.shared_inbox.clone(),
                created_at: self.service.now().as_millis(),
            };
            follows::save(&tx, row).await?;
            let document = envelope.activity("Follow", new.clone().into());
            let there = [Audience::Inbox(target.inbox.clone())];
            self.send_as(&tx, &follower, &id, document, &there).await?;
        }
        let fate = self.done(tx, inbox).await?;
        self.service.wake.outgoing().notify_one();
        Ok(fate)
    }

    async fn actor_document(&self, uri: &str, budget: &Budget) -> Option<Value> {
        let url = Url::parse(uri).ok()?;
        Some(self.fetcher.fetch_json(&url, budget).await.ok()?.document)
    }
}

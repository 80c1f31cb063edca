//! What others hand on: boosts, and what forums announce of their threads (FEP-1b12). The announcer's word is never
//! enough (protocol 4.f.5): each thing is believed by its author's proof, or as its own server tells it.

use serde_json::Value;

use super::{Fate, Origin};
use crate::{
    base::limits,
    federation::{Federation, fetch::Budget, verify::Judgement},
    protocol::{
        paths::host_of,
        quirks::{
            acts::{Act, Announced, doer},
            id_of, is_public, member, posts, reference,
        },
    },
    record::item::Item,
    service::ServiceError,
    store::{actors, inbox_items::InboxItem},
};

impl Federation {
    /// An `Announce` came.
    pub(super) async fn announced(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        items: Vec<Announced>,
    ) -> Result<Fate, ServiceError> {
        let Some(actor) = id_of(activity, "actor").filter(|actor| *actor == inbox.signer) else {
            return Ok(Fate::Refused("an Announce is delivered by who announces".to_owned()));
        };
        if items.is_empty() {
            return Ok(Fate::Refused("`object` is missing".to_owned()));
        }
        // A linked room relays; all else that it sends is a boost.
        if items.iter().any(|item| !matches!(item, Announced::Id(_)))
            && let Some(fate) = self.relayed(inbox, activity, &actor).await?
        {
            return Ok(fate);
        }
        let budget = Budget::new(limits::ORIGIN_FETCHES_MAX);
        let mut fates = Vec::new();
        for item in items {
            let fate = match item {
                Announced::Id(uri) => self.shared(inbox, &actor, &uri, &budget).await?,
                Announced::Post(post) => self.post_announced(inbox, &actor, &post, &budget).await?,
                Announced::Activity(act) => self.act_announced(&act, &budget).await?,
            };
            fates.push(fate);
        }
        // One that must wait makes the whole wait: what was taken already is known then.
        if let Some(wait) = fates.iter().position(|fate| matches!(fate, Fate::Later(_))) {
            return Ok(fates.swap_remove(wait));
        }
        if fates.iter().any(|fate| matches!(fate, Fate::Done)) {
            return self.settled(inbox).await;
        }
        Ok(fates.pop().unwrap_or(Fate::Done))
    }

    /// A post that is handed on whole. One of ours, or one that is held, is boosted; another is asked of its origin if
    /// it says that it belongs here.
    async fn post_announced(
        &self,
        inbox: &InboxItem,
        actor: &str,
        post: &Value,
        budget: &Budget,
    ) -> Result<Fate, ServiceError> {
        let Some(uri) = reference(post).map(str::to_owned) else {
            return Ok(Fate::Refused("`object.id` is missing".to_owned()));
        };
        if self.service.is_held(&uri).await? {
            return self.shared(inbox, actor, &uri, budget).await;
        }
        if !self.concerns_us(post).await? {
            return Ok(Fate::Ignored("it is about nothing of ours".to_owned()));
        }
        Ok(self.ask_origin(&uri, budget).await?.into())
    }

    /// An activity that is handed on.
    async fn act_announced(&self, act: &Value, budget: &Budget) -> Result<Fate, ServiceError> {
        let (id, Some(actor)) = (id_of(act, "id"), doer(act)) else {
            return Ok(Fate::Refused("`object.actor` is missing".to_owned()));
        };
        // PieFed 1.6 takes the context out of what it announces, so that no proof holds any more: what we did is known
        // by its id (test 63).
        if self.service.paths.is_ours(&actor) {
            let ours = id.is_some_and(|id| self.service.paths.is_ours(&id));
            return Ok(if ours {
                Fate::Ignored("our own activity, come back".to_owned())
            } else {
                Fate::Refused("nobody else speaks for our actors".to_owned())
            });
        }
        match Act::read(act) {
            Act::Recorded => self.record_announced(act, budget).await,
            Act::Reaction(_) => {
                Ok(Fate::Ignored("a reaction of somebody else cannot be verified".to_owned()))
            }
            Act::Undo(_) | Act::Follow | Act::Answer { .. } | Act::Block | Act::Report => {
                Ok(Fate::Ignored("what is somebody else's own affair".to_owned()))
            }
            Act::ById(uri) if id.is_some_and(|id| host_of(&id) == host_of(&uri)) => {
                if self.service.is_held(&uri).await? {
                    return Ok(self.ask_origin(&uri, budget).await?.into());
                }
                Ok(Fate::Ignored("it is about nothing of ours".to_owned()))
            }
            Act::Nothing(why) => Ok(Fate::Ignored(why)),
            _ => Ok(Fate::Ignored("it has no effect here when it is handed on".to_owned())),
        }
    }

    /// A text, the end of one, or a position that is handed on: by its author's proof, else from its origin.
    async fn record_announced(&self, act: &Value, budget: &Budget) -> Result<Fate, ServiceError> {
        let item = match Item::of(act.clone()) {
            Ok(item) => item,
            Err(error) => return Ok(Fate::Refused(error.to_string())),
        };
        let rooms = self.service.rooms_for(&self.service.store, &item).await?;
        if rooms.is_empty() {
            return Ok(Fate::Ignored("it belongs to no topic held here".to_owned()));
        }
        if let Judgement::Valid(verdict) = self.judge(&item).await? {
            let body =
                serde_json::to_vec(act).map_err(|error| ServiceError::Internal(error.into()))?;
            return Ok(match self.take_into(&rooms, &item, &body, verdict).await? {
                Ok(()) => Fate::Done,
                Err(why) => Fate::Refused(why),
            });
        }
        // A proof that does not hold may have lost its context on the way: whose fault that is, nobody can say. The
        // activity at its own server has it whole, else the text is there.
        let mut asked = Origin::NotOurs("it cannot be verified".to_owned());
        let activity = Some(item.id.as_str()).filter(|_| member(act, "proof").is_some());
        let object = item.object.as_deref().filter(|_| item.act_type != "Like");
        for uri in activity.into_iter().chain(object) {
            asked = self.ask_origin(uri, budget).await?;
            if matches!(asked, Origin::Taken | Origin::Known) {
                return Ok(Fate::Done);
            }
        }
        Ok(asked.into())
    }

    /// Whether a post that is held nowhere here says itself that it belongs here: it answers what is held, or is
    /// addressed to a room.
    async fn concerns_us(&self, post: &Value) -> Result<bool, ServiceError> {
        if !is_public(post) {
            return Ok(false);
        }
        if let Some(parent) = id_of(post, "inReplyTo") {
            return self.service.is_held(&parent).await;
        }
        if !posts::may_be_opinion(post) {
            return Ok(false);
        }
        for uri in crate::service::intake::addressed_in(post) {
            if self.service.paths.is_ours(&uri)
                && actors::by_uri(&self.service.store, &uri).await?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A boost of something that is held; of something else by a forum, perhaps a reply that nobody delivered.
    async fn shared(
        &self,
        inbox: &InboxItem,
        actor: &str,
        uri: &str,
        budget: &Budget,
    ) -> Result<Fate, ServiceError> {
        if self.service.is_held(uri).await? {
            self.keep_reaction(inbox, actor, uri, "share", None).await?;
            return Ok(Fate::Done);
        }
        // Nobody makes us fetch from a third host (decisions 8).
        let is_forum = actors::by_uri(&self.service.store, actor)
            .await?
            .is_some_and(|announcer| announcer.kind == "Group");
        if is_forum && host_of(uri) == inbox.host && is_addressed_here(self, inbox) {
            return Ok(self.ask_origin(uri, budget).await?.into());
        }
        Ok(Fate::Ignored("it is about nothing of ours".to_owned()))
    }
}

/// Whether a boost names somebody here: then it is about more than its own followers.
fn is_addressed_here(federation: &Federation, inbox: &InboxItem) -> bool {
    crate::protocol::json::parse(&inbox.body).is_ok_and(|activity| {
        crate::service::intake::addressed_in(&activity)
            .iter()
            .any(|uri| federation.service.paths.is_ours(uri))
    })
}

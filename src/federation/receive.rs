//! What came in, worked out: acts in a topic are verified and appended, everything else is handled here. One step
//! handles what is due; each item's effect and its fate are one transaction.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};
use serde_json::{Value, json};

use super::{
    Federation,
    verify::{ActorUnavailable, Judgement},
};
use crate::{
    domain::audience::Audience,
    protocol::{
        compose::{Addressing, Envelope},
        json,
        quirks::{id_of, is_public, member, text_of, type_of},
    },
    record::item::{EVIDENCE_TYPE, Item, ItemError},
    service::{ServiceError, acts::sign_activity, intake::Via},
    store::{
        Tx,
        actors::{self, Actor},
        entries::Verdict,
        follows::{self, Follow, Reaction},
        inbox_items::{self, InboxItem},
    },
};

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

const KNOWN: &[&str] = &[
    "Follow",
    "Accept",
    "Reject",
    "Undo",
    "Create",
    "Update",
    "Delete",
    "Like",
    "Dislike",
    "EmojiReact",
    "Announce",
    "Add",
    "Remove",
    "Block",
    "Flag",
    "Move",
];

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
                if let Err(error) = self.handle(&item).await {
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
        let kind = type_of(&activity, KNOWN).unwrap_or_default().to_owned();
        let fate = match kind.as_str() {
            "Follow" => self.follow(item, &activity).await?,
            "Accept" | "Reject" => self.answered(item, &activity, kind == "Accept").await?,
            "Undo" if undoes_follow(&activity) => self.unfollow(item, &activity).await?,
            "Announce" => self.announced(item, &activity).await?,
            "Like" if member(&activity, "position").is_none() => {
                self.reaction(item, &activity, "like").await?
            }
            "Dislike" => self.reaction(item, &activity, "dislike").await?,
            "EmojiReact" => self.reaction(item, &activity, "emoji").await?,
            "Update" if about_an_actor(&activity) => self.actor_changed(item, &activity).await?,
            "Create" | "Update" | "Delete" | "Like" | "Undo" => self.act(item, activity).await?,
            other => Fate::Ignored(format!("`{other}` has no effect here")),
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

    /// An act that may belong to a topic.
    async fn act(&self, inbox: &InboxItem, activity: Value) -> Result<Fate, ServiceError> {
        if !is_public(&activity)
            && text_of(&activity, "type") != Some("Undo")
            && !is_delete(&activity)
        {
            return Ok(Fate::Ignored("it is not addressed to everybody".to_owned()));
        }
        let plain = match Item::of(activity) {
            Ok(item) => item,
            Err(error @ (ItemError::UnknownType(_) | ItemError::Member(_))) => {
                return Ok(Fate::Ignored(error.to_string()));
            }
            Err(error) => return Ok(Fate::Refused(error.to_string())),
        };
        if is_delete(&plain.document) && plain.object.as_deref() == Some(plain.actor.as_str()) {
            self.farewell(&plain.actor).await?;
        }
        let rooms = self.service.rooms_for(&self.service.store, &plain).await?;
        if rooms.is_empty() {
            return self.outside_the_record(inbox, &plain).await;
        }
        let (item, body, verdict) = match self.judge(&plain).await? {
            Judgement::Valid(verdict) => (plain, inbox.body.clone(), verdict),
            Judgement::Invalid { why } => return Ok(Fate::Refused(why)),
            Judgement::NotYet { why } => return Ok(Fate::Later(why)),
            // The signature that delivered it is the evidence, if it is the actor's own (protocol 4.f.5 V4).
            Judgement::NoProof if inbox.signer == plain.actor => match with_evidence(inbox) {
                Ok((item, body)) => (item, body, Verdict::Evidence),
                Err(error) => return Ok(Fate::Refused(error.to_string())),
            },
            Judgement::NoProof => {
                return Ok(Fate::Refused(
                    "forwarded without a proof of its author, so it cannot be verified".to_owned(),
                ));
            }
        };
        let tx = self.service.store.begin().await?;
        for room in &rooms {
            if let Err(error) =
                self.service.take(&tx, room, &item, &body, verdict, Via::Direct).await
            {
                return match error {
                    ServiceError::Invalid(_) => Ok(Fate::Refused(error.to_string())),
                    other => Err(other),
                };
            }
        }
        let fate = self.done(tx, inbox).await?;
        self.service.wake.after_act();
        Ok(fate)
    }

    /// Undo of a plain reaction, a Delete of something never held, a post on no topic of ours.
    async fn outside_the_record(
        &self,
        inbox: &InboxItem,
        item: &Item,
    ) -> Result<Fate, ServiceError> {
        if item.act_type == "Undo"
            && item.actor == inbox.signer
            && let Some(target) = &item.object
        {
            let tx = self.service.store.begin().await?;
            follows::unreact(&tx, target, &item.actor).await?;
            return self.done(tx, inbox).await;
        }
        Ok(Fate::Ignored("it belongs to no topic held here".to_owned()))
    }

    async fn farewell(&self, uri: &str) -> Result<(), ServiceError> {
        // Believed only when the actor's own server says so too.
        if let Err(ActorUnavailable::Gone { .. }) = self.fetch_actor(uri).await {
            self.actor_gone(uri).await?;
        }
        Ok(())
    }

    /// Ends everything an actor follows here.
    pub(super) async fn actor_gone(&self, uri: &str) -> Result<(), ServiceError> {
        let tx = self.service.store.begin().await?;
        actors::mark_gone(&tx, uri, self.service.now().as_millis()).await?;
        follows::delete_all_of(&tx, uri).await?;
        Ok(tx.commit().await?)
    }

    /// Plain favourites and the like: kept here, never in the record (decisions 3).
    async fn reaction(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        kind: &str,
    ) -> Result<Fate, ServiceError> {
        let (Some(actor), Some(object)) = (id_of(activity, "actor"), id_of(activity, "object"))
        else {
            return Ok(Fate::Refused("`actor` or `object` is missing".to_owned()));
        };
        if actor != inbox.signer {
            return Ok(Fate::Refused("forwarded reactions are not taken".to_owned()));
        }
        if !self.service.paths.is_ours(&object) {
            return Ok(Fate::Ignored("it is about nothing of ours".to_owned()));
        }
        let tx = self.service.store.begin().await?;
        let row = Reaction {
            activity_uri: inbox.activity_uri.clone(),
            actor,
            object,
            kind: kind.to_owned(),
            created_at: self.service.now().as_millis(),
        };
        follows::react(&tx, row).await?;
        self.done(tx, inbox).await
    }

    async fn actor_changed(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
        let Some(uri) = id_of(activity, "object").filter(|uri| *uri == inbox.signer) else {
            return Ok(Fate::Refused("an actor is changed by itself".to_owned()));
        };
        // Not the document that was sent: the one its own server gives.
        match self.fetch_actor(&uri).await {
            Ok(_) => Ok(Fate::Ignored("read again from its server".to_owned())),
            Err(ActorUnavailable::NotNow { why, .. }) => Ok(Fate::Later(why)),
            Err(ActorUnavailable::Ours(error)) => Err(error),
            Err(other) => Ok(Fate::Refused(other.to_string())),
        }
    }

    async fn follow(&self, inbox: &InboxItem, activity: &Value) -> Result<Fate, ServiceError> {
        let (Some(follower), Some(followee)) =
            (id_of(activity, "actor"), id_of(activity, "object"))
        else {
            return Ok(Fate::Refused("`actor` or `object` is missing".to_owned()));
        };
        if follower != inbox.signer {
            return Ok(Fate::Refused("a Follow is sent by who follows".to_owned()));
        }
        let Some(followed) =
            actors::by_uri(&self.service.store, &followee).await?.filter(|a| a.local)
        else {
            return Ok(Fate::Refused("there is no such actor here".to_owned()));
        };
        let Some(peer) = actors::by_uri(&self.service.store, &follower).await? else {
            return Ok(Fate::Later("the follower is not known yet".to_owned()));
        };
        if followed.kind == "Group" && peer.kind == "Group" && member(activity, "link").is_some() {
            return self.link_asked(inbox, activity, &followed, &peer).await;
        }
        let tx = self.service.store.begin().await?;
        let row = Follow {
            id: self.service.new_id(),
            activity_uri: inbox.activity_uri.clone(),
            follower,
            followee,
            state: follows::ACCEPTED.to_owned(),
            inbox: peer.inbox.clone(),
            shared_inbox: peer.shared_inbox.clone(),
            created_at: self.service.now().as_millis(),
        };
        follows::save(&tx, row).await?;
        self.answer(&tx, &followed, &peer, "Accept", activity, None).await?;
        let fate = self.done(tx, inbox).await?;
        self.service.wake.outgoing().notify_one();
        Ok(fate)
    }

    /// Sends `Accept` or `Reject` of a Follow to who asked; with the handshake where it is a link.
    pub(super) async fn answer(
        &self,
        tx: &Tx,
        followed: &Actor,
        follower: &Actor,
        kind: &str,
        follow: &Value,
        topic: Option<&str>,
    ) -> Result<(), ServiceError> {
        let mut embedded = serde_json::Map::new();
        for name in ["id", "type", "actor", "object"] {
            if let Some(value) = follow.get(name) {
                embedded.insert(name.to_owned(), value.clone());
            }
        }
        let id = self.service.paths.activity(self.service.new_id());
        let envelope = Envelope {
            id: &id,
            actor: &followed.uri,
            published: self.service.now(),
            addressing: Addressing { to: vec![follower.uri.clone()], cc: Vec::new() },
            audience: None,
        };
        let object = Value::Object(embedded);
        let document = match topic {
            Some(topic) => envelope.link(kind, object, topic),
            None => envelope.activity(kind, object),
        };
        self.send_as(tx, followed, &id, document, &[Audience::Inbox(follower.inbox.clone())]).await
    }

    /// Signs an activity of a local actor and leaves it to be sent.
    pub(super) async fn send_as(
        &self,
        tx: &Tx,
        signer: &Actor,
        id: &str,
        document: Value,
        audiences: &[Audience],
    ) -> Result<(), ServiceError> {
        let keys = self.service.keys.of(signer).await?;
        let signed = sign_activity(&keys, document, self.service.now());
        let body =
            serde_json::to_vec(&signed).map_err(|error| ServiceError::Internal(error.into()))?;
        self.service.send(tx, signer, id, body, audiences).await
    }

    async fn unfollow(&self, inbox: &InboxItem, activity: &Value) -> Result<Fate, ServiceError> {
        let follow = member(activity, "object").cloned().unwrap_or_else(|| json!({}));
        let (Some(actor), Some(followee)) = (id_of(activity, "actor"), id_of(&follow, "object"))
        else {
            return Ok(Fate::Refused("the Follow that is undone must be embedded".to_owned()));
        };
        if actor != inbox.signer
            || id_of(&follow, "actor").is_some_and(|follower| follower != actor)
        {
            return Ok(Fate::Refused("a Follow is undone by who follows".to_owned()));
        }
        let tx = self.service.store.begin().await?;
        follows::delete(&tx, &actor, &followee).await?;
        self.link_undone(&tx, &actor, &followee).await?;
        self.done(tx, inbox).await
    }

    async fn answered(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        accepted: bool,
    ) -> Result<Fate, ServiceError> {
        let Some(actor) = id_of(activity, "actor").filter(|actor| *actor == inbox.signer) else {
            return Ok(Fate::Refused("a Follow is answered by who was followed".to_owned()));
        };
        let Some(follow) = id_of(activity, "object") else {
            return Ok(Fate::Refused("`object` is missing".to_owned()));
        };
        let tx = self.service.store.begin().await?;
        let linked = self.link_answered(&tx, &actor, &follow, accepted).await?;
        if !linked {
            if accepted {
                follows::accept(&tx, &follow, &actor).await?;
            } else if let Some(follower) =
                member(activity, "object").and_then(|f| id_of(f, "actor"))
            {
                follows::delete(&tx, &follower, &actor).await?;
            }
        }
        let fate = self.done(tx, inbox).await?;
        self.service.wake.sync().notify_one();
        Ok(fate)
    }
}

/// The item made of the evidence that a delivery left.
fn with_evidence(inbox: &InboxItem) -> Result<(Item, Vec<u8>), ItemError> {
    let evidence: Value =
        serde_json::from_str(&inbox.evidence).map_err(|_not_kept| ItemError::Evidence)?;
    if text_of(&evidence, "type") != Some(EVIDENCE_TYPE) {
        return Err(ItemError::Evidence);
    }
    Ok((Item::of(evidence)?, inbox.evidence.clone().into_bytes()))
}

fn undoes_follow(activity: &Value) -> bool {
    member(activity, "object").and_then(|object| type_of(object, &["Follow"])) == Some("Follow")
}

fn about_an_actor(activity: &Value) -> bool {
    let kinds = ["Person", "Organization", "Group", "Application", "Service"];
    let Some(object) = member(activity, "object") else { return false };
    id_of(activity, "object") == id_of(activity, "actor")
        || type_of(object, &kinds).is_some_and(|kind| kinds.contains(&kind))
}

fn is_delete(activity: &Value) -> bool {
    type_of(activity, &["Delete"]) == Some("Delete")
}

//! Who follows whom: asked, answered and ended.

use serde_json::{Value, json};

use super::Fate;
use crate::{
    domain::audience::Audience,
    federation::Federation,
    protocol::{
        compose::{Addressing, Envelope},
        quirks::{id_of, member},
    },
    service::{ServiceError, acts::sign_activity},
    store::{
        Tx,
        actors::{self, Actor},
        follows::{self, Follow},
        inbox_items::InboxItem,
    },
};

impl Federation {
    pub(super) async fn follow(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
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
        let refused = self.service.refuses_follower(&followed, &peer).await?;
        let tx = self.service.store.begin().await?;
        if refused {
            follows::delete(&tx, &follower, &followee).await?;
            self.answer(&tx, &followed, &peer, "Reject", activity, None).await?;
            let fate = self.done(tx, inbox).await?;
            self.service.wake.outgoing().notify_one();
            return Ok(fate);
        }
        let row = Follow {
            id: self.service.new_id(),
            activity_uri: inbox.activity_uri.clone(),
            follower: follower.clone(),
            followee: followee.clone(),
            state: follows::ACCEPTED.to_owned(),
            inbox: peer.inbox.clone(),
            shared_inbox: peer.shared_inbox.clone(),
            created_at: self.service.now().as_millis(),
        };
        follows::save(&tx, row).await?;
        self.service.tell_of_follow(&tx, &follower, &followee).await?;
        self.answer(&tx, &followed, &peer, "Accept", activity, None).await?;
        let fate = self.done(tx, inbox).await?;
        self.service.wake.outgoing().notify_one();
        self.service.wake.told();
        Ok(fate)
    }

    /// Sends `Accept` or `Reject` of a Follow to who asked; with the handshake where it is a link.
    pub(in crate::federation) async fn answer(
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
    pub(in crate::federation) async fn send_as(
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

    pub(super) async fn unfollow(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
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

    pub(super) async fn answered(
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

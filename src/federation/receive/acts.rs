//! Acts that a record may hold, as their author's own server delivers them: with a proof, or with the signature that
//! carried them as evidence. What came by somebody else without a proof is asked of its origin, and not believed.

use serde_json::Value;

use super::{Fate, Origin};
use crate::{
    base::limits,
    federation::{
        Federation,
        fetch::Budget,
        verify::{ActorUnavailable, Judgement},
    },
    protocol::quirks::{acts::doer, id_of, is_public, member, text_of, type_of},
    record::item::{EVIDENCE_TYPE, Item, ItemError},
    service::{ServiceError, intake::Via},
    store::{
        Tx, actors, entries::Verdict, follows, inbox_items::InboxItem, private_notes, rooms::Room,
    },
};

impl Federation {
    /// An act that may belong to a topic.
    pub(super) async fn act(
        &self,
        inbox: &InboxItem,
        activity: Value,
    ) -> Result<Fate, ServiceError> {
        let kind = type_of(&activity, &["Undo", "Delete"]).unwrap_or_default();
        if !is_public(&activity) && !matches!(kind, "Undo" | "Delete") {
            return self.private(inbox, activity).await;
        }
        if let Some(note) = member(&activity, "object").filter(|note| is_receipt(note)) {
            return self.receipt(inbox, note).await;
        }
        let plain = match Item::of(activity) {
            Ok(item) => item,
            Err(error @ (ItemError::UnknownType(_) | ItemError::Member(_))) => {
                return Ok(Fate::Ignored(error.to_string()));
            }
            Err(error) => return Ok(Fate::Refused(error.to_string())),
        };
        if is_delete(&plain) && plain.object.as_deref() == Some(plain.actor.as_str()) {
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
                // Too large to be kept as it came (decisions 23), or a signature that is no evidence.
                Err(_no_evidence) => return self.asked_of_origin(inbox, &plain).await,
            },
            Judgement::NoProof => return self.asked_of_origin(inbox, &plain).await,
        };
        let tx = self.service.store.begin().await?;
        if let Err(why) = self.take_within(&tx, &rooms, &item, &body, verdict).await? {
            return Ok(Fate::Refused(why));
        }
        let fate = self.done(tx, inbox).await?;
        self.service.wake.after_act();
        Ok(fate)
    }

    /// What a room elsewhere answers to a reply by keyword of somebody here: no entry, and they are told.
    async fn receipt(&self, inbox: &InboxItem, note: &Value) -> Result<Fate, ServiceError> {
        let room = actors::by_uri(&self.service.store, &inbox.signer).await?;
        let is_room = |room: &actors::Actor| {
            room.kind == "Group" && id_of(note, "attributedTo").as_ref() == Some(&room.uri)
        };
        let Some(room) = room.filter(is_room) else {
            return Ok(Fate::Refused("a receipt is given by a room".to_owned()));
        };
        let tx = self.service.store.begin().await?;
        if !self.service.take_answer(&tx, &room, note, inbox.body.clone()).await? {
            return Ok(Fate::Ignored("it answers nothing of ours".to_owned()));
        }
        self.done(tx, inbox).await
    }

    /// Appends an act to rooms of ours; the reason where it does not belong there.
    pub(super) async fn take_into(
        &self,
        rooms: &[Room],
        item: &Item,
        body: &[u8],
        verdict: Verdict,
    ) -> Result<Result<(), String>, ServiceError> {
        let tx = self.service.store.begin().await?;
        if let Err(why) = self.take_within(&tx, rooms, item, body, verdict).await? {
            return Ok(Err(why));
        }
        tx.commit().await?;
        self.service.wake.after_act();
        Ok(Ok(()))
    }

    /// The same in the caller's transaction, which must not be committed where this answers a reason.
    async fn take_within(
        &self,
        tx: &Tx,
        rooms: &[Room],
        item: &Item,
        body: &[u8],
        verdict: Verdict,
    ) -> Result<Result<(), String>, ServiceError> {
        for room in rooms {
            match self.service.take(tx, room, item, body, verdict, Via::Direct).await {
                Ok(_) => {}
                Err(error @ ServiceError::Invalid(_)) => return Ok(Err(error.to_string())),
                Err(other) => return Err(other),
            }
        }
        Ok(Ok(()))
    }

    /// Settles an item whose effect stands.
    pub(super) async fn settled(&self, inbox: &InboxItem) -> Result<Fate, ServiceError> {
        let tx = self.service.store.begin().await?;
        self.done(tx, inbox).await
    }

    /// A text whose activity only names it (GoToSocial): asked of its own server by a signed GET.
    pub(super) async fn named(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        uri: &str,
    ) -> Result<Fate, ServiceError> {
        if doer(activity).as_deref() != Some(inbox.signer.as_str()) {
            return Ok(Fate::Refused("what is only named is published by its author".to_owned()));
        }
        if crate::protocol::paths::host_of(uri) != inbox.host {
            return Ok(Fate::Refused("it is on another host than its author".to_owned()));
        }
        let budget = Budget::new(limits::ORIGIN_FETCHES_MAX);
        self.by_origin(inbox, uri, &budget).await
    }

    /// What a document is worth that somebody else forwarded without a proof: what its own server says of it.
    async fn asked_of_origin(&self, inbox: &InboxItem, item: &Item) -> Result<Fate, ServiceError> {
        let budget = Budget::new(limits::ORIGIN_FETCHES_MAX);
        match (item.act_type.as_str(), &item.object) {
            ("Create" | "Update" | "Delete", Some(object)) => {
                self.by_origin(inbox, object, &budget).await
            }
            _ => Ok(Fate::Refused(
                "forwarded without a proof of its author, so it cannot be verified".to_owned(),
            )),
        }
    }

    /// The fate of an item that its object's own server decides.
    pub(super) async fn by_origin(
        &self,
        inbox: &InboxItem,
        uri: &str,
        budget: &Budget,
    ) -> Result<Fate, ServiceError> {
        Ok(match self.ask_origin(uri, budget).await? {
            Origin::Taken | Origin::Known => return self.settled(inbox).await,
            Origin::NotOurs(why) => Fate::Ignored(why),
            Origin::NotNow(why) => Fate::Later(why),
            Origin::Refused(why) => Fate::Refused(why),
        })
    }

    /// A quote, the end of one or of a private reply, an Undo of something only named, a post on no topic of ours.
    async fn outside_the_record(
        &self,
        inbox: &InboxItem,
        item: &Item,
    ) -> Result<Fate, ServiceError> {
        if item.actor != inbox.signer {
            return Ok(Fate::Ignored("it belongs to no topic held here".to_owned()));
        }
        match (item.act_type.as_str(), &item.object) {
            ("Undo", Some(target)) => {
                let tx = self.service.store.begin().await?;
                follows::unreact(&tx, target, &item.actor).await?;
                crate::store::blocks::delete_by_activity(&tx, target, &item.actor).await?;
                self.done(tx, inbox).await
            }
            ("Delete", Some(target)) => {
                let tx = self.service.store.begin().await?;
                follows::forget_note(&tx, target, &item.actor).await?;
                private_notes::forget(&tx, target, &item.actor).await?;
                self.done(tx, inbox).await
            }
            ("Create", _) => self.quoted(inbox, item).await,
            _ => Ok(Fate::Ignored("it belongs to no topic held here".to_owned())),
        }
    }

    async fn farewell(&self, uri: &str) -> Result<(), ServiceError> {
        // Believed only when the actor's own server says so too.
        if let Err(ActorUnavailable::Gone { .. }) = self.fetch_actor(uri).await {
            self.actor_gone(uri).await?;
        }
        Ok(())
    }

    /// Ends everything an actor follows here.
    pub(in crate::federation) async fn actor_gone(&self, uri: &str) -> Result<(), ServiceError> {
        let tx = self.service.store.begin().await?;
        actors::mark_gone(&tx, uri, self.service.now().as_millis()).await?;
        follows::delete_all_of(&tx, uri).await?;
        Ok(tx.commit().await?)
    }

    /// An actor changed its document.
    pub(super) async fn actor_changed(
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
}

fn is_receipt(note: &Value) -> bool {
    member(note, "receiptFor").is_some()
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

fn is_delete(item: &Item) -> bool {
    item.act_type == "Delete"
}

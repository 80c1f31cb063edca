//! Links between rooms of one topic (protocol 4.f.3): each follows the other, and each accepts. From the moment a
//! room accepts, it relays to the other all that its log gains; the other reads what was there before.

use serde_json::Value;
use url::Url;

use super::{Federation, fetch::Budget, receive::Fate, verify::Judgement};
use crate::{
    domain::audience::Audience,
    protocol::{
        compose::{Addressing, Envelope},
        paths::host_of,
        quirks::{id_of, ids_of, member, text_of, types_of},
    },
    record::{digest, item::Item},
    service::{Caller, ServiceError},
    store::{
        Tx,
        actors::{self, Actor},
        inbox_items::InboxItem,
        links::{self, Link},
        rooms::{self, Room},
    },
};

/// Rooms of one topic that are linked to without being asked (protocol 4.f.3).
const ROOMS_LINKED_MAX: usize = 200;

impl Federation {
    /// Opens a room here for a topic held elsewhere, and asks the rooms that hold it for links.
    pub async fn join(
        &self,
        caller: &Caller,
        room_uri: &str,
        slug: Option<&str>,
    ) -> Result<Room, ServiceError> {
        if !caller.may_write {
            return Err(ServiceError::NotPermitted { why: "this token may read only" });
        }
        let url = Url::parse(room_uri.trim()).map_err(|error| {
            ServiceError::invalid("room", format!("must be the address of a room: {error}"))
        })?;
        if self.service.paths.is_ours(url.as_str()) {
            return Err(ServiceError::invalid("room", "that room is on this instance already"));
        }
        let elsewhere = |why: String| ServiceError::Elsewhere { host: host_of(url.as_str()), why };
        let budget = Budget::default();
        let fetched = self
            .fetcher
            .fetch_anew(&url, &budget)
            .await
            .map_err(|error| elsewhere(error.to_string()))?;
        let document = fetched.document;
        if !types_of(&document).contains(&"Group") {
            return Err(ServiceError::invalid("room", "that address is no room"));
        }
        let peer = self
            .fetch_actor(fetched.final_url.as_str())
            .await
            .map_err(|error| elsewhere(error.to_string()))?;
        let Some(genesis) = member(&document, "genesis") else {
            return Err(ServiceError::invalid(
                "room",
                "that group does not hold a topic of Polylogue",
            ));
        };
        let item = Item::of(genesis.clone()).map_err(|error| {
            ServiceError::invalid("room", format!("its topic cannot be read: {error}"))
        })?;
        let topic = digest::topic_name(genesis);
        if id_of(&document, "topic").as_ref() != Some(&topic) {
            return Err(ServiceError::invalid(
                "room",
                "its topic is not the one its first record names",
            ));
        }
        let verdict = match self.judge(&item).await? {
            Judgement::Valid(verdict) => verdict,
            Judgement::NoProof => {
                return Err(ServiceError::invalid("room", "its first record is not signed"));
            }
            Judgement::NotYet { why } => {
                return Err(elsewhere(format!("the founder's key is out of reach: {why}")));
            }
            Judgement::Invalid { why } => {
                return Err(ServiceError::invalid(
                    "room",
                    format!("its first record is not its founder's: {why}"),
                ));
            }
        };
        let slug = match slug {
            Some(slug) => slug.to_owned(),
            None => text_of(&document, "preferredUsername").unwrap_or_default().to_owned(),
        };
        let room = self.service.open_room(&slug, genesis, &peer.uri, verdict).await?;
        self.offer_link(&room, &peer).await?;
        self.offer_links_to_all(&room, &document, &budget).await;
        Ok(room)
    }

    /// Follows somebody, or a topic: one that is held elsewhere only is opened here, and what it gains comes by the link
    /// between the rooms.
    pub async fn follow_or_join(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        if let Some(room) = self.service.needs_joining(key).await? {
            self.join(caller, &room, None).await?;
        }
        self.service.follow_person(caller, key).await
    }

    /// Every room that a peer lists is offered a link. One that cannot be reached now is found again later, by its
    /// own Follow or by another's list.
    async fn offer_links_to_all(&self, room: &Room, document: &Value, budget: &Budget) {
        let Some(url) = id_of(document, "rooms").and_then(|uri| Url::parse(&uri).ok()) else {
            return;
        };
        let list = match self.fetcher.fetch_anew(&url, budget).await {
            Ok(fetched) => fetched.document,
            Err(error) => {
                tracing::info!(%url, %error, "the list of rooms cannot be read");
                return;
            }
        };
        let mut uris = ids_of(&list, "items");
        uris.extend(ids_of(&list, "orderedItems"));
        uris.truncate(ROOMS_LINKED_MAX);
        for uri in uris {
            if self.service.paths.is_ours(&uri) {
                continue;
            }
            let offered = match self.actor(&uri).await {
                Ok(peer) if peer.kind == "Group" => self.offer_link(room, &peer).await,
                Ok(_) => Ok(()),
                Err(error) => Err(ServiceError::internal(error)),
            };
            if let Err(error) = offered {
                tracing::info!(%uri, ?error, "a room could not be offered a link");
            }
        }
    }

    /// Follows a room as ours, with the handshake; once.
    async fn offer_link(&self, room: &Room, peer: &Actor) -> Result<(), ServiceError> {
        let ours = self.service.room_actor(room).await?;
        let tx = self.service.store.begin().await?;
        let known = links::with_peer(&tx, room.id, &peer.uri).await?;
        if known
            .as_ref()
            .is_some_and(|link| link.sent_follow.is_some() && link.state != links::DOWN)
        {
            return Ok(());
        }
        self.send_follow(&tx, room, &ours, peer, known).await?;
        tx.commit().await?;
        self.service.wake.outgoing().notify_one();
        Ok(())
    }

    async fn send_follow(
        &self,
        tx: &Tx,
        room: &Room,
        ours: &Actor,
        peer: &Actor,
        known: Option<Link>,
    ) -> Result<Link, ServiceError> {
        let now = self.service.now();
        let id = self.service.paths.activity(self.service.new_id());
        let envelope = Envelope {
            id: &id,
            actor: &ours.uri,
            published: now,
            addressing: Addressing { to: vec![peer.uri.clone()], cc: Vec::new() },
            audience: None,
        };
        let follow = envelope.link("Follow", peer.uri.clone().into(), &room.topic);
        self.send_as(tx, ours, &id, follow, &[Audience::Inbox(peer.inbox.clone())]).await?;
        let base = known.unwrap_or_else(|| self.new_link(room, peer));
        let link = Link {
            sent_follow: Some(id),
            sent_accepted: false,
            state: links::ASKED.to_owned(),
            updated_at: now.as_millis(),
            ..base
        };
        Ok(links::save(tx, link).await?)
    }

    fn new_link(&self, room: &Room, peer: &Actor) -> Link {
        let now = self.service.now().as_millis();
        Link {
            id: self.service.new_id(),
            room_id: room.id,
            peer: peer.uri.clone(),
            peer_inbox: peer.inbox.clone(),
            sent_follow: None,
            sent_accepted: false,
            got_follow: None,
            got_accepted: false,
            state: links::ASKED.to_owned(),
            cursor: 0,
            relayed: 0,
            pull_due_at: now,
            updated_at: now,
        }
    }

    /// A room asks for a link.
    pub(super) async fn link_asked(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        ours: &Actor,
        peer: &Actor,
    ) -> Result<Fate, ServiceError> {
        let Some(room) = rooms::by_id(&self.service.store, ours.id).await? else {
            return Ok(Fate::Refused("there is no such room here".to_owned()));
        };
        let refusal = self.why_no_link(&room, activity, peer).await?;
        let tx = self.service.store.begin().await?;
        if let Some(why) = refusal {
            self.answer(&tx, ours, peer, "Reject", activity, None).await?;
            crate::store::inbox_items::settle(
                &tx,
                inbox.id,
                crate::store::inbox_items::REFUSED,
                Some(why.to_owned()),
            )
            .await?;
            tx.commit().await?;
            self.service.wake.outgoing().notify_one();
            return Ok(Fate::Done);
        }
        self.answer(&tx, ours, peer, "Accept", activity, Some(&room.topic)).await?;
        // What the log gains from here on is relayed; what it holds now the peer reads itself, after our Accept.
        let next_seq =
            rooms::by_id(&tx, room.id).await?.map_or(room.next_seq, |room| room.next_seq);
        let known = links::with_peer(&tx, room.id, &peer.uri).await?;
        let fresh = known
            .as_ref()
            .is_none_or(|link| link.sent_follow.is_none() || link.state == links::DOWN);
        let base = known.unwrap_or_else(|| self.new_link(&room, peer));
        let mut link = Link {
            got_follow: Some(inbox.activity_uri.clone()),
            got_accepted: true,
            relayed: next_seq - 1,
            peer_inbox: peer.inbox.clone(),
            updated_at: self.service.now().as_millis(),
            ..base
        };
        if link.sent_accepted {
            links::UP.clone_into(&mut link.state);
        }
        let link = links::save(&tx, link).await?;
        if fresh {
            self.send_follow(&tx, &room, ours, peer, Some(link)).await?;
        }
        let fate = self.done(tx, inbox).await?;
        self.service.wake.outgoing().notify_one();
        Ok(fate)
    }

    /// Why a room is refused a link, in words; `None` where it gets one.
    async fn why_no_link(
        &self,
        room: &Room,
        activity: &Value,
        peer: &Actor,
    ) -> Result<Option<&'static str>, ServiceError> {
        let link = member(activity, "link");
        if room.link_policy != "open" {
            return Ok(Some("this room takes no links now"));
        }
        if link.and_then(|link| id_of(link, "topic")).as_ref() != Some(&room.topic) {
            return Ok(Some("it is a room of another topic"));
        }
        if !peer.implements_mesh {
            return Ok(Some("its server does not say that it speaks plg/1"));
        }
        let signed = self.judge_document(activity, &peer.uri).await?;
        Ok(if signed { None } else { Some("a link is asked for with a valid proof") })
    }

    /// Our Follow of a room was answered. Answers whether it was one for a link.
    pub(super) async fn link_answered(
        &self,
        tx: &Tx,
        peer: &str,
        follow: &str,
        accepted: bool,
    ) -> Result<bool, ServiceError> {
        for link in links::by_peer(tx, peer).await? {
            if link.sent_follow.as_deref() != Some(follow) {
                continue;
            }
            let now = self.service.now().as_millis();
            let state = match (accepted, link.got_accepted) {
                (false, _) => links::DOWN,
                (true, true) => links::UP,
                (true, false) => links::ASKED,
            };
            let changed = Link {
                sent_accepted: accepted,
                state: state.to_owned(),
                pull_due_at: now,
                updated_at: now,
                ..link
            };
            links::save(tx, changed).await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// A peer took its Follow back: the link is down until it asks again.
    pub(super) async fn link_undone(
        &self,
        tx: &Tx,
        peer: &str,
        ours: &str,
    ) -> Result<(), ServiceError> {
        let Some(room) = actors::by_uri(tx, ours).await?.filter(|actor| actor.local) else {
            return Ok(());
        };
        if let Some(link) = links::with_peer(tx, room.id, peer).await? {
            let changed = Link {
                got_accepted: false,
                got_follow: None,
                state: links::DOWN.to_owned(),
                updated_at: self.service.now().as_millis(),
                ..link
            };
            links::save(tx, changed).await?;
        }
        Ok(())
    }
}

//! Handing on what a room's log gains to linked rooms (protocol 4.f.4): every item, verbatim, in an `Announce`. A
//! consumer of the log with a cursor of its own, so that a crash between "saved" and "sent" loses nothing. What other
//! followers get is in `followers.rs`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Federation, receive::Fate};
use crate::{
    base::limits,
    domain::audience::Audience,
    protocol::{
        compose::{Addressing, Envelope},
        paths::host_of,
        quirks::{ids_of, member, number_of, one_or_many, types_of},
    },
    service::ServiceError,
    store::{
        actors::Actor,
        entries::{self, Entry},
        inbox_items::InboxItem,
        links::{self, Link},
        rooms::{self, Room},
    },
};

/// Entries looked at for one link in one step.
pub(super) const WINDOW: u64 = 50;

impl Federation {
    /// Relays what the logs gained; answers how many entries were looked at.
    pub async fn relay(&self) -> Result<usize, ServiceError> {
        let mut looked = 0;
        for room in rooms::all(&self.service.store).await? {
            let receivers = links::receivers(&self.service.store, room.id).await?;
            let actor = self.service.room_actor(&room).await?;
            for link in &receivers {
                looked += self.relay_to(&room, &actor, link, &receivers).await?;
            }
            looked += self.tell_followers(&room, &actor).await?;
            looked += self.boost_from_elsewhere(&room, &actor).await?;
        }
        self.tell_of_rooms().await?;
        if looked > 0 {
            self.service.wake.outgoing().notify_one();
        }
        Ok(looked)
    }

    async fn relay_to(
        &self,
        room: &Room,
        actor: &Actor,
        link: &Link,
        receivers: &[Link],
    ) -> Result<usize, ServiceError> {
        let window = entries::page(&self.service.store, room.id, link.relayed, WINDOW).await?;
        let Some(last) = window.last().map(|row| row.seq) else { return Ok(0) };
        let wanted: Vec<&Entry> = window.iter().filter(|row| is_for(row, link)).collect();
        let hosts_told = self.hosts_told(&actor.uri).await?;
        let tx = self.service.store.begin().await?;
        for batch in batches(&wanted) {
            let items = batch
                .iter()
                .map(|row| entries::read(row).map(|item| item.log_document().clone()))
                .collect::<Result<Vec<Value>, _>>()?;
            // Who is being sent to now, and who is known to have all of these already.
            let mut sent_to: BTreeSet<String> =
                receivers.iter().map(|link| link.peer.clone()).collect();
            let known = batch.iter().map(|row| entries::sent_to(row)).reduce(|a, b| &a & &b);
            sent_to.extend(known.unwrap_or_default());
            sent_to.insert(actor.uri.clone());
            // Hosts whose people are told by us are told by no other room again (decisions 27).
            sent_to.extend(hosts_told.iter().cloned());
            let hops = batch.iter().map(|row| row.hops).max().unwrap_or_default() + 1;
            let id = self.service.paths.activity(self.service.new_id());
            let followers = format!("{}/followers", actor.uri);
            let envelope = Envelope {
                id: &id,
                actor: &actor.uri,
                published: self.service.now(),
                addressing: Addressing::public(&[], &[&followers]),
                audience: None,
            };
            let announce = envelope.relay(items, &sent_to.into_iter().collect::<Vec<_>>(), hops);
            self.send_as(&tx, actor, &id, announce, &[Audience::Inbox(link.peer_inbox.clone())])
                .await?;
        }
        if let Some(link) = links::with_peer(&tx, room.id, &link.peer).await? {
            links::save(&tx, Link { relayed: last, ..link }).await?;
        }
        tx.commit().await?;
        Ok(window.len())
    }

    /// The relay of a linked room; none where whoever sent it is no such room, or where it only names something.
    pub(super) async fn relayed(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        actor: &str,
    ) -> Result<Option<Fate>, ServiceError> {
        let linked: Vec<Link> = links::by_peer(&self.service.store, actor)
            .await?
            .into_iter()
            .filter(|link| link.sent_follow.is_some() && link.state != links::DOWN)
            .collect();
        let object = member(activity, "object").filter(|object| object.is_object());
        let Some(object) = object.filter(|_| !linked.is_empty()) else { return Ok(None) };
        let items = if types_of(object).contains(&"OrderedCollection") {
            one_or_many(object, "orderedItems")
        } else {
            vec![object]
        };
        if items.len() > limits::ANNOUNCE_ITEMS_MAX {
            let why = format!("more than {} items", limits::ANNOUNCE_ITEMS_MAX);
            return Ok(Some(Fate::Refused(why)));
        }
        let hops = number_of(activity, "hops").unwrap_or(1).max(1);
        let sent_to = ids_of(activity, "sentTo");
        for link in &linked {
            let Some(room) = rooms::by_id(&self.service.store, link.room_id).await? else {
                continue;
            };
            for item in &items {
                self.take_relayed(&room, item, actor, &sent_to, hops).await?;
            }
        }
        let tx = self.service.store.begin().await?;
        let fate = self.done(tx, inbox).await?;
        self.service.wake.after_act();
        Ok(Some(fate))
    }
}

/// A linked room gets what it is not known to hold, what did not come from it, and what was not made on its own host.
fn is_for(row: &Entry, link: &Link) -> bool {
    let host = host_of(&link.peer);
    row.origin.as_deref() != Some(link.peer.as_str())
        && host_of(&row.actor) != host
        && row.hops < limits::RELAY_HOPS_MAX
        && !entries::sent_to(row).contains(&link.peer)
}

/// Up to 50 items and 256 KiB to an `Announce`; a larger item goes alone (decisions 23).
fn batches<'a>(rows: &[&'a Entry]) -> Vec<Vec<&'a Entry>> {
    let mut all: Vec<Vec<&Entry>> = Vec::new();
    let mut bytes = 0;
    for &row in rows {
        let fits = bytes + row.body.len() <= limits::ANNOUNCE_BATCH_BYTES_MAX;
        match all.last_mut() {
            Some(batch) if fits && batch.len() < limits::ANNOUNCE_ITEMS_MAX => {
                batch.push(row);
                bytes += row.body.len();
            }
            _ => {
                all.push(vec![row]);
                bytes = row.body.len();
            }
        }
    }
    all
}

//! Tells the followers of a topic's collection of rooms when a room joins it or goes down (test 54).

use std::collections::BTreeSet;

use serde_json::Value;

use super::Federation;
use crate::{
    domain::audience::Audience,
    protocol::compose::{Addressing, Envelope},
    service::ServiceError,
    store::{feeds, follows, rooms},
};

impl Federation {
    /// Tells of what changed; answers how many changes were told.
    pub async fn tell_of_rooms(&self) -> Result<usize, ServiceError> {
        let mut changes = 0;
        for room in rooms::all(&self.service.store).await? {
            let Some(feed) = self.service.known_feed(&room).await? else { continue };
            if follows::count_followers(&self.service.store, &feed.uri).await? == 0 {
                continue;
            }
            let mesh = self.service.mesh(&room).await?;
            let now: BTreeSet<String> =
                mesh.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let told = feeds::told(&self.service.store, room.id).await?;
            if now == told {
                continue;
            }
            let tx = self.service.store.begin().await?;
            let added = now.difference(&told).map(|member| ("Add", member));
            let removed = told.difference(&now).map(|member| ("Remove", member));
            for (kind, member) in added.chain(removed) {
                let id = self.service.paths.activity(self.service.new_id());
                let followers = format!("{}/followers", feed.uri);
                let envelope = Envelope {
                    id: &id,
                    actor: &feed.uri,
                    published: self.service.now(),
                    addressing: Addressing::public(&[], &[&followers]),
                    audience: None,
                };
                let target = format!("{}/following", feed.uri);
                let change = envelope.change(kind, member, &target);
                let followers = [Audience::Followers(feed.uri.clone())];
                self.send_as(&tx, &feed, &id, change, &followers).await?;
                if kind == "Add" {
                    feeds::add(&tx, room.id, member).await?;
                } else {
                    feeds::remove(&tx, room.id, member).await?;
                }
                changes += 1;
            }
            tx.commit().await?;
        }
        Ok(changes)
    }
}

//! From symbolic audiences to deliveries: one row per inbox, shared inboxes where there are any, none to ourselves and
//! none twice.

use std::collections::{BTreeMap, BTreeSet};

use super::{Federation, verify::ActorUnavailable};
use crate::{
    domain::audience::Audience,
    protocol::paths::host_of,
    service::ServiceError,
    store::{
        deliveries::{self, Delivery, Outgoing},
        entries, follows, links,
    },
};

/// Activities expanded in one step.
const BATCH: u64 = 50;

impl Federation {
    /// Turns audiences into deliveries; answers how many activities that were.
    pub async fn expand(&self) -> Result<usize, ServiceError> {
        let rows = deliveries::unexpanded(&self.service.store, BATCH).await?;
        let count = rows.len();
        for row in rows {
            let inboxes = self.inboxes(&row).await?;
            let now = self.service.now().as_millis();
            let due = inboxes
                .into_iter()
                .map(|inbox| Delivery {
                    id: self.service.new_id(),
                    outgoing_id: row.id,
                    host: host_of(&inbox),
                    inbox,
                    state: deliveries::DUE.to_owned(),
                    attempts: 0,
                    due_at: now,
                    status: None,
                    error: None,
                    settled_at: None,
                })
                .collect();
            let tx = self.service.store.begin().await?;
            deliveries::expand(&tx, row, due).await?;
            tx.commit().await?;
        }
        Ok(count)
    }

    async fn inboxes(&self, row: &Outgoing) -> Result<Vec<String>, ServiceError> {
        let words: Vec<String> = serde_json::from_str(&row.audience).unwrap_or_default();
        let linked = self.hosts_served_by_relay(&row.activity_uri).await?;
        let unwilling = self.unwilling_to_hear(row.signer_id).await?;
        // By host and inbox, so that one shared inbox takes the place of all personal ones behind it.
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut add = |inbox: &str, shared: Option<&str>| {
            let inbox = shared.filter(|shared| !shared.is_empty()).unwrap_or(inbox);
            let host = host_of(inbox);
            if !self.service.paths.is_ours(inbox) && !host.is_empty() {
                found.entry(host).or_default().insert(inbox.to_owned());
            }
        };
        for audience in words.iter().filter_map(|word| Audience::from_word(word)) {
            match audience {
                Audience::Inbox(uri) => add(&uri, None),
                Audience::Followers(uri) => {
                    for follow in follows::followers(&self.service.store, &uri).await? {
                        if !linked.contains(&host_of(&follow.follower))
                            && !unwilling.contains(&follow.follower)
                        {
                            add(&follow.inbox, follow.shared_inbox.as_deref());
                        }
                    }
                }
                Audience::Actor(uri)
                    if linked.contains(&host_of(&uri)) || unwilling.contains(&uri) => {}
                Audience::Actor(uri) => match self.actor(&uri).await {
                    Ok(actor) => add(&actor.inbox, actor.shared_inbox.as_deref()),
                    Err(ActorUnavailable::Ours(error)) => return Err(error),
                    Err(error) => tracing::info!(%uri, %error, "a recipient cannot be found"),
                },
            }
        }
        Ok(found.into_values().flatten().collect())
    }

    /// The hosts of the rooms to which an act is relayed: they need no second copy.
    async fn hosts_served_by_relay(
        &self,
        activity_uri: &str,
    ) -> Result<BTreeSet<String>, ServiceError> {
        let mut hosts = BTreeSet::new();
        for row in entries::by_item_id(&self.service.store, activity_uri).await? {
            for link in links::receivers(&self.service.store, row.room_id).await? {
                hosts.insert(host_of(&link.peer));
            }
        }
        Ok(hosts)
    }
}

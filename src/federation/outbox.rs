//! From symbolic audiences to deliveries: one row per inbox, shared inboxes where there are any, none to ourselves and
//! none twice. Who takes only small documents gets the short form of a large one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Federation, verify::ActorUnavailable};
use crate::{
    base::limits,
    domain::{audience::Audience, readership::Readership},
    protocol::{json, paths::host_of, quirks::id_of},
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
            let mut inboxes = self.inboxes(&row).await?;
            let mut short = None;
            if row.body.len() > limits::DELIVERED_BYTES_MAX {
                let (whole, small) = self.by_size(inboxes).await?;
                inboxes = whole;
                if !small.is_empty() {
                    short = self.short_of(&row).await?.map(|short| (short, small));
                }
            }
            let due = self.deliveries_of(&row, inboxes);
            let tx = self.service.store.begin().await?;
            deliveries::expand(&tx, row, due).await?;
            if let Some((short, small)) = short {
                let due = self.deliveries_of(&short, small);
                deliveries::insert(&tx, short.clone()).await?;
                deliveries::expand(&tx, short, due).await?;
            }
            tx.commit().await?;
        }
        Ok(count)
    }

    fn deliveries_of(&self, row: &Outgoing, inboxes: Vec<String>) -> Vec<Delivery> {
        let now = self.service.now().as_millis();
        let due = inboxes.into_iter().map(|inbox| Delivery {
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
        });
        due.collect()
    }

    /// The inboxes that take large documents whole, and those for which they are shortened (G4). Lemmy follows no bare
    /// ids: it gets nothing.
    async fn by_size(
        &self,
        inboxes: Vec<String>,
    ) -> Result<(Vec<String>, Vec<String>), ServiceError> {
        let (mut whole, mut small) = (Vec::new(), Vec::new());
        for inbox in inboxes {
            match self.readership(&inbox).await? {
                Readership::Peer => whole.push(inbox),
                Readership::Lemmy => {
                    tracing::info!(%inbox, "too large for it, and it follows no ids: not sent");
                }
                Readership::Forum | Readership::Microblog => small.push(inbox),
            }
        }
        Ok((whole, small))
    }

    /// The short form of what is to be sent; none where it has none, or its author's key is not here.
    async fn short_of(&self, row: &Outgoing) -> Result<Option<Outgoing>, ServiceError> {
        let activity = json::parse(&row.body)
            .map_err(|error| ServiceError::internal(format!("{}: {error}", row.activity_uri)))?;
        let Some(slim) = self.service.slim(&activity).await? else {
            tracing::info!(activity = %row.activity_uri, "too large, and it has no short form");
            return Ok(None);
        };
        let body =
            serde_json::to_vec(&slim).map_err(|error| ServiceError::Internal(error.into()))?;
        let id = self.service.new_id();
        let activity_uri = id_of(&slim, "id").unwrap_or_default();
        Ok(Some(Outgoing { id, activity_uri, body, ..row.clone() }))
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
                Audience::FollowersOn { of, kinds, but_for } => {
                    let followers = follows::followers(&self.service.store, &of).await?;
                    let known = self.readerships(&followers).await?;
                    for follow in followers {
                        let host = host_of(&follow.follower);
                        let is_of_kind = known.get(&host).is_some_and(|kind| kinds.contains(kind));
                        if is_of_kind
                            && !unwilling.contains(&follow.follower)
                            && !linked.contains(&host)
                            && !but_for.contains(&host)
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

//! What a room hands on to followers who are no rooms, in the form that their software reads (protocol 4.f.4, tests 52
//! and 53): to forums acts as their authors signed them, to microblogs a boost of each new opinion and later acts raw.
//! Of opinions at home elsewhere it hands on only what their home may not have: to forums, which file them under the
//! announcer, and as one boost a day later (decisions 27).

use std::collections::BTreeSet;

use super::{Federation, relay::WINDOW};
use crate::{
    domain::{audience::Audience, readership::Readership},
    protocol::{
        paths::host_of,
        quirks::{id_of, member},
    },
    record::item::{Cell, Item},
    service::{
        ServiceError,
        announcements::{Announcement, Form},
    },
    store::{
        Tx,
        actors::{self, Actor},
        entries::{self, Entry, Verdict},
        follows, projections,
        rooms::{self, Room},
    },
};

/// After what time an opinion that is at home elsewhere is boosted.
const DAY_MILLIS: i64 = 86_400_000;
/// Hosts named in a relay as told; more than a list may hold are left out.
const HOSTS_NAMED_MAX: usize = 500;

impl Federation {
    /// Tells a room's followers what its log gained; answers how many entries were looked at.
    pub(super) async fn tell_followers(
        &self,
        room: &Room,
        actor: &Actor,
    ) -> Result<usize, ServiceError> {
        let name = format!("followers {}", room.id);
        let cursor = rooms::cursor(&self.service.store, &name).await?;
        let window = entries::page_counted(&self.service.store, room.id, cursor, WINDOW).await?;
        let Some(last) = window.last().and_then(|row| row.counted) else { return Ok(0) };
        let kinds = self.readerships_of(&actor.uri).await?;
        let mut handed = Vec::new();
        for row in window.iter().filter(|row| !kinds.is_empty() && counts(row)) {
            let item = entries::read(row)?;
            for some in self.handed_on(actor, row, &item, &kinds).await? {
                handed.push(some);
            }
        }
        let tx = self.service.store.begin().await?;
        for some in handed {
            self.hand_on(&tx, actor, some).await?;
        }
        rooms::set_cursor(&tx, &name, last).await?;
        tx.commit().await?;
        Ok(window.len())
    }

    /// What is made of one entry, by kind of follower.
    async fn handed_on(
        &self,
        actor: &Actor,
        row: &Entry,
        item: &Item,
        kinds: &BTreeSet<Readership>,
    ) -> Result<Vec<Handed>, ServiceError> {
        let is_home = self.home_of(item).await?.as_ref() == Some(&actor.uri);
        let is_new_opinion =
            matches!(item.cell, Some(Cell::Opinion(_))) && item.act_type == "Create";
        let mut handed = Vec::new();
        let mut forums = vec![Readership::Forum];
        // Lemmy takes an act only from the group that its post belongs to.
        if is_home {
            forums.push(Readership::Lemmy);
        }
        forums.retain(|kind| kinds.contains(kind));
        if !forums.is_empty() && (is_home || item.evidence.is_none()) {
            let announced = self.service.announcement(actor, row, item, Form::Announce).await?;
            if !announced.is_whole {
                forums.retain(|kind| *kind != Readership::Lemmy);
                tracing::info!(activity = %item.id, "too large for Lemmy: it is not told");
            }
            handed.push(Handed::Announced(announced, forums));
        }
        let mut others = vec![Readership::Microblog, Readership::Peer];
        others.retain(|kind| kinds.contains(kind));
        if others.is_empty() || !is_home {
            return Ok(handed);
        }
        if is_new_opinion {
            let boost = self.service.announcement(actor, row, item, Form::Boost).await?;
            handed.push(Handed::Announced(boost, others));
        } else if item.evidence.is_none()
            && matches!(item.act_type.as_str(), "Create" | "Update" | "Delete")
        {
            // Never Likes: a favourite is nobody's news.
            handed.push(Handed::Raw {
                id: item.id.clone(),
                author: item.actor.clone(),
                body: row.body.clone(),
                kinds: others,
            });
        }
        Ok(handed)
    }

    async fn hand_on(&self, tx: &Tx, actor: &Actor, some: Handed) -> Result<(), ServiceError> {
        let (id, body, kinds, signer) = match some {
            Handed::Announced(announced, kinds) => {
                let body = serde_json::to_vec(&announced.document)
                    .map_err(|error| ServiceError::Internal(error.into()))?;
                (announced.id, body, kinds, None)
            }
            // Microblogs take an act from its own actor alone, who signs the request where they live here.
            Handed::Raw { id, author, body, kinds } => {
                let author = actors::by_uri(tx, &author).await?.filter(|author| author.local);
                (id, body, kinds, author)
            }
        };
        let audience = Audience::followers_on(&actor.uri, &kinds);
        self.service.send(tx, signer.as_ref().unwrap_or(actor), &id, body, &[audience]).await
    }

    /// One boost of each opinion that is at home elsewhere, a day after it came, to those who are not known to have
    /// been told of it.
    pub(super) async fn boost_from_elsewhere(
        &self,
        room: &Room,
        actor: &Actor,
    ) -> Result<usize, ServiceError> {
        let name = format!("elsewhere {}", room.id);
        let cursor = rooms::cursor(&self.service.store, &name).await?;
        let before = self.service.now().as_millis() - DAY_MILLIS;
        let mut window =
            entries::page_counted(&self.service.store, room.id, cursor, WINDOW).await?;
        let ripe = window.iter().take_while(|row| row.taken_at <= before).count();
        window.truncate(ripe);
        let Some(last) = window.last().and_then(|row| row.counted) else { return Ok(0) };
        let followed = follows::count_followers(&self.service.store, &actor.uri).await? > 0;
        let mut boosts = Vec::new();
        for row in window.iter().filter(|row| followed && counts(row)) {
            let item = entries::read(row)?;
            let Some(Cell::Opinion(uri)) = &item.cell else { continue };
            let home = id_of(&item.document, "audience");
            if item.act_type != "Create" || home.as_ref() == Some(&actor.uri) {
                continue;
            }
            let stands = projections::opinion(&self.service.store, uri).await?;
            if stands.is_none_or(|opinion| opinion.deleted) {
                continue;
            }
            let mut told: BTreeSet<String> =
                entries::sent_to(row).iter().map(|uri| host_of(uri)).collect();
            told.insert(host_of(uri));
            let boost = self.service.announcement(actor, row, &item, Form::Boost).await?;
            boosts.push((boost, told));
        }
        let tx = self.service.store.begin().await?;
        for (boost, told) in boosts {
            let body = serde_json::to_vec(&boost.document)
                .map_err(|error| ServiceError::Internal(error.into()))?;
            let audience = Audience::FollowersOn {
                of: actor.uri.clone(),
                kinds: vec![Readership::Microblog, Readership::Peer],
                but_for: told.into_iter().collect(),
            };
            self.service.send(&tx, actor, &boost.id, body, &[audience]).await?;
        }
        rooms::set_cursor(&tx, &name, last).await?;
        tx.commit().await?;
        Ok(window.len())
    }

    /// The hosts of a room's followers, as origins, for the rooms that are relayed to.
    pub(super) async fn hosts_told(&self, room: &str) -> Result<Vec<String>, ServiceError> {
        let followers = follows::followers(&self.service.store, room).await?;
        let origins: BTreeSet<String> = followers
            .iter()
            .filter_map(|follow| url::Url::parse(&follow.follower).ok())
            .map(|url| url.origin().ascii_serialization())
            .collect();
        Ok(origins.into_iter().take(HOSTS_NAMED_MAX).collect())
    }

    /// The home room of what an act is about: as it says itself, else that of the opinion it belongs to.
    async fn home_of(&self, item: &Item) -> Result<Option<String>, ServiceError> {
        let object = member(&item.document, "object");
        let said = id_of(&item.document, "audience")
            .or_else(|| object.and_then(|object| id_of(object, "audience")));
        if said.is_some() {
            return Ok(said);
        }
        let store = &self.service.store;
        let opinion = match &item.cell {
            Some(Cell::Opinion(uri) | Cell::Line(uri, _)) => Some(uri.clone()),
            Some(Cell::Comment(uri)) => {
                projections::comment(store, uri).await?.and_then(|comment| comment.opinion_uri)
            }
            _ => None,
        };
        // What is undone or deleted by somebody elsewhere names only its id.
        let opinion = match (opinion, &item.object) {
            (None, Some(uri)) => match projections::comment(store, uri).await? {
                Some(comment) => comment.opinion_uri,
                None => {
                    projections::position(store, uri).await?.map(|position| position.opinion_uri)
                }
            },
            (opinion, _) => opinion,
        };
        match opinion {
            Some(uri) => {
                Ok(projections::opinion(store, &uri).await?.and_then(|opinion| opinion.audience))
            }
            None => Ok(None),
        }
    }
}

/// What goes to some kinds of followers.
enum Handed {
    /// An `Announce` of the room's.
    Announced(Announcement, Vec<Readership>),
    /// The activity as its author signed it.
    Raw {
        /// Its id.
        id: String,
        /// Whose it is.
        author: String,
        /// Its bytes.
        body: Vec<u8>,
        /// To whom.
        kinds: Vec<Readership>,
    },
}

/// Only acts that were verified are handed on.
fn counts(row: &Entry) -> bool {
    row.kind == "act" && row.verdict != Verdict::Held.word()
}

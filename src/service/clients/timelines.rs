//! Timelines: what comes from the rooms and people that somebody follows, and what is public here. In the order in which
//! it came to this server, which is the order of the keys: what comes late is never passed over.

use super::posts::PostView;
use crate::{
    domain::filter::FilterContext,
    service::{Caller, Service, ServiceError},
    store::{
        accounts,
        actors::{self, Actor},
        follows, links, marks,
        posts::{self, KINDS, OPINION, Shelf, Window},
        rooms,
    },
};

/// Which timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeline<'a> {
    /// All opinions.
    Public,
    /// Those by people who live here.
    Local,
    /// Those by people who live elsewhere.
    Remote,
    /// The opinions of one topic, by its slug.
    Topic(&'a str),
}

impl Service {
    /// What those whom the caller follows wrote, and the caller: of rooms the opinions, of people all.
    pub async fn home_posts(
        &self,
        caller: &Caller,
        window: Window,
    ) -> Result<Vec<PostView>, ServiceError> {
        let mut followed = Vec::new();
        for follow in follows::following(&self.store, &caller.actor.uri).await? {
            if follow.state == follows::ACCEPTED {
                followed.push(follow.followee);
            }
        }
        let elsewhere = self.kept_from_home(caller).await?;
        followed.retain(|uri| !elsewhere.contains(uri));
        let mut shelves = by(&caller.actor.uri);
        for actor in actors::by_uris(&self.store, &followed).await? {
            shelves.extend(self.shelves_of(&actor, false).await?);
        }
        shelves.sort_unstable();
        shelves.dedup();
        let reader = self.aversions(caller).await?;
        let rows = posts::page(&self.store, &shelves, window, Some(&reader)).await?;
        self.post_views_in(&rows, Some(caller), FilterContext::Home).await
    }

    /// A timeline that everybody may read.
    pub async fn public_posts(
        &self,
        timeline: Timeline<'_>,
        reader: Option<&Caller>,
        window: Window,
    ) -> Result<Vec<PostView>, ServiceError> {
        let shelf = match timeline {
            Timeline::Public => Shelf::All,
            Timeline::Local => Shelf::Local,
            Timeline::Remote => Shelf::Remote,
            Timeline::Topic(slug) => {
                match rooms::by_slug(&self.store, &slug.to_lowercase()).await? {
                    Some(room) => Shelf::Room(room.id),
                    None => return Ok(Vec::new()),
                }
            }
        };
        let spared = self.aversions_of(reader).await?;
        let rows = posts::page(&self.store, &[shelf], window, spared.as_ref()).await?;
        self.post_views_in(&rows, reader, FilterContext::Public).await
    }

    /// What somebody wrote, or the opinions of a room.
    pub async fn posts_of(
        &self,
        key: i64,
        only_opinions: bool,
        reader: Option<&Caller>,
        window: Window,
    ) -> Result<Vec<PostView>, ServiceError> {
        let actor = self.actor_keyed(key).await?;
        let shelves = self.shelves_of(&actor, only_opinions).await?;
        // Whose page is opened is meant to be read.
        let rows = posts::page(&self.store, &shelves, window, None).await?;
        self.post_views_in(&rows, reader, FilterContext::Account).await
    }

    /// What somebody of ours put first of their own, the latest first.
    pub async fn pinned_posts(
        &self,
        key: i64,
        reader: Option<&Caller>,
    ) -> Result<Vec<PostView>, ServiceError> {
        let actor = self.actor_keyed(key).await?;
        let Some(account) = accounts::by_actor(&self.store, actor.id).await? else {
            return Ok(Vec::new());
        };
        let pins = marks::pins(&self.store, account.id).await?;
        let uris: Vec<String> = pins.into_iter().map(|pin| pin.uri).collect();
        let mut rows = posts::by_uris(&self.store, &uris).await?;
        rows.sort_by_key(|row| uris.iter().position(|uri| *uri == row.uri));
        self.post_views_in(&rows, reader, FilterContext::Account).await
    }

    /// The topics that the caller follows, which are the tags they follow: slug and page.
    pub async fn followed_topics(
        &self,
        caller: &Caller,
    ) -> Result<Vec<(String, String)>, ServiceError> {
        let followed = follows::following(&self.store, &caller.actor.uri).await?;
        let mut topics = Vec::new();
        for room in rooms::all(&self.store).await? {
            let uri = self.paths.room(&room.slug);
            if followed.iter().any(|follow| follow.followee == uri) {
                topics.push((room.slug, uri));
            }
        }
        Ok(topics)
    }

    /// The topic that a tag stands for: its room's key, slug and page.
    pub async fn topic_of_tag(
        &self,
        tag: &str,
    ) -> Result<Option<(i64, String, String)>, ServiceError> {
        let slug = tag.trim_start_matches('#').to_lowercase();
        let room = rooms::by_slug(&self.store, &slug).await?;
        Ok(room.map(|room| {
            let page = self.paths.room(&room.slug);
            (room.id, room.slug, page)
        }))
    }

    /// Where that which an actor stands for is listed. A room elsewhere stands for the topic that ours is linked for.
    pub(super) async fn shelves_of(
        &self,
        actor: &Actor,
        only_opinions: bool,
    ) -> Result<Vec<Shelf>, ServiceError> {
        if actor.kind != "Group" {
            return Ok(if only_opinions {
                vec![Shelf::By(actor.uri.clone(), OPINION)]
            } else {
                by(&actor.uri)
            });
        }
        if actor.local {
            return Ok(vec![Shelf::Room(actor.id)]);
        }
        let linked = links::by_peer(&self.store, &actor.uri).await?;
        Ok(linked.into_iter().map(|link| Shelf::Room(link.room_id)).collect())
    }

    /// What the caller bookmarked, the latest first, with the key of each bookmark.
    pub async fn bookmarked_posts(
        &self,
        caller: &Caller,
        window: Window,
    ) -> Result<Vec<(i64, PostView)>, ServiceError> {
        let rows = marks::bookmarks(&self.store, caller.account_id, window).await?;
        let marked = rows.into_iter().map(|row| (row.id, row.uri)).collect();
        self.marked_posts(caller, marked).await
    }

    /// What the caller favourited, the latest first, with the moment of each as its place in the list.
    pub async fn favourited_posts(
        &self,
        caller: &Caller,
        window: Window,
    ) -> Result<Vec<(i64, PostView)>, ServiceError> {
        let (before, limit) = (window.max_id, window.limit);
        let rows =
            marks::reactions_by(&self.store, &caller.actor.uri, "like", before, limit).await?;
        let marked = rows.into_iter().map(|row| (row.created_at, row.object)).collect();
        self.marked_posts(caller, marked).await
    }

    async fn marked_posts(
        &self,
        caller: &Caller,
        marked: Vec<(i64, String)>,
    ) -> Result<Vec<(i64, PostView)>, ServiceError> {
        let uris: Vec<String> = marked.iter().map(|(_, uri)| uri.clone()).collect();
        let rows = posts::by_uris(&self.store, &uris).await?;
        let views = self.post_views(&rows, Some(caller)).await?;
        Ok(marked
            .into_iter()
            .filter_map(|(place, uri)| {
                Some((place, views.iter().find(|view| view.uri == uri)?.clone()))
            })
            .collect())
    }
}

/// All that somebody wrote.
fn by(uri: &str) -> Vec<Shelf> {
    KINDS.iter().map(|kind| Shelf::By(uri.to_owned(), kind)).collect()
}

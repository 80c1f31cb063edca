//! Reads what has happened, for all who listen. Where it is written is no matter: a form here, the command line beside the
//! server, another server over the same database. Two orders are read: in each room that in which entries begin to count
//! (its numbers are committed in order, since whoever takes one holds the room); of notices that of the numbers they are
//! given once they are committed. So nothing is passed over that was begun early and committed late.

use std::collections::{BTreeMap, BTreeSet};

use super::Known;
use crate::{
    base::{clock::Timestamp, limits},
    record::item::{Cell, Kind},
    service::{Service, ServiceError, clients::PostView},
    store::{
        actors,
        entries::{self, Entry},
        follows, keys, links,
        notices::{self, Notice},
        posts::{self, Held, OPINION},
        rooms::{self, Room},
    },
};

/// Entries of a room that are read in one step.
const WINDOW: u64 = 50;
/// Posts of one actor that are told to be gone when the actor is.
const GONE_AT_ONCE_MAX: u64 = 500;
/// How long those who read slowly are waited for before they are let go, in milliseconds.
const PATIENCE_MILLIS: i64 = 2_000;
const HOUR_MILLIS: i64 = 3_600_000;

/// Something that happened.
#[derive(Debug)]
pub enum Change {
    /// A post is new, edited or gone.
    Post(PostChange),
    /// Somebody here was told something.
    Told(Box<Notice>),
    /// These tokens, by their hashes, hold no more.
    Ended(BTreeSet<String>),
}

/// A post that is new, edited or gone, and what decides whose it is.
#[derive(Debug)]
pub struct PostChange {
    /// What became of it.
    pub(super) what: What,
    /// Whether it is an opinion: only those are in the timelines for everybody.
    pub(super) opinion: bool,
    /// Whether its author lives here.
    pub(super) local: bool,
    /// Slug of its topic.
    pub(super) topic: String,
    /// The accounts that listen and have it at home.
    pub(super) home: BTreeSet<i64>,
}

/// What became of a post. As somebody sees it who is not signed in.
#[derive(Debug)]
pub(super) enum What {
    New(Box<PostView>),
    Edited(Box<PostView>),
    Gone(i64),
}

/// How far has been read.
#[derive(Debug)]
pub(super) struct Cursors {
    /// Of each room. One that is not among them is newer than all this, and is read from its beginning.
    rooms: BTreeMap<i64, i64>,
    notices: i64,
    /// Since when some have had much to read.
    crowded_since: Option<Timestamp>,
}

/// What a step found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fed {
    /// All is read.
    All,
    /// There may be more.
    Some,
    /// Those who listen have to read first.
    Crowded,
}

/// What several entries say of one post.
#[derive(Debug, Default)]
struct Touched {
    /// Whether nothing was said of it before.
    is_first: bool,
    /// Entries that may have changed its text.
    texts: BTreeSet<String>,
    /// Whether a reply was read as a position, or something undone.
    is_changed: bool,
    /// Whose act it was, last.
    actor: String,
}

impl Service {
    /// Where reading begins: after all that is committed now.
    pub(super) async fn cursors_now(&self) -> Result<Cursors, ServiceError> {
        Ok(Cursors {
            rooms: rooms::counted(&self.store).await?.into_iter().collect(),
            notices: notices::number(&self.store).await?,
            crowded_since: None,
        })
    }

    /// Reads what has happened and says it to those who listen. Reads nothing while nobody does.
    pub async fn feed_streams(&self) -> Result<Fed, ServiceError> {
        let mut read = self.streams.0.read.lock().await;
        let listeners = self.streams.all();
        if listeners.is_empty() {
            *read = None;
        }
        let Some(cursors) = read.as_mut() else { return Ok(Fed::All) };
        self.let_go(&listeners).await?;
        if self.streams.is_crowded() {
            let since = *cursors.crowded_since.get_or_insert(self.now());
            if self.now().millis_since(since) < PATIENCE_MILLIS {
                return Ok(Fed::Crowded);
            }
        }
        cursors.crowded_since = None;
        let mut more = false;
        for (room_id, last) in rooms::counted(&self.store).await? {
            let after = cursors.rooms.get(&room_id).copied().unwrap_or_default();
            if last > after {
                let (changes, read_to) = self.changes_in(room_id, after, &listeners).await?;
                for change in changes {
                    self.streams.say(Change::Post(change));
                }
                cursors.rooms.insert(room_id, read_to);
                more = true;
            }
        }
        let last = notices::number(&self.store).await?;
        if last > cursors.notices {
            let mut accounts: Vec<i64> = listeners.iter().map(|one| one.account_id).collect();
            accounts.sort_unstable();
            accounts.dedup();
            for notice in notices::numbered(&self.store, cursors.notices, last, &accounts).await? {
                self.streams.say(Change::Told(Box::new(notice)));
            }
            cursors.notices = last;
            more = true;
        }
        Ok(if more { Fed::Some } else { Fed::All })
    }

    /// What the next entries of a room changed, and how far they go.
    async fn changes_in(
        &self,
        room_id: i64,
        after: i64,
        listeners: &[Known],
    ) -> Result<(Vec<PostChange>, i64), ServiceError> {
        let window = entries::page_counted(&self.store, room_id, after, WINDOW).await?;
        let Some(last) = window.last().and_then(|row| row.counted) else {
            return Ok((Vec::new(), after));
        };
        let room = rooms::by_id(&self.store, room_id).await?;
        let Some(room) = room else { return Ok((Vec::new(), last)) };
        let (mut order, mut touched) = (Vec::new(), BTreeMap::new());
        for row in &window {
            for (uri, said) in self.said_by(row).await? {
                let known: &mut Touched = touched.entry(uri.clone()).or_insert_with(|| {
                    order.push(uri);
                    Touched { is_first: said.is_first, ..Touched::default() }
                });
                known.texts.extend(said.texts);
                known.is_changed |= said.is_changed;
                known.actor = said.actor;
            }
        }
        let listed = posts::by_uris(&self.store, &order).await?;
        let held = posts::held(&self.store, &listed).await?;
        let views = self.views_of(&listed, &held, None).await?;
        let mut changes = Vec::new();
        for uri in order {
            let Some(said) = touched.remove(&uri) else { continue };
            let row = listed.iter().find(|row| row.uri == uri);
            let view = views.iter().find(|view| view.uri == uri);
            let (kind, author, what) = match (row, view) {
                (Some(row), Some(view)) => {
                    let Some(what) = self.shown(&uri, view, &said, &held) else { continue };
                    (row.kind.clone(), row.author.clone(), what)
                }
                _ if said.is_first => continue,
                _ => match keys::by_uri(&self.store, &uri).await? {
                    Some(key) => (key.kind, said.actor, What::Gone(key.id)),
                    None => continue,
                },
            };
            let opinion = kind == OPINION;
            changes.push(PostChange {
                what,
                opinion,
                local: self.paths.is_ours(&author),
                topic: room.slug.to_lowercase(),
                home: self.at_home(&room, &author, opinion, listeners).await?,
            });
        }
        Ok((changes, last))
    }

    /// What became of a post that is there.
    fn shown(&self, uri: &str, view: &PostView, said: &Touched, held: &Held) -> Option<What> {
        if said.is_first {
            let age = self.now().millis_since(view.published);
            let is_new = age <= limits::STREAMED_AGE_HOURS_MAX * HOUR_MILLIS;
            return is_new.then(|| What::New(Box::new(view.clone())));
        }
        let revision = held.revisions.get(uri).map(|row| &row.entry_hash);
        let shown = revision.or_else(|| held.comments.get(uri).map(|row| &row.entry_hash));
        let is_edited =
            view.edited.is_some() && shown.is_some_and(|hash| said.texts.contains(hash));
        (is_edited || said.is_changed).then(|| What::Edited(Box::new(view.clone())))
    }

    /// The posts that an entry says something of.
    async fn said_by(&self, row: &Entry) -> Result<Vec<(String, Touched)>, ServiceError> {
        let said = || Touched { actor: row.actor.clone(), ..Touched::default() };
        let changed = || Touched { is_changed: true, ..said() };
        let cell = row.cell.as_deref().and_then(Cell::from_column);
        let Some(cell) = cell else {
            return match (row.act_type.as_str(), &row.object) {
                ("Delete", Some(target)) if *target == row.actor => {
                    let made = entries::made_by(&self.store, row.room_id, target, GONE_AT_ONCE_MAX);
                    let uris = made.await?.iter().map(own_object).collect::<Vec<_>>();
                    Ok(uris.into_iter().map(|uri| (uri, said())).collect())
                }
                ("Delete", Some(target)) => Ok(vec![(target.clone(), said())]),
                ("Undo", Some(target)) => {
                    let undone = entries::by_item_id(&self.store, target).await?;
                    let mut uris: Vec<String> = undone.iter().map(own_object).collect();
                    uris.dedup();
                    Ok(uris.into_iter().map(|uri| (uri, changed())).collect())
                }
                _ => Ok(Vec::new()),
            };
        };
        if row.kind == Kind::Reading.word() {
            let hash = row.object.as_deref().unwrap_or_default();
            let reply = entries::by_hash_text(&self.store, row.room_id, hash).await?;
            return Ok(reply.map(|reply| (own_object(&reply), changed())).into_iter().collect());
        }
        if matches!(cell, Cell::Attested(_)) {
            return Ok(Vec::new());
        }
        let uri = own_object(row);
        let counted = row.counted.unwrap_or_default();
        let is_known =
            entries::counted_before(&self.store, row.room_id, &cell, &uri, counted).await?;
        let may_edit = matches!(row.act_type.as_str(), "Update" | "Witness");
        let texts = may_edit.then(|| row.hash.clone()).into_iter().collect();
        Ok(vec![(uri, Touched { is_first: !is_known, texts, ..said() })])
    }

    /// The accounts among those who listen that have a post at home, as [`Service::home_posts`] has it.
    async fn at_home(
        &self,
        room: &Room,
        author: &str,
        opinion: bool,
        listeners: &[Known],
    ) -> Result<BTreeSet<i64>, ServiceError> {
        let mut followees = vec![author.to_owned()];
        if opinion {
            followees.extend(actors::by_id(&self.store, room.id).await?.map(|actor| actor.uri));
            let linked = links::of_room(&self.store, room.id).await?;
            followees.extend(linked.into_iter().map(|link| link.peer));
        }
        let mut listening: Vec<String> = listeners.iter().map(|one| one.actor.clone()).collect();
        listening.sort_unstable();
        listening.dedup();
        let following = follows::followers_among(&self.store, &followees, &listening).await?;
        let at_home = |one: &&Known| one.actor == author || following.contains(&one.actor);
        Ok(listeners.iter().filter(at_home).map(|one| one.account_id).collect())
    }
}

/// What an entry made, as [`crate::record::item::Item::own_object`] has it.
fn own_object(row: &Entry) -> String {
    match (row.act_type.as_str(), &row.object) {
        ("Create" | "Update" | "Witness", Some(object)) => object.clone(),
        _ => row.item_id.clone(),
    }
}

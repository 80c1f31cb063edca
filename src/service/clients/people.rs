//! People as clients see them: who has an account here or elsewhere, organisations, and rooms, which one follows like
//! people.

use std::{collections::BTreeMap, sync::Arc};

use super::tallies::Tally;
use crate::{
    base::{clock::Timestamp, limits},
    domain::{audience::Audience, markup, sanitized::sanitized_text},
    protocol::compose::{Addressing, Envelope},
    service::{
        Caller, Service, ServiceError, acts::sign_activity, profile::fields_shown,
        read::unknown_actor,
    },
    store::{
        Tx,
        actors::{self, Actor, Portrait},
        aversions,
        follows::{self, Follow},
        links, marks,
        posts::Window,
        profiles::{self, AccountNote},
        rooms,
    },
};

/// Somebody, as beside a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// Key of the actor here.
    pub key: i64,
    /// Actor id.
    pub uri: String,
    /// Page for people.
    pub url: String,
    /// Handle without the host.
    pub username: String,
    /// Handle: without the host for who lives here.
    pub acct: String,
    /// Display name.
    pub name: String,
    /// Profile, HTML made safe.
    pub note: String,
    /// ActivityStreams type.
    pub kind: String,
    /// When it was first seen here.
    pub created: Timestamp,
    /// Whether they have their account here.
    pub local: bool,
    /// How many follow them, as far as this server knows.
    pub followers: i64,
    /// How many they follow.
    pub following: i64,
    /// How much of what they wrote is held here.
    pub posts: i64,
    /// Whether they want to be found and recommended.
    pub discoverable: bool,
    /// What else they say of themselves: name, and words as HTML made safe. Known of those alone who live here.
    pub fields: Vec<(String, String)>,
    /// Address of their picture, here or on their own server.
    pub avatar: Option<String>,
    /// Address of their wide picture.
    pub header: Option<String>,
}

/// How the reader and somebody else stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct RelationView {
    /// Key of the other.
    pub key: i64,
    /// The reader follows.
    pub following: bool,
    /// The reader asked to, and was not answered yet.
    pub requested: bool,
    /// The other follows.
    pub followed_by: bool,
    /// The reader blocks them. Whether they block the reader is told to nobody.
    pub blocking: bool,
    /// The reader mutes them …
    pub muting: bool,
    /// … and is told nothing of what they do.
    pub muting_notices: bool,
    /// When that ends by itself.
    pub muting_until: Option<Timestamp>,
    /// The reader blocks their server.
    pub domain_blocking: bool,
    /// What the reader noted on them.
    pub note: String,
}

fn uris_of(rows: &[Portrait]) -> Vec<String> {
    rows.iter().map(|row| row.uri.clone()).collect()
}

impl Service {
    /// These people as beside what they wrote, by actor id; one whose document was never read is shown by the id.
    pub(super) async fn persons(
        &self,
        uris: impl IntoIterator<Item = String>,
    ) -> Result<BTreeMap<String, Arc<PersonView>>, ServiceError> {
        let mut wanted: Vec<String> = uris.into_iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let rows = actors::portraits(&self.store, &wanted).await?;
        let tallies = self.recent_tallies(&uris_of(&rows)).await?;
        let mut views: BTreeMap<String, Arc<PersonView>> = self
            .people_with(&rows, &tallies)
            .await?
            .into_iter()
            .map(|view| (view.uri.clone(), Arc::new(view)))
            .collect();
        for uri in wanted {
            views.entry(uri).or_insert_with_key(|uri| Arc::new(unknown(uri)));
        }
        Ok(views)
    }

    /// Actors as people.
    pub async fn person_views(&self, rows: &[Actor]) -> Result<Vec<PersonView>, ServiceError> {
        let rows: Vec<Portrait> = rows.iter().map(Portrait::from).collect();
        let tallies = self.tallies(&uris_of(&rows)).await?;
        self.people_with(&rows, &tallies).await
    }

    async fn people_with(
        &self,
        rows: &[Portrait],
        tallies: &BTreeMap<String, Tally>,
    ) -> Result<Vec<PersonView>, ServiceError> {
        let local: Vec<i64> = rows.iter().filter(|row| row.local).map(|row| row.id).collect();
        let details = profiles::details(&self.store, &local).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let named = || format!("{}@{}", row.username, row.host);
                let handle = row.webfinger.clone().unwrap_or_else(named);
                let detail = details.iter().find(|detail| detail.actor_id == row.id);
                let tally = tallies.get(&row.uri).copied().unwrap_or_default();
                PersonView {
                    key: row.id,
                    uri: row.uri.clone(),
                    url: if row.url.is_empty() { row.uri.clone() } else { row.url.clone() },
                    username: row.username.clone(),
                    acct: if row.local { row.username.clone() } else { handle.clone() },
                    name: if row.name.trim().is_empty() { handle } else { row.name.clone() },
                    note: sanitized_text(&row.summary).to_string(),
                    kind: row.kind.clone(),
                    created: Timestamp::from_millis(row.created_at),
                    local: row.local,
                    followers: tally.followers,
                    following: tally.following,
                    posts: tally.posts,
                    discoverable: detail.is_none_or(|detail| detail.discoverable),
                    fields: detail.map(fields_shown).unwrap_or_default(),
                    avatar: row.avatar.clone(),
                    header: row.header.clone(),
                }
            })
            .collect())
    }

    /// Somebody, by key.
    pub async fn person(&self, key: i64) -> Result<PersonView, ServiceError> {
        let row = self.actor_keyed(key).await?;
        self.person_of(row).await
    }

    pub(super) async fn person_of(&self, row: Actor) -> Result<PersonView, ServiceError> {
        let mut views = self.person_views(&[row]).await?;
        views.pop().ok_or(ServiceError::NotFound { what: "account" })
    }

    pub(super) async fn actor_keyed(&self, key: i64) -> Result<Actor, ServiceError> {
        let row = actors::by_id(&self.store, key).await?;
        row.filter(is_shown).ok_or(ServiceError::NotFound { what: "account" })
    }

    /// Somebody, by a handle with or without the host and the `@` before it, as far as known here.
    pub async fn person_named(&self, handle: &str) -> Result<Option<PersonView>, ServiceError> {
        let handle = handle.trim().trim_start_matches('@');
        let handle = handle.strip_prefix("acct:").unwrap_or(handle);
        let row = match handle.split_once('@') {
            None => actors::local_by_name(&self.store, &handle.to_lowercase()).await?,
            Some((name, host))
                if host.eq_ignore_ascii_case(self.paths.domain())
                    || host.eq_ignore_ascii_case(self.paths.handle_domain()) =>
            {
                actors::local_by_name(&self.store, &name.to_lowercase()).await?
            }
            Some((name, host)) => match actors::by_webfinger(&self.store, handle).await? {
                Some(row) => Some(row),
                None => actors::by_name_at(&self.store, name, &host.to_lowercase()).await?,
            },
        };
        match row.filter(is_shown) {
            Some(row) => Ok(Some(self.person_of(row).await?)),
            None => Ok(None),
        }
    }

    /// Those who follow somebody, or whom they follow, the latest first, with the key of each follow.
    pub async fn follows_of(
        &self,
        key: i64,
        followers: bool,
        window: Window,
    ) -> Result<Vec<(i64, PersonView)>, ServiceError> {
        let row = self.actor_keyed(key).await?;
        let rows = marks::follows_of(&self.store, &row.uri, followers, window).await?;
        let other = |row: &Follow| {
            if followers { row.follower.clone() } else { row.followee.clone() }
        };
        let people = self.persons(rows.iter().map(other)).await?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.id, people.get(&other(row))?.as_ref().clone())))
            .collect())
    }

    /// Those of these people who are here, in the order asked.
    pub async fn persons_keyed(&self, keys: &[i64]) -> Result<Vec<PersonView>, ServiceError> {
        let mut rows = actors::by_ids(&self.store, keys).await?;
        rows.retain(is_shown);
        rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
        self.person_views(&rows).await
    }

    /// For each of these people, those who follow them of whom the caller follows.
    pub async fn familiar_followers(
        &self,
        caller: &Caller,
        keys: &[i64],
    ) -> Result<Vec<(i64, Vec<PersonView>)>, ServiceError> {
        let mut found = Vec::new();
        for row in actors::by_ids(&self.store, keys).await?.into_iter().filter(is_shown) {
            let uris = marks::familiar_followers(&self.store, &caller.actor.uri, &row.uri).await?;
            let people = self.persons(uris).await?;
            let views = people.values().map(|view| view.as_ref().clone()).collect();
            found.push((row.id, views));
        }
        found.sort_by_key(|(key, _)| keys.iter().position(|asked| asked == key));
        Ok(found)
    }

    /// How the caller and these people stand to each other, in the order asked.
    pub async fn relations(
        &self,
        caller: &Caller,
        keys: &[i64],
    ) -> Result<Vec<RelationView>, ServiceError> {
        let rows = actors::by_ids(&self.store, keys).await?;
        let uris: Vec<String> = rows.iter().map(|row| row.uri.clone()).collect();
        let own = &caller.actor.uri;
        let follows = marks::follows_between(&self.store, own, &uris).await?;
        let blocked = aversions::blocked(&self.store, own, &uris).await?;
        let now = self.now().as_millis();
        let mutes = aversions::mutes_of(&self.store, caller.account_id, &uris, now).await?;
        let hosts: Vec<String> = rows.iter().map(|row| row.host.clone()).collect();
        let domains = aversions::blocked_domains(&self.store, caller.account_id, &hosts).await?;
        let notes = profiles::notes(&self.store, caller.account_id, &uris).await?;
        Ok(keys
            .iter()
            .filter_map(|key| rows.iter().find(|row| row.id == *key))
            .map(|row| {
                let state = |from: &str, to: &str, state: &str| {
                    follows.iter().any(|follow| {
                        follow.follower == from && follow.followee == to && follow.state == state
                    })
                };
                let mute = mutes.iter().find(|mute| mute.actor_uri == row.uri);
                let note = notes.iter().find(|note| note.actor_uri == row.uri);
                RelationView {
                    key: row.id,
                    blocking: blocked.contains(&row.uri),
                    muting: mute.is_some(),
                    muting_notices: mute.is_some_and(|mute| mute.notices),
                    muting_until: mute.and_then(|mute| mute.until).map(Timestamp::from_millis),
                    domain_blocking: domains.contains(&row.host),
                    note: note.map(|note| note.words.clone()).unwrap_or_default(),
                    following: state(own, &row.uri, follows::ACCEPTED),
                    requested: state(own, &row.uri, follows::PENDING),
                    followed_by: state(&row.uri, own, follows::ACCEPTED),
                }
            })
            .collect())
    }

    /// Follows somebody. Who lives here is followed at once, and so is a room whose topic is held here: what it gains
    /// comes by the link between the rooms. Anybody else is asked.
    pub async fn follow_person(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let other = self.actor_keyed(key).await?;
        if other.uri == caller.actor.uri {
            return Err(ServiceError::invalid("id", "nobody follows themselves"));
        }
        if other.local && self.refuses_follower(&other, &caller.actor).await? {
            return Err(ServiceError::NotPermitted {
                why: "this account does not let you follow it",
            });
        }
        let at_once = other.local || !links::by_peer(&self.store, &other.uri).await?.is_empty();
        let tx = self.begin_as(caller).await?;
        if follows::between(&tx, &caller.actor.uri, &other.uri).await?.is_some() {
            return Ok(());
        }
        let id = self.paths.activity(self.new_id());
        let now = self.now();
        let state = if at_once { follows::ACCEPTED } else { follows::PENDING };
        let row = Follow {
            id: self.new_id(),
            activity_uri: id.clone(),
            follower: caller.actor.uri.clone(),
            followee: other.uri.clone(),
            state: state.to_owned(),
            inbox: caller.actor.inbox.clone(),
            shared_inbox: caller.actor.shared_inbox.clone(),
            created_at: now.as_millis(),
        };
        follows::save(&tx, row).await?;
        if other.local {
            self.tell_of_follow(&tx, &caller.actor.uri, &other.uri).await?;
        } else if !at_once {
            let envelope = envelope(&id, caller, &other, now);
            let act = envelope.activity("Follow", other.uri.clone().into());
            self.send_signed(&tx, caller, &id, act, &[Audience::Inbox(other.inbox.clone())])
                .await?;
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// Follows somebody no more: they leave the caller's lists with it.
    pub async fn unfollow_person(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let other = self.actor_keyed(key).await?;
        let tx = self.begin_as(caller).await?;
        self.end_follow(&tx, caller, &other).await?;
        self.leave_lists(&tx, caller, &other.uri).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// Ends a follow, where there is one.
    pub(super) async fn end_follow(
        &self,
        tx: &Tx,
        caller: &Caller,
        other: &Actor,
    ) -> Result<(), ServiceError> {
        let Some(row) = follows::between(tx, &caller.actor.uri, &other.uri).await? else {
            return Ok(());
        };
        follows::delete(tx, &caller.actor.uri, &other.uri).await?;
        let at_once = other.local || !links::by_peer(tx, &other.uri).await?.is_empty();
        if at_once {
            return Ok(());
        }
        let id = self.paths.activity(self.new_id());
        let envelope = envelope(&id, caller, other, self.now());
        let follow = serde_json::json!({
            "id": row.activity_uri, "type": "Follow", "actor": row.follower, "object": row.followee,
        });
        let act = envelope.undo(&follow);
        self.send_signed(tx, caller, &id, act, &[Audience::Inbox(other.inbox.clone())]).await
    }

    /// Notes something on somebody, for the caller alone; an empty note is none.
    pub async fn note_person(
        &self,
        caller: &Caller,
        key: i64,
        words: &str,
    ) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let other = self.actor_keyed(key).await?;
        let words = markup::clean(words).trim().to_owned();
        if words.chars().count() > limits::ACCOUNT_NOTE_CHARS_MAX {
            let max = limits::ACCOUNT_NOTE_CHARS_MAX;
            return Err(ServiceError::invalid("comment", format!("at most {max} characters")));
        }
        let tx = self.begin_as(caller).await?;
        let row =
            AccountNote { account_id: caller.account_id, actor_uri: other.uri.clone(), words };
        profiles::set_note(&tx, row).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a room elsewhere holds a topic that is held here too, or that its server could hand on to us.
    pub async fn needs_joining(&self, key: i64) -> Result<Option<String>, ServiceError> {
        let row = self.actor_keyed(key).await?;
        let is_room = row.kind == "Group" && !row.local && row.implements_mesh;
        let held = !is_room || !links::by_peer(&self.store, &row.uri).await?.is_empty();
        Ok((!held).then_some(row.uri))
    }

    /// The page here of the topic that a room elsewhere holds.
    pub async fn topic_page_of(&self, room: &str) -> Result<Option<String>, ServiceError> {
        let Some(link) = links::by_peer(&self.store, room).await?.into_iter().next() else {
            return Ok(None);
        };
        let own = rooms::by_id(&self.store, link.room_id).await?;
        Ok(own.map(|own| format!("/t/{}", own.slug)))
    }

    /// Signs an activity of the caller's that is no part of a record, and leaves it to be sent.
    pub(super) async fn send_signed(
        &self,
        tx: &Tx,
        caller: &Caller,
        id: &str,
        act: serde_json::Value,
        audiences: &[Audience],
    ) -> Result<(), ServiceError> {
        if audiences.is_empty() {
            return Ok(());
        }
        let keys = self.keys.of(&caller.actor).await?;
        let act = sign_activity(&keys, act, self.now());
        let body =
            serde_json::to_vec(&act).map_err(|error| ServiceError::Internal(error.into()))?;
        self.send(tx, &caller.actor, id, body, audiences).await
    }
}

/// Who signed something that a room took on another's word, and whose document was never read. Clients tell people apart
/// by their keys: this one is made of the id, and leads nowhere.
fn unknown(uri: &str) -> PersonView {
    let view = unknown_actor(uri);
    let digest = uri.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    PersonView {
        key: i64::try_from(digest >> 11).unwrap_or_default(),
        uri: view.uri,
        url: view.url,
        username: view.username,
        acct: view.handle,
        name: view.name,
        note: String::new(),
        kind: view.kind,
        created: Timestamp::from_millis(0),
        local: false,
        followers: 0,
        following: 0,
        posts: 0,
        discoverable: false,
        fields: Vec::new(),
        avatar: None,
        header: None,
    }
}

fn envelope<'a>(id: &'a str, caller: &'a Caller, other: &Actor, at: Timestamp) -> Envelope<'a> {
    Envelope {
        id,
        actor: &caller.actor.uri,
        published: at,
        addressing: Addressing { to: vec![other.uri.clone()], cc: Vec::new() },
        audience: None,
    }
}

/// Whom clients see: neither the instance's own actor nor a collection of rooms.
fn is_shown(row: &Actor) -> bool {
    row.gone_at.is_none()
        && matches!(row.kind.as_str(), "Person" | "Organization" | "Group" | "Service")
}

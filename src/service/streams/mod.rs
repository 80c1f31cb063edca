//! Those who listen to what happens here. What has happened is read from the database, once for all listeners of this
//! process, wherever it was written (`feed`); each listener takes what is its own (`stream`). Nothing is kept for one
//! who reads too slowly (docs/decisions/0012).

mod feed;
mod heard;
mod stream;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{broadcast, watch};

use super::{
    Caller, Service, ServiceError,
    scope::Scope,
    sign_in::{Access, hash_of},
};
use crate::base::limits;

use self::feed::Cursors;
pub use self::{
    feed::{Change, Fed},
    heard::Heard,
    stream::{Stream, Unknown},
};

/// When somebody who was refused for the number of streams may come again.
const AGAIN_SECONDS: i64 = 30;

/// How many may listen, how much is kept for them, and how long they are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Streams of one account.
    pub per_account: usize,
    /// Streams in all.
    pub in_all: usize,
    /// Changes that are kept until all have read them.
    pub changes: usize,
    /// How often somebody is asked whether they are there.
    pub ping: Duration,
    /// How long one message may take to be sent.
    pub send: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            per_account: limits::STREAMS_PER_ACCOUNT_MAX,
            in_all: limits::STREAMS_MAX,
            changes: limits::CHANGES_KEPT_MAX,
            ping: Duration::from_secs(limits::SOCKET_PING_SECONDS),
            send: Duration::from_secs(limits::SOCKET_SEND_SECONDS_MAX),
        }
    }
}

/// Everybody who listens; cheap to clone.
#[derive(Debug, Clone)]
pub struct Streams(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    bounds: Bounds,
    changes: broadcast::Sender<Arc<Change>>,
    closing: watch::Sender<bool>,
    /// How many listen, for who waits until nobody does.
    number: watch::Sender<usize>,
    listeners: Mutex<Listeners>,
    /// How far has been read; nothing while nobody listens.
    read: tokio::sync::Mutex<Option<Cursors>>,
}

#[derive(Debug, Default)]
struct Listeners {
    last: u64,
    by_number: BTreeMap<u64, Known>,
}

/// What is known of a listener.
#[derive(Debug, Clone)]
struct Known {
    account_id: i64,
    actor: String,
    token_hash: String,
}

impl Default for Streams {
    fn default() -> Self {
        Self::with(Bounds::default())
    }
}

impl Streams {
    /// With room for so many.
    pub fn with(bounds: Bounds) -> Self {
        let (changes, _) = broadcast::channel(bounds.changes);
        Self(Arc::new(Shared {
            bounds,
            changes,
            closing: watch::Sender::new(false),
            number: watch::Sender::new(0),
            listeners: Mutex::default(),
            read: tokio::sync::Mutex::default(),
        }))
    }

    /// How many may listen, and how long they are waited for.
    pub fn bounds(&self) -> Bounds {
        self.0.bounds
    }

    /// How many listen.
    pub fn count(&self) -> usize {
        self.listeners().by_number.len()
    }

    /// Lets everybody go: the server ends.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Waits until nobody listens.
    pub async fn empty(&self) {
        // The sender lives as long as this.
        let _ = self.0.number.subscribe().wait_for(|number| *number == 0).await;
    }

    fn listeners(&self) -> MutexGuard<'_, Listeners> {
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<Known> {
        self.listeners().by_number.values().cloned().collect()
    }

    /// Whether those who listen have much to read still.
    fn is_crowded(&self) -> bool {
        self.0.changes.len() > self.0.bounds.changes / 2
    }

    fn say(&self, change: Change) {
        // Nobody listens any more: then nobody misses it.
        let _ = self.0.changes.send(Arc::new(change));
    }

    fn admit(&self, access: Access, token: &str) -> Result<Listener, ServiceError> {
        let caller = access.caller.ok_or(ServiceError::NotSignedIn)?;
        let known = Known {
            account_id: caller.account_id,
            actor: caller.actor.uri.clone(),
            token_hash: hash_of(token),
        };
        let mut listeners = self.listeners();
        let own = listeners.by_number.values().filter(|one| one.account_id == known.account_id);
        if own.count() >= self.0.bounds.per_account
            || listeners.by_number.len() >= self.0.bounds.in_all
        {
            return Err(ServiceError::TooMany { retry_after_seconds: AGAIN_SECONDS });
        }
        listeners.last += 1;
        let number = listeners.last;
        let token_hash = known.token_hash.clone();
        listeners.by_number.insert(number, known);
        self.0.number.send_replace(listeners.by_number.len());
        Ok(Listener {
            caller,
            scope: access.scope,
            token_hash,
            changes: self.0.changes.subscribe(),
            closing: self.0.closing.subscribe(),
            place: Place { number, streams: self.clone() },
        })
    }
}

/// Why there is nothing more to listen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The listener has more to read than is kept.
    TooSlow,
    /// The token was revoked, or its account closed.
    TokenEnded,
    /// The server ends.
    Closing,
}

/// A place among those who listen; left when dropped.
#[derive(Debug)]
struct Place {
    number: u64,
    streams: Streams,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut listeners = self.streams.listeners();
        listeners.by_number.remove(&self.number);
        self.streams.0.number.send_replace(listeners.by_number.len());
    }
}

/// Somebody who listens.
#[derive(Debug)]
pub struct Listener {
    /// Who.
    pub caller: Caller,
    /// What the token is good for.
    pub scope: Scope,
    token_hash: String,
    changes: broadcast::Receiver<Arc<Change>>,
    closing: watch::Receiver<bool>,
    #[expect(dead_code, reason = "held for its drop")]
    place: Place,
}

impl Listener {
    /// The next thing that happened. May be given up and asked again: nothing is lost.
    pub async fn next(&mut self) -> Result<Arc<Change>, Over> {
        loop {
            let change = tokio::select! {
                biased;
                _ = self.closing.wait_for(|closing| *closing) => return Err(Over::Closing),
                change = self.changes.recv() => change,
            };
            match change {
                Ok(change) => match change.as_ref() {
                    Change::Ended(tokens) if tokens.contains(&self.token_hash) => {
                        return Err(Over::TokenEnded);
                    }
                    Change::Ended(_) => {}
                    _ => return Ok(change),
                },
                Err(broadcast::error::RecvError::Lagged(_)) => return Err(Over::TooSlow),
                Err(broadcast::error::RecvError::Closed) => return Err(Over::Closing),
            }
        }
    }
}

impl Service {
    /// Begins to listen with a token: from here on nothing is missed that is committed.
    pub async fn listen(&self, access: Access, token: &str) -> Result<Listener, ServiceError> {
        let mut read = self.streams.0.read.lock().await;
        let listener = self.streams.admit(access, token)?;
        if read.is_none() {
            *read = Some(self.cursors_now().await?);
        }
        Ok(listener)
    }

    /// Lets those go whose token holds no more.
    async fn let_go(&self, listeners: &[Known]) -> Result<(), ServiceError> {
        let mut hashes: Vec<String> = listeners.iter().map(|one| one.token_hash.clone()).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let holding = crate::store::accounts::holding(&self.store, &hashes).await?;
        let ended: BTreeSet<String> =
            hashes.into_iter().filter(|hash| !holding.contains(hash)).collect();
        if !ended.is_empty() {
            self.streams.say(Change::Ended(ended));
        }
        Ok(())
    }
}

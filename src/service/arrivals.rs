//! What became of a post that another server delivered here: for its author, who has no account here, and for whoever runs
//! this instance. It says when and what became of it, never what it says.

use super::{Service, ServiceError};
use crate::{
    base::{clock::Timestamp, limits},
    store::inbox_items::{self, InboxItem},
};

/// Deliveries shown of one post: its edits, its deletion.
const SHOWN_MAX: u64 = 20;

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is being worked out now.
    Now,
    /// It waits for something from another server.
    Waiting,
    /// It is held, and worked out when it is due.
    Held,
    /// It was worked out.
    Done,
    /// It was refused.
    Refused,
}

impl Fate {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Now, Self::Waiting, Self::Held, Self::Done, Self::Refused];

    fn of_word(word: &str) -> Self {
        match word {
            inbox_items::WAITING => Self::Waiting,
            inbox_items::HELD => Self::Held,
            inbox_items::DONE => Self::Done,
            inbox_items::REFUSED => Self::Refused,
            _ => Self::Now,
        }
    }
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When it came.
    pub received: Timestamp,
    /// What became of it.
    pub fate: Fate,
    /// When it is worked out, where it waits or is held.
    pub due: Option<Timestamp>,
    /// Why, in English words for who runs a server.
    pub reason: Option<String>,
}

impl Arrival {
    fn of(row: InboxItem) -> Self {
        let fate = Fate::of_word(&row.state);
        let waits = matches!(fate, Fate::Waiting | Fate::Held);
        Self {
            received: Timestamp::from_millis(row.received_at),
            fate,
            due: waits.then(|| Timestamp::from_millis(row.due_at)),
            reason: row.reason,
        }
    }
}

/// Of one server, what is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldOf {
    /// Its name, with the port where it has one.
    pub host: String,
    /// How many acts.
    pub items: i64,
    /// When the last of them is worked out by itself.
    pub until: Timestamp,
}

impl Service {
    /// The servers of which something is held, by name.
    pub async fn held_hosts(&self) -> Result<Vec<HeldOf>, ServiceError> {
        let rows = inbox_items::held_hosts(&self.store).await?;
        let held =
            |(host, items, until)| HeldOf { host, items, until: Timestamp::from_millis(until) };
        Ok(rows.into_iter().map(held).collect())
    }

    /// What became of a post or an activity, by its address; newest first.
    pub async fn arrivals(&self, address: &str) -> Result<Vec<Arrival>, ServiceError> {
        let address = address.trim();
        if address.is_empty() || address.len() > limits::URI_CHARS_MAX {
            return Ok(Vec::new());
        }
        let rows = inbox_items::about(&self.store, address, SHOWN_MAX).await?;
        Ok(rows.into_iter().map(Arrival::of).collect())
    }

    /// Lets what is held of a host be worked out now; answers how much that is.
    pub async fn release_held(&self, host: &str) -> Result<u64, ServiceError> {
        let tx = self.store.begin().await?;
        let released = inbox_items::release(&tx, host, self.now().as_millis()).await?;
        tx.commit().await?;
        self.wake.inbox().notify_one();
        Ok(released)
    }
}

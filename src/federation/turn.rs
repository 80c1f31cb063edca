//! When a delivery has its turn. Too much at once is not thrown away: what a host sends beyond its rate is held, in the
//! database, until its turn comes within a day, and what would have to wait longer, or is more than is held for one host,
//! stays with the sender, who is told when to come again (429). So a flood waits, nobody waits for the flood, and no
//! reply is lost (decisions 20; product I4). Rates are charged to who has shown to be the sender, never to a name that
//! somebody only claims.

use super::{Federation, InboxError};
use crate::{
    base::{
        limits,
        pace::{Pace, Rate},
    },
    store::{
        inbox_items,
        links::{self, Link},
        servers::{self, Server},
    },
};

const HOUR_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;
/// How long it takes a host to be trusted with the most.
const TRUST_DAYS: i64 = 7;

const OF_ACTOR: Rate =
    Rate::an_hour(limits::ACTOR_ACTS_AN_HOUR_MAX, limits::ACTOR_ACTS_AT_ONCE_MAX);
const OF_NEW_HOSTS: Rate =
    Rate::an_hour(limits::NEW_HOSTS_ACTS_AN_HOUR_MAX, limits::NEW_HOSTS_ACTS_AT_ONCE_MAX);
const OF_LINK: Rate =
    Rate::a_minute(limits::LINK_ACTS_A_MINUTE_MAX, limits::LINK_ACTS_A_MINUTE_MAX);
const OF_LINK_A_DAY: Rate = Rate {
    count: limits::LINK_ACTS_A_DAY_MAX,
    per_millis: DAY_MILLIS,
    burst: limits::LINK_ACTS_A_DAY_MAX,
};
const OF_ADDRESS: Rate =
    Rate::a_minute(limits::INBOX_PER_ADDRESS_A_MINUTE_MAX, limits::INBOX_PER_ADDRESS_A_MINUTE_MAX);
const OF_BAD_SIGNATURES: Rate = Rate::a_minute(
    limits::BAD_SIGNATURES_PER_ADDRESS_A_MINUTE_MAX,
    limits::BAD_SIGNATURES_PER_ADDRESS_A_MINUTE_MAX,
);

/// What is counted; part of the name of a bucket.
mod what {
    pub(super) const ADDRESS: &str = "address";
    pub(super) const BAD: &str = "bad signatures of an address";
    pub(super) const ACTOR: &str = "actor";
    pub(super) const HOST: &str = "host";
    pub(super) const NEW: &str = "new hosts";
    pub(super) const LINK: &str = "link";
    pub(super) const LINK_A_DAY: &str = "link, a day";
}

/// When an act is worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// At once.
    Now,
    /// Held until then.
    Held {
        /// When.
        until: i64,
        /// Why, in words.
        why: &'static str,
    },
}

/// Whether the server of a sender is noted as met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// It is.
    Before,
    /// It is not, or nobody looked.
    Perhaps,
}

/// The pace of those who deliver. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    pace: Pace,
    /// Whether what unknown servers send is held at first.
    pub(super) holds_unknown: bool,
}

impl Default for Turns {
    fn default() -> Self {
        Self { pace: Pace::new(limits::PACE_NAMES_MAX), holds_unknown: false }
    }
}

impl Federation {
    /// Whether an address may be heard at all: asked before anything of a delivery is read. An empty one is nobody's.
    pub fn hear(&self, address: &str) -> Result<(), InboxError> {
        if !self.service.profile.rate_limits || address.is_empty() {
            return Ok(());
        }
        let (pace, now) = (&self.turns.pace, self.service.now());
        pace.take(what::ADDRESS, address, OF_ADDRESS, now).map_err(too_many)?;
        match pace.wait(what::BAD, address, OF_BAD_SIGNATURES, now) {
            0 => Ok(()),
            wait => Err(too_many(wait)),
        }
    }

    /// Notes that a signature from an address did not hold: its checking cost more than its making.
    pub(super) fn note_bad_signature(&self, address: &str) {
        if address.is_empty() {
            return;
        }
        // Over its rate already: nothing is added to it.
        let _ = self.turns.pace.take(what::BAD, address, OF_BAD_SIGNATURES, self.service.now());
    }

    /// When an act of a verified sender has its turn, and whether its server was met before.
    pub(super) async fn turn(
        &self,
        signer: &str,
        host: &str,
        bytes: usize,
    ) -> Result<(Turn, Met), InboxError> {
        let linked = links::at_host(&self.service.store, host).await?;
        if !linked.is_empty() {
            return Ok((self.turn_of_link(host, linked).await?, Met::Perhaps));
        }
        let now = self.service.now();
        let server = servers::server(&self.service.store, host).await?;
        let first_seen = server.as_ref().map_or(now.as_millis(), |server| server.first_seen);
        let is_new = now.as_millis() - first_seen < limits::NEW_HOST_HOURS * HOUR_MILLIS;
        let mut turn = Turn::Now;
        if self.service.profile.rate_limits {
            let rate = rate_of(server.as_ref(), now.as_millis());
            let mut buckets = vec![(what::ACTOR, signer, OF_ACTOR), (what::HOST, host, rate)];
            if is_new {
                buckets.push((what::NEW, "", OF_NEW_HOSTS));
            }
            let pace = &self.turns.pace;
            let wait = buckets.iter().map(|(w, name, rate)| pace.wait(w, name, *rate, now)).max();
            let wait = wait.unwrap_or_default();
            if wait > 0 {
                self.room_for(host, bytes, wait).await?;
            }
            for (what, name, rate) in buckets {
                pace.reserve(what, name, rate, now);
            }
            if wait > 0 {
                let why = "its server or its author sent much at once";
                turn = Turn::Held { until: now.as_millis() + wait, why };
            }
        }
        if self.turns.holds_unknown && is_new {
            let until = now.as_millis() + limits::HELD_HOURS_MAX * HOUR_MILLIS;
            self.room_for(host, bytes, limits::HELD_HOURS_MAX * HOUR_MILLIS).await?;
            turn = Turn::Held { until, why: "its server is new here" };
        }
        Ok((turn, if server.is_some() { Met::Before } else { Met::Perhaps }))
    }

    /// Of a linked room what is over the rate is not taken: it is in that room's log, and read there soon.
    async fn turn_of_link(&self, host: &str, linked: Vec<Link>) -> Result<Turn, InboxError> {
        if !self.service.profile.rate_limits {
            return Ok(Turn::Now);
        }
        let (pace, now) = (&self.turns.pace, self.service.now());
        let wait = pace.wait(what::LINK, host, OF_LINK, now).max(pace.wait(
            what::LINK_A_DAY,
            host,
            OF_LINK_A_DAY,
            now,
        ));
        if wait == 0 {
            pace.reserve(what::LINK, host, OF_LINK, now);
            pace.reserve(what::LINK_A_DAY, host, OF_LINK_A_DAY, now);
            return Ok(Turn::Now);
        }
        let soon = now.as_millis() + limits::LINK_REFUSED_MINUTES_MAX * 60_000;
        let late: Vec<Link> = linked.into_iter().filter(|link| link.pull_due_at > soon).collect();
        if !late.is_empty() {
            let tx = self.service.store.begin().await?;
            for link in late {
                links::save(&tx, Link { pull_due_at: soon, ..link }).await?;
            }
            tx.commit().await?;
            self.service.wake.sync().notify_one();
        }
        Err(too_many(wait))
    }

    /// Whether there is room to hold one more act of a host for so long; otherwise its sender keeps it.
    async fn room_for(&self, host: &str, bytes: usize, wait: i64) -> Result<(), InboxError> {
        let (of_host, in_all) = inbox_items::held(&self.service.store, host).await?;
        let fits = wait <= limits::HELD_HOURS_MAX * HOUR_MILLIS
            && bytes <= limits::HELD_BODY_BYTES_MAX
            && of_host < limits::HELD_PER_HOST_MAX
            && in_all < limits::HELD_MAX;
        if fits { Ok(()) } else { Err(too_many(wait)) }
    }
}

/// Three hundred an hour for a host met today, rising tenfold in a week in which it was not held back.
fn rate_of(server: Option<&Server>, now: i64) -> Rate {
    let since = server.map_or(now, |server| {
        server.held_back_at.unwrap_or(server.first_seen).max(server.first_seen)
    });
    let trusted = (now - since).clamp(0, TRUST_DAYS * DAY_MILLIS);
    let more = limits::TRUSTED_HOST_ACTS_AN_HOUR_MAX - limits::HOST_ACTS_AN_HOUR_MAX;
    let count = limits::HOST_ACTS_AN_HOUR_MAX + more * trusted / (TRUST_DAYS * DAY_MILLIS);
    Rate::an_hour(count, limits::HOST_ACTS_AT_ONCE_MAX)
}

fn too_many(wait_millis: i64) -> InboxError {
    let seconds = wait_millis.min(DAY_MILLIS).div_euclid(1_000) + 1;
    InboxError::TooMany { retry_after_seconds: seconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_grows_in_a_week_and_is_lost_at_once() {
        let server = |held_back_at| Server {
            host: "a.example".into(),
            first_seen: 0,
            held_back_at,
            signature_form: None,
        };
        let count = |server: Option<&Server>, now| rate_of(server, now).count;
        assert_eq!(count(None, 5), 300);
        assert_eq!(count(Some(&server(None)), 0), 300);
        assert_eq!(count(Some(&server(None)), 7 * DAY_MILLIS), 3_000);
        assert_eq!(count(Some(&server(None)), 700 * DAY_MILLIS), 3_000);
        let half = count(Some(&server(None)), 7 * DAY_MILLIS / 2);
        assert_eq!(half, 1_650);
        assert_eq!(count(Some(&server(Some(9 * DAY_MILLIS))), 9 * DAY_MILLIS), 300);
        assert_eq!(count(Some(&server(Some(9 * DAY_MILLIS))), 16 * DAY_MILLIS), 3_000);
    }
}

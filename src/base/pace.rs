//! How often something may happen: a rate with room for a burst, kept per name in bounded memory. Time is given, so that
//! tests turn the clock; what is remembered is one number per name (the generic cell rate algorithm), and the names that
//! were not seen for longest are forgotten first.

use std::hash::{BuildHasher, RandomState};

use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};

use super::clock::Timestamp;

/// A rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// So many …
    pub count: i64,
    /// … in this time,
    pub per_millis: i64,
    /// … and so many at once after a pause.
    pub burst: i64,
}

impl Rate {
    /// So many in an hour.
    pub const fn an_hour(count: i64, burst: i64) -> Self {
        Self { count, per_millis: 3_600_000, burst }
    }

    /// So many in a minute.
    pub const fn a_minute(count: i64, burst: i64) -> Self {
        Self { count, per_millis: 60_000, burst }
    }

    /// Time for one, in microseconds: a rate of many a second is not rounded away.
    fn interval(self) -> i64 {
        (self.per_millis * 1_000) / self.count.max(1)
    }
}

/// The pace of many names, kept apart by what is counted. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pace {
    /// When each name's bucket is empty again, in microseconds.
    full_until: Cache<u64, i64>,
    names: RandomState,
}

impl Pace {
    /// Remembers this many names.
    pub fn new(names_max: u64) -> Self {
        let full_until =
            Cache::builder().max_capacity(names_max).eviction_policy(EvictionPolicy::lru()).build();
        Self { full_until, names: RandomState::new() }
    }

    /// Takes a turn if there is one; else how many milliseconds until there is, and none is taken.
    pub fn take(&self, what: &str, name: &str, rate: Rate, now: Timestamp) -> Result<(), i64> {
        match self.turn(what, name, rate, now, false) {
            0 => Ok(()),
            wait => Err(wait),
        }
    }

    /// Takes the next turn, whenever it is; answers how many milliseconds that is from now.
    pub fn reserve(&self, what: &str, name: &str, rate: Rate, now: Timestamp) -> i64 {
        self.turn(what, name, rate, now, true)
    }

    /// How many milliseconds until the next turn, without taking it.
    pub fn wait(&self, what: &str, name: &str, rate: Rate, now: Timestamp) -> i64 {
        let until = self.full_until.get(&self.key(what, name)).unwrap_or(i64::MIN);
        wait_until(until, rate, now)
    }

    /// How many turns there are at once, and when all are there again, without taking one.
    pub fn left(&self, what: &str, name: &str, rate: Rate, now: Timestamp) -> (i64, Timestamp) {
        let micros = now.as_millis() * 1_000;
        let until = self.full_until.get(&self.key(what, name)).unwrap_or(i64::MIN).max(micros);
        let room = rate.interval() * rate.burst.max(1) - (until - micros);
        let left = if rate.interval() == 0 { rate.burst } else { room / rate.interval() };
        (left.clamp(0, rate.burst), Timestamp::from_millis((until + 999) / 1_000))
    }

    fn turn(&self, what: &str, name: &str, rate: Rate, now: Timestamp, ahead: bool) -> i64 {
        let mut wait = 0;
        let _ = self.full_until.entry(self.key(what, name)).and_compute_with(|known| {
            let until = known.map_or(i64::MIN, moka::Entry::into_value);
            wait = wait_until(until, rate, now);
            if wait > 0 && !ahead {
                return Op::Nop;
            }
            Op::Put(until.max(now.as_millis() * 1_000) + rate.interval())
        });
        wait
    }

    /// Of the same length whatever the name, and not to be guessed: nobody can choose names that meet.
    fn key(&self, what: &str, name: &str) -> u64 {
        self.names.hash_one((what, name))
    }
}

fn wait_until(full_until: i64, rate: Rate, now: Timestamp) -> i64 {
    let room = rate.interval() * (rate.burst.max(1) - 1);
    let micros = full_until.saturating_sub(room).saturating_sub(now.as_millis() * 1_000);
    if micros <= 0 { 0 } else { (micros + 999) / 1_000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::an_hour(60, 3);
    const NOW: Timestamp = Timestamp::from_millis(1_790_071_200_000);

    #[test]
    fn a_burst_then_one_a_minute() {
        let pace = Pace::new(100);
        for _ in 0..RATE.burst {
            assert_eq!(pace.take("x", "a", RATE, NOW), Ok(()));
        }
        // One over; asking takes nothing.
        for _ in 0..5 {
            assert_eq!(pace.take("x", "a", RATE, NOW), Err(60_000));
            assert_eq!(pace.wait("x", "a", RATE, NOW), 60_000);
        }
        assert_eq!(pace.take("x", "a", RATE, NOW.plus_millis(59_999)), Err(1));
        assert_eq!(pace.take("x", "a", RATE, NOW.plus_millis(60_000)), Ok(()));
        assert_eq!(pace.take("x", "a", RATE, NOW.plus_millis(60_000)), Err(60_000));
        // Others are not touched, and neither is another count of the same name.
        assert_eq!(pace.take("x", "b", RATE, NOW), Ok(()));
        assert_eq!(pace.take("y", "a", RATE, NOW), Ok(()));
        // After a pause the whole burst again, and no more than it.
        let later = NOW.plus_millis(86_400_000);
        for _ in 0..RATE.burst {
            assert_eq!(pace.take("x", "a", RATE, later), Ok(()));
        }
        assert!(pace.take("x", "a", RATE, later).is_err());
    }

    #[test]
    fn what_is_left_is_what_can_be_taken() {
        let pace = Pace::new(100);
        assert_eq!(pace.left("x", "a", RATE, NOW), (3, NOW));
        for left in [2, 1, 0] {
            pace.take("x", "a", RATE, NOW).unwrap();
            let reset = NOW.plus_millis((3 - left) * 60_000);
            assert_eq!(pace.left("x", "a", RATE, NOW), (left, reset));
        }
        assert_eq!(pace.left("x", "a", RATE, NOW.plus_millis(59_999)).0, 0);
        assert_eq!(pace.left("x", "a", RATE, NOW.plus_millis(60_000)).0, 1);
        assert_eq!(pace.left("x", "a", RATE, NOW.plus_millis(600_000)).0, 3);
        assert_eq!(pace.left("x", "b", RATE, NOW).0, 3);
    }

    #[test]
    fn who_waits_has_a_place_in_the_queue() {
        let pace = Pace::new(100);
        let waits: Vec<i64> = (0..6).map(|_| pace.reserve("x", "a", RATE, NOW)).collect();
        assert_eq!(waits, [0, 0, 0, 60_000, 120_000, 180_000]);
    }

    #[test]
    fn memory_is_bounded_and_names_that_come_are_remembered() {
        let pace = Pace::new(1_000);
        for n in 0..100_000 {
            let name = n.to_string();
            for _ in 0..RATE.burst {
                assert_eq!(pace.take("x", &name, RATE, NOW), Ok(()), "{n}");
            }
            assert!(pace.take("x", &name, RATE, NOW).is_err(), "{n} is counted though many are");
        }
        pace.full_until.run_pending_tasks();
        assert!(pace.full_until.entry_count() <= 1_000, "{}", pace.full_until.entry_count());
    }
}

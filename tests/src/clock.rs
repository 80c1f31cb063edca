//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use polylogue::base::clock::{Clock, Timestamp};

/// 2026-09-21T10:00:00.000Z: when the meetings of these tests open.
pub const OPENING: Timestamp = Timestamp::from_millis(1_790_071_200_000);

/// Time as a test sets it.
#[derive(Debug)]
pub struct SimClock(AtomicI64);

impl Default for SimClock {
    fn default() -> Self {
        Self(AtomicI64::new(OPENING.as_millis()))
    }
}

impl SimClock {
    /// Sets the present moment, also backwards.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_millis(), Ordering::SeqCst);
    }

    /// Lets milliseconds pass.
    pub fn pass_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Lets minutes pass.
    pub fn pass_minutes(&self, minutes: i64) {
        self.pass_millis(minutes * 60_000);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

//! What was looked for in vain is not looked for again at once: a stranger who names what is not there costs one fetch and
//! not one each time. Bounded, and forgotten after a while (protocol 4.f.9, negative cache).

use moka::{policy::EvictionPolicy, sync::Cache};

use super::fetch::FetchError;
use crate::base::{
    clock::Timestamp,
    limits::{MISSED_REMEMBERED_MAX, MISSED_SECONDS, MISSED_TRANSIENT_SECONDS},
};

/// Why something was not had.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    Gone,
    NotFound,
    Other { why: String, transient: bool },
}

/// The addresses that led nowhere lately.
#[derive(Clone)]
pub(super) struct Missed(Cache<String, (i64, Why)>);

impl Default for Missed {
    fn default() -> Self {
        let kept = Cache::builder()
            .max_capacity(MISSED_REMEMBERED_MAX)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self(kept)
    }
}

impl Missed {
    /// Notes that an address led nowhere.
    pub(super) fn note(&self, address: &str, error: &FetchError, now: Timestamp) {
        let why = match error {
            // The asker's own, and says nothing of the address.
            FetchError::Budget { .. } => return,
            FetchError::Gone => Why::Gone,
            FetchError::NotFound => Why::NotFound,
            FetchError::Lately { why, transient } => {
                Why::Other { why: why.clone(), transient: *transient }
            }
            other => Why::Other { why: other.to_string(), transient: other.is_transient() },
        };
        let seconds = match &why {
            Why::Other { transient: true, .. } => MISSED_TRANSIENT_SECONDS,
            _ => MISSED_SECONDS,
        };
        self.0.insert(address.to_owned(), (now.as_millis() + seconds * 1_000, why));
    }

    /// The error it ended in, while that is remembered.
    pub(super) fn lately(&self, address: &str, now: Timestamp) -> Option<FetchError> {
        let (until, why) = self.0.get(address)?;
        if now.as_millis() >= until {
            return None;
        }
        Some(match why {
            Why::Gone => FetchError::Gone,
            Why::NotFound => FetchError::NotFound,
            Why::Other { why, transient } => FetchError::Lately { why, transient },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_for_a_while_and_not_longer() {
        let missed = Missed::default();
        let now = Timestamp::from_millis(1_000_000);
        let later = |seconds: i64| now.plus_millis(seconds * 1_000);
        let address = "https://a.example/p/nobody";
        assert!(missed.lately(address, now).is_none());
        missed.note(address, &FetchError::NotFound, now);
        assert!(matches!(missed.lately(address, now), Some(FetchError::NotFound)));
        assert!(missed.lately(address, later(MISSED_SECONDS - 1)).is_some());
        assert!(missed.lately(address, later(MISSED_SECONDS)).is_none());
        assert!(missed.lately("https://a.example/p/somebody", now).is_none());

        let busy = FetchError::Unavailable { status: http::StatusCode::SERVICE_UNAVAILABLE };
        missed.note(address, &busy, now);
        let lately = missed.lately(address, later(MISSED_TRANSIENT_SECONDS - 1)).unwrap();
        assert!(lately.is_transient());
        assert!(missed.lately(address, later(MISSED_TRANSIENT_SECONDS)).is_none());
        // An error of ours says nothing of the address.
        missed.note("https://a.example/", &FetchError::Budget { max: 1 }, now);
        assert!(missed.lately("https://a.example/", now).is_none());
    }
}

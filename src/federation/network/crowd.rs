//! How many fetches may be under way to one host: more would make this server a load on others, and a host that keeps us
//! waiting would hold up everything else.

use std::sync::Arc;

use moka::{policy::EvictionPolicy, sync::Cache};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::limits::{FETCHES_PER_HOST_AT_ONCE_MAX, HOSTS_FETCHED_AT_ONCE_MAX};

/// The turns at every host.
#[derive(Debug, Clone)]
pub(super) struct Crowd(Cache<String, Arc<Semaphore>>);

impl Default for Crowd {
    fn default() -> Self {
        let hosts = Cache::builder()
            .max_capacity(HOSTS_FETCHED_AT_ONCE_MAX)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self(hosts)
    }
}

impl Crowd {
    /// Waits for a turn at a host; it ends when what is answered is dropped.
    pub(super) async fn turn(&self, host: &str) -> Option<OwnedSemaphorePermit> {
        let turns = self
            .0
            .get_with(host.to_owned(), || Arc::new(Semaphore::new(FETCHES_PER_HOST_AT_ONCE_MAX)));
        turns.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn as_many_as_may_be_and_not_one_more() {
        let crowd = Crowd::default();
        let mut turns = Vec::new();
        for _ in 0..FETCHES_PER_HOST_AT_ONCE_MAX {
            turns.push(crowd.turn("a.example").now_or_never().unwrap().unwrap());
        }
        assert!(crowd.turn("a.example").now_or_never().is_none(), "one over");
        assert!(crowd.turn("b.example").now_or_never().is_some(), "another host");
        turns.pop();
        assert!(crowd.turn("a.example").now_or_never().is_some(), "a turn ended");
    }
}

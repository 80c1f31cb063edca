//! The numbers beside a name: how many follow somebody, how many they follow, how much of what they wrote is held here.
//! They are counted when somebody is asked for. Beside posts they may be a minute old: else each page would count anew all
//! that its authors ever wrote.

use std::{collections::BTreeMap, time::Duration};

use moka::sync::Cache;

use crate::{
    service::{Service, ServiceError},
    store::posts,
};

/// How many people's numbers are kept.
const KEPT_MAX: u64 = 20_000;
/// How long.
const KEPT: Duration = Duration::from_mins(1);

/// The numbers of one actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) followers: i64,
    pub(super) following: i64,
    pub(super) posts: i64,
}

/// The numbers of those who were shown last, by actor id.
#[derive(Debug, Clone)]
pub(in crate::service) struct Tallies(Cache<String, Tally>);

impl Default for Tallies {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(KEPT_MAX).time_to_live(KEPT).build())
    }
}

impl Service {
    /// The numbers of these actors as they are now.
    pub(super) async fn tallies(
        &self,
        uris: &[String],
    ) -> Result<BTreeMap<String, Tally>, ServiceError> {
        let (followers, following) = posts::count_follows(&self.store, uris).await?;
        let written = posts::count_by(&self.store, uris).await?;
        let count = |counts: &BTreeMap<String, i64>, uri: &String| {
            counts.get(uri).copied().unwrap_or_default()
        };
        let mut tallies = BTreeMap::new();
        for uri in uris {
            let tally = Tally {
                followers: count(&followers, uri),
                following: count(&following, uri),
                posts: count(&written, uri),
            };
            self.tallies.0.insert(uri.clone(), tally);
            tallies.insert(uri.clone(), tally);
        }
        Ok(tallies)
    }

    /// The same as they were at some time within the last minute.
    pub(super) async fn recent_tallies(
        &self,
        uris: &[String],
    ) -> Result<BTreeMap<String, Tally>, ServiceError> {
        let mut known = BTreeMap::new();
        let mut wanted = Vec::new();
        for uri in uris {
            match self.tallies.0.get(uri) {
                Some(tally) => drop(known.insert(uri.clone(), tally)),
                None => wanted.push(uri.clone()),
            }
        }
        if !wanted.is_empty() {
            known.extend(self.tallies(&wanted).await?);
        }
        Ok(known)
    }
}

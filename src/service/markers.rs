//! How far somebody has read in a timeline, for all their programs.

use std::collections::BTreeMap;

use super::{Caller, Service, ServiceError};
use crate::store::{actors, markers};

pub use crate::store::markers::Marker;

/// Longest id of what was read last: ids have up to 19 digits here.
const ID_DIGITS_MAX: usize = 19;

impl Service {
    /// How far somebody has read.
    pub async fn markers(&self, caller: &Caller) -> Result<Vec<Marker>, ServiceError> {
        Ok(markers::of(&self.store, caller.account_id).await?)
    }

    /// Notes how far they have read now, timeline by timeline.
    pub async fn mark_read(
        &self,
        caller: &Caller,
        marks: BTreeMap<&str, String>,
    ) -> Result<Vec<Marker>, ServiceError> {
        let is_id = |id: &String| {
            (1..=ID_DIGITS_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !marks.values().all(is_id) {
            return Err(ServiceError::invalid("last_read_id", "must be an id: some digits"));
        }
        let tx = self.store.begin().await?;
        // One at a time: each raises the number.
        actors::lock(&tx, caller.actor.id).await?;
        let known = markers::of(&tx, caller.account_id).await?;
        let mut marked = Vec::new();
        for (timeline, last_read_id) in marks {
            let before = known.iter().find(|marker| marker.timeline == timeline);
            let row = Marker {
                account_id: caller.account_id,
                timeline: timeline.to_owned(),
                last_read_id,
                version: before.map_or(1, |marker| marker.version + 1),
                updated_at: self.now().as_millis(),
            };
            markers::set(&tx, row.clone()).await?;
            marked.push(row);
        }
        tx.commit().await?;
        Ok(marked)
    }
}

//! Keeping comments at their passages: after a revision they are found again, in the background.

use super::{Service, ServiceError};
use crate::store::anchors;

impl Service {
    /// Finds the passages of one opinion's comments again, where a revision came since; answers for how many opinions
    /// it did, one or none.
    pub async fn find_passages_again(&self) -> Result<usize, ServiceError> {
        if anchors::next_due(&self.store).await?.is_none() {
            return Ok(0);
        }
        let tx = self.store.begin().await?;
        // Asked again under the lock: another process may have done it.
        let Some((room_id, opinion_uri)) = anchors::next_due(&tx).await? else { return Ok(0) };
        anchors::find_again(&tx, room_id, &opinion_uri).await?;
        tx.commit().await?;
        Ok(1)
    }
}

//! Who reads: where the operator turned authorized fetch on, documents are given to servers that sign their request only
//! (`federation.authorized_fetch`, off unless set). The instance's own actor is given to everybody: without its key nobody
//! could check what we sign.

use http::{HeaderMap, Method};

use super::{Federation, InboxError};
use crate::protocol::http_signature::{self, RequestParts, SignatureError};

impl Federation {
    /// Whether documents are given to those only who sign.
    pub fn demands_signed_reading(&self) -> bool {
        self.signed_reading
    }

    /// The same with that demanded or not.
    #[must_use]
    pub fn demanding_signed_reading(mut self, demands: bool) -> Self {
        self.signed_reading = demands;
        self
    }

    /// Whether a request to read is signed by an actor's key, made for this server and for now.
    pub async fn check_reader(
        &self,
        method: &Method,
        path_and_query: &str,
        headers: &HeaderMap,
        address: &str,
    ) -> Result<(), InboxError> {
        self.hear(address)?;
        let parts = RequestParts { method, path_and_query, headers, body: None };
        let claimed = http_signature::read(&parts, &self.own, self.service.now()).map_err(
            |error| match error {
                SignatureError::Host => InboxError::OtherHost,
                other => InboxError::BadSignature(other.to_string()),
            },
        )?;
        let signer = self.owner_of(&claimed).await?;
        let checked = self.check_signer(&signer, &claimed).await;
        if let Err(InboxError::BadSignature(_)) = &checked {
            self.note_bad_signature(address);
        }
        checked
    }
}

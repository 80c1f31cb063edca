//! The inbox: checks who signed, cheapest first, stores the bytes with the evidence, and only then says 202. What it
//! means is worked out later (`receive`).

use http::Method;
use serde_json::Value;

use super::{Federation, verify::ActorUnavailable};
use crate::{
    base::{crypto::RequestPublicKey, limits},
    protocol::{
        http_signature::{self, BodyDigest, Claimed, Evidence, RequestParts, SignatureError},
        json,
        paths::host_of,
        quirks::{id_of, text_of, types_of},
    },
    service::ServiceError,
    store::{
        StoreError,
        actors::Actor,
        inbox_items::{self, InboxItem},
    },
};

/// A POST to an inbox, as it came.
#[derive(Debug, Clone)]
pub struct InboxRequest {
    /// Path and query of the inbox.
    pub path_and_query: String,
    /// All header lines.
    pub headers: http::HeaderMap,
    /// Exact bytes.
    pub body: Vec<u8>,
}

/// Why a POST to an inbox was not taken.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// The bytes are no activity.
    #[error("{0}")]
    Malformed(String),
    /// Larger than is read.
    #[error("larger than {} bytes", limits::INBOX_BODY_BYTES_MAX)]
    TooLarge,
    /// For another host than this one.
    #[error("this is not the host that the request was signed for")]
    OtherHost,
    /// The signature is missing, wrong, or not the actor's.
    #[error("{0}")]
    BadSignature(String),
    /// Its server is not welcome.
    #[error("this server is blocked here")]
    Blocked,
    /// Too much at once.
    #[error("too many requests")]
    TooMany {
        /// When to come again.
        retry_after_seconds: i64,
    },
    /// The signer's key cannot be fetched now.
    #[error("{0}")]
    KeyOutOfReach(String),
    /// Our own fault.
    #[error("something went wrong on this server")]
    Internal(#[source] ServiceError),
}

impl From<StoreError> for InboxError {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.into())
    }
}

impl Federation {
    /// Takes a delivery: durable when this answers `Ok`.
    pub async fn accept(&self, request: InboxRequest) -> Result<(), InboxError> {
        if request.body.len() > limits::INBOX_BODY_BYTES_MAX {
            return Err(InboxError::TooLarge);
        }
        let activity =
            json::parse(&request.body).map_err(|error| InboxError::Malformed(error.to_string()))?;
        let id =
            text_of(&activity, "id").filter(|id| id.len() <= limits::URI_CHARS_MAX).ok_or_else(
                || InboxError::Malformed("`id` is missing, or longer than is taken".to_owned()),
            )?;
        let actor = id_of(&activity, "actor")
            .ok_or_else(|| InboxError::Malformed("`actor` is missing".to_owned()))?;
        if host_of(id) != host_of(&actor) {
            return Err(InboxError::Malformed(
                "`id` and `actor` are on different hosts".to_owned(),
            ));
        }
        if self.service.paths.is_ours(&actor) {
            return Err(InboxError::BadSignature(
                "the actor lives here and delivers nothing to itself".to_owned(),
            ));
        }
        let digest = BodyDigest::of(&request.body);
        let parts = RequestParts {
            method: &Method::POST,
            path_and_query: &request.path_and_query,
            headers: &request.headers,
            body: Some(&digest),
        };
        let claimed = http_signature::read(&parts, &self.own, self.service.now()).map_err(
            |error| match error {
                SignatureError::Host => InboxError::OtherHost,
                other => InboxError::BadSignature(other.to_string()),
            },
        )?;
        let signer = claimed.owner_hint().to_owned();
        if is_farewell(&activity, &actor) && self.unknown(&signer).await? {
            // Mastodon tells everybody of every deleted account: nothing here to delete, and no fetch (test 25).
            return Ok(());
        }
        self.check_signer(&signer, &claimed).await?;
        let evidence = Evidence::of(&parts, &self.own, &claimed, &request.body)
            .map(|evidence| evidence.to_json().to_string())
            .unwrap_or_default();
        let row = InboxItem {
            id: self.service.new_id(),
            activity_uri: id.to_owned(),
            digest: digest.to_digest(),
            host: host_of(&signer),
            signer,
            body: request.body,
            evidence,
            received_at: self.service.now().as_millis(),
            state: inbox_items::NEW.to_owned(),
            reason: None,
            attempts: 0,
            due_at: self.service.now().as_millis(),
        };
        let tx = self.service.store.begin().await?;
        let new = inbox_items::insert(&tx, row).await?;
        tx.commit().await?;
        if new {
            self.service.wake.inbox().notify_one();
        }
        Ok(())
    }

    async fn unknown(&self, uri: &str) -> Result<bool, InboxError> {
        match self.known(uri).await {
            Ok(known) => Ok(known.is_none()),
            Err(error) => Err(InboxError::Internal(ServiceError::internal(error))),
        }
    }

    /// Finds the signer's key and checks the signature; a key that fails is fetched again once.
    async fn check_signer(&self, signer: &str, claimed: &Claimed) -> Result<(), InboxError> {
        let actor = self.actor(signer).await.map_err(unavailable)?;
        if signed_by(&actor, claimed) {
            return Ok(());
        }
        if self.may_refetch(signer) {
            let actor = self.fetch_actor(signer).await.map_err(unavailable)?;
            if signed_by(&actor, claimed) {
                return Ok(());
            }
        }
        Err(InboxError::BadSignature(format!("the signature is not by the key of {signer}")))
    }
}

fn unavailable(error: ActorUnavailable) -> InboxError {
    match error {
        ActorUnavailable::NotNow { .. } => InboxError::KeyOutOfReach(error.to_string()),
        ActorUnavailable::Ours(error) => InboxError::Internal(error),
        other => InboxError::BadSignature(other.to_string()),
    }
}

/// The key must be the one that the actor's own document names, under the id it gives it.
fn signed_by(actor: &Actor, claimed: &Claimed) -> bool {
    actor.request_key_id.as_deref() == Some(claimed.key_id.as_str())
        && actor
            .request_key_pem
            .as_deref()
            .and_then(|pem| RequestPublicKey::from_pem(pem).ok())
            .is_some_and(|key| claimed.verify(&key))
}

fn is_farewell(activity: &Value, actor: &str) -> bool {
    types_of(activity).contains(&"Delete") && id_of(activity, "object").as_deref() == Some(actor)
}

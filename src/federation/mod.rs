//! L5: meaning to wire and back: inbox, fetching, delivery, relay. `activitypub_federation` gives the traits, the
//! dereferencing and the cache of actors; verification, sending and the queue are ours (`docs/decisions/`).

pub mod deliver;
mod directory;
pub mod fetch;
pub mod inbox;
pub mod instance;
pub mod link;
pub mod network;
pub mod outbox;
pub mod pull;
pub mod receive;
pub mod relay;
pub mod remote_actor;
#[cfg(test)]
pub(crate) mod scripted;
pub mod verify;
pub mod web_proof;
pub mod webfinger;

use std::{sync::Arc, time::Duration};

use activitypub_federation::config::FederationConfig;
use moka::sync::Cache;
use url::Url;

use self::{
    directory::Directory,
    fetch::{Fetcher, RequestSigner},
    network::{Network, Policy},
    remote_actor::FederationContext,
};
use crate::{
    protocol::http_signature::OwnOrigin,
    service::{Service, ServiceError},
};

pub use inbox::{InboxError, InboxRequest};

/// After a key failed and was fetched again in vain, it is not fetched again before this.
const REFETCH_PAUSE: Duration = Duration::from_mins(5);
/// Actors whose failed keys are remembered.
const REFETCHES_REMEMBERED_MAX: u64 = 10_000;

/// Everything that talks with other servers; cheap to clone.
#[derive(Clone)]
pub struct Federation {
    /// Use cases and reads.
    pub service: Service,
    fetcher: Fetcher,
    library: FederationConfig<FederationContext>,
    own: OwnOrigin,
    refetched: Cache<String, ()>,
}

impl std::fmt::Debug for Federation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Federation").field("own", &self.own).finish_non_exhaustive()
    }
}

impl Federation {
    /// Puts it together; makes the instance's own actor where it is missing, since it signs what is fetched.
    pub async fn new(service: Service, policy: Policy) -> Result<Self, ServiceError> {
        let instance = service.ensure_instance_actor().await?;
        let keys = service.keys.of(&instance).await?;
        let agent =
            format!("Polylogue/{} (+{}/)", env!("CARGO_PKG_VERSION"), service.paths.origin());
        let network =
            Network::new(policy, &agent).map_err(|error| ServiceError::Internal(error.into()))?;
        let signer =
            RequestSigner { key: Arc::clone(&keys.request), key_id: keys.request_key_id() };
        let fetcher = Fetcher::new(network, signer, Arc::clone(&service.ports.clock));
        let context = FederationContext {
            directory: Arc::new(Directory::new(service.clone())),
            clock: Arc::clone(&service.ports.clock),
        };
        let library = instance::federation_config(service.paths.domain(), context, fetcher.clone())
            .await
            .map_err(|error| ServiceError::Internal(error.into()))?;
        let own = Url::parse(service.paths.origin())
            .ok()
            .and_then(|url| OwnOrigin::of(&url))
            .ok_or_else(|| ServiceError::internal("the instance's domain makes no URL"))?;
        let refetched = Cache::builder()
            .max_capacity(REFETCHES_REMEMBERED_MAX)
            .time_to_live(REFETCH_PAUSE)
            .build();
        Ok(Self { service, fetcher, library, own, refetched })
    }

    /// Fetches signed documents.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }
}

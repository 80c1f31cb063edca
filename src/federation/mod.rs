//! L5: meaning to wire and back: inbox, fetching, delivery, relay. `activitypub_federation` gives the traits, the
//! dereferencing and the cache of actors; verification, sending and the queue are ours (`docs/decisions/`).

pub mod deliver;
mod directory;
pub mod feeds;
pub mod fetch;
pub mod finding;
mod followers;
pub mod home;
pub mod inbox;
pub mod instance;
pub mod knock;
pub mod link;
mod missed;
pub mod network;
pub mod outbox;
pub mod pull;
pub mod push;
mod quotes;
mod reader;
pub mod readership;
pub mod receive;
pub mod relay;
pub mod remote_actor;
#[cfg(test)]
pub(crate) mod scripted;
mod signer;
mod turn;
pub mod verify;
mod walk;
pub mod web_proof;
pub mod webfinger;

use std::sync::Arc;

use activitypub_federation::config::FederationConfig;
use moka::sync::Cache;
use url::Url;

use self::{
    directory::Directory,
    fetch::{Fetcher, RequestSigner},
    knock::StoredForms,
    network::{Network, Policy},
    remote_actor::FederationContext,
    turn::Turns,
    verify::Refetched,
};
use crate::{
    protocol::http_signature::OwnOrigin,
    service::{Service, ServiceError},
};

pub use inbox::{InboxError, InboxRequest, Taken};

/// Hosts of which it is remembered when a walk last asked them.
const HOSTS_REMEMBERED_MAX: u64 = 10_000;

/// Everything that talks with other servers; cheap to clone.
#[derive(Clone)]
pub struct Federation {
    /// Use cases and reads.
    pub service: Service,
    fetcher: Fetcher,
    library: FederationConfig<FederationContext>,
    own: OwnOrigin,
    refetched: Refetched,
    turns: Turns,
    signed_reading: bool,
    home: home::Home,
    /// When walks along threads last asked a host.
    walked: Cache<String, i64>,
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
        let forms = Arc::new(StoredForms(service.clone()));
        let fetcher = Fetcher::new(network, signer, forms, Arc::clone(&service.ports.clock));
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
        Ok(Self {
            service,
            fetcher,
            library,
            own,
            refetched: Refetched::default(),
            turns: Turns::default(),
            signed_reading: false,
            home: home::Home::default(),
            walked: Cache::builder().max_capacity(HOSTS_REMEMBERED_MAX).build(),
        })
    }

    /// The same with what servers send that are not known yet held for a day (`federation.hold_unknown`).
    #[must_use]
    pub fn holding_unknown(mut self, holds: bool) -> Self {
        self.turns.holds_unknown = holds;
        self
    }

    /// Fetches signed documents.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }
}

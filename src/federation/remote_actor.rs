//! Actors of other servers: fetched, checked and kept through `activitypub_federation`'s traits, so that
//! `ObjectId::<RemoteActor>::dereference` is the one way to one. Where they are kept is the [`ActorDirectory`]'s
//! business; that they are fetched safely, the client's (`instance`).

use std::sync::Arc;

use activitypub_federation::{
    config::Data,
    error::Error as FederationError,
    traits::{Actor, Object},
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::fetch::FetchError;
use crate::{
    base::clock::{Clock, Timestamp},
    protocol::{
        actor::{ActorDocument, ActorError},
        json::Strict,
    },
};

/// An actor of another server, as last fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteActor {
    /// What its document says.
    pub document: ActorDocument,
    /// When that was fetched.
    pub refreshed_at: Timestamp,
    /// Whether its server says it is gone.
    pub deleted: bool,
}

/// Where remote actors are kept.
#[async_trait]
pub trait ActorDirectory: Send + Sync {
    /// The actor with this id, if known.
    async fn find(&self, uri: &Url) -> Result<Option<RemoteActor>, DirectoryError>;

    /// Keeps an actor, new or known. `document` is what it was read from, for snapshots and for forwarding.
    async fn save(&self, actor: &RemoteActor, document: &Value) -> Result<(), DirectoryError>;

    /// Notes that an actor's server answered 410 for it.
    async fn mark_deleted(&self, uri: &Url) -> Result<(), DirectoryError>;
}

/// The directory failed; its own error is the source.
#[derive(Debug, thiserror::Error)]
#[error("the actor directory failed")]
pub struct DirectoryError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Why there is no such actor to be had.
#[derive(Debug, thiserror::Error)]
pub enum RemoteActorError {
    /// Its server says it is gone.
    #[error("the actor is gone")]
    Gone,
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What was fetched is no actor that is taken.
    #[error(transparent)]
    Document(#[from] ActorError),
    /// It gives itself another id than that under which it was fetched.
    #[error("the actor gives itself another id")]
    Id,
    /// It could not be kept.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Actors of others are not served here.
    #[error("an actor of another server is not served here")]
    NotServed,
    /// Refused by the federation library: address, id, media type, number of fetches.
    #[error(transparent)]
    Library(FederationError),
}

impl RemoteActorError {
    /// Whether to try again later makes sense: not where what was said was wrong, or the address is not fetched.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_transient(),
            Self::Library(error) => matches!(
                error,
                FederationError::Reqwest(_)
                    | FederationError::ReqwestMiddleware(_)
                    | FederationError::DomainResolveError(_)
            ),
            _ => false,
        }
    }
}

impl From<FederationError> for RemoteActorError {
    fn from(error: FederationError) -> Self {
        match error {
            FederationError::ObjectDeleted(_) => Self::Gone,
            // Our own middleware's error comes back wrapped.
            FederationError::ReqwestMiddleware(reqwest_middleware::Error::Middleware(inner)) => {
                match inner.downcast::<FetchError>() {
                    Ok(fetch) => Self::Fetch(fetch),
                    Err(other) => Self::Library(FederationError::ReqwestMiddleware(
                        reqwest_middleware::Error::Middleware(other),
                    )),
                }
            }
            other => Self::Library(other),
        }
    }
}

/// What the federation library carries for us.
#[derive(Clone)]
pub struct FederationContext {
    /// Where actors are kept.
    pub directory: Arc<dyn ActorDirectory>,
    /// Tells when an actor was fetched.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Object for RemoteActor {
    type DataType = FederationContext;
    type Kind = Strict;
    type Error = RemoteActorError;

    fn id(&self) -> &Url {
        &self.document.uri
    }

    fn last_refreshed_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.refreshed_at.as_millis())
    }

    async fn read_from_id(
        id: Url,
        data: &Data<FederationContext>,
    ) -> Result<Option<Self>, RemoteActorError> {
        Ok(data.directory.find(&id).await?)
    }

    async fn delete(&self, data: &Data<FederationContext>) -> Result<(), RemoteActorError> {
        Ok(data.directory.mark_deleted(&self.document.uri).await?)
    }

    fn is_deleted(&self) -> bool {
        self.deleted
    }

    async fn into_json(self, _: &Data<FederationContext>) -> Result<Strict, RemoteActorError> {
        Err(RemoteActorError::NotServed)
    }

    async fn verify(
        json: &Strict,
        fetched_from: &Url,
        _: &Data<FederationContext>,
    ) -> Result<(), RemoteActorError> {
        let document = ActorDocument::read(&json.0)?;
        if document.uri == *fetched_from { Ok(()) } else { Err(RemoteActorError::Id) }
    }

    async fn from_json(
        json: Strict,
        data: &Data<FederationContext>,
    ) -> Result<Self, RemoteActorError> {
        let document = ActorDocument::read(&json.0)?;
        let actor = Self { document, refreshed_at: data.clock.now(), deleted: false };
        data.directory.save(&actor, &json.0).await?;
        Ok(actor)
    }
}

impl Actor for RemoteActor {
    fn public_key_pem(&self) -> &str {
        self.document.public_key_pem.as_deref().unwrap_or_default()
    }

    fn private_key_pem(&self) -> Option<String> {
        None
    }

    fn inbox(&self) -> Url {
        self.document.inbox.clone()
    }

    fn shared_inbox(&self) -> Option<Url> {
        self.document.shared_inbox.clone()
    }
}

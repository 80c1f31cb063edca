//! Finds what somebody pasted: an address of a page or of a thing elsewhere, or a handle. What is asked of another server
//! is read and kept as everything from there; what is no person and no part of a topic held here stays where it is.

use url::Url;

use super::{
    Federation,
    fetch::Budget,
    verify::ActorUnavailable,
    webfinger::{self, Handle},
};
use crate::{
    protocol::quirks::{id_of, type_of},
    service::{ServiceError, clients::Sought},
};

const PEOPLE: &[&str] = &["Person", "Organization", "Group", "Service"];

impl Federation {
    /// The id of what is sought, where its server says what it is; people are known here from then on.
    pub async fn find(&self, sought: &Sought) -> Result<Option<String>, ServiceError> {
        let budget = Budget::default();
        match sought {
            Sought::Words(_) => Ok(None),
            Sought::Handle(handle) => {
                let Ok(handle) = handle.parse::<Handle>() else { return Ok(None) };
                match webfinger::resolve(&self.fetcher, &handle, &budget).await {
                    Ok(resolved) => self.known_person(resolved.actor.as_str()).await,
                    Err(error) => {
                        tracing::info!(%handle, %error, "a handle leads nowhere");
                        Ok(None)
                    }
                }
            }
            Sought::Address(address) => {
                let Ok(url) = Url::parse(address) else { return Ok(None) };
                if self.service.paths.is_ours(url.as_str()) {
                    return Ok(None);
                }
                let document = match self.fetcher.fetch_json(&url, &budget).await {
                    Ok(fetched) => fetched.document,
                    Err(error) => {
                        tracing::info!(%url, %error, "an address leads nowhere");
                        return Ok(None);
                    }
                };
                let Some(id) = id_of(&document, "id") else { return Ok(None) };
                match type_of(&document, PEOPLE) {
                    Some(_) => self.known_person(&id).await,
                    None => Ok(Some(id)),
                }
            }
        }
    }

    async fn known_person(&self, uri: &str) -> Result<Option<String>, ServiceError> {
        match self.actor(uri).await {
            Ok(actor) => Ok(Some(actor.uri)),
            Err(ActorUnavailable::Ours(error)) => Err(error),
            Err(error) => {
                tracing::info!(%uri, %error, "somebody cannot be found");
                Ok(None)
            }
        }
    }
}

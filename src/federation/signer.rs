//! Whose signature is it? From the id of a key to the actor whose document names that key, and no further: who has not
//! signed is not worth a fetch, and a key that fails is fetched again once.

use url::Url;

use super::{Federation, InboxError, fetch::Budget, verify::ActorUnavailable};
use crate::{
    base::crypto::RequestPublicKey,
    protocol::{
        actor::parse_url,
        http_signature::Claimed,
        origin::same_host,
        quirks::{first_reference, id_of, member},
    },
    service::ServiceError,
    store::actors::{self, Actor},
};

impl Federation {
    /// The actor whose key is claimed, by its id. Most ids of keys say whose they are; where one does not, a key that
    /// is known already tells, or its own document.
    pub(super) async fn owner_of(&self, claimed: &Claimed) -> Result<String, InboxError> {
        let hint = claimed.owner_hint();
        if hint != claimed.key_id || self.is_known(hint).await? {
            return Ok(hint.to_owned());
        }
        let known = actors::by_request_key(&self.service.store, &claimed.key_id).await?;
        if let Some(actor) = known {
            return Ok(actor.uri);
        }
        let unreadable =
            || InboxError::BadSignature(format!("{} leads to no key", shortened(&claimed.key_id)));
        let url = parse_url(&claimed.key_id).ok_or_else(unreadable)?;
        if self.service.paths.is_ours(url.as_str()) {
            return Err(unreadable());
        }
        self.owner_in_document(&url).await.map(|owner| owner.unwrap_or_else(|| hint.to_owned()))
    }

    /// The owner that the document of a key names: only a hint, since the owner's own document decides. None where it
    /// is the document of an actor.
    async fn owner_in_document(&self, key: &Url) -> Result<Option<String>, InboxError> {
        let fetched = match self.fetcher.fetch_json(key, &Budget::default()).await {
            Ok(fetched) => fetched,
            Err(error) if error.is_transient() => {
                return Err(InboxError::KeyOutOfReach(format!("{key}: {error}")));
            }
            Err(error) => return Err(InboxError::BadSignature(format!("{key}: {error}"))),
        };
        let owner = first_reference(member(&fetched.document, "owner"))
            .or_else(|| first_reference(member(&fetched.document, "controller")));
        let own = id_of(&fetched.document, "id");
        Ok(owner
            .map(str::to_owned)
            .or(own.filter(|_| member(&fetched.document, "inbox").is_some()))
            .filter(|owner| same_host(owner, key.as_str())))
    }

    async fn is_known(&self, uri: &str) -> Result<bool, InboxError> {
        match self.known(uri).await {
            Ok(known) => Ok(known.is_some()),
            Err(error) => Err(InboxError::Internal(ServiceError::internal(error))),
        }
    }

    /// Whether nothing is known of an actor.
    pub(super) async fn is_unknown(&self, uri: &str) -> Result<bool, InboxError> {
        Ok(!self.is_known(uri).await?)
    }

    /// Finds the key and checks the signature; a key that fails is fetched again once (test 19).
    pub(super) async fn check_signer(
        &self,
        signer: &str,
        claimed: &Claimed,
    ) -> Result<(), InboxError> {
        let actor = self.actor_on_word(signer).await.map_err(unavailable)?;
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

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

//! Whose word is it? Finds the keys of actors, and judges items by their proof. The announcer's word is never enough
//! (protocol 4.f.5).

use activitypub_federation::fetch::object_id::ObjectId;
use moka::{policy::EvictionPolicy, sync::Cache};
use serde_json::Value;
use url::Url;

use super::{
    Federation,
    fetch::FetchError,
    remote_actor::{RemoteActor, RemoteActorError},
};
use crate::{
    base::{
        clock::Timestamp,
        crypto::{ProofPublicKey, RequestPublicKey},
    },
    protocol::{http_signature::Evidence, quirks::member},
    record::{
        item::Item,
        proof::{self, ProofError, ProofHead},
    },
    service::ServiceError,
    store::{
        actors::{self, Actor},
        entries::Verdict,
    },
};

/// How long an actor document is good for.
const ACTOR_FRESH_MILLIS: i64 = 86_400_000;
/// After a key failed and was fetched again, it is not fetched again before this.
const REFETCH_PAUSE_MILLIS: i64 = 300_000;
/// Actors whose failed keys are remembered.
const REFETCHES_REMEMBERED_MAX: u64 = 10_000;

/// Actors whose documents were fetched again because a key failed.
#[derive(Debug, Clone)]
pub(super) struct Refetched(Cache<String, i64>);

impl Default for Refetched {
    fn default() -> Self {
        let kept = Cache::builder()
            .max_capacity(REFETCHES_REMEMBERED_MAX)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self(kept)
    }
}

impl Refetched {
    fn may(&self, uri: &str, now: Timestamp) -> bool {
        let now = now.as_millis();
        if self.0.get(uri).is_some_and(|at| now - at < REFETCH_PAUSE_MILLIS) {
            return false;
        }
        self.0.insert(uri.to_owned(), now);
        true
    }
}

/// Why an actor's keys are not to be had.
#[derive(Debug, thiserror::Error)]
pub enum ActorUnavailable {
    /// Its server says it is gone.
    #[error("{uri} is gone")]
    Gone {
        /// Actor id.
        uri: String,
    },
    /// Not now; may be later.
    #[error("{uri} cannot be fetched now: {why}")]
    NotNow {
        /// Actor id.
        uri: String,
        /// Why.
        why: String,
    },
    /// It is no actor that is taken.
    #[error("{uri} is refused: {why}")]
    Refused {
        /// Actor id.
        uri: String,
        /// Why.
        why: String,
    },
    /// Our own fault.
    #[error(transparent)]
    Ours(#[from] ServiceError),
}

/// What an item's proof is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It counts.
    Valid(Verdict),
    /// There is no proof that is read here.
    NoProof,
    /// The key is not to be had now: it is held.
    NotYet {
        /// Why.
        why: String,
    },
    /// It is forged or damaged: refused.
    Invalid {
        /// Why.
        why: String,
    },
}

impl Federation {
    /// An actor: from the store while its document is fresh, else from its own server.
    pub async fn actor(&self, uri: &str) -> Result<Actor, ActorUnavailable> {
        let known = self.known(uri).await?;
        self.current(uri, known).await
    }

    /// The same of what the store knows.
    async fn current(&self, uri: &str, known: Option<Actor>) -> Result<Actor, ActorUnavailable> {
        match known {
            Some(actor) if actor.gone_at.is_some() => {
                Err(ActorUnavailable::Gone { uri: uri.to_owned() })
            }
            Some(actor) if actor.local => Ok(actor),
            Some(actor)
                if self.service.now().as_millis() - actor.fetched_at < ACTOR_FRESH_MILLIS =>
            {
                Ok(actor)
            }
            Some(actor) => match self.fetch_actor(uri).await {
                // A document a day old is better than none while its server rests.
                Err(ActorUnavailable::NotNow { .. }) => Ok(actor),
                other => other,
            },
            None => self.fetch_actor(uri).await,
        }
    }

    /// The same for a stranger who has yet to show that he is who he says: what led nowhere lately is not fetched
    /// again for him.
    pub(super) async fn actor_on_word(&self, uri: &str) -> Result<Actor, ActorUnavailable> {
        let known = self.known(uri).await?;
        if known.is_some() {
            return self.current(uri, known).await;
        }
        if let Some(error) = self.fetcher.lately(uri) {
            return Err(match error {
                FetchError::Gone => ActorUnavailable::Gone { uri: uri.to_owned() },
                error if error.is_transient() => {
                    ActorUnavailable::NotNow { uri: uri.to_owned(), why: error.to_string() }
                }
                error => ActorUnavailable::Refused { uri: uri.to_owned(), why: error.to_string() },
            });
        }
        self.actor(uri).await
    }

    /// What the store knows of an actor, however old.
    pub(super) async fn known(&self, uri: &str) -> Result<Option<Actor>, ActorUnavailable> {
        Ok(actors::by_uri(&self.service.store, uri).await.map_err(ServiceError::from)?)
    }

    /// An actor from its own server, now.
    pub async fn fetch_actor(&self, uri: &str) -> Result<Actor, ActorUnavailable> {
        let refused =
            |why: &str| ActorUnavailable::Refused { uri: uri.to_owned(), why: why.to_owned() };
        if self.service.paths.is_ours(uri) {
            return Err(refused("there is no such actor here"));
        }
        let url = Url::parse(uri).map_err(|error| refused(&error.to_string()))?;
        let data = self.library.to_request_data();
        let fetched = ObjectId::<RemoteActor>::from(url).dereference_forced(&data).await;
        if let Err(error) = &fetched {
            self.fetcher.missed(uri, error);
        }
        match fetched {
            Ok(_) => self.known(uri).await?.ok_or_else(|| refused("it gives itself another id")),
            Err(RemoteActorError::Gone) => Err(ActorUnavailable::Gone { uri: uri.to_owned() }),
            Err(error) if error.is_transient() => {
                Err(ActorUnavailable::NotNow { uri: uri.to_owned(), why: error.to_string() })
            }
            Err(RemoteActorError::Directory(error)) => {
                Err(ActorUnavailable::Ours(ServiceError::Internal(error.into())))
            }
            Err(error) => Err(refused(&error.to_string())),
        }
    }

    /// Whether an actor's document may be fetched again because a key of it failed: once, then not for five minutes
    /// (test 19).
    pub(super) fn may_refetch(&self, uri: &str) -> bool {
        !self.service.paths.is_ours(uri) && self.refetched.may(uri, self.service.now())
    }

    /// Judges an item by its proof, and the object embedded in it by its own.
    pub async fn judge(&self, item: &Item) -> Result<Judgement, ServiceError> {
        let head = match ProofHead::of(&item.document) {
            Ok(Some(head)) => head,
            Ok(None) => return Ok(Judgement::NoProof),
            Err(error) if error.is_invalid() => {
                return Ok(Judgement::Invalid { why: error.to_string() });
            }
            Err(_not_one_we_read) => return Ok(Judgement::NoProof),
        };
        let actor = match self.actor(&item.actor).await {
            Ok(actor) => actor,
            // What is gone cannot vouch any more, but it may have been seen: a snapshot or a later look decides.
            Err(ActorUnavailable::Gone { .. } | ActorUnavailable::NotNow { .. }) => {
                match self.known(&item.actor).await {
                    Ok(Some(actor)) => actor,
                    Ok(None) => {
                        return Ok(Judgement::NotYet {
                            why: format!("{} is out of reach", item.actor),
                        });
                    }
                    Err(error) => return Err(ServiceError::internal(error)),
                }
            }
            Err(ActorUnavailable::Refused { why, .. }) => return Ok(Judgement::Invalid { why }),
            Err(ActorUnavailable::Ours(error)) => return Err(error),
        };
        let first = self.check(item, &head, &actor);
        let Err(why) = first else { return Ok(Judgement::Valid(Verdict::Proof)) };
        if !self.may_refetch(&item.actor) {
            return Ok(Judgement::Invalid { why });
        }
        match self.fetch_actor(&item.actor).await {
            Ok(actor) => Ok(match self.check(item, &head, &actor) {
                Ok(()) => Judgement::Valid(Verdict::Proof),
                Err(why) => Judgement::Invalid { why },
            }),
            Err(ActorUnavailable::Ours(error)) => Err(error),
            Err(_) => Ok(Judgement::Invalid { why }),
        }
    }

    fn check(&self, item: &Item, head: &ProofHead, actor: &Actor) -> Result<(), String> {
        self.check_document(&item.document, head, actor)?;
        // An object re-wrapped by somebody else must not pass for its author's (test 35).
        if let Some(object) = member(&item.document, "object").filter(|object| object.is_object()) {
            match ProofHead::of(object) {
                Ok(Some(inner)) => self.check_document(object, &inner, actor)?,
                Ok(None) => {}
                Err(error) if error.is_invalid() => return Err(error.to_string()),
                Err(_not_one_we_read) => {}
            }
        }
        Ok(())
    }

    fn check_document(
        &self,
        document: &Value,
        head: &ProofHead,
        actor: &Actor,
    ) -> Result<(), String> {
        let keys: Vec<(String, String)> =
            serde_json::from_str(&actor.proof_keys).unwrap_or_default();
        let (_, multibase) = keys
            .iter()
            .find(|(id, _)| *id == head.verification_method)
            .ok_or_else(|| format!("{} is not a key of {}", head.verification_method, actor.uri))?;
        let key = ProofPublicKey::from_multibase(multibase).map_err(|error| error.to_string())?;
        proof::verify(document, &key, self.service.now())
            .map_err(|error: ProofError| error.to_string())
    }

    /// Whether a document that is no item of a record bears a valid proof of this actor.
    pub(super) async fn judge_document(
        &self,
        document: &Value,
        actor: &str,
    ) -> Result<bool, ServiceError> {
        let Ok(Some(head)) = ProofHead::of(document) else { return Ok(false) };
        match self.actor(actor).await {
            Ok(actor) => Ok(self.check_document(document, &head, &actor).is_ok()),
            Err(ActorUnavailable::Ours(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// Judges delivery evidence (protocol 4.f.5 V4): the signature in it must be by the RSA key of the act's actor.
    pub(super) async fn judge_evidence(
        &self,
        item: &Item,
    ) -> Result<Result<Verdict, String>, ServiceError> {
        let Some(evidence) = &item.evidence else {
            return Ok(Err("there is no evidence".to_owned()));
        };
        let evidence = match Evidence::from_json(evidence) {
            Ok(evidence) => evidence,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let actor = match self.actor(&item.actor).await {
            Ok(actor) => actor,
            Err(ActorUnavailable::Ours(error)) => return Err(error),
            Err(ActorUnavailable::Refused { why, .. }) => return Ok(Err(why)),
            Err(_out_of_reach) => match self.known(&item.actor).await {
                Ok(Some(actor)) => actor,
                _ => return Ok(Ok(Verdict::Held)),
            },
        };
        let key =
            actor.request_key_pem.as_deref().and_then(|pem| RequestPublicKey::from_pem(pem).ok());
        let Some(key) = key else { return Ok(Err(format!("{} has no key", actor.uri))) };
        Ok(match evidence.verify(&key) {
            Ok(claimed) if actor.request_key_id.as_deref() == Some(claimed.key_id.as_str()) => {
                Ok(Verdict::Evidence)
            }
            Ok(claimed) => Err(format!("{} is not a key of {}", claimed.key_id, actor.uri)),
            Err(error) => Err(error.to_string()),
        })
    }
}

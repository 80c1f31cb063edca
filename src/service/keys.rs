//! Private keys of local actors: sealed in the database, opened once, kept in memory.

use std::sync::Arc;

use moka::sync::Cache;
use tokio::sync::OnceCell;

use super::ServiceError;
use crate::{
    base::{
        crypto::{ProofKey, PushKey, RequestKey, Vault},
        entropy::Entropy,
    },
    store::{
        Store, StoreError, Tx,
        actors::{self, Actor, ActorSecret},
        push,
    },
};

/// Open keys that are kept in memory.
const KEYS_CACHED_MAX: u64 = 10_000;
/// The key for push services.
const PUSH: &str = "vapid";
const PUSH_CONTEXT: &str = "push:vapid";

/// The keys of one local actor, with the ids under which the actor publishes them.
pub struct ActorKeys {
    /// Actor id.
    pub actor: String,
    /// Signs requests.
    pub request: Arc<RequestKey>,
    /// Signs proofs.
    pub proof: ProofKey,
}

impl std::fmt::Debug for ActorKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActorKeys").field("actor", &self.actor).finish_non_exhaustive()
    }
}

impl ActorKeys {
    /// Makes both keys for an actor.
    pub fn generate(actor: &str, entropy: &dyn Entropy) -> Result<Self, ServiceError> {
        Ok(Self {
            actor: actor.to_owned(),
            request: Arc::new(RequestKey::generate()?),
            proof: ProofKey::generate(entropy),
        })
    }

    /// Id of the RSA key.
    pub fn request_key_id(&self) -> String {
        format!("{}#main-key", self.actor)
    }

    /// Id of the Ed25519 key.
    pub fn proof_key_id(&self) -> String {
        format!("{}#ed25519", self.actor)
    }
}

/// Opens and caches the keys of local actors; cheap to clone.
#[derive(Clone)]
pub struct KeyRing {
    store: Store,
    vault: Arc<Vault>,
    open: Cache<i64, Arc<ActorKeys>>,
    push: Arc<OnceCell<Arc<PushKey>>>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing")
    }
}

impl KeyRing {
    /// Over a store, with the instance's vault.
    pub fn new(store: Store, vault: Vault) -> Self {
        Self {
            store,
            vault: Arc::new(vault),
            open: Cache::new(KEYS_CACHED_MAX),
            push: Arc::default(),
        }
    }

    /// The keys of a local actor.
    pub async fn of(&self, actor: &Actor) -> Result<Arc<ActorKeys>, ServiceError> {
        if let Some(keys) = self.open.get(&actor.id) {
            return Ok(keys);
        }
        let sealed = actors::secret(&self.store, actor.id)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("{} has no keys here", actor.uri)))?;
        let request = self.vault.open(&context(actor.id, "request"), &sealed.request_key)?;
        let seed = self.vault.open(&context(actor.id, "proof"), &sealed.proof_key)?;
        let seed: [u8; 32] = seed.as_slice().try_into().map_err(|_length| {
            ServiceError::internal(format!("the proof key of {} is damaged", actor.uri))
        })?;
        let keys = Arc::new(ActorKeys {
            actor: actor.uri.clone(),
            request: Arc::new(RequestKey::from_pkcs8(&request)?),
            proof: ProofKey::from_seed(seed),
        });
        self.open.insert(actor.id, Arc::clone(&keys));
        Ok(keys)
    }

    /// Seals new keys into the database.
    pub async fn seal(
        &self,
        tx: &Tx,
        actor_id: i64,
        keys: &ActorKeys,
        entropy: &dyn Entropy,
    ) -> Result<(), ServiceError> {
        let secret = ActorSecret {
            actor_id,
            request_key: self.vault.seal(
                entropy,
                &context(actor_id, "request"),
                keys.request.pkcs8(),
            ),
            proof_key: self.vault.seal(entropy, &context(actor_id, "proof"), keys.proof.seed()),
        };
        Ok(actors::insert_secret(tx, secret).await?)
    }

    /// The key by which push services know this server; made when it is first asked for, and then kept for good: every
    /// subscription is bound to it.
    pub async fn push(&self, entropy: &dyn Entropy) -> Result<Arc<PushKey>, ServiceError> {
        let key = self.push.get_or_try_init(async || match self.stored_push().await? {
            Some(key) => Ok(key),
            None => self.make_push(entropy).await,
        });
        key.await.cloned()
    }

    async fn stored_push(&self) -> Result<Option<Arc<PushKey>>, ServiceError> {
        let Some(row) = push::key(&self.store, PUSH).await? else { return Ok(None) };
        let opened = self.vault.open(PUSH_CONTEXT, &row.sealed)?;
        Ok(Some(Arc::new(PushKey::from_pkcs8(&opened)?)))
    }

    async fn make_push(&self, entropy: &dyn Entropy) -> Result<Arc<PushKey>, ServiceError> {
        let fresh = PushKey::generate()?;
        let key = Arc::new(PushKey::from_pkcs8(&fresh)?);
        let row = push::Key {
            name: PUSH.to_owned(),
            sealed: self.vault.seal(entropy, PUSH_CONTEXT, &fresh),
            public: key.public(),
        };
        let tx = self.store.begin().await?;
        match push::insert_key(&tx, row).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(key)
            }
            // Another server over this database was faster: its key is the one.
            Err(StoreError::Conflict) => {
                drop(tx);
                let made = self.stored_push().await?;
                made.ok_or_else(|| ServiceError::internal("the push key was made and is not there"))
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Seals a secret that is no actor's: `place` binds it to where it is kept.
    pub fn seal_word(&self, place: &str, word: &str, entropy: &dyn Entropy) -> Vec<u8> {
        self.vault.seal(entropy, place, word.as_bytes())
    }

    /// Opens what [`Self::seal_word`] sealed for this place.
    pub fn open_word(
        &self,
        place: &str,
        sealed: &[u8],
    ) -> Result<zeroize::Zeroizing<String>, ServiceError> {
        let open = self.vault.open(place, sealed)?;
        let word = std::str::from_utf8(&open).map_err(ServiceError::internal)?;
        Ok(zeroize::Zeroizing::new(word.to_owned()))
    }

    /// Forgets what is cached: another process may have changed it.
    pub fn forget(&self) {
        self.open.invalidate_all();
    }
}

/// Binds a sealed key to its place: one moved to another row does not open.
fn context(actor_id: i64, which: &str) -> String {
    format!("actor:{actor_id}:{which}")
}

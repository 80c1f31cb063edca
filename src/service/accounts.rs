//! Making actors and accounts: the instance's own actor, persons and organisations.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use zeroize::Zeroizing;

use super::{ActorKeys, Caller, FieldError, Role, Service, ServiceError, profile::check_email};
use crate::{
    base::{
        crypto::{self, ProofKey},
        entropy, limits,
    },
    domain::{group::StakeholderGroup, handle, region::Region},
    store::{
        StoreError, Tx,
        accounts::{self, Account, Audit},
        actors::{self, Actor},
    },
};

/// Argon2id memory, in KiB (OWASP's second recommendation: 19 MiB, 2 passes).
const PASSWORD_MEMORY_KIB: u32 = 19_456;
/// Argon2id passes.
const PASSWORD_PASSES: u32 = 2;

/// Whom to make an account for.
#[derive(Debug)]
pub struct NewAccount {
    /// Handle.
    pub name: String,
    /// Whether it is a person or an organisation.
    pub kind: AccountKind,
    /// Display name.
    pub display_name: String,
    /// For mail from the instance; empty where there is none.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Declared stakeholder group.
    pub group: Option<StakeholderGroup>,
    /// Declared region.
    pub region: Option<Region>,
    /// Password, wiped from memory after use; without one the account is used with tokens only.
    pub password: Option<Zeroizing<String>>,
}

/// Who an account speaks as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// `Person`.
    Person,
    /// `Organization`.
    Organization,
}

/// A new account, with the one sight of its recovery key (decisions 19).
#[derive(Debug)]
pub struct MadeAccount {
    /// Its actor.
    pub actor: Actor,
    /// 24 words: the private half of the recovery key. It is stored nowhere.
    pub recovery_words: Zeroizing<String>,
}

/// What an actor is made of.
pub(super) struct NewActor<'a> {
    pub(super) uri: String,
    pub(super) kind: &'a str,
    pub(super) username: &'a str,
    pub(super) name: &'a str,
    pub(super) summary: String,
    pub(super) group: Option<StakeholderGroup>,
    pub(super) region: Option<Region>,
    pub(super) recovery_key: Option<String>,
}

impl Service {
    /// Makes the instance's own actor, where it is missing.
    pub async fn ensure_instance_actor(&self) -> Result<Actor, ServiceError> {
        if let Some(actor) = actors::by_uri(&self.store, &self.paths.instance()).await? {
            return Ok(actor);
        }
        let uri = self.paths.instance();
        let keys = ActorKeys::generate(&uri, self.ports.entropy.as_ref())?;
        let tx = self.store.begin().await?;
        if let Some(actor) = actors::by_uri(&tx, &uri).await? {
            return Ok(actor);
        }
        let new = NewActor {
            uri,
            kind: "Application",
            username: self.paths.instance_name(),
            name: &self.profile.name,
            summary: String::new(),
            group: self.profile.group,
            region: None,
            recovery_key: None,
        };
        let actor = self.insert_actor(&tx, new, &keys).await?;
        tx.commit().await?;
        Ok(actor)
    }

    /// The instance's own actor.
    pub async fn instance_actor(&self) -> Result<Actor, ServiceError> {
        actors::by_uri(&self.store, &self.paths.instance())
            .await?
            .ok_or_else(|| ServiceError::internal("the instance has no actor of its own"))
    }

    /// Makes an account, its actor and its keys.
    pub async fn create_account(&self, new: NewAccount) -> Result<MadeAccount, ServiceError> {
        let mut wrong = Vec::new();
        if let Err(error) = handle::check(&new.name) {
            wrong.push(FieldError::new("name", error.to_string()));
        }
        let display = new.display_name.trim();
        if display.is_empty() || display.chars().count() > limits::DISPLAY_NAME_CHARS_MAX {
            let max = limits::DISPLAY_NAME_CHARS_MAX;
            wrong.push(FieldError::new("display-name", format!("must have 1 to {max} characters")));
        }
        check_email(&mut wrong, &new.email);
        if let Some(Err(error)) = new.password.as_ref().map(|password| check_password(password)) {
            wrong.push(error);
        }
        if !wrong.is_empty() {
            return Err(ServiceError::Invalid(wrong));
        }
        // Without a password the hash is of a secret that nobody is told.
        let password = new.password.unwrap_or_else(|| Zeroizing::new(self.secret_token()));
        let salt: [u8; 16] = entropy::bytes(self.ports.entropy.as_ref());
        let password_hash = hash_password(&password, &salt)?;

        let uri = self.paths.person(&new.name);
        let keys = ActorKeys::generate(&uri, self.ports.entropy.as_ref())?;
        let recovery = ProofKey::generate(self.ports.entropy.as_ref());
        let recovery_words = crypto::recovery_words(recovery.seed())?;
        let tx = self.store.begin().await?;
        self.name_is_free(&tx, &new.name, "name").await?;
        let kind = match new.kind {
            AccountKind::Person => "Person",
            AccountKind::Organization => "Organization",
        };
        let new_actor = NewActor {
            uri,
            kind,
            username: &new.name,
            name: display,
            summary: String::new(),
            group: new.group,
            region: new.region,
            recovery_key: Some(recovery.public().to_multibase()),
        };
        let actor = self.insert_actor(&tx, new_actor, &keys).await?;
        let account = Account {
            id: self.new_id(),
            actor_id: actor.id,
            email: new.email,
            password_hash,
            role: new.role.word().to_owned(),
            created_at: self.now().as_millis(),
            disabled: false,
            profile: None,
        };
        accounts::insert(&tx, account).await?;
        let what = format!("made the account {} ({})", new.name, new.role.word());
        self.audit(&tx, "command line", what).await?;
        tx.commit().await?;
        Ok(MadeAccount { actor, recovery_words })
    }

    /// There is one namespace for persons, organisations and rooms (protocol 4.a).
    pub(super) async fn name_is_free(
        &self,
        tx: &Tx,
        name: &str,
        field: &'static str,
    ) -> Result<(), ServiceError> {
        match actors::local_by_name(tx, name).await? {
            Some(_) => {
                Err(ServiceError::invalid(field, format!("`{name}` is taken here; choose another")))
            }
            None => Ok(()),
        }
    }

    /// Writes a local actor with its keys.
    pub(super) async fn insert_actor(
        &self,
        tx: &Tx,
        new: NewActor<'_>,
        keys: &ActorKeys,
    ) -> Result<Actor, ServiceError> {
        let now = self.now().as_millis();
        let part = |name: &str| format!("{}/{name}", new.uri);
        let proof_keys = vec![(keys.proof_key_id(), keys.proof.public().to_multibase())];
        let row = Actor {
            id: self.new_id(),
            host: self.paths.domain().to_owned(),
            kind: new.kind.to_owned(),
            username: new.username.to_owned(),
            name: new.name.to_owned(),
            summary: new.summary,
            url: new.uri.clone(),
            inbox: part("inbox"),
            shared_inbox: Some(self.paths.shared_inbox()),
            outbox: Some(part("outbox")),
            followers: Some(part("followers")),
            following: Some(part("following")),
            webfinger: Some(self.paths.handle(new.username)),
            request_key_id: Some(keys.request_key_id()),
            request_key_pem: Some(keys.request.public_pem().to_owned()),
            proof_keys: serde_json::to_string(&proof_keys)
                .map_err(|e| ServiceError::Internal(e.into()))?,
            recovery_key: new.recovery_key,
            stakeholder_group: new.group.map(|group| group.term().to_owned()),
            region: new.region.map(|region| region.term().to_owned()),
            implements_mesh: true,
            local: true,
            fetched_at: now,
            gone_at: None,
            avatar: None,
            header: None,
            created_at: now,
            uri: new.uri,
        };
        let actor = actors::insert(tx, row).await.map_err(|error| match error {
            StoreError::Conflict => {
                ServiceError::Conflict { why: format!("`{}` is taken here", new.username) }
            }
            other => other.into(),
        })?;
        self.keys.seal(tx, actor.id, keys, self.ports.entropy.as_ref()).await?;
        Ok(actor)
    }

    /// The caller behind a local account name, for the command line, whose user holds the database anyway.
    pub async fn caller_named(&self, name: &str) -> Result<Caller, ServiceError> {
        let actor = actors::local_by_name(&self.store, name)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?;
        let account = accounts::by_actor(&self.store, actor.id)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?;
        caller(&account, actor)
    }

    /// Adds a line to the administrators' log.
    pub(super) async fn audit(&self, tx: &Tx, who: &str, what: String) -> Result<(), ServiceError> {
        let row =
            Audit { id: self.new_id(), at: self.now().as_millis(), who: who.to_owned(), what };
        Ok(accounts::insert_audit(tx, row).await?)
    }
}

/// The caller that an account is.
pub(super) fn caller(account: &Account, actor: Actor) -> Result<Caller, ServiceError> {
    if account.disabled {
        return Err(ServiceError::NotPermitted { why: "this account is disabled" });
    }
    let role = Role::from_word(&account.role).ok_or_else(|| {
        ServiceError::internal(format!("account {} has an unknown role", account.id))
    })?;
    Ok(Caller { account_id: account.id, actor, role, may_write: true })
}

pub(super) fn check_password(password: &str) -> Result<(), FieldError> {
    let (min, max) = (limits::PASSWORD_CHARS_MIN, limits::PASSWORD_BYTES_MAX);
    if password.chars().count() < min || password.len() > max {
        return Err(FieldError::new(
            "password",
            format!("must have at least {min} characters and at most {max} bytes"),
        ));
    }
    Ok(())
}

fn argon2() -> Result<Argon2<'static>, ServiceError> {
    let params = Params::new(PASSWORD_MEMORY_KIB, PASSWORD_PASSES, 1, None)
        .map_err(|error| ServiceError::internal(format!("argon2: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

pub(super) fn hash_password(password: &str, salt: &[u8]) -> Result<String, ServiceError> {
    let hash = argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| ServiceError::internal(format!("argon2: {error}")))?;
    Ok(hash.to_string())
}

/// Whether a password is the one behind a hash; takes the same time either way.
pub(super) fn verify_password(password: &str, stored: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(stored) else { return false };
    argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &parsed).is_ok())
}

/// A hash that no password has, to be checked where there is no account: the answer takes as long.
pub(super) fn no_password() -> Result<String, ServiceError> {
    hash_password("no account has this password", &[0x5a; 16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_verify_and_their_length_is_bounded() {
        let hash = hash_password("correct horse", &[1; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify_password("correct horse", &hash));
        assert!(!verify_password("correct horsf", &hash));
        assert!(check_password("123456789").is_err());
        assert!(check_password("1234567890").is_ok());
        assert!(check_password(&"x".repeat(1_024)).is_ok());
        assert!(check_password(&"x".repeat(1_025)).is_err());
    }
}

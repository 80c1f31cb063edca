//! Signing in: sessions for browsers, bearer tokens for programs. Wrong name and wrong password get the same answer
//! after the same work; five failed tries in a quarter of an hour make the account and the address wait.

use std::{net::IpAddr, sync::OnceLock};

use super::{
    Caller, Service, ServiceError,
    accounts::{caller, no_password, verify_password},
};
use crate::{
    base::{clock::Timestamp, crypto::sha256, entropy, limits},
    store::{
        accounts::{self, Attempt, Session, Token},
        actors, apps,
    },
};

pub use super::scope::Scope;

const DAY_MILLIS: i64 = 86_400_000;
const MINUTE_MILLIS: i64 = 60_000;

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub caller: Caller,
    /// What every form must carry.
    pub csrf: String,
}

/// A session just begun.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Goes into the cookie; stored only as a hash.
    pub token: String,
    /// Who.
    pub caller: Caller,
}

/// What signs in: where it is, and what it says it is.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its address.
    pub address: IpAddr,
    /// What it says it is.
    pub agent: Option<String>,
}

impl From<IpAddr> for Device {
    fn from(address: IpAddr) -> Self {
        Self { address, agent: None }
    }
}

/// A bearer token that holds.
#[derive(Debug, Clone)]
pub struct Access {
    /// For whom it acts; nobody where it is an app's own.
    pub caller: Option<Caller>,
    /// What it may do.
    pub scope: Scope,
    /// Whose it is; nobody's where it was made on the command line.
    pub app_id: Option<i64>,
}

impl Service {
    /// Signs a browser in.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        device: impl Into<Device>,
    ) -> Result<NewSession, ServiceError> {
        let (now, Device { address, agent }) = (self.now(), device.into());
        let found = self.account_named(name).await?;
        let subjects = [format!("account:{}", name.to_lowercase()), format!("address:{address}")];
        let actor_id = found.as_ref().map(|(_, actor)| actor.id);
        let noted = self.note_try(now, &subjects, actor_id).await?;
        let stored = match &found {
            Some((account, _)) => account.password_hash.clone(),
            None => unknown_hash()?,
        };
        let given = zeroize::Zeroizing::new(password.to_owned());
        // Argon2 works for tens of milliseconds: not on a thread that serves others.
        let right = tokio::task::spawn_blocking(move || verify_password(&given, &stored))
            .await
            .map_err(|error| ServiceError::Internal(error.into()))?;
        let Some((account, actor)) = found.filter(|(account, _)| right && !account.disabled) else {
            return Err(ServiceError::invalid(
                "password",
                "name and password do not belong together",
            ));
        };
        let tx = self.store.begin().await?;
        let token = self.secret_token();
        let session = Session {
            token_hash: hash_of(&token),
            account_id: account.id,
            csrf: self.secret_token(),
            created_at: now.as_millis(),
            expires_at: now.as_millis() + limits::SESSION_DAYS_MAX * DAY_MILLIS,
            agent: agent.map(|agent| agent.chars().take(limits::AGENT_CHARS_MAX).collect()),
        };
        accounts::insert_session(&tx, session).await?;
        let [account_subject, _] = &subjects;
        accounts::clear_attempts(&tx, account_subject).await?;
        accounts::delete_attempts(&tx, &noted).await?;
        tx.commit().await?;
        Ok(NewSession { token, caller: caller(&account, actor)? })
    }

    /// Writes a try down before it is made, so that a hundred made at once are a hundred; refuses it where there were
    /// too many. One that succeeds is struck out again.
    pub(super) async fn note_try(
        &self,
        now: Timestamp,
        subjects: &[String; 2],
        actor_id: Option<i64>,
    ) -> Result<Vec<i64>, ServiceError> {
        let since = now.as_millis() - limits::SIGN_IN_WINDOW_MINUTES * MINUTE_MILLIS;
        let tx = self.store.begin().await?;
        if let Some(id) = actor_id {
            actors::lock(&tx, id).await?;
        }
        accounts::expire(&tx, now.as_millis(), since).await?;
        let mut noted = Vec::new();
        for subject in subjects {
            let tries = accounts::attempts(&tx, subject, since).await?;
            if self.profile.rate_limits
                && i64::try_from(tries).unwrap_or(i64::MAX) >= limits::SIGN_IN_TRIES_MAX
            {
                return Err(ServiceError::TooMany {
                    retry_after_seconds: limits::SIGN_IN_WINDOW_MINUTES * 60,
                });
            }
            let row = Attempt { id: self.new_id(), subject: subject.clone(), at: now.as_millis() };
            noted.push(row.id);
            accounts::insert_attempt(&tx, row).await?;
        }
        tx.commit().await?;
        Ok(noted)
    }

    async fn account_named(
        &self,
        name: &str,
    ) -> Result<Option<(accounts::Account, actors::Actor)>, ServiceError> {
        let Some(actor) = actors::local_by_name(&self.store, &name.to_lowercase()).await? else {
            return Ok(None);
        };
        Ok(accounts::by_actor(&self.store, actor.id).await?.map(|account| (account, actor)))
    }

    /// The signed-in browser behind a cookie's token; `None` where the session ended.
    pub async fn signed_in(&self, token: &str) -> Result<Option<SignedIn>, ServiceError> {
        let Some(session) = accounts::session(&self.store, &hash_of(token)).await? else {
            return Ok(None);
        };
        if session.expires_at <= self.now().as_millis() {
            return Ok(None);
        }
        let csrf = session.csrf.clone();
        let Some(caller) = self.caller_of(session.account_id).await? else { return Ok(None) };
        Ok(Some(SignedIn { caller, csrf }))
    }

    /// Signs a browser out.
    pub async fn sign_out(&self, token: &str) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        accounts::delete_session(&tx, &hash_of(token)).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a bearer token and writes a line to the administrators' log (decisions 35).
    pub async fn create_token(&self, name: &str, scope: Scope) -> Result<String, ServiceError> {
        let (account, _) =
            self.account_named(name).await?.ok_or(ServiceError::NotFound { what: "account" })?;
        let token = self.secret_token();
        let tx = self.store.begin().await?;
        let row = Token {
            token_hash: hash_of(&token),
            account_id: account.id,
            scope: scope.words(),
            created_at: self.now().as_millis(),
            revoked_at: None,
            app_id: None,
            code_hash: None,
        };
        accounts::insert_token(&tx, row).await?;
        self.audit(&tx, "command line", format!("made a token for {name} ({})", scope.words()))
            .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// What stands behind a bearer token; `None` where it is unknown or revoked, or its account is closed.
    pub async fn access(&self, token: &str) -> Result<Option<Access>, ServiceError> {
        let hash = hash_of(token);
        let Some(row) = accounts::token(&self.store, &hash).await? else {
            let own = apps::own_token(&self.store, &hash).await?;
            let Some(own) = own.filter(|row| row.revoked_at.is_none()) else { return Ok(None) };
            let scope = Scope::parse(&own.scope)?;
            return Ok(Some(Access { caller: None, scope, app_id: Some(own.app_id) }));
        };
        if row.revoked_at.is_some() {
            return Ok(None);
        }
        let scope = Scope::parse(&row.scope)?;
        let Some(caller) = self.caller_of(row.account_id).await? else { return Ok(None) };
        Ok(Some(Access { caller: Some(caller), scope, app_id: row.app_id }))
    }

    /// The caller behind a bearer token, for those who know the wide scopes only; `None` where it is unknown or revoked.
    /// A token that is good for a part of them is good for nothing here.
    pub async fn bearer(&self, token: &str) -> Result<Option<Caller>, ServiceError> {
        let Some(access) = self.access(token).await? else { return Ok(None) };
        if !["read", "write", "follow"].iter().any(|word| access.scope.covers(word)) {
            let why = "this token is good for a part of `read` or `write` only";
            return Err(ServiceError::NotPermitted { why });
        }
        let may_write = access.scope.covers("write");
        Ok(access.caller.map(|caller| Caller { may_write, ..caller }))
    }

    pub(super) async fn caller_of(&self, account_id: i64) -> Result<Option<Caller>, ServiceError> {
        let Some(account) = accounts::by_id(&self.store, account_id).await? else {
            return Ok(None);
        };
        let Some(actor) = actors::by_id(&self.store, account.actor_id).await? else {
            return Ok(None);
        };
        Ok(caller(&account, actor).ok())
    }

    /// 256 random bits as text.
    pub fn secret_token(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&entropy::bytes::<32>(self.ports.entropy.as_ref()))
    }
}

pub(super) fn hash_of(token: &str) -> String {
    hex::encode(sha256(token.as_bytes()))
}

fn unknown_hash() -> Result<String, ServiceError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let hash = no_password()?;
    Ok(HASH.get_or_init(|| hash).clone())
}

//! Guests: people who have no account here and signed in with the account of their own server. A guest is no
//! [`Caller`](super::Caller), and only [`Service`] makes one: what is meant for accounts cannot be reached by them. What
//! they may do takes a [`Guest`] (`service::stated`).

use super::{
    Service, ServiceError,
    entrances::OpenSession,
    read::{CommentView, PositionView},
    sign_in::{Device, hash_of},
};
use crate::{
    base::{clock::Timestamp, limits},
    store::{
        actors,
        guests::{self, GuestSession, HomeServer, HomeVisit},
        projections,
    },
};

pub use crate::store::actors::Actor;

const HOUR_MILLIS: i64 = 3_600_000;
const MINUTE_MILLIS: i64 = 60_000;
/// Acts of a guest that are listed.
const HELD_MAX: u64 = 100;

/// Somebody who signed in with the account of their own server: that server said who they are, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    actor: Actor,
}

impl Guest {
    /// Who: an actor elsewhere.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// A guest's browser that is signed in.
#[derive(Debug, Clone)]
pub struct GuestIn {
    /// Who.
    pub guest: Guest,
    /// What every form must carry.
    pub csrf: String,
}

/// A guest's session just begun.
#[derive(Debug, Clone)]
pub struct NewGuestSession {
    /// Goes into the cookie; stored only as a hash.
    pub token: String,
    /// Who.
    pub guest: Guest,
}

/// What this instance is called at somebody's own server.
#[derive(Clone)]
pub struct Registration {
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: zeroize::Zeroizing<String>,
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registration").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Somebody who sets out for their own server.
#[derive(Debug, Clone)]
pub struct SettingOut {
    /// What comes back, and nobody can guess.
    pub state: String,
    /// What only the browser that sets out has.
    pub browser: String,
    /// The server: scheme, host and port.
    pub origin: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
    /// Where the token is revoked.
    pub revocation_endpoint: String,
    /// Whether the server names itself in its answer.
    pub names_issuer: bool,
    /// What we are called there.
    pub client_id: String,
    /// The secret half of the challenge, where there is one.
    pub verifier: Option<String>,
    /// What was typed.
    pub typed: String,
    /// The page here to lead to.
    pub next: String,
}

/// What stands here in a guest's name.
#[derive(Debug, Clone)]
pub struct Held {
    /// Comments.
    pub comments: Vec<CommentView>,
    /// Positions.
    pub positions: Vec<PositionView>,
}

/// Why a visit does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoVisit {
    /// Nobody set out with this state, or they came back already, or too late.
    Unknown,
    /// Another browser set out.
    OtherBrowser,
}

impl Service {
    /// What this instance is called at a server, where it is registered there for this address and scope.
    pub async fn registration(
        &self,
        origin: &str,
        redirect_uri: &str,
        scope: &str,
    ) -> Result<Option<Registration>, ServiceError> {
        let row = guests::server(&self.store, origin).await?;
        let row = row.filter(|row| row.redirect_uri == redirect_uri && row.scope == scope);
        let Some(row) = row else { return Ok(None) };
        let client_secret = self.keys.open_word(&place(origin), &row.client_secret)?;
        Ok(Some(Registration { client_id: row.client_id, client_secret }))
    }

    /// Notes what this instance is called at a server. The secret is sealed.
    pub async fn note_registration(
        &self,
        origin: &str,
        redirect_uri: &str,
        scope: &str,
        made: &Registration,
    ) -> Result<(), ServiceError> {
        let entropy = self.ports.entropy.as_ref();
        let row = HomeServer {
            origin: origin.to_owned(),
            client_id: made.client_id.clone(),
            client_secret: self.keys.seal_word(&place(origin), &made.client_secret, entropy),
            redirect_uri: redirect_uri.to_owned(),
            scope: scope.to_owned(),
            registered_at: self.now().as_millis(),
        };
        let tx = self.store.begin().await?;
        guests::put_server(&tx, row).await?;
        Ok(tx.commit().await?)
    }

    /// Our secret at a server, where we are still called so there.
    pub async fn secret_at(
        &self,
        origin: &str,
        client_id: &str,
    ) -> Result<Option<Registration>, ServiceError> {
        let row = guests::server(&self.store, origin).await?;
        let Some(row) = row.filter(|row| row.client_id == client_id) else { return Ok(None) };
        let client_secret = self.keys.open_word(&place(origin), &row.client_secret)?;
        Ok(Some(Registration { client_id: row.client_id, client_secret }))
    }

    /// Forgets a registration that its server does not know any more.
    pub async fn forget_registration(
        &self,
        origin: &str,
        client_id: &str,
    ) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        guests::forget_server(&tx, origin, client_id).await?;
        Ok(tx.commit().await?)
    }

    /// Notes that somebody sets out. State and browser are kept as digests.
    pub async fn note_visit(&self, out: SettingOut) -> Result<(), ServiceError> {
        let now = self.now().as_millis();
        let row = HomeVisit {
            state_hash: hash_of(&out.state),
            browser_hash: hash_of(&out.browser),
            origin: out.origin,
            token_endpoint: out.token_endpoint,
            revocation_endpoint: out.revocation_endpoint,
            names_issuer: out.names_issuer,
            client_id: out.client_id,
            verifier: out.verifier,
            typed: out.typed,
            next: out.next,
            expires_at: now + limits::HOME_VISIT_MINUTES_MAX * MINUTE_MILLIS,
        };
        let tx = self.store.begin().await?;
        guests::insert_visit(&tx, row, now).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a visit back, once, from the browser that set out.
    pub async fn take_visit(
        &self,
        state: &str,
        browser: &str,
    ) -> Result<Result<HomeVisit, NoVisit>, ServiceError> {
        let tx = self.store.begin().await?;
        let taken = guests::take_visit(&tx, &hash_of(state)).await?;
        tx.commit().await?;
        let now = self.now().as_millis();
        let Some(visit) = taken.filter(|visit| visit.expires_at > now) else {
            return Ok(Err(NoVisit::Unknown));
        };
        let own = hash_of(browser);
        if !crate::base::crypto::same(visit.browser_hash.as_bytes(), own.as_bytes()) {
            return Ok(Err(NoVisit::OtherBrowser));
        }
        Ok(Ok(visit))
    }

    /// Begins the session of an actor elsewhere who was identified by their own server just now.
    pub async fn welcome(
        &self,
        actor: Actor,
        device: impl Into<Device>,
    ) -> Result<NewGuestSession, ServiceError> {
        if actor.local || actor.kind != "Person" || actor.gone_at.is_some() {
            return Err(ServiceError::NotPermitted { why: "guests are people of other servers" });
        }
        let (now, Device { agent, .. }) = (self.now().as_millis(), device.into());
        let token = self.secret_token();
        let row = GuestSession {
            token_hash: hash_of(&token),
            actor_id: actor.id,
            csrf: self.secret_token(),
            created_at: now,
            expires_at: now + limits::GUEST_SESSION_HOURS_MAX * HOUR_MILLIS,
            agent: agent.map(|agent| agent.chars().take(limits::AGENT_CHARS_MAX).collect()),
        };
        let tx = self.store.begin().await?;
        guests::insert_session(&tx, row).await?;
        tx.commit().await?;
        Ok(NewGuestSession { token, guest: Guest { actor } })
    }

    /// The guest behind a cookie's token; `None` where the session ended, or their account did.
    pub async fn guest_in(&self, token: &str) -> Result<Option<GuestIn>, ServiceError> {
        let Some(row) = guests::session(&self.store, &hash_of(token)).await? else {
            return Ok(None);
        };
        if row.expires_at <= self.now().as_millis() {
            return Ok(None);
        }
        let actor = actors::by_id(&self.store, row.actor_id).await?;
        let actor = actor.filter(|actor| !actor.local && actor.gone_at.is_none());
        Ok(actor.map(|actor| GuestIn { guest: Guest { actor }, csrf: row.csrf }))
    }

    /// What stands here in a guest's name by an instance's word, newest first.
    pub async fn held_for(&self, guest: &Guest) -> Result<Held, ServiceError> {
        let uri = &guest.actor.uri;
        let mut comments = projections::comments_by(&self.store, uri, HELD_MAX).await?;
        let instance = self.paths.instance();
        comments.retain(|row| row.attested_by.as_ref() == Some(&instance) && !row.deleted);
        comments.retain(|row| row.opinion_uri.is_some());
        let mut positions = projections::positions_by(&self.store, uri, HELD_MAX).await?;
        positions.retain(|row| row.attested_by.is_some());
        Ok(Held {
            comments: self.comment_views(comments).await?,
            positions: self.position_views(positions).await?,
        })
    }

    /// Signs a guest's browser out.
    pub async fn guest_leaves(&self, guest: &Guest, token: &str) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        guests::delete_session(&tx, &hash_of(token), guest.actor.id).await?;
        Ok(tx.commit().await?)
    }

    /// The browsers in which a guest is signed in, newest first. `token` is that of the one that asks.
    pub async fn guest_sessions(
        &self,
        guest: &Guest,
        token: &str,
    ) -> Result<Vec<OpenSession>, ServiceError> {
        let (own, now) = (hash_of(token), self.now().as_millis());
        let rows = guests::sessions_of(&self.store, guest.actor.id, now).await?;
        let session = |row: GuestSession| OpenSession {
            is_this: row.token_hash == own,
            key: row.token_hash,
            agent: row.agent,
            since: Timestamp::from_millis(row.created_at),
            until: Timestamp::from_millis(row.expires_at),
        };
        Ok(rows.into_iter().map(session).collect())
    }

    /// Ends a session of the guest's own.
    pub async fn end_guest_session(&self, guest: &Guest, key: &str) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        if !guests::delete_session(&tx, key, guest.actor.id).await? {
            return Err(ServiceError::NotFound { what: "session" });
        }
        Ok(tx.commit().await?)
    }
}

/// Binds the sealed secret to its server.
fn place(origin: &str) -> String {
    format!("home:{origin}")
}

//! Signing in with the account of one's own server (protocol 4.d P10): whoever types an address there is sent to that
//! server, which says once who they are (OAuth 2.0 of the Mastodon API). What it says is believed about its own people
//! alone, and its token is thrown away at once.
//!
//! Of whom the answer is, the visit that was noted decides and never the answer: state is good once, for the browser that
//! set out; an answer that names another server is refused (RFC 9207); secrets follow no redirect.

mod question;
mod typed;
mod way;
mod who;

use std::{sync::Arc, time::Duration};

use url::Url;

pub use self::way::WayHome;
use self::{question::Exchanged, typed::Typed};
use super::{
    Federation,
    fetch::Budget,
    network::{NetworkError, same_origin},
    webfinger,
};
use crate::{
    base::{
        crypto::sha256,
        limits,
        pace::{Pace, Rate},
    },
    service::{
        Service, ServiceError,
        guests::{NewGuestSession, NoVisit, Registration, SettingOut},
        sign_in::Device,
    },
    store::guests::HomeVisit,
};

/// Where people come back to: one address for all servers.
pub const CALLBACK: &str = "/sign-in/home/back";
/// Setting out.
const VISITS: Rate = Rate::an_hour(
    limits::HOME_VISITS_PER_ADDRESS_AN_HOUR_MAX,
    limits::HOME_VISITS_PER_ADDRESS_AN_HOUR_MAX,
);
const METADATA: &str = "/.well-known/oauth-authorization-server";

/// Whose people may sign in here.
#[derive(Debug, Clone)]
pub struct HomeRules {
    /// Whether anybody may.
    pub enabled: bool,
    /// Hosts (`a.example`) or all below one (`*.a.example`); empty: all.
    pub allow_hosts: Vec<String>,
    /// Hosts whose people may not.
    pub block_hosts: Vec<String>,
    /// How long somebody waits for their server.
    pub patience: Duration,
}

impl Default for HomeRules {
    fn default() -> Self {
        Self {
            enabled: true,
            allow_hosts: Vec::new(),
            block_hosts: Vec::new(),
            patience: Duration::from_secs(limits::HOME_SECONDS_MAX),
        }
    }
}

impl HomeRules {
    /// Whether people of a host (without port) may sign in.
    pub fn lets_in(&self, host: &str) -> bool {
        let on = |list: &[String]| list.iter().any(|pattern| matches(pattern, host));
        self.enabled
            && !on(&self.block_hosts)
            && (self.allow_hosts.is_empty() || on(&self.allow_hosts))
    }
}

fn matches(pattern: &str, host: &str) -> bool {
    let (pattern, host) = (pattern.to_ascii_lowercase(), host.to_ascii_lowercase());
    match pattern.strip_prefix("*.") {
        Some(above) => host.strip_suffix(above).is_some_and(|rest| rest.ends_with('.')),
        None => pattern == host,
    }
}

/// What is remembered of those who set out.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) rules: Arc<HomeRules>,
    pace: Pace,
}

impl Default for Home {
    fn default() -> Self {
        Self { rules: Arc::default(), pace: Pace::new(limits::PACE_NAMES_MAX) }
    }
}

/// Where somebody goes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetOut {
    /// Their server's page.
    pub href: String,
    /// Their server.
    pub host: String,
}

/// How somebody came back.
#[derive(Debug)]
pub enum CameBack {
    /// Signed in.
    In {
        /// Their session.
        session: Box<NewGuestSession>,
        /// The page here to lead to.
        next: String,
    },
    /// Their server had forgotten us: we registered again, and they go once more.
    Again(SetOut),
}

/// What came back with somebody.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What we gave them.
    pub state: String,
    /// What is exchanged for a token.
    pub code: String,
    /// Who says so (RFC 9207).
    pub issuer: String,
    /// What went wrong there.
    pub error: String,
}

/// Why somebody is not signed in with the account of their server.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The operator lets nobody in so.
    #[error("signing in with the account of another server is turned off here")]
    Off,
    /// Not an address of a person or a server.
    #[error("not an address such as @ana@social.example")]
    Address,
    /// Their account is here.
    #[error("the account is of this instance")]
    Here,
    /// The operator lets nobody of that host in.
    #[error("people of {host} cannot sign in here")]
    NotLetIn {
        /// The host.
        host: String,
    },
    /// Set out too often.
    #[error("too many tries")]
    TooOften {
        /// When to come again.
        retry_after_seconds: i64,
    },
    /// That server did not answer, or not in time.
    #[error("{host} does not answer")]
    Silent {
        /// The host.
        host: String,
    },
    /// That server knows nobody of this name.
    #[error("{host} does not know this address")]
    Nobody {
        /// The host.
        host: String,
    },
    /// That server does not let people sign in elsewhere, as far as we can see.
    #[error("{host} offers no sign-in that is understood here")]
    NoSignIn {
        /// The host.
        host: String,
    },
    /// That server says of itself that it is another, or sends elsewhere.
    #[error("{host} says that it is another server")]
    Impostor {
        /// The host.
        host: String,
    },
    /// Nobody set out so, or they came back already, or too late.
    #[error("this visit is over")]
    Over,
    /// Another browser set out.
    #[error("another browser set out")]
    OtherBrowser,
    /// They did not agree at their server.
    #[error("not allowed there")]
    Declined,
    /// Who answers names somebody of another server, or nobody.
    #[error("{host} did not say who of its people it is")]
    NotTheirs {
        /// The host.
        host: String,
    },
    /// The account is no person's.
    #[error("only people sign in so")]
    NoPerson,
    /// Our own fault.
    #[error(transparent)]
    Ours(#[from] ServiceError),
}

/// A server as it describes itself (RFC 8414), or as Mastodon has always been.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Server {
    origin: String,
    host: String,
    authorize: Url,
    token: Url,
    revoke: Url,
    scope: &'static str,
    takes_challenge: bool,
    names_issuer: bool,
}

impl Federation {
    /// The same with these rules for people of other servers.
    #[must_use]
    pub fn letting_in(mut self, rules: HomeRules) -> Self {
        self.home.rules = Arc::new(rules);
        self
    }

    /// Whether people of other servers may sign in here at all.
    pub fn lets_guests_in(&self) -> bool {
        self.home.rules.enabled
    }

    /// Finds the server behind an address, sees that we are registered there, and answers where to go. `browser` is what
    /// only this browser has; `asker` is whose pace it is.
    pub async fn set_out(
        &self,
        typed: &str,
        next: &str,
        browser: &str,
        asker: &str,
    ) -> Result<SetOut, HomeError> {
        if !self.home.rules.enabled {
            return Err(HomeError::Off);
        }
        let parsed = Typed::parse(typed)?;
        let now = self.service.now();
        if self.service.profile.rate_limits
            && !asker.is_empty()
            && let Err(wait) = self.home.pace.take("home", asker, VISITS, now)
        {
            return Err(HomeError::TooOften { retry_after_seconds: wait.div_euclid(1_000) + 1 });
        }
        let host = parsed.host().to_owned();
        let going = self.go(parsed, typed, next, browser);
        let patience = self.home.rules.patience;
        tokio::time::timeout(patience, Box::pin(going))
            .await
            .unwrap_or(Err(HomeError::Silent { host }))
    }

    async fn go(
        &self,
        parsed: Typed,
        typed: &str,
        next: &str,
        browser: &str,
    ) -> Result<SetOut, HomeError> {
        let origin = self.origin_of(&parsed).await?;
        let server = self.describe(&origin).await?;
        let registered = self.registered_at(&server).await?;
        self.send_to(&server, registered, typed, next, browser).await
    }

    /// Notes the visit, and answers where it leads.
    async fn send_to(
        &self,
        server: &Server,
        registered: Registration,
        typed: &str,
        next: &str,
        browser: &str,
    ) -> Result<SetOut, HomeError> {
        let state = self.service.secret_token();
        let verifier = server.takes_challenge.then(|| self.service.secret_token());
        let mut href = server.authorize.clone();
        {
            let mut query = href.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", &registered.client_id)
                .append_pair("redirect_uri", &callback(&self.service))
                .append_pair("scope", server.scope)
                .append_pair("state", &state);
            if let Some(verifier) = &verifier {
                query
                    .append_pair("code_challenge", &challenge(verifier))
                    .append_pair("code_challenge_method", "S256");
            }
        }
        let out = SettingOut {
            state,
            browser: browser.to_owned(),
            origin: server.origin.clone(),
            token_endpoint: server.token.to_string(),
            revocation_endpoint: server.revoke.to_string(),
            names_issuer: server.names_issuer,
            client_id: registered.client_id,
            verifier,
            typed: typed.to_owned(),
            next: next.to_owned(),
        };
        self.service.note_visit(out).await?;
        Ok(SetOut { href: href.into(), host: server.host.clone() })
    }

    /// Takes somebody back from their server. Whose answer it is the visit says.
    pub async fn come_back(
        &self,
        answer: &Answer,
        browser: &str,
        device: impl Into<Device>,
    ) -> Result<CameBack, HomeError> {
        let visit = match self.service.take_visit(&answer.state, browser).await? {
            Ok(visit) => visit,
            Err(NoVisit::Unknown) => return Err(HomeError::Over),
            Err(NoVisit::OtherBrowser) => return Err(HomeError::OtherBrowser),
        };
        let host = host_name(&visit.origin);
        // Rules may have changed since they set out.
        if !self.home.rules.lets_in(bare(&host)) {
            return Err(HomeError::NotLetIn { host });
        }
        let names_another = !answer.issuer.is_empty() && !is_issuer(&answer.issuer, &visit.origin);
        if names_another || (visit.names_issuer && answer.issuer.is_empty()) {
            return Err(HomeError::Impostor { host });
        }
        if !answer.error.is_empty() || answer.code.is_empty() {
            return Err(HomeError::Declined);
        }
        let Some(registered) = self.service.secret_at(&visit.origin, &visit.client_id).await?
        else {
            return Box::pin(self.again(&visit, browser)).await;
        };
        let token = match self.exchange(&visit, &registered, &answer.code).await? {
            Exchanged::Token(token) => token,
            Exchanged::Forgotten => {
                self.service.forget_registration(&visit.origin, &visit.client_id).await?;
                return Box::pin(self.again(&visit, browser)).await;
            }
        };
        let found = Box::pin(self.who_is(&visit, &token)).await;
        // Whatever came of it: nothing of theirs is kept.
        self.give_back(&visit, &registered, &token).await;
        let session = self.service.welcome(found?, device).await?;
        Ok(CameBack::In { session: Box::new(session), next: visit.next })
    }

    /// Their server does not know us any more: register anew, and send them once more.
    async fn again(&self, visit: &HomeVisit, browser: &str) -> Result<CameBack, HomeError> {
        let host = host_name(&visit.origin);
        let going = async {
            let server = self.describe(&visit.origin).await?;
            let registered = self.registered_at(&server).await?;
            self.send_to(&server, registered, &visit.typed, &visit.next, browser).await
        };
        let patience = self.home.rules.patience;
        let out = tokio::time::timeout(patience, Box::pin(going)).await;
        Ok(CameBack::Again(out.unwrap_or(Err(HomeError::Silent { host }))?))
    }

    /// The server that an address is of, by the word of the address's own host.
    async fn origin_of(&self, typed: &Typed) -> Result<String, HomeError> {
        let host = typed.host().to_owned();
        if self.is_own(&host) {
            return Err(HomeError::Here);
        }
        self.may_come(&host)?;
        let policy = self.fetcher.network().policy();
        let url = match typed {
            Typed::Host(host) => Url::parse(&format!("{}://{host}/", policy.scheme_of(host)))
                .map_err(|_broken| HomeError::Address)?,
            Typed::Person(handle) => {
                let found = webfinger::resolve(&self.fetcher, handle, &Budget::default()).await;
                found
                    .map_err(|error| {
                        tracing::info!(%handle, %error, "nobody to sign in is found");
                        HomeError::Nobody { host: host.clone() }
                    })?
                    .actor
            }
        };
        policy.check_url(&url).map_err(|_refused| HomeError::Address)?;
        let origin = url.origin().ascii_serialization();
        if self.service.paths.is_ours(&origin) {
            return Err(HomeError::Here);
        }
        self.may_come(&host_name(&origin))?;
        Ok(origin)
    }

    /// Whether a host is this instance's.
    fn is_own(&self, host: &str) -> bool {
        let own = [self.service.paths.domain(), self.service.paths.handle_domain()];
        own.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    fn may_come(&self, host: &str) -> Result<(), HomeError> {
        if self.home.rules.lets_in(bare(host)) {
            Ok(())
        } else {
            Err(HomeError::NotLetIn { host: host.to_owned() })
        }
    }
}

/// The address of this instance to which people come back.
fn callback(service: &Service) -> String {
    format!("{}{CALLBACK}", service.paths.origin())
}

/// The public half of a verifier (RFC 7636 4.2).
fn challenge(verifier: &str) -> String {
    data_encoding::BASE64URL_NOPAD.encode(&sha256(verifier.as_bytes()))
}

/// Whether a server names itself by its origin, with or without the slash at its end.
fn is_issuer(named: &str, origin: &str) -> bool {
    named.strip_suffix('/').unwrap_or(named) == origin
}

/// `host` or `host:port` of an origin.
fn host_name(origin: &str) -> String {
    crate::protocol::paths::host_of(origin)
}

/// A host without its port.
fn bare(host: &str) -> &str {
    host.split(':').next().unwrap_or(host)
}

/// What went wrong on the way to a server, as far as the person there is concerned.
fn unheard(host: &str, error: &NetworkError) -> HomeError {
    tracing::info!(%host, %error, "somebody's own server cannot be asked");
    match error {
        NetworkError::Refused(_) => HomeError::Address,
        NetworkError::Timeout | NetworkError::Connection(_) => {
            HomeError::Silent { host: host.to_owned() }
        }
        _ => HomeError::NoSignIn { host: host.to_owned() },
    }
}

/// An address of the same server, where nothing else may be meant.
fn at(url: &Url, origin: &Url) -> bool {
    same_origin(url, origin)
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
}

/// An address at an origin.
fn join(origin: &str, path: &str) -> Result<Url, HomeError> {
    Url::parse(&format!("{origin}{path}")).map_err(|_broken| HomeError::Address)
}

#[cfg(test)]
mod tests;

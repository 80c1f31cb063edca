//! Letting an app in (RFC 6749, RFC 7636, RFC 7009): what it asks is checked, somebody agrees, a code goes to the address
//! that the app registered, and the app exchanges it for a token, once. A code that comes a second time was stolen by
//! one of two: the token it gave ends.

use super::{Caller, Service, ServiceError, apps::OUT_OF_BAND, scope::Scope, sign_in::hash_of};
use crate::{
    base::{
        crypto::{same, sha256},
        limits,
    },
    store::{
        StoreError,
        accounts::{self, Token},
        apps::{self, App, AppToken, Code, Which},
    },
};

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 86_400_000;
/// Length of a code verifier, in characters (RFC 7636 §4.1). A challenge of SHA-256 has the least.
const VERIFIER_CHARS: std::ops::RangeInclusive<usize> = 43..=128;
const CHALLENGE_CHARS: usize = 43;

/// What an app asks of whoever is sent here, as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// Which app.
    pub client_id: String,
    /// Where to send the answer.
    pub redirect_uri: String,
    /// What kind of answer.
    pub response_type: String,
    /// What it wants to do.
    pub scope: String,
    /// Goes back as it came.
    pub state: String,
    /// What the verifier will hash to.
    pub code_challenge: String,
    /// How.
    pub code_challenge_method: String,
}

/// What may be agreed to.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The app.
    pub app: App,
    /// What it will be able to do.
    pub scope: Scope,
    /// Where the answer goes.
    pub back: Back,
    challenge: Option<String>,
}

/// Where an answer goes: an address that the app registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    uri: String,
    state: String,
}

impl Back {
    /// Where to; `None` where the code is shown, to be copied.
    pub fn address(&self) -> Option<&str> {
        (self.uri != OUT_OF_BAND).then_some(self.uri.as_str())
    }

    /// The address with an answer in it.
    pub fn with(&self, answer: &[(&str, &str)]) -> Option<String> {
        let uri = self.address()?;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(answer);
        if !self.state.is_empty() {
            query.append_pair("state", &self.state);
        }
        let joint = if uri.contains('?') { '&' } else { '?' };
        Some(format!("{uri}{joint}{}", query.finish()))
    }
}

/// Why nobody is asked.
#[derive(Debug)]
pub enum NotAsked {
    /// Nobody can tell whose request it is, or the address is none of the app's: it is told to the reader, and nobody is
    /// sent anywhere.
    Untrusted(&'static str),
    /// The app is told.
    Answered {
        /// Where.
        back: Back,
        /// In a word of RFC 6749 §4.1.2.1.
        error: &'static str,
        /// In a sentence.
        why: &'static str,
    },
    /// Our own fault.
    Failed(ServiceError),
}

/// Why an app gets no token, in the words of RFC 6749 §5.2.
#[derive(Debug)]
pub enum NotGranted {
    /// The app is not known, or its secret is wrong.
    InvalidClient,
    /// The code is good for nothing, or not for this.
    InvalidGrant(&'static str),
    /// It asks for more than it registered for.
    InvalidScope,
    /// There is no such way to a token here.
    UnsupportedGrantType,
    /// Something is missing.
    InvalidRequest(&'static str),
    /// It is another app's.
    UnauthorizedClient,
    /// Our own fault.
    Failed(ServiceError),
}

/// A token just made.
#[derive(Debug, Clone)]
pub struct Granted {
    /// Shown this once and kept only as a digest.
    pub token: String,
    /// What it may do.
    pub scope: String,
    /// When it was made, in seconds.
    pub created_at: i64,
}

impl From<ServiceError> for NotAsked {
    fn from(error: ServiceError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for NotAsked {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<StoreError> for NotGranted {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl Service {
    /// Checks what an app asks, before anybody is shown anything. Until its address is known to be its own, nothing is
    /// sent there.
    pub async fn check_asking(&self, asking: &Asking) -> Result<Asked, NotAsked> {
        let app = apps::by_client_id(&self.store, &asking.client_id)
            .await?
            .ok_or(NotAsked::Untrusted("no app is registered here under this client_id"))?;
        let uri = app.redirects().find(|known| *known == asking.redirect_uri).map(str::to_owned);
        let uri = uri.ok_or(NotAsked::Untrusted("the app did not register this redirect_uri"))?;
        if asking.state.len() > limits::URI_CHARS_MAX {
            return Err(NotAsked::Untrusted("the state is too long"));
        }
        let back = Back { uri, state: asking.state.clone() };
        let no = |error, why| NotAsked::Answered { back: back.clone(), error, why };
        if asking.response_type != "code" {
            return Err(no("unsupported_response_type", "response_type must be code"));
        }
        let words = if asking.scope.trim().is_empty() { "read" } else { asking.scope.as_str() };
        let whole = Scope::parse(&app.scope)?;
        let scope = Scope::parse(words)
            .ok()
            .filter(|scope| scope.is_within(&whole))
            .ok_or_else(|| no("invalid_scope", "the app did not register for this scope"))?;
        let challenge = match (asking.code_challenge.as_str(), &*asking.code_challenge_method) {
            ("", "") => None,
            (challenge, "S256") if is_verifier(challenge) && challenge.len() == CHALLENGE_CHARS => {
                Some(challenge.to_owned())
            }
            (_, "S256") => return Err(no("invalid_request", "this is no code_challenge")),
            _ => return Err(no("invalid_request", "code_challenge_method must be S256")),
        };
        Ok(Asked { app, scope, back, challenge })
    }

    /// Lets an app in: the code for it.
    pub async fn let_in(&self, caller: &Caller, asked: &Asked) -> Result<String, ServiceError> {
        let (code, now) = (self.secret_token(), self.now().as_millis());
        let row = Code {
            code_hash: hash_of(&code),
            app_id: asked.app.id,
            account_id: caller.account_id,
            redirect_uri: asked.back.uri.clone(),
            scope: asked.scope.words(),
            challenge: asked.challenge.clone(),
            expires_at: now + limits::APP_CODE_MINUTES_MAX * MINUTE_MILLIS,
            used_at: None,
        };
        let tx = self.store.begin().await?;
        apps::insert_code(&tx, row, now - DAY_MILLIS).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// Exchanges a code for a token.
    pub async fn exchange_code(
        &self,
        app: &App,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<Granted, NotGranted> {
        const UNKNOWN: &str = "the code is unknown, was used, is too old, or is another app's";
        let (code_hash, now) = (hash_of(code), self.now().as_millis());
        let tx = self.store.begin().await?;
        let row = apps::code(&tx, &code_hash).await?.filter(|row| row.app_id == app.id);
        let row = row.ok_or(NotGranted::InvalidGrant(UNKNOWN))?;
        if row.redirect_uri != redirect_uri {
            return Err(NotGranted::InvalidGrant(
                "redirect_uri is not the one the code was sent to",
            ));
        }
        if !is_verified(row.challenge.as_deref(), verifier) {
            return Err(NotGranted::InvalidGrant("code_verifier does not belong to the code"));
        }
        if !apps::use_code(&tx, &code_hash, now).await? {
            apps::revoke(&tx, Which::Code(&code_hash), now).await?;
            tx.commit().await?;
            self.wake.told();
            tracing::warn!(app = app.id, "a code came a second time: the token it gave is revoked");
            return Err(NotGranted::InvalidGrant(UNKNOWN));
        }
        if row.expires_at <= now {
            return Err(NotGranted::InvalidGrant(UNKNOWN));
        }
        let token = self.secret_token();
        let new = Token {
            token_hash: hash_of(&token),
            account_id: row.account_id,
            scope: row.scope.clone(),
            created_at: now,
            revoked_at: None,
            app_id: Some(app.id),
            code_hash: Some(code_hash),
        };
        accounts::insert_token(&tx, new).await?;
        tx.commit().await?;
        Ok(Granted { token, scope: row.scope, created_at: now.div_euclid(1_000) })
    }

    /// A token with which an app acts for nobody but itself.
    pub async fn app_token(&self, app: &App, scope: &str) -> Result<Granted, NotGranted> {
        let words = if scope.trim().is_empty() { "read" } else { scope };
        let scope = Scope::parse(words)
            .ok()
            .filter(|scope| Scope::parse(&app.scope).is_ok_and(|whole| scope.is_within(&whole)));
        let scope = scope.ok_or(NotGranted::InvalidScope)?.words();
        let (token, now) = (self.secret_token(), self.now().as_millis());
        let row = AppToken {
            token_hash: hash_of(&token),
            app_id: app.id,
            scope: scope.clone(),
            created_at: now,
            revoked_at: None,
        };
        let tx = self.store.begin().await?;
        apps::insert_own_token(&tx, row).await?;
        tx.commit().await?;
        Ok(Granted { token, scope, created_at: now.div_euclid(1_000) })
    }

    /// Ends a token of this app's; one that is unknown has ended already (RFC 7009 §2.2).
    pub async fn revoke_token(&self, app: &App, token: &str) -> Result<(), NotGranted> {
        let (hash, now) = (hash_of(token), self.now().as_millis());
        let tx = self.store.begin().await?;
        let whose = match accounts::token(&tx, &hash).await? {
            Some(row) => Some(row.app_id),
            None => apps::own_token(&tx, &hash).await?.map(|row| Some(row.app_id)),
        };
        if whose.is_some_and(|whose| whose != Some(app.id)) {
            return Err(NotGranted::UnauthorizedClient);
        }
        apps::revoke(&tx, Which::Hash(&hash), now).await?;
        apps::revoke_own_token(&tx, &hash, now).await?;
        tx.commit().await?;
        self.wake.told();
        Ok(())
    }
}

/// Whether a verifier is that of the challenge; where there was no challenge there must be none (RFC 9700 §2.1.1).
fn is_verified(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) if is_verifier(verifier) => {
            let digest = data_encoding::BASE64URL_NOPAD.encode(&sha256(verifier.as_bytes()));
            same(digest.as_bytes(), challenge.as_bytes())
        }
        _ => false,
    }
}

fn is_verifier(text: &str) -> bool {
    let unreserved = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
    VERIFIER_CHARS.contains(&text.len()) && text.chars().all(unreserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_of_the_rfc() {
        // RFC 7636, appendix B.
        let verifier = Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let challenge = Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_verified(challenge, verifier));
        assert!(is_verified(None, None));
        for (challenge, verifier) in
            [(challenge, None), (None, verifier), (challenge, challenge), (challenge, Some(""))]
        {
            assert!(!is_verified(challenge, verifier));
        }
    }

    #[test]
    fn an_answer_is_added_to_an_address_of_any_kind() {
        let back = |uri: &str, state: &str| Back { uri: uri.into(), state: state.into() };
        let answer: &[(&str, &str)] = &[("code", "x y")];
        for (uri, state, whole) in [
            ("https://a.example/", "", "https://a.example/?code=x+y"),
            ("https://a.example/?b=c", "", "https://a.example/?b=c&code=x+y"),
            ("icecubesapp://", "", "icecubesapp://?code=x+y"),
            ("com.example:/x", "s&t", "com.example:/x?code=x+y&state=s%26t"),
        ] {
            assert_eq!(back(uri, state).with(answer).as_deref(), Some(whole));
        }
        assert_eq!(back(OUT_OF_BAND, "").with(answer), None);
    }
}

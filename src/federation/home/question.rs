//! What is asked of somebody's own server before they go there, and when they came back: what it is, that it registers
//! us, a token for a code, and to forget that token.

use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;
use url::{Url, form_urlencoded::Serializer};

use super::{
    super::{
        Federation,
        network::{Answer, NetworkError},
    },
    HomeError, METADATA, Server, at, callback, host_name, is_issuer, join, unheard,
};
use crate::{
    base::limits,
    protocol::{
        json,
        quirks::{one_or_many, text_of},
    },
    service::guests::Registration,
    store::guests::HomeVisit,
};

/// The smallest that says who somebody is, where a server has it (Mastodon 4.3) …
const PROFILE: &str = "profile";
/// … and where it does not.
const READ_ACCOUNTS: &str = "read:accounts";

/// What came of a code.
pub(super) enum Exchanged {
    /// A token.
    Token(zeroize::Zeroizing<String>),
    /// The server does not know us any more.
    Forgotten,
}

impl Federation {
    /// A server as it describes itself; where it says nothing, as Mastodon was before it did.
    pub(super) async fn describe(&self, origin: &str) -> Result<Server, HomeError> {
        let host = host_name(origin);
        let url = join(origin, METADATA)?;
        let accept = vec![(header::ACCEPT, HeaderValue::from_static("application/json"))];
        let answer = match self.ask(&url, accept, None).await {
            Ok(answer) => answer,
            Err(NetworkError::Redirect) => return Server::as_ever(origin),
            Err(error) => return Err(unheard(&host, &error)),
        };
        match answer.status {
            StatusCode::OK => {
                let document =
                    json::parse(&answer.body).map_err(|_broken| HomeError::NoSignIn { host })?;
                Server::read(origin, &document)
            }
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(HomeError::Silent { host })
            }
            _ => Server::as_ever(origin),
        }
    }

    /// What we are called at a server: from before, else it is asked to register us.
    pub(super) async fn registered_at(&self, server: &Server) -> Result<Registration, HomeError> {
        let back = callback(&self.service);
        let service = &self.service;
        if let Some(known) = service.registration(&server.origin, &back, server.scope).await? {
            return Ok(known);
        }
        let form = form(&[
            ("client_name", &service.profile.name),
            ("redirect_uris", &back),
            ("scopes", server.scope),
            ("website", service.paths.origin()),
        ]);
        let url = join(&server.origin, "/api/v1/apps")?;
        let answer = self.ask(&url, Vec::new(), Some(form)).await;
        let answer = answer.map_err(|error| unheard(&server.host, &error))?;
        let made = success(&answer)
            .and_then(|made| word(&made, "client_id").zip(word(&made, "client_secret")));
        let (client_id, client_secret) =
            made.ok_or_else(|| HomeError::NoSignIn { host: server.host.clone() })?;
        let made = Registration { client_id, client_secret: client_secret.into() };
        service.note_registration(&server.origin, &back, server.scope, &made).await?;
        Ok(made)
    }

    /// A token for a code.
    pub(super) async fn exchange(
        &self,
        visit: &HomeVisit,
        registered: &Registration,
        code: &str,
    ) -> Result<Exchanged, HomeError> {
        let host = host_name(&visit.origin);
        let back = callback(&self.service);
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &back),
            ("client_id", &registered.client_id),
            ("client_secret", &registered.client_secret),
        ];
        if let Some(verifier) = &visit.verifier {
            fields.push(("code_verifier", verifier));
        }
        let url = Url::parse(&visit.token_endpoint).map_err(|_broken| HomeError::Address)?;
        let answer = self.ask(&url, Vec::new(), Some(form(&fields))).await;
        let answer = answer.map_err(|error| unheard(&host, &error))?;
        if let Some(document) = success(&answer) {
            let kind = text_of(&document, "token_type").unwrap_or("bearer");
            let token = word(&document, "access_token");
            return match token.filter(|_| kind.eq_ignore_ascii_case("bearer")) {
                Some(token) => Ok(Exchanged::Token(token.into())),
                None => Err(HomeError::NoSignIn { host }),
            };
        }
        let refused = json::parse(&answer.body).ok();
        let error = refused.as_ref().and_then(|refused| text_of(refused, "error"));
        if error == Some("invalid_client") {
            return Ok(Exchanged::Forgotten);
        }
        tracing::info!(%host, status = %answer.status, error, "a code was not exchanged");
        Err(HomeError::NotTheirs { host })
    }

    /// Asks a server to forget its token. It is gone here anyway.
    pub(super) async fn give_back(
        &self,
        visit: &HomeVisit,
        registered: &Registration,
        token: &str,
    ) {
        let Ok(url) = Url::parse(&visit.revocation_endpoint) else { return };
        let form = form(&[
            ("client_id", &registered.client_id),
            ("client_secret", &registered.client_secret),
            ("token", token),
        ]);
        if let Err(error) = self.ask(&url, Vec::new(), Some(form)).await {
            tracing::info!(origin = %visit.origin, %error, "a token could not be revoked");
        }
    }

    /// One question, within what somebody waits for.
    pub(super) async fn ask(
        &self,
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        form: Option<String>,
    ) -> Result<Answer, NetworkError> {
        let max = limits::HOME_ANSWER_BYTES_MAX;
        let asking = self.fetcher.network().ask(url, headers, form, max);
        let patience = self.home.rules.patience;
        tokio::time::timeout(patience, asking).await.unwrap_or(Err(NetworkError::Timeout))
    }
}

impl Server {
    /// Reads what a server says of itself. It speaks for its own origin alone: what names another is refused (RFC 8414
    /// 3.3), since whoever is sent there would tell it who they are.
    pub(super) fn read(origin: &str, document: &Value) -> Result<Self, HomeError> {
        let impostor = || HomeError::Impostor { host: host_name(origin) };
        if !text_of(document, "issuer").is_some_and(|named| is_issuer(named, origin)) {
            return Err(impostor());
        }
        let own = Self::as_ever(origin)?;
        let base = join(origin, "/")?;
        let endpoint = |name: &str, otherwise: Url| match text_of(document, name) {
            None => Ok(otherwise),
            Some(text) => match Url::parse(text) {
                Ok(url) if at(&url, &base) => Ok(url),
                _ => Err(impostor()),
            },
        };
        let lists = |name: &str, wanted: &str| {
            one_or_many(document, name).iter().any(|word| word.as_str() == Some(wanted))
        };
        Ok(Self {
            authorize: endpoint("authorization_endpoint", own.authorize)?,
            token: endpoint("token_endpoint", own.token)?,
            revoke: endpoint("revocation_endpoint", own.revoke)?,
            scope: if lists("scopes_supported", PROFILE) { PROFILE } else { READ_ACCOUNTS },
            takes_challenge: lists("code_challenge_methods_supported", "S256"),
            names_issuer: document.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
            origin: own.origin,
            host: own.host,
        })
    }

    /// A server that says nothing of itself.
    pub(super) fn as_ever(origin: &str) -> Result<Self, HomeError> {
        Ok(Self {
            origin: origin.to_owned(),
            host: host_name(origin),
            authorize: join(origin, "/oauth/authorize")?,
            token: join(origin, "/oauth/token")?,
            revoke: join(origin, "/oauth/revoke")?,
            scope: READ_ACCOUNTS,
            takes_challenge: false,
            names_issuer: false,
        })
    }
}

/// The document of an answer that is a success.
pub(super) fn success(answer: &Answer) -> Option<Value> {
    answer.status.is_success().then(|| json::parse(&answer.body).ok()).flatten()
}

/// A word that a server gave us: not empty, not endless, and of letters that fit into a header.
fn word(document: &Value, name: &str) -> Option<String> {
    let text = text_of(document, name)?;
    let fits = !text.is_empty()
        && text.len() <= limits::HOME_WORD_CHARS_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned())
}

fn form(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

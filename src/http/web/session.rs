//! Who reads a page: session, language, the token of their forms. Read once for each request; handlers take it out.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use axum_extra::extract::CookieJar;

use super::{
    error_page::Refusal,
    fields::Fields,
    frame,
    i18n::{Language, Texts},
    view::{self, Page, Section},
};
use crate::{
    base::crypto::same,
    domain::opinion::OpinionStatus,
    http::state::HttpState,
    service::{
        Caller, Service, ServiceError,
        dispositions::Say,
        guests::{Actor, Guest, GuestIn},
        sign_in::SignedIn,
    },
};

/// Cookie of a session.
pub(super) const SESSION: &str = "session";
/// Cookie of a guest's session.
pub(super) const GUEST: &str = "guest";
/// Cookie of the language that was chosen.
pub(super) const LANGUAGE: &str = "lang";

/// Who takes part in a topic. A guest may do little: each handler says which of the two it serves.
#[derive(Debug, Clone, Copy)]
pub(super) enum Speaker<'a> {
    /// An account here.
    Account(&'a Caller),
    /// Somebody who signed in with the account of another server.
    Guest(&'a Guest),
}

impl Speaker<'_> {
    /// As whom.
    pub(super) fn actor(&self) -> &Actor {
        match self {
            Self::Account(caller) => &caller.actor,
            Self::Guest(guest) => guest.actor(),
        }
    }
}

/// Who reads.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// The page's language.
    pub(super) t: Texts,
    /// Their session, where signed in with an account here.
    pub(super) session: Option<SignedIn>,
    /// Their session as a guest, where they have no other. What is meant for accounts never looks at it.
    pub(super) guest: Option<GuestIn>,
    /// Whether people of other servers may sign in.
    pub(super) guests_welcome: bool,
    /// Notices they have not read.
    pub(super) notices_unread: u64,
    /// Reports that are open, for who reads them.
    pub(super) reports_open: u64,
    /// The language that `?lang=` chose just now.
    pub(super) chosen: Option<Language>,
    /// Whether they only read.
    pub(super) reads: bool,
    here: String,
    instance: view::Instance,
}

impl Visitor {
    /// Reads cookies, query and headers. Where the session cannot be read, the reader is nobody, and the fault comes
    /// along.
    pub(super) async fn read(state: &HttpState, parts: &Parts) -> (Self, Option<ServiceError>) {
        let jar = CookieJar::from_headers(&parts.headers);
        let query = parts.uri.query().unwrap_or_default();
        let asked = url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == LANGUAGE)
            .map(|(_, value)| value.into_owned());
        let language = Language::choose(
            asked.as_deref(),
            jar.get(LANGUAGE).map(axum_extra::extract::cookie::Cookie::value),
            header_text(&parts.headers, &header::ACCEPT_LANGUAGE),
        );
        let found = match jar.get(SESSION) {
            Some(cookie) => state.service.signed_in(cookie.value()).await,
            None => Ok(None),
        };
        let (session, fault) = match found {
            Ok(session) => (session, None),
            Err(fault) => (None, Some(fault)),
        };
        let (guest, fault) = match (jar.get(GUEST), &session) {
            (Some(cookie), None) => match state.service.guest_in(cookie.value()).await {
                Ok(guest) => (guest, fault),
                Err(unread) => (None, fault.or(Some(unread))),
            },
            _ => (None, fault),
        };
        let unread = match &session {
            Some(session) => state.service.unread_notices(&session.caller).await,
            None => Ok(0),
        };
        let (notices_unread, fault) = match unread {
            Ok(unread) => (unread, fault),
            Err(uncounted) => (0, fault.or(Some(uncounted))),
        };
        let reports = match &session {
            Some(session) => state.service.reports_open(&session.caller).await,
            None => Ok(0),
        };
        let (reports_open, fault) = match reports {
            Ok(open) => (open, fault),
            Err(uncounted) => (0, fault.or(Some(uncounted))),
        };
        let visitor = Self {
            t: Texts::new(language),
            session,
            guest,
            guests_welcome: state.federation.lets_guests_in(),
            notices_unread,
            reports_open,
            chosen: asked.as_deref().and_then(Language::from_tag),
            reads: matches!(parts.method, Method::GET | Method::HEAD),
            here: here(parts.uri.path(), query),
            instance: frame::instance(&state.service),
        };
        (visitor, fault)
    }

    /// The frame of a page.
    pub(super) fn page(&self, section: Section) -> Page {
        frame::page(self, section)
    }

    /// Path and query of this page, without `lang`.
    pub(super) fn here(&self) -> &str {
        &self.here
    }

    /// The instance, as pages name it.
    pub(super) fn instance(&self) -> &view::Instance {
        &self.instance
    }

    /// The token of this session's forms; empty where nobody is signed in.
    pub(super) fn csrf(&self) -> &str {
        let guest = || self.guest.as_ref().map(|guest| guest.csrf.as_str());
        let own = self.session.as_ref().map(|session| session.csrf.as_str());
        own.or_else(guest).unwrap_or_default()
    }

    /// True where nobody is signed in, in whatever way.
    pub(super) fn is_nobody(&self) -> bool {
        self.session.is_none() && self.guest.is_none()
    }

    /// Who takes part: with an account here, or as a guest.
    pub(super) fn speaker(&self) -> Result<Speaker<'_>, Refusal> {
        match (&self.session, &self.guest) {
            (Some(session), _) => Ok(Speaker::Account(&session.caller)),
            (None, Some(guest)) => Ok(Speaker::Guest(&guest.guest)),
            (None, None) => Err(ServiceError::NotSignedIn.into()),
        }
    }

    /// Who takes part with a form that has nothing to show again.
    pub(super) fn speaking(&self, fields: &Fields) -> Result<Speaker<'_>, Refusal> {
        let speaker = self.speaker()?;
        if self.sent(fields) { Ok(speaker) } else { Err(Refusal::forged()) }
    }

    /// The guest who reads.
    pub(super) fn guest(&self) -> Result<&Guest, Refusal> {
        let guest = self.guest.as_ref().ok_or(ServiceError::NotSignedIn)?;
        Ok(&guest.guest)
    }

    /// True where `uri` is who reads, with an account here or as a guest.
    pub(super) fn speaks_as(&self, uri: &str) -> bool {
        self.is(uri) || self.guest.as_ref().is_some_and(|guest| guest.guest.actor().uri == uri)
    }

    /// Who acts with an account here.
    pub(super) fn caller(&self) -> Result<&Caller, Refusal> {
        let session = self.session.as_ref().ok_or(ServiceError::NotSignedIn)?;
        Ok(&session.caller)
    }

    /// True where `uri` is the reader, with an account here.
    pub(super) fn is(&self, uri: &str) -> bool {
        self.session.as_ref().is_some_and(|session| session.caller.actor.uri == uri)
    }

    /// Where the reader may say what became of things in a room: nowhere, where not signed in.
    pub(super) async fn say_of(
        &self,
        service: &Service,
        room_id: i64,
    ) -> Result<Say, ServiceError> {
        match &self.session {
            Some(session) => service.say_of(&session.caller, room_id).await,
            None => Ok(Say::default()),
        }
    }

    /// True where the form came from a page of this session.
    pub(super) fn sent(&self, fields: &Fields) -> bool {
        let csrf = self.csrf();
        !csrf.is_empty() && same(csrf.as_bytes(), fields.get("csrf").as_bytes())
    }

    /// Who acts with a form that has nothing to show again: signed in, and sent from a page of this session.
    pub(super) fn acting(&self, fields: &Fields) -> Result<&Caller, Refusal> {
        let caller = self.caller()?;
        if self.sent(fields) { Ok(caller) } else { Err(Refusal::forged()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let found = parts.extensions.get::<Self>().cloned();
        Ok(found.ok_or_else(|| ServiceError::internal("a page outside the frame"))?)
    }
}

/// `name@host` of somebody elsewhere.
pub(super) fn handle_of(actor: &Actor) -> String {
    actor.webfinger.clone().unwrap_or_else(|| format!("{}@{}", actor.username, actor.host))
}

/// The words of an opinion's status; one we do not know is open.
pub(super) fn status_of(word: &str) -> OpinionStatus {
    word.parse().unwrap_or(OpinionStatus::Open)
}

fn header_text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn here(path: &str, query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(LANGUAGE))
        .collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_no_part_of_where_one_is() {
        assert_eq!(here("/t/x", ""), "/t/x");
        assert_eq!(here("/t/x", "lang=fr"), "/t/x");
        assert_eq!(here("/o/1", "revision=2&lang=fr&langue=x"), "/o/1?revision=2&langue=x");
    }
}

//! The way home of who reads here without an account: their server says in its WebFinger where it takes its people with a
//! thing that they found elsewhere (FEP-3b86). Nothing is signed, kept or believed: the answer is one address of that
//! server, for its own people to open.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use url::Url;

use super::{
    super::{
        Federation,
        network::{Answer, NetworkError, Reach, Redirects, same_origin},
        webfinger,
    },
    HomeError, host_name,
    question::success,
    typed::Typed,
};
use crate::{
    base::{limits, pace::Rate},
    protocol::{
        intents::{self, Intent},
        quirks::{member, text_of, values},
    },
    service::ServiceError,
};

/// Asking other servers for somebody who reads here.
const ASKING: Rate = Rate::a_minute(
    limits::INTENTS_PER_ADDRESS_A_MINUTE_MAX,
    limits::INTENTS_PER_ADDRESS_A_MINUTE_MAX,
);
/// How far such a question goes.
const REACH: Reach = Reach {
    redirects: Redirects::AnyOrigin,
    redirects_max: limits::INTENT_REDIRECTS_MAX,
    bytes_max: limits::INTENT_ANSWER_BYTES_MAX,
};
/// Relations of NodeInfo documents begin so.
const NODE_INFO: &str = "http://nodeinfo.diaspora.software/ns/schema/2.";
/// Servers that take their people so without saying it of bare names.
const MASTODON: &str = "mastodon";

/// Where somebody's server takes them with a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayHome {
    /// Their server as they named it.
    pub host: String,
    /// The address to open, and its host; none where the server offers no such way.
    pub lead: Option<(Url, String)>,
}

impl Federation {
    /// Takes a turn at asking other servers for who reads here; else says when to come again.
    pub fn may_ask(&self, asker: &str) -> Result<(), ServiceError> {
        if !self.service.profile.rate_limits || asker.is_empty() {
            return Ok(());
        }
        let taken = self.home.pace.take("ask", asker, ASKING, self.service.now());
        taken.map_err(|wait| ServiceError::TooMany {
            retry_after_seconds: wait.div_euclid(1_000) + 1,
        })
    }

    /// Finds where the server of a typed address takes its people with a thing.
    pub async fn way_home(
        &self,
        typed: &str,
        intent: Intent,
        object: &str,
        asker: &str,
    ) -> Result<WayHome, HomeError> {
        let typed = Typed::parse(typed)?;
        self.may_ask(asker)?;
        let host = typed.host().to_owned();
        if self.is_own(&host) {
            return Err(HomeError::Here);
        }
        let patience = Duration::from_secs(limits::INTENT_SECONDS_MAX);
        let finding = Box::pin(self.find_way(&typed, intent, object));
        let lead = tokio::time::timeout(patience, finding)
            .await
            .unwrap_or_else(|_late| Err(HomeError::Silent { host: host.clone() }))?;
        let lead = lead.map(|url| {
            let at = host_name(&url.origin().ascii_serialization());
            (url, at)
        });
        Ok(WayHome { host, lead })
    }

    async fn find_way(
        &self,
        typed: &Typed,
        intent: Intent,
        object: &str,
    ) -> Result<Option<Url>, HomeError> {
        let host = typed.host();
        let policy = self.fetcher.network().policy();
        let origin = Url::parse(&format!("{}://{host}/", policy.scheme_of(host)))
            .map_err(|_broken| HomeError::Address)?;
        policy.check_url(&origin).map_err(|_refused| HomeError::Address)?;
        let resource = match typed {
            Typed::Person(handle) => format!("acct:{handle}"),
            Typed::Host(_) => origin.origin().ascii_serialization(),
        };
        let mut url = origin.clone();
        url.set_path("/.well-known/webfinger");
        url.query_pairs_mut().append_pair("resource", &resource);
        let answer = match self.look(&url).await {
            Ok(answer) => Some(answer),
            Err(NetworkError::Refused(_)) => return Err(HomeError::Address),
            Err(NetworkError::Timeout | NetworkError::Connection(_)) => {
                return Err(HomeError::Silent { host: host.to_owned() });
            }
            Err(error) => {
                tracing::info!(%host, %error, "a server says nothing of its people");
                None
            }
        };
        let unknown = answer.as_ref().is_some_and(|answer| {
            matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE)
        });
        if unknown && matches!(typed, Typed::Person(_)) {
            return Err(HomeError::Nobody { host: host.to_owned() });
        }
        // Who names people by another name than its own says so by a redirect, or by where their actors are.
        let home = answer.as_ref().map_or_else(|| origin.clone(), |answer| answer.url.clone());
        let document = answer.as_ref().and_then(success);
        let actor = document.as_ref().and_then(webfinger::actor_of);
        let is_theirs = |url: &Url| {
            let of = |server: &Url| same_origin(url, server);
            policy.check_url(url).is_ok()
                && (of(&origin) || of(&home) || actor.as_ref().is_some_and(of))
        };
        let named = document.and_then(|said| intents::lead(&said, intent, object, is_theirs));
        if named.is_some() {
            return Ok(named);
        }
        if !self.is_mastodon(&home).await {
            return Ok(None);
        }
        let mut url = home;
        url.set_path("/authorize_interaction");
        url.query_pairs_mut().clear().append_pair("uri", object);
        Ok(Some(url))
    }

    /// Whether a server says of itself that it is Mastodon, which takes its people so since long.
    async fn is_mastodon(&self, home: &Url) -> bool {
        let Ok(index) = home.join("/.well-known/nodeinfo") else { return false };
        let Some(index) = self.look(&index).await.ok() else { return false };
        let Some(listed) = success(&index) else { return false };
        let newest = values(listed.get("links"))
            .iter()
            .filter(|link| text_of(link, "rel").is_some_and(|rel| rel.starts_with(NODE_INFO)))
            .filter_map(|link| Url::parse(text_of(link, "href")?).ok())
            .rfind(|url| same_origin(url, &index.url));
        let Some(newest) = newest else { return false };
        let Some(said) = self.look(&newest).await.ok().as_ref().and_then(success) else {
            return false;
        };
        member(&said, "software").and_then(|software| text_of(software, "name")) == Some(MASTODON)
    }

    async fn look(&self, url: &Url) -> Result<Answer, NetworkError> {
        let accept = HeaderValue::from_static("application/jrd+json, application/json");
        let headers = |_: &Url| Ok(vec![(header::ACCEPT, accept.clone())]);
        self.fetcher.network().get_within(url, REACH, headers).await
    }
}

#[cfg(test)]
mod tests;

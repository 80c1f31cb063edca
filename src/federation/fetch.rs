//! Fetches documents from their origin: signed by the instance actor, read strictly, and taken only under the id they
//! give themselves. What another server says about a document is never enough; this is how it is checked.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use url::Url;

use super::{
    knock::{Forms, first_form, knock},
    missed::Missed,
    network::{Answer, Network, NetworkError, Redirects, same_origin},
    remote_actor::RemoteActorError,
};
use crate::{
    base::{clock::Clock, crypto::RequestKey, limits::FETCHES_PER_ACT_MAX},
    protocol::{
        actor::parse_url,
        http_signature::{Form, HeaderLines, SigningKey, sign_get},
        json::{self, JsonError},
        paths::host_of,
    },
};

/// Why a document could not be had.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It was there and is not any more (410).
    #[error("gone")]
    Gone,
    /// It is not there (404).
    #[error("not found")]
    NotFound,
    /// We are not let see it (401, 403).
    #[error("refused with status {status}")]
    Forbidden {
        /// The status.
        status: StatusCode,
    },
    /// Not now (429, 5xx).
    #[error("unavailable, status {status}")]
    Unavailable {
        /// The status.
        status: StatusCode,
    },
    /// Any other status that is no success.
    #[error("unexpected status {status}")]
    Status {
        /// The status.
        status: StatusCode,
    },
    /// Not an ActivityStreams document, by its media type.
    #[error("not an ActivityStreams document: {media_type:?}")]
    MediaType {
        /// What it says it is.
        media_type: String,
    },
    /// Not JSON that is read.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It gives itself another id, on another origin or for the second time.
    #[error("fetched from {url}, but it says its id is another")]
    Id {
        /// Where it was fetched.
        url: Url,
    },
    /// The act that asks has had all its fetches.
    #[error("more than {max} fetches for one act")]
    Budget {
        /// The limit.
        max: u32,
    },
    /// It led nowhere a short while ago.
    #[error("not to be had a short while ago: {why}")]
    Lately {
        /// What it ended in.
        why: String,
        /// Whether that may change soon.
        transient: bool,
    },
    /// No answer.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

impl FetchError {
    /// Whether to try again later makes sense.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable { .. } => true,
            Self::Lately { transient, .. } => *transient,
            Self::Network(error) => error.is_transient(),
            _ => false,
        }
    }

    /// The error in a status; `None` for a success.
    pub(super) fn of_status(status: StatusCode) -> Option<Self> {
        Some(match status.as_u16() {
            200..=299 => return None,
            410 => Self::Gone,
            404 => Self::NotFound,
            401 | 403 => Self::Forbidden { status },
            408 | 429 | 500..=599 => Self::Unavailable { status },
            _ => Self::Status { status },
        })
    }
}

/// How many fetches one received act may still cause.
#[derive(Debug)]
pub struct Budget {
    left: AtomicU32,
    max: u32,
}

impl Budget {
    /// A budget of `max` fetches.
    pub fn new(max: u32) -> Self {
        Self { left: AtomicU32::new(max), max }
    }

    /// Takes one fetch from it.
    pub fn take(&self) -> Result<(), FetchError> {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .ok()
            .map(|_| ())
            .ok_or(FetchError::Budget { max: self.max })
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(FETCHES_PER_ACT_MAX)
    }
}

/// Who signs our requests: the instance actor's key for fetches.
#[derive(Debug, Clone)]
pub struct RequestSigner {
    /// The key.
    pub key: Arc<RequestKey>,
    /// Its id, as the actor's document gives it.
    pub key_id: String,
}

/// A document from its origin.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Where it was in the end; equal to the document's `id`.
    pub final_url: Url,
    /// The document.
    pub document: Value,
    /// Its bytes as received.
    pub bytes: Vec<u8>,
}

/// Fetches documents. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    network: Network,
    signer: RequestSigner,
    forms: Arc<dyn Forms>,
    missed: Missed,
    clock: Arc<dyn Clock>,
}

impl Fetcher {
    /// A fetcher that signs as `signer`, in the form that each server takes.
    pub fn new(
        network: Network,
        signer: RequestSigner,
        forms: Arc<dyn Forms>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { network, signer, forms, missed: Missed::default(), clock }
    }

    /// Which form of signature each server takes.
    pub(super) fn forms(&self) -> &dyn Forms {
        self.forms.as_ref()
    }

    /// The way out.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The document whose id is `url`, or whose id is on the same origin as `url` and confirms itself there (a page
    /// or an alias was asked for). Takes one or two fetches from `budget`; what led nowhere lately takes none.
    pub async fn fetch_json(&self, url: &Url, budget: &Budget) -> Result<Fetched, FetchError> {
        self.once_in_a_while(url.as_str(), self.fetch_anew(url, budget)).await
    }

    /// The same whatever it ended in last: for who asks by himself, and for what has a rhythm of its own.
    pub async fn fetch_anew(&self, url: &Url, budget: &Budget) -> Result<Fetched, FetchError> {
        let first = self.fetch_once(url, budget).await?;
        let id = match id_of(&first) {
            Some(id) if id == first.final_url => return Ok(first),
            Some(id) if same_origin(&id, &first.final_url) => id,
            _ => return Err(FetchError::Id { url: first.final_url }),
        };
        let second = self.fetch_once(&id, budget).await?;
        if id_of(&second).as_ref() == Some(&second.final_url) {
            Ok(second)
        } else {
            Err(FetchError::Id { url: second.final_url })
        }
    }

    /// What an address ended in lately, if it led nowhere.
    pub(super) fn lately(&self, address: &str) -> Option<FetchError> {
        self.missed.lately(address, self.clock.now())
    }

    /// Notes that an actor was not had.
    pub(super) fn missed(&self, address: &str, error: &RemoteActorError) {
        let error = match error {
            RemoteActorError::Fetch(error) => error,
            RemoteActorError::Gone => &FetchError::Gone,
            // Our own fault.
            RemoteActorError::Directory(_) => return,
            other => {
                &FetchError::Lately { why: other.to_string(), transient: other.is_transient() }
            }
        };
        self.missed.note(address, error, self.clock.now());
    }

    /// Does `fetch` unless the address led nowhere lately, and remembers if it does now.
    async fn once_in_a_while<T>(
        &self,
        address: &str,
        fetch: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        if let Some(error) = self.missed.lately(address, self.clock.now()) {
            return Err(error);
        }
        let fetched = fetch.await;
        if let Err(error) = &fetched {
            self.missed.note(address, error, self.clock.now());
        }
        fetched
    }

    async fn fetch_once(&self, url: &Url, budget: &Budget) -> Result<Fetched, FetchError> {
        budget.take()?;
        let answer = self.get(url).await?;
        if let Some(error) = FetchError::of_status(answer.status) {
            return Err(error);
        }
        check_media_type(&answer.headers)?;
        let document = json::parse(&answer.body)?;
        Ok(Fetched { final_url: answer.url, document, bytes: answer.body })
    }

    /// A signed GET of an ActivityStreams document, whatever the status of the answer.
    pub(super) async fn get(&self, url: &Url) -> Result<Answer, NetworkError> {
        let host = host_of(url.as_str());
        let mut form = first_form(self.forms.as_ref(), &host).await;
        knock(self.forms.as_ref(), &host, &mut form, |form| async move {
            let headers = |url: &Url| self.signed(url, form);
            self.network.get(url, Redirects::SameOrigin, headers).await
        })
        .await
    }

    fn signed(&self, url: &Url, form: Form) -> Result<HeaderLines, NetworkError> {
        let signer = SigningKey { key: &self.signer.key, id: &self.signer.key_id };
        sign_get(signer, url, form, self.clock.now())
            .ok()
            .ok_or(NetworkError::Request("it cannot be signed"))
    }

    /// An unsigned GET of a public document of another kind, wherever redirects lead.
    pub(super) async fn get_public(
        &self,
        url: &Url,
        accept: &'static str,
    ) -> Result<Answer, NetworkError> {
        let headers = |_: &Url| Ok(vec![(header::ACCEPT, HeaderValue::from_static(accept))]);
        self.network.get(url, Redirects::AnyOrigin, headers).await
    }
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetcher").field("signer", &self.signer).finish_non_exhaustive()
    }
}

/// The id a document gives itself.
fn id_of(fetched: &Fetched) -> Option<Url> {
    parse_url(fetched.document.get("id")?.as_str()?)
}

/// Whether an answer says it is ActivityStreams. Plain `application/json` is not enough: on many servers users can
/// upload such files (FEP-fe34).
pub(super) fn check_media_type(headers: &HeaderMap) -> Result<(), FetchError> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = value.unwrap_or_default().to_ascii_lowercase();
    let (essence, parameters) = media_type.split_once(';').unwrap_or((&media_type, ""));
    let is_activity = match essence.trim() {
        "application/activity+json" => true,
        "application/ld+json" => parameters.split(';').any(|parameter| {
            parameter.trim().split_once('=').is_some_and(|(name, value)| {
                name.trim() == "profile"
                    && value
                        .trim_matches([' ', '"'])
                        .split(' ')
                        .any(|profile| profile == "https://www.w3.org/ns/activitystreams")
            })
        }),
        _ => false,
    };
    if is_activity { Ok(()) } else { Err(FetchError::MediaType { media_type }) }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::{
        base::{clock::Timestamp, crypto::RequestPublicKey},
        federation::{knock::tests::Remembered, network::Policy, scripted::Scripted},
        protocol::http_signature::{ACCEPT, OwnOrigin, RequestParts, read},
    };

    pub(in crate::federation) static KEY: LazyLock<Arc<RequestKey>> =
        LazyLock::new(|| Arc::new(RequestKey::generate().unwrap()));

    pub(in crate::federation) struct Still;
    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::parse_rfc3339("2026-09-21T10:15:00Z").unwrap()
        }
    }

    pub(in crate::federation) fn fetcher() -> Fetcher {
        let signer = RequestSigner {
            key: Arc::clone(&KEY),
            key_id: "http://us.localhost:8480/actor#main-key".to_owned(),
        };
        let network = Network::new(Policy::development(), "polylogue test").unwrap();
        Fetcher::new(network, signer, Arc::new(Remembered::default()), Arc::new(Still))
    }

    fn json(id: &str) -> (u16, Vec<(&'static str, String)>, Vec<u8>) {
        let body = format!("{{\"id\":\"{id}\",\"type\":\"Note\"}}");
        (200, vec![("content-type", "application/activity+json".to_owned())], body.into_bytes())
    }

    #[tokio::test]
    async fn documents_under_their_own_id() {
        let server = Scripted::start(|port, asked| {
            let own = |path: &str| format!("http://a.localhost:{port}{path}");
            match asked.line.as_str() {
                "GET /o/1" | "GET /@page" | "GET /thrice" => json(&own("/o/1")),
                "GET /moved" => (301, vec![("location", "/o/1".to_owned())], vec![]),
                "GET /twice" => json(&own("/thrice")),
                // True at its own origin, but nothing that this one may say.
                "GET /theirs" | "GET /o/2" => json(&format!("http://b.localhost:{port}/o/2")),
                "GET /none" => (
                    200,
                    vec![("content-type", "application/activity+json".to_owned())],
                    b"{}".to_vec(),
                ),
                _ => (404, vec![], vec![]),
            }
        });
        let url = |path| server.url("a.localhost", path);
        let fetcher = fetcher();
        for path in ["/o/1", "/o/1#fragment", "/@page", "/moved"] {
            let fetched = fetcher.fetch_json(&url(path), &Budget::default()).await.unwrap();
            assert_eq!(fetched.final_url, url("/o/1"), "{path}");
            assert_eq!(json::parse(&fetched.bytes).unwrap(), fetched.document);
        }
        for path in ["/twice", "/theirs", "/none"] {
            let error = fetcher.fetch_json(&url(path), &Budget::default()).await.unwrap_err();
            assert!(matches!(error, FetchError::Id { .. }), "{path}: {error}");
        }

        // Signed, by the key of the instance actor.
        let asked = server.asked().remove(0);
        let parts = RequestParts {
            method: &http::Method::GET,
            path_and_query: "/o/1",
            headers: &asked.headers,
            body: None,
        };
        let claimed = read(&parts, &OwnOrigin::of(&url("/")).unwrap(), Still.now()).unwrap();
        assert!(claimed.verify(&RequestPublicKey::from_pem(KEY.public_pem()).unwrap()));
        assert_eq!(asked.headers["accept"], ACCEPT);
    }

    #[tokio::test]
    async fn statuses_are_told_apart() {
        let server = Scripted::start(|_, asked| {
            (asked.line.trim_start_matches("GET /").parse().unwrap(), vec![], vec![])
        });
        let fetcher = fetcher();
        for (status, transient) in [
            (410, false),
            (404, false),
            (401, false),
            (403, false),
            (429, true),
            (503, true),
            (418, false),
        ] {
            let url = server.url("a.localhost", &format!("/{status}"));
            let error = fetcher.fetch_json(&url, &Budget::default()).await.unwrap_err();
            let right = match status {
                410 => matches!(error, FetchError::Gone),
                404 => matches!(error, FetchError::NotFound),
                401 | 403 => matches!(error, FetchError::Forbidden { .. }),
                429 | 503 => matches!(error, FetchError::Unavailable { .. }),
                _ => matches!(error, FetchError::Status { .. }),
            };
            assert!(right, "{status}: {error}");
            assert_eq!(error.is_transient(), transient, "{status}");
        }
        // Nobody listens there any more: it may come back.
        let closed =
            std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = Url::parse(&format!("http://a.localhost:{closed}/")).unwrap();
        assert!(fetcher.fetch_json(&url, &Budget::default()).await.unwrap_err().is_transient());
    }

    #[tokio::test]
    async fn a_budget_ends() {
        let server = Scripted::start(|port, _| json(&format!("http://a.localhost:{port}/o/1")));
        let (fetcher, budget) = (fetcher(), Budget::new(3));
        let (id, page) = (server.url("a.localhost", "/o/1"), server.url("a.localhost", "/page"));
        assert!(fetcher.fetch_json(&page, &budget).await.is_ok());
        assert!(fetcher.fetch_json(&id, &budget).await.is_ok());
        let error = fetcher.fetch_json(&id, &budget).await.unwrap_err();
        assert!(matches!(error, FetchError::Budget { max: 3 }), "{error}");
        assert_eq!(server.asked().len(), 3);
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_asked_for_again_at_once() {
        let server = Scripted::start(|_, _| (404, vec![], vec![]));
        let (fetcher, budget) = (fetcher(), Budget::new(2));
        let url = server.url("a.localhost", "/nobody");
        for _ in 0..100 {
            let error = fetcher.fetch_json(&url, &budget).await.unwrap_err();
            assert!(matches!(error, FetchError::NotFound), "{error}");
        }
        assert_eq!(server.asked().len(), 1);
        let anew = fetcher.fetch_anew(&url, &budget).await.unwrap_err();
        assert!(matches!(anew, FetchError::NotFound), "{anew}");
        assert_eq!(server.asked().len(), 2);
    }

    #[test]
    fn media_types() {
        let check = |value: &'static str| {
            let headers: HeaderMap =
                [(header::CONTENT_TYPE, HeaderValue::from_static(value))].into_iter().collect();
            check_media_type(&headers).is_ok()
        };
        for right in [
            "application/activity+json",
            "application/activity+json; charset=utf-8",
            "Application/Activity+JSON;charset=UTF-8",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=https://www.w3.org/ns/activitystreams; charset=utf-8",
            "application/ld+json; profile=\"https://x.example/ https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(check(right), "{right}");
        }
        for wrong in [
            "application/json",
            "application/ld+json",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreamsx\"",
            "text/html",
            "application/activity+jsonx",
        ] {
            assert!(!check(wrong), "{wrong}");
        }
        assert!(check_media_type(&HeaderMap::new()).is_err());
    }
}

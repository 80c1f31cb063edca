//! The one way out of this server: one HTTP client behind one address check, made at connect time in production and
//! in development alike (decisions 22). Nothing else here opens a connection, so nothing can be talked into reaching
//! what a stranger could not reach himself.
//!
//! It follows no redirect but its own (GET only, three at most, each checked again), reads no more of a body than was
//! asked for, and knows no proxy: a proxy would resolve names on its own.

mod addresses;
mod crowd;
mod policy;

use std::{error::Error as _, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use url::Url;

use self::crowd::Crowd;
pub use self::{
    addresses::is_global,
    policy::{Mode, Policy, Refusal},
};
use crate::base::limits::{FETCH_BODY_BYTES_MAX, FETCH_SECONDS_MAX};

/// Most redirects of one fetch.
pub const REDIRECTS_MAX: usize = 3;
/// Deadline of a connection.
const CONNECT_SECONDS_MAX: u64 = 5;
/// Largest answer to a delivery that is looked at: it only serves the log.
const DELIVERY_ANSWER_BYTES_MAX: usize = 4_096;

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The address must not be reached.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// More redirects than are followed, or one that leads nowhere.
    #[error("too many redirects, or one that cannot be followed")]
    Redirect,
    /// A redirect to another origin, where the answer must be of this one.
    #[error("redirected to another origin: {to}")]
    OtherOrigin {
        /// Where to.
        to: Url,
    },
    /// A body larger than is read.
    #[error("an answer of more than {max} bytes")]
    BodySize {
        /// The limit.
        max: usize,
    },
    /// Not whole within its time.
    #[error("no answer in time")]
    Timeout,
    /// The request's headers could not be made.
    #[error("the request could not be made: {0}")]
    Request(&'static str),
    /// Any other failure below HTTP: name, connection, TLS, protocol.
    #[error("the connection failed: {0}")]
    Connection(#[source] reqwest::Error),
}

impl NetworkError {
    /// Whether to try again later makes sense.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Timeout | Self::Connection(_))
    }

    /// Finds what was meant below the client's own error: a refusal of [`Resolver`] comes wrapped in it.
    fn of(error: reqwest::Error) -> Self {
        let mut source = error.source();
        while let Some(inner) = source {
            if let Some(refusal) = inner.downcast_ref::<Refusal>() {
                return Self::Refused(refusal.clone());
            }
            source = inner.source();
        }
        if error.is_timeout() { Self::Timeout } else { Self::Connection(error) }
    }
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Where it came from, after redirects, without a fragment.
    pub url: Url,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, decompressed.
    pub body: Vec<u8>,
}

/// Which redirects of a GET are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    /// Within the origin: the answer is that origin's word.
    SameOrigin,
    /// To any origin that may be reached: WebFinger, where the first origin says who speaks for it.
    AnyOrigin,
}

/// How far one GET goes.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// Which redirects are followed …
    pub redirects: Redirects,
    /// … and how many.
    pub redirects_max: usize,
    /// Most bytes that are read of the answer.
    pub bytes_max: usize,
}

/// Whether two addresses have scheme, host and port in common: what lets one vouch for the other (FEP-fe34).
pub fn same_origin(left: &Url, right: &Url) -> bool {
    left.origin() == right.origin()
}

/// Turns names into addresses, and refuses those that must not be reached. Since the client connects to just these
/// addresses, a name cannot change its meaning between check and connection.
#[derive(Debug, Clone)]
pub struct Resolver {
    policy: Arc<Policy>,
}

impl Resolver {
    /// A resolver under `policy`.
    pub fn new(policy: Arc<Policy>) -> Self {
        Self { policy }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = Arc::clone(&self.policy);
        Box::pin(async move {
            let name = name.as_str();
            let addresses = match policy.built_in_address(name) {
                Some(address) => vec![(address, 0).into()],
                None => tokio::net::lookup_host((name, 0)).await?.collect(),
            };
            let reachable = policy.reachable(name, addresses)?;
            Ok(Box::new(reachable.into_iter()) as Addrs)
        })
    }
}

/// The client with its policy. Cheap to clone; all clones share connections.
#[derive(Debug, Clone)]
pub struct Network {
    client: Client,
    policy: Arc<Policy>,
    crowd: Crowd,
    /// For one whole fetch, redirects and body included.
    deadline: Duration,
}

impl Network {
    /// Makes the client. `user_agent` names this server to others.
    pub fn new(policy: Policy, user_agent: &str) -> Result<Self, NetworkError> {
        let policy = Arc::new(policy);
        #[expect(clippy::disallowed_methods, reason = "the one place that makes the client")]
        let builder = Client::builder();
        let client = builder
            .user_agent(user_agent)
            .dns_resolver(Arc::new(Resolver::new(Arc::clone(&policy))))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .https_only(policy.mode == Mode::Production)
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS_MAX))
            .timeout(Duration::from_secs(FETCH_SECONDS_MAX))
            .pool_max_idle_per_host(8)
            .build()
            .map_err(NetworkError::Connection)?;
        let deadline = Duration::from_secs(FETCH_SECONDS_MAX);
        Ok(Self { client, policy, crowd: Crowd::default(), deadline })
    }

    /// What may be reached.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The client itself, for a library that must be given one; its requests pass by [`Policy::check_url`].
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// GETs `url`, with headers that `headers` makes anew for each hop (a signature is over the address). All of it,
    /// redirects and body included, has `FETCH_SECONDS_MAX`.
    pub async fn get<H>(
        &self,
        url: &Url,
        redirects: Redirects,
        headers: H,
    ) -> Result<Answer, NetworkError>
    where
        H: Fn(&Url) -> Result<Vec<(HeaderName, HeaderValue)>, NetworkError>,
    {
        let (redirects_max, bytes_max) = (REDIRECTS_MAX, FETCH_BODY_BYTES_MAX);
        self.get_within(url, Reach { redirects, redirects_max, bytes_max }, headers).await
    }

    /// The same, no further than so.
    pub async fn get_within<H>(
        &self,
        url: &Url,
        reach: Reach,
        headers: H,
    ) -> Result<Answer, NetworkError>
    where
        H: Fn(&Url) -> Result<Vec<(HeaderName, HeaderValue)>, NetworkError>,
    {
        let fetch = self.follow(url.clone(), reach, headers);
        tokio::time::timeout(self.deadline, fetch).await.unwrap_or(Err(NetworkError::Timeout))
    }

    async fn follow<H>(
        &self,
        mut url: Url,
        reach: Reach,
        headers: H,
    ) -> Result<Answer, NetworkError>
    where
        H: Fn(&Url) -> Result<Vec<(HeaderName, HeaderValue)>, NetworkError>,
    {
        url.set_fragment(None);
        for _ in 0..=reach.redirects_max {
            self.policy.check_url(&url)?;
            // Until its body is read; the wait for it is within the deadline of the whole.
            let _turn = self.crowd.turn(url.authority()).await;
            let headers = headers(&url)?.into_iter().collect();
            let request = self.client.get(url.clone()).headers(headers);
            let response = request.send().await.map_err(NetworkError::of)?;
            if !is_redirect(response.status()) {
                return read(response, url, reach.bytes_max).await;
            }
            let mut next = target_of(&url, &response).ok_or(NetworkError::Redirect)?;
            next.set_fragment(None);
            if reach.redirects == Redirects::SameOrigin && !same_origin(&url, &next) {
                return Err(NetworkError::OtherOrigin { to: next });
            }
            url = next;
        }
        Err(NetworkError::Redirect)
    }

    /// One question and its answer, of which at most `max` bytes are read: a POST where there is a form, else a GET. A
    /// redirect is none: what is asked so holds a secret, or is believed for where it came from.
    pub async fn ask(
        &self,
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        form: Option<String>,
        max: usize,
    ) -> Result<Answer, NetworkError> {
        self.policy.check_url(url)?;
        let asking = async {
            let _turn = self.crowd.turn(url.authority()).await;
            let request = match form {
                Some(form) => self
                    .client
                    .post(url.clone())
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form),
                None => self.client.get(url.clone()),
            };
            let request = request.headers(headers.into_iter().collect());
            let response = request.send().await.map_err(NetworkError::of)?;
            if is_redirect(response.status()) {
                return Err(NetworkError::Redirect);
            }
            read(response, url.clone(), max).await
        };
        tokio::time::timeout(self.deadline, asking).await.unwrap_or(Err(NetworkError::Timeout))
    }

    /// POSTs `body` to `url`. A redirect is an answer like any other.
    pub async fn post(
        &self,
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Vec<u8>,
    ) -> Result<Answer, NetworkError> {
        self.policy.check_url(url)?;
        let request =
            self.client.post(url.clone()).headers(headers.into_iter().collect()).body(body);
        let response = request.send().await.map_err(NetworkError::of)?;
        let headers = response.headers().clone();
        let status = response.status();
        // What a server says about a delivery beyond its status is for the log only: too much of it is no failure.
        match read(response, url.clone(), DELIVERY_ANSWER_BYTES_MAX).await {
            Err(NetworkError::BodySize { .. }) => {
                Ok(Answer { status, url: url.clone(), headers, body: Vec::new() })
            }
            answer => answer,
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads.
fn target_of(from: &Url, response: &Response) -> Option<Url> {
    from.join(response.headers().get(header::LOCATION)?.to_str().ok()?).ok()
}

/// Reads an answer's body, at most `max` bytes of it after decompression.
async fn read(mut response: Response, url: Url, max: usize) -> Result<Answer, NetworkError> {
    // Told beforehand: not a byte of it is read. (A compressed body tells nothing of its size.)
    if response.content_length().is_some_and(|bytes| bytes > max as u64) {
        return Err(NetworkError::BodySize { max });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(NetworkError::of)? {
        if body.len() + chunk.len() > max {
            return Err(NetworkError::BodySize { max });
        }
        body.extend_from_slice(&chunk);
    }
    let status = response.status();
    Ok(Answer { status, url, headers: std::mem::take(response.headers_mut()), body })
}

#[cfg(test)]
mod tests;

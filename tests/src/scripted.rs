//! A server on loopback whose every answer the test writes, and somebody who lives there and signs what he sends in either
//! form: what `Foreign` does as others do, this does as a test wants it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri},
};
use polylogue::{
    base::{clock::Timestamp, crypto::RequestKey},
    protocol::http_signature::{BodyDigest, Form, SigningKey, sign_get, sign_post},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

/// What the server was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `GET` or `POST`.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// In which form the request is signed.
    pub fn form(&self) -> Option<Form> {
        if self.headers.contains_key("signature-input") {
            Some(Form::Rfc9421)
        } else {
            self.headers.contains_key("signature").then_some(Form::Cavage)
        }
    }

    /// Whether it asks for this path.
    pub fn gets(&self, path: &str) -> bool {
        self.method == Method::GET && self.target == path
    }
}

/// What it answers.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A status alone.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// An ActivityStreams document.
    pub fn document(document: &Value) -> Self {
        Self::bytes("application/activity+json", document.to_string().into_bytes())
    }

    /// A body of some media type.
    pub fn bytes(media_type: &str, body: Vec<u8>) -> Self {
        Self { status: 200, headers: vec![("content-type", media_type.to_owned())], body }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

type Script = Box<dyn Fn(&Asked) -> Reply + Send + Sync>;

struct Shared {
    script: RwLock<Script>,
    asked: Mutex<Vec<Asked>>,
}

/// The server.
pub struct Scripted {
    origin: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scripted").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Scripted {
    /// Starts a server called `name.localhost` that has nothing yet.
    pub async fn start(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let shared = Arc::new(Shared {
            script: RwLock::new(Box::new(|_| Reply::status(404))),
            asked: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        #[expect(
            clippy::disallowed_methods,
            reason = "the socket must answer while the test speaks"
        )]
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the socket serves");
        });
        Self { origin: format!("http://{name}.localhost:{port}"), shared, serving }
    }

    /// From now on it answers so.
    pub fn answers(&self, script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) {
        *self.shared.script.write().unwrap_or_else(PoisonError::into_inner) = Box::new(script);
    }

    /// `http://name.localhost:PORT`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// An id on this server.
    pub fn id(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often a path was asked for.
    pub fn gets(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.gets(path)).count()
    }

    /// The deliveries it got, each with the form of its signature.
    pub fn posts(&self) -> Vec<(Option<Form>, Value)> {
        let posts = self.asked().into_iter().filter(|asked| asked.method == Method::POST);
        posts
            .map(|asked| (asked.form(), serde_json::from_slice(&asked.body).unwrap_or_default()))
            .collect()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let asked = Asked { method, target: uri.to_string(), headers, body: body.to_vec() };
    let reply = shared.script.read().unwrap_or_else(PoisonError::into_inner)(&asked);
    shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).expect("an answer")
}

/// Somebody who lives on another server and signs.
#[derive(Debug)]
pub struct Sender {
    /// Actor id.
    pub actor: String,
    /// Id of the key.
    pub key_id: String,
    /// The key.
    pub key: Arc<RequestKey>,
}

impl Sender {
    /// Somebody at `origin`, with `#main-key`.
    pub fn at(origin: &str, name: &str) -> Self {
        let actor = format!("{origin}/users/{name}");
        Self {
            key_id: format!("{actor}#main-key"),
            actor,
            key: Arc::new(RequestKey::generate().expect("a key")),
        }
    }

    /// Somebody else at `origin`, with the same key under a name of their own: keys take long to make.
    #[must_use]
    pub fn other(&self, origin: &str, name: &str) -> Self {
        let actor = format!("{origin}/users/{name}");
        Self { key_id: format!("{actor}#main-key"), actor, key: Arc::clone(&self.key) }
    }

    /// The actor's document.
    pub fn document(&self) -> Value {
        let actor = &self.actor;
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": actor, "type": "Person", "preferredUsername": "ada", "name": "Ada",
            "inbox": format!("{actor}/inbox"), "outbox": format!("{actor}/outbox"),
            "followers": format!("{actor}/followers"),
            "publicKey": {"id": self.key_id, "owner": actor, "publicKeyPem": self.key.public_pem()},
        })
    }

    /// The path of something of this actor's.
    pub fn path(&self, more: &str) -> String {
        let url = Url::parse(&self.actor).expect("an actor id");
        format!("{}{more}", url.path())
    }

    fn signing(&self) -> SigningKey<'_> {
        SigningKey { key: &self.key, id: &self.key_id }
    }

    /// Header lines of a POST of `body`.
    pub fn signs(&self, inbox: &str, body: &[u8], form: Form, at: Timestamp) -> HeaderMap {
        let url = Url::parse(inbox).expect("an inbox");
        let lines = sign_post(self.signing(), &url, &BodyDigest::of(body), form, at);
        lines.expect("a signature").into_iter().collect()
    }

    /// Header lines of a GET.
    pub fn signs_get(&self, address: &str, form: Form, at: Timestamp) -> HeaderMap {
        let url = Url::parse(address).expect("an address");
        sign_get(self.signing(), &url, form, at).expect("a signature").into_iter().collect()
    }

    /// POSTs an activity; answers the status and the headers.
    pub async fn posts(
        &self,
        inbox: &str,
        activity: &Value,
        form: Form,
        at: Timestamp,
    ) -> (StatusCode, HeaderMap) {
        let body = activity.to_string().into_bytes();
        let headers = self.signs(inbox, &body, form, at);
        let (status, headers, _) = send(Method::POST, inbox, headers, body).await;
        (status, headers)
    }
}

/// Sends a request to a name under `.localhost`, which is this machine; follows nothing.
pub async fn send(
    method: Method,
    address: &str,
    headers: HeaderMap,
    body: Vec<u8>,
) -> (StatusCode, HeaderMap, String) {
    let url = Url::parse(address).expect("an address");
    let client = client();
    let request = client.request(method, url).headers(headers).body(body);
    let answer = request.send().await.expect("the instance answers");
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.text().await.unwrap_or_default())
}

/// Every name is this machine.
struct Loopback;

impl Resolve for Loopback {
    fn resolve(&self, _: Name) -> Resolving {
        let here: Addrs = Box::new(std::iter::once(SocketAddr::from(([127, 0, 0, 1], 0))));
        Box::pin(std::future::ready(Ok(here)))
    }
}

/// A client for the test that asks: a connection belongs to the runtime it was made in.
fn client() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "the other server's own client, to loopback")]
    let builder = reqwest::Client::builder();
    builder
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(Arc::new(Loopback))
        .tls_certs_only([])
        .build()
        .expect("a client")
}

/// One header line more.
pub fn with(mut headers: HeaderMap, name: &'static str, value: &str) -> HeaderMap {
    headers.insert(
        HeaderName::from_static(name),
        HeaderValue::try_from(value).expect("a header's value"),
    );
    headers
}

/// What asks for an ActivityStreams document.
pub fn accept_document() -> HeaderMap {
    with(HeaderMap::new(), "accept", "application/activity+json")
}

//! A scripted server of other software on loopback: everybody under `/users/` lives there, with one key; it keeps what is delivered to it, answers as it is
//! told, and signs what it sends as Mastodon does.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use polylogue::{
    base::{
        clock::{Clock as _, SystemClock, Timestamp},
        crypto::RequestKey,
    },
    protocol::http_signature::{BodyDigest, Form, SigningKey, sign_post},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use url::Url;

/// The server.
#[derive(Debug)]
pub struct Foreign {
    script: Arc<Script>,
    serving: JoinHandle<()>,
}

struct Script {
    origin: String,
    key: RequestKey,
    inbox: Mutex<Vec<Value>>,
    /// By which key each was signed.
    signed_by: Mutex<Vec<String>>,
    arrived: Notify,
    answer: AtomicU16,
    actor_answer: AtomicU16,
    shared_inbox: bool,
    /// Type of its actors.
    kind: &'static str,
    /// Where its actors say their inbox is, if not at home.
    inbox_elsewhere: Option<String>,
    /// What it serves beside, by path and query; null is gone.
    documents: Mutex<BTreeMap<String, Value>>,
    /// The paths and queries asked, with whether the request was signed.
    asked: Mutex<Vec<(String, bool)>>,
    /// What its NodeInfo says that it runs; none where it has no NodeInfo.
    software: Mutex<Option<&'static str>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Script").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Foreign {
    /// Starts a server called `name.localhost` with the actor `/users/officer`.
    pub async fn start(name: &str) -> Self {
        Self::start_as(name, false, "Person", None).await
    }

    /// The same with actors of another type.
    pub async fn start_with_actors(name: &str, kind: &'static str) -> Self {
        Self::start_as(name, false, kind, None).await
    }

    /// The same with actors who say that their inbox is somebody else's.
    pub async fn start_with_inbox_at(name: &str, inbox: &str) -> Self {
        Self::start_as(name, false, "Person", Some(inbox.to_owned())).await
    }

    /// The same with a shared inbox, to which deliveries then go.
    pub async fn start_with_shared_inbox(name: &str) -> Self {
        Self::start_as(name, true, "Person", None).await
    }

    async fn start_as(
        name: &str,
        shared_inbox: bool,
        kind: &'static str,
        inbox_elsewhere: Option<String>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let script = Arc::new(Script {
            origin: format!("http://{name}.localhost:{port}"),
            key: RequestKey::generate().expect("a key"),
            inbox: Mutex::default(),
            signed_by: Mutex::default(),
            arrived: Notify::new(),
            answer: AtomicU16::new(202),
            actor_answer: AtomicU16::new(200),
            shared_inbox,
            kind,
            inbox_elsewhere,
            documents: Mutex::default(),
            asked: Mutex::default(),
            software: Mutex::default(),
        });
        let router = Router::new()
            .route("/users/{name}", get(actor))
            .route("/users/{name}/inbox", post(inbox))
            .route("/inbox", post(inbox))
            .fallback(get(document))
            .route("/.well-known/nodeinfo", get(nodeinfo_index))
            .route("/nodeinfo/2.0", get(nodeinfo))
            .with_state(Arc::clone(&script));
        #[expect(
            clippy::disallowed_methods,
            reason = "the socket must answer while the test speaks"
        )]
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the socket serves");
        });
        Self { script, serving }
    }

    /// From now on its NodeInfo says that it runs this.
    pub fn runs(&self, software: &'static str) {
        *self.script.software.lock().unwrap_or_else(PoisonError::into_inner) = Some(software);
    }

    /// The actor's id.
    pub fn actor(&self) -> String {
        format!("{}/users/officer", self.script.origin)
    }

    /// An id on this server.
    pub fn id(&self, path: &str) -> String {
        format!("{}/{path}", self.script.origin)
    }

    /// From now on a document is served under its id; an actor's takes the place of the usual one.
    pub fn serves(&self, document: &Value) {
        let id = document["id"].as_str().expect("a document with an id");
        let path = id.strip_prefix(&self.script.origin).expect("an id of this server").to_owned();
        let mut documents = self.script.documents.lock().unwrap_or_else(PoisonError::into_inner);
        documents.insert(path, document.clone());
    }

    /// From now on this id answers 410.
    pub fn forgets(&self, id: &str) {
        let path = id.strip_prefix(&self.script.origin).expect("an id of this server").to_owned();
        let mut documents = self.script.documents.lock().unwrap_or_else(PoisonError::into_inner);
        documents.insert(path, Value::Null);
    }

    /// The paths that were asked with GET, and whether signed.
    pub fn asked(&self) -> Vec<(String, bool)> {
        self.script.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The document of somebody who lives there, with members added or replaced.
    pub fn person(&self, name: &str, members: Value) -> Value {
        let mut document = self.script.actor(name);
        if let (Some(known), Value::Object(more)) = (document.as_object_mut(), members) {
            known.extend(more);
        }
        document
    }

    /// What has been delivered so far.
    pub fn received(&self) -> Vec<Value> {
        self.script.inbox.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// By which keys that was signed.
    pub fn signed_by(&self) -> Vec<String> {
        self.script.signed_by.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a delivery.
    pub async fn next(&self) {
        self.script.arrived.notified().await;
    }

    /// From now on the inbox answers so.
    pub fn answers(&self, status: u16) {
        self.script.answer.store(status, Ordering::SeqCst);
    }

    /// From now on the actor's id answers so.
    pub fn actor_answers(&self, status: u16) {
        self.script.actor_answer.store(status, Ordering::SeqCst);
    }

    /// POSTs an activity, signed by the actor; answers the status.
    pub async fn sends(&self, inbox: &str, activity: &Value) -> StatusCode {
        let body = activity.to_string().into_bytes();
        self.sends_bytes(inbox, &body, &body, SystemClock.now()).await
    }

    /// POSTs an activity, signed by whom it names as `actor`; answers the status.
    pub async fn sends_as_actor(&self, inbox: &str, activity: &Value) -> StatusCode {
        let actor = activity["actor"].as_str().expect("an activity with an actor");
        let body = activity.to_string().into_bytes();
        self.sends_by(actor, inbox, &body, &body, SystemClock.now()).await
    }

    /// POSTs an activity signed by this actor, whatever it says; answers the status.
    pub async fn sends_as(&self, actor: &str, inbox: &str, activity: &Value) -> StatusCode {
        let body = activity.to_string().into_bytes();
        self.sends_by(actor, inbox, &body, &body, SystemClock.now()).await
    }

    /// The id of somebody who lives there.
    pub fn user(&self, name: &str) -> String {
        format!("{}/users/{name}", self.script.origin)
    }

    /// A reply as Mastodon sends it: HTML with the mention, `contentMap`, `conversation`, nulls, no proof.
    pub fn reply(&self, who: &str, number: i64, parent: &str, text: &str, language: &str) -> Value {
        let public = "https://www.w3.org/ns/activitystreams#Public";
        let (actor, at) = (self.user(who), SystemClock.now());
        let id = format!("{actor}/statuses/{number}");
        let content = format!(
            "<p><span class=\"h-card\" translate=\"no\"><a href=\"{parent}\" class=\"u-url mention\">@<span>amina</span></a></span> {text}</p>"
        );
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", {"ostatus": "http://ostatus.org#", "conversation": "ostatus:conversation"}],
            "id": format!("{id}/activity"), "type": "Create", "actor": actor, "published": at,
            "to": [public], "cc": [format!("{actor}/followers"), parent],
            "object": {
                "id": id, "type": "Note", "summary": null, "inReplyTo": parent, "published": at,
                "url": id, "attributedTo": actor, "to": [public], "cc": [format!("{actor}/followers"), parent],
                "sensitive": false, "atomUri": id, "inReplyToAtomUri": parent, "updated": null,
                "conversation": format!("tag:masto.localhost,2026:objectId={number}:objectType=Conversation"),
                "content": content, "contentMap": {language: content}, "attachment": [],
                "tag": [{"type": "Mention", "href": parent, "name": "@amina@civil.localhost"}],
                "replies": {"id": format!("{id}/replies"), "type": "Collection"},
            },
        })
    }

    /// POSTs `body` with a signature made at `at` over `signed`.
    pub async fn sends_bytes(
        &self,
        inbox: &str,
        signed: &[u8],
        body: &[u8],
        at: Timestamp,
    ) -> StatusCode {
        self.sends_by(&self.actor(), inbox, signed, body, at).await
    }

    async fn sends_by(
        &self,
        actor: &str,
        inbox: &str,
        signed: &[u8],
        body: &[u8],
        at: Timestamp,
    ) -> StatusCode {
        let url = Url::parse(inbox).expect("an inbox");
        let key_id = format!("{actor}#main-key");
        let signer = SigningKey { key: &self.script.key, id: &key_id };
        let headers = sign_post(signer, &url, &BodyDigest::of(signed), Form::Cavage, at)
            .expect("a signature");
        post_to(&url, headers.into_iter().collect(), body.to_vec()).await
    }
}

/// POSTs to a name under `.localhost`, which is this machine.
pub async fn post_to(url: &Url, headers: HeaderMap, body: Vec<u8>) -> StatusCode {
    #[expect(clippy::disallowed_methods, reason = "the foreign server's own client, to loopback")]
    let client = reqwest::Client::builder()
        .no_proxy()
        .resolve(
            url.host_str().expect("a host"),
            std::net::SocketAddr::from(([127, 0, 0, 1], url.port().expect("a port"))),
        )
        .build()
        .expect("a client");
    let sent = client.post(url.clone()).headers(headers).body(body).send().await;
    sent.expect("the instance answers").status()
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Script {
    fn actor(&self, name: &str) -> Value {
        let id = format!("{}/users/{name}", self.origin);
        let inbox = self.inbox_elsewhere.clone().unwrap_or_else(|| format!("{id}/inbox"));
        let endpoints =
            self.shared_inbox.then(|| json!({"sharedInbox": format!("{}/inbox", self.origin)}));
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": id, "type": self.kind, "endpoints": endpoints, "preferredUsername": name, "name": "An officer",
            "inbox": inbox, "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.key.public_pem()},
        })
    }

    fn document(&self, path: &str) -> Option<Value> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }
}

async fn actor(State(script): State<Arc<Script>>, Path(name): Path<String>) -> impl IntoResponse {
    let status =
        StatusCode::from_u16(script.actor_answer.load(Ordering::SeqCst)).unwrap_or(StatusCode::OK);
    let document =
        script.document(&format!("/users/{name}")).unwrap_or_else(|| script.actor(&name));
    (status, [(header::CONTENT_TYPE, "application/activity+json")], document.to_string())
}

async fn document(
    State(script): State<Arc<Script>>,
    headers: HeaderMap,
    uri: axum::http::Uri,
) -> impl IntoResponse {
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let document = script.document(&path);
    let signed = headers.contains_key("signature");
    script.asked.lock().unwrap_or_else(PoisonError::into_inner).push((path, signed));
    let status = match document {
        None => StatusCode::NOT_FOUND,
        Some(Value::Null) => StatusCode::GONE,
        Some(_) => StatusCode::OK,
    };
    let body = document.unwrap_or_default().to_string();
    (status, [(header::CONTENT_TYPE, "application/activity+json")], body)
}

async fn inbox(State(script): State<Arc<Script>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let status =
        StatusCode::from_u16(script.answer.load(Ordering::SeqCst)).unwrap_or(StatusCode::OK);
    if status.is_success()
        && let Ok(activity) = serde_json::from_slice(&body)
    {
        script.inbox.lock().unwrap_or_else(PoisonError::into_inner).push(activity);
        let key = key_of(&headers);
        script.signed_by.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        script.arrived.notify_one();
    }
    status
}

/// The key that a request names, in either form of signature.
fn key_of(headers: &HeaderMap) -> String {
    let named = ["signature-input", "signature"].iter().find_map(|name| {
        let value = headers.get(*name)?.to_str().ok()?;
        let (_, behind) = value.split_once("keyid=\"").or_else(|| value.split_once("keyId=\""))?;
        behind.split('"').next().map(str::to_owned)
    });
    named.unwrap_or_default()
}

async fn nodeinfo_index(State(script): State<Arc<Script>>) -> Result<String, StatusCode> {
    let software = *script.software.lock().unwrap_or_else(PoisonError::into_inner);
    software.ok_or(StatusCode::NOT_FOUND)?;
    let rel = "http://nodeinfo.diaspora.software/ns/schema/2.0";
    let href = format!("{}/nodeinfo/2.0", script.origin);
    Ok(json!({"links": [{"rel": rel, "href": href}]}).to_string())
}

async fn nodeinfo(State(script): State<Arc<Script>>) -> Result<String, StatusCode> {
    let software = *script.software.lock().unwrap_or_else(PoisonError::into_inner);
    let name = software.ok_or(StatusCode::NOT_FOUND)?;
    Ok(json!({"version": "2.0", "software": {"name": name, "version": "1.0"}}).to_string())
}

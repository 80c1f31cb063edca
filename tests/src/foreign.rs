//! A scripted server of other software on loopback: it has one actor, keeps what is delivered to it, answers as it is
//! told, and signs what it sends as Mastodon does.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU16, Ordering},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use polylogue::{
    base::{
        clock::{Clock as _, SystemClock, Timestamp},
        crypto::RequestKey,
    },
    protocol::http_signature::{BodyDigest, sign_post},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
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
    answer: AtomicU16,
    actor_answer: AtomicU16,
    shared_inbox: bool,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Script").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Foreign {
    /// Starts a server called `name.localhost` with the actor `/users/officer`.
    pub async fn start(name: &str) -> Self {
        Self::start_as(name, false).await
    }

    /// The same with a shared inbox, to which deliveries then go.
    pub async fn start_with_shared_inbox(name: &str) -> Self {
        Self::start_as(name, true).await
    }

    async fn start_as(name: &str, shared_inbox: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let script = Arc::new(Script {
            origin: format!("http://{name}.localhost:{port}"),
            key: RequestKey::generate().expect("a key"),
            inbox: Mutex::default(),
            answer: AtomicU16::new(202),
            actor_answer: AtomicU16::new(200),
            shared_inbox,
        });
        let router = Router::new()
            .route("/users/officer", get(actor))
            .route("/users/officer/inbox", post(inbox))
            .route("/inbox", post(inbox))
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

    /// The actor's id.
    pub fn actor(&self) -> String {
        format!("{}/users/officer", self.script.origin)
    }

    /// An id on this server.
    pub fn id(&self, path: &str) -> String {
        format!("{}/{path}", self.script.origin)
    }

    /// What has been delivered so far.
    pub fn received(&self) -> Vec<Value> {
        self.script.inbox.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

    /// POSTs `body` with a signature made at `at` over `signed`.
    pub async fn sends_bytes(
        &self,
        inbox: &str,
        signed: &[u8],
        body: &[u8],
        at: Timestamp,
    ) -> StatusCode {
        let url = Url::parse(inbox).expect("an inbox");
        let key_id = format!("{}#main-key", self.actor());
        let headers = sign_post(&self.script.key, &key_id, &url, &BodyDigest::of(signed), at)
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

async fn actor(State(script): State<Arc<Script>>) -> impl IntoResponse {
    let status =
        StatusCode::from_u16(script.actor_answer.load(Ordering::SeqCst)).unwrap_or(StatusCode::OK);
    let id = format!("{}/users/officer", script.origin);
    let endpoints =
        script.shared_inbox.then(|| json!({"sharedInbox": format!("{}/inbox", script.origin)}));
    let document = json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": id, "type": "Person", "endpoints": endpoints, "preferredUsername": "officer", "name": "An officer",
        "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
        "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": script.key.public_pem()},
    });
    (status, [(header::CONTENT_TYPE, "application/activity+json")], document.to_string())
}

async fn inbox(State(script): State<Arc<Script>>, body: Bytes) -> StatusCode {
    let status =
        StatusCode::from_u16(script.answer.load(Ordering::SeqCst)).unwrap_or(StatusCode::OK);
    if status.is_success()
        && let Ok(activity) = serde_json::from_slice(&body)
    {
        script.inbox.lock().unwrap_or_else(PoisonError::into_inner).push(activity);
    }
    status
}

//! An instance on a database of its own, asked without a network: what the tests of the faces stand on.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use zeroize::Zeroizing;

use super::{router::router, state::HttpState};
use crate::{
    base::{
        clock::{Clock, SystemClock, Timestamp},
        crypto::Vault,
        entropy::OsEntropy,
        mail::NoMail,
    },
    domain::group::StakeholderGroup,
    federation::{Federation, network::Policy},
    protocol::paths::Paths,
    service::{
        Ports, Profile, Role, Service, Wake,
        accounts::{AccountKind, NewAccount},
        sign_in::Scope,
    },
};

// The faces name no store; their tests open one, only to put a service together.
#[cfg(test)]
use crate::store::Store;

/// The domain of the instance.
pub(super) const DOMAIN: &str = "cs.example";
/// Where its API is.
pub(super) const API: &str = "/api/plg/v1";
/// What servers ask for.
pub(super) const AS2: &str = "application/activity+json";

pub(super) struct Instance {
    pub(super) router: Router,
    pub(super) service: Service,
    pub(super) state: HttpState,
    directory: PathBuf,
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.directory);
    }
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    /// The document, after its status is what was expected.
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub(super) fn content_type(&self) -> &str {
        self.header("content-type")
    }
}

/// A clock that stands.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl Instance {
    pub(super) async fn start() -> Self {
        Self::start_by(Arc::new(SystemClock)).await
    }

    /// One at which no time passes: what is counted by the minute is, however long the machine takes.
    pub(super) async fn start_at_one_moment() -> Self {
        Self::start_by(Arc::new(Still(SystemClock.now()))).await
    }

    async fn start_by(clock: Arc<dyn Clock>) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory =
            std::env::temp_dir().join(format!("polylogue-http-{}-{number}", std::process::id()));
        let url = format!("sqlite://{}", directory.join("test.db").display());
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        let ports =
            Ports { clock, entropy: Arc::new(OsEntropy::default()), mail: Arc::new(NoMail) };
        let profile = Profile {
            name: "Civil society forum".into(),
            group: Some(StakeholderGroup::CivilSociety),
            development: false,
            exposed: false,
            rate_limits: true,
        };
        let paths = Paths::new(DOMAIN, false);
        let service =
            Service::new(store, ports, paths, profile, Vault::new([7; 32]), Wake::default());
        let federation =
            Box::pin(Federation::new(service.clone(), Policy::production())).await.unwrap();
        let state = HttpState {
            service: service.clone(),
            federation,
            trusted_proxies: Arc::new(Vec::new()),
        };
        Self { router: router(state.clone()), service, state, directory }
    }

    /// Makes an account and answers a token for it.
    pub(super) async fn account(&self, name: &str, group: StakeholderGroup) -> String {
        self.service
            .create_account(NewAccount {
                name: name.into(),
                kind: AccountKind::Person,
                display_name: name.to_uppercase(),
                email: format!("{name}@mail.example"),
                role: Role::Moderator,
                group: Some(group),
                region: None,
                password: Some(Zeroizing::new("correct horse battery".into())),
            })
            .await
            .unwrap();
        self.token(name, "read write follow").await
    }

    pub(super) async fn token(&self, name: &str, scope: &str) -> String {
        self.service.create_token(name, Scope::parse(scope).unwrap()).await.unwrap()
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// A request to our own host.
    pub(super) fn request(
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).header("host", DOMAIN);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body).unwrap()
    }

    pub(super) async fn get(&self, path: &str, accept: &str) -> Answer {
        let path = path.strip_prefix("https://cs.example").unwrap_or(path);
        self.send(Self::request("GET", path, &[("accept", accept)], Body::empty())).await
    }

    pub(super) async fn api(&self, path: &str) -> Answer {
        self.get(&format!("{API}{path}"), "application/json").await
    }

    pub(super) async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers =
            [("authorization", authorization.as_str()), ("content-type", "application/json")];
        let body = Body::from(serde_json::to_vec(body).unwrap());
        self.send(Self::request("POST", &format!("{API}{path}"), &headers, body)).await
    }

    /// Reads what only an account may.
    pub(super) async fn get_as(&self, token: &str, path: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str()), ("accept", "application/json")];
        self.send(Self::request("GET", &format!("{API}{path}"), &headers, Body::empty())).await
    }

    pub(super) async fn delete(&self, token: &str, path: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str())];
        self.send(Self::request("DELETE", &format!("{API}{path}"), &headers, Body::empty())).await
    }

    pub(super) async fn topic(&self, token: &str, slug: &str) -> Value {
        let body = json!({"slug": slug, "name": "Shared rivers", "question": "Who decides?", "language": "en"});
        self.post(token, "/topics", &body).await.expect(201)
    }

    pub(super) async fn opinion(&self, token: &str, slug: &str, name: &str) -> Value {
        let body = json!({"name": name, "abstract": "Those who drink from it.", "language": "en",
            "source": "## Why\n\nA river has two banks.\n\nBoth are heard."});
        self.post(token, &format!("/topics/{slug}/opinions"), &body).await.expect(201)
    }
}

/// What browsers ask for.
pub(super) const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// A browser that keeps its cookies.
pub(super) struct Browser<'a> {
    instance: &'a Instance,
    pub(super) cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(instance: &'a Instance) -> Self {
        Self { instance, cookies: Vec::new() }
    }

    pub(super) async fn send(&mut self, method: &str, path: &str, body: String) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let headers = [
            ("accept", HTML),
            ("cookie", cookies.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let answer =
            self.instance.send(Instance::request(method, path, &headers, Body::from(body))).await;
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let (name, rest) = set.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            let value = rest.split(';').next().unwrap();
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    pub(super) async fn get(&mut self, path: &str) -> String {
        let answer = self.send("GET", path, String::new()).await;
        let text = html(&answer);
        assert_eq!(answer.status, 200, "{path}: {text}");
        assert!(!text.contains('⟦'), "{path} lacks a message");
        text
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = self.send("POST", path, body).await;
        (answer.status, html(&answer))
    }

    pub(super) async fn sign_in(&mut self, name: &str) -> String {
        let form = self.get("/sign-in?next=/topics").await;
        let csrf = value_of(&form, "csrf");
        let fields = [
            ("csrf", csrf.as_str()),
            ("handle", name),
            ("password", "correct horse battery"),
            ("next", "/topics"),
        ];
        assert_eq!(self.post("/sign-in", &fields).await.0, 303);
        value_of(&self.get("/").await, "csrf")
    }
}

pub(super) fn html(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// Value of the first hidden field of this name.
pub(super) fn value_of(html: &str, name: &str) -> String {
    let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    rest.split('"').next().unwrap().to_owned()
}

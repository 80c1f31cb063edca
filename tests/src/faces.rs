//! The whole route table over a service of a test's own, asked without a socket: pages, API and documents, and a
//! reader who keeps their cookies.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use polylogue::{
    federation::{Federation, network::Policy},
    http::{router::router, state::HttpState},
};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{Participant, TestService, cast::PASSWORD};

/// What browsers ask for.
pub const HTML: &str = "text/html";
/// What other servers ask for.
pub const AS2: &str = "application/activity+json";
/// What programs ask for.
pub const JSON: &str = "application/json";

/// An instance's faces.
#[derive(Debug, Clone)]
pub struct Faces {
    router: Router,
    domain: String,
    cookies: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// A header as text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("a JSON document")
    }
}

impl Faces {
    /// Over a service.
    pub async fn of(test: &TestService) -> Self {
        let service = test.service.clone();
        let federation = Box::pin(Federation::new(service.clone(), Policy::production()))
            .await
            .expect("the federation opens");
        let domain = service.paths.domain().to_owned();
        let state = HttpState { service, federation, trusted_proxies: Arc::new(Vec::new()) };
        Self { router: router(state), domain, cookies: Vec::new() }
    }

    /// Sends a request to this instance's own host.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", &self.domain);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all("set-cookie") {
            let (name, rest) = set.to_str().unwrap_or_default().split_once('=').unwrap_or_default();
            self.cookies.retain(|(known, _)| known != name);
            let value = rest.split(';').next().unwrap_or_default();
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Asks for an address.
    pub async fn get(&mut self, path: &str, accept: &str) -> Answer {
        self.send("GET", path, &[("accept", accept)], String::new()).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("accept", HTML), ("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &headers, body).await
    }

    /// Sends JSON to the API, with a token.
    pub async fn post_json(&mut self, token: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", JSON)];
        self.send("POST", &format!("/api/plg/v1{path}"), &headers, body.to_string()).await
    }

    /// Signs somebody of the cast in.
    pub async fn sign_in(&mut self, who: &Participant) {
        let form = self.get("/sign-in", HTML).await;
        let csrf = hidden(&form.text, "csrf");
        let fields =
            [("csrf", csrf), ("handle", &who.caller.actor.username), ("password", PASSWORD)];
        assert_eq!(self.post("/sign-in", &fields).await.status, 303, "they sign in");
    }
}

/// The value of the first hidden field of this name.
pub fn hidden<'a>(html: &'a str, name: &str) -> &'a str {
    let (_, rest) =
        html.split_once(&format!("name=\"{name}\" value=\"")).expect("there is such a field");
    rest.split('"').next().unwrap_or_default()
}

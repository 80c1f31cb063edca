//! An instance and those who take part in it with browsers and programs: what a journey is walked on.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use polylogue::{
    domain::group::StakeholderGroup,
    service::{accounts::AccountKind, sign_in::Scope},
};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{Browser, TestDatabase, TestInstance, cast};

/// A meeting on one instance.
#[derive(Debug)]
pub struct Meeting {
    /// Where it meets.
    pub instance: TestInstance,
    /// Its faces.
    pub router: Router,
    /// Its host, with the port.
    pub host: String,
}

impl Meeting {
    /// Opens on a database of the test's own, which must outlive it.
    pub async fn open(database: &TestDatabase) -> Self {
        Self::of(TestInstance::start_over("civil", database).await)
    }

    /// Opens on an instance that is there.
    pub fn of(instance: TestInstance) -> Self {
        let host = instance.app.service.paths.domain().to_owned();
        Self { router: instance.app.router(), host, instance }
    }

    /// Somebody gets an account.
    pub async fn join(&self, name: &str, kind: AccountKind, group: Option<StakeholderGroup>) {
        let new = cast::account(name, kind, group);
        self.instance.app.service.create_account(new).await.expect("the account is made");
    }

    /// A browser of nobody.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone(), &self.host)
    }

    /// A browser of somebody.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(name).await;
        browser
    }

    /// A token of somebody, to read and write.
    pub async fn token(&self, name: &str) -> String {
        let scope = Scope::parse("read write").expect("a scope");
        self.instance.app.service.create_token(name, scope).await.expect("a token")
    }

    /// Asks the API.
    pub async fn api(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/plg/v1{path}"))
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("an answer");
        let status = answer.status();
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

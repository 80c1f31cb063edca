//! An instance that is filled once: filling takes minutes, measuring seconds. Where `POLYLOGUE_FIGURES_DIR` names a
//! directory it stays there for the next run; else it goes with this one.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use polylogue::{
    app::App,
    base::{clock::SystemClock, entropy::OsEntropy},
    config,
    domain::group::StakeholderGroup,
    service::{
        Caller, Ports, Role,
        accounts::{AccountKind, NewAccount},
    },
};
use polylogue_tests::{
    instance::{scratch, settings},
    mail::CaughtMail,
};
use tower::ServiceExt as _;

/// Names the directory that keeps what was filled.
const DIRECTORY: &str = "POLYLOGUE_FIGURES_DIR";

/// An instance that holds what is measured.
pub(super) struct Filled {
    pub(super) app: App,
    /// Says, once all is there, what to ask for.
    note: PathBuf,
    scratch: Option<tempfile::TempDir>,
}

impl Filled {
    /// Opens it, with what an earlier run left.
    pub(super) async fn open(name: &str) -> Self {
        let (directory, scratch) = if let Ok(kept) = std::env::var(DIRECTORY) {
            (PathBuf::from(kept).join(name), None)
        } else {
            let directory = scratch();
            (directory.path().to_owned(), Some(directory))
        };
        let domain = format!("{name}.localhost:18480");
        let config = config::load(None, settings(&directory, &domain).into_iter())
            .expect("the settings are valid");
        let ports = Ports {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(OsEntropy::default()),
            mail: Arc::new(CaughtMail::default()),
        };
        let app = Box::pin(App::open_ports(config, ports)).await.expect("the instance opens");
        Self { app, note: directory.join("filled"), scratch }
    }

    /// What to ask for, where all is there.
    pub(super) fn noted(&self) -> Option<String> {
        std::fs::read_to_string(&self.note).ok()
    }

    /// Notes that all is there.
    pub(super) fn is_filled(&self, asked: &str) {
        std::fs::write(&self.note, asked).expect("a note beside the database");
    }

    /// Whether the next run finds it as this one leaves it.
    pub(super) fn is_kept(&self) -> bool {
        self.scratch.is_none()
    }

    /// The author of everything that is from here.
    pub(super) async fn author(&self) -> Caller {
        let new = NewAccount {
            name: "amina".to_owned(),
            kind: AccountKind::Person,
            display_name: "Amina".to_owned(),
            email: String::new(),
            role: Role::Member,
            group: Some(StakeholderGroup::CivilSociety),
            region: None,
            password: None,
        };
        self.app.service.create_account(new).await.expect("the account is made");
        self.app.service.caller_named("amina").await.expect("the account is there")
    }

    /// The length of an answer to a `GET` with these headers.
    pub(super) async fn get(&self, router: &Router, path: &str, headers: &[(&str, &str)]) -> usize {
        let mut request = Request::get(path).header("host", self.app.service.paths.domain());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let answer = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body").len()
    }
}

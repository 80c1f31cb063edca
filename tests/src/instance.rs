//! A whole instance on a loopback socket, whose queues move only when the test says so.

use std::{net::SocketAddr, path::Path, sync::Arc};

use polylogue::{
    app::App,
    base::{
        clock::{Clock, SystemClock},
        entropy::OsEntropy,
        limits,
        mail::Mail,
    },
    config,
    domain::group::StakeholderGroup,
    service::{
        Caller, Ports, Role, Streams,
        accounts::{AccountKind, NewAccount},
        streams::Bounds,
    },
    store::{deliveries, entries},
    workers::runner::Workers,
};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::mail::CaughtMail;

/// An instance with its socket and its directory, which goes with it.
#[derive(Debug)]
pub struct TestInstance {
    /// The instance.
    pub app: App,
    /// The letters it has sent.
    pub mail: CaughtMail,
    /// Where it listens.
    pub address: SocketAddr,
    workers: Option<Workers>,
    serving: JoinHandle<()>,
    directory: tempfile::TempDir,
}

impl TestInstance {
    /// Starts an instance called `name.localhost`, on a free port.
    pub async fn start(name: &str) -> Self {
        Self::start_with(name, None, |router| router).await
    }

    /// The same over a database of the test's own, which must outlive it.
    pub async fn start_over(name: &str, database: &crate::TestDatabase) -> Self {
        Self::start_with(name, Some(database.url().to_owned()), |router| router).await
    }

    /// The same behind something that sees every request first. It takes them as fast as they come: who looks at each
    /// sends many.
    pub async fn start_behind(
        name: &str,
        front: impl FnOnce(axum::Router) -> axum::Router,
    ) -> Self {
        let unpaced = [("LIMITS__ENABLED", "false")];
        Self::start_whole(name, None, front, &unpaced, (Arc::new(SystemClock), None)).await
    }

    async fn start_with(
        name: &str,
        database: Option<String>,
        front: impl FnOnce(axum::Router) -> axum::Router,
    ) -> Self {
        Self::start_whole(name, database, front, &[], (Arc::new(SystemClock), None)).await
    }

    /// The same with another way out for mail; nothing is caught in `mail`.
    pub async fn start_mailing(name: &str, mail: Arc<dyn Mail>) -> Self {
        let ports: (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Some(mail));
        Self::start_whole(name, None, |router| router, &[], ports).await
    }

    /// The same with settings (`FEDERATION__AUTHORIZED_FETCH`) and a clock of the test's own.
    pub async fn start_set(name: &str, more: &[(&str, &str)], clock: Arc<dyn Clock>) -> Self {
        Self::start_whole(name, None, |router| router, more, (clock, None)).await
    }

    async fn start_whole(
        name: &str,
        database: Option<String>,
        front: impl FnOnce(axum::Router) -> axum::Router,
        more: &[(&str, &str)],
        (clock, sends): (Arc<dyn Clock>, Option<Arc<dyn Mail>>),
    ) -> Self {
        let (directory, listener) = (scratch(), free().await);
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let mut settings = settings(directory.path(), &format!("{name}.localhost:{port}"));
        if let Some(url) = database {
            settings.push(("POLYLOGUE__DATABASE__URL".to_owned(), url));
        }
        for (key, value) in more {
            settings.push((format!("POLYLOGUE__{key}"), (*value).to_owned()));
        }
        let config = config::load(None, settings.into_iter()).expect("the settings are valid");
        let mail = CaughtMail::default();
        let ports = Ports {
            clock,
            entropy: Arc::new(OsEntropy::default()),
            mail: sends.unwrap_or_else(|| Arc::new(mail.clone())),
        };
        let app = Box::pin(App::open_ports(config, ports)).await.expect("the instance opens");
        Self::serve(app, mail, directory, listener, front)
    }

    fn serve(
        app: App,
        mail: CaughtMail,
        directory: tempfile::TempDir,
        listener: TcpListener,
        front: impl FnOnce(axum::Router) -> axum::Router,
    ) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let service = front(app.router()).into_make_service_with_connect_info::<SocketAddr>();
        #[expect(
            clippy::disallowed_methods,
            reason = "the socket must answer while the test speaks"
        )]
        let serving = tokio::spawn(async move {
            axum::serve(listener, service).await.expect("the socket serves");
        });
        Self { app, mail, address, workers: None, serving, directory }
    }

    /// The same with its workers at work.
    #[must_use]
    pub fn at_work(mut self) -> Self {
        self.workers = Some(self.app.workers());
        self
    }

    /// The same over a database of the test's own, with streams of its own, and its workers at work.
    pub async fn start_streaming(
        name: &str,
        database: &crate::TestDatabase,
        bounds: Bounds,
    ) -> Self {
        let (directory, listener) = (scratch(), free().await);
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let mut settings = settings(directory.path(), &format!("{name}.localhost:{port}"));
        settings.push(("POLYLOGUE__DATABASE__URL".to_owned(), database.url().to_owned()));
        settings.push(("POLYLOGUE__LIMITS__ENABLED".to_owned(), "false".to_owned()));
        let config = config::load(None, settings.into_iter()).expect("the settings are valid");
        let app = Box::pin(App::open(config)).await.expect("the instance opens");
        Self::listening(app, directory, listener, bounds)
    }

    fn listening(
        mut app: App,
        directory: tempfile::TempDir,
        listener: TcpListener,
        bounds: Bounds,
    ) -> Self {
        let service = app.service.clone().with_streams(Streams::with(bounds));
        app.federation.service = service.clone();
        app.service = service;
        let mail = CaughtMail::default();
        Self::serve(app, mail, directory, listener, |router| router).at_work()
    }

    /// An instance that somebody else serves at this address, or nobody.
    pub fn elsewhere(app: App, address: SocketAddr, directory: tempfile::TempDir) -> Self {
        #[expect(clippy::disallowed_methods, reason = "nothing is served here")]
        let serving = tokio::spawn(async {});
        Self { app, mail: CaughtMail::default(), address, workers: None, serving, directory }
    }

    /// Another server of the same instance: the same database, name and key, a socket of its own.
    pub async fn beside(&self) -> Self {
        let (directory, listener) = (scratch(), free().await);
        let app = Box::pin(App::open(self.config_at(directory.path()))).await;
        let app = app.expect("the instance opens again");
        Self::listening(app, directory, listener, self.app.service.streams.bounds())
    }

    /// The configuration of the same instance with another data directory: the database and the key stay.
    fn config_at(&self, directory: &Path) -> config::Config {
        let own = self.directory.path();
        let key = std::fs::read_to_string(own.join("secret.key")).expect("the key is there");
        let mut settings = settings(directory, self.app.service.paths.domain());
        settings.push(("POLYLOGUE__DATA__SECRET_KEY".to_owned(), key.trim().to_owned()));
        let url = self.app.config.database.url.expose().to_owned();
        settings.push(("POLYLOGUE__DATABASE__URL".to_owned(), url));
        config::load(None, settings.into_iter()).expect("the settings are valid")
    }

    /// `http://name.localhost:PORT`
    pub fn origin(&self) -> &str {
        self.app.service.paths.origin()
    }

    /// Makes a person with an account here.
    pub async fn person(&self, name: &str, group: StakeholderGroup) -> Caller {
        let new = NewAccount {
            name: name.to_owned(),
            kind: AccountKind::Person,
            display_name: name.to_owned(),
            email: String::new(),
            role: Role::Member,
            group: Some(group),
            region: None,
            password: None,
        };
        self.app.service.create_account(new).await.expect("the account is made");
        self.app.service.caller_named(name).await.expect("the account is there")
    }

    /// The hashes of a room's log, sorted: its set.
    pub async fn hashes(&self, slug: &str) -> Vec<String> {
        let room = self.app.service.room(slug).await.expect("the room is there");
        let mut hashes = Vec::new();
        let mut after = 0;
        loop {
            let page =
                entries::page(&self.app.service.store, room.id, after, limits::PAGE_ITEMS_MAX)
                    .await
                    .expect("the log can be read");
            let Some(last) = page.last() else { break };
            after = last.seq;
            hashes.extend(page.into_iter().map(|row| row.hash));
        }
        hashes.sort();
        hashes
    }

    /// How many deliveries were taken by their receivers.
    pub async fn delivered(&self) -> u64 {
        deliveries::count(&self.app.service.store, deliveries::DONE)
            .await
            .expect("deliveries can be counted")
    }
}

impl Drop for TestInstance {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback")
}

/// Moves the queues of all until nothing moves any more.
pub async fn drain(instances: &[&TestInstance]) {
    loop {
        let mut moved = 0;
        for instance in instances {
            moved += instance.app.drain().await.expect("the queues move");
        }
        if moved == 0 {
            return;
        }
    }
}

/// A directory in memory where there is one: tests wait for no disk.
pub fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
        .expect("a scratch directory")
}

/// The settings of an instance on loopback.
pub fn settings(directory: &Path, domain: &str) -> Vec<(String, String)> {
    [
        ("POLYLOGUE__DATA__DIR", directory.display().to_string()),
        ("POLYLOGUE__INSTANCE__DOMAIN", domain.to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

//! The composition root: configuration and ports in, a server that can be run or stepped out. The only place where
//! the real ports are made.

use std::{
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::{
    base::{
        clock::{Clock, SystemClock},
        crypto::Vault,
        entropy::{self, Entropy, OsEntropy},
        mail::{Mail, NoMail, SmtpMail},
    },
    config::{Config, SecretKey, SecretKeySource},
    federation::{
        Federation,
        home::HomeRules,
        network::{Mode, Policy},
    },
    http::{router, state::HttpState},
    protocol::paths::Paths,
    service::{Ports, Profile, Service, Wake},
    store::{Store, projections},
    workers::{control, runner::Workers},
};

/// How long those who listen are given to be told that the server ends.
const GOODBYE: Duration = Duration::from_secs(5);

/// An instance, put together.
#[derive(Debug, Clone)]
pub struct App {
    /// What it was put together from.
    pub config: Arc<Config>,
    /// Use cases and reads.
    pub service: Service,
    /// What talks with other servers.
    pub federation: Federation,
}

impl App {
    /// Opens the database, brings it up to date, opens the keys.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        Self::open_with(config, Arc::new(SystemClock), Arc::new(OsEntropy::default())).await
    }

    /// The same with time and randomness of the caller's.
    pub async fn open_with(
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> anyhow::Result<Self> {
        let mail: Arc<dyn Mail> = match &config.mail {
            Some(mail) => Arc::new(
                SmtpMail::new(mail.url.expose(), &mail.from).context("mail.url or mail.from")?,
            ),
            None => Arc::new(NoMail),
        };
        Self::open_ports(config, Ports { clock, entropy, mail }).await
    }

    /// The same with all ports of the caller's.
    pub async fn open_ports(config: Config, ports: Ports) -> anyhow::Result<Self> {
        let directory = &config.data.dir;
        // For its owner alone: password hashes and sealed keys lie in it.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .with_context(|| format!("cannot make the data directory {}", directory.display()))?;
        let vault = Vault::new(secret(&config, ports.entropy.as_ref())?);
        let store =
            Store::open(config.database.url.expose()).await.context("cannot open the database")?;
        store.migrate().await.context("cannot bring the database up to date")?;
        projections::rebuild_if_outdated(&store)
            .await
            .context("cannot make the tables that follow from the record again")?;
        let domain = config.instance.domain.to_string();
        let profile = Profile {
            name: config.instance.name.clone(),
            group: config.instance.group,
            development: config.federation.development,
            exposed: config.is_exposed_development(),
            rate_limits: config.limits.enabled,
        };
        let service = Service::new(
            store,
            ports,
            Paths::new(&domain, config.federation.development).with_handles(
                config.instance.handle_domain.as_ref().map(ToString::to_string).as_deref(),
            ),
            profile,
            vault,
            Wake::default(),
        );
        let policy = Policy {
            mode: if config.federation.development { Mode::Development } else { Mode::Production },
            allow_addresses: config.federation.allow_addresses.clone(),
            allow_domains: config.federation.allow_domains.clone(),
        };
        let federation = Box::pin(Federation::new(service.clone(), policy))
            .await?
            .demanding_signed_reading(config.federation.authorized_fetch)
            .holding_unknown(config.federation.hold_unknown)
            .letting_in(HomeRules {
                enabled: config.sign_in.guests,
                allow_hosts: config.sign_in.allow_hosts.clone(),
                block_hosts: config.sign_in.block_hosts.clone(),
                ..HomeRules::default()
            });
        Ok(Self { config: Arc::new(config), service, federation })
    }

    /// The whole route table.
    pub fn router(&self) -> axum::Router {
        router::router(HttpState {
            service: self.service.clone(),
            federation: self.federation.clone(),
            trusted_proxies: Arc::new(self.config.server.trusted_proxies.clone()),
        })
    }

    /// Starts the workers.
    pub fn workers(&self) -> Workers {
        Workers::start(&self.federation)
    }

    /// Works every queue until all are empty: what the workers do, one step after the other. For tests and for the
    /// command line when no server runs.
    pub async fn drain(&self) -> anyhow::Result<usize> {
        let mut steps = 0;
        loop {
            let mut worked = self.federation.process_inbox().await?;
            worked += self.federation.pull_due().await?;
            worked += self.federation.walk(self.service.now()).await?;
            worked += self.federation.relay().await?;
            worked += self.service.leave_notices().await?;
            worked += self.service.find_passages_again().await?;
            worked += self.federation.push().await?;
            worked += self.federation.expand().await?;
            for host in self.federation.lanes_due().await? {
                loop {
                    let sent = self.federation.deliver(&host).await?;
                    worked += sent;
                    if sent == 0 {
                        break;
                    }
                }
            }
            steps += worked;
            if worked == 0 {
                return Ok(steps);
            }
        }
    }

    /// Serves on these sockets until `stop` comes, then ends what is under way.
    pub async fn serve(
        &self,
        listeners: Vec<TcpListener>,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        let (socket, socket_path) = control::listen(&self.config.data.dir).with_context(|| {
            format!("cannot make a socket in {}", self.config.data.dir.display())
        })?;
        let workers = self.workers();
        let (stop_serving, stopped) = tokio::sync::watch::channel(false);
        let mut serving = tokio::task::JoinSet::new();
        for listener in listeners {
            let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
            let mut stopped = stopped.clone();
            serving.spawn(async move {
                axum::serve(listener, service)
                    .with_graceful_shutdown(async move {
                        // The sender lives as long as this function.
                        let _ = stopped.changed().await;
                    })
                    .await
            });
        }
        tokio::select! {
            () = stop => {}
            () = control::serve(socket, self.service.clone()) => {}
        }
        let _ = stop_serving.send(true);
        // Those who listen go first: they would stay for ever.
        self.service.streams.close();
        while let Some(ended) = serving.join_next().await {
            ended??;
        }
        // Sockets are nobody's requests any more: they say that they go, or are cut off.
        let _ = tokio::time::timeout(GOODBYE, self.service.streams.empty()).await;
        workers.stop().await;
        // Gone already, or not ours to mind.
        let _ = std::fs::remove_file(socket_path);
        Ok(())
    }
}

/// The key that seals private keys: from the environment, else from its file, which is made at the first start.
fn secret(config: &Config, entropy: &dyn Entropy) -> anyhow::Result<[u8; 32]> {
    match &config.data.secret_key {
        SecretKeySource::Given(key) => Ok(*key.expose()),
        SecretKeySource::File(path) => secret_from(path, entropy),
    }
}

fn secret_from(path: &Path, entropy: &dyn Entropy) -> anyhow::Result<[u8; 32]> {
    let fresh = SecretKey::from_bytes(entropy::bytes(entropy));
    // Made whole or not at all, and never over one that is there: without it every private key is lost.
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            writeln!(file, "{}", fresh.to_hex().as_str())
                .and_then(|()| file.sync_all())
                .with_context(|| format!("cannot write {}", path.display()))?;
            Ok(*fresh.expose())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the secret key {}", path.display()))?;
            let key = SecretKey::parse(text.trim()).with_context(|| {
                format!("{} does not hold a secret key of 32 bytes in hexadecimal", path.display())
            })?;
            Ok(*key.expose())
        }
        Err(error) => {
            Err(error).with_context(|| format!("cannot make the secret key {}", path.display()))
        }
    }
}

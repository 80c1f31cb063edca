//! `polylogue demo`: three instances in one process, linked by real signed HTTP on loopback, with a small discussion
//! on them.

mod play;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    app::App,
    config::{self, Config},
};

/// Show three instances at work, on this computer alone.
///
/// Starts a civil society group, a government and a technical community, linked with each other, and has an
/// opinion, comments and positions travel between them by signed HTTP. Prints the three addresses and what to look
/// at. Stops on Ctrl-C and leaves nothing behind, unless --keep is given. Nothing leaves this computer.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Publish this opinion instead of the one that comes with the program: Markdown with a YAML head
    #[arg(long, value_name = "FILE")]
    pub opinion: Option<PathBuf>,
    /// Keep the three instances in this directory, with their ports, and go on from there the next time
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// Who takes part: name of the host, of the instance, and its group.
const CAST: [(&str, &str, &str); 3] = [
    ("civil", "Commons Forum", "civil-society"),
    ("gov", "Ministry of Digital Affairs, Northland", "governments"),
    ("tech", "Registry Operators' Circle", "technical-community"),
];
/// The port of the first; the others follow.
const FIRST_PORT: u16 = 8481;
/// Ports tried after it.
const PORTS_TRIED: u16 = 500;
/// File in the kept directory that holds the three ports.
const PORTS_FILE: &str = "ports";

/// Runs the three until Ctrl-C.
pub(super) async fn run(args: Args, out: &mut impl Write) -> anyhow::Result<()> {
    let opinion = match &args.opinion {
        Some(path) => tokio::fs::read_to_string(path)
            .await
            .with_context(|| format!("cannot read the opinion {}", path.display()))?,
        None => include_str!("../../assets/demo-opinion.md").to_owned(),
    };
    let opinion = play::Script::read(&opinion)?;
    let (directory, _removed_at_the_end) = if let Some(directory) = &args.keep {
        (directory.clone(), None)
    } else {
        let temporary = Temporary::make()?;
        (temporary.0.clone(), Some(temporary))
    };
    std::fs::create_dir_all(&directory)
        .with_context(|| format!("cannot make the directory {}", directory.display()))?;
    let stopped = super::serve::stopped()?;
    let listeners = listeners(&directory, args.keep.is_some()).await?;
    let mut apps = Vec::new();
    let mut serving = JoinSet::new();
    let (stop, _) = watch::channel(false);
    for ((host, name, group), listener) in CAST.into_iter().zip(listeners) {
        let port = listener.local_addr()?.port();
        writeln!(out, "Starting http://{host}.localhost:{port}/ ({name})")?;
        out.flush()?;
        let app = App::open(settings(
            &directory.join(host),
            &format!("{host}.localhost:{port}"),
            name,
            group,
        )?)
        .await?;
        let serve = app.clone();
        let mut stopping = stop.subscribe();
        serving.spawn(async move {
            serve
                .serve(vec![listener], async move {
                    // An ended sender stops it too.
                    let _ = stopping.changed().await;
                })
                .await
        });
        apps.push(app);
    }
    let [civil, gov, tech] = <[App; 3]>::try_from(apps)
        .map_err(|apps| anyhow::anyhow!("{} instances instead of three", apps.len()))?;
    tokio::pin!(stopped);
    tokio::select! {
        played = play::play(&civil, &gov, &tech, &opinion, out) => {
            played?;
            out.flush()?;
            stopped.await;
        }
        () = &mut stopped => {}
    }
    // The receivers may have ended by themselves.
    let _ = stop.send(true);
    while let Some(ended) = serving.join_next().await {
        ended??;
    }
    match &args.keep {
        Some(directory) => writeln!(out, "\nStopped. Kept in {}.", directory.display())?,
        None => writeln!(out, "\nStopped. Nothing is left behind.")?,
    }
    Ok(())
}

fn settings(directory: &Path, domain: &str, name: &str, group: &str) -> anyhow::Result<Config> {
    let settings = [
        ("POLYLOGUE__DATA__DIR", directory.display().to_string()),
        ("POLYLOGUE__INSTANCE__DOMAIN", domain.to_owned()),
        ("POLYLOGUE__INSTANCE__NAME", name.to_owned()),
        ("POLYLOGUE__INSTANCE__GROUP", group.to_owned()),
    ];
    Ok(config::load(None, settings.into_iter().map(|(key, value)| (key.to_owned(), value)))?)
}

/// One socket each: the ports kept from the last time, else the first free ones.
async fn listeners(directory: &Path, keep: bool) -> anyhow::Result<Vec<TcpListener>> {
    let file = directory.join(PORTS_FILE);
    if keep && let Ok(text) = std::fs::read_to_string(&file) {
        let mut listeners = Vec::new();
        for word in text.split_whitespace() {
            let port: u16 =
                word.parse().with_context(|| format!("{} holds no ports", file.display()))?;
            let listener = TcpListener::bind(("127.0.0.1", port)).await.with_context(|| {
                format!("port {port}, which the kept instances are known by, is taken")
            })?;
            listeners.push(listener);
        }
        anyhow::ensure!(
            listeners.len() == CAST.len(),
            "{} does not hold three ports",
            file.display()
        );
        return Ok(listeners);
    }
    let mut listeners = Vec::new();
    for port in FIRST_PORT..FIRST_PORT + PORTS_TRIED {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            listeners.push(listener);
        }
        if listeners.len() == CAST.len() {
            break;
        }
    }
    anyhow::ensure!(listeners.len() == CAST.len(), "no three free ports from {FIRST_PORT} on");
    if keep {
        let ports: Vec<String> = listeners
            .iter()
            .filter_map(|l| l.local_addr().ok())
            .map(|a| a.port().to_string())
            .collect();
        std::fs::write(&file, ports.join(" "))?;
    }
    Ok(listeners)
}

/// A directory that is removed when the demo ends.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Temporary {
    fn make() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("polylogue-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Not there, or not ours to remove: nothing more can be done about it here.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

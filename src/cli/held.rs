//! `polylogue held …`.

use std::io::Write;

use clap::Subcommand;

use crate::{app::App, config::Config, workers::control};

/// What to do with what other servers sent and that is held.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the servers of which something is held, with how much and until when
    List(ListArgs),
    /// Work out now what is held of a server
    Release(ReleaseArgs),
}

/// List the servers of which something is held, with how much and until when.
///
/// What comes too fast is held for its turn, and what comes from servers that are not known yet for a day, where
/// `federation.hold_unknown` says so. Nothing of it is lost. One line for each: server, number, and the time when the
/// last of it is worked out by itself, with tabs in between.
#[derive(Debug, clap::Args)]
pub struct ListArgs {}

/// Work out now what is held of a server.
///
/// Prints how much that is.
#[derive(Debug, clap::Args)]
pub struct ReleaseArgs {
    /// The server, as the list shows it
    pub host: String,
}

/// Lists the servers.
pub(super) async fn list(config: Config, out: &mut impl Write) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    for held in app.service.held_hosts().await? {
        writeln!(out, "{}\t{}\t{}", held.host, held.items, held.until)?;
    }
    Ok(())
}

/// Lets them go.
pub(super) async fn release(
    config: Config,
    args: ReleaseArgs,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    let released = app.service.release_held(&args.host).await?;
    anyhow::ensure!(released > 0, "nothing of `{}` is held: see `polylogue held list`", args.host);
    writeln!(out, "{released}")?;
    control::ring(&app.config.data.dir).await;
    Ok(())
}

//! `polylogue serve`.

use std::io::Write;

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{app::App, config::Config, store::accounts};

/// Run the server, until Ctrl-C.
///
/// At the first start it makes the data directory, the database and the keys. Then it prints the address of the
/// first page. All else is set in the configuration file or by POLYLOGUE__SECTION__KEY variables.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn run(config: Config, out: &mut impl Write) -> anyhow::Result<()> {
    // The address first: a second server on one data directory must fail before it touches anything.
    let mut listeners = Vec::new();
    for address in &config.server.listen {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}: does another program use it?"))?;
        listeners.push(listener);
    }
    let app = App::open(config).await?;
    writeln!(out, "{} is at {}/", app.config.instance.name, app.config.origin())?;
    if app.config.is_exposed_development() {
        writeln!(out, "WARNING: development mode on an address that others can reach.")?;
    }
    if accounts::count(&app.service.store).await? == 0 {
        writeln!(out, "No account yet. Make the first one in another window:")?;
        writeln!(
            out,
            "  polylogue account create NAME --display-name \"Your Name\" --role admin --password-stdin"
        )?;
    }
    writeln!(out, "Stop it with Ctrl-C.")?;
    out.flush()?;
    app.serve(listeners, stopped()?).await
}

/// Ends when the process is told to stop, by a person (SIGINT) or by a service manager (SIGTERM).
pub(super) fn stopped() -> anyhow::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

//! `polylogue migrate`.

use std::io::Write;

use crate::{config::Config, store::Store};

/// Bring the database to the form this version needs.
///
/// The server does this by itself when it starts; this is for those who want to do it, and see it, beforehand. Make
/// a copy of the database first: an older version may not read it afterwards.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Applies the migrations that are missing and says how many there were.
pub(super) async fn run(config: Config, out: &mut impl Write) -> anyhow::Result<()> {
    let store = Store::open(config.database.url.expose()).await?;
    let pending = store.pending_migrations().await?;
    store.migrate().await?;
    writeln!(out, "{pending} steps were missing; the database is up to date.")?;
    Ok(())
}

//! `polylogue doctor`.

use std::{io::Write, path::Path};

use crate::{
    app::App,
    config::{Config, SecretKeySource},
    store::{Store, deliveries, inbox_items, links, rooms},
    workers::control,
};

/// Check configuration, database and keys, and say what to mend.
///
/// Changes nothing. Prints each setting with where it came from, and each finding with what to do about it. Ends
/// with status 1 where something has to be mended.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Looks at everything and answers whether all is well.
pub(super) async fn run(
    config: Config,
    file: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let mut well = true;
    match file {
        Some(file) => writeln!(out, "settings   from {} and the environment", file.display())?,
        None => writeln!(
            out,
            "settings   defaults and the environment; `polylogue init` writes a file"
        )?,
    }
    writeln!(out, "address    {}/", config.origin())?;
    if config.federation.development {
        writeln!(out, "mode       development: plain http, this computer only")?;
    }
    if config.is_exposed_development() {
        well = false;
        writeln!(
            out,
            "MEND       development mode listens on an address that others can reach: set server.listen"
        )?;
    }
    for net in &config.federation.allow_addresses {
        writeln!(out, "reaches    {net}, though it is not a public address")?;
    }
    if let SecretKeySource::File(path) = &config.data.secret_key {
        if path.exists() {
            writeln!(out, "secret     {}: keep a copy apart from the database", path.display())?;
        } else {
            writeln!(out, "secret     {} is made at the first start", path.display())?;
        }
    }
    let store = match Store::open(config.database.url.expose()).await {
        Ok(store) => store,
        Err(error) => {
            writeln!(out, "MEND       the database cannot be opened: {error}")?;
            return Ok(false);
        }
    };
    let pending = store.pending_migrations().await?;
    if pending > 0 {
        writeln!(
            out,
            "database   {pending} steps behind: `polylogue migrate`, or start the server"
        )?;
        return Ok(well);
    }
    writeln!(out, "database   up to date")?;
    let directory = config.data.dir.clone();
    let app = match App::open(config).await {
        Ok(app) => app,
        Err(error) => {
            writeln!(out, "MEND       {error:#}")?;
            return Ok(false);
        }
    };
    let instance = app.service.instance_actor().await?;
    match app.service.keys.of(&instance).await {
        Ok(_) => writeln!(out, "keys       open")?,
        Err(error) => {
            well = false;
            writeln!(
                out,
                "MEND       private keys do not open ({error}): is this the secret key they were sealed with?"
            )?;
        }
    }
    match &app.config.mail {
        None => writeln!(out, "mail       none is sent: set mail.url and mail.from")?,
        Some(mail) => match app.service.ports.mail.check().await {
            Ok(()) => writeln!(out, "mail       {} answers", mail.url.server())?,
            Err(error) => {
                well = false;
                writeln!(
                    out,
                    "MEND       mail cannot go out by {}: {error}; see mail.url",
                    mail.url.server()
                )?;
            }
        },
    }
    let running = control::ring(&directory).await;
    writeln!(out, "server     {}", if running { "running" } else { "not running" })?;
    for room in rooms::all(&store).await? {
        let linked = links::up(&store, room.id).await?.len();
        writeln!(
            out,
            "topic      {}: {} entries, links up: {linked}",
            room.slug,
            room.next_seq - 1
        )?;
    }
    let due = deliveries::count(&store, deliveries::DUE).await?;
    let given_up = deliveries::count(&store, deliveries::GIVEN_UP).await?;
    writeln!(out, "deliveries {due} to send, {given_up} given up")?;
    for peer in deliveries::peers(&store).await?.into_iter().filter(|peer| peer.failures > 0) {
        let why = peer.last_error.unwrap_or_default();
        writeln!(out, "peer       {} did not answer {} times: {why}", peer.host, peer.failures)?;
    }
    let refused = inbox_items::count(&store, inbox_items::REFUSED).await?;
    writeln!(out, "inbox      {refused} refused so far; the newest:")?;
    for item in inbox_items::refused(&store, 5).await? {
        writeln!(out, "           {}: {}", item.activity_uri, item.reason.unwrap_or_default())?;
    }
    writeln!(
        out,
        "{}",
        if well { "All is well." } else { "Something has to be mended: see MEND above." }
    )?;
    Ok(well)
}

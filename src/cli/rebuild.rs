//! `polylogue rebuild`.

use std::io::Write;

use crate::{
    app::App,
    config::Config,
    store::{dump, projections, rooms},
    workers::control,
};

/// Make every table that follows from the record anew.
///
/// The record itself, accounts, keys and settings stay untouched. Opinions, comments and positions are put together
/// again from the signed acts; on a healthy database everything is the same afterwards.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Empties the projections and makes them again, room by room, and says whether anything came out different.
pub(super) async fn run(config: Config, out: &mut impl Write) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    let store = &app.service.store;
    // What a worker would still have done is no difference.
    while app.service.find_passages_again().await? > 0 {}
    let before = dump::everything(store).await?;
    for room in rooms::all(store).await? {
        // One transaction a room: readers see the old tables or the new ones.
        let tx = store.begin().await?;
        let cells = projections::rebuild(&tx, room.id).await?;
        tx.commit().await?;
        writeln!(out, "{}: {cells} parts of the state made anew", room.slug)?;
    }
    let after = dump::everything(store).await?;
    if before == after {
        writeln!(out, "Every table is as it was: {} bytes compared.", after.len())?;
    } else {
        writeln!(out, "The tables differ from what they were: they now say what the record says.")?;
    }
    control::ring(&app.config.data.dir).await;
    Ok(())
}

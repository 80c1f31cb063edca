//! `polylogue rebuild`.

/// Make every table that follows from the record anew.
///
/// The record itself, accounts, keys and settings stay untouched. Opinions, comments and positions are put together
/// again from the signed acts; on a healthy database everything is the same afterwards.
#[derive(Debug, clap::Args)]
pub struct Args {}

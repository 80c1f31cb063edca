//! `polylogue migrate`.

/// Bring the database to the form this version needs.
///
/// The server does this by itself when it starts; this is for those who want to do it, and see it, beforehand. Make
/// a copy of the database first: an older version may not read it afterwards.
#[derive(Debug, clap::Args)]
pub struct Args {}

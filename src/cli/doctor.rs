//! `polylogue doctor`.

/// Check configuration, database and keys, and say what to mend.
///
/// Changes nothing. Prints each setting with where it came from, and each finding with what to do about it. Ends
/// with status 1 where something has to be mended.
#[derive(Debug, clap::Args)]
pub struct Args {}

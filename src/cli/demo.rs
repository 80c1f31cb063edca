//! `polylogue demo`.

use std::path::PathBuf;

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

//! Starts Polylogue: reads the arguments and does what they say (`polylogue::cli`).

use std::process::ExitCode;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    // The future holds every command's state; on the heap it does not grow the stack of the start.
    Box::pin(polylogue::cli::run(polylogue::cli::parse())).await
}

//! `polylogue receipt …`: no configuration, no database, no network.

use std::{io::Write, path::PathBuf};

use anyhow::Context as _;
use clap::Subcommand;

use crate::{
    base::{clock::Timestamp, crypto::ProofPublicKey},
    record::receipt::{self, Bundle, Known, LogPart, Outcome},
};

/// What to do with receipts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a receipt that was kept, without a network
    Check(CheckArgs),
}

/// Check a receipt that was kept, without a network.
///
/// Prints a line for each thing that is checked: the room's signature, the hash of the entry, the author's signature
/// and, with --log, whether the log holds the entry. Ends with status 1 where one of them fails. "note" marks what
/// holds only as far as the file can be trusted.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The file, as a page of a receipt gives it
    pub file: PathBuf,
    /// A page of a log that was fetched apart, as JSON or a line for each entry
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// The room's key as you know it: the publicKeyMultibase in its own document
    #[arg(long, value_name = "MULTIBASE", value_parser = key)]
    pub key: Option<ProofPublicKey>,
}

fn key(text: &str) -> Result<ProofPublicKey, String> {
    ProofPublicKey::from_multibase(text)
        .ok()
        .ok_or_else(|| "not an Ed25519 key of the form z6Mk…".to_owned())
}

/// Checks a receipt and answers whether it holds.
pub(super) fn check(
    args: &CheckArgs,
    now: Timestamp,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let read = |path: &PathBuf| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let bundle = Bundle::read(&read(&args.file)?)
        .with_context(|| format!("{} is no receipt", args.file.display()))?;
    let log = match &args.log {
        Some(path) => Some(
            LogPart::read(&read(path)?).with_context(|| format!("{} is no log", path.display()))?,
        ),
        None => None,
    };
    let findings = receipt::check(&bundle, &Known { room_key: args.key, log }, now);
    for finding in &findings {
        let mark = match finding.outcome {
            Outcome::Holds => "ok    ",
            Outcome::Caution => "note  ",
            Outcome::Fails => "FAILS ",
        };
        writeln!(out, "{mark}{}", finding.sentence)?;
    }
    let holds = findings.iter().all(|finding| finding.outcome != Outcome::Fails);
    writeln!(out, "{}", if holds { "The receipt holds." } else { "The receipt does not hold." })?;
    Ok(holds)
}

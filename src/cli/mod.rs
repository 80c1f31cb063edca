//! The command line: names and options that scripts depend on, and help that says what happens. It reads
//! arguments and standard input; the work is done by the layers below.

pub mod account;
pub mod demo;
pub mod doctor;
pub mod held;
pub mod init;
pub mod migrate;
pub mod password;
pub mod rebuild;
pub mod receipt;
pub mod serve;
pub mod token;
pub mod topic;

use std::{io::IsTerminal as _, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    base::clock::{Clock, SystemClock},
    config,
};

/// A federated server for multistakeholder discussion.
///
/// Each stakeholder group runs its own instance; topics are held jointly; every instance holds the same record.
///
/// To look around: `polylogue demo`. To start your own instance on this computer: `polylogue serve`, or no
/// command at all.
#[derive(Debug, Parser)]
#[command(name = "polylogue", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// Configuration file (TOML). Without it, polylogue.toml in the current directory, where there is one
    #[arg(long, global = true, value_name = "FILE", env = "POLYLOGUE_CONFIG")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// What to do; without a word about it, [`Command::Serve`].
    pub fn into_command(self) -> Command {
        self.command.unwrap_or(Command::Serve(serve::Args {}))
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server, until Ctrl-C
    Serve(serve::Args),
    /// Show three instances at work, on this computer alone
    Demo(demo::Args),
    /// Write a configuration file to start from
    Init(init::Args),
    /// Check configuration, database and keys, and say what to mend
    Doctor(doctor::Args),
    /// Bring the database to the form this version needs
    Migrate(migrate::Args),
    /// Make every table that follows from the record anew
    Rebuild(rebuild::Args),
    /// Accounts on this instance
    #[command(subcommand)]
    Account(account::Command),
    /// Keys for programs that use the API
    #[command(subcommand)]
    Token(token::Command),
    /// Topics of discussion
    #[command(subcommand)]
    Topic(topic::Command),
    /// What other servers sent and that is held for its turn
    #[command(subcommand)]
    Held(held::Command),
    /// Receipts of what was said
    #[command(subcommand)]
    Receipt(receipt::Command),
}

/// Reads the arguments of this process. On a mistake, or for `--help` and `--version`, it prints what is to be
/// said and ends the process, as clap does.
pub fn parse() -> Cli {
    Cli::parse()
}

/// Does what the arguments say.
///
/// # Errors
/// What went wrong, for the person at the terminal: nothing half-done is left.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let file = config::find_file(cli.config.clone());
    let named = cli.config.clone();
    let command = cli.into_command();
    let mut out = std::io::stdout();
    if let Command::Init(args) = &command {
        init::run(args, named, &mut out)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Receipt(receipt::Command::Check(args)) = &command {
        let holds = receipt::check(args, SystemClock.now(), &mut out)?;
        return Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if let Command::Demo(args) = command {
        log_to_stderr("warn");
        Box::pin(demo::run(args, &mut out)).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = config::load(file.as_deref(), config::environment())?;
    log_to_stderr(&config.log.filter);
    match command {
        Command::Serve(_) => serve::run(config, &mut out).await?,
        Command::Migrate(_) => migrate::run(config, &mut out).await?,
        Command::Rebuild(_) => rebuild::run(config, &mut out).await?,
        Command::Account(account::Command::Password(args)) => {
            account::set_password(config, args, &mut out).await?;
        }
        Command::Account(account::Command::Create(args)) => {
            account::create(config, args, &mut out).await?;
        }
        Command::Token(token::Command::Create(args)) => {
            token::create(config, args, &mut out).await?;
        }
        Command::Topic(topic::Command::Create(args)) => {
            topic::create(config, args, &mut out).await?;
        }
        Command::Topic(topic::Command::Join(args)) => {
            Box::pin(topic::join(config, args, &mut out)).await?;
        }
        Command::Topic(topic::Command::Facilitate(args)) => {
            topic::facilitate(config, args, &mut out).await?;
        }
        Command::Held(held::Command::List(_)) => held::list(config, &mut out).await?,
        Command::Held(held::Command::Release(args)) => {
            held::release(config, args, &mut out).await?;
        }
        Command::Doctor(_) => {
            if !doctor::run(config, file.as_deref(), &mut out).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        // These were done above, without a configuration.
        Command::Init(_) | Command::Demo(_) | Command::Receipt(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// The log goes to standard error, so that what a command prints can be taken as it is.
fn log_to_stderr(filter: &str) {
    // That no migration is missing is no news.
    let quiet = format!("sea_orm_migration=warn,{filter}");
    let filter = EnvFilter::try_new(quiet).unwrap_or_else(|_unreadable| EnvFilter::new("info"));
    let colour = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colour)
        .with_writer(std::io::stderr);
    // A second call finds the first one's subscriber: that is the one to keep.
    let _ = log.try_init();
}

#[cfg(test)]
mod tests;

//! `polylogue token …`.

use std::{fmt, io::Write, str::FromStr};

use clap::{Subcommand, ValueEnum};

use crate::{app::App, config::Config, service::sign_in};

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token with which a program acts for an account
    Create(CreateArgs),
}

/// Make a token with which a program acts for an account.
///
/// Prints the token alone, so that a script can take it as it is. It is shown this once and kept only as a digest;
/// whoever has it can do what its scopes say, so treat it like a password.
#[derive(Debug, clap::Args)]
pub struct CreateArgs {
    /// Name of the account
    pub name: String,
    /// What the token is good for: any of read, write and follow, separated by spaces
    #[arg(long, default_value = "read")]
    pub scope: Scopes,
}

/// One thing a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Scope {
    /// See what the account sees
    Read,
    /// Publish, revise, comment, take positions
    Write,
    /// Follow and unfollow
    Follow,
}

/// At least one [`Scope`], each once, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// The scopes.
    pub fn as_slice(&self) -> &[Scope] {
        &self.0
    }
}

impl FromStr for Scopes {
    type Err = String;

    /// Words separated by white space; the error names the one that is no scope.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut scopes = text
            .split_whitespace()
            .map(|word| {
                Scope::from_str(word, false).ok().ok_or_else(|| {
                    format!("\"{word}\" is no scope; allowed are read, write and follow")
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err("at least one of read, write and follow is needed".to_owned());
        }
        Ok(Self(scopes))
    }
}

impl fmt::Display for Scopes {
    /// The words, separated by single spaces, as OAuth writes a scope (RFC 6749 §3.3).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, scope) in self.0.iter().enumerate() {
            let word = match scope {
                Scope::Read => "read",
                Scope::Write => "write",
                Scope::Follow => "follow",
            };
            write!(f, "{}{word}", if n == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// Makes a token and prints it alone.
pub(super) async fn create(
    config: Config,
    args: CreateArgs,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    let words: Vec<&str> = args
        .scope
        .as_slice()
        .iter()
        .map(|scope| match scope {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Follow => "follow",
        })
        .collect();
    let scope = sign_in::Scope::parse(&words.join(" "))?;
    let token = app.service.create_token(&args.name, scope).await?;
    writeln!(out, "{token}")?;
    Ok(())
}

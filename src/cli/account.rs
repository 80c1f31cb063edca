//! `polylogue account …`.

use std::io::Write;

use clap::{Subcommand, ValueEnum};

use super::password;
use crate::{
    app::App,
    config::Config,
    domain::{group::StakeholderGroup, region::Region},
    service::{
        self,
        accounts::{AccountKind, NewAccount},
    },
    workers::control,
};

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account for a person or an organisation
    Create(CreateArgs),
    /// Give an account a new password; whoever is signed in with the old one is signed out
    Password(PasswordArgs),
}

/// Make an account for a person or an organisation.
///
/// Prints its address on the network and, once, its recovery key: the 24 words with which it can be taken to
/// another instance should this one be lost. They are not kept here; hand them to whom the account belongs to.
#[derive(Debug, clap::Args)]
pub struct CreateArgs {
    /// Name in addresses, as in @NAME@this.instance: 3 to 20 of a-z, 0-9 and _, beginning with a letter
    pub name: String,
    /// Whether a person or an organisation speaks through it
    #[arg(long, value_enum, default_value_t = Kind::Person)]
    pub kind: Kind,
    /// Name as people read it; without it, NAME
    #[arg(long, value_name = "TEXT")]
    pub display_name: Option<String>,
    /// Address for mail from this instance; never shown to others
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// What it may do here: take part, moderate, or administer
    #[arg(long, value_enum, default_value_t = Role::Member)]
    pub role: Role,
    /// Stakeholder group: academic-community, civil-society, governments, individual-users,
    /// international-organisations, private-sector, technical-community or other; without it, none is declared
    #[arg(long)]
    pub group: Option<StakeholderGroup>,
    /// Region, as the United Nations group states: africa, asia-pacific, eastern-europe, latin-america-caribbean or
    /// western-europe-others; without it, none is declared
    #[arg(long)]
    pub region: Option<Region>,
    /// Read the password from standard input, one line of at least 10 characters; without it the account can
    /// be used with tokens only, until it has a password
    #[arg(long)]
    pub password_stdin: bool,
}

/// Give an account a new password.
#[derive(Debug, clap::Args)]
pub struct PasswordArgs {
    /// Its name, as in @NAME@this.instance
    pub name: String,
    /// Read the password from standard input, one line of at least 10 characters
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

/// Who speaks through an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A person
    Person,
    /// An organisation
    Organization,
}

/// What an account may do on its instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Takes part
    Member,
    /// Takes part and moderates
    Moderator,
    /// Takes part, moderates and administers
    Admin,
}

/// Gives an account a new password.
pub(super) async fn set_password(
    config: Config,
    args: PasswordArgs,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let password = password::read_line(std::io::stdin().lock())?;
    let app = App::open(config).await?;
    app.service.set_password(&args.name, password).await?;
    writeln!(out, "{} has a new password; its browsers are signed out", args.name)?;
    Ok(())
}

/// Makes an account.
pub(super) async fn create(
    config: Config,
    args: CreateArgs,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let password = if args.password_stdin {
        Some(password::read_line(std::io::stdin().lock())?)
    } else {
        None
    };
    let app = App::open(config).await?;
    let made = app
        .service
        .create_account(NewAccount {
            display_name: args.display_name.unwrap_or_else(|| args.name.clone()),
            name: args.name,
            kind: match args.kind {
                Kind::Person => AccountKind::Person,
                Kind::Organization => AccountKind::Organization,
            },
            email: args.email.unwrap_or_default(),
            role: match args.role {
                Role::Member => service::Role::Member,
                Role::Moderator => service::Role::Moderator,
                Role::Admin => service::Role::Admin,
            },
            group: args.group,
            region: args.region,
            password,
        })
        .await?;
    writeln!(out, "{}", made.actor.uri)?;
    writeln!(
        out,
        "Recovery key, shown this once and kept nowhere; hand it to whom the account belongs to:"
    )?;
    writeln!(out, "{}", made.recovery_words.as_str())?;
    control::ring(&app.config.data.dir).await;
    Ok(())
}

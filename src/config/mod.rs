//! The configuration: a TOML file and `POLYLOGUE__SECTION__KEY` variables, read, typed and checked as a whole.
//! It owns names, defaults and cross-field rules, and is the only place that looks at the environment. It opens
//! nothing and creates nothing. Layers below get plain values out of it, never a [`Config`].

mod check;
pub mod key;
mod load;
mod problem;
mod settings;
mod value;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use ipnet::IpNet;

use crate::domain::group::StakeholderGroup;

pub use self::{
    load::load,
    problem::{ConfigErrors, Origin, Problem},
    value::{DatabaseUrl, Domain, MailUrl, SecretKey},
};

/// The file that is read from the current directory when none is named.
pub const FILE_NAME: &str = "polylogue.toml";

/// Where the key for sealing private keys is kept, in the data directory.
const SECRET_KEY_FILE_NAME: &str = "secret.key";

/// Everything an operator can set, complete and consistent: [`load()`] makes no other.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server listens.
    pub server: Server,
    /// Who this instance is.
    pub instance: Instance,
    /// Where its tables are.
    pub database: Database,
    /// Where its files are.
    pub data: Data,
    /// Whom it may contact, and how.
    pub federation: Federation,
    /// Who may sign in with the account of another server.
    pub sign_in: SignIn,
    /// What it refuses for being too much.
    pub limits: Limits,
    /// How it sends mail; `None`: it sends none.
    pub mail: Option<Mail>,
    /// What it writes about its own doings.
    pub log: Log,
}

/// `[server]`.
#[derive(Debug, Clone)]
pub struct Server {
    /// Addresses to listen on; at least one.
    pub listen: Vec<SocketAddr>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// `[instance]`.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The name in every id this instance makes; can never change afterwards.
    pub domain: Domain,
    /// The domain in the handles of who lives here, where it is another: it leads WebFinger here.
    pub handle_domain: Option<Domain>,
    /// How the instance calls itself.
    pub name: String,
    /// The stakeholder group that runs it; `None`: not declared.
    pub group: Option<StakeholderGroup>,
}

/// `[database]`.
#[derive(Debug, Clone)]
pub struct Database {
    /// SQLite file or PostgreSQL server.
    pub url: DatabaseUrl,
}

/// `[data]`.
#[derive(Debug, Clone)]
pub struct Data {
    /// The directory for the database, the secret key and the socket; relative to the current directory.
    pub dir: PathBuf,
    /// Where the key that seals private keys comes from.
    pub secret_key: SecretKeySource,
}

/// Where the key that seals private keys comes from.
#[derive(Debug, Clone)]
pub enum SecretKeySource {
    /// Given in the environment.
    Given(SecretKey),
    /// In this file, which whoever starts the server makes (mode 0600) where it is missing.
    File(PathBuf),
}

/// `[federation]`.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the operator's own")]
pub struct Federation {
    /// Plain http, ports and loopback are allowed: for one machine, not for the network.
    pub development: bool,
    /// Development on addresses that others can reach: the pages say so in red.
    pub development_public: bool,
    /// Non-public addresses that may be contacted. In development loopback, unless a list was given; elsewhere
    /// empty, unless a list was given.
    pub allow_addresses: Vec<IpNet>,
    /// Hosts (`a.example`) or all names below one (`*.a.example`) that [`Self::allow_addresses`] is meant for; empty: any.
    pub allow_domains: Vec<String>,
    /// Documents are given to servers only that sign their requests to read.
    pub authorized_fetch: bool,
    /// What servers send that were first met within a day is held for a day.
    pub hold_unknown: bool,
}

/// `[sign_in]`.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Whether people of other servers may, as guests.
    pub guests: bool,
    /// Hosts (`a.example`) or all names below one (`*.a.example`) whose people may; empty: all.
    pub allow_hosts: Vec<String>,
    /// Those whose people may not.
    pub block_hosts: Vec<String>,
}

/// `[limits]`.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Rate limits hold. Sizes, depths and fetch limits hold always.
    pub enabled: bool,
}

/// `[mail]`.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The server that takes letters.
    pub url: MailUrl,
    /// Whom letters are from.
    pub from: String,
}

/// `[log]`.
#[derive(Debug, Clone)]
pub struct Log {
    /// A filter as `tracing` understands it: `info`, `warn`, `info,polylogue::federation=debug`.
    pub filter: String,
}

impl Config {
    /// `http://localhost:8480` or `https://civil.example`: what every id of this instance begins with.
    pub fn origin(&self) -> String {
        let scheme = if self.federation.development { "http" } else { "https" };
        format!("{scheme}://{}", self.instance.domain)
    }

    /// Whether others can reach an instance in development: cause for a red notice.
    pub fn is_exposed_development(&self) -> bool {
        self.federation.development
            && self.server.listen.iter().any(|address| !is_loopback(*address))
    }
}

impl Data {
    fn secret_key_path(dir: &Path) -> PathBuf {
        dir.join(SECRET_KEY_FILE_NAME)
    }
}

/// Loopback, also when an IPv4 address is written in IPv6.
fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

/// The file to read: the one that was named, else `polylogue.toml` in the current directory where there is one.
pub fn find_file(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| Some(PathBuf::from(FILE_NAME)).filter(|file| file.is_file()))
}

/// The environment as [`load()`] takes it. A value that is not UTF-8 arrives with replacement characters, so that
/// it is refused by name where it matters instead of ending the process.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| {
        (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
    })
}

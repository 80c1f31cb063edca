//! From what an operator wrote to a [`Config`]: reads every key, puts in the defaults, has the rules between
//! fields checked, and answers with all problems at once or with a configuration that has none.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use tracing_subscriber::EnvFilter;

use super::{
    Config, ConfigErrors, Data, Database, Federation, Instance, Limits, Log, Mail, SecretKeySource,
    Server, SignIn,
    check::{self, Draft},
    key,
    problem::Origin,
    settings::{Given, Settings},
    value::{DatabaseUrl, Domain, MailUrl, SecretKey, is_host_name},
};
use crate::base::{limits::DISPLAY_NAME_CHARS_MAX, mail::is_mailbox};

const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);
const DOMAIN_DEFAULT: &str = "localhost:8480";
const NAME_DEFAULT: &str = "Polylogue";
const DATA_DIR_DEFAULT: &str = "./polylogue-data";
const DATABASE_FILE_NAME: &str = "polylogue.db";
const LOG_FILTER_DEFAULT: &str = "info";

/// Reads `file`, lays the `POLYLOGUE__…` variables of `environment` over it, and checks the whole.
///
/// # Errors
/// Everything that is wrong, each with its key, where it was set, what was given and what is allowed.
pub fn load(
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigErrors> {
    let mut settings = Settings::default();
    if let Some(file) = file {
        settings.read_file(file);
    }
    settings.read_environment(environment);

    let draft = read(&mut settings);
    check::check(&draft, &mut settings);
    match complete(draft) {
        Some(config) if settings.problems.is_empty() => Ok(config),
        _ => Err(ConfigErrors(settings.problems)),
    }
}

/// Every key by itself. What is unreadable is `None` and has been reported.
fn read(settings: &mut Settings) -> Draft {
    let domain = settings.text(&key::DOMAIN, Domain::parse);
    let domain = match Domain::parse(DOMAIN_DEFAULT) {
        Some(default) => domain.or_default(|| default),
        None => None,
    };
    let development = match settings.switch(&key::DEVELOPMENT) {
        Given::Nothing => domain.as_ref().map(|(domain, _)| (domain.is_local(), Origin::Default)),
        given => given.or_default(|| false),
    };
    let data_dir = settings
        .text(&key::DATA_DIR, |text| Some(PathBuf::from(text)).filter(|_| is_one_line(text)))
        .or_default(|| PathBuf::from(DATA_DIR_DEFAULT));
    let database_url = match settings.text(&key::DATABASE_URL, DatabaseUrl::parse) {
        Given::Nothing => data_dir
            .as_ref()
            .map(|(dir, _)| (DatabaseUrl::sqlite_in(dir, DATABASE_FILE_NAME), Origin::Default)),
        Given::Value(url, origin) => Some((url, origin)),
        Given::Unreadable => None,
    };
    let secret_key = match settings.text(&key::SECRET_KEY, SecretKey::parse) {
        Given::Nothing => data_dir
            .as_ref()
            .map(|(dir, _)| (SecretKeySource::File(Data::secret_key_path(dir)), Origin::Default)),
        Given::Value(key, origin) => Some((SecretKeySource::Given(key), origin)),
        Given::Unreadable => None,
    };
    let allow_addresses = match settings.list(&key::ALLOW_ADDRESSES, parse_network) {
        Given::Nothing => development.as_ref().map(|(development, _)| {
            (if *development { loopback_networks() } else { Vec::new() }, Origin::Default)
        }),
        Given::Value(networks, origin) => Some((networks, origin)),
        Given::Unreadable => None,
    };
    Draft {
        listen: settings
            .list(&key::LISTEN, |text| text.parse().ok())
            .or_default(|| vec![LISTEN_DEFAULT]),
        trusted_proxies: settings.list(&key::TRUSTED_PROXIES, parse_network).or_default(Vec::new),
        name: settings.text(&key::NAME, parse_name).or_default(|| NAME_DEFAULT.to_owned()),
        handle_domain: settings
            .text(&key::HANDLE_DOMAIN, |text| Domain::parse(text).map(Some))
            .or_default(|| None),
        group: settings.text(&key::GROUP, |text| text.parse().ok().map(Some)).or_default(|| None),
        development_public: settings.switch(&key::DEVELOPMENT_PUBLIC).or_default(|| false),
        allow_domains: settings.list(&key::ALLOW_DOMAINS, parse_host_pattern).or_default(Vec::new),
        authorized_fetch: settings.switch(&key::AUTHORIZED_FETCH).or_default(|| false),
        hold_unknown: settings.switch(&key::HOLD_UNKNOWN).or_default(|| false),
        guests: settings.switch(&key::GUESTS).or_default(|| true),
        guest_allow_hosts: settings
            .list(&key::GUEST_ALLOW_HOSTS, parse_host_pattern)
            .or_default(Vec::new),
        guest_block_hosts: settings
            .list(&key::GUEST_BLOCK_HOSTS, parse_host_pattern)
            .or_default(Vec::new),
        limits_enabled: settings.switch(&key::LIMITS_ENABLED).or_default(|| true),
        mail_url: settings
            .text(&key::MAIL_URL, |text| MailUrl::parse(text).map(Some))
            .or_default(|| None),
        mail_from: settings
            .text(&key::MAIL_FROM, |text| is_mailbox(text).then(|| Some(text.to_owned())))
            .or_default(|| None),
        log_filter: settings
            .text(&key::LOG_FILTER, parse_log_filter)
            .or_default(|| LOG_FILTER_DEFAULT.to_owned()),
        domain,
        development,
        data_dir,
        database_url,
        secret_key,
        allow_addresses,
    }
}

/// The configuration, where every part of it could be read.
fn complete(draft: Draft) -> Option<Config> {
    let mail = draft.mail_url?.0.zip(draft.mail_from?.0);
    Some(Config {
        server: Server { listen: draft.listen?.0, trusted_proxies: draft.trusted_proxies?.0 },
        instance: Instance {
            domain: draft.domain?.0,
            handle_domain: draft.handle_domain?.0,
            name: draft.name?.0,
            group: draft.group?.0,
        },
        database: Database { url: draft.database_url?.0 },
        data: Data { dir: draft.data_dir?.0, secret_key: draft.secret_key?.0 },
        federation: Federation {
            development: draft.development?.0,
            development_public: draft.development_public?.0,
            allow_addresses: draft.allow_addresses?.0,
            allow_domains: draft.allow_domains?.0,
            authorized_fetch: draft.authorized_fetch?.0,
            hold_unknown: draft.hold_unknown?.0,
        },
        sign_in: SignIn {
            guests: draft.guests?.0,
            allow_hosts: draft.guest_allow_hosts?.0,
            block_hosts: draft.guest_block_hosts?.0,
        },
        limits: Limits { enabled: draft.limits_enabled?.0 },
        mail: mail.map(|(url, from)| Mail { url, from }),
        log: Log { filter: draft.log_filter?.0 },
    })
}

/// `10.0.0.0/8`, or one address for the network of that address alone.
fn parse_network(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        .map(|network| network.trunc())
}

/// `a.example`, or `*.a.example` for every name below it.
fn parse_host_pattern(text: &str) -> Option<String> {
    is_host_name(text.strip_prefix("*.").unwrap_or(text)).then(|| text.to_owned())
}

fn parse_name(text: &str) -> Option<String> {
    let length = text.chars().count();
    (is_one_line(text) && length <= DISPLAY_NAME_CHARS_MAX).then(|| text.trim().to_owned())
}

fn parse_log_filter(text: &str) -> Option<String> {
    EnvFilter::builder().parse(text).is_ok().then(|| text.to_owned())
}

fn is_one_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::is_control)
}

fn loopback_networks() -> Vec<IpNet> {
    let v4 = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);
    vec![v4.into(), Ipv6Net::from(std::net::Ipv6Addr::LOCALHOST).into()]
}

#[cfg(test)]
mod tests;

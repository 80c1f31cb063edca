//! The rules between fields: a setting may be right by itself and wrong beside another. Rules that look at a
//! setting nobody could read are left out, so that one mistake stays one problem.

use std::{net::SocketAddr, path::PathBuf};

use ipnet::IpNet;

use crate::domain::group::StakeholderGroup;

use super::{
    SecretKeySource, is_loopback, key,
    problem::Origin,
    settings::Settings,
    value::{DatabaseUrl, Domain, MailUrl},
};

/// A value and where it came from; `None`: unreadable, and reported already.
pub(super) type Read<T> = Option<(T, Origin)>;

/// A configuration whose parts have been read but not held against each other.
pub(super) struct Draft {
    pub(super) listen: Read<Vec<SocketAddr>>,
    pub(super) trusted_proxies: Read<Vec<IpNet>>,
    pub(super) domain: Read<Domain>,
    pub(super) handle_domain: Read<Option<Domain>>,
    pub(super) name: Read<String>,
    pub(super) group: Read<Option<StakeholderGroup>>,
    pub(super) database_url: Read<DatabaseUrl>,
    pub(super) data_dir: Read<PathBuf>,
    pub(super) secret_key: Read<SecretKeySource>,
    pub(super) development: Read<bool>,
    pub(super) development_public: Read<bool>,
    pub(super) allow_addresses: Read<Vec<IpNet>>,
    pub(super) allow_domains: Read<Vec<String>>,
    pub(super) authorized_fetch: Read<bool>,
    pub(super) hold_unknown: Read<bool>,
    pub(super) guests: Read<bool>,
    pub(super) guest_allow_hosts: Read<Vec<String>>,
    pub(super) guest_block_hosts: Read<Vec<String>>,
    pub(super) limits_enabled: Read<bool>,
    pub(super) mail_url: Read<Option<MailUrl>>,
    pub(super) mail_from: Read<Option<String>>,
    pub(super) log_filter: Read<String>,
}

/// Holds the parts of `draft` against each other and notes what does not fit.
pub(super) fn check(draft: &Draft, settings: &mut Settings) {
    some_address(draft, settings);
    development_stays_on_this_machine(draft, settings);
    domain_fits_the_mode(draft, settings);
    private_addresses_are_named(draft, settings);
    secret_key_is_not_in_the_file(draft, settings);
    mail_is_from_somebody(draft, settings);
}

fn some_address(draft: &Draft, settings: &mut Settings) {
    if let Some((listen, origin)) = &draft.listen
        && listen.is_empty()
    {
        let allowed = format!("at least one: {}", key::LISTEN.allowed);
        settings.refuse(&key::LISTEN, origin.clone(), "an empty list".to_owned(), allowed);
    }
}

/// Decisions 22: in development any name may lead to loopback, so a stranger who reaches the server could have it
/// contact what only this machine can.
fn development_stays_on_this_machine(draft: &Draft, settings: &mut Settings) {
    let (Some((listen, origin)), Some((true, _)), Some((false, _))) =
        (&draft.listen, &draft.development, &draft.development_public)
    else {
        return;
    };
    for address in listen.iter().filter(|address| !is_loopback(**address)) {
        settings.refuse(
            &key::LISTEN,
            origin.clone(),
            format!("\"{address}\", which others can reach, in development"),
            "in development a loopback address such as \"127.0.0.1:8480\"; for a public server set \
             instance.domain to its name, or, knowing that strangers can then reach this machine's own \
             services through it, federation.development_public = true"
                .to_owned(),
        );
    }
}

/// A public instance is on https and port 443 (its ids say so for ever), and the port that a scheme implies has
/// no second spelling.
fn domain_fits_the_mode(draft: &Draft, settings: &mut Settings) {
    let (Some((domain, origin)), Some((development, _))) = (&draft.domain, &draft.development)
    else {
        return;
    };
    let allowed = match (domain.port(), development) {
        (Some(_), false) => {
            "a name without a port, since addresses are https://<domain>/; a port only with \
             federation.development = true"
        }
        (Some(80), true) => "the name alone: port 80 goes without saying",
        _ => return,
    };
    settings.refuse(&key::DOMAIN, origin.clone(), format!("\"{domain}\""), allowed.to_owned());
}

/// Decisions 22: outside development, opening private addresses to every name would let anybody's document point
/// the server at the inside of its own network.
fn private_addresses_are_named(draft: &Draft, settings: &mut Settings) {
    let (Some((addresses, origin)), Some((false, _)), Some((domains, _))) =
        (&draft.allow_addresses, &draft.development, &draft.allow_domains)
    else {
        return;
    };
    if !addresses.is_empty() && domains.is_empty() {
        let given: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        settings.refuse(
            &key::ALLOW_ADDRESSES,
            origin.clone(),
            format!("{} without federation.allow_domains", given.join(", ")),
            "outside development only together with federation.allow_domains, the names that may be \
             found at these addresses"
                .to_owned(),
        );
    }
}

/// Configuration files are copied, shown and backed up beside the database whose keys this one seals.
fn secret_key_is_not_in_the_file(draft: &Draft, settings: &mut Settings) {
    if let Some((SecretKeySource::Given(_), origin @ Origin::File { .. })) = &draft.secret_key {
        settings.refuse(
            &key::SECRET_KEY,
            origin.clone(),
            "(not shown)".to_owned(),
            format!("{}: {}", key::SECRET_KEY.allowed, key::SECRET_KEY.variable()),
        );
    }
}

/// A letter needs a server to take it and somebody it is from; either alone is a setting forgotten.
fn mail_is_from_somebody(draft: &Draft, settings: &mut Settings) {
    let (Some((url, url_origin)), Some((from, from_origin))) = (&draft.mail_url, &draft.mail_from)
    else {
        return;
    };
    let without = |key: &str| format!("set, without {key}");
    match (url, from) {
        (Some(_), None) => settings.refuse(
            &key::MAIL_URL,
            url_origin.clone(),
            without("mail.from"),
            format!("together with mail.from, {}", key::MAIL_FROM.allowed),
        ),
        (None, Some(_)) => settings.refuse(
            &key::MAIL_FROM,
            from_origin.clone(),
            without("mail.url"),
            format!("together with mail.url, {}", key::MAIL_URL.allowed),
        ),
        _ => {}
    }
}

//! The names an operator can set, each with what is allowed and its default: one table for the reader, for error
//! messages and for the README's own table, which a test compares with this one.

/// One thing that can be set.
#[derive(Debug)]
pub struct Key {
    /// `section.key` as in the file.
    pub name: &'static str,
    /// What may stand there, in words for an operator.
    pub allowed: &'static str,
    /// What holds when nothing is given, in words.
    pub default: &'static str,
    /// Never shown, not even in an error.
    pub secret: bool,
}

impl Key {
    /// The variable that sets it: `POLYLOGUE__SECTION__KEY`.
    pub fn variable(&self) -> String {
        format!("{ENVIRONMENT_PREFIX}{}", self.name.replace('.', "__").to_uppercase())
    }

    /// The part before the dot.
    pub fn section(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(section, _)| section)
    }
}

/// How every variable of ours begins.
pub const ENVIRONMENT_PREFIX: &str = "POLYLOGUE__";

const fn key(name: &'static str, allowed: &'static str, default: &'static str) -> Key {
    Key { name, allowed, default, secret: false }
}

const SWITCH: &str = "`true` or `false`";

/// `server.listen`
pub const LISTEN: Key = key(
    "server.listen",
    "one address with port, or a list of them, such as \"127.0.0.1:8480\" or \"[::1]:8480\"",
    "127.0.0.1:8480",
);
/// `server.trusted_proxies`
pub const TRUSTED_PROXIES: Key = key(
    "server.trusted_proxies",
    "a list of addresses or networks, such as [\"127.0.0.1\", \"10.0.0.0/8\"]",
    "none",
);
/// `instance.domain`
pub const DOMAIN: Key = key(
    "instance.domain",
    "a host name in lower-case ASCII, with a port in development only, such as \"civil.example\" or \
     \"localhost:8480\"; no scheme, no path, no IP address",
    "localhost:8480",
);
/// `instance.handle_domain`
pub const HANDLE_DOMAIN: Key = key(
    "instance.handle_domain",
    "a host name like instance.domain, such as \"ngo.example\" for \"forum.ngo.example\", which must redirect \
     /.well-known/webfinger and /.well-known/host-meta to instance.domain",
    "instance.domain",
);
/// `instance.name`
pub const NAME: Key =
    key("instance.name", "a text of 1 to 100 characters on one line", "Polylogue");
/// `instance.group`
pub const GROUP: Key = key(
    "instance.group",
    "one of academic-community, civil-society, governments, individual-users, \
     international-organisations, other, private-sector, technical-community",
    "not declared",
);
/// `database.url`
pub const DATABASE_URL: Key = Key {
    name: "database.url",
    allowed: "\"sqlite://PATH\" or \"postgres://USER:PASSWORD@HOST/DATABASE\"",
    default: "sqlite://<data.dir>/polylogue.db",
    secret: true,
};
/// `data.dir`
pub const DATA_DIR: Key = key("data.dir", "a path to a directory", "./polylogue-data");
/// `data.secret_key`
pub const SECRET_KEY: Key = Key {
    name: "data.secret_key",
    allowed: "32 bytes as 64 hexadecimal digits or in base64, in the environment only",
    default: "the file secret.key in data.dir, made at the first start",
    secret: true,
};
/// `federation.development`
pub const DEVELOPMENT: Key = key(
    "federation.development",
    SWITCH,
    "true only when the domain is localhost or ends in .localhost or .test",
);
/// `federation.development_public`
pub const DEVELOPMENT_PUBLIC: Key = key("federation.development_public", SWITCH, "false");
/// `federation.allow_addresses`
pub const ALLOW_ADDRESSES: Key = key(
    "federation.allow_addresses",
    "a list of addresses or networks, such as [\"10.20.0.0/16\"]",
    "loopback in development, else none",
);
/// `federation.allow_domains`
pub const ALLOW_DOMAINS: Key = key(
    "federation.allow_domains",
    "a list of host names without port, such as [\"polylogue.intranet.example\", \"*.partner.example\"]",
    "none",
);
/// `federation.authorized_fetch`
pub const AUTHORIZED_FETCH: Key = key("federation.authorized_fetch", SWITCH, "false");
/// `federation.hold_unknown`
pub const HOLD_UNKNOWN: Key = key("federation.hold_unknown", SWITCH, "false");
/// `sign_in.guests`
pub const GUESTS: Key = key("sign_in.guests", SWITCH, "true");
/// `sign_in.allow_hosts`
pub const GUEST_ALLOW_HOSTS: Key = key(
    "sign_in.allow_hosts",
    "a list of host names without port, such as [\"social.example\", \"*.partner.example\"]",
    "all",
);
/// `sign_in.block_hosts`
pub const GUEST_BLOCK_HOSTS: Key = key(
    "sign_in.block_hosts",
    "a list of host names without port, such as [\"spam.example\", \"*.evil.example\"]",
    "none",
);
/// `limits.enabled`
pub const LIMITS_ENABLED: Key = key("limits.enabled", SWITCH, "true");
/// `mail.url`
pub const MAIL_URL: Key = Key {
    name: "mail.url",
    allowed: "\"smtps://USER:PASSWORD@HOST\" or \"smtp://USER:PASSWORD@HOST:587\" (encrypted by STARTTLS, except to \
              this machine)",
    default: "this instance sends no mail",
    secret: true,
};
/// `mail.from`
pub const MAIL_FROM: Key = key(
    "mail.from",
    "an address, such as \"no-reply@civil.example\" or \"Our network <no-reply@civil.example>\"",
    "none; needed with mail.url",
);
/// `log.filter`
pub const LOG_FILTER: Key = key(
    "log.filter",
    "a level (error, warn, info, debug, trace), or levels by module as in \
     \"info,polylogue::federation=debug\"",
    "info",
);

/// All keys, in the order in which they are explained.
pub const KEYS: &[&Key] = &[
    &LISTEN,
    &TRUSTED_PROXIES,
    &DOMAIN,
    &HANDLE_DOMAIN,
    &NAME,
    &GROUP,
    &DATABASE_URL,
    &DATA_DIR,
    &SECRET_KEY,
    &DEVELOPMENT,
    &DEVELOPMENT_PUBLIC,
    &ALLOW_ADDRESSES,
    &ALLOW_DOMAINS,
    &AUTHORIZED_FETCH,
    &HOLD_UNKNOWN,
    &GUESTS,
    &GUEST_ALLOW_HOSTS,
    &GUEST_BLOCK_HOSTS,
    &LIMITS_ENABLED,
    &MAIL_URL,
    &MAIL_FROM,
    &LOG_FILTER,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::group::StakeholderGroup;

    #[test]
    fn the_group_key_names_every_group() {
        assert!(GROUP.allowed.ends_with(&StakeholderGroup::WORDS.join(", ")), "{}", GROUP.allowed);
    }

    #[test]
    fn variables_follow_the_names() {
        assert_eq!(ALLOW_ADDRESSES.variable(), "POLYLOGUE__FEDERATION__ALLOW_ADDRESSES");
        assert_eq!(ALLOW_ADDRESSES.section(), "federation");
    }
}

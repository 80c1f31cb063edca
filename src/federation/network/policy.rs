//! What this server may reach, as plain data. In production: https on its own port, by name, at public addresses. In
//! development besides: http, other ports, and this machine by the names that mean it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use url::{Host, Url};

use super::addresses::is_global;

/// Whom this server serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The Internet.
    Production,
    /// Its developer.
    Development,
}

/// Why an address is not reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither https nor, in development, http.
    #[error("{scheme} addresses are not fetched")]
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// A user or password in the address.
    #[error("addresses with a user or password are not fetched")]
    Userinfo,
    /// No host, or an IP address in the place of a name.
    #[error("an address needs a host name")]
    Host,
    /// A port that is not contacted.
    #[error("port {port} is not contacted")]
    Port {
        /// The port.
        port: u16,
    },
    /// A name without an address that may be reached.
    #[error("{name} has no address that may be contacted")]
    Address {
        /// The name.
        name: String,
    },
}

/// What may be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whom this server serves.
    pub mode: Mode,
    /// Addresses that may be reached though they are not public (`federation.allow_addresses`). In development
    /// they take the place of loopback.
    pub allow_addresses: Vec<IpNet>,
    /// The names for which `allow_addresses` hold; in development, when empty, all.
    pub allow_domains: Vec<String>,
}

impl Policy {
    /// Public addresses only.
    pub fn production() -> Self {
        Self { mode: Mode::Production, allow_addresses: Vec::new(), allow_domains: Vec::new() }
    }

    /// Public addresses, and this machine by name.
    pub fn development() -> Self {
        Self { mode: Mode::Development, ..Self::production() }
    }

    /// Judges an address by its looks; the name's addresses are judged when it is connected to.
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        let plain = self.mode == Mode::Development && url.scheme() == "http";
        if url.scheme() != "https" && !plain {
            return Err(Refusal::Scheme { scheme: url.scheme().to_owned() });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Userinfo);
        }
        // An IP literal would pass by the resolver.
        let Some(Host::Domain(name)) = url.host() else { return Err(Refusal::Host) };
        if bare(name).is_empty() {
            return Err(Refusal::Host);
        }
        let port = url.port_or_known_default().unwrap_or_default();
        let allowed = match self.mode {
            Mode::Production => url.port().is_none(),
            // Below 1024 live this machine's own services.
            Mode::Development => {
                port >= 1024 || port == 80 || (port == 443 && !means_this_machine(name))
            }
        };
        if allowed { Ok(()) } else { Err(Refusal::Port { port }) }
    }

    /// The scheme to reach `authority` (`host` or `host:port`) by, where only that is known, as for WebFinger: https,
    /// but in development http for this machine's names and for whatever names a port.
    pub fn scheme_of(&self, authority: &str) -> &'static str {
        let (name, port) = authority.split_once(':').unwrap_or((authority, ""));
        let plain = !port.is_empty() || means_this_machine(name);
        if self.mode == Mode::Development && plain { "http" } else { "https" }
    }

    /// The address of a name that is not looked up: in development, those that mean this machine.
    pub(super) fn built_in_address(&self, name: &str) -> Option<IpAddr> {
        (self.mode == Mode::Development && means_this_machine(name))
            .then_some(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// Of the addresses of `name`, those that may be reached.
    pub(super) fn reachable(
        &self,
        name: &str,
        addresses: Vec<SocketAddr>,
    ) -> Result<Vec<SocketAddr>, Refusal> {
        let reachable: Vec<SocketAddr> =
            addresses.into_iter().filter(|address| self.may_reach(name, address.ip())).collect();
        if reachable.is_empty() {
            return Err(Refusal::Address { name: name.to_owned() });
        }
        Ok(reachable)
    }

    /// Whether `name` may be reached at `address`.
    fn may_reach(&self, name: &str, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if is_global(address) {
            return true;
        }
        if self.mode == Mode::Development && self.allow_addresses.is_empty() {
            return address.is_loopback() && means_this_machine(name);
        }
        let named = self.allow_domains.iter().any(|domain| domain.eq_ignore_ascii_case(bare(name)))
            || (self.mode == Mode::Development && self.allow_domains.is_empty());
        named && self.allow_addresses.iter().any(|net| net.contains(&address))
    }
}

/// `name` without the final dot that makes it absolute.
fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Names that mean this machine or nothing (RFC 6761 6.2 and 6.3). No public name ends so.
fn means_this_machine(name: &str) -> bool {
    let name = bare(name).to_ascii_lowercase();
    let under = |top: &str| name.strip_suffix(top).is_some_and(|rest| rest.ends_with('.'));
    name == "localhost" || under("localhost") || under("test")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policy: &Policy, url: &str) -> Result<(), Refusal> {
        policy.check_url(&Url::parse(url).unwrap())
    }

    fn reach(policy: &Policy, name: &str, addresses: &[&str]) -> Option<usize> {
        let addresses =
            addresses.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
        policy.reachable(name, addresses).ok().map(|left| left.len())
    }

    #[test]
    fn production_by_its_looks() {
        let policy = Policy::production();
        assert_eq!(check(&policy, "https://cs.example/p/amina?x=1"), Ok(()));
        assert_eq!(check(&policy, "https://cs.example:443/"), Ok(()));
        for (url, refusal) in [
            ("http://cs.example/", Refusal::Scheme { scheme: "http".into() }),
            ("ftp://cs.example/", Refusal::Scheme { scheme: "ftp".into() }),
            ("file:///etc/passwd", Refusal::Scheme { scheme: "file".into() }),
            ("https://u@cs.example/", Refusal::Userinfo),
            ("https://:p@cs.example/", Refusal::Userinfo),
            ("https://127.0.0.1/", Refusal::Host),
            ("https://2130706433/", Refusal::Host),
            ("https://1.1.1.1/", Refusal::Host),
            ("https://[::1]/", Refusal::Host),
            ("https://cs.example:8443/", Refusal::Port { port: 8443 }),
            ("https://cs.example:80/", Refusal::Port { port: 80 }),
        ] {
            assert_eq!(check(&policy, url), Err(refusal), "{url}");
        }
    }

    #[test]
    fn development_by_its_looks() {
        let policy = Policy::development();
        for url in [
            "http://a.localhost:8480/",
            "http://localhost:1024/",
            "http://b.test/",
            "https://cs.example/",
            "https://cs.example:8443/",
        ] {
            assert_eq!(check(&policy, url), Ok(()), "{url}");
        }
        for (url, refusal) in [
            ("http://127.0.0.1:8480/", Refusal::Host),
            ("http://[::1]:8480/", Refusal::Host),
            ("http://localhost:1023/", Refusal::Port { port: 1023 }),
            ("http://localhost:22/", Refusal::Port { port: 22 }),
            ("https://localhost/", Refusal::Port { port: 443 }),
        ] {
            assert_eq!(check(&policy, url), Err(refusal), "{url}");
        }
    }

    #[test]
    fn production_at_public_addresses_only() {
        let policy = Policy::production();
        assert_eq!(policy.built_in_address("a.localhost"), None);
        assert_eq!(reach(&policy, "cs.example", &["1.1.1.1"]), Some(1));
        assert_eq!(reach(&policy, "cs.example", &["1.1.1.1", "10.0.0.1"]), Some(1));
        for hidden in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(reach(&policy, "cs.example", &[hidden]), None, "{hidden}");
            assert_eq!(reach(&policy, "localhost", &[hidden]), None, "{hidden}");
        }
        assert_eq!(reach(&policy, "cs.example", &[]), None);
    }

    #[test]
    fn allowed_addresses_in_production_hold_for_named_domains() {
        let policy = Policy {
            allow_addresses: vec!["10.1.0.0/16".parse().unwrap()],
            allow_domains: vec!["partner.example".into()],
            ..Policy::production()
        };
        assert_eq!(reach(&policy, "partner.example", &["10.1.2.3"]), Some(1));
        assert_eq!(reach(&policy, "partner.example.", &["::ffff:10.1.2.3"]), Some(1));
        assert_eq!(reach(&policy, "partner.example", &["10.2.0.1"]), None);
        assert_eq!(reach(&policy, "evil.example", &["10.1.2.3"]), None);
        let unnamed = Policy { allow_domains: Vec::new(), ..policy };
        assert_eq!(reach(&unnamed, "partner.example", &["10.1.2.3"]), None);
    }

    #[test]
    fn development_reaches_this_machine_by_its_names() {
        let policy = Policy::development();
        let loopback = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        for name in ["localhost", "a.localhost", "A.LocalHost.", "b.test"] {
            assert_eq!(policy.built_in_address(name), loopback, "{name}");
            assert_eq!(reach(&policy, name, &["127.0.0.1"]), Some(1), "{name}");
        }
        for name in ["cs.example", "localhost.example", "xlocalhost", "test"] {
            assert_eq!(policy.built_in_address(name), None, "{name}");
            assert_eq!(reach(&policy, name, &["127.0.0.1"]), None, "{name}");
        }
        // Loopback, but nothing else that is near.
        assert_eq!(reach(&policy, "a.localhost", &["10.0.0.1"]), None);
        assert_eq!(reach(&policy, "cs.example", &["1.1.1.1"]), Some(1));
    }

    #[test]
    fn schemes_where_only_the_host_is_known() {
        let (production, development) = (Policy::production(), Policy::development());
        for (authority, scheme) in [
            ("cs.example", "https"),
            ("a.localhost", "http"),
            ("a.localhost:8480", "http"),
            ("instance-a:8480", "http"),
        ] {
            assert_eq!(development.scheme_of(authority), scheme, "{authority}");
            assert_eq!(production.scheme_of(authority), "https", "{authority}");
        }
    }

    #[test]
    fn allowed_addresses_take_the_place_of_loopback() {
        let policy = Policy {
            allow_addresses: vec!["172.18.0.0/16".parse().unwrap()],
            ..Policy::development()
        };
        assert_eq!(reach(&policy, "instance-a", &["172.18.0.2"]), Some(1));
        assert_eq!(reach(&policy, "a.localhost", &["127.0.0.1"]), None);
    }
}

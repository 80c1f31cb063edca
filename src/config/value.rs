//! The types of single settings: each can only hold what is allowed, and a secret is never in its `Debug`.

use std::{fmt, path::Path};

use base64::{Engine, alphabet, engine};
use url::Url;
use zeroize::Zeroizing;

/// The domain of an instance: host name and, in development, a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    host: String,
    port: Option<u16>,
}

impl Domain {
    /// Reads `host` or `host:port`; `None` where it is anything else, an IP address included.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(parse_port(port)?)),
            None => (text, None),
        };
        is_host_name(host).then(|| Self { host: host.to_owned(), port })
    }

    /// The name without the port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, where one was given.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether the name can only ever mean this machine (RFC 6761: `localhost`, `.localhost`, `.test`), so that
    /// development is the sensible default.
    pub fn is_local(&self) -> bool {
        let mut from_the_right = self.host.rsplit('.');
        let last = from_the_right.next();
        last == Some("localhost") || (last == Some("test") && from_the_right.next().is_some())
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// Digits without sign or leading zero, so that each port has one spelling: domains are compared as text.
fn parse_port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|port: &u16| *port > 0 && port.to_string() == text)
}

/// RFC 1123 §2.1 names in lower case; the last label is no number, so that no IP address passes.
pub(super) fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let last_is_number = |text: &str| {
        text.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
    };
    text.len() <= 253 && text.split('.').all(is_label) && !last_is_number(text)
}

/// Where the database is. It may hold a password, so it is shown without one.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Zeroizing<String>);

impl DatabaseUrl {
    /// Reads a `sqlite://` or `postgres://` URL; `None` for anything else, and for SQLite in memory, which would
    /// forget everything.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = match text.strip_prefix("sqlite://") {
            Some(path) => {
                let path = path.split('?').next().unwrap_or_default();
                !path.is_empty() && !path.ends_with('/') && path != ":memory:"
            }
            None => Url::parse(text).is_ok_and(|url| {
                matches!(url.scheme(), "postgres" | "postgresql") && url.path().len() > 1
            }),
        };
        valid.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The SQLite file of that name in a directory. Characters with a meaning in URLs are escaped.
    pub(super) fn sqlite_in(dir: &Path, file_name: &str) -> Self {
        let path = dir.join(file_name).to_string_lossy().replace('%', "%25").replace('?', "%3F");
        Self(Zeroizing::new(format!("sqlite://{path}")))
    }

    /// The whole URL, password included: for the store alone.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is a SQLite file.
    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite://")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_sqlite() {
            return f.write_str(&self.0);
        }
        // The query may hold a password too (`?password=`).
        let Ok(mut url) = Url::parse(&self.0) else { return f.write_str("postgres://…") };
        url.set_query(None);
        if url.password().is_some() && url.set_password(Some("hidden")).is_err() {
            return f.write_str("postgres://…");
        }
        write!(f, "{url}")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// Where mail goes out. It may hold a password, so it is shown without one.
#[derive(Clone, PartialEq, Eq)]
pub struct MailUrl(Zeroizing<String>);

impl MailUrl {
    /// Reads an `smtp://` or `smtps://` URL; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let right = matches!(url.scheme(), "smtp" | "smtps")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && matches!(url.path(), "" | "/");
        right.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The whole URL, password included: for the mail port alone.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Host and port.
    pub fn server(&self) -> String {
        let url = Url::parse(&self.0).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned();
        match url.and_then(|url| url.port()) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }
}

impl fmt::Debug for MailUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailUrl({})", self.server())
    }
}

/// The key that seals private keys at rest: 32 bytes, wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads 64 hexadecimal digits, or base64 of either alphabet with or without padding; white space around it
    /// is dropped, so that the content of a key file can be given as it is.
    pub fn parse(text: &str) -> Option<Self> {
        let lenient = engine::GeneralPurposeConfig::new()
            .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent);
        let text = text.trim();
        let decoded = Zeroizing::new(hex::decode(text).ok().or_else(|| {
            [alphabet::STANDARD, alphabet::URL_SAFE].iter().find_map(|alphabet| {
                engine::GeneralPurpose::new(alphabet, lenient).decode(text).ok()
            })
        })?);
        Some(Self::from_bytes(decoded.as_slice().try_into().ok()?))
    }

    /// The bytes: for sealing alone.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// As it is written into a key file.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_slice()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains() {
        let long_label = "a".repeat(63);
        for good in
            ["civil.example", "localhost:8480", "xn--bcher-kva.example", "a-b.test", &long_label]
        {
            assert_eq!(Domain::parse(good).map(|d| d.to_string()).as_deref(), Some(good));
        }
        let too_long = "a".repeat(64);
        for bad in [
            "",
            "Civil.example",
            "bücher.example",
            "https://civil.example",
            "civil.example/",
            "127.0.0.1",
            "127.0.0.1:8480",
            "[::1]",
            "::1",
            "civil.example.",
            ".example",
            "a..b",
            "-a.example",
            "a-.example",
            "a_b.example",
            "civil.example:",
            "civil.example:0",
            "civil.example:080",
            "civil.example:65536",
            "civil.example:+80",
            &too_long,
        ] {
            assert_eq!(Domain::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn local_names_are_only_those_reserved_for_it() {
        for local in ["localhost", "localhost:8480", "civil.localhost:8481", "a.test"] {
            assert!(Domain::parse(local).unwrap().is_local(), "{local}");
        }
        for other in ["notlocalhost", "localhost.example", "test", "latest", "a.example"] {
            assert!(!Domain::parse(other).unwrap().is_local(), "{other}");
        }
    }

    #[test]
    fn database_urls() {
        for good in [
            "sqlite://polylogue.db",
            "sqlite:///var/lib/polylogue/polylogue.db?mode=rwc",
            "postgres://u:p@localhost:5432/polylogue",
            "postgresql:///polylogue?host=/run/postgresql",
        ] {
            assert_eq!(DatabaseUrl::parse(good).unwrap().expose(), good);
        }
        for bad in [
            "",
            "sqlite://",
            "sqlite://dir/",
            "sqlite::memory:",
            "sqlite://:memory:",
            "mysql://h/db",
            "postgres://h",
            "postgres://h/",
        ] {
            assert_eq!(DatabaseUrl::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url = DatabaseUrl::parse("postgres://u:sesame@h/db?password=sesame").unwrap();
        assert_eq!(url.to_string(), "postgres://u:hidden@h/db");
        assert!(!format!("{url:?}").contains("sesame"));
        let key = SecretKey::from_bytes([7; 32]);
        assert_eq!(format!("{key:?}"), "SecretKey(hidden)");
    }

    #[test]
    fn secret_keys_in_hex_and_base64() {
        let key = SecretKey::from_bytes([0xfb; 32]);
        let hex = key.to_hex();
        for text in [
            hex.as_str(),
            &hex.to_uppercase(),
            &format!("{}\n", *hex),
            "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=",
            "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s",
        ] {
            assert_eq!(SecretKey::parse(text).as_ref(), Some(&key), "{text}");
        }
        for bad in ["", "change-me", hex.get(2..).unwrap(), &format!("{}fb", *hex)] {
            assert_eq!(SecretKey::parse(bad), None, "{bad}");
        }
    }
}

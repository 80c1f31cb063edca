//! Where everything lives under an instance's origin (decisions 12): the one owner of ids and paths, in both
//! directions.

/// Where pictures are.
const PICTURES: &str = "/media/";

/// Builds the ids of one instance, such as `https://cs.example/o/114823001000000001`.
#[derive(Debug, Clone)]
pub struct Paths {
    origin: String,
    domain: String,
    handle_domain: String,
}

impl Paths {
    /// For the instance at `domain` (host, and port where it has one), reached over plain http in development.
    pub fn new(domain: &str, development: bool) -> Self {
        let scheme = if development { "http" } else { "https" };
        Self {
            origin: format!("{scheme}://{domain}"),
            domain: domain.to_owned(),
            handle_domain: domain.to_owned(),
        }
    }

    /// With handles under another domain, which leads WebFinger here (test 4).
    #[must_use]
    pub fn with_handles(mut self, domain: Option<&str>) -> Self {
        if let Some(domain) = domain {
            domain.clone_into(&mut self.handle_domain);
        }
        self
    }

    /// `https://cs.example`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `cs.example`, with the port where there is one.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The name of the instance's own actor: its host, so that its handle is @cs.example@cs.example. Without the port: what
    /// looks like a scheme before a colon is an IRI to GoToSocial (go-fed), which then finds no name, and refuses the
    /// actor and every request that it signs.
    pub fn instance_name(&self) -> &str {
        self.domain.split(':').next().unwrap_or(&self.domain)
    }

    /// Whether an id is one of this instance.
    pub fn is_ours(&self, uri: &str) -> bool {
        Self::is_at(uri, &self.origin)
    }

    /// Whether an id is one of this origin, scheme and port included.
    pub fn is_at(uri: &str, origin: &str) -> bool {
        uri.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The path of an id of this instance.
    pub fn path_of<'a>(&self, uri: &'a str) -> Option<&'a str> {
        uri.strip_prefix(&self.origin).filter(|rest| rest.starts_with('/'))
    }

    /// The instance's own actor.
    pub fn instance(&self) -> String {
        format!("{}/actor", self.origin)
    }

    /// Inbox that all actors here share.
    pub fn shared_inbox(&self) -> String {
        format!("{}/inbox", self.origin)
    }

    /// The page that says what became of a post from elsewhere.
    pub fn arrival(&self, uri: &str) -> String {
        let id: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
        format!("{}/arrivals?id={id}", self.origin)
    }

    /// A person or organisation.
    pub fn person(&self, name: &str) -> String {
        format!("{}/p/{name}", self.origin)
    }

    /// A room.
    pub fn room(&self, slug: &str) -> String {
        format!("{}/t/{slug}", self.origin)
    }

    /// An opinion.
    pub fn opinion(&self, id: i64) -> String {
        format!("{}/o/{id}", self.origin)
    }

    /// A comment or other Note.
    pub fn note(&self, id: i64) -> String {
        format!("{}/c/{id}", self.origin)
    }

    /// An activity.
    pub fn activity(&self, id: i64) -> String {
        format!("{}/a/{id}", self.origin)
    }

    /// A statement of a room: receipt, snapshot.
    pub fn statement(&self, id: i64) -> String {
        format!("{}/s/{id}", self.origin)
    }

    /// A delegation or an attestation.
    pub fn paper(&self, id: i64) -> String {
        format!("{}/d/{id}", self.origin)
    }

    /// Consent to a quote.
    pub fn quote(&self, id: i64) -> String {
        format!("{}/q/{id}", self.origin)
    }

    /// The collection of rooms that a room's topic is discussed in, as an actor.
    pub fn feed(&self, slug: &str) -> String {
        format!("{}/f/{slug}", self.origin)
    }

    /// A picture, by the name of its file.
    pub fn picture(&self, file: &str) -> String {
        format!("{}{PICTURES}{file}", self.origin)
    }

    /// The name of the file of a picture of this instance.
    pub fn picture_file<'a>(&self, uri: &'a str) -> Option<&'a str> {
        self.path_of(uri)?.strip_prefix(PICTURES).filter(|file| !file.contains('/'))
    }

    /// `@name@cs.example` without the leading `@`.
    pub fn handle(&self, name: &str) -> String {
        format!("{name}@{}", self.handle_domain)
    }

    /// The domain in handles.
    pub fn handle_domain(&self) -> &str {
        &self.handle_domain
    }
}

/// Host, with its port where there is one, of an http(s) id; empty where it has none. Hosts with different ports
/// are different hosts.
pub fn host_of(uri: &str) -> String {
    url::Url::parse(uri)
        .ok()
        .and_then(|url| {
            url.host_str().map(|host| match url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            })
        })
        .unwrap_or_default()
}

/// The last segment of an id's path: what people copy out of an address.
pub fn last_segment(uri: &str) -> &str {
    let end = uri.find(['?', '#']).and_then(|at| uri.get(..at)).unwrap_or(uri);
    end.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_needs_the_whole_host() {
        let paths = Paths::new("cs.example", false);
        assert!(paths.is_ours("https://cs.example/o/1"));
        assert!(paths.is_ours("https://cs.example"));
        assert!(!paths.is_ours("https://cs.example.evil/o/1"));
        assert!(!paths.is_ours("http://cs.example/o/1"));
    }

    #[test]
    fn ports_make_different_hosts() {
        assert_eq!(host_of("http://a.localhost:8481/p/x"), "a.localhost:8481");
        assert_ne!(host_of("http://a.localhost:8481/p/x"), host_of("http://a.localhost:8482/p/x"));
        assert_eq!(last_segment("https://x.example/o/12?p=3#a"), "12");
        // The name of an actor is no address, whatever the port.
        assert_eq!(Paths::new("a.localhost:8481", true).instance_name(), "a.localhost");
        assert_eq!(Paths::new("cs.example", false).instance_name(), "cs.example");
    }
}

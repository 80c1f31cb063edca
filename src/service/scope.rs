//! What a token may do (RFC 6749 §3.3): words, of which the wide ones cover the narrow ones. The words are those that
//! programs for the fediverse ask for; the three wide ones are also what the command line gives.

use super::ServiceError;

/// Every word there is, in the order in which they are written.
const WORDS: &[&str] = &[
    "profile",
    "read",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "follow",
    "push",
];

/// What `follow` has covered since before there were narrow words.
const FOLLOW: &[&str] =
    &["read:blocks", "read:follows", "read:mutes", "write:blocks", "write:follows", "write:mutes"];

/// Words, each once, in their order; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Vec<&'static str>);

impl Scope {
    /// Reads words such as `read write follow`.
    pub fn parse(words: &str) -> Result<Self, ServiceError> {
        let mut unknown = words.split_whitespace().filter(|word| !WORDS.contains(word));
        if let Some(other) = unknown.next() {
            let message = format!(
                "`{other}` is no scope; there are `read`, `write`, `follow` and parts of them"
            );
            return Err(ServiceError::invalid("scope", message));
        }
        let named: Vec<&str> = words.split_whitespace().collect();
        let known: Vec<&'static str> =
            WORDS.iter().copied().filter(|word| named.contains(word)).collect();
        if known.is_empty() {
            return Err(ServiceError::invalid(
                "scope",
                "name at least one of `read`, `write`, `follow`",
            ));
        }
        Ok(Self(known))
    }

    /// The words, one space between two.
    pub fn words(&self) -> String {
        self.0.join(" ")
    }

    /// Each word.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    /// Every word there is.
    pub fn all() -> &'static [&'static str] {
        WORDS
    }

    /// Whether it is good for what needs this word.
    pub fn covers(&self, needed: &str) -> bool {
        self.0.iter().any(|word| covers(word, needed))
    }

    /// Whether it asks for nothing beyond another.
    pub fn is_within(&self, whole: &Self) -> bool {
        self.0.iter().all(|word| whole.covers(word))
    }
}

fn covers(word: &str, needed: &str) -> bool {
    word == needed
        || match word {
            "read" => needed.starts_with("read:") || needed == "profile",
            "read:accounts" => needed == "profile",
            "write" => needed.starts_with("write:"),
            "follow" => FOLLOW.contains(&needed),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(words: &str) -> Scope {
        Scope::parse(words).unwrap()
    }

    #[test]
    fn a_scope_names_only_what_there_is() {
        assert_eq!(scope("write read").words(), "read write");
        assert_eq!(scope("read write follow push").words(), "read write follow push");
        assert_eq!(scope(" read:statuses\tread:statuses ").words(), "read:statuses");
        for none in ["", "  ", "read admin", "admin:read", "READ", "read:", "read:nothing"] {
            assert!(Scope::parse(none).is_err(), "{none:?}");
        }
    }

    #[test]
    fn the_wide_cover_the_narrow_and_never_the_other_way() {
        for (given, needed) in [
            ("read", "read:statuses"),
            ("write", "write:follows"),
            ("follow", "write:follows"),
            ("follow", "read:mutes"),
            ("read", "profile"),
            ("read:accounts", "profile"),
            ("profile", "profile"),
        ] {
            assert!(scope(given).covers(needed), "{given} covers {needed}");
            let asked = scope(needed);
            assert!(asked.is_within(&scope(given)));
            assert!(given == needed || !scope(given).is_within(&asked), "{needed} is not {given}");
        }
        for (given, needed) in [
            ("read", "write:statuses"),
            ("write", "read:statuses"),
            ("write", "read"),
            ("read:statuses", "read"),
            ("read:statuses", "read:accounts"),
            ("follow", "write:statuses"),
            ("profile", "read:accounts"),
            ("push", "read"),
            ("read write follow", "push"),
        ] {
            assert!(!scope(given).covers(needed), "{given} does not cover {needed}");
        }
    }
}

//! Which kind of reader a server's software makes of a room's follower: what a room sends depends on it and on
//! nothing else (protocol 4.f.4). Never an input to anything in the record.

/// A kind of follower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readership {
    /// Another instance of ours: takes documents whole, up to 1 MiB.
    Peer,
    /// Lemmy: a forum that ties a post to the one group that its `audience` names, and follows no bare ids.
    Lemmy,
    /// Any other forum: reads announced activities.
    Forum,
    /// Everybody else: reads boosts.
    Microblog,
}

/// Forums by the name their NodeInfo gives.
const FORUMS: &[&str] = &["mbin", "kbin", "piefed", "nodebb", "discourse", "friendica"];

impl Readership {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Peer, Self::Lemmy, Self::Forum, Self::Microblog];

    /// By the name of the software; one that gives none is taken for a microblog, which reads the least.
    pub fn of_software(name: Option<&str>) -> Self {
        match name {
            Some("polylogue") => Self::Peer,
            Some("lemmy") => Self::Lemmy,
            Some(name) if FORUMS.contains(&name) => Self::Forum,
            _ => Self::Microblog,
        }
    }

    /// The word as stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Peer => "peer",
            Self::Lemmy => "lemmy",
            Self::Forum => "forum",
            Self::Microblog => "microblog",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn software_makes_the_kind() {
        for (name, kind) in [
            (Some("lemmy"), Readership::Lemmy),
            (Some("piefed"), Readership::Forum),
            (Some("nodebb"), Readership::Forum),
            (Some("mastodon"), Readership::Microblog),
            (Some("polylogue"), Readership::Peer),
            (None, Readership::Microblog),
        ] {
            assert_eq!(Readership::of_software(name), kind, "{name:?}");
        }
        for kind in Readership::ALL {
            assert_eq!(Readership::from_word(kind.word()), Some(kind));
        }
    }
}

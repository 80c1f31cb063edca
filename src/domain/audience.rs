//! Who an activity is for, kept symbolic until it is sent: "the followers of room 7" stays one word, however many
//! they are.

use super::readership::Readership;

/// One audience of an outgoing activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The accepted followers of a local actor.
    Followers(String),
    /// Those of them whose servers are of these kinds, but for these hosts, which have it already.
    FollowersOn {
        /// The local actor.
        of: String,
        /// Kinds of servers.
        kinds: Vec<Readership>,
        /// Hosts left out.
        but_for: Vec<String>,
    },
    /// One actor, by id.
    Actor(String),
    /// One inbox.
    Inbox(String),
}

impl Audience {
    /// The followers whose servers are of these kinds.
    pub fn followers_on(of: &str, kinds: &[Readership]) -> Self {
        Self::FollowersOn { of: of.to_owned(), kinds: kinds.to_vec(), but_for: Vec::new() }
    }

    /// As stored.
    pub fn to_word(&self) -> String {
        match self {
            Self::Followers(uri) => format!("followers {uri}"),
            Self::FollowersOn { of, kinds, but_for } => {
                let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
                let mut word = format!("followers-on {of} {}", kinds.join(","));
                for host in but_for {
                    word.push(' ');
                    word.push_str(host);
                }
                word
            }
            Self::Actor(uri) => format!("actor {uri}"),
            Self::Inbox(uri) => format!("inbox {uri}"),
        }
    }

    /// Read back.
    pub fn from_word(word: &str) -> Option<Self> {
        let (kind, uri) = word.split_once(' ')?;
        match kind {
            "followers" => Some(Self::Followers(uri.to_owned())),
            "followers-on" => {
                let mut words = uri.split(' ');
                let of = words.next()?.to_owned();
                let kinds = words.next()?.split(',').filter_map(Readership::from_word).collect();
                Some(Self::FollowersOn { of, kinds, but_for: words.map(str::to_owned).collect() })
            }
            "actor" => Some(Self::Actor(uri.to_owned())),
            "inbox" => Some(Self::Inbox(uri.to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_stored() {
        for audience in [
            Audience::Followers("https://a.example/p/x".into()),
            Audience::followers_on(
                "https://a.example/t/x",
                &[Readership::Lemmy, Readership::Forum],
            ),
            Audience::FollowersOn {
                of: "https://a.example/t/x".into(),
                kinds: vec![Readership::Microblog],
                but_for: vec!["b.example".into(), "c.example:8480".into()],
            },
            Audience::Actor("https://a.example/p/y".into()),
            Audience::Inbox("https://a.example/inbox".into()),
        ] {
            assert_eq!(Audience::from_word(&audience.to_word()), Some(audience));
        }
        assert_eq!(Audience::from_word("everybody"), None);
    }
}

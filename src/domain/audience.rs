//! Who an activity is for, kept symbolic until it is sent: "the followers of room 7" stays one word, however many
//! they are.

/// One audience of an outgoing activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The accepted followers of a local actor.
    Followers(String),
    /// One actor, by id.
    Actor(String),
    /// One inbox.
    Inbox(String),
}

impl Audience {
    /// As stored.
    pub fn to_word(&self) -> String {
        match self {
            Self::Followers(uri) => format!("followers {uri}"),
            Self::Actor(uri) => format!("actor {uri}"),
            Self::Inbox(uri) => format!("inbox {uri}"),
        }
    }

    /// Read back.
    pub fn from_word(word: &str) -> Option<Self> {
        let (kind, uri) = word.split_once(' ')?;
        match kind {
            "followers" => Some(Self::Followers(uri.to_owned())),
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
            Audience::Actor("https://a.example/p/y".into()),
            Audience::Inbox("https://a.example/inbox".into()),
        ] {
            assert_eq!(Audience::from_word(&audience.to_word()), Some(audience));
        }
        assert_eq!(Audience::from_word("everybody"), None);
    }
}

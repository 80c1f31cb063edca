//! What can be listened to, by the names that programs have for it.

use super::feed::{Change, PostChange};
use crate::service::{Caller, scope::Scope};

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stream {
    /// Home, and what one is told.
    User,
    /// What one is told.
    Notifications,
    /// All opinions.
    Public,
    /// Those by people who live here.
    Local,
    /// Those by people who live elsewhere.
    Remote,
    /// Those of them that have pictures.
    Media(&'static str),
    /// The opinions of a topic, by its tag.
    Topic(String),
    /// Those of them by people who live here.
    LocalTopic(String),
    /// What is said to one alone.
    Direct,
}

/// Why there is no such stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// There never is one of this name.
    #[error("Unknown stream type")]
    Name,
    /// It needs a tag.
    #[error("Missing tag name parameter")]
    Tag,
    /// There is no such list, or it is another's.
    #[error("There is no such list")]
    List,
}

impl Stream {
    /// By name, with the tag that some need.
    pub fn named(name: &str, tag: Option<&str>) -> Result<Self, Unknown> {
        let tag = || {
            let tag = tag.unwrap_or_default().trim();
            let tag = tag.strip_prefix('#').unwrap_or(tag);
            if tag.is_empty() { Err(Unknown::Tag) } else { Ok(tag.to_owned()) }
        };
        Ok(match name {
            "user" => Self::User,
            "user:notification" => Self::Notifications,
            "public" => Self::Public,
            "public:local" => Self::Local,
            "public:remote" => Self::Remote,
            "public:media" => Self::Media("public:media"),
            "public:local:media" => Self::Media("public:local:media"),
            "public:remote:media" => Self::Media("public:remote:media"),
            "hashtag" => Self::Topic(tag()?),
            "hashtag:local" => Self::LocalTopic(tag()?),
            "direct" => Self::Direct,
            "list" => return Err(Unknown::List),
            _ => return Err(Unknown::Name),
        })
    }

    /// What it is called in each message: the name, and what it was asked with.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::User => vec!["user"],
            Self::Notifications => vec!["user:notification"],
            Self::Public => vec!["public"],
            Self::Local => vec!["public:local"],
            Self::Remote => vec!["public:remote"],
            Self::Media(name) => vec![name],
            Self::Topic(tag) => vec!["hashtag", tag],
            Self::LocalTopic(tag) => vec!["hashtag:local", tag],
            Self::Direct => vec!["direct"],
        }
    }

    /// The scope that a token needs to listen to it.
    pub const fn need(&self) -> &'static str {
        match self {
            Self::Notifications => "read:notifications",
            _ => "read:statuses",
        }
    }

    /// Whether a change is said here to who listens with this scope.
    pub fn says(&self, change: &Change, caller: &Caller, scope: &Scope) -> bool {
        match change {
            Change::Post(post) => self.says_post(post, caller),
            Change::Told(notice) => {
                matches!(self, Self::User | Self::Notifications)
                    && notice.account_id == caller.account_id
                    && scope.covers(Self::Notifications.need())
            }
            Change::Ended(_) => false,
        }
    }

    fn says_post(&self, post: &PostChange, caller: &Caller) -> bool {
        let of = |tag: &str| post.opinion && post.topic == tag.to_lowercase();
        match self {
            Self::User => post.home.contains(&caller.account_id),
            Self::Public => post.opinion,
            Self::Local => post.opinion && post.local,
            Self::Remote => post.opinion && !post.local,
            Self::Topic(tag) => of(tag),
            Self::LocalTopic(tag) => post.local && of(tag),
            // Nothing here has a picture, and nothing of a record is said to one alone.
            Self::Media(_) | Self::Notifications | Self::Direct => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_streams_and_back() {
        for name in [
            "user",
            "user:notification",
            "public",
            "public:local",
            "public:remote",
            "public:media",
            "public:local:media",
            "public:remote:media",
            "direct",
        ] {
            assert_eq!(Stream::named(name, Some("x")).unwrap().names(), [name]);
        }
        for name in ["hashtag", "hashtag:local"] {
            assert_eq!(Stream::named(name, Some("#Rivers")).unwrap().names(), [name, "Rivers"]);
            for none in [None, Some(""), Some(" # ")] {
                assert_eq!(Stream::named(name, none), Err(Unknown::Tag));
            }
        }
        assert_eq!(Stream::named("list", None), Err(Unknown::List));
        for none in ["", "USER", "user:", "nothing"] {
            assert_eq!(Stream::named(none, None), Err(Unknown::Name), "{none}");
        }
    }
}

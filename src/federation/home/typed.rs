//! What somebody types to say where their account is.

use std::str::FromStr as _;

use url::Url;

use super::{super::webfinger::Handle, HomeError};
use crate::base::limits;

/// What somebody typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Person(Handle),
    Host(String),
}

impl Typed {
    /// `@ana@social.example`, `ana@social.example`, `social.example`, `https://social.example/@ana`.
    pub(super) fn parse(text: &str) -> Result<Self, HomeError> {
        let text = text.trim();
        if text.len() > limits::URI_CHARS_MAX {
            return Err(HomeError::Address);
        }
        if let Some((scheme, _)) = text.split_once("://") {
            let url = Url::parse(text).map_err(|_broken| HomeError::Address)?;
            let (true, Some(name)) = (matches!(scheme, "http" | "https"), url.host_str()) else {
                return Err(HomeError::Address);
            };
            if !url.username().is_empty() || url.password().is_some() {
                return Err(HomeError::Address);
            }
            let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
            let user = url.path().strip_prefix("/@").filter(|user| !user.contains('/'));
            return match user.filter(|user| !user.is_empty()) {
                Some(user) => Self::person(&format!("{user}@{host}")),
                None => Self::host_of(&host),
            };
        }
        let bare = text.strip_prefix('@').unwrap_or(text);
        if bare.contains('@') { Self::person(bare) } else { Self::host_of(bare) }
    }

    fn person(text: &str) -> Result<Self, HomeError> {
        Handle::from_str(text).map(Self::Person).map_err(|_broken| HomeError::Address)
    }

    fn host_of(text: &str) -> Result<Self, HomeError> {
        let host = text.to_ascii_lowercase();
        // As one of a handle: the same letters.
        Handle::from_str(&format!("x@{host}")).map_err(|_broken| HomeError::Address)?;
        Ok(Self::Host(host))
    }

    pub(super) fn host(&self) -> &str {
        match self {
            Self::Person(handle) => handle.host(),
            Self::Host(host) => host,
        }
    }
}

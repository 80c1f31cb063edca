//! What the Mastodon API says of things, field by field: every field that the strictest program must find is there and of
//! its type (clients.md, "Fields that must be present and non-null"). One item that cannot be read loses such a program the
//! whole page.

pub(in crate::http) mod account;
mod filter;
mod list;
mod media;
mod notification;
mod status;

use serde::Serialize;

pub(super) use account::{Account, CredentialAccount, MutedAccount, Profile, Relationship};
pub(super) use filter::{Filter, FilterKeyword, FilterStatus, OldFilter};
pub(super) use list::List;
pub(super) use media::MediaAttachment;
pub(super) use notification::{Grouped, Notification, group_key, word};
pub(super) use status::{Context, Status, StatusEdit, StatusSource, Tag};

/// A list of something that is never held here.
pub(super) type Nothing = [(); 0];

/// What a search found.
#[derive(Debug, Serialize)]
pub(super) struct Search {
    /// People and rooms.
    pub accounts: Vec<Account>,
    /// Opinions and comments.
    pub statuses: Vec<Status>,
    /// Topics.
    pub hashtags: Vec<Tag>,
}

#[cfg(test)]
mod tests;

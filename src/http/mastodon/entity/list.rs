//! Lists.

use serde::Serialize;

use crate::service::clients;

/// A list.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct List {
    id: String,
    title: String,
    replies_policy: String,
    exclusive: bool,
}

impl From<clients::List> for List {
    fn from(list: clients::List) -> Self {
        Self {
            id: list.id.to_string(),
            title: list.title,
            replies_policy: list.replies_policy,
            exclusive: list.exclusive,
        }
    }
}

//! Reports (`Flag`) in the shapes others send.

use serde_json::Value;

use super::{ids_of, words_of};

/// A report, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flagged {
    /// What it is about: an actor, posts, or both.
    pub objects: Vec<String>,
    /// What was said.
    pub words: String,
}

impl Flagged {
    /// Mastodon 4 lists the actor and the posts and says why in `content`; Lemmy names one post and has the reason in
    /// `summary`; Mbin lists the post and its author, with both members, either null.
    pub fn read(activity: &Value) -> Self {
        let words = words_of(activity, "content").or_else(|| words_of(activity, "summary"));
        Self { objects: ids_of(activity, "object"), words: words.unwrap_or_default() }
    }
}

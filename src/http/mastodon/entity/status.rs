//! Statuses: opinions, comments, positions with words, receipts; and boosts of them.

use serde::Serialize;

use super::{Account, MediaAttachment, Nothing, filter::FilterResult};
use crate::{
    base::clock::Timestamp,
    service::clients::{Mentioned, PersonView, PostKind, PostView, VersionView},
};

/// A post.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct Status {
    id: String,
    created_at: Timestamp,
    in_reply_to_id: Option<String>,
    in_reply_to_account_id: Option<String>,
    sensitive: bool,
    spoiler_text: &'static str,
    visibility: &'static str,
    language: Option<String>,
    uri: String,
    url: String,
    replies_count: i64,
    reblogs_count: i64,
    favourites_count: i64,
    quotes_count: i64,
    edited_at: Option<Timestamp>,
    content: String,
    reblog: Option<Box<Status>>,
    application: Option<()>,
    account: Account,
    media_attachments: Vec<MediaAttachment>,
    mentions: Vec<Mention>,
    tags: Vec<Tag>,
    emojis: Nothing,
    card: Option<()>,
    poll: Option<()>,
    filtered: Vec<FilterResult>,
    #[serde(flatten)]
    marks: Option<Marks>,
    /// As it was typed: of a post that was just deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// What the reader did with it.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the API")]
struct Marks {
    favourited: bool,
    reblogged: bool,
    muted: bool,
    bookmarked: bool,
    pinned: bool,
}

/// Whom it speaks to.
#[derive(Debug, Clone, Serialize)]
struct Mention {
    id: String,
    username: String,
    acct: String,
    url: String,
}

/// A topic, as a tag: its timeline holds the topic's opinions.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct Tag {
    name: String,
    url: String,
    history: Nothing,
    following: bool,
}

impl Tag {
    pub(in crate::http::mastodon) fn of(name: String, url: String) -> Self {
        Self { name, url, history: [], following: false }
    }

    /// One that the reader follows, or does not.
    pub(in crate::http::mastodon) fn with_following(self, following: bool) -> Self {
        Self { following, ..self }
    }
}

impl From<&Mentioned> for Mention {
    fn from(view: &Mentioned) -> Self {
        Self {
            id: view.key.to_string(),
            username: view.username.clone(),
            acct: view.acct.clone(),
            url: view.url.clone(),
        }
    }
}

impl Status {
    pub(in crate::http::mastodon) fn of(view: &PostView, origin: &str) -> Self {
        let (slug, page) = &view.topic;
        Self {
            id: view.key.to_string(),
            created_at: view.published,
            in_reply_to_id: view.in_reply_to.map(|(key, _)| key.to_string()),
            in_reply_to_account_id: view.in_reply_to.map(|(_, person)| person.to_string()),
            sensitive: false,
            spoiler_text: "",
            visibility: if view.kind == PostKind::Receipt { "unlisted" } else { "public" },
            language: view.language.clone(),
            uri: view.uri.clone(),
            url: view.url.clone(),
            replies_count: view.answers,
            reblogs_count: view.boosts,
            favourites_count: view.favourites,
            quotes_count: 0,
            edited_at: view.edited,
            content: view.html.clone(),
            reblog: None,
            application: None,
            account: Account::of(&view.author, origin),
            media_attachments: view.media.iter().map(MediaAttachment::from).collect(),
            mentions: view.mentions.iter().map(Mention::from).collect(),
            tags: match view.kind {
                PostKind::Opinion => vec![Tag::of(slug.clone(), page.clone())],
                _ => Vec::new(),
            },
            emojis: [],
            card: None,
            poll: None,
            filtered: view.filtered.iter().map(FilterResult::from).collect(),
            marks: view.marked.map(|marked| Marks {
                favourited: marked.favourited,
                reblogged: marked.boosted,
                muted: marked.muted,
                bookmarked: marked.bookmarked,
                pinned: marked.pinned,
            }),
            text: None,
        }
    }

    /// A post that was just deleted, with what was typed, so that it can be written anew.
    pub(in crate::http::mastodon) fn deleted(view: &PostView, origin: &str) -> Self {
        // Its pictures went with it: written anew, it brings them anew.
        let media_attachments = Vec::new();
        Self { text: Some(view.text().into_owned()), media_attachments, ..Self::of(view, origin) }
    }

    /// Somebody's boost of a post.
    pub(in crate::http::mastodon) fn boost(
        view: &PostView,
        by: &PersonView,
        (key, uri): (i64, String),
        at: Timestamp,
        origin: &str,
    ) -> Self {
        let boosted = Self::of(view, origin);
        Self {
            id: key.to_string(),
            created_at: at,
            uri,
            in_reply_to_id: None,
            in_reply_to_account_id: None,
            edited_at: None,
            account: Account::of(by, origin),
            mentions: Vec::new(),
            tags: Vec::new(),
            reblog: Some(Box::new(boosted.clone())),
            ..boosted
        }
    }
}

/// What stands above a post and below it.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct Context {
    pub ancestors: Vec<Status>,
    pub descendants: Vec<Status>,
}

/// What was typed.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct StatusSource {
    id: String,
    text: String,
    spoiler_text: &'static str,
}

impl From<&PostView> for StatusSource {
    fn from(view: &PostView) -> Self {
        // The two spaces that end a line in Markdown were never typed.
        let text = view.text().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        Self { id: view.key.to_string(), text, spoiler_text: "" }
    }
}

/// One version of a post.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct StatusEdit {
    content: String,
    spoiler_text: &'static str,
    sensitive: bool,
    created_at: Timestamp,
    account: Account,
    media_attachments: Vec<MediaAttachment>,
    emojis: Nothing,
}

impl StatusEdit {
    pub(in crate::http::mastodon) fn of(version: VersionView, account: Account) -> Self {
        Self {
            content: version.html,
            spoiler_text: "",
            sensitive: false,
            created_at: version.at,
            account,
            media_attachments: version.media.iter().map(MediaAttachment::from).collect(),
            emojis: [],
        }
    }
}

//! Accounts: people, organisations, and the rooms of topics.

use serde::Serialize;

use super::Nothing;
use crate::{
    base::clock::Timestamp,
    service::{
        clients::{PersonView, RelationView},
        profile::{OwnProfile, Preferences},
    },
};

/// Path of the picture of who has none.
pub(in crate::http) const AVATAR: &str = "/assets/avatar.png";
/// Path of the wide picture of who has none.
pub(in crate::http) const HEADER: &str = "/assets/header.png";

/// Somebody.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the API")]
pub(in crate::http::mastodon) struct Account {
    id: String,
    username: String,
    acct: String,
    display_name: String,
    locked: bool,
    bot: bool,
    discoverable: bool,
    indexable: bool,
    group: bool,
    created_at: Timestamp,
    note: String,
    url: String,
    uri: String,
    avatar: String,
    avatar_static: String,
    header: String,
    header_static: String,
    followers_count: i64,
    following_count: i64,
    statuses_count: i64,
    last_status_at: Option<String>,
    hide_collections: bool,
    noindex: bool,
    emojis: Nothing,
    roles: Nothing,
    fields: Vec<Field>,
}

/// What somebody says of themselves beside name and text.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct Field {
    name: String,
    value: String,
    verified_at: Option<Timestamp>,
}

impl Field {
    /// Fields; who lives behind an address is not verified by it.
    pub(in crate::http::mastodon) fn list(fields: &[(String, String)]) -> Vec<Self> {
        let field = |(name, value): &(String, String)| Self {
            name: name.clone(),
            value: value.clone(),
            verified_at: None,
        };
        fields.iter().map(field).collect()
    }
}

impl Account {
    /// Somebody, with their pictures where they have some: those of others where they are.
    pub(in crate::http::mastodon) fn of(view: &PersonView, origin: &str) -> Self {
        let of = |own: &Option<String>, else_: &str| {
            own.clone().unwrap_or_else(|| format!("{origin}{else_}"))
        };
        let (avatar, header) = (of(&view.avatar, AVATAR), of(&view.header, HEADER));
        Self {
            id: view.key.to_string(),
            username: view.username.clone(),
            acct: view.acct.clone(),
            display_name: view.name.clone(),
            locked: false,
            bot: view.kind == "Service",
            discoverable: view.discoverable,
            indexable: view.discoverable,
            group: view.kind == "Group",
            created_at: view.created,
            note: view.note.clone(),
            url: view.url.clone(),
            uri: view.uri.clone(),
            avatar_static: avatar.clone(),
            avatar,
            header_static: header.clone(),
            header,
            followers_count: view.followers,
            following_count: view.following,
            statuses_count: view.posts,
            last_status_at: None,
            hide_collections: false,
            noindex: false,
            emojis: [],
            roles: [],
            fields: Field::list(&view.fields),
        }
    }
}

/// Somebody who is muted, and until when.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct MutedAccount {
    #[serde(flatten)]
    account: Account,
    mute_expires_at: Option<Timestamp>,
}

impl MutedAccount {
    pub(in crate::http::mastodon) fn of(
        view: &PersonView,
        until: Option<i64>,
        origin: &str,
    ) -> Self {
        Self {
            account: Account::of(view, origin),
            mute_expires_at: until.map(Timestamp::from_millis),
        }
    }
}

/// The profile of who asks, as they typed it.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the API")]
pub(in crate::http::mastodon) struct Profile {
    id: String,
    display_name: String,
    note: String,
    fields: Vec<Field>,
    avatar: Option<String>,
    avatar_static: Option<String>,
    avatar_description: String,
    header: Option<String>,
    header_static: Option<String>,
    header_description: String,
    locked: bool,
    bot: bool,
    hide_collections: bool,
    discoverable: bool,
    indexable: bool,
    show_media: bool,
    show_media_replies: bool,
    show_featured: bool,
    attribution_domains: Nothing,
    featured_tags: Nothing,
}

impl Profile {
    pub(in crate::http::mastodon) fn of(view: &PersonView, typed: &OwnProfile) -> Self {
        Self {
            id: view.key.to_string(),
            display_name: typed.display_name.clone(),
            note: typed.profile.clone(),
            fields: Field::list(&typed.fields),
            avatar: view.avatar.clone(),
            avatar_static: view.avatar.clone(),
            avatar_description: String::new(),
            header: view.header.clone(),
            header_static: view.header.clone(),
            header_description: String::new(),
            locked: false,
            bot: false,
            hide_collections: false,
            discoverable: typed.discoverable,
            indexable: typed.discoverable,
            show_media: true,
            show_media_replies: true,
            show_featured: true,
            attribution_domains: [],
            featured_tags: [],
        }
    }
}

/// The account of who asks.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct CredentialAccount {
    #[serde(flatten)]
    account: Account,
    source: Source,
    role: Role,
}

/// What its owner may change.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the API")]
struct Source {
    privacy: String,
    sensitive: bool,
    language: Option<String>,
    note: String,
    fields: Vec<Field>,
    follow_requests_count: i64,
    hide_collections: bool,
    discoverable: bool,
    indexable: bool,
    attribution_domains: Nothing,
    quote_policy: &'static str,
}

/// What it may do beyond taking part: nothing that a client can do.
#[derive(Debug, Serialize)]
struct Role {
    id: &'static str,
    name: &'static str,
    color: &'static str,
    permissions: &'static str,
    highlighted: bool,
}

impl CredentialAccount {
    /// Of this account, whose profile was typed so.
    pub(in crate::http::mastodon) fn of(
        account: Account,
        typed: &OwnProfile,
        prefers: Preferences,
    ) -> Self {
        Self {
            account,
            source: Source {
                privacy: prefers.privacy,
                sensitive: prefers.sensitive,
                language: prefers.language,
                note: typed.profile.clone(),
                fields: Field::list(&typed.fields),
                follow_requests_count: 0,
                hide_collections: false,
                discoverable: typed.discoverable,
                indexable: typed.discoverable,
                attribution_domains: [],
                quote_policy: "public",
            },
            role: Role { id: "-99", name: "", color: "", permissions: "0", highlighted: false },
        }
    }
}

/// How the reader and an account stand to each other.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the API")]
pub(in crate::http::mastodon) struct Relationship {
    id: String,
    following: bool,
    showing_reblogs: bool,
    notifying: bool,
    languages: Option<Vec<String>>,
    followed_by: bool,
    blocking: bool,
    blocked_by: bool,
    muting: bool,
    muting_notifications: bool,
    muting_expires_at: Option<Timestamp>,
    requested: bool,
    requested_by: bool,
    domain_blocking: bool,
    endorsed: bool,
    note: String,
}

impl From<RelationView> for Relationship {
    fn from(view: RelationView) -> Self {
        Self {
            id: view.key.to_string(),
            following: view.following,
            showing_reblogs: view.following,
            notifying: false,
            languages: None,
            followed_by: view.followed_by,
            blocking: view.blocking,
            blocked_by: false,
            muting: view.muting,
            muting_notifications: view.muting_notices,
            muting_expires_at: view.muting_until,
            requested: view.requested,
            requested_by: false,
            domain_blocking: view.domain_blocking,
            endorsed: false,
            note: view.note,
        }
    }
}

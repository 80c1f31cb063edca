//! Notifications, one by one and in groups.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Account, Status};
use crate::{
    base::clock::Timestamp,
    service::clients::{News, NewsKind},
};

/// One notification.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct Notification {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    created_at: Timestamp,
    group_key: String,
    account: Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
}

/// The word of the API.
pub(in crate::http::mastodon) const fn word(kind: NewsKind) -> &'static str {
    kind.word()
}

/// Milliseconds of followers that are one group.
const DAY_MILLIS: i64 = 86_400_000;

/// What is shown as one: favourites and boosts of one post, followers of one day. A day cuts them all, so that a group
/// never grows without end.
pub(in crate::http::mastodon) fn group_key(news: &News) -> String {
    let day = news.at.as_millis().div_euclid(DAY_MILLIS);
    match (news.kind, &news.post) {
        (NewsKind::Favourite | NewsKind::Boost, Some(post)) => {
            format!("{}-{}-{day}", word(news.kind), post.key)
        }
        (NewsKind::Follow, _) => format!("follow-{day}"),
        _ => format!("ungrouped-{}", news.key),
    }
}

impl Notification {
    pub(in crate::http::mastodon) fn of(news: &News, origin: &str) -> Self {
        Self {
            id: news.key.to_string(),
            kind: word(news.kind),
            created_at: news.at,
            group_key: group_key(news),
            account: Account::of(&news.person, origin),
            status: news.post.as_ref().map(|post| Status::of(post, origin)),
        }
    }
}

/// Notifications in groups.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct Grouped {
    accounts: Vec<Account>,
    statuses: Vec<Status>,
    notification_groups: Vec<Group>,
}

/// One group.
#[derive(Debug, Serialize)]
struct Group {
    #[serde(rename = "group_key")]
    key: String,
    notifications_count: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    /// A number, unlike every other id: programs read it as one.
    most_recent_notification_id: i64,
    page_min_id: String,
    page_max_id: String,
    latest_page_notification_at: Timestamp,
    sample_account_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_id: Option<String>,
}

/// Accounts named of a group.
const SAMPLE_MAX: usize = 8;

impl Grouped {
    /// A page of news, newest first; kinds that are not to be grouped stand alone.
    pub(in crate::http::mastodon) fn of(news: &[News], grouped: &[NewsKind], origin: &str) -> Self {
        let mut page =
            Self { accounts: Vec::new(), statuses: Vec::new(), notification_groups: Vec::new() };
        let (mut people, mut posts) = (BTreeSet::new(), BTreeSet::new());
        for one in news {
            if people.insert(one.person.key) {
                page.accounts.push(Account::of(&one.person, origin));
            }
            if let Some(post) = &one.post
                && posts.insert(post.key)
            {
                page.statuses.push(Status::of(post, origin));
            }
            page.add(one, grouped);
        }
        page
    }

    fn add(&mut self, one: &News, grouped: &[NewsKind]) {
        let key = if grouped.contains(&one.kind) {
            group_key(one)
        } else {
            format!("ungrouped-{}", one.key)
        };
        let person = one.person.key.to_string();
        if let Some(group) = self.notification_groups.iter_mut().find(|group| group.key == key) {
            group.notifications_count += 1;
            group.page_min_id = one.key.to_string();
            if group.sample_account_ids.len() < SAMPLE_MAX
                && !group.sample_account_ids.contains(&person)
            {
                group.sample_account_ids.push(person);
            }
            return;
        }
        self.notification_groups.push(Group {
            key,
            notifications_count: 1,
            kind: word(one.kind),
            most_recent_notification_id: one.key,
            page_min_id: one.key.to_string(),
            page_max_id: one.key.to_string(),
            latest_page_notification_at: one.at,
            sample_account_ids: vec![person],
            status_id: one.post.as_ref().map(|post| post.key.to_string()),
        });
    }
}

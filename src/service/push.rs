//! Web Push: programs that are told of news while they do not run. What is told is written down in the transaction that
//! leaves the news, so that a server that is killed tells it after its restart; who sends it is `federation`.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use url::Url;

use super::{
    Caller, Service, ServiceError, clients::News, clients::NewsKind, error::FieldError,
    sign_in::hash_of,
};
use crate::{
    base::{
        crypto::{PushKey, PushReader},
        limits,
    },
    domain::{filter::FilterAction, markup::plain_text},
    store::{
        accounts, follows,
        push::{self, Due, Subscription},
    },
};

const HOUR_MILLIS: i64 = 3_600_000;
/// Characters of a post that are told.
const BODY_CHARS: usize = 140;
/// The picture of everybody who has none.
const AVATAR: &str = "/assets/avatar.png";
/// Characters of a name that are told.
const NAME_CHARS: usize = 100;

/// Of whose doings a program is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Everybody's.
    #[default]
    All,
    /// Of those whom one follows.
    Followed,
    /// Of those who follow one.
    Follower,
    /// Nobody's.
    None,
}

impl Policy {
    const EVERY: [Self; 4] = [Self::All, Self::Followed, Self::Follower, Self::None];

    /// The word of the API and of the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Followed => "followed",
            Self::Follower => "follower",
            Self::None => "none",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|policy| policy.word() == word)
    }
}

/// What a program wants to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The kinds of news, by their words in the API; those that never come here too.
    pub alerts: Vec<String>,
    /// Of whose doings.
    pub policy: Policy,
}

/// A program that wants to be told.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// Where to send.
    pub endpoint: String,
    /// Its public key, base64.
    pub point: String,
    /// The secret shared with it, base64.
    pub auth: String,
    /// What it wants to be told.
    pub wanted: Wanted,
}

/// A subscription as its program sees it.
#[derive(Debug, Clone)]
pub struct SubscriptionView {
    /// Its key.
    pub key: i64,
    /// Where to send.
    pub endpoint: String,
    /// What it is told.
    pub wanted: Wanted,
    /// The public key by which push services know this server.
    pub server_key: String,
}

/// One message, ready to be sent.
#[derive(Debug)]
pub struct Parcel {
    /// Where to.
    pub endpoint: Url,
    /// The value of `Authorization`.
    pub authorization: String,
    /// What only the program can read.
    pub body: Vec<u8>,
}

/// What a push service made of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It took it.
    Taken,
    /// There is no such program any more.
    Gone,
    /// It takes no such message.
    Refused,
    /// Later, perhaps.
    Later,
}

impl Service {
    /// The key by which push services know this server.
    pub async fn push_key(&self) -> Result<Arc<PushKey>, ServiceError> {
        self.keys.push(self.ports.entropy.as_ref()).await
    }

    /// Tells a program from now on, in place of what it asked before.
    pub async fn subscribe_push(
        &self,
        caller: &Caller,
        token: &str,
        new: NewSubscription,
    ) -> Result<SubscriptionView, ServiceError> {
        let faulty = |field, why: &str| FieldError::new(field, why);
        let mut faults = Vec::new();
        if check_endpoint(&new.endpoint, self.profile.development).is_none() {
            faults.push(faulty("subscription[endpoint]", "must be an https address"));
        }
        let (point, auth) = (decoded(&new.point), decoded(&new.auth));
        if PushReader::new(&point, &auth).is_err() {
            let why = "must be a public key of P-256 and a secret of 16 bytes, in base64url";
            faults.push(faulty("subscription[keys]", why));
        }
        if !faults.is_empty() {
            return Err(ServiceError::Invalid(faults));
        }
        let id = self.new_id();
        let secret = json!({"auth": BASE64URL_NOPAD.encode(&auth), "token": token}).to_string();
        let row = Subscription {
            id,
            account_id: caller.account_id,
            token_hash: hash_of(token),
            sealed: self.keys.seal_word(&context(id), &secret, self.ports.entropy.as_ref()),
            endpoint: new.endpoint,
            point: BASE64URL_NOPAD.encode(&point),
            alerts: new.wanted.alerts.join(" "),
            policy: new.wanted.policy.word().to_owned(),
            created_at: self.now().as_millis(),
        };
        let tx = self.store.begin().await?;
        push::replace(&tx, row.clone()).await?;
        let all = push::of_account(&tx, caller.account_id).await?;
        let beyond = all.len().saturating_sub(limits::PUSH_PROGRAMS_MAX);
        for oldest in all.iter().take(beyond) {
            push::end(&tx, oldest.id).await?;
        }
        tx.commit().await?;
        self.subscription_view(row).await
    }

    /// What a program is told.
    pub async fn push_subscription(&self, token: &str) -> Result<SubscriptionView, ServiceError> {
        let row = push::of_token(&self.store, &hash_of(token)).await?;
        self.subscription_view(row.ok_or(ServiceError::NotFound { what: "subscription" })?).await
    }

    /// Changes what a program is told.
    pub async fn change_push(
        &self,
        token: &str,
        wanted: Wanted,
    ) -> Result<SubscriptionView, ServiceError> {
        let tx = self.store.begin().await?;
        let row = push::of_token(&tx, &hash_of(token)).await?;
        let row = row.ok_or(ServiceError::NotFound { what: "subscription" })?;
        let (alerts, policy) = (wanted.alerts.join(" "), wanted.policy.word().to_owned());
        push::change(&tx, row.id, alerts, policy).await?;
        tx.commit().await?;
        self.push_subscription(token).await
    }

    /// Tells a program no more.
    pub async fn unsubscribe_push(&self, token: &str) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        if let Some(row) = push::of_token(&tx, &hash_of(token)).await? {
            push::end(&tx, row.id).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn subscription_view(&self, row: Subscription) -> Result<SubscriptionView, ServiceError> {
        Ok(SubscriptionView {
            key: row.id,
            wanted: wanted(&row),
            endpoint: row.endpoint,
            server_key: self.push_key().await?.public(),
        })
    }

    /// The message that is due; none where there is nothing to tell any more, and then it is struck out.
    pub async fn parcel(&self, due: &Due) -> Result<Option<Parcel>, ServiceError> {
        let parcel = self.made_parcel(due).await?;
        if parcel.is_none() {
            let tx = self.store.begin().await?;
            push::settle(&tx, due).await?;
            tx.commit().await?;
        }
        Ok(parcel)
    }

    async fn made_parcel(&self, due: &Due) -> Result<Option<Parcel>, ServiceError> {
        let now = self.now().as_millis();
        let row = push::by_id(&self.store, due.subscription_id).await?;
        let Some(row) =
            row.filter(|_| now - due.created_at <= limits::PUSH_HOURS_MAX * HOUR_MILLIS)
        else {
            return Ok(None);
        };
        let hash = row.token_hash.clone();
        let holds = accounts::holding(&self.store, std::slice::from_ref(&hash)).await?;
        if !holds.contains(&hash) {
            let tx = self.store.begin().await?;
            push::end(&tx, row.id).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let Some(reader) = self.caller_of(row.account_id).await? else { return Ok(None) };
        let news = self.news_told(&reader, due.notice_id).await?;
        let Some(news) = news else { return Ok(None) };
        if is_hidden(&news) || !self.is_wanted(&wanted(&row), &news, &reader).await? {
            return Ok(None);
        }
        let secret = self.keys.open_word(&context(row.id), &row.sealed)?;
        let secret: serde_json::Value = serde_json::from_str(&secret)
            .map_err(|_damaged| ServiceError::internal("a push subscription is damaged"))?;
        let text = |name: &str| secret.get(name).and_then(|text| text.as_str()).unwrap_or_default();
        let program = PushReader::new(&decoded(&row.point), &decoded(text("auth")))?;
        let message = self.message(&news, text("token"));
        let Some(endpoint) = check_endpoint(&row.endpoint, self.profile.development) else {
            return Ok(None);
        };
        let audience = endpoint.origin().ascii_serialization();
        let expires = now / 1_000 + limits::PUSH_WORD_HOURS * 3_600;
        let key = self.push_key().await?;
        Ok(Some(Parcel {
            authorization: key.authorization(&audience, self.paths.origin(), expires)?,
            body: program.encrypt(message.to_string().as_bytes())?,
            endpoint,
        }))
    }

    async fn is_wanted(
        &self,
        wanted: &Wanted,
        news: &News,
        reader: &Caller,
    ) -> Result<bool, ServiceError> {
        if !wanted.alerts.iter().any(|word| word == news.kind.word()) {
            return Ok(false);
        }
        let (one, other) = match wanted.policy {
            Policy::All => return Ok(true),
            Policy::None => return Ok(false),
            Policy::Followed => (&reader.actor.uri, &news.person.uri),
            Policy::Follower => (&news.person.uri, &reader.actor.uri),
        };
        let follow = follows::between(&self.store, one, other).await?;
        Ok(follow.is_some_and(|follow| follow.state == follows::ACCEPTED))
    }

    /// What is told, in the words of the API. The number is one, unlike every other id: programs read it as one.
    fn message(&self, news: &News, token: &str) -> serde_json::Value {
        let name: String = news.person.name.chars().take(NAME_CHARS).collect();
        let title = super::clients::say(None, title_of(news.kind), &[("name", name)]);
        let text = news.post.as_ref().map(|post| plain_text(&post.html)).unwrap_or_default();
        let mut body: String = text.chars().take(BODY_CHARS).collect();
        if body.len() < text.len() {
            body.push('…');
        }
        json!({
            "access_token": token,
            "preferred_locale": "en",
            "notification_id": news.key,
            "notification_type": news.kind.word(),
            "icon": format!("{}{AVATAR}", self.paths.origin()),
            "title": title,
            "body": body,
        })
    }

    /// Notes what a push service made of a message.
    pub async fn pushed(&self, due: &Due, outcome: Pushed) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        let failures = due.failures + 1;
        match outcome {
            Pushed::Gone => push::end(&tx, due.subscription_id).await?,
            Pushed::Later if failures < limits::PUSH_TRIES_MAX => {
                let wait = backoff_millis(failures);
                push::postpone(&tx, due, self.now().as_millis() + wait, failures).await?;
            }
            Pushed::Taken | Pushed::Refused | Pushed::Later => push::settle(&tx, due).await?,
        }
        Ok(tx.commit().await?)
    }

    /// What is due, taken for a while so that no other server over this database sends it too.
    pub async fn pushes_due(&self, limit: u64) -> Result<Vec<Due>, ServiceError> {
        let now = self.now().as_millis();
        let mut taken = Vec::new();
        let all = push::due(&self.store, now, limit).await?;
        if all.is_empty() {
            return Ok(taken);
        }
        let tx = self.store.begin().await?;
        for row in all {
            if push::take(&tx, &row, now + limits::PUSH_TURN_SECONDS * 1_000).await? {
                taken.push(row);
            }
        }
        tx.commit().await?;
        Ok(taken)
    }
}

/// A filter of the reader says that they do not want to see this at all.
fn is_hidden(news: &News) -> bool {
    let met = news.post.iter().flat_map(|post| &post.filtered);
    met.into_iter().any(|met| met.filter.action == FilterAction::Hide)
}

/// A minute, then ten times as long each time, up to some hours.
fn backoff_millis(failures: i64) -> i64 {
    let power = u32::try_from(failures.clamp(1, 4) - 1).unwrap_or_default();
    (60_000 * 10_i64.pow(power)).min(6 * HOUR_MILLIS)
}

fn wanted(row: &Subscription) -> Wanted {
    Wanted {
        alerts: row.alerts.split_whitespace().map(str::to_owned).collect(),
        policy: Policy::from_word(&row.policy).unwrap_or_default(),
    }
}

fn context(id: i64) -> String {
    format!("push:{id}")
}

/// An address to send to. Whether it may be reached is found out when it is.
fn check_endpoint(text: &str, development: bool) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= limits::URI_CHARS_MAX)?;
    let is_web = url.scheme() == "https" || (development && url.scheme() == "http");
    (is_web && url.host().is_some() && url.username().is_empty() && url.password().is_none())
        .then_some(url)
}

/// Base64 in either alphabet, padded or not: programs differ.
fn decoded(text: &str) -> Vec<u8> {
    let text = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default()
}

const fn title_of(kind: NewsKind) -> &'static str {
    match kind {
        NewsKind::Mention => "client-push-mention",
        NewsKind::Revision => "client-push-revision",
        NewsKind::Favourite => "client-push-favourite",
        NewsKind::Boost => "client-push-boost",
        NewsKind::Follow => "client-push-follow",
    }
}

/// Every message of a push.
#[cfg(test)]
pub(crate) const KEYS: &[&str] = &[
    "client-push-mention",
    "client-push-revision",
    "client-push-favourite",
    "client-push-boost",
    "client-push-follow",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<i64> = (1..=5).map(|failures| backoff_millis(failures) / 60_000).collect();
        assert_eq!(waits, [1, 10, 100, 360, 360]);
    }

    #[test]
    fn keys_come_in_every_base64_and_endpoints_over_https() {
        assert_eq!(decoded("-_8"), decoded("+/8="));
        assert_eq!(decoded("-_8"), [0xfb, 0xff]);
        assert_eq!(decoded("!"), [0_u8; 0]);
        for taken in ["https://push.example/x", "https://push.example:8443/y?z"] {
            assert!(check_endpoint(taken, false).is_some());
        }
        for refused in
            ["", "http://push.example/", "https://", "https://a@push.example/", "ftp://x/"]
        {
            assert!(check_endpoint(refused, false).is_none(), "{refused}");
        }
        let long = |chars: usize| format!("https://push.example/{}", "x".repeat(chars - 21));
        assert!(check_endpoint(&long(limits::URI_CHARS_MAX), false).is_some());
        assert!(check_endpoint(&long(limits::URI_CHARS_MAX + 1), false).is_none());
    }
}

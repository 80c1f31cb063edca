//! What clients are told: the notices that pages show too, and what only clients ask for: answers to one's comments,
//! receipts, favourites, boosts and followers.

use std::{collections::BTreeMap, sync::Arc};

use super::{people::PersonView, posts::PostView};
use crate::{
    base::clock::Timestamp,
    domain::filter::FilterContext,
    service::{Caller, Service, ServiceError},
    store::{
        Tx, answers,
        notices::{self, Notice},
        posts::{self, Window},
    },
};

/// What sort of news it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewsKind {
    /// Somebody speaks to the reader: a comment, an objection, an answer, a receipt, what became of a comment.
    Mention,
    /// A text was revised on which the reader holds a position.
    Revision,
    /// A favourite.
    Favourite,
    /// A boost.
    Boost,
    /// A follower.
    Follow,
}

impl NewsKind {
    /// Every kind.
    pub const ALL: &[Self] =
        &[Self::Mention, Self::Revision, Self::Favourite, Self::Boost, Self::Follow];

    /// The words in the column that are of this kind.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Mention => &["comment", "objection", "disposition", REPLY, RECEIPT],
            Self::Revision => &["revision"],
            Self::Favourite => &[FAVOURITE],
            Self::Boost => &[BOOST],
            Self::Follow => &[FOLLOW],
        }
    }

    /// The word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Revision => "update",
            Self::Favourite => "favourite",
            Self::Boost => "reblog",
            Self::Follow => "follow",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.words().contains(&word))
    }
}

/// An answer to a comment.
const REPLY: &str = "reply";
/// A room's answer to a reply by keyword.
const RECEIPT: &str = "receipt";
const FAVOURITE: &str = "favourite";
const BOOST: &str = "boost";
const FOLLOW: &str = "follow";

/// One piece of news.
#[derive(Debug, Clone)]
pub struct News {
    /// Its key.
    pub key: i64,
    /// What sort.
    pub kind: NewsKind,
    /// When.
    pub at: Timestamp,
    /// Whose doing it is.
    pub person: Arc<PersonView>,
    /// What it is about; none for a follower.
    pub post: Option<PostView>,
    /// Id of what it is about.
    pub about: String,
}

/// What somebody is told.
struct Told<'a> {
    word: &'static str,
    /// They are told of it once.
    subject: String,
    object: &'a str,
    opinion: &'a str,
    room_id: i64,
    actor: &'a str,
}

impl Service {
    /// News of these kinds, newest first; what it was about may be gone.
    pub async fn client_news(
        &self,
        caller: &Caller,
        kinds: &[NewsKind],
        window: Window,
    ) -> Result<Vec<News>, ServiceError> {
        let words: Vec<&str> = kinds.iter().flat_map(|kind| kind.words()).copied().collect();
        let rows = notices::window(
            &self.store,
            caller.account_id,
            &self.aversions(caller).await?,
            &words,
            window,
        )
        .await?;
        self.news_of(rows, caller).await
    }

    /// One piece of news.
    pub async fn one_news(&self, caller: &Caller, key: i64) -> Result<News, ServiceError> {
        let row = notices::by_id(&self.store, caller.account_id, key).await?;
        let found = self.news_of(row.into_iter().collect(), caller).await?.pop();
        found.ok_or(ServiceError::NotFound { what: "notification" })
    }

    /// A notice as it is told the moment it is left: nothing where the list of news would not show it.
    pub(in crate::service) async fn news_told(
        &self,
        caller: &Caller,
        key: i64,
    ) -> Result<Option<News>, ServiceError> {
        let alone = Window {
            max_id: key.checked_add(1),
            since_id: key.checked_sub(1),
            min_id: None,
            limit: 1,
            with_media: false,
        };
        Ok(self.client_news(caller, NewsKind::ALL, alone).await?.pop())
    }

    async fn news_of(&self, rows: Vec<Notice>, caller: &Caller) -> Result<Vec<News>, ServiceError> {
        let people = self.persons(rows.iter().map(|row| row.actor.clone())).await?;
        let uris: Vec<String> = rows.iter().map(|row| row.object_uri.clone()).collect();
        let listed = posts::by_uris(&self.store, &uris).await?;
        let mut views: BTreeMap<String, PostView> = self
            .post_views_in(&listed, Some(caller), FilterContext::Notifications)
            .await?
            .into_iter()
            .map(|view| (view.uri.clone(), view))
            .collect();
        for row in rows.iter().filter(|row| row.kind == RECEIPT) {
            if let Some(answer) = answers::by_note(&self.store, &row.object_uri).await? {
                let found = self.receipt_views(vec![answer], Some(caller)).await?;
                views.extend(found.into_iter().map(|view| (view.uri.clone(), view)));
            }
        }
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let kind = NewsKind::of(&row.kind)?;
                let post = views.get(&row.object_uri).cloned();
                if post.is_none() && kind != NewsKind::Follow {
                    return None;
                }
                Some(News {
                    key: row.id,
                    kind,
                    at: Timestamp::from_millis(row.at),
                    person: Arc::clone(people.get(&row.actor)?),
                    post,
                    about: row.object_uri,
                })
            })
            .collect())
    }

    /// How many a caller has not read, up to so many.
    pub async fn unread_news(&self, caller: &Caller, most: u64) -> Result<u64, ServiceError> {
        let words: Vec<&str> =
            NewsKind::ALL.iter().flat_map(|kind| kind.words()).copied().collect();
        let reader = self.aversions(caller).await?;
        Ok(notices::unread(&self.store, caller.account_id, &reader, &words, most).await?)
    }

    /// Forgets one piece of news, or all of them. Notices that ask for an answer stay on their page until they have one.
    pub async fn dismiss_news(
        &self,
        caller: &Caller,
        key: Option<i64>,
    ) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        let now = self.now().as_millis();
        notices::dismiss(&tx, caller.account_id, key, now).await?;
        Ok(tx.commit().await?)
    }

    /// Tells whose it is that somebody reacted to something, where they live here.
    pub async fn tell_of_reaction(
        &self,
        tx: &Tx,
        actor: &str,
        object: &str,
        kind: &str,
    ) -> Result<(), ServiceError> {
        let word = match kind {
            "like" => FAVOURITE,
            "share" => BOOST,
            _ => return Ok(()),
        };
        let Some(post) = posts::by_uri(tx, object).await? else { return Ok(()) };
        let told = Told {
            word,
            subject: format!("{actor} {object}"),
            object,
            opinion: object,
            room_id: post.room_id,
            actor,
        };
        self.leave_news(tx, &told, &[post.author]).await
    }

    /// Tells somebody of a follower, where they live here.
    pub async fn tell_of_follow(
        &self,
        tx: &Tx,
        follower: &str,
        followee: &str,
    ) -> Result<(), ServiceError> {
        let told = Told {
            word: FOLLOW,
            subject: follower.to_owned(),
            object: followee,
            opinion: "",
            room_id: 0,
            actor: follower,
        };
        self.leave_news(tx, &told, &[followee.to_owned()]).await
    }

    /// Tells whose comment it is that it was answered.
    pub(in crate::service) async fn tell_of_answer(
        &self,
        tx: &Tx,
        comment: &crate::store::projections::Comment,
        opinion: &str,
        told: &str,
    ) -> Result<(), ServiceError> {
        let news = Told {
            word: REPLY,
            subject: comment.uri.clone(),
            object: &comment.uri,
            opinion,
            room_id: comment.room_id,
            actor: &comment.author,
        };
        self.leave_news(tx, &news, &[told.to_owned()]).await
    }

    /// Tells who replied by keyword of the receipt.
    pub(in crate::service) async fn tell_of_receipt(
        &self,
        tx: &Tx,
        answer: &answers::Answer,
        room: &str,
    ) -> Result<(), ServiceError> {
        let Some(note) = answer.note_uri.as_deref() else { return Ok(()) };
        let news = Told {
            word: RECEIPT,
            subject: note.to_owned(),
            object: note,
            opinion: &answer.opinion_uri,
            room_id: answer.room_id,
            actor: room,
        };
        self.leave_news(tx, &news, std::slice::from_ref(&answer.author)).await
    }

    async fn leave_news(
        &self,
        tx: &Tx,
        news: &Told<'_>,
        told: &[String],
    ) -> Result<(), ServiceError> {
        let mut told = told.to_vec();
        told.retain(|uri| uri != news.actor && self.paths.is_ours(uri));
        for (_, account_id) in notices::accounts_of(tx, &told).await? {
            let row = Notice {
                id: self.new_id(),
                account_id,
                kind: news.word.to_owned(),
                subject: news.subject.clone(),
                room_id: news.room_id,
                opinion_uri: news.opinion.to_owned(),
                line: String::new(),
                object_uri: news.object.to_owned(),
                actor: news.actor.to_owned(),
                revision: None,
                digest: None,
                from_revision: None,
                at: self.now().as_millis(),
                read_at: None,
                answered: None,
                number: None,
            };
            notices::leave(tx, row).await?;
        }
        Ok(())
    }
}

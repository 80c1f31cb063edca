//! What a reader does with a post without saying anything: a favourite, a boost, a bookmark. A favourite is a plain
//! reaction and never a position (decisions 10).

use super::{people::PersonView, posts::PostView};
use crate::{
    base::limits,
    domain::audience::Audience,
    protocol::compose::{Addressing, Envelope},
    service::{Caller, Service, ServiceError},
    store::{
        Tx,
        follows::{self, Reaction},
        marks::{self, Bookmark, Pin},
        posts::{self, Post},
    },
};

/// A mark on a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A favourite.
    Favourite,
    /// A boost.
    Boost,
    /// A bookmark, which nobody else sees.
    Bookmark,
}

impl Mark {
    const fn reaction(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Favourite => Some(("like", "Like")),
            Self::Boost => Some(("share", "Announce")),
            Self::Bookmark => None,
        }
    }
}

impl Service {
    /// Marks a post, once; answers the post and, of a boost, its number.
    pub async fn mark(
        &self,
        caller: &Caller,
        key: i64,
        mark: Mark,
    ) -> Result<(PostView, i64), ServiceError> {
        Self::may_act(caller)?;
        let post = self.markable(key).await?;
        let number = self.new_id();
        let tx = self.begin_as(caller).await?;
        match mark.reaction() {
            None => {
                let row =
                    Bookmark { account_id: caller.account_id, uri: post.uri.clone(), id: number };
                marks::bookmark(&tx, row).await?;
            }
            Some((word, kind)) => {
                let own = &caller.actor.uri;
                if marks::reaction_of(&tx, own, &post.uri, word).await?.is_none() {
                    self.react(&tx, caller, &post, word, kind, number).await?;
                }
            }
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok((self.post(key, Some(caller)).await?, number))
    }

    async fn react(
        &self,
        tx: &Tx,
        caller: &Caller,
        post: &Post,
        word: &str,
        kind: &str,
        number: i64,
    ) -> Result<(), ServiceError> {
        let id = self.paths.activity(number);
        let now = self.now();
        let row = Reaction {
            activity_uri: id.clone(),
            actor: caller.actor.uri.clone(),
            object: post.uri.clone(),
            kind: word.to_owned(),
            created_at: now.as_millis(),
            evidence: None,
            content: None,
            note_uri: None,
            page: None,
        };
        follows::react(tx, row).await?;
        let (addressing, audiences) = self.told_of(caller, post, kind);
        let envelope = Envelope {
            id: &id,
            actor: &caller.actor.uri,
            published: now,
            addressing,
            audience: None,
        };
        let act = envelope.activity(kind, post.uri.clone().into());
        self.send_signed(tx, caller, &id, act, &audiences).await?;
        self.tell_of_reaction(tx, &caller.actor.uri, &post.uri, word).await
    }

    /// Takes a mark away.
    pub async fn unmark(
        &self,
        caller: &Caller,
        key: i64,
        mark: Mark,
    ) -> Result<PostView, ServiceError> {
        Self::may_act(caller)?;
        let post = self.markable(key).await?;
        let tx = self.begin_as(caller).await?;
        match mark.reaction() {
            None => marks::unbookmark(&tx, caller.account_id, &post.uri).await?,
            Some((word, kind)) => {
                let own = &caller.actor.uri;
                if let Some(row) = marks::reaction_of(&tx, own, &post.uri, word).await? {
                    follows::unreact(&tx, &row.activity_uri, own).await?;
                    self.send_undone(&tx, caller, &post, kind, &row.activity_uri).await?;
                }
            }
        }
        tx.commit().await?;
        self.wake.after_act();
        self.post(key, Some(caller)).await
    }

    async fn send_undone(
        &self,
        tx: &Tx,
        caller: &Caller,
        post: &Post,
        kind: &str,
        done: &str,
    ) -> Result<(), ServiceError> {
        let id = self.paths.activity(self.new_id());
        let (addressing, audiences) = self.told_of(caller, post, kind);
        let envelope = Envelope {
            id: &id,
            actor: &caller.actor.uri,
            published: self.now(),
            addressing,
            audience: None,
        };
        let done = serde_json::json!({
            "id": done, "type": kind, "actor": caller.actor.uri, "object": post.uri,
        });
        self.send_signed(tx, caller, &id, envelope.undo(&done), &audiences).await
    }

    /// Who is told of a reaction: its author; of a boost also the caller's followers.
    fn told_of(&self, caller: &Caller, post: &Post, kind: &str) -> (Addressing, Vec<Audience>) {
        let mut audiences = self.elsewhere([&Some(post.author.clone())]);
        if kind == "Announce" {
            let followers = format!("{}/followers", caller.actor.uri);
            audiences.push(Audience::Followers(caller.actor.uri.clone()));
            return (Addressing::public(&[], &[&post.author, &followers]), audiences);
        }
        (Addressing { to: vec![post.author.clone()], cc: Vec::new() }, audiences)
    }

    /// Puts a post of the caller's own first, or no more: servers elsewhere find it among what they feature.
    pub async fn pin(
        &self,
        caller: &Caller,
        key: i64,
        pinned: bool,
    ) -> Result<PostView, ServiceError> {
        Self::may_act(caller)?;
        let post = self.markable(key).await?;
        if post.author != caller.actor.uri {
            return Err(ServiceError::invalid("id", "somebody else wrote this"));
        }
        let tx = self.begin_as(caller).await?;
        if pinned {
            let id = self.new_id();
            let row = Pin { account_id: caller.account_id, uri: post.uri.clone(), id };
            marks::pin(&tx, row).await?;
            if marks::pins(&tx, caller.account_id).await?.len() > limits::PINS_MAX {
                let max = limits::PINS_MAX;
                return Err(ServiceError::invalid("id", format!("at most {max} are pinned")));
            }
        } else {
            marks::unpin(&tx, caller.account_id, &post.uri).await?;
        }
        tx.commit().await?;
        self.post(key, Some(caller)).await
    }

    async fn markable(&self, key: i64) -> Result<Post, ServiceError> {
        let post = posts::by_id(&self.store, key).await?;
        post.ok_or(ServiceError::NotFound { what: "status" })
    }

    /// Who marked a post in this way, oldest first, after so many.
    pub async fn marked_by(
        &self,
        key: i64,
        mark: Mark,
        limit: u64,
        offset: u64,
    ) -> Result<Vec<PersonView>, ServiceError> {
        let post = self.markable(key).await?;
        let Some((word, _)) = mark.reaction() else { return Ok(Vec::new()) };
        let rows = follows::reactions(&self.store, &post.uri, word, limit, offset).await?;
        let people = self.persons(rows.iter().map(|row| row.actor.clone())).await?;
        Ok(rows
            .iter()
            .filter_map(|row| people.get(&row.actor))
            .map(|person| person.as_ref().clone())
            .collect())
    }
}

//! Publishing opinions, revising them, and taking them back.

use serde_json::json;

use super::{
    Caller, FieldError, Service, ServiceError,
    acts::{Acted, RoomHand, sign_activity},
    error::markup as markup_error,
    topics::{language, length},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{audience::Audience, letter::Deadline, markup, opinion::OpinionStatus},
    protocol::compose::{self, Addressing, Article, Envelope},
    record::digest::RevisionText,
    store::{
        Tx, keys,
        projections::{self, Opinion, Revision},
        rooms::{self, Room},
    },
};

/// Why a deadline is not taken.
const PASSED: &str = "the deadline must lie ahead";

/// A new opinion.
#[derive(Debug, Clone)]
pub struct NewOpinion {
    /// Title.
    pub name: String,
    /// The point in 500 characters: all that Mastodon shows.
    pub abstract_text: String,
    /// Markdown.
    pub source: String,
    /// BCP 47.
    pub language: String,
    /// `open` or `final`.
    pub status: OpinionStatus,
}

/// A new revision.
#[derive(Debug, Clone)]
pub struct NewRevision {
    /// Markdown.
    pub source: String,
    /// Abstract, where it changes.
    pub abstract_text: Option<String>,
    /// What changed and why.
    pub change_note: String,
    /// Status, where it changes.
    pub status: Option<OpinionStatus>,
}

/// The parts of a revision that go into its digest and its Article.
struct Text<'a> {
    uri: &'a str,
    name: &'a str,
    summary: &'a str,
    source: &'a str,
    language: &'a str,
    revision: i64,
    previous: Option<&'a str>,
    letter: Option<&'a Deadline>,
}

impl Service {
    /// Publishes an opinion in a room.
    pub async fn publish_opinion(
        &self,
        caller: &Caller,
        room: Room,
        new: NewOpinion,
    ) -> Result<Acted, ServiceError> {
        self.publish_letter(caller, room, new, None).await
    }

    /// Publishes an opinion that asks for signatures until its deadline, where it has one.
    pub async fn publish_letter(
        &self,
        caller: &Caller,
        room: Room,
        new: NewOpinion,
        letter: Option<Deadline>,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let new = NewOpinion {
            name: markup::clean_line(&new.name),
            abstract_text: markup::clean_line(&new.abstract_text),
            source: markup::clean(&new.source),
            language: new.language.trim().to_owned(),
            status: new.status,
        };
        let mut wrong = Vec::new();
        length(&mut wrong, "name", &new.name, limits::NAME_CHARS_MAX);
        length(&mut wrong, "abstract", &new.abstract_text, limits::ABSTRACT_CHARS_MAX);
        language(&mut wrong, &new.language);
        let body = render(&mut wrong, &new.source);
        if !matches!(new.status, OpinionStatus::Open | OpinionStatus::Final) {
            wrong.push(FieldError::new("status", "a new opinion is `open` or `final`"));
        }
        if letter.as_ref().is_some_and(|letter| letter.has_passed(self.now())) {
            wrong.push(FieldError::new("letter", PASSED));
        }
        let Some(body) = body.filter(|_| wrong.is_empty()) else {
            return Err(ServiceError::Invalid(wrong));
        };

        let hand = self.room_hand(room).await?;
        let id = self.new_id();
        let uri = self.paths.opinion(id);
        let tx = self.begin_as(caller).await?;
        let at = self.time_to_act(&tx, &caller.actor.uri).await?;
        let text = Text {
            uri: &uri,
            name: &new.name,
            summary: &new.abstract_text,
            source: &new.source,
            language: &new.language,
            revision: 1,
            previous: None,
            letter: letter.as_ref(),
        };
        let acted = self
            .send_revision(&tx, caller, &hand, &text, &body, None, new.status, (at, None))
            .await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Revises an opinion, or only changes its status.
    pub async fn revise_opinion(
        &self,
        caller: &Caller,
        uri: &str,
        new: NewRevision,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, current) = self.own_opinion(&tx, caller, uri).await?;
        let room = rooms::by_id(&tx, opinion.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        let source = markup::clean(&new.source);
        let abstract_text = match new.abstract_text.as_deref().map(markup::clean_line) {
            Some(text) if !text.is_empty() => text,
            _ => current.abstract_text.clone(),
        };
        let status = new.status.unwrap_or_else(|| status_of(&opinion));
        let same_words = current.source.as_deref() == Some(source.as_str())
            && current.abstract_text == abstract_text;
        if same_words && status == status_of(&opinion) {
            return Err(ServiceError::invalid(
                "source",
                "nothing was changed, so there is nothing to publish",
            ));
        }
        let change_note = markup::clean(&new.change_note).trim().to_owned();
        let mut wrong = Vec::new();
        length(&mut wrong, "abstract", &abstract_text, limits::ABSTRACT_CHARS_MAX);
        if !same_words {
            length(&mut wrong, "changeNote", &change_note, limits::CHANGE_NOTE_CHARS_MAX);
        }
        if !status.is_published() {
            wrong.push(FieldError::new(
                "status",
                "a published opinion does not become a draft again",
            ));
        }
        let body = render(&mut wrong, &source);
        let Some(body) = body.filter(|_| wrong.is_empty()) else {
            return Err(ServiceError::Invalid(wrong));
        };

        let hand = self.room_hand(room).await?;
        let at = self.time_to_act(&tx, &caller.actor.uri).await?;
        let first = Timestamp::from_millis(opinion.published);
        let letter = opinion.letter();
        let text = Text {
            uri,
            name: &opinion.name,
            summary: &abstract_text,
            source: &source,
            language: &opinion.language,
            revision: if same_words { current.number } else { current.number + 1 },
            previous: if same_words { current.previous.as_deref() } else { Some(&current.digest) },
            letter: letter.as_ref(),
        };
        let acted = if same_words {
            self.send_status(&tx, caller, &hand, &text, &current, status, (first, at)).await?
        } else {
            let note = Some(change_note.as_str());
            self.send_revision(&tx, caller, &hand, &text, &body, note, status, (first, Some(at)))
                .await?
        };
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Makes an opinion of the caller's a letter, moves its deadline, or, with none, makes it a letter no more. Its
    /// words and their digest stay: no position is touched.
    pub async fn set_letter(
        &self,
        caller: &Caller,
        uri: &str,
        letter: Option<Deadline>,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, current) = self.own_opinion(&tx, caller, uri).await?;
        if letter == opinion.letter() {
            return Err(ServiceError::invalid("letter", "nothing was changed"));
        }
        if letter.as_ref().is_some_and(|letter| letter.has_passed(self.now())) {
            return Err(ServiceError::invalid("letter", PASSED));
        }
        let room = rooms::by_id(&tx, opinion.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        let hand = self.room_hand(room).await?;
        let at = self.time_to_act(&tx, &caller.actor.uri).await?;
        let text = Text {
            uri,
            name: &current.name,
            summary: &current.abstract_text,
            source: current.source.as_deref().unwrap_or_default(),
            language: &current.language,
            revision: current.number,
            previous: current.previous.as_deref(),
            letter: letter.as_ref(),
        };
        let times = (Timestamp::from_millis(opinion.published), at);
        let status = status_of(&opinion);
        let acted = self.send_status(&tx, caller, &hand, &text, &current, status, times).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Deletes an opinion: its words go, its place in the record stays. (To withdraw it keeps the words: a status.)
    pub async fn delete_opinion(&self, caller: &Caller, uri: &str) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, _) = self.own_opinion(&tx, caller, uri).await?;
        let acted = self.delete_object(&tx, caller, opinion.room_id, uri, "Article", &[]).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Sends the `Delete` of something of the caller's.
    pub(super) async fn delete_object(
        &self,
        tx: &Tx,
        caller: &Caller,
        room_id: i64,
        uri: &str,
        former_type: &str,
        also: &[Audience],
    ) -> Result<Acted, ServiceError> {
        let room =
            rooms::by_id(tx, room_id).await?.ok_or(ServiceError::NotFound { what: "topic" })?;
        let hand = self.room_hand(room).await?;
        let author_keys = self.keys.of(&caller.actor).await?;
        let at = self.time_to_act(tx, &caller.actor.uri).await?;
        let activity_id = self.paths.activity(self.new_id());
        let followers = format!("{}/followers", caller.actor.uri);
        let envelope = Envelope {
            id: &activity_id,
            actor: &caller.actor.uri,
            published: at,
            addressing: Addressing::public(&[&hand.actor.uri], &[&followers]),
            audience: Some(&hand.actor.uri),
        };
        let act = sign_activity(&author_keys, envelope.delete(uri, former_type), at);
        let mut audiences = vec![Audience::Followers(caller.actor.uri.clone())];
        audiences.extend(also.iter().cloned());
        let receipt = self.record(tx, &hand, &caller.actor, act, &audiences).await?;
        let key = keys::give(tx, uri, "opinion", self.new_id()).await?;
        Ok(Acted { uri: uri.to_owned(), key, activity_id, receipt })
    }

    async fn own_opinion(
        &self,
        tx: &Tx,
        caller: &Caller,
        uri: &str,
    ) -> Result<(Opinion, Revision), ServiceError> {
        let opinion = projections::opinion(tx, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "opinion" })?;
        if opinion.deleted {
            return Err(ServiceError::Gone { uri: uri.to_owned() });
        }
        if opinion.author != caller.actor.uri {
            return Err(ServiceError::NotPermitted {
                why: "only its authors may change an opinion",
            });
        }
        let revisions = projections::revisions(tx, opinion.room_id, uri).await?;
        let current = revisions
            .into_iter()
            .find(|revision| revision.current)
            .ok_or_else(|| ServiceError::internal(format!("{uri} has no current revision")))?;
        Ok((opinion, current))
    }

    /// A `Create` or `Update` with a new revision. `times`: first publication, and this revision's from the second
    /// on.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call for each of the two ways to a revision"
    )]
    async fn send_revision(
        &self,
        tx: &Tx,
        caller: &Caller,
        hand: &RoomHand,
        text: &Text<'_>,
        body: &str,
        change_note: Option<&str>,
        status: OpinionStatus,
        times: (Timestamp, Option<Timestamp>),
    ) -> Result<Acted, ServiceError> {
        let at = times.1.unwrap_or(times.0);
        let head = compose::opinion_head(text.name, text.revision, &at.to_date(), text.uri);
        let content = format!("{head}{body}");
        let digest = RevisionText {
            abstract_text: text.summary.to_owned(),
            authors: vec![caller.actor.uri.clone()],
            content: content.clone(),
            id: text.uri.to_owned(),
            lang: text.language.to_owned(),
            name: text.name.to_owned(),
            previous: text.previous.map(str::to_owned),
            revision: text.revision,
        }
        .digest();
        self.send_article(tx, caller, hand, text, (&content, &digest), change_note, status, times)
            .await
    }

    /// An `Update` with the same words under another status: same revision, same digest (decisions 11).
    #[expect(clippy::too_many_arguments, reason = "see send_revision")]
    async fn send_status(
        &self,
        tx: &Tx,
        caller: &Caller,
        hand: &RoomHand,
        text: &Text<'_>,
        current: &Revision,
        status: OpinionStatus,
        (first, at): (Timestamp, Timestamp),
    ) -> Result<Acted, ServiceError> {
        let words = (current.content.as_str(), current.digest.as_str());
        let note = current.change_note.as_deref();
        self.send_article(tx, caller, hand, text, words, note, status, (first, Some(at))).await
    }

    #[expect(clippy::too_many_arguments, reason = "see send_revision")]
    async fn send_article(
        &self,
        tx: &Tx,
        caller: &Caller,
        hand: &RoomHand,
        text: &Text<'_>,
        (content, digest): (&str, &str),
        change_note: Option<&str>,
        status: OpinionStatus,
        (first, updated): (Timestamp, Option<Timestamp>),
    ) -> Result<Acted, ServiceError> {
        let author = &caller.actor;
        let followers = format!("{}/followers", author.uri);
        // The home room is where the opinion was published first; whoever hosts the author (protocol 4.c).
        let article = Article {
            id: text.uri,
            author: &author.uri,
            followers: &followers,
            name: text.name,
            abstract_text: text.summary,
            content,
            source: text.source,
            language: text.language,
            published: first,
            updated,
            room: &hand.actor.uri,
            room_handle: &self.paths.handle(&hand.room.slug),
            topic: &hand.room.topic,
            revision: text.revision,
            digest,
            previous: text.previous,
            change_note,
            status: status.term(),
            stakeholder_group: author.stakeholder_group.as_deref(),
            letter: text.letter.map(|letter| (letter.closes, letter.zone.as_str())),
        }
        .print();
        let at = updated.unwrap_or(first);
        let activity_id = self.paths.activity(self.new_id());
        let envelope = Envelope {
            id: &activity_id,
            actor: &author.uri,
            published: at,
            addressing: Addressing::public(&[&hand.actor.uri], &[&followers]),
            audience: Some(&hand.actor.uri),
        };
        let kind = if updated.is_none() { "Create" } else { "Update" };
        let keys = self.keys.of(author).await?;
        let act = sign_activity(&keys, envelope.activity(kind, json!(article)), at);
        let audiences = [Audience::Followers(author.uri.clone())];
        let receipt = self.record(tx, hand, author, act, &audiences).await?;
        let key = keys::give(tx, text.uri, "opinion", self.new_id()).await?;
        Ok(Acted { uri: text.uri.to_owned(), key, activity_id, receipt })
    }
}

fn render(wrong: &mut Vec<FieldError>, source: &str) -> Option<String> {
    if source.trim().is_empty() {
        wrong.push(FieldError::new("source", "must not be empty"));
        return None;
    }
    match markup::render_opinion(source).map_err(markup_error("source")) {
        Ok(html) => Some(html),
        Err(error) => {
            wrong.push(error);
            None
        }
    }
}

fn status_of(opinion: &Opinion) -> OpinionStatus {
    opinion.status.parse().unwrap_or(OpinionStatus::Open)
}

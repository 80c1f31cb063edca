//! Publishing opinions, revising them, and taking them back.

use super::{
    Caller, FieldError, Service, ServiceError,
    acts::{Acted, sign_activity},
    publishing::{Publication, Stand, render, status_of, without_head},
    topics::{language, length},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{audience::Audience, letter::Deadline, markup, opinion::OpinionStatus},
    protocol::compose::{Addressing, Envelope},
    store::{
        Tx,
        actors::Actor,
        keys,
        projections::{self, Opinion, Revision},
        rooms::{self, Room},
    },
};

/// Why a deadline is not taken.
pub(super) const PASSED: &str = "the deadline must lie ahead";

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
    /// Title, where it changes.
    pub name: Option<String>,
    /// Markdown.
    pub source: String,
    /// Abstract, where it changes.
    pub abstract_text: Option<String>,
    /// What changed and why.
    pub change_note: String,
    /// Status, where it changes.
    pub status: Option<OpinionStatus>,
}

/// Another status for the same text.
#[derive(Debug, Clone)]
pub struct NewStatus {
    /// `open`, `final`, `superseded` or `withdrawn`.
    pub status: OpinionStatus,
    /// Why, in the author's words.
    pub reason: String,
    /// Id of the opinion that takes its place; only of one that is superseded.
    pub superseded_by: Option<String>,
}

/// The words of a text, cleaned, and what is wrong with them.
pub(super) struct Words {
    pub(super) name: String,
    pub(super) abstract_text: String,
    pub(super) source: String,
    pub(super) language: String,
    /// Its HTML; none where something is wrong with the source.
    pub(super) body: Option<String>,
    pub(super) wrong: Vec<FieldError>,
}

impl Words {
    /// Cleans and checks them: the same rules for a form and for a draft.
    pub(super) fn read(name: &str, abstract_text: &str, source: &str, tag: &str) -> Self {
        let name = markup::clean_line(name);
        let abstract_text = markup::clean_line(abstract_text);
        let source = markup::clean(source);
        let tag = tag.trim().to_owned();
        let mut wrong = Vec::new();
        length(&mut wrong, "name", &name, limits::NAME_CHARS_MAX);
        length(&mut wrong, "abstract", &abstract_text, limits::ABSTRACT_CHARS_MAX);
        language(&mut wrong, &tag);
        let body = render(&mut wrong, &source);
        Self { name, abstract_text, source, language: tag, body, wrong }
    }
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
        let mut words = Words::read(&new.name, &new.abstract_text, &new.source, &new.language);
        if !matches!(new.status, OpinionStatus::Open | OpinionStatus::Final) {
            words.wrong.push(FieldError::new("status", "a new opinion is `open` or `final`"));
        }
        if letter.as_ref().is_some_and(|letter| letter.has_passed(self.now())) {
            words.wrong.push(FieldError::new("letter", PASSED));
        }
        let Some(body) = words.body.filter(|_| words.wrong.is_empty()) else {
            return Err(ServiceError::Invalid(words.wrong));
        };

        let hand = self.room_hand(room).await?;
        let uri = self.paths.opinion(self.new_id());
        let tx = self.begin_as(caller).await?;
        let at = self.time_to_act(&tx, &caller.actor.uri).await?;
        let text = Publication {
            uri: &uri,
            name: &words.name,
            summary: &words.abstract_text,
            source: Some(&words.source),
            language: &words.language,
            revision: 1,
            previous: None,
            co_authors: &[],
            change_note: None,
            status: new.status,
            superseded_by: None,
            letter: letter.as_ref(),
            first: at,
            updated: None,
        };
        let (acted, _) = self.sign_revision(&tx, caller, &hand, &text, &body).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Revises an opinion, or only changes its status. Whom it names as authors stays: none of them has confirmed
    /// the new text, and the page says so.
    pub async fn revise_opinion(
        &self,
        caller: &Caller,
        uri: &str,
        new: NewRevision,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, current) = self.own_opinion(&tx, caller, uri).await?;
        let given = |text: Option<&str>, known: &str| match text.map(markup::clean_line) {
            Some(text) if !text.is_empty() => text,
            _ => known.to_owned(),
        };
        let name = given(new.name.as_deref(), &current.name);
        let abstract_text = given(new.abstract_text.as_deref(), &current.abstract_text);
        let mut words = Words::read(&name, &abstract_text, &new.source, &opinion.language);
        let status = new.status.unwrap_or_else(|| status_of(&opinion));
        let same_words = words.body.as_deref() == Some(without_head(&current.content))
            && current.abstract_text == words.abstract_text
            && current.name == words.name;
        if same_words && status == status_of(&opinion) {
            return Err(ServiceError::invalid(
                "source",
                "nothing was changed, so there is nothing to publish",
            ));
        }
        let change_note = markup::clean(&new.change_note).trim().to_owned();
        if !same_words {
            note_length(&mut words.wrong, "changeNote", &change_note);
        }
        published(&mut words.wrong, status);
        let Some(body) = words.body.filter(|_| words.wrong.is_empty()) else {
            return Err(ServiceError::Invalid(words.wrong));
        };

        let hand = self.hand_of(&tx, &opinion).await?;
        let acted = if same_words {
            let reason = Some(change_note.as_str()).filter(|note| !note.is_empty());
            let letter = opinion.letter();
            let stand = Stand { status, reason, superseded_by: None, letter: letter.as_ref() };
            self.sign_status(&tx, caller, &hand, (&opinion, &current), stand).await?
        } else {
            let at = self.time_to_act(&tx, &caller.actor.uri).await?;
            let co_authors = self.co_authors_of(&tx, &opinion, &current).await?;
            let letter = opinion.letter();
            let text = Publication {
                uri,
                name: &words.name,
                summary: &words.abstract_text,
                source: Some(&words.source),
                language: &words.language,
                revision: current.number + 1,
                previous: Some(&current.digest),
                co_authors: &co_authors,
                change_note: Some(&change_note),
                status,
                superseded_by: None,
                letter: letter.as_ref(),
                first: Timestamp::from_millis(opinion.published),
                updated: Some(at),
            };
            self.sign_revision(&tx, caller, &hand, &text, &body).await?.0
        };
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// A text in Markdown. The source is no part of what is signed, so only that of our own authors is believed; of
    /// others it is written anew from the signed text.
    pub fn markdown(&self, revision: &Revision) -> String {
        match &revision.source {
            Some(source) if self.paths.is_ours(&revision.opinion_uri) => source.clone(),
            _ => markup::to_markdown(&revision.content),
        }
    }

    /// Gives an opinion another status and says why; its text, its revision and the positions on it stay.
    pub async fn change_status(
        &self,
        caller: &Caller,
        uri: &str,
        new: NewStatus,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, current) = self.own_opinion(&tx, caller, uri).await?;
        let reason = markup::clean(&new.reason).trim().to_owned();
        let successor = new.superseded_by.as_deref().map(str::trim).filter(|uri| !uri.is_empty());
        let mut wrong = Vec::new();
        published(&mut wrong, new.status);
        if matches!(new.status, OpinionStatus::Superseded | OpinionStatus::Withdrawn)
            && reason.is_empty()
        {
            wrong.push(FieldError::new(
                "reason",
                "say why, in at least one word: others have answered this text",
            ));
        }
        if !reason.is_empty() {
            note_length(&mut wrong, "reason", &reason);
        }
        if let Some(other) = successor {
            if new.status != OpinionStatus::Superseded {
                wrong.push(FieldError::new(
                    "supersededBy",
                    "only an opinion with the status `superseded` names the one that took its place",
                ));
            }
            if other == uri {
                wrong.push(FieldError::new("supersededBy", "an opinion does not replace itself"));
            } else if projections::opinion(&tx, other).await?.is_none() {
                wrong.push(FieldError::new(
                    "supersededBy",
                    "must be the id of an opinion that is held here",
                ));
            }
        }
        if new.status == status_of(&opinion)
            && successor == opinion.superseded_by.as_deref()
            && (reason.is_empty() || Some(&reason) == opinion.status_note.as_ref())
        {
            wrong.push(FieldError::new("status", "it has this status already"));
        }
        if !wrong.is_empty() {
            return Err(ServiceError::Invalid(wrong));
        }
        let hand = self.hand_of(&tx, &opinion).await?;
        let letter = opinion.letter();
        let stand = Stand {
            status: new.status,
            reason: Some(reason.as_str()).filter(|text| !text.is_empty()),
            superseded_by: successor,
            letter: letter.as_ref(),
        };
        let acted = self.sign_status(&tx, caller, &hand, (&opinion, &current), stand).await?;
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
        let hand = self.hand_of(&tx, &opinion).await?;
        let stand = Stand {
            status: status_of(&opinion),
            reason: opinion.status_note.as_deref(),
            superseded_by: opinion.superseded_by.as_deref(),
            letter: letter.as_ref(),
        };
        let acted = self.sign_status(&tx, caller, &hand, (&opinion, &current), stand).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Deletes an opinion: its words go, its place in the record stays. (To withdraw it keeps the words: a status.)
    pub async fn delete_opinion(&self, caller: &Caller, uri: &str) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, _) = self.own_opinion(&tx, caller, uri).await?;
        let acted =
            self.delete_object(&tx, &caller.actor, opinion.room_id, uri, "Article", &[]).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Sends the `Delete` of something of the caller's.
    pub(super) async fn delete_object(
        &self,
        tx: &Tx,
        author: &Actor,
        room_id: i64,
        uri: &str,
        former_type: &str,
        also: &[Audience],
    ) -> Result<Acted, ServiceError> {
        let room =
            rooms::by_id(tx, room_id).await?.ok_or(ServiceError::NotFound { what: "topic" })?;
        let hand = self.room_hand(room).await?;
        let author_keys = self.keys.of(author).await?;
        let at = self.time_to_act(tx, &author.uri).await?;
        let activity_id = self.paths.activity(self.new_id());
        let followers = format!("{}/followers", author.uri);
        let envelope = Envelope {
            id: &activity_id,
            actor: &author.uri,
            published: at,
            addressing: Addressing::public(&[&hand.actor.uri], &[&followers]),
            audience: Some(&hand.actor.uri),
        };
        let act = sign_activity(&author_keys, envelope.delete(uri, former_type), at);
        let mut audiences = vec![Audience::Followers(author.uri.clone())];
        audiences.extend(also.iter().cloned());
        let receipt = self.record(tx, &hand, author, act, &audiences).await?;
        let key = keys::give(tx, uri, "opinion", self.new_id()).await?;
        Ok(Acted { uri: uri.to_owned(), key, activity_id, receipt })
    }

    /// An opinion that the caller may change, with its current revision.
    pub(super) async fn own_opinion(
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
}

/// A note that must be there and not be too long.
pub(super) fn note_length(wrong: &mut Vec<FieldError>, field: &'static str, note: &str) {
    length(wrong, field, note, limits::CHANGE_NOTE_CHARS_MAX);
}

fn published(wrong: &mut Vec<FieldError>, status: OpinionStatus) {
    if !status.is_published() {
        wrong.push(FieldError::new("status", "a published opinion does not become a draft again"));
    }
}

//! The public answer of a room to a reply by keyword: fixed sentences in the language of the keyword, our own links, no word
//! of the reply, nobody named but its author; rare, and sent nowhere but to the author's own host (decisions 8).

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, fluent_bundle::FluentValue};
use serde_json::Value;

use super::{
    Service, ServiceError,
    acts::{RoomHand, sign_activity},
    objects::Served,
};
use crate::{
    base::limits,
    domain::{
        audience::Audience,
        messages,
        position::{PositionAct, PositionKind},
        reply::{Flaw, Tongue, words},
    },
    protocol::{
        compose::{Envelope, answer::Answer as Note, escape},
        json,
        paths::host_of,
        quirks::{id_of, member, text_of},
    },
    record::item::Item,
    store::{
        Tx,
        actors::Actor,
        answers::{self, Answer},
        keys, links,
        projections::{self, Opinion},
    },
};

/// Whom an answer is for, and to what.
pub(super) struct Addressee<'a> {
    pub(super) author: &'a Actor,
    pub(super) opinion: &'a Opinion,
    /// The reply's id.
    pub(super) reply: &'a str,
    pub(super) tongue: Tongue,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// What was recorded, on which revision.
    Recorded {
        act: PositionAct,
        revision: i64,
        newest: i64,
        /// Whether the reply says for whom it speaks.
        claims: bool,
    },
    /// Why nothing was.
    NotAPosition { act: PositionAct, flaw: Flaw },
    /// That an edit changes nothing.
    Edited,
}

impl Service {
    /// Answers in public, where another answer may be given; else notes that one was held back.
    pub(super) async fn answer(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        to: &Addressee<'_>,
        says: &Says,
        item: &Item,
    ) -> Result<(), ServiceError> {
        let Addressee { author, opinion, reply, tongue } = to;
        if host_of(&author.inbox) != author.host || author.host != host_of(&author.uri) {
            return Ok(());
        }
        let now = self.now();
        let given =
            answers::given(tx, &author.uri, &author.host, &opinion.uri, now.as_millis()).await?;
        let number = self.new_id();
        let mut row = Answer {
            id: number,
            room_id: hand.room.id,
            author: author.uri.clone(),
            host: author.host.clone(),
            opinion_uri: opinion.uri.clone(),
            reply_uri: (*reply).to_owned(),
            note_uri: None,
            activity_uri: None,
            to_new_host: given.is_new_host,
            body: Vec::new(),
            at: now.as_millis(),
        };
        // Who lives here is sent nothing: no answer can be aimed at anybody by them.
        if self.profile.rate_limits && !author.local && !given.allows_another() {
            return Ok(answers::insert(tx, row).await?);
        }
        let latest = answers::latest(tx, &author.uri, &opinion.uri).await?;
        let text = Text {
            tongue: *tongue,
            says,
            receipt: format!("{}/receipts/{}", self.paths.origin(), item.hash),
            held_back: match latest {
                Some(latest) if latest.note_uri.is_none() => {
                    let key = keys::by_uri(tx, &opinion.uri).await?.map_or(0, |key| key.id);
                    Some(format!("{}/o/{key}/positions", self.paths.origin()))
                }
                _ => None,
            },
            is_first: !answers::any_to(tx, &author.uri).await?,
        };
        let (id, activity_id) = (self.paths.note(number), self.paths.activity(self.new_id()));
        let handle = self.handle_of(author);
        let content = text.print(author);
        let note = Note {
            id: &id,
            room: &hand.actor.uri,
            author: (&author.uri, &handle),
            reply,
            content: &content,
            language: tongue.code(),
            published: now,
        };
        let envelope = Envelope {
            id: &activity_id,
            actor: &hand.actor.uri,
            published: now,
            addressing: note.addressing(),
            audience: None,
        };
        let act = sign_activity(&hand.keys, envelope.activity("Create", note.print()), now);
        let body =
            serde_json::to_vec(&act).map_err(|error| ServiceError::Internal(error.into()))?;
        row.body.clone_from(&body);
        row.note_uri = Some(id.clone());
        row.activity_uri = Some(activity_id.clone());
        answers::insert(tx, row.clone()).await?;
        keys::give(tx, &id, "answer", number).await?;
        if author.local {
            return self.tell_of_receipt(tx, &row, &hand.actor.uri).await;
        }
        let inbox = Audience::Inbox(author.inbox.clone());
        self.send(tx, &hand.actor, &activity_id, body, &[inbox]).await
    }

    /// An answer of ours as its `Note`, so that servers that were told of it can fetch it into their thread.
    pub(super) async fn answer_document(&self, uri: &str) -> Result<Served, ServiceError> {
        let row = answers::by_note(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "object" })?;
        match document(&row)?.get_mut("object").map(Value::take) {
            Some(note) => Ok(Served::Here(note)),
            None => Err(ServiceError::internal(format!("{uri} is not in its activity"))),
        }
    }

    /// An answer of ours as the activity that sent it.
    pub(super) async fn answer_activity(&self, uri: &str) -> Result<Served, ServiceError> {
        let row = answers::by_activity(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "activity" })?;
        Ok(Served::Here(document(&row)?))
    }

    /// What a room elsewhere answered to somebody here.
    pub async fn take_answer(
        &self,
        tx: &Tx,
        room: &Actor,
        note: &Value,
        body: Vec<u8>,
    ) -> Result<bool, ServiceError> {
        let (Some(id), Some(reply)) = (text_of(note, "id"), id_of(note, "receiptFor")) else {
            return Ok(false);
        };
        let (opinion, author) = match projections::position(tx, &reply).await? {
            Some(row) => (Some(row.opinion_uri), row.actor),
            None => match projections::comment(tx, &reply).await? {
                Some(row) => (row.opinion_uri, row.author),
                None => return Ok(false),
            },
        };
        let Some(opinion) = opinion else { return Ok(false) };
        let Some(held) = projections::opinion(tx, &opinion).await? else { return Ok(false) };
        // Only the room that reads replies to an opinion answers them: its home, else one that is linked. Who only asked for
        // a link is anybody.
        let link = links::with_peer(tx, held.room_id, &room.uri).await?;
        let reads = held.audience.as_deref() == Some(&room.uri)
            || link.is_some_and(|link| link.state == links::UP);
        if !reads || !self.paths.is_ours(&author) || host_of(id) != room.host {
            return Ok(false);
        }
        if answers::by_note(tx, id).await?.is_some() {
            return Ok(true);
        }
        let number = self.new_id();
        let row = Answer {
            id: number,
            room_id: held.room_id,
            host: host_of(&author),
            author,
            opinion_uri: opinion,
            reply_uri: reply,
            note_uri: Some(id.to_owned()),
            activity_uri: None,
            to_new_host: false,
            body,
            at: self.now().as_millis(),
        };
        answers::insert(tx, row.clone()).await?;
        keys::give(tx, id, "answer", number).await?;
        self.tell_of_receipt(tx, &row, &room.uri).await?;
        Ok(true)
    }

    /// The room that gave an answer.
    pub(super) fn receipt_room(row: &Answer) -> Option<String> {
        let act = json::parse(&row.body).ok()?;
        member(&act, "object").and_then(|note| id_of(note, "attributedTo"))
    }

    /// The opinion on which an answer was given.
    pub async fn opinion_answered(&self, answer: &str) -> Result<String, ServiceError> {
        let row = answers::by_note(&self.store, answer).await?;
        Ok(row.ok_or(ServiceError::NotFound { what: "answer" })?.opinion_uri)
    }
}

fn document(row: &Answer) -> Result<Value, ServiceError> {
    json::parse(&row.body)
        .map_err(|error| ServiceError::internal(format!("answer {}: {error}", row.id)))
}

/// The words of an answer.
struct Text<'a> {
    tongue: Tongue,
    says: &'a Says,
    /// The page of its receipt.
    receipt: String,
    /// Where the receipts stand that were not answered.
    held_back: Option<String>,
    /// Whether its author never had one.
    is_first: bool,
}

impl Text<'_> {
    fn print(&self, author: &Actor) -> String {
        let mention = format!(
            "<span class=\"h-card\"><a href=\"{}\" class=\"u-url mention\">@<span>{}</span></a></span>",
            escape(&author.uri),
            escape(&author.username),
        );
        let withdraw = first_word(self.tongue, PositionAct::Withdraw);
        let mut sentences = Vec::new();
        match *self.says {
            Says::Recorded { act, revision, newest, claims } => {
                sentences.push(self.say(recorded_key(act), "revision", revision.to_string()));
                if claims {
                    sentences.push(self.say("answer-claim", "", String::new()));
                }
                if newest > revision {
                    sentences.push(self.say("answer-newer", "revision", newest.to_string()));
                }
            }
            Says::NotAPosition { act, flaw: Flaw::NeedsWords } => {
                let word = first_word(self.tongue, act).to_owned();
                sentences.push(self.say("answer-needs-words", "word", word));
            }
            Says::NotAPosition { flaw: Flaw::TooLong, .. } => {
                let max = limits::STATEMENT_CHARS_MAX.to_string();
                sentences.push(self.say("answer-too-long", "max", max));
            }
            Says::Edited => sentences.push(self.say("answer-edited", "", String::new())),
        }
        let mut html = format!("<p>{mention} {}</p>", sentences.join(" "));
        let mut linked = |key, address: Option<&String>| {
            if let Some(address) = address {
                let (words, address) = (self.say(key, "", String::new()), escape(address));
                let link = format!("<a href=\"{address}\">{address}</a>");
                html.extend(["<p>", &words, " ", &link, "</p>"]);
            }
        };
        linked("answer-receipt", Some(&self.receipt));
        linked("answer-held-back", self.held_back.as_ref());
        if let Says::Recorded { act: PositionAct::Take(_), .. } = self.says {
            let undo = self.say("answer-undo", "word", withdraw.to_owned());
            html.extend(["<p>", &undo, "</p>"]);
        }
        if self.is_first {
            html.extend(["<p>", &self.say("answer-record", "", String::new()), "</p>"]);
        }
        html
    }

    /// A sentence in the language of the keyword, else in English.
    fn say(&self, key: &str, place: &'static str, value: String) -> String {
        let places = HashMap::from([(Cow::Borrowed(place), FluentValue::from(value))]);
        [self.tongue.code(), Tongue::English.code()]
            .into_iter()
            .filter_map(|code| code.parse::<LanguageIdentifier>().ok())
            .find_map(|language| messages::in_language(&language, key, &places))
            .map(|text| escape(&text))
            .unwrap_or_default()
    }
}

/// The word that we tell people to write.
fn first_word(tongue: Tongue, act: PositionAct) -> &'static str {
    words(tongue, act).first().copied().unwrap_or_default()
}

const fn recorded_key(act: PositionAct) -> &'static str {
    match act {
        PositionAct::Take(PositionKind::Support) => "answer-support",
        PositionAct::Take(PositionKind::Reservation) => "answer-reservation",
        PositionAct::Take(PositionKind::Neutral) => "answer-neutral",
        PositionAct::Take(PositionKind::Concern) => "answer-concern",
        PositionAct::Take(PositionKind::Objection) => "answer-objection",
        PositionAct::Withdraw => "answer-withdrawn",
    }
}

/// Every message of an answer.
#[cfg(test)]
pub(crate) const KEYS: &[&str] = &[
    "answer-support",
    "answer-reservation",
    "answer-neutral",
    "answer-concern",
    "answer-objection",
    "answer-withdrawn",
    "answer-newer",
    "answer-needs-words",
    "answer-too-long",
    "answer-edited",
    "answer-claim",
    "answer-receipt",
    "answer-undo",
    "answer-held-back",
    "answer-record",
];

#[cfg(test)]
mod tests;

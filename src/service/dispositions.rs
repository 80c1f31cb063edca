//! Saying what became of a comment or an objection, and reading what was said. Whether a word counts is decided here
//! whenever it is read: it depends on who facilitates the topic, which is part of the record too.

use std::collections::BTreeMap;

use super::{
    Caller, FieldError, Service, ServiceError,
    acts::Acted,
    comments::Words,
    delegations::{Claim, FieldErrorOr},
    read::{ActorView, unknown_actor},
    topics::{language, length},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{
        delegation::Scope,
        disposition::Outcome,
        markup,
        permission::{self, Facilitators},
    },
    protocol::compose::{self, escape},
    store::{Source, dispositions, dispositions::Disposition, projections},
};

/// What somebody says became of it.
#[derive(Debug, Clone)]
pub struct NewDisposition {
    /// What.
    pub outcome: Outcome,
    /// Why, plain text.
    pub reason: String,
    /// Number of the revision that did it.
    pub revision: Option<i64>,
    /// Where it belongs instead.
    pub venue: Option<String>,
    /// BCP 47; the opinion's where not given.
    pub language: Option<String>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

/// A disposition, as shown with what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispositionView {
    /// This instance's key of its Note.
    pub key: i64,
    /// What was said.
    pub disposition: Disposition,
    /// By whom.
    pub author: ActorView,
    /// For whom they say to speak.
    pub on_behalf_of: Option<ActorView>,
    /// Whether that organisation confirms it.
    pub confirmed: bool,
    /// Whether they are an author of the opinion or a facilitator of the topic.
    pub counts: bool,
}

/// Who may say what became of what is said on each opinion of a room.
#[derive(Debug, Clone, Default)]
pub struct Judges {
    authors: BTreeMap<String, Vec<String>>,
    facilitators: Facilitators,
}

impl Judges {
    /// Whether this actor, or whom it is confirmed to speak for, may speak on an opinion now.
    pub fn include(&self, voices: &[&str], opinion_uri: &str) -> bool {
        self.among(voices, opinion_uri, self.facilitators.now())
    }

    /// Whether they might when what they said was received: who facilitates later, or did before, is no other's judge.
    pub fn included(
        &self,
        voices: &[&str],
        opinion_uri: &str,
        received: Option<Timestamp>,
    ) -> bool {
        self.among(voices, opinion_uri, self.facilitators.at(received))
    }

    fn among(&self, voices: &[&str], opinion_uri: &str, facilitators: &[String]) -> bool {
        let none = Vec::new();
        let authors = self.authors.get(opinion_uri).unwrap_or(&none);
        permission::may_dispose(voices, authors, facilitators)
    }
}

/// Where somebody may say what became of things.
#[derive(Debug, Clone, Default)]
pub struct Say {
    judges: Judges,
    voices: Vec<String>,
}

impl Say {
    /// Whether on this opinion.
    pub fn on(&self, opinion_uri: &str) -> bool {
        let voices: Vec<&str> = self.voices.iter().map(String::as_str).collect();
        self.judges.include(&voices, opinion_uri)
    }
}

/// What is answered: a comment, or a position that is a Note.
struct Answered {
    uri: String,
    author: String,
    version: String,
    opinion_uri: String,
}

impl Service {
    /// Says what became of a comment or of a position.
    pub async fn dispose(
        &self,
        caller: &Caller,
        of_uri: &str,
        new: NewDisposition,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let bodies = self.principals_of(&caller.actor.uri, Scope::Comment).await?;
        let tx = self.begin_as(caller).await?;
        let answered = answered(&tx, of_uri).await?;
        let (opinion, _) = self.open_opinion(&tx, &answered.opinion_uri).await?;
        let judges = self.judges(&tx, opinion.room_id).await?;
        let mut voices = vec![caller.actor.uri.as_str()];
        voices.extend(
            bodies
                .iter()
                .map(|body| body.uri.as_str())
                .filter(|body| new.on_behalf_of.as_deref() == Some(*body)),
        );
        if !judges.include(&voices, &opinion.uri) {
            return Err(ServiceError::NotPermitted {
                why: "only an author of the opinion or a facilitator of the topic may say what became of it",
            });
        }
        let reason = markup::clean(&new.reason).trim().to_owned();
        let venue = new.venue.as_deref().map(markup::clean_line).filter(|venue| !venue.is_empty());
        let tag = new.language.clone().unwrap_or_else(|| opinion.language.clone());
        let mut wrong = Vec::new();
        length(&mut wrong, "reason", &reason, limits::STATEMENT_CHARS_MAX);
        if let Some(venue) = &venue {
            length(&mut wrong, "venue", venue, limits::NAME_CHARS_MAX);
        }
        language(&mut wrong, &tag);
        let revisions = projections::revisions(&tx, opinion.room_id, &opinion.uri).await?;
        let revision = match new.revision {
            None if new.outcome.needs_revision() => {
                wrong.push(FieldError::new(
                    "revision",
                    format!("`{}` needs the number of the revision that did it", new.outcome),
                ));
                None
            }
            None => None,
            Some(number) => {
                let found = revisions
                    .iter()
                    .find(|r| r.number == number && (r.current || number != opinion.revision));
                if found.is_none() {
                    let message = format!("there are revisions 1 to {}", opinion.revision);
                    wrong.push(FieldError::new("revision", message));
                }
                found
            }
        };
        let spoken =
            self.spoken(&tx, caller, new.on_behalf_of.as_deref(), None, Scope::Comment).await;
        let spoken = match spoken {
            Ok(spoken) => Some(spoken),
            Err(FieldErrorOr::Field(error)) => {
                wrong.push(error);
                None
            }
            Err(FieldErrorOr::Other(error)) => return Err(error),
        };
        let Some(spoken) = spoken.filter(|_| wrong.is_empty()) else {
            return Err(ServiceError::Invalid(wrong));
        };
        if spoken.mandate().is_some() {
            let hand = self.hand_of(&tx, &opinion).await?;
            self.bring_mandate(&tx, &hand, &spoken).await?;
        }
        let said = compose::Disposition {
            outcome: new.outcome.term(),
            reason: &reason,
            of_version: &answered.version,
            revision: revision.map(|revision| (revision.number, revision.digest.as_str())),
            venue: venue.as_deref(),
        };
        let content = sentence(new.outcome, &said);
        let words = Words {
            content: &content,
            source: None,
            language: &tag,
            anchors: &[],
            comment_kind: None,
            capacity: spoken.capacity.term(),
            mandate: spoken.mandate(),
            stakeholder_group: spoken.stakeholder_group.as_deref(),
            position: None,
            disposition: Some(&said),
            signed_in_as: None,
            pictures: &[],
        };
        let parent = (answered.uri, answered.author);
        let acted = self.send_note(&tx, &caller.actor, &opinion, &parent, &words).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Who may say what became of things in a room.
    pub async fn judges(&self, db: &impl Source, room_id: i64) -> Result<Judges, ServiceError> {
        Ok(Judges {
            authors: dispositions::authors(db, room_id).await?,
            facilitators: self.facilitators(db, room_id).await?,
        })
    }

    /// What was said of these comments and positions, by what it is said of, oldest first. `opinion_of` names the
    /// opinion that each is on.
    pub async fn dispositions_of(
        &self,
        room_id: i64,
        opinion_of: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, Vec<DispositionView>>, ServiceError> {
        let uris: Vec<String> = opinion_of.keys().cloned().collect();
        let said = dispositions::of(&self.store, room_id, &uris).await?;
        if said.is_empty() {
            return Ok(BTreeMap::new());
        }
        let judges = self.judges(&self.store, room_id).await?;
        let all = || said.values().flatten();
        let bodies = all().filter_map(|row| row.on_behalf_of.clone());
        let authors = self.actor_views(all().map(|row| row.author.clone()).chain(bodies)).await?;
        let claims = all().filter_map(|row| {
            Some(Claim {
                uri: row.uri.clone(),
                actor: row.author.clone(),
                principal: row.on_behalf_of.clone()?,
                delegation: row.delegation.clone(),
                received: row.received_at.map(Timestamp::from_millis),
            })
        });
        let confirmed = self.confirmed(room_id, claims).await?;
        let known = self.keys_of(all().map(|row| row.uri.clone())).await?;
        let view = |row: Disposition| {
            let is_confirmed = confirmed.contains(&row.uri);
            let body = row.on_behalf_of.as_deref();
            let voices: Vec<&str> =
                std::iter::once(row.author.as_str()).chain(body.filter(|_| is_confirmed)).collect();
            DispositionView {
                key: known.get(&row.uri).copied().unwrap_or_default(),
                on_behalf_of: body.and_then(|body| authors.get(body).cloned()),
                confirmed: is_confirmed,
                author: authors
                    .get(&row.author)
                    .cloned()
                    .unwrap_or_else(|| unknown_actor(&row.author)),
                counts: opinion_of.get(&row.of_uri).is_some_and(|opinion| {
                    let received = row.received_at.map(Timestamp::from_millis);
                    judges.included(&voices, opinion, received)
                }),
                disposition: row,
            }
        };
        Ok(said
            .into_iter()
            .map(|(uri, rows)| (uri, rows.into_iter().map(&view).collect()))
            .collect())
    }

    /// What was said of one comment or position.
    pub async fn dispositions_on(
        &self,
        of_uri: &str,
    ) -> Result<Vec<DispositionView>, ServiceError> {
        let answered = answered(&self.store, of_uri).await?;
        let opinion = projections::opinion(&self.store, &answered.opinion_uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "opinion" })?;
        let of = BTreeMap::from([(answered.uri, answered.opinion_uri)]);
        let mut said = self.dispositions_of(opinion.room_id, &of).await?;
        Ok(said.remove(of_uri).unwrap_or_default())
    }

    /// The comment or position that a Note says something became of; none where it says no such thing.
    pub async fn answered_by(
        &self,
        room_id: i64,
        uri: &str,
    ) -> Result<Option<String>, ServiceError> {
        Ok(dispositions::by_uri(&self.store, room_id, uri).await?.map(|row| row.of_uri))
    }

    /// On which opinions of a room this caller may say what became of things.
    pub async fn say_of(&self, caller: &Caller, room_id: i64) -> Result<Say, ServiceError> {
        let bodies = self.principals_of(&caller.actor.uri, Scope::Comment).await?;
        let own = caller.actor.uri.clone();
        Ok(Say {
            judges: self.judges(&self.store, room_id).await?,
            voices: std::iter::once(own).chain(bodies.into_iter().map(|body| body.uri)).collect(),
        })
    }
}

/// The one that counts, where any does: the last.
pub fn answer(said: &[DispositionView]) -> Option<&DispositionView> {
    said.iter().rev().find(|view| view.counts)
}

async fn answered(db: &impl Source, uri: &str) -> Result<Answered, ServiceError> {
    if let Some(comment) = projections::comment(db, uri).await? {
        if comment.deleted {
            return Err(ServiceError::Gone { uri: uri.to_owned() });
        }
        if dispositions::by_uri(db, comment.room_id, uri).await?.is_some() {
            return Err(ServiceError::Conflict {
                why: "this is an answer itself; answer the comment that it is about".to_owned(),
            });
        }
        return Ok(Answered {
            opinion_uri: comment.opinion_uri.ok_or(ServiceError::NotFound { what: "opinion" })?,
            uri: comment.uri,
            author: comment.author,
            version: comment.activity_id,
        });
    }
    let position =
        projections::position(db, uri).await?.ok_or(ServiceError::NotFound { what: "comment" })?;
    match position.object_uri {
        Some(note) => Ok(Answered {
            uri: note,
            author: position.actor,
            version: position.activity_id,
            opinion_uri: position.opinion_uri,
        }),
        None => Err(ServiceError::Conflict {
            why: "support, with a reservation or without, asks for no answer; answer a concern or an objection"
                .to_owned(),
        }),
    }
}

/// What the Note says in words. English until the texts of all six languages stand (the disposition itself is in a
/// member, which needs no language).
fn sentence(outcome: Outcome, said: &compose::Disposition<'_>) -> String {
    let what = match outcome {
        Outcome::Accepted => "Accepted",
        Outcome::Partly => "Accepted in part",
        Outcome::NotAccepted => "Not accepted",
        Outcome::OutOfScope => "Out of scope here",
        Outcome::AddressedNotAccommodated => "Addressed, not accommodated",
    };
    let mut text = format!("<p>{what}");
    if let Some((number, _)) = said.revision {
        text.push_str(", revision ");
        text.push_str(&number.to_string());
    }
    if let Some(venue) = said.venue {
        text.push_str(", for ");
        text.push_str(&escape(venue));
    }
    text.push_str(":</p>");
    for paragraph in said.reason.split("\n\n") {
        text.push_str("<p>");
        text.push_str(&escape(paragraph.trim()).replace('\n', "<br>"));
        text.push_str("</p>");
    }
    text
}

//! What a room read in a reply by keyword, as the fold sees it: which Reading of a reply counts, and what it says. The
//! words of the reply itself are never parsed here (decisions 7).

use serde_json::Value;

use super::{
    digest::EntryHash,
    item::{Cell, Item, Kind},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::position::PositionAct,
    protocol::{
        paths::host_of,
        quirks::{id_of, member, number_of, one_or_many, text_of, time_of, words_of},
    },
};

/// The kind of a Reading that finds no position, but passages or a name.
pub const NONE_TERM: &str = "plg:none";

/// The Reading of a reply that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// What the reply does; none where it is a comment.
    pub act: Option<PositionAct>,
    /// The opinion.
    pub opinion: String,
    /// The revision that the room showed.
    pub revision: i64,
    /// Its digest.
    pub revision_digest: String,
    /// The passages named, n of §n.
    pub blocks: Vec<i64>,
    /// The same as anchors, where it is a comment.
    pub anchors: Vec<Value>,
    /// Whom the author says to speak for.
    pub claims_to_speak_for: Option<String>,
    /// The reason.
    pub statement: Option<String>,
    /// Orders those of one reply: the home room's first, then the earliest, then the smaller hash.
    rank: (bool, Timestamp, EntryHash),
}

impl Read {
    /// Of the Readings among these items the one of this reply that counts.
    pub fn of(reply: &Item, others: &[Item]) -> Option<Self> {
        let hash = reply.hash.to_string();
        others
            .iter()
            .filter(|other| {
                other.kind == Kind::Reading && other.object.as_deref() == Some(hash.as_str())
            })
            .filter_map(|reading| Self::judge(reply, reading))
            .reduce(Self::first)
    }

    /// The one of two that counts.
    #[must_use]
    pub fn first(self, other: Self) -> Self {
        if other.rank < self.rank { other } else { self }
    }

    /// Whether the reply is a position or a withdrawal, and no comment.
    pub const fn is_position(&self) -> bool {
        self.act.is_some()
    }

    /// `None` where the Reading is not of this reply, not by a room that may read it, or says what cannot be.
    fn judge(reply: &Item, reading: &Item) -> Option<Self> {
        let document = &reading.document;
        let note = member(&reply.document, "object")?;
        if reply.act_type != "Create"
            || reply.signed_in_as().is_some()
            || !matches!(reply.cell, Some(Cell::Comment(_)))
            || id_of(document, "actor").as_deref() != Some(reply.actor.as_str())
        {
            return None;
        }
        let opinion = id_of(document, "opinion")?;
        let room = host_of(&reading.actor);
        let at_home = room == host_of(&opinion);
        // Else any room of the topic could say of anybody what they never said.
        if !at_home && delivered_to(reply).as_deref() != Some(room.as_str()) {
            return None;
        }
        let kind = text_of(document, "kind")?;
        let act = match PositionAct::from_term(kind) {
            Some(act) => Some(act),
            None if kind == NONE_TERM => None,
            None => return None,
        };
        let parent = id_of(note, "inReplyTo")?;
        // Who answers a room's receipt may withdraw; what was received is known to that room alone.
        let answers_receipt = act == Some(PositionAct::Withdraw) && host_of(&parent) == room;
        if parent != opinion && !answers_receipt {
            return None;
        }
        let statement = words_of(document, "statement");
        let too_long = |text: &String| text.chars().count() > limits::STATEMENT_CHARS_MAX;
        let needs_words = matches!(act, Some(PositionAct::Take(kind)) if kind.needs_statement());
        if statement.as_ref().is_some_and(too_long) || (needs_words && statement.is_none()) {
            return None;
        }
        Some(Self {
            act,
            opinion,
            revision: number_of(document, "revision")?,
            revision_digest: id_of(document, "revisionDigest")?,
            blocks: one_or_many(document, "blocks")
                .into_iter()
                .filter_map(Value::as_i64)
                .take(limits::READING_BLOCKS_MAX)
                .collect(),
            anchors: one_or_many(document, "anchor").into_iter().cloned().collect(),
            claims_to_speak_for: words_of(document, "claimsToSpeakFor")
                .filter(|claim| claim.chars().count() <= limits::CLAIM_CHARS_MAX),
            statement,
            rank: (!at_home, time_of(document, "published")?, reading.hash),
        })
    }
}

/// The host to which the signed request went that delivered an act, where that is how it came.
fn delivered_to(act: &Item) -> Option<String> {
    let headers = member(act.evidence.as_ref()?, "headers")?;
    text_of(headers, "host").map(str::to_owned)
}

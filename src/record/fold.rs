//! The fold: what a reader is shown, as a pure function of the items held. Each cell is folded alone, from its items
//! and from the receipts, Undos and Deletes that name them; so order, repetition and route of arrival change nothing,
//! and local acts need no code of their own.
//!
//! Only items whose proof or evidence was found valid come in here; who checks that is `store::entries`.

mod attestation;
mod comment;
mod line;
mod mandate;
mod opinion;
mod roster;

use std::collections::BTreeMap;

use serde_json::Value;

pub use self::{
    attestation::{Attestation, attestations},
    comment::{Comment, Version, comment, versions},
    line::{Position, line},
    mandate::Mandates,
    opinion::{Chain, Opinion, Revision, opinion},
    roster::{facilitators, rosters_in_force},
};
use super::{
    item::{Item, Kind},
    reading::Read,
};
use crate::{
    base::clock::Timestamp,
    protocol::{
        paths::host_of,
        quirks::{member, text_of, time_of, words_of},
    },
};

const HOUR_MILLIS: i64 = 3_600_000;

/// An item of a cell with what others say of it.
#[derive(Debug, Clone)]
pub struct Held {
    /// The item.
    pub item: Item,
    /// The earliest receipt that counts; none if its time is not attested (decisions 4).
    pub received: Option<Timestamp>,
    /// When its author undid it or deleted its object.
    pub ended: Option<Timestamp>,
    /// Whether that was a Delete, which is final and takes the words away.
    pub deleted: bool,
    /// What a room read in it, where it is a reply by keyword.
    pub reading: Option<Read>,
}

impl Held {
    /// Joins an item with the modifiers held that name it, its object or its hash.
    pub fn new(item: Item, modifiers: &[Item]) -> Self {
        let hash = item.hash.to_string();
        let reading = Read::of(&item, modifiers);
        let voice = item.voice();
        let mut held = Self { received: None, ended: None, deleted: false, reading, item };
        for other in modifiers {
            let Some(target) = other.object.as_deref() else { continue };
            if other.kind == Kind::Receipt {
                if target == hash
                    && let Some(at) = time_of(&other.document, "receivedAt")
                    && receipt_counts(&held.item, other, at)
                {
                    held.received = earliest(held.received, Some(at));
                }
                continue;
            }
            // Gone at its own server, as a room saw there.
            if other.kind == Kind::Witness {
                if other.act_type == "Delete" && target == held.item.own_object() {
                    held.end(time_of(&other.document, "fetchedAt").unwrap_or_default());
                    held.deleted = true;
                }
                continue;
            }
            // Only the author may take back what is theirs, whenever the request came (decisions 9, P6); and of what
            // an instance attested, who is said to have said it.
            if other.actor != held.item.actor && other.actor != voice {
                continue;
            }
            let at = other.published.unwrap_or_default();
            match other.act_type.as_str() {
                "Undo" if target == held.item.id => held.end(at),
                "Delete"
                    if target == held.item.own_object()
                        || target == held.item.actor
                        || target == voice =>
                {
                    held.end(at);
                    held.deleted = true;
                }
                _ => {}
            }
        }
        held
    }

    fn end(&mut self, at: Timestamp) {
        self.ended = earliest(self.ended, Some(at));
    }

    /// Whether it changes what was said before. Of one moment it comes after that: some software dates in whole seconds
    /// (GoToSocial), and who mends a word at once does so within one.
    fn is_edit(&self) -> bool {
        self.item.act_type == "Update"
    }

    /// The time that orders it: its author's, unless that lies more than an hour after it was received
    /// (decisions 9 (c): an act dated 2099 does not win for ever).
    fn order_time(&self) -> Timestamp {
        let published = self.item.published.unwrap_or_default();
        match self.received {
            Some(received) if published.millis_since(received) > HOUR_MILLIS => received,
            _ => published,
        }
    }
}

/// A receipt counts if the room stands on the author's own host, or the evidence shows that the act was sent to
/// that room's host within an hour of the time attested (decisions 4).
fn receipt_counts(act: &Item, receipt: &Item, at: Timestamp) -> bool {
    let room = host_of(&receipt.actor);
    if room.is_empty() {
        return false;
    }
    if room == host_of(&act.actor) {
        return true;
    }
    let Some(headers) = act.evidence.as_ref().and_then(|e| member(e, "headers")) else {
        return false;
    };
    let near = text_of(headers, "date")
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok())
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .is_some_and(|millis| at.millis_since(Timestamp::from_millis(millis)).abs() <= HOUR_MILLIS);
    near && text_of(headers, "host") == Some(room.as_str())
}

/// One item for each act: an act that is held twice, with its proof and with the request that delivered it, or sent
/// again in another activity, is one act (decisions 2), known by its earliest item; what is attested or taken back
/// of one is so of all. The order is the acts' own, whatever order the items are in.
fn acts(items: &[Held]) -> Vec<Held> {
    let mut sorted: Vec<&Held> = items.iter().collect();
    sorted.sort_by_cached_key(|held| (undated_last(held), held.item.hash));
    let mut acts: Vec<Held> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for held in sorted {
        let place = known.entry((&held.item.act_digest, &held.item.actor)).or_insert(acts.len());
        match acts.get_mut(*place) {
            Some(act) => {
                act.received = earliest(act.received, held.received);
                act.ended = earliest(act.ended, held.ended);
                act.deleted |= held.deleted;
                act.reading =
                    act.reading.take().into_iter().chain(held.reading.clone()).reduce(Read::first);
            }
            None => acts.push(held.clone()),
        }
    }
    acts
}

/// Orders by the author's date; an act without one is not the first of all.
fn undated_last(held: &Held) -> (bool, Option<Timestamp>) {
    (held.item.published.is_none(), held.item.published)
}

fn earliest(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

fn source_of(object: &Value) -> Option<String> {
    member(object, "source").and_then(|s| words_of(s, "content"))
}

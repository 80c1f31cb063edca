//! Replies by keyword: a reply that came from elsewhere is read once, by one room, which signs what it read and says so in
//! public (protocol 4.d P9, decisions 7 and 8). In the transaction that took the reply, so that there is never one
//! without the other.

use super::{
    Service, ServiceError,
    acts::RoomHand,
    answers::{Addressee, Says},
    intake::Via,
};
use crate::{
    base::clock::Timestamp,
    domain::{
        blocks,
        reply::{self, GRAMMAR, Reply},
    },
    protocol::{
        compose::Anchor,
        paths::host_of,
        quirks::{id_of, language_of, member, text_of, time_of, types_of},
    },
    record::{
        item::{Cell, Item, Kind},
        reading::{NONE_TERM, Read},
        statement::Reading,
    },
    store::{
        Tx,
        actors::{self, Actor},
        answers, deliveries, entries,
        projections::{self, Opinion, Revision},
        rooms::Room,
    },
};

/// Members of a Note that takes part otherwise: what has them is read by nobody. A comment of our own kind of software
/// names its kind; its author has a form for positions.
const NOT_READ: &[&str] = &[
    "reading",
    "receiptFor",
    "positionOf",
    "position",
    "commentKind",
    "disposition",
    "signedInAs",
];

/// An old reply that only comes now by a relay is not answered any more: who took it did.
const RELAYED_ANSWER_MILLIS_MAX: i64 = 600_000;

impl Service {
    /// Reads a reply that was just taken, where it is for this room to read.
    pub(super) async fn read_reply(
        &self,
        tx: &Tx,
        room: &Room,
        item: &Item,
        via: Via<'_>,
    ) -> Result<(), ServiceError> {
        let Some(note) = note_to_read(item) else { return Ok(()) };
        let (Some(id), Some(parent)) = (text_of(note, "id"), id_of(note, "inReplyTo")) else {
            return Ok(());
        };
        // The words first: most replies are talk, and cost nothing more.
        let content = text_of(note, "content").unwrap_or_default();
        let Some(reply) = reply::read(content, language_of(note).as_deref()) else {
            return Ok(());
        };
        let Some(author) = actors::by_uri(tx, &item.actor).await?.filter(is_read) else {
            return Ok(());
        };
        let receipt = answers::by_note(tx, &parent).await?;
        let opinion = receipt.as_ref().map_or(&parent, |answer| &answer.opinion_uri);
        let opinion = projections::opinion(tx, opinion)
            .await?
            .filter(|opinion| opinion.room_id == room.id && !opinion.deleted);
        let Some(opinion) = opinion else { return Ok(()) };
        let hand = self.room_hand(room.clone()).await?;
        if !self.is_ours_to_read(tx, &hand, item, &opinion).await? {
            return Ok(());
        }
        // A receipt is answered by `withdraw`, and by whom it is for, or it is talk.
        let withdraws = reply.act == Some(crate::domain::position::PositionAct::Withdraw);
        if receipt.is_some_and(|answer| !withdraws || answer.author != author.uri) {
            return Ok(());
        }
        let to = Addressee { author: &author, opinion: &opinion, reply: id, tongue: reply.tongue };
        if item.act_type == "Update" {
            return self.answer_edit(tx, &hand, &to, &reply, item).await;
        }
        if was_read(tx, &hand, item).await? {
            return Ok(());
        }
        let says = self.sign_reading(tx, &hand, item, &opinion, &reply).await?;
        match says {
            Some(says) if is_fresh(item, via, self.now()) => {
                self.answer(tx, &hand, &to, &says, item).await
            }
            _ => Ok(()),
        }
    }

    /// One room reads: the opinion's home; or, while that is down, the one to which the reply was delivered.
    async fn is_ours_to_read(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        item: &Item,
        opinion: &Opinion,
    ) -> Result<bool, ServiceError> {
        let home = match &opinion.audience {
            Some(home) if *home != hand.actor.uri => home,
            _ => return Ok(true),
        };
        if item.evidence.is_none() {
            return Ok(false);
        }
        let peer = deliveries::peer(tx, &host_of(home)).await?;
        Ok(peer.is_some_and(|peer| peer.open_until > self.now().as_millis()))
    }

    /// Signs what the reply says, and answers what is to be said of it in public.
    async fn sign_reading(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        item: &Item,
        opinion: &Opinion,
        reply: &Reply,
    ) -> Result<Option<Says>, ServiceError> {
        let now = self.now();
        let Some(revision) = shown_at(tx, opinion, item, now).await? else { return Ok(None) };
        let flaw = reply.flaw();
        let act = reply.act.filter(|_| flaw.is_none());
        let named = if reply.blocks.is_empty() {
            Vec::new()
        } else {
            let mut named = blocks::split(&revision.content);
            named.retain(|block| reply.blocks.contains(&block.number));
            named
        };
        let numbers: Vec<usize> = named.iter().map(|block| block.number).collect();
        if act.is_some() || !numbers.is_empty() || reply.claims_to_speak_for.is_some() {
            let anchors: Vec<Anchor> = named
                .into_iter()
                .filter(|_| act.is_none())
                .map(|block| Anchor {
                    source: opinion.uri.clone(),
                    revision: revision.number,
                    digest: revision.digest.clone(),
                    block: Some(block.id),
                    exact: None,
                    around: (String::new(), String::new()),
                    missing_here: false,
                })
                .collect();
            let id = self.paths.statement(self.new_id());
            let reading = Reading {
                id: &id,
                room: &hand.actor.uri,
                of: &item.hash.to_string(),
                actor: &item.actor,
                opinion: &opinion.uri,
                kind: act.map_or(NONE_TERM, |act| act.term()),
                revision: revision.number,
                revision_digest: &revision.digest,
                blocks: &numbers,
                anchors: &anchors,
                claims_to_speak_for: reply.claims_to_speak_for.as_deref(),
                statement: reply.statement.as_deref().filter(|_| act.is_some()),
                grammar: GRAMMAR,
                published: now,
            };
            let document = reading.sign(&hand.keys.proof, &hand.keys.proof_key_id());
            let read =
                Item::of(document.clone()).map_err(|error| ServiceError::Internal(error.into()))?;
            // What would not count anywhere is not said.
            if Read::of(item, std::slice::from_ref(&read)).is_none() {
                return Ok(None);
            }
            self.append_own(tx, hand.room.id, &document).await?;
        }
        Ok(match (reply.act, flaw) {
            (None, _) => None,
            (Some(act), Some(flaw)) => Some(Says::NotAPosition { act, flaw }),
            (Some(act), None) => Some(Says::Recorded {
                act,
                revision: revision.number,
                newest: opinion.revision,
                claims: reply.claims_to_speak_for.is_some(),
            }),
        })
    }

    /// An edit is never read. Where it says something else than what was recorded, its author is told so.
    async fn answer_edit(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        to: &Addressee<'_>,
        reply: &Reply,
        item: &Item,
    ) -> Result<(), ServiceError> {
        let Some(act) = reply.act else { return Ok(()) };
        let recorded = projections::position(tx, to.reply).await?;
        let same =
            recorded.is_some_and(|row| row.kind == act.word() && row.statement == reply.statement);
        if same { Ok(()) } else { self.answer(tx, hand, to, &Says::Edited, item).await }
    }
}

/// The Note of an act that may be a reply by keyword, edited or not.
fn note_to_read(item: &Item) -> Option<&serde_json::Value> {
    if !matches!(item.act_type.as_str(), "Create" | "Update")
        || !matches!(item.cell, Some(Cell::Comment(_)))
    {
        return None;
    }
    member(&item.document, "object").filter(|note| {
        types_of(note).contains(&"Note") && NOT_READ.iter().all(|name| member(note, name).is_none())
    })
}

/// Whose replies are read: people and organisations, wherever they have their account. Never a room or a bot, which might
/// answer the answer.
fn is_read(author: &Actor) -> bool {
    matches!(author.kind.as_str(), "Person" | "Organization")
}

/// Whether this room read the reply already, in whichever request it came.
async fn was_read(tx: &Tx, hand: &RoomHand, item: &Item) -> Result<bool, ServiceError> {
    let Some(cell) = &item.cell else { return Ok(false) };
    for row in entries::of_object(tx, cell).await? {
        if row.room_id != hand.room.id {
            continue;
        }
        let readings = entries::naming(tx, hand.room.id, Kind::Reading, &row.hash).await?;
        if readings.iter().any(|reading| reading.actor == hand.actor.uri) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The revision that this room showed when the reply was written, and at the latest when it came: nobody is bound to a
/// text they did not see (INV-5, test 85).
async fn shown_at(
    tx: &Tx,
    opinion: &Opinion,
    item: &Item,
    now: Timestamp,
) -> Result<Option<Revision>, ServiceError> {
    let revisions = projections::revisions(tx, opinion.room_id, &opinion.uri).await?;
    let written = item.published.unwrap_or(now).min(now).as_millis();
    let mut shown: Option<Revision> = None;
    for revision in &revisions {
        let entry = entries::by_hash_text(tx, opinion.room_id, &revision.entry_hash).await?;
        let in_time = entry.is_some_and(|entry| entry.taken_at <= written);
        let newer = shown.as_ref().is_none_or(|shown| {
            shown.number < revision.number || (shown.number == revision.number && revision.current)
        });
        if in_time && newer {
            shown = Some(revision.clone());
        }
    }
    Ok(shown.or_else(|| revisions.into_iter().find(|revision| revision.current)))
}

fn is_fresh(item: &Item, via: Via<'_>, now: Timestamp) -> bool {
    let written = item
        .published
        .or_else(|| member(&item.document, "object").and_then(|note| time_of(note, "published")));
    matches!(via, Via::Direct)
        || written.is_some_and(|at| now.millis_since(at) <= RELAYED_ANSWER_MILLIS_MAX)
}

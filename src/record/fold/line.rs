//! Positions on one opinion in one principal's name, folded: at most one of them stands.

use std::{cmp::Reverse, collections::BTreeMap};

use serde_json::Value;

use super::{Held, Mandates, acts};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{delegation::Scope, position::CO_AUTHOR_TERM},
    protocol::quirks::{
        id_of, ids_of, language_of, member, number_of, plain_term, text_of, words_of,
    },
    record::{
        item::{Cell, Kind},
        reading::Read,
    },
};

/// Wire term of who speaks for nobody else.
const INDIVIDUAL: &str = "plg:individual";

/// One act in a line of positions.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Its entry.
    pub entry_hash: String,
    /// The activity.
    pub activity_id: String,
    /// The Note, for kinds that are Notes.
    pub object_uri: Option<String>,
    /// Who acted.
    pub actor: String,
    /// Whose line it stands in: the principal, or who claims to speak for one and is not confirmed, which is a line
    /// of its own and replaces nobody's (decisions 9, P3).
    pub line: String,
    /// For whom, as claimed.
    pub on_behalf_of: Option<String>,
    /// The delegation it names.
    pub delegation: Option<String>,
    /// Wire term of the role in which it was taken, such as `plg:coAuthor`.
    pub role: Option<String>,
    /// Whether the capacity is confirmed: true of one's own; a claim to speak for another needs a delegation.
    pub confirmed: bool,
    /// API word; `withdrawn` for a withdrawal.
    pub kind: String,
    /// Reason, plain text.
    pub statement: Option<String>,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// Wire term.
    pub capacity: String,
    /// Wire term.
    pub stakeholder_group: Option<String>,
    /// Wire term of the region at that time.
    pub region: Option<String>,
    /// Revision named.
    pub revision: i64,
    /// Its digest.
    pub revision_digest: String,
    /// When.
    pub published: Timestamp,
    /// Attested.
    pub received: Option<Timestamp>,
    /// Whether it stands.
    pub live: bool,
    /// When it was undone, deleted or replaced by a withdrawal.
    pub withdrawn_at: Option<Timestamp>,
    /// Whom its author says to speak for, in words that a room read: confirmed by nothing.
    pub claims_to_speak_for: Option<String>,
    /// Passages that a room read, n of §n.
    pub blocks: Vec<i64>,
    /// The instance that says so, for somebody who signed in there as a guest; none where they said it themselves.
    pub attested_by: Option<String>,
}

const KINDS: &[&str] = &["support", "reservation", "neutral", "concern", "objection", "withdrawn"];
const KINDS_WITH_REASON: &[&str] = &["reservation", "concern", "objection"];

/// Folds the acts of one principal on an opinion and of those who claim to speak for it, with what it said of who may
/// (`statements`): oldest first, line by line. At most the last of a line is live, and nothing earlier ever comes
/// back (decisions 9).
pub fn line(principal: &str, items: &[Held], statements: &[Held]) -> Vec<Position> {
    let mandates = Mandates::of(principal, statements);
    let items = acts(items);
    let mut lines: BTreeMap<String, Vec<(&Held, Position)>> = BTreeMap::new();
    for held in &items {
        if let Some(position) = read_position(held, principal, &mandates) {
            lines.entry(position.line.clone()).or_default().push((held, position));
        }
    }
    lines.into_values().flat_map(in_order).collect()
}

/// One line in its order, with what stands.
fn in_order(mut acts: Vec<(&Held, Position)>) -> Vec<Position> {
    acts.sort_by_cached_key(|(held, _)| (held.order_time(), Reverse(held.item.act_digest.clone())));
    let last = last_word(&acts);
    let withdrawal: Vec<Option<(Timestamp, bool)>> = acts
        .iter()
        .map(|(_, position)| {
            let is_own = position.attested_by.is_none();
            (position.kind == "withdrawn").then_some((position.published, is_own))
        })
        .collect();
    acts.into_iter()
        .enumerate()
        .map(|(at, (held, mut position))| {
            position.live = last == Some(at);
            let next = withdrawal.get(at + 1).copied().flatten();
            // What somebody signed nobody else withdraws.
            let next = next.filter(|(_, is_own)| *is_own || position.attested_by.is_some());
            position.withdrawn_at = held.ended.or(next.map(|(at, _)| at));
            if held.deleted {
                position.statement = None;
                position.claims_to_speak_for = None;
            }
            position
        })
        .collect()
}

/// Which of a line in its order stands. What somebody said themselves, by a proof or by their own server's request, is
/// never replaced or withdrawn by what an instance says in their name; once they took it back, what is attested of a
/// later time counts (docs/decisions/0013).
fn last_word(acts: &[(&Held, Position)]) -> Option<usize> {
    let ended = |(held, position): &(&Held, Position)| {
        let withdrawn = (position.kind == "withdrawn").then(|| held.order_time());
        held.ended.into_iter().chain(withdrawn).min()
    };
    let last = acts.len().checked_sub(1)?;
    let own = acts.iter().rposition(|(_, position)| position.attested_by.is_none());
    let stands = match own.and_then(|at| Some((at, acts.get(at)?))) {
        None => last,
        Some((at, said)) => match ended(said) {
            None => at,
            Some(until) if at == last || acts.get(last)?.0.order_time() > until => last,
            Some(_) => return None,
        },
    };
    acts.get(stands).is_some_and(|act| ended(act).is_none()).then_some(stands)
}

/// Reads a position act; `None` where it is none (unknown kind, a reason missing, an edit).
fn read_position(held: &Held, principal: &str, mandates: &Mandates) -> Option<Position> {
    let item = &held.item;
    if matches!(item.cell, Some(Cell::Comment(_))) {
        return held.reading.as_ref().and_then(|read| position_read(held, read, principal));
    }
    if item.act_type == "Update" || item.kind != Kind::Act {
        return None;
    }
    let note = (item.act_type == "Create").then(|| member(&item.document, "object")).flatten();
    if let Some(guest) = item.signed_in_as() {
        return attested(held, note?, &guest, principal);
    }
    let position = member(note.unwrap_or(&item.document), "position")?;
    let kind = text_of(position, "kind").map(plain_term).filter(|kind| KINDS.contains(kind))?;
    let statement = words_of(position, "statement");
    if !is_said(kind, statement.as_deref(), held.deleted) {
        return None;
    }
    let on_behalf_of = id_of(position, "onBehalfOf").filter(|claimed| *claimed != item.actor);
    let delegation = id_of(position, "delegation");
    let role = text_of(position, "role");
    let scope = scope_of(role);
    let confirmed = on_behalf_of.is_none()
        || mandates.confirm(&item.actor, delegation.as_deref(), scope, held.received);
    let line =
        if confirmed { principal.to_owned() } else { format!("{} for {principal}", item.actor) };
    Some(Position {
        line,
        confirmed,
        on_behalf_of,
        delegation,
        role: role.map(str::to_owned),
        language: note.and_then(language_of).or_else(|| language_of(&item.document)),
        capacity: text_of(position, "capacity").unwrap_or(INDIVIDUAL).to_owned(),
        stakeholder_group: text_of(position, "stakeholderGroup").map(str::to_owned),
        region: text_of(position, "region").map(str::to_owned),
        ..individual(held, &item.actor, note, (kind, statement), on_revision(position)?)?
    })
}

/// A position of somebody in their own name, in no role and of no group that is told.
fn individual(
    held: &Held,
    actor: &str,
    note: Option<&Value>,
    (kind, statement): (&str, Option<String>),
    (revision, revision_digest): (i64, String),
) -> Option<Position> {
    let item = &held.item;
    Some(Position {
        entry_hash: item.hash.to_string(),
        activity_id: item.id.clone(),
        object_uri: note.and_then(|note| text_of(note, "id")).map(str::to_owned),
        actor: actor.to_owned(),
        line: actor.to_owned(),
        on_behalf_of: None,
        delegation: None,
        role: None,
        confirmed: true,
        kind: kind.to_owned(),
        statement,
        language: note.and_then(language_of),
        capacity: INDIVIDUAL.to_owned(),
        stakeholder_group: None,
        region: None,
        revision,
        revision_digest,
        published: item.published?,
        received: held.received,
        live: false,
        withdrawn_at: None,
        claims_to_speak_for: None,
        blocks: Vec::new(),
        attested_by: None,
    })
}

/// The revision that a position names, with its digest.
fn on_revision(position: &Value) -> Option<(i64, String)> {
    Some((number_of(position, "revision")?, ids_of(position, "revisionDigest").into_iter().next()?))
}

/// A position that an instance signed for a guest: an individual's own, in no role and for nobody else, whatever it says.
fn attested(held: &Held, note: &Value, guest: &str, principal: &str) -> Option<Position> {
    let position = member(note, "attestedPosition")?;
    let kind = text_of(position, "kind").map(plain_term).filter(|kind| KINDS.contains(kind))?;
    let statement = words_of(position, "statement");
    if guest != principal || !is_said(kind, statement.as_deref(), held.deleted) {
        return None;
    }
    Some(Position {
        stakeholder_group: text_of(position, "stakeholderGroup").map(str::to_owned),
        region: text_of(position, "region").map(str::to_owned),
        attested_by: Some(held.item.actor.clone()),
        ..individual(held, guest, Some(note), (kind, statement), on_revision(position)?)?
    })
}

/// Whether a position has the words that its kind needs, and not too many.
fn is_said(kind: &str, statement: Option<&str>, deleted: bool) -> bool {
    match statement {
        Some(text) => text.chars().count() <= limits::STATEMENT_CHARS_MAX,
        None => deleted || !KINDS_WITH_REASON.contains(&kind),
    }
}

/// What a delegate must be allowed: who says that a text is an organisation's own says more than that it supports it.
fn scope_of(role: Option<&str>) -> Scope {
    let is_author = role.is_some_and(|role| plain_term(role) == plain_term(CO_AUTHOR_TERM));
    if is_author { Scope::CoAuthor } else { Scope::Position }
}

/// A reply as the position that a room read in it: of its author as a person, dated as the reply, on the revision that
/// the room showed.
fn position_read(held: &Held, read: &Read, principal: &str) -> Option<Position> {
    let item = &held.item;
    let note = member(&item.document, "object")?;
    // The line may hold other replies of the same Note, by whoever may sign for its id.
    if item.actor != principal {
        return None;
    }
    let said = (read.act?.word(), read.statement.clone());
    let on_revision = (read.revision, read.revision_digest.clone());
    Some(Position {
        claims_to_speak_for: read.claims_to_speak_for.clone(),
        blocks: read.blocks.clone(),
        ..individual(held, principal, Some(note), said, on_revision)?
    })
}

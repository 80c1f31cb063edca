//! The fold: what a reader is shown, as a pure function of the items held. Each cell is folded alone, from its items
//! and from the receipts, Undos and Deletes that name them; so order, repetition and route of arrival change nothing,
//! and local acts need no code of their own.
//!
//! Only items whose proof or evidence was found valid come in here; who checks that is `store::entries`.

use std::{cmp::Reverse, collections::BTreeMap};

use serde_json::Value;

use super::{
    digest::RevisionText,
    item::{Item, Kind},
};
use crate::{
    base::{clock::Timestamp, limits},
    protocol::{
        paths::host_of,
        quirks::{
            id_of, ids_of, language_of, member, number_of, one_or_many, plain_term, text_of,
            time_of, words_of,
        },
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
}

impl Held {
    /// Joins an item with the modifiers held that name it, its object or its hash.
    pub fn new(item: Item, modifiers: &[Item]) -> Self {
        let hash = item.hash.to_string();
        let mut held = Self { received: None, ended: None, deleted: false, item };
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
            // Only the author may take back what is theirs, whenever the request came (decisions 9, P6).
            if other.actor != held.item.actor {
                continue;
            }
            let at = other.published.unwrap_or_default();
            match other.act_type.as_str() {
                "Undo" if target == held.item.id => held.end(at),
                "Delete" if target == held.item.own_object() || target == held.item.actor => {
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

/// How much of the chain of revisions is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// Every revision from the first on, each naming the one before.
    Complete,
    /// An earlier revision is missing here.
    Incomplete,
    /// A revision names another one before it than is held.
    Broken,
}

impl Chain {
    /// The word in the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Broken => "broken",
        }
    }
}

/// One revision of an opinion.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// 1, 2, 3 …
    pub number: i64,
    /// What positions name.
    pub digest: String,
    /// Title.
    pub name: String,
    /// The point in 500 characters.
    pub abstract_text: String,
    /// BCP 47.
    pub language: String,
    /// HTML exactly as signed.
    pub content: String,
    /// Markdown, where given.
    pub source: Option<String>,
    /// Digest of the revision before.
    pub previous: Option<String>,
    /// What changed and why.
    pub change_note: Option<String>,
    /// Distinct author ids, `attributedTo` among them.
    pub authors: Vec<String>,
    /// When.
    pub published: Timestamp,
    /// Attested.
    pub received: Option<Timestamp>,
    /// Its entry.
    pub entry_hash: String,
    /// Its activity.
    pub activity_id: String,
    /// Whether it is the current text.
    pub current: bool,
}

/// An opinion.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// Object id.
    pub uri: String,
    /// `attributedTo`.
    pub author: String,
    /// API word of the status.
    pub status: String,
    /// Wire term of the group it was published under.
    pub stakeholder_group: Option<String>,
    /// Home room.
    pub audience: Option<String>,
    /// State of the chain.
    pub chain: Chain,
    /// First publication.
    pub published: Timestamp,
    /// Latest change.
    pub updated: Timestamp,
    /// Attested time of the first act held.
    pub received: Option<Timestamp>,
    /// Whether its author deleted it: no words are left then.
    pub deleted: bool,
    /// All revisions held, by number and digest.
    pub revisions: Vec<Revision>,
}

impl Opinion {
    /// The current revision.
    pub fn current(&self) -> Option<&Revision> {
        self.revisions.iter().find(|revision| revision.current)
    }
}

/// Folds the items of one opinion; `None` where no revision of it is valid.
pub fn opinion(items: &[Held]) -> Option<Opinion> {
    let items = acts(items);
    // One author for ever: the one of the earliest act, and the origin check has made sure that only that host
    // can name one at all.
    let mut versions: Vec<(&Held, Revision)> = items
        .iter()
        .filter_map(|held| read_revision(held).map(|revision| (held, revision)))
        .collect();
    versions.sort_by_cached_key(|(held, revision)| {
        (revision.number, revision.digest.clone(), undated_last(held), held.item.act_digest.clone())
    });
    let (first, _) = versions
        .iter()
        .min_by_key(|(held, _)| (undated_last(held), held.item.act_digest.clone()))?;
    let (author, published) = (first.item.actor.clone(), first.item.published.unwrap_or_default());
    versions.retain(|(held, _)| held.item.actor == author);
    let deleted = versions.iter().any(|(held, _)| held.deleted);

    // Of acts with one digest (a change of status alone) the earliest made the revision.
    let mut revisions: Vec<Revision> = Vec::new();
    for (_, revision) in &versions {
        if !revisions.iter().any(|r| r.number == revision.number && r.digest == revision.digest) {
            revisions.push(revision.clone());
        }
    }
    let chain = chain(&revisions);
    let latest = revisions.last().map(|r| r.number)?;
    // Two texts signed for one number are kept side by side; every room takes the smaller digest (4.b).
    if let Some(current) = revisions.iter_mut().find(|r| r.number == latest) {
        current.current = true;
    }
    // The status is that of the item with the greatest (revision, published, smaller digest) (decisions 11).
    let (latest_act, _) = versions.iter().max_by_key(|(held, revision)| {
        (revision.number, held.order_time(), Reverse(held.item.act_digest.clone()))
    })?;
    let object = member(&latest_act.item.document, "object")?;
    let mut state = Opinion {
        uri: text_of(object, "id")?.to_owned(),
        author,
        status: text_of(object, "status").map_or("open", plain_term).to_owned(),
        stakeholder_group: text_of(object, "stakeholderGroup").map(str::to_owned),
        audience: id_of(object, "audience"),
        chain,
        published,
        updated: versions
            .iter()
            .filter_map(|(held, _)| held.item.published)
            .max()
            .unwrap_or_default(),
        received: versions.iter().filter_map(|(held, _)| held.received).min(),
        deleted,
        revisions,
    };
    if deleted {
        for revision in &mut state.revisions {
            revision.name.clear();
            revision.abstract_text.clear();
            revision.content.clear();
            revision.source = None;
            revision.change_note = None;
        }
    }
    Some(state)
}

fn chain(revisions: &[Revision]) -> Chain {
    let mut digests: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for revision in revisions {
        digests.entry(revision.number).or_default().push(&revision.digest);
    }
    let mut state = Chain::Complete;
    for revision in revisions {
        if revision.number == 1 {
            continue;
        }
        match digests.get(&(revision.number - 1)) {
            None => state = Chain::Incomplete,
            Some(before) if revision.previous.as_deref().is_some_and(|p| before.contains(&p)) => {}
            Some(_) => return Chain::Broken,
        }
    }
    state
}

/// Reads a revision and recomputes its digest: a mismatch makes it no revision at all (test 73).
fn read_revision(held: &Held) -> Option<Revision> {
    let object = member(&held.item.document, "object")?;
    let mut authors: Vec<String> = one_or_many(object, "authors")
        .into_iter()
        .filter_map(|author| id_of(author, "actor").or_else(|| author.as_str().map(str::to_owned)))
        .chain([held.item.actor.clone()])
        .collect();
    authors.sort();
    authors.dedup();
    let text = RevisionText {
        abstract_text: text_of(object, "abstract").unwrap_or_default().to_owned(),
        authors: authors.clone(),
        content: text_of(object, "content")?.to_owned(),
        id: text_of(object, "id")?.to_owned(),
        lang: language_of(object).unwrap_or_default(),
        name: text_of(object, "name").unwrap_or_default().to_owned(),
        previous: id_of(object, "previousRevision"),
        revision: number_of(object, "revision").filter(|n| *n >= 1)?,
    };
    let digest = text.digest();
    if text_of(object, "revisionDigest") != Some(digest.as_str()) {
        return None;
    }
    Some(Revision {
        number: text.revision,
        digest,
        name: text.name,
        abstract_text: text.abstract_text,
        language: text.lang,
        content: text.content,
        source: source_of(object),
        previous: text.previous,
        change_note: words_of(object, "changeNote"),
        authors,
        published: held.item.published.unwrap_or_default(),
        received: held.received,
        entry_hash: held.item.hash.to_string(),
        activity_id: held.item.id.clone(),
        current: false,
    })
}

fn source_of(object: &Value) -> Option<String> {
    member(object, "source").and_then(|s| words_of(s, "content"))
}

/// A comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// Object id.
    pub uri: String,
    /// Parent.
    pub in_reply_to: String,
    /// `attributedTo`.
    pub author: String,
    /// API word.
    pub kind: String,
    /// HTML exactly as signed.
    pub content: String,
    /// Markdown, where given.
    pub source: Option<String>,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// Anchors as signed.
    pub anchors: Vec<Value>,
    /// Wire term.
    pub stakeholder_group: Option<String>,
    /// Wire term.
    pub capacity: Option<String>,
    /// When first written.
    pub published: Timestamp,
    /// Latest edit, if any.
    pub updated: Option<Timestamp>,
    /// Attested.
    pub received: Option<Timestamp>,
    /// Versions held.
    pub versions: i64,
    /// Entry of the current version.
    pub entry_hash: String,
    /// Its activity.
    pub activity_id: String,
    /// Whether its author deleted it.
    pub deleted: bool,
}

/// Folds the items of one comment: the version with the greatest `updated` is shown, ties by smaller digest.
pub fn comment(items: &[Held]) -> Option<Comment> {
    let items = acts(items);
    let dated = |held: &Held| {
        let object = member(&held.item.document, "object");
        object.and_then(|o| time_of(o, "updated")).or(held.item.published).unwrap_or_default()
    };
    let first = items.iter().min_by_key(|held| (dated(held), held.item.act_digest.clone()))?;
    let author = first.item.actor.clone();
    let own: Vec<&Held> = items.iter().filter(|held| held.item.actor == author).collect();
    let current =
        own.iter().max_by_key(|held| (dated(held), Reverse(held.item.act_digest.clone())))?;
    let object = member(&current.item.document, "object")?;
    let published = member(&first.item.document, "object")
        .and_then(|object| time_of(object, "published"))
        .or(first.item.published)
        .unwrap_or_default();
    let mut digests: Vec<&str> = own.iter().map(|held| held.item.act_digest.as_str()).collect();
    digests.sort_unstable();
    digests.dedup();
    let deleted = own.iter().any(|held| held.deleted);
    let content = text_of(object, "content").unwrap_or_default();
    Some(Comment {
        uri: text_of(object, "id")?.to_owned(),
        in_reply_to: id_of(object, "inReplyTo")?,
        author,
        kind: text_of(object, "commentKind").map_or("remark", plain_term).to_owned(),
        content: if deleted { String::new() } else { content.to_owned() },
        source: if deleted { None } else { source_of(object) },
        language: language_of(object),
        anchors: if deleted {
            Vec::new()
        } else {
            one_or_many(object, "anchor").into_iter().cloned().collect()
        },
        stakeholder_group: text_of(object, "stakeholderGroup").map(str::to_owned),
        capacity: text_of(object, "capacity").map(str::to_owned),
        published,
        updated: (digests.len() > 1).then(|| dated(current)),
        received: own.iter().filter_map(|held| held.received).min(),
        versions: i64::try_from(digests.len()).unwrap_or(i64::MAX),
        entry_hash: current.item.hash.to_string(),
        activity_id: current.item.id.clone(),
        deleted,
    })
}

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
    /// For whom, as claimed.
    pub on_behalf_of: Option<String>,
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
}

const KINDS: &[&str] = &["support", "reservation", "neutral", "concern", "objection", "withdrawn"];
const KINDS_WITH_REASON: &[&str] = &["reservation", "concern", "objection"];

/// Folds one line of positions, oldest first: at most the last is live, and nothing earlier ever comes back
/// (decisions 9).
pub fn line(items: &[Held]) -> Vec<Position> {
    let items = acts(items);
    let mut acts: Vec<(&Held, Position)> = items
        .iter()
        .filter_map(|held| read_position(held).map(|position| (held, position)))
        .collect();
    acts.sort_by_cached_key(|(held, _)| (held.order_time(), Reverse(held.item.act_digest.clone())));
    let last = acts.len().saturating_sub(1);
    let withdrawal: Vec<Option<Timestamp>> = acts
        .iter()
        .map(|(_, position)| (position.kind == "withdrawn").then_some(position.published))
        .collect();
    acts.iter()
        .enumerate()
        .map(|(at, (held, position))| {
            let mut position = position.clone();
            position.live = at == last && held.ended.is_none() && position.kind != "withdrawn";
            let next = withdrawal.get(at + 1).copied().flatten();
            position.withdrawn_at = held.ended.or(next);
            if held.deleted {
                position.statement = None;
            }
            position
        })
        .collect()
}

/// Reads a position act; `None` where it is none (unknown kind, a reason missing, an edit).
fn read_position(held: &Held) -> Option<Position> {
    let item = &held.item;
    if item.act_type == "Update" {
        return None;
    }
    let note = (item.act_type == "Create").then(|| member(&item.document, "object")).flatten();
    let position = member(note.unwrap_or(&item.document), "position")?;
    let kind = text_of(position, "kind").map(plain_term).filter(|kind| KINDS.contains(kind))?;
    let statement = words_of(position, "statement");
    let too_long = |text: &String| text.chars().count() > limits::STATEMENT_CHARS_MAX;
    if statement.as_ref().is_some_and(too_long)
        || (statement.is_none() && KINDS_WITH_REASON.contains(&kind) && !held.deleted)
    {
        return None;
    }
    let on_behalf_of = id_of(position, "onBehalfOf").filter(|claimed| *claimed != item.actor);
    Some(Position {
        entry_hash: item.hash.to_string(),
        activity_id: item.id.clone(),
        object_uri: note.and_then(|n| text_of(n, "id")).map(str::to_owned),
        actor: item.actor.clone(),
        confirmed: on_behalf_of.is_none(),
        on_behalf_of,
        kind: kind.to_owned(),
        statement,
        language: note.and_then(language_of).or_else(|| language_of(&item.document)),
        capacity: text_of(position, "capacity").unwrap_or("plg:individual").to_owned(),
        stakeholder_group: text_of(position, "stakeholderGroup").map(str::to_owned),
        revision: number_of(position, "revision")?,
        revision_digest: ids_of(position, "revisionDigest").into_iter().next()?,
        published: item.published?,
        received: held.received,
        live: false,
        withdrawn_at: None,
    })
}

//! An opinion, folded: its revisions in their chain, the current one, its status.

use std::{cmp::Reverse, collections::BTreeMap};

use serde_json::Value;

use super::{Held, acts, source_of, undated_last};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{letter::Deadline, markup},
    protocol::quirks::{
        attachments::{Attachment, attachments},
        id_of, language_of, member, number_of, one_or_many, plain_term, posts, text_of, time_of,
        words_of,
    },
    record::digest::RevisionText,
};

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
    /// Pictures and the like, as addresses; none where the opinion was deleted.
    pub attachments: Vec<Attachment>,
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
    /// Why it has that status, where its author said so with it.
    pub status_note: Option<String>,
    /// The opinion that took its place, as its author says.
    pub superseded_by: Option<String>,
    /// Wire term of the group it was published under.
    pub stakeholder_group: Option<String>,
    /// Wire term of the region it was published under.
    pub region: Option<String>,
    /// Home room.
    pub audience: Option<String>,
    /// Where it is a letter, until when names are asked for.
    pub letter: Option<Deadline>,
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
    // Software that knows no revisions signs none: then its texts are numbered as they were written (test 61), and named
    // by digests in which no number is, so that a text that comes late moves nobody's position.
    let plain = versions.iter().all(|(_, revision)| revision.number == PLAIN);
    versions.retain(|(_, revision)| plain || revision.number != PLAIN);
    if plain {
        number_plain(&mut versions);
    }
    let deleted = versions.iter().any(|(held, _)| held.deleted);

    // Of acts with one digest (a change of status alone) the earliest made the revision.
    let mut revisions: Vec<Revision> = Vec::new();
    for (_, revision) in &versions {
        if !revisions.iter().any(|r| r.number == revision.number && r.digest == revision.digest) {
            revisions.push(revision.clone());
        }
    }
    let chain = if plain { Chain::Complete } else { chain(&revisions) };
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
    // A status given with a text says nothing but what the text's own note says.
    let of_text = revisions.iter().find(|revision| revision.current);
    let status_note = words_of(object, "changeNote").filter(|note| {
        of_text.is_none_or(|text| {
            text.activity_id != latest_act.item.id && text.change_note.as_ref() != Some(note)
        })
    });
    let mut state = Opinion {
        uri: text_of(object, "id")?.to_owned(),
        author,
        status: text_of(object, "status").map_or("open", plain_term).to_owned(),
        status_note,
        superseded_by: id_of(object, "supersededBy"),
        stakeholder_group: text_of(object, "stakeholderGroup").map(str::to_owned),
        region: text_of(object, "region").map(str::to_owned),
        audience: id_of(object, "audience"),
        letter: member(object, "letter").and_then(deadline),
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
        state.status_note = None;
        for revision in &mut state.revisions {
            revision.name.clear();
            revision.abstract_text.clear();
            revision.content.clear();
            revision.source = None;
            revision.change_note = None;
            revision.attachments.clear();
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

/// The number of a text whose author gave it none.
const PLAIN: i64 = 0;

fn number_plain(versions: &mut [(&Held, Revision)]) {
    versions.sort_by_cached_key(|(held, revision)| {
        (revision.published, held.is_edit(), revision.digest.clone())
    });
    let mut digests: Vec<String> = Vec::new();
    for (_, revision) in versions {
        let known = digests.iter().position(|digest| *digest == revision.digest);
        let place = known.unwrap_or_else(|| {
            digests.push(revision.digest.clone());
            digests.len() - 1
        });
        revision.number = i64::try_from(place + 1).unwrap_or(i64::MAX);
    }
}

/// A text of software that knows no revisions: its title and words as they are.
fn read_plain(held: &Held, object: &Value) -> Option<Revision> {
    let post = posts::Post::read(object)?;
    let summary = post.summary.as_deref().map(markup::plain_text).unwrap_or_default();
    let text = RevisionText {
        abstract_text: summary.chars().take(limits::ABSTRACT_CHARS_MAX).collect(),
        authors: vec![held.item.actor.clone()],
        content: post.content,
        id: post.id,
        lang: post.language.unwrap_or_default(),
        name: markup::plain_text(&post.title).chars().take(limits::NAME_CHARS_MAX).collect(),
        previous: None,
        revision: PLAIN,
    };
    Some(Revision {
        number: PLAIN,
        digest: text.digest(),
        name: text.name,
        abstract_text: text.abstract_text,
        language: text.lang,
        content: text.content,
        source: source_of(object),
        previous: None,
        change_note: None,
        authors: text.authors,
        published: time_of(object, "updated")
            .or_else(|| time_of(object, "published"))
            .or(held.item.published)
            .unwrap_or_default(),
        received: held.received,
        entry_hash: held.item.hash.to_string(),
        activity_id: held.item.id.clone(),
        current: false,
        attachments: attachments(object),
    })
}

/// Reads a revision and recomputes its digest: a mismatch makes it no revision at all (test 73).
fn read_revision(held: &Held) -> Option<Revision> {
    let object = member(&held.item.document, "object")?;
    if posts::is_plain(object) {
        return read_plain(held, object);
    }
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
        attachments: attachments(object),
    })
}

/// A letter's deadline; a zone that is too long for a name is none.
fn deadline(letter: &Value) -> Option<Deadline> {
    let zone = text_of(letter, "zone").filter(|zone| zone.len() <= limits::ZONE_BYTES_MAX)?;
    Some(Deadline { closes: time_of(letter, "closes")?, zone: zone.to_owned() })
}

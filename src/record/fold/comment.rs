//! A comment, folded: of its versions the one that is shown.

use std::cmp::Reverse;

use serde_json::Value;

use super::{Held, acts, source_of};
use crate::{
    base::clock::Timestamp,
    domain::comment::CommentKind,
    protocol::quirks::{
        attachments::{Attachment, attachments},
        id_of, language_of, member, one_or_many, plain_term, text_of, time_of,
    },
    record::{disposition::Disposition, passage, reading::Read},
};

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
    /// Anchors as signed; without the words they quote where it was deleted.
    pub anchors: Vec<Value>,
    /// Pictures and the like, as addresses; none where it was deleted.
    pub attachments: Vec<Attachment>,
    /// What it says became of what it answers, if it says so.
    pub disposition: Option<Disposition>,
    /// Wire term.
    pub stakeholder_group: Option<String>,
    /// Wire term.
    pub capacity: Option<String>,
    /// For whom its author says to speak.
    pub on_behalf_of: Option<String>,
    /// The delegation it names.
    pub delegation: Option<String>,
    /// Whom its author says to speak for, in words that a room read: confirmed by nothing.
    pub claims_to_speak_for: Option<String>,
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
    /// The instance that says so, for somebody who signed in there as a guest; none where they said it themselves.
    pub attested_by: Option<String>,
}

/// One version of a comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// API word of its kind.
    pub kind: String,
    /// HTML exactly as signed; empty where the comment was deleted.
    pub content: String,
    /// Markdown, where given.
    pub source: Option<String>,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// Pictures and the like, as addresses; none where the comment was deleted.
    pub attachments: Vec<Attachment>,
    /// When it was written.
    pub written: Timestamp,
    /// Attested.
    pub received: Option<Timestamp>,
    /// Its entry.
    pub entry_hash: String,
    /// Its activity.
    pub activity_id: String,
    /// Whether it is the one shown.
    pub current: bool,
}

/// When a version of a comment was written.
fn written(held: &Held) -> Timestamp {
    let object = member(&held.item.document, "object");
    object.and_then(|o| time_of(o, "updated")).or(held.item.published).unwrap_or_default()
}

/// The place of a version among the others: by when it was written, of one moment an edit after what it changes, then by
/// the smaller digest.
fn place(held: &Held) -> (Timestamp, bool, Reverse<String>) {
    (written(held), held.is_edit(), Reverse(held.item.act_digest.clone()))
}

/// Every version of a comment, first to last (product C7). None is lost by a later one; a Delete takes the words of
/// all, and leaves when they were said.
pub fn versions(items: &[Held]) -> Vec<Version> {
    let Some(state) = comment(items) else { return Vec::new() };
    let mut own: Vec<Held> =
        acts(items).into_iter().filter(|held| held.item.voice() == state.author).collect();
    own.sort_by_cached_key(place);
    own.iter()
        .filter_map(|held| {
            let object = member(&held.item.document, "object")?;
            let content = text_of(object, "content").unwrap_or_default();
            Some(Version {
                kind: text_of(object, "commentKind").map_or("remark", plain_term).to_owned(),
                content: if state.deleted { String::new() } else { content.to_owned() },
                source: if state.deleted { None } else { source_of(object) },
                language: language_of(object),
                attachments: if state.deleted { Vec::new() } else { attachments(object) },
                written: written(held),
                received: held.received,
                entry_hash: held.item.hash.to_string(),
                activity_id: held.item.id.clone(),
                current: held.item.hash.to_string() == state.entry_hash,
            })
        })
        .collect()
}

/// Folds the items of one comment: the version with the greatest `updated` is shown, of one moment an edit, then the one
/// with the smaller digest.
pub fn comment(items: &[Held]) -> Option<Comment> {
    let items = acts(items);
    let first = items
        .iter()
        .min_by_key(|held| (written(held), held.is_edit(), held.item.act_digest.clone()))?;
    // Who is said to speak is a part of who speaks: an instance cannot put the words of one guest into another's mouth.
    let guest = first.item.signed_in_as();
    let signer = &first.item.actor;
    let own: Vec<&Held> = items
        .iter()
        .filter(|held| held.item.actor == *signer && held.item.signed_in_as() == guest)
        .collect();
    let attested_by = guest.is_some().then(|| signer.clone());
    let author = guest.unwrap_or_else(|| signer.clone());
    // A reply that a room read as a position is one, and no comment beside it.
    let readings = || own.iter().filter_map(|held| held.reading.as_ref());
    if readings().any(Read::is_position) {
        return None;
    }
    let read = readings().cloned().reduce(Read::first);
    let current = own.iter().max_by_key(|held| place(held))?;
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
        kind: match text_of(object, "commentKind").map_or("remark", kind_of) {
            // What is filed with a text is signed by whose it is.
            "separate-statement" if attested_by.is_some() => "remark",
            kind => kind,
        }
        .to_owned(),
        content: if deleted { String::new() } else { content.to_owned() },
        source: if deleted { None } else { source_of(object) },
        language: language_of(object),
        // Passages are the author's own, else those that a room read.
        anchors: match (&read, one_or_many(object, "anchor")) {
            (Some(read), own) if own.is_empty() => read.anchors.clone(),
            (_, own) => own.into_iter().cloned().collect(),
        }
        .into_iter()
        .map(|anchor| if deleted { passage::without_words(anchor) } else { anchor })
        .collect(),
        attachments: if deleted { Vec::new() } else { attachments(object) },
        disposition: if deleted { None } else { Disposition::read(object) },
        claims_to_speak_for: read.filter(|_| !deleted).and_then(|read| read.claims_to_speak_for),
        stakeholder_group: text_of(object, "stakeholderGroup").map(str::to_owned),
        capacity: text_of(object, "capacity").map(str::to_owned),
        on_behalf_of: id_of(object, "onBehalfOf").filter(|claimed| *claimed != author),
        delegation: id_of(object, "delegation"),
        author,
        published,
        updated: (digests.len() > 1).then(|| written(current)),
        received: own.iter().filter_map(|held| held.received).min(),
        versions: i64::try_from(digests.len()).unwrap_or(i64::MAX),
        entry_hash: current.item.hash.to_string(),
        activity_id: current.item.id.clone(),
        deleted,
        attested_by,
    })
}

/// The API's word for a kind; of one we do not know, its name.
fn kind_of(term: &str) -> &str {
    match CommentKind::from_term(term) {
        Some(kind) => kind.word(),
        None => plain_term(term),
    }
}

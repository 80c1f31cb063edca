//! Printing the documents we send (protocol part 4, rules G1 to G9): objects first, then the activities around
//! them. Pure: ids, times and words are given; proofs are added by who holds the keys.

pub mod actor;
pub mod answer;
pub mod collection;
pub mod echo;
pub mod language;
pub mod picture;
pub mod quote;
pub mod slim;

use serde_json::{Map, Value, json};

use super::context::{self, PUBLIC};
use crate::base::{clock::Timestamp, limits};

/// Where a document goes: `to` and `cc`, always lists (G1).
#[derive(Debug, Clone, Default)]
pub struct Addressing {
    /// Primary recipients.
    pub to: Vec<String>,
    /// Copies.
    pub cc: Vec<String>,
}

impl Addressing {
    /// Public, to these, with copies to those.
    pub fn public(to: &[&str], cc: &[&str]) -> Self {
        let mut all = vec![PUBLIC.to_owned()];
        all.extend(to.iter().map(|&uri| uri.to_owned()));
        Self { to: all, cc: cc.iter().map(|&uri| uri.to_owned()).collect() }
    }

    /// To these alone, with copies to Public: unlisted.
    pub fn unlisted(to: &[&str], cc: &[&str]) -> Self {
        let mut all = vec![PUBLIC.to_owned()];
        all.extend(cc.iter().map(|&uri| uri.to_owned()));
        Self { to: to.iter().map(|&uri| uri.to_owned()).collect(), cc: all }
    }

    fn put(&self, document: &mut Map<String, Value>) {
        document.insert("to".into(), json!(self.to));
        document.insert("cc".into(), json!(self.cc));
    }
}

/// One revision of an opinion, ready to print as an `Article` (protocol 4.b).
#[derive(Debug, Clone)]
pub struct Article<'a> {
    /// Object id.
    pub id: &'a str,
    /// `attributedTo`.
    pub author: &'a str,
    /// The author's followers collection.
    pub followers: &'a str,
    /// Title.
    pub name: &'a str,
    /// The point in 500 characters, plain text.
    pub abstract_text: &'a str,
    /// HTML with the generated first paragraph: what is signed and hashed.
    pub content: &'a str,
    /// Markdown; none where only the HTML is known.
    pub source: Option<&'a str>,
    /// BCP 47.
    pub language: &'a str,
    /// First publication.
    pub published: Timestamp,
    /// This revision's time, from the second on.
    pub updated: Option<Timestamp>,
    /// Home room.
    pub room: &'a str,
    /// Handle of the home room, for the mention that forums need.
    pub room_handle: &'a str,
    /// Topic name (RFC 6920).
    pub topic: &'a str,
    /// 1, 2, 3 …
    pub revision: i64,
    /// Digest of this revision.
    pub digest: &'a str,
    /// Digest of the one before.
    pub previous: Option<&'a str>,
    /// What changed and why.
    pub change_note: Option<&'a str>,
    /// Wire term of the status.
    pub status: &'a str,
    /// Wire term of the author's group.
    pub stakeholder_group: Option<&'a str>,
    /// Where it is a letter: until when names are asked for, and the zone that was given in.
    pub letter: Option<(Timestamp, &'a str)>,
    /// Wire term of the author's region.
    pub region: Option<&'a str>,
    /// Those it names as authors beside `attributedTo`.
    pub co_authors: &'a [CoAuthor],
    /// Id of the opinion that took its place.
    pub superseded_by: Option<&'a str>,
}

/// Somebody whom an opinion names as an author. That they are one, only their own position says (protocol 4.b).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoAuthor {
    /// Actor id.
    pub actor: String,
    /// Wire term of their group.
    pub stakeholder_group: Option<String>,
}

impl CoAuthor {
    fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("actor".into(), self.actor.clone().into());
        if let Some(group) = &self.stakeholder_group {
            document.insert("stakeholderGroup".into(), group.clone().into());
        }
        Value::Object(document)
    }
}

/// The generated first paragraph of an opinion: where software shows only the body, it names title, revision and
/// the place of the current text and the record (test 39).
pub fn opinion_head(name: &str, revision: i64, date: &str, url: &str) -> String {
    format!(
        "<p class=\"plg-head\"><em>{}, revision {revision}, {date}. <a href=\"{}\">Current text and record</a></em></p>",
        escape(name),
        escape(url)
    )
}

/// Text as HTML text.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// An abstract as `summary`: Mastodon before 4.3 shows it as text and later ones as HTML, so it holds nothing that
/// the two would show differently (test 39).
pub fn summary(revision: i64, abstract_text: &str) -> String {
    let plain: String = abstract_text
        .chars()
        .map(|c| match c {
            '<' => '‹',
            '>' => '›',
            '&' => '＆',
            other => other,
        })
        .collect();
    format!("Revision {revision}. {plain}")
}

impl Article<'_> {
    /// The `Article`. Without `contentMap`, then without `source`, where it would not fit into a delivery (G4).
    pub fn print(&self) -> Value {
        let full = self.print_with(true, true);
        if fits(&full) {
            return full;
        }
        let lean = self.print_with(false, true);
        if fits(&lean) { lean } else { self.print_with(false, false) }
    }

    fn print_with(&self, content_map: bool, source: bool) -> Value {
        let mut document = Map::new();
        document.insert("@context".into(), context::context());
        document.insert("id".into(), self.id.into());
        document.insert("type".into(), "Article".into());
        document.insert("attributedTo".into(), self.author.into());
        document.insert("name".into(), self.name.into());
        document.insert("summary".into(), summary(self.revision, self.abstract_text).into());
        document.insert("abstract".into(), self.abstract_text.into());
        document.insert("url".into(), self.id.into());
        document.insert("content".into(), self.content.into());
        document.insert("mediaType".into(), "text/html".into());
        if let Some(text) = self.source.filter(|_| source) {
            document
                .insert("source".into(), json!({"content": text, "mediaType": "text/markdown"}));
        }
        if content_map {
            document.insert("contentMap".into(), json!({self.language: self.content}));
        }
        document.insert("language".into(), language::language(self.language));
        document.insert(
            "preview".into(),
            json!({"type": "Note", "content": format!(
                "<p><strong>{}</strong> (revision {})</p><p>{}</p>",
                escape(self.name), self.revision, escape(self.abstract_text)
            )}),
        );
        document.insert("published".into(), json!(self.published));
        if let Some(updated) = self.updated {
            document.insert("updated".into(), json!(updated));
        }
        document.insert("sensitive".into(), false.into());
        Addressing::public(&[self.room], &[self.followers]).put(&mut document);
        document.insert("audience".into(), self.room.into());
        document.insert("context".into(), format!("{}/context", self.id).into());
        document.insert("replies".into(), format!("{}/replies", self.id).into());
        document.insert("history".into(), format!("{}/history", self.id).into());
        document.insert(
            "tag".into(),
            json!([{"type": "Mention", "href": self.room, "name": format!("@{}", self.room_handle)}]),
        );
        document.insert("attachment".into(), json!([]));
        document.insert("interactionPolicy".into(), open_policy());
        document.insert("topic".into(), self.topic.into());
        document.insert("revision".into(), self.revision.into());
        document.insert("revisionDigest".into(), self.digest.into());
        for (name, value) in [("previousRevision", self.previous), ("changeNote", self.change_note)]
        {
            if let Some(value) = value {
                document.insert(name.into(), value.into());
            }
        }
        for (name, term) in [("stakeholderGroup", self.stakeholder_group), ("region", self.region)]
        {
            if let Some(term) = term {
                document.insert(name.into(), term.into());
            }
        }
        let first = CoAuthor {
            actor: self.author.to_owned(),
            stakeholder_group: self.stakeholder_group.map(str::to_owned),
        };
        let authors: Vec<Value> =
            std::iter::once(&first).chain(self.co_authors).map(CoAuthor::print).collect();
        document.insert("authors".into(), authors.into());
        document.insert("status".into(), self.status.into());
        if let Some((closes, zone)) = self.letter {
            document
                .insert("letter".into(), json!({"type": "Letter", "closes": closes, "zone": zone}));
        }
        if let Some(uri) = self.superseded_by {
            document.insert("supersededBy".into(), uri.into());
        }
        Value::Object(document)
    }
}

/// Ids, addresses and two proofs of the activity around an object, without the contexts.
const ENVELOPE_BYTES: usize = 3_000;
/// Contexts beside the object's own: its proof's, the activity's, and that of the activity's proof.
const ENVELOPE_CONTEXTS: usize = 3;

fn fits(object: &Value) -> bool {
    let context = serde_json::to_vec(&context::context()).map_or(0, |bytes| bytes.len());
    let envelope = ENVELOPE_BYTES + ENVELOPE_CONTEXTS * context;
    serde_json::to_vec(object)
        .is_ok_and(|bytes| bytes.len() + envelope <= limits::DELIVERED_BYTES_MAX)
}

/// Anyone may like, reply, boost and quote (GoToSocial's policies; FEP-044f).
pub fn open_policy() -> Value {
    let anyone = json!({"automaticApproval": [PUBLIC]});
    json!({"canLike": anyone, "canReply": anyone, "canAnnounce": anyone, "canQuote": anyone})
}

/// A passage a comment is about (protocol 4.c).
#[derive(Debug, Clone)]
pub struct Anchor {
    /// The opinion.
    pub source: String,
    /// Revision number.
    pub revision: i64,
    /// Revision digest.
    pub digest: String,
    /// Block id; none for the whole text.
    pub block: Option<String>,
    /// Quoted words, where a phrase is meant.
    pub exact: Option<String>,
    /// What stands before and after them: by it they are found again in a later revision.
    pub around: (String, String),
    /// Whether it says that something is missing there.
    pub missing_here: bool,
}

impl Anchor {
    /// The anchor as a member of a document.
    pub fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("type".into(), "oa:SpecificResource".into());
        document.insert("source".into(), self.source.clone().into());
        document.insert("revision".into(), self.revision.into());
        document.insert("revisionDigest".into(), self.digest.clone().into());
        if let Some(block) = &self.block {
            document.insert("block".into(), block.clone().into());
        }
        if let Some(exact) = &self.exact {
            let mut selector = json!({"type": "oa:TextQuoteSelector", "exact": exact});
            let (prefix, suffix) = &self.around;
            for (name, words) in [("prefix", prefix), ("suffix", suffix)] {
                if let Some(members) = selector.as_object_mut().filter(|_| !words.is_empty()) {
                    members.insert(name.to_owned(), words.clone().into());
                }
            }
            document.insert("selector".into(), selector);
        }
        if self.missing_here {
            document.insert("missingHere".into(), true.into());
        }
        Value::Object(document)
    }
}

/// What became of a comment or a position, as a member of the `Note` that answers it (protocol 4.c).
#[derive(Debug, Clone)]
pub struct Disposition<'a> {
    /// Wire term.
    pub outcome: &'a str,
    /// Why, plain text.
    pub reason: &'a str,
    /// Id of the activity that made the version it answers.
    pub of_version: &'a str,
    /// Number and digest of the revision that did it.
    pub revision: Option<(i64, &'a str)>,
    /// Where it belongs instead.
    pub venue: Option<&'a str>,
}

impl Disposition<'_> {
    /// The member.
    pub fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("type".into(), "Disposition".into());
        document.insert("outcome".into(), self.outcome.into());
        document.insert("reason".into(), self.reason.into());
        document.insert("ofVersion".into(), self.of_version.into());
        if let Some((number, digest)) = self.revision {
            document.insert("revision".into(), number.into());
            document.insert("revisionDigest".into(), digest.into());
        }
        if let Some(venue) = self.venue {
            document.insert("venue".into(), venue.into());
        }
        Value::Object(document)
    }
}

/// A reply to an opinion or a comment, ready to print as a `Note` (protocol 4.c); with a position where the
/// position needs words (4.d).
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// Object id.
    pub id: &'a str,
    /// `attributedTo`.
    pub author: &'a str,
    /// Parent.
    pub in_reply_to: &'a str,
    /// HTML.
    pub content: &'a str,
    /// Markdown.
    pub source: Option<&'a str>,
    /// BCP 47.
    pub language: &'a str,
    /// When.
    pub published: Timestamp,
    /// Recipients.
    pub addressing: Addressing,
    /// Home room of the opinion.
    pub audience: &'a str,
    /// Topic name (RFC 6920): by it a room elsewhere knows that the reply is its concern.
    pub topic: &'a str,
    /// Collection of the thread.
    pub context: &'a str,
    /// Whom it answers: actor id and handle.
    pub mention: Option<(&'a str, &'a str)>,
    /// Passages it is about.
    pub anchors: &'a [Anchor],
    /// Wire term of the comment's kind.
    pub comment_kind: Option<&'a str>,
    /// Wire term of the author's group.
    pub stakeholder_group: Option<&'a str>,
    /// Wire term of the capacity.
    pub capacity: Option<&'a str>,
    /// For whom it speaks, if not for its author, and the delegation to do so.
    pub mandate: Option<Mandate<'a>>,
    /// The position it takes, if it takes one.
    pub position: Option<&'a Position<'a>>,
    /// Whose word it is, where the author is an instance that attests what a guest said there.
    pub signed_in_as: Option<&'a str>,
    /// The pictures it shows.
    pub pictures: &'a [picture::Picture],
}

/// In whose name somebody acts, and what gives them the right to.
#[derive(Debug, Clone, Copy)]
pub struct Mandate<'a> {
    /// The organisation, by actor id.
    pub on_behalf_of: &'a str,
    /// Id of its delegation; none where it is only claimed.
    pub delegation: Option<&'a str>,
}

impl Mandate<'_> {
    fn put(&self, document: &mut Map<String, Value>) {
        document.insert("onBehalfOf".into(), self.on_behalf_of.into());
        if let Some(delegation) = self.delegation {
            document.insert("delegation".into(), delegation.into());
        }
    }
}

impl Note<'_> {
    /// The `Note`.
    pub fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("@context".into(), context::context());
        document.insert("id".into(), self.id.into());
        document.insert("type".into(), "Note".into());
        document.insert("attributedTo".into(), self.author.into());
        document.insert("inReplyTo".into(), self.in_reply_to.into());
        document.insert("content".into(), self.content.into());
        document.insert("contentMap".into(), json!({self.language: self.content}));
        if let Some(source) = self.source {
            document
                .insert("source".into(), json!({"content": source, "mediaType": "text/markdown"}));
        }
        document.insert("language".into(), language::language(self.language));
        document.insert("published".into(), json!(self.published));
        document.insert("url".into(), self.id.into());
        document.insert("sensitive".into(), false.into());
        self.addressing.put(&mut document);
        document.insert("audience".into(), self.audience.into());
        document.insert("topic".into(), self.topic.into());
        document.insert("context".into(), self.context.into());
        let tags: Vec<Value> = self
            .mention
            .iter()
            .map(|(href, handle)| json!({"type": "Mention", "href": href, "name": format!("@{handle}")}))
            .collect();
        document.insert("tag".into(), json!(tags));
        let pictures: Vec<Value> = self.pictures.iter().map(picture::Picture::print).collect();
        document.insert("attachment".into(), pictures.into());
        document.insert("interactionPolicy".into(), open_policy());
        match self.anchors {
            [] => {}
            [one] => drop(document.insert("anchor".into(), one.print())),
            many => drop(document.insert(
                "anchor".into(),
                many.iter().map(Anchor::print).collect::<Vec<_>>().into(),
            )),
        }
        let words = [
            ("commentKind", self.comment_kind),
            ("stakeholderGroup", self.stakeholder_group),
            ("capacity", self.capacity),
        ];
        for (name, value) in words {
            if let Some(value) = value {
                document.insert(name.into(), value.into());
            }
        }
        if let Some(mandate) = self.mandate {
            mandate.put(&mut document);
        }
        let position = if let Some(guest) = self.signed_in_as {
            document.insert("signedInAs".into(), guest.into());
            "attestedPosition"
        } else {
            "position"
        };
        if let Some(taken) = self.position {
            document.insert(position.into(), taken.print());
        }
        Value::Object(document)
    }
}

/// A stand on one revision (protocol 4.d).
#[derive(Debug, Clone)]
pub struct Position<'a> {
    /// Wire term.
    pub kind: &'a str,
    /// Wire term.
    pub capacity: &'a str,
    /// For whom, if not for oneself.
    pub mandate: Option<Mandate<'a>>,
    /// Wire term of the role in which it is taken, such as `plg:coAuthor`.
    pub role: Option<&'a str>,
    /// Wire term.
    pub stakeholder_group: Option<&'a str>,
    /// Wire term.
    pub region: Option<&'a str>,
    /// Revision number.
    pub revision: i64,
    /// Its digest.
    pub digest: &'a str,
    /// Reason, plain text.
    pub statement: Option<&'a str>,
}

impl Position<'_> {
    fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("type".into(), "Position".into());
        document.insert("kind".into(), self.kind.into());
        document.insert("capacity".into(), self.capacity.into());
        if let Some(mandate) = self.mandate {
            mandate.put(&mut document);
        }
        let optional = [
            ("role", self.role),
            ("stakeholderGroup", self.stakeholder_group),
            ("region", self.region),
            ("statement", self.statement),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                document.insert(name.into(), value.into());
            }
        }
        document.insert("revision".into(), self.revision.into());
        document.insert("revisionDigest".into(), self.digest.into());
        Value::Object(document)
    }
}

/// What every activity has.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// Activity id.
    pub id: &'a str,
    /// Who acts.
    pub actor: &'a str,
    /// When.
    pub published: Timestamp,
    /// Recipients.
    pub addressing: Addressing,
    /// Home room, for acts in a topic.
    pub audience: Option<&'a str>,
}

impl Envelope<'_> {
    fn around(&self, kind: &str, object: Value) -> Map<String, Value> {
        let mut document = Map::new();
        document.insert("@context".into(), context::context());
        document.insert("id".into(), self.id.into());
        document.insert("type".into(), kind.into());
        document.insert("actor".into(), self.actor.into());
        document.insert("published".into(), json!(self.published));
        self.addressing.put(&mut document);
        if let Some(audience) = self.audience {
            document.insert("audience".into(), audience.into());
        }
        document.insert("object".into(), object);
        document
    }

    /// `Create`, `Update`, `Follow`, `Accept`, `Reject`, `Announce`, `Undo` around an object or its id.
    pub fn activity(&self, kind: &str, object: Value) -> Value {
        Value::Object(self.around(kind, object))
    }

    /// A `Like` that is a position (G6: no `content`, no `name`).
    pub fn like(&self, object: &str, position: &Position<'_>) -> Value {
        let mut document = self.around("Like", object.into());
        document.insert("position".into(), position.print());
        Value::Object(document)
    }

    /// A `Delete`, with a Tombstone that says what it was.
    pub fn delete(&self, object: &str, former_type: &str) -> Value {
        let tombstone = json!({"id": object, "type": "Tombstone", "formerType": former_type, "deleted": self.published});
        Value::Object(self.around("Delete", tombstone))
    }

    /// An `Undo` that embeds what Mastodon needs to find it (P6, test 48).
    pub fn undo(&self, activity: &Value) -> Value {
        let mut embedded = Map::new();
        for name in ["id", "type", "actor", "object"] {
            if let Some(value) = activity.get(name) {
                embedded.insert(name.into(), value.clone());
            }
        }
        Value::Object(self.around("Undo", Value::Object(embedded)))
    }

    /// An `Add` to a collection, or a `Remove` from it.
    pub fn change(&self, kind: &str, object: &str, target: &str) -> Value {
        let mut document = self.around(kind, object.into());
        document.insert("target".into(), target.into());
        Value::Object(document)
    }

    /// A `Follow` or `Accept` that carries the handshake of rooms (protocol 4.f.3).
    pub fn link(&self, kind: &str, object: Value, topic: &str) -> Value {
        let mut document = self.around(kind, object);
        document.insert(
            "link".into(),
            json!({
                "type": "plg:MeshLink",
                "protocol": context::PROTOCOL,
                "topic": topic,
                "software": concat!("polylogue/", env!("CARGO_PKG_VERSION")),
                "maxBytes": limits::INBOX_BODY_BYTES_MAX,
            }),
        );
        Value::Object(document)
    }

    /// A room's `Announce` to linked rooms: one item, or several in an OrderedCollection (protocol 4.f.4).
    pub fn relay(&self, mut items: Vec<Value>, sent_to: &[String], hops: i64) -> Value {
        let object = if items.len() == 1 {
            items.swap_remove(0)
        } else {
            json!({"type": "OrderedCollection", "totalItems": items.len(), "orderedItems": items})
        };
        let mut document = self.around("Announce", object);
        document.insert("sentTo".into(), json!(sent_to));
        document.insert("hops".into(), hops.into());
        Value::Object(document)
    }
}

/// What is served in place of something deleted (test 9).
pub fn tombstone(id: &str, former_type: &str, deleted: Option<Timestamp>) -> Value {
    let mut document = json!({"@context": [context::ACTIVITYSTREAMS], "id": id, "type": "Tombstone", "formerType": former_type});
    if let (Some(deleted), Some(map)) = (deleted, document.as_object_mut()) {
        map.insert("deleted".into(), json!(deleted));
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(source: &str) -> Value {
        let content = format!("<p>{source}</p>");
        Article {
            id: "https://cs.example/o/1",
            author: "https://cs.example/p/a",
            followers: "https://cs.example/p/a/followers",
            name: "A & <B>",
            abstract_text: "Less < more & \"so\" &amp; on",
            content: &content,
            source: Some(source),
            language: "en",
            published: Timestamp::from_millis(0),
            updated: None,
            room: "https://cs.example/t/x",
            room_handle: "x@cs.example",
            topic: "ni:///sha-256;x",
            revision: 3,
            digest: "ni:///sha-256;y",
            previous: None,
            change_note: None,
            status: "plg:open",
            stakeholder_group: Some("plg:civilSociety"),
            letter: None,
            co_authors: &[],
            superseded_by: None,
            region: Some("plg:africa"),
        }
        .print()
    }

    #[test]
    fn strings_where_others_want_strings_and_lists_where_they_want_lists() {
        let document = article("short");
        for name in ["type", "attributedTo", "audience", "context", "name", "published"] {
            assert!(document[name].is_string(), "{name}");
        }
        for name in ["to", "cc", "tag", "attachment"] {
            assert!(document[name].is_array(), "{name}");
        }
        assert!(document.get("inReplyTo").is_none());
        let summary = document["summary"].as_str().unwrap();
        assert!(
            summary.starts_with("Revision 3. ") && !summary.contains(['<', '>', '&']),
            "{summary}"
        );
        assert_eq!(document["contentMap"].as_object().unwrap().keys().next().unwrap(), "en");
        assert_eq!(document["contentMap"]["en"], document["content"]);
    }

    #[test]
    fn leaves_out_the_copy_then_the_source_before_it_grows_too_large() {
        assert!(article(&"x".repeat(5_000)).get("contentMap").is_some());
        let lean = article(&"x".repeat(17_000));
        assert!(lean.get("contentMap").is_none() && lean.get("source").is_some());
        assert!(article(&"x".repeat(40_000)).get("source").is_none());
    }

    #[test]
    fn an_undo_embeds_what_mastodon_looks_for() {
        let envelope = Envelope {
            id: "https://cs.example/a/2",
            actor: "https://cs.example/p/a",
            published: Timestamp::from_millis(0),
            addressing: Addressing::public(&[], &[]),
            audience: None,
        };
        let undo = envelope
            .undo(&json!({"id": "i", "type": "Like", "actor": "a", "object": "o", "proof": 1}));
        assert_eq!(undo["object"], json!({"id": "i", "type": "Like", "actor": "a", "object": "o"}));
    }
}

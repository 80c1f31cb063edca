//! Documents as other servers read them: actors printed from what is known, objects, activities and statements
//! exactly as they were signed. Nothing from elsewhere is served under an id of ours, because only ids of ours are
//! looked up.

use serde_json::{Value, json};

use super::{Service, ServiceError, announcements::Form as Handed};
use crate::{
    base::{clock::Timestamp, limits},
    domain::group::StakeholderGroup,
    protocol::{
        compose,
        compose::actor::Room as RoomParts,
        json,
        quirks::{id_of, member, time_of, types_of},
    },
    record::{
        item::{Cell, EVIDENCE_TYPE, Kind},
        statement,
    },
    store::{
        accounts,
        actors::{self, Actor},
        deliveries,
        entries::{self, Entry, Verdict},
        follows, links, listings, marks,
        profiles::{self, ProfileDetail},
        projections,
        rooms::{self, Room},
    },
};

/// A document, or what is left of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Served {
    /// The document.
    Here(Value),
    /// It was here and is gone for good.
    Gone {
        /// Its id.
        uri: String,
        /// What it was.
        former_type: String,
        /// When it went, where known.
        deleted: Option<Timestamp>,
    },
}

/// A part of a collection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// How many there are in all, where that may be said.
    pub total: Option<u64>,
    /// Ids or documents.
    pub items: Vec<Value>,
    /// Whether more come after them.
    pub more: bool,
}

/// Which part of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many items come before it.
    pub offset: u64,
    /// Most items in it.
    pub limit: u64,
}

impl Part {
    /// The first page.
    pub const FIRST: Self = Self { offset: 0, limit: limits::COLLECTION_PAGE_ITEMS };

    /// Of items that are all at hand.
    fn of(self, items: Vec<Value>) -> Listing {
        let skip = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = items.len() > skip.saturating_add(take);
        Listing { total: None, items: items.into_iter().skip(skip).take(take).collect(), more }
    }

    /// Of rows that were read with one more than the page holds.
    fn of_rows(self, total: Option<u64>, mut items: Vec<Value>) -> Listing {
        let take = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = items.len() > take;
        items.truncate(take);
        Listing { total, items, more }
    }
}

/// What an item of a log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An act with its author's proof.
    Activity,
    /// The signed request that delivered an act.
    Evidence,
    /// A statement of a room or an instance, or the topic's first record.
    Statement,
}

/// One item of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogItem {
    /// Number in this room's log.
    pub seq: i64,
    /// Entry hash, hex.
    pub hash: String,
    /// Kind of item, an open list.
    pub kind: String,
    /// What the document is.
    pub form: Form,
    /// The document exactly as stored.
    pub document: Value,
}

/// A page of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogPage {
    /// Its items, in order.
    pub items: Vec<LogItem>,
    /// The number to go on after, where there is more.
    pub next_after: Option<i64>,
}

impl Service {
    /// An actor who lives here, by handle in any case. One that is gone is still found: its id answers 410.
    pub async fn local_actor(&self, name: &str) -> Result<Actor, ServiceError> {
        actors::local_by_name(&self.store, &name.to_lowercase())
            .await?
            .ok_or(ServiceError::NotFound { what: "actor" })
    }

    /// A person or organisation who lives here.
    pub async fn local_participant(&self, name: &str) -> Result<Actor, ServiceError> {
        let actor = self.local_actor(name).await?;
        match actor.kind.as_str() {
            "Person" | "Organization" => Ok(actor),
            _ => Err(ServiceError::NotFound { what: "participant" }),
        }
    }

    /// The document of a local actor (protocol 4.a).
    pub async fn actor_document(&self, actor: &Actor) -> Result<Served, ServiceError> {
        let detail = profiles::details(&self.store, &[actor.id]).await?.pop();
        self.actor_document_with(actor, detail.as_ref()).await
    }

    /// The same, with details that are being written.
    pub(super) async fn actor_document_with(
        &self,
        actor: &Actor,
        detail: Option<&ProfileDetail>,
    ) -> Result<Served, ServiceError> {
        if let Some(gone_at) = actor.gone_at {
            return Ok(Served::Gone {
                uri: actor.uri.clone(),
                former_type: actor.kind.clone(),
                deleted: Some(Timestamp::from_millis(gone_at)),
            });
        }
        let keys: Vec<(String, String)> =
            serde_json::from_str(&actor.proof_keys).unwrap_or_default();
        let proof_key = keys.first().map(|(_, multibase)| multibase.as_str()).unwrap_or_default();
        let group = super::read::group_of(actor.stakeholder_group.as_deref());
        let words = group.map(readable);
        let region = super::read::region_of(actor.region.as_deref());
        let room =
            if actor.kind == "Group" { rooms::by_id(&self.store, actor.id).await? } else { None };
        let room = match &room {
            Some(room) => Some(RoomParts {
                topic: &room.topic,
                question: &room.question,
                language: &room.language,
                link_policy: &room.link_policy,
                genesis: self.genesis(room).await?,
            }),
            None => None,
        };
        let document = compose::actor::Actor {
            id: &actor.uri,
            kind: &actor.kind,
            username: &actor.username,
            webfinger: &self.handle_of(actor),
            name: &actor.name,
            summary: &actor.summary,
            published: Timestamp::from_millis(actor.created_at),
            shared_inbox: &self.paths.shared_inbox(),
            request_key_pem: actor.request_key_pem.as_deref().unwrap_or_default(),
            proof_key,
            recovery_key: actor.recovery_key.as_deref(),
            stakeholder_group: group.map(StakeholderGroup::term).zip(words.as_deref()),
            region: region.map(|region| (region.term(), region.in_english())),
            instance: &self.paths.instance(),
            discoverable: detail.is_none_or(|detail| detail.discoverable),
            fields: detail.map(super::profile::fields_shown).unwrap_or_default(),
            room,
            pictures: [&actor.avatar, &actor.header]
                .map(|url| super::media::face_document(&self.paths, url.as_deref())),
        }
        .print();
        Ok(Served::Here(document))
    }

    /// The topic's first record, from the room's own log.
    async fn genesis(&self, room: &Room) -> Result<Value, ServiceError> {
        let entries = entries::by_item_id(&self.store, &room.topic).await?;
        let entry = entries.iter().find(|entry| entry.room_id == room.id).ok_or_else(|| {
            ServiceError::internal(format!("room {} has no genesis in its log", room.slug))
        })?;
        document_of(entry)
    }

    /// An opinion, comment or position Note of ours, by id, as its author's key signed it last, with the numbers of
    /// its plain reactions (never of positions: INV-1), which is what servers elsewhere show (test 44). For these it
    /// is signed anew, as of the same moment: what stands in the record has no numbers in it (protocol 4.b).
    pub async fn object_document(&self, uri: &str) -> Result<Served, ServiceError> {
        match self.object_as_signed(uri).await? {
            Served::Here(object) => Ok(Served::Here(self.with_reactions(object).await?)),
            gone @ Served::Gone { .. } => Ok(gone),
        }
    }

    async fn with_reactions(&self, mut object: Value) -> Result<Value, ServiceError> {
        // A room's answer and the words of a Like are served as they were sent.
        if ["receiptFor", "positionOf"].iter().any(|name| member(&object, name).is_some()) {
            return Ok(object);
        }
        let (Some(uri), Some(author)) = (id_of(&object, "id"), id_of(&object, "attributedTo"))
        else {
            return Ok(object);
        };
        let author = actors::by_uri(&self.store, &author).await?;
        let Some(author) = author.filter(|author| author.local) else { return Ok(object) };
        let signed = member(&object, "proof").and_then(|proof| time_of(proof, "created"));
        let at = signed.unwrap_or_else(|| self.now());
        if let Some(members) = object.as_object_mut() {
            members.remove("proof");
            for (name, kind) in [("likes", "like"), ("shares", "share")] {
                let total = follows::count_reactions(&self.store, &uri, kind).await?;
                let id = format!("{uri}/{name}");
                let collection = json!({"id": id, "type": "Collection", "totalItems": total});
                members.insert(name.to_owned(), collection);
            }
        }
        let keys = self.keys.of(&author).await?;
        Ok(statement::signed(object, &keys.proof, &keys.proof_key_id(), at))
    }

    async fn object_as_signed(&self, uri: &str) -> Result<Served, ServiceError> {
        let (cell, room_id, deleted) =
            if let Some(row) = projections::opinion(&self.store, uri).await? {
                (Some(Cell::Opinion(row.uri)), row.room_id, row.deleted)
            } else if let Some(row) = projections::comment(&self.store, uri).await? {
                (Some(Cell::Comment(row.uri)), row.room_id, row.deleted)
            } else {
                let row = projections::position(&self.store, uri)
                    .await?
                    .filter(|row| row.object_uri.as_deref() == Some(uri));
                let Some(row) = row else {
                    return match self.echo_document(uri).await? {
                        Some(echo) => Ok(echo),
                        None => self.answer_document(uri).await,
                    };
                };
                (None, row.room_id, false)
            };
        let tombstone = self.tombstone_of(room_id, uri).await?;
        if deleted || tombstone.is_some() {
            let former_type =
                if matches!(cell, Some(Cell::Opinion(_))) { "Article" } else { "Note" };
            return Ok(gone(uri, former_type, tombstone.flatten()));
        }
        let entry = match &cell {
            Some(cell) => entries::latest_of_object(&self.store, cell).await?,
            None => entries::naming(&self.store, room_id, Kind::Act, uri)
                .await?
                .into_iter()
                .find(|entry| entry.act_type == "Create" && counts(entry)),
        };
        let entry = entry
            .ok_or_else(|| ServiceError::internal(format!("{uri} is shown but not in the log")))?;
        match entries::read(&entry)?.document.get_mut("object").map(Value::take) {
            Some(object) => Ok(Served::Here(object)),
            None => Err(ServiceError::internal(format!("{uri} is not embedded in its activity"))),
        }
    }

    /// When an object was deleted by an act in the log; the outer `None` where it was not.
    pub(super) async fn tombstone_of(
        &self,
        room_id: i64,
        uri: &str,
    ) -> Result<Option<Option<Timestamp>>, ServiceError> {
        let mut acts = entries::naming(&self.store, room_id, Kind::Act, uri).await?;
        // What is only held may be anybody's word.
        acts.retain(counts);
        let author = acts.iter().find(|act| act.act_type == "Create").map(|act| &act.actor);
        Ok(acts
            .iter()
            .find(|act| act.act_type == "Delete" && Some(&act.actor) == author)
            .map(|act| act.published.map(Timestamp::from_millis)))
    }

    /// An activity or statement of ours, by id, exactly as signed. What published words that are deleted since is
    /// gone with them.
    pub async fn item_document(&self, uri: &str) -> Result<Served, ServiceError> {
        let entry = entries::by_item_id(&self.store, uri).await?.into_iter().find(counts);
        let Some(entry) = entry else {
            // A paper that was not used in any topic yet.
            let paper = self.paper_document(uri).await?;
            return match paper {
                Some(paper) => Ok(Served::Here(paper)),
                None => self.sent_document(uri).await,
            };
        };
        if matches!(entry.act_type.as_str(), "Create" | "Update")
            && let Some(object) = &entry.object
            && let Served::Gone { deleted, .. } = self.object_as_signed(object).await?
        {
            return Ok(gone(uri, &entry.act_type, deleted));
        }
        // A Reading repeats words of the reply it is of.
        if entry.kind == Kind::Reading.word()
            && let Some(hash) = &entry.object
            && let Some(reply) = entries::by_hash_text(&self.store, entry.room_id, hash).await?
            && let Some(object) = &reply.object
            && let Some(deleted) = self.tombstone_of(entry.room_id, object).await?
        {
            return Ok(gone(uri, &entry.act_type, deleted));
        }
        Ok(Served::Here(entries::read(&entry)?.document))
    }

    /// An activity that is in no log, as it was sent: a Follow, an Accept, an Announce to rooms, an answer.
    async fn sent_document(&self, uri: &str) -> Result<Served, ServiceError> {
        let Some(sent) = deliveries::sent(&self.store, uri).await? else {
            return self.answer_activity(uri).await;
        };
        let document = json::parse(&sent.body)
            .map_err(|error| ServiceError::internal(format!("{uri} as it was sent: {error}")))?;
        // The words of a position that were taken back are gone with what brought them.
        if let Some(object) =
            member(&document, "object").filter(|o| member(o, "positionOf").is_some())
            && let Some(object) = id_of(object, "id")
            && let Some(Served::Gone { deleted, .. }) = self.echo_document(&object).await?
        {
            return Ok(gone(uri, "Create", deleted));
        }
        Ok(Served::Here(document))
    }

    /// The short form of a `Create` or `Update` of ours (G4), signed by its author as of the same moment.
    pub async fn slim_document(&self, uri: &str) -> Result<Served, ServiceError> {
        let nothing = ServiceError::NotFound { what: "activity" };
        match self.item_document(uri).await? {
            Served::Here(activity) => match self.slim(&activity).await? {
                Some(slim) => Ok(Served::Here(slim)),
                None => Err(nothing),
            },
            Served::Gone { uri, former_type, deleted } => {
                Ok(gone(&format!("{uri}{}", compose::slim::SUFFIX), &former_type, deleted))
            }
        }
    }

    /// The short form of an activity; none where it has none, or its author's key is not here.
    pub async fn slim(&self, activity: &Value) -> Result<Option<Value>, ServiceError> {
        let Some(slim) = compose::slim::slim(activity) else { return Ok(None) };
        let author = match id_of(activity, "actor") {
            Some(uri) => actors::by_uri(&self.store, &uri).await?.filter(|actor| actor.local),
            None => None,
        };
        let Some(author) = author else { return Ok(None) };
        let at = time_of(activity, "published").unwrap_or_else(|| self.now());
        let keys = self.keys.of(&author).await?;
        Ok(Some(statement::signed(slim, &keys.proof, &keys.proof_key_id(), at)))
    }

    /// The acts that made and changed an object of ours, newest first (FEP-bad1).
    pub async fn history(&self, uri: &str, part: Part) -> Result<Listing, ServiceError> {
        self.must_stand(uri).await?;
        let mut entries = entries::of_object(&self.store, &Cell::Opinion(uri.to_owned())).await?;
        if entries.is_empty() {
            entries = entries::of_object(&self.store, &Cell::Comment(uri.to_owned())).await?;
        }
        let mut documents = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for entry in &entries {
            if seen.insert(entry.hash.clone()) {
                documents.push(entries::read(entry)?.document);
            }
        }
        Ok(part.of(documents))
    }

    /// Comments that answer an object of ours, oldest first, by id.
    pub async fn replies(&self, uri: &str, part: Part) -> Result<Listing, ServiceError> {
        self.must_stand(uri).await?;
        let rows = projections::replies(&self.store, uri, part.limit + 1, part.offset).await?;
        Ok(part.of_rows(None, rows.into_iter().map(|row| row.uri.into()).collect()))
    }

    /// An opinion of ours and all comments in its thread, in the order of time, by id.
    pub async fn thread(&self, uri: &str, part: Part) -> Result<Listing, ServiceError> {
        let opinion = self.opinion(uri, None).await?;
        let comments = projections::comments(&self.store, opinion.room.id, uri).await?;
        let mut items = vec![Value::from(uri)];
        items.extend(comments.into_iter().filter(|row| !row.deleted).map(|row| row.uri.into()));
        Ok(part.of(items))
    }

    /// The positions that stand on an opinion of ours, by id. There is no number of them (INV-1).
    pub async fn positions_by_id(&self, uri: &str, part: Part) -> Result<Listing, ServiceError> {
        let opinion = self.opinion(uri, None).await?;
        let positions = projections::positions(&self.store, opinion.room.id, uri).await?;
        let items = positions
            .iter()
            .filter(|position| position.live)
            .map(|position| super::read::position_uri(position).into())
            .collect();
        Ok(part.of(items))
    }

    /// Plain reactions to an object of ours, `like` or `share`: never positions (decisions 10).
    pub async fn reactions(
        &self,
        uri: &str,
        kind: &str,
        part: Part,
    ) -> Result<Listing, ServiceError> {
        self.must_stand(uri).await?;
        let total = follows::count_reactions(&self.store, uri, kind).await?;
        let rows = follows::reactions(&self.store, uri, kind, part.limit + 1, part.offset).await?;
        let items = rows.into_iter().map(|row| row.activity_uri.into()).collect();
        Ok(part.of_rows(Some(total), items))
    }

    async fn must_stand(&self, uri: &str) -> Result<(), ServiceError> {
        match self.object_as_signed(uri).await? {
            Served::Here(_) => Ok(()),
            Served::Gone { uri, .. } => Err(ServiceError::Gone { uri }),
        }
    }

    /// What an actor of ours sent, newest first: a room the opinions at home in it, each announced whole, since Lemmy
    /// reads a community's posts there; a participant their acts, by id.
    pub async fn outbox(&self, actor: &Actor, part: Part) -> Result<Listing, ServiceError> {
        if actor.kind == "Group" {
            return self.room_outbox(actor, part).await;
        }
        let (total, entries) = match actor.kind.as_str() {
            "Application" | "Feed" => (0, Vec::new()),
            _ => (
                entries::count_acts_by(&self.store, &actor.uri).await?,
                entries::acts_by(&self.store, &actor.uri, part.limit + 1, part.offset).await?,
            ),
        };
        let items = entries.into_iter().map(|entry| entry.item_id.into()).collect();
        Ok(part.of_rows(Some(total), items))
    }

    async fn room_outbox(&self, room: &Actor, part: Part) -> Result<Listing, ServiceError> {
        let total = listings::count_opinions_at_home(&self.store, room.id, &room.uri).await?;
        let (limit, offset) = (part.limit + 1, part.offset);
        let opinions =
            listings::opinions_at_home(&self.store, room.id, &room.uri, limit, offset).await?;
        let mut items = Vec::new();
        let mut bytes = 0;
        for opinion in opinions {
            let acts = entries::of_object(&self.store, &Cell::Opinion(opinion.uri)).await?;
            let made = acts
                .into_iter()
                .find(|act| act.room_id == room.id && act.act_type == "Create" && counts(act));
            let Some(made) = made else { continue };
            let item = entries::read(&made)?;
            let announced = self.announcement(room, &made, &item, Handed::Announce).await?.document;
            bytes += serde_json::to_vec(&announced).map_or(0, |bytes| bytes.len());
            // A page fits into one fetch: what comes late in a page of long texts is named only.
            items.push(if bytes <= limits::LOG_PAGE_BYTES_MAX {
                announced
            } else {
                self.announcement(room, &made, &item, Handed::Boost).await?.document
            });
        }
        Ok(part.of_rows(Some(total), items))
    }

    /// How many follow an actor of ours, and how many it follows.
    pub async fn follow_totals(&self, actor: &Actor) -> Result<(u64, u64), ServiceError> {
        Ok((
            follows::count_followers(&self.store, &actor.uri).await?,
            follows::count_following(&self.store, &actor.uri).await?,
        ))
    }

    /// What an actor of ours puts first: a room its newest open opinions; a participant what they pinned, or their newest
    /// opinions where they pinned nothing. Embedded.
    pub async fn featured(&self, actor: &Actor) -> Result<Listing, ServiceError> {
        let most = usize::try_from(limits::COLLECTION_PAGE_ITEMS).unwrap_or(usize::MAX);
        let opinions = if actor.kind == "Group" {
            let mut opinions = projections::opinions(&self.store, actor.id).await?;
            opinions.retain(|opinion| !opinion.deleted && opinion.status == "open");
            opinions.reverse();
            opinions
        } else {
            projections::opinions_by(&self.store, &actor.uri, limits::COLLECTION_PAGE_ITEMS).await?
        };
        let mut first: Vec<String> = opinions.into_iter().map(|opinion| opinion.uri).collect();
        if let Some(account) = accounts::by_actor(&self.store, actor.id).await? {
            let pins = marks::pins(&self.store, account.id).await?;
            if !pins.is_empty() {
                first = pins.into_iter().map(|pin| pin.uri).collect();
            }
        }
        let mut items = Vec::new();
        for uri in first.into_iter().take(most) {
            // One from elsewhere is named, not embedded: its bytes are its own server's to serve.
            if !self.paths.is_ours(&uri) {
                items.push(uri.into());
            } else if let Served::Here(document) = self.object_document(&uri).await? {
                items.push(document);
            }
        }
        let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
        Ok(Listing { total: Some(total), items, more: false })
    }

    /// The accounts that moderate rooms here, by actor id.
    pub async fn moderators(&self) -> Result<Vec<Value>, ServiceError> {
        let uris = listings::actors_with_roles(&self.store, &["moderator", "admin"]).await?;
        Ok(uris.into_iter().map(Value::from).collect())
    }

    /// The rooms that hold a topic together: ours, and those whose link is up.
    pub async fn mesh(&self, room: &Room) -> Result<Vec<Value>, ServiceError> {
        let mut uris = vec![Value::from(self.paths.room(&room.slug))];
        uris.extend(
            links::up(&self.store, room.id).await?.into_iter().map(|link| link.peer.into()),
        );
        Ok(uris)
    }

    /// A page of a room's log after a number (protocol 4.f.6, decisions 4 and 5): at most `limit` items, and fewer
    /// where they would not fit into one fetch of a peer.
    pub async fn log(&self, room: &Room, after: i64, limit: u64) -> Result<LogPage, ServiceError> {
        /// Bodies held at a time while a page is put together.
        const CHUNK: u64 = 20;
        /// What stands around a document in a page.
        const AROUND_BYTES: usize = 256;
        let mut items: Vec<LogItem> = Vec::new();
        let mut bytes = 0;
        let mut last = after;
        let mut left = limit;
        'page: while left > 0 {
            let entries = entries::page(&self.store, room.id, last, left.min(CHUNK)).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                bytes += entry.body.len() + AROUND_BYTES;
                if bytes > limits::LOG_PAGE_BYTES_MAX && !items.is_empty() {
                    break 'page;
                }
                last = entry.seq;
                left -= 1;
                items.push(log_item(entry)?);
            }
        }
        // Asked again, and not taken from the room's row: the log may have grown since that was read.
        let more = !entries::page(&self.store, room.id, last, 1).await?.is_empty();
        Ok(LogPage { items, next_after: more.then_some(last) })
    }

    /// How many accounts there are, for NodeInfo.
    pub async fn count_accounts(&self) -> Result<u64, ServiceError> {
        Ok(accounts::count(&self.store).await?)
    }
}

/// Whether an entry was verified: what is only held is shown under nobody's id.
pub(super) fn counts(entry: &Entry) -> bool {
    entry.verdict != Verdict::Held.word()
}

fn log_item(entry: Entry) -> Result<LogItem, ServiceError> {
    let document = document_of(&entry)?;
    let form = if types_of(&document).contains(&EVIDENCE_TYPE) {
        Form::Evidence
    } else if entry.kind == Kind::Act.word() {
        Form::Activity
    } else {
        Form::Statement
    };
    Ok(LogItem { seq: entry.seq, hash: entry.hash, kind: entry.kind, form, document })
}

/// The document of an entry exactly as stored: evidence stays evidence.
fn document_of(entry: &Entry) -> Result<Value, ServiceError> {
    json::parse(&entry.body).map_err(|error| {
        ServiceError::internal(format!("entry {} of room {}: {error}", entry.seq, entry.room_id))
    })
}

pub(super) fn gone(uri: &str, former_type: &str, deleted: Option<Timestamp>) -> Served {
    Served::Gone { uri: uri.to_owned(), former_type: former_type.to_owned(), deleted }
}

impl Served {
    /// The document to send: itself, or its Tombstone.
    pub fn document(self) -> Value {
        match self {
            Self::Here(document) => document,
            Self::Gone { uri, former_type, deleted } => {
                compose::tombstone(&uri, &former_type, deleted)
            }
        }
    }
}

impl LogItem {
    /// As it stands in a page: the document once, under the name that says how to read it. An act with a proof is
    /// an `activity`; evidence holds its act as a body (decisions 2); anything else is an `item`.
    pub fn print(self) -> Value {
        let name = match self.form {
            Form::Activity => "activity",
            Form::Evidence => "evidence",
            Form::Statement => "item",
        };
        json!({"seq": self.seq, "hash": self.hash, "kind": self.kind, name: self.document})
    }
}

/// A group in words that can be read anywhere: `civil-society` as "Civil society".
fn readable(group: StakeholderGroup) -> String {
    let words = group.word().replace('-', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

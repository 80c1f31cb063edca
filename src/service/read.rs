//! The reads behind every face: what is held, joined and named, as plain structures. They hold no sums of supporters,
//! because there is no field for one (INV-1).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Service, ServiceError,
    attestations::AttestationView,
    authors::{NamedAuthor, Signature},
    delegations::Claim,
    dispositions::DispositionView,
    media::{MediumView, attached},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        attestation::ProofLevel,
        group::StakeholderGroup,
        position::{Capacity, PositionKind},
        region::Region,
    },
    protocol::quirks::{attachments::Attachment, number_of},
    record::item::Kind,
    store::{
        Source,
        actors::{self, Actor, Face},
        anchors::{self, Anchor},
        deliveries, entries, keys, links,
        projections::{self, Comment, Opinion, Revision},
        rooms,
    },
};

pub use crate::store::{projections::Position, rooms::Room};

/// Acts shown of a participant.
const RECENT_MAX: u64 = 20;

/// A participant, as shown beside what they wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorView {
    /// Actor id.
    pub uri: String,
    /// Page for people.
    pub url: String,
    /// Display name; the handle where there is none.
    pub name: String,
    /// `name@host`.
    pub handle: String,
    /// Handle without the host.
    pub username: String,
    /// Host, with its port where it has one.
    pub host: String,
    /// ActivityStreams type.
    pub kind: String,
    /// Declared group.
    pub group: Option<StakeholderGroup>,
    /// Declared region.
    pub region: Option<Region>,
    /// The highest level of proof that holds for them.
    pub proof: ProofLevel,
    /// Whether they have their account here.
    pub local: bool,
}

/// A topic, as in lists.
#[derive(Debug, Clone)]
pub struct TopicView {
    /// The room.
    pub room: Room,
    /// Id of the room's actor.
    pub uri: String,
    /// Handle to follow.
    pub handle: String,
    /// Who founded it.
    pub founder: ActorView,
    /// Who facilitates it now.
    pub facilitators: Vec<ActorView>,
    /// Linked rooms: room id and state of the link.
    pub rooms: Vec<LinkView>,
    /// Groups of which somebody wrote an opinion or a comment or took a position here, as enum, in its order.
    pub heard: BTreeSet<StakeholderGroup>,
    /// Entries in the log.
    pub entries: u64,
}

/// A linked room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// The room's id.
    pub uri: String,
    /// Its host.
    pub host: String,
    /// `asked`, `up` or `down`.
    pub state: String,
    /// When that last changed.
    pub updated: Timestamp,
    /// When its host last took something from us.
    pub last_exchange: Option<Timestamp>,
}

/// An opinion with one of its revisions.
#[derive(Debug, Clone)]
pub struct OpinionView {
    /// This instance's key.
    pub key: i64,
    /// The room it is in.
    pub room: Room,
    /// The opinion.
    pub opinion: Opinion,
    /// Its author.
    pub author: ActorView,
    /// Everybody whom the revision shown names as an author, who signs it first.
    pub authors: Vec<NamedAuthor>,
    /// Group it was published under.
    pub group: Option<StakeholderGroup>,
    /// The revision shown.
    pub shown: Revision,
    /// All revisions held.
    pub revisions: Vec<Revision>,
    /// Host where it was first published.
    pub host: String,
}

/// A comment.
#[derive(Debug, Clone)]
pub struct CommentView {
    /// This instance's key.
    pub key: i64,
    /// The comment.
    pub comment: Comment,
    /// Its author.
    pub author: ActorView,
    /// For whom its author says to speak.
    pub on_behalf_of: Option<ActorView>,
    /// Whether that organisation confirms it.
    pub confirmed: bool,
    /// Group at the time.
    pub group: Option<StakeholderGroup>,
    /// Where its passages are now.
    pub anchors: Vec<Anchor>,
    /// What was said became of it, oldest first.
    pub dispositions: Vec<DispositionView>,
    /// What is attached to it.
    pub media: Vec<MediumView>,
}

/// A position act.
#[derive(Debug, Clone)]
pub struct PositionView {
    /// This instance's key.
    pub key: i64,
    /// The act.
    pub position: Position,
    /// Who acted.
    pub actor: ActorView,
    /// Group at the time.
    pub group: Option<StakeholderGroup>,
    /// Word of the party of the topic that this group is; none where the topic names none of its own, or the group
    /// does not say which.
    pub party: Option<String>,
}

/// Positions, with who acted and for whom, by id.
pub type PositionViews = (Vec<PositionView>, BTreeMap<String, ActorView>);

/// Where in a table of names a position stands.
#[derive(Debug, Clone)]
pub struct NamedPosition {
    /// Its entry.
    pub entry_hash: String,
    /// What the principal is called; empty where that was never read.
    pub name: String,
    /// Whether the principal is an organisation.
    pub is_of_organisation: bool,
    /// Group at the time.
    pub group: Option<StakeholderGroup>,
    /// The kind.
    pub kind: PositionKind,
    /// The text it is bound to.
    pub digest: String,
}

impl PositionView {
    /// Whether it is known at least so well who stands behind it: the organisation where one confirms that it was
    /// spoken for, else who acted.
    pub fn is_proven(
        &self,
        at_least: ProofLevel,
        principals: &BTreeMap<String, ActorView>,
    ) -> bool {
        // What others know of somebody does not vouch for what an instance says they said.
        if self.position.attested_by.is_some() {
            return at_least == ProofLevel::Declared;
        }
        let organisation = self.position.on_behalf_of.as_ref().filter(|_| self.position.confirmed);
        let behind = organisation.and_then(|uri| principals.get(uri)).unwrap_or(&self.actor);
        behind.proof >= at_least
    }

    /// Whether it was taken from a region.
    pub fn is_from(&self, region: Region) -> bool {
        region_of(self.position.region.as_deref()) == Some(region)
    }
}

/// That somebody of a group holds a kind of position on a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StanceView {
    /// The opinion.
    pub opinion_uri: String,
    /// The group; none where none was declared.
    pub group: Option<StakeholderGroup>,
    /// The kind.
    pub kind: PositionKind,
    /// Digest of the text.
    pub digest: String,
}

/// A receipt held for an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// Id of the signed statement.
    pub uri: String,
    /// Host of the room that gave it.
    pub host: String,
    /// Number in that room's log.
    pub seq: Option<i64>,
    /// Hash of the entry it is for.
    pub hash: String,
    /// When that room received the act.
    pub received: Timestamp,
}

/// A participant with what they did here.
#[derive(Debug, Clone)]
pub struct ParticipantView {
    /// The participant.
    pub actor: ActorView,
    /// Profile, HTML as received.
    pub summary: String,
    /// What others say of them, strongest first.
    pub attestations: Vec<AttestationView>,
    /// Their opinions, newest first.
    pub opinions: Vec<OpinionView>,
    /// Their comments, newest first.
    pub comments: Vec<CommentView>,
    /// Their live positions, newest first.
    pub positions: Vec<PositionView>,
}

impl Service {
    /// Looks actors up by id; one that is not known is shown by its id.
    pub async fn actor_views(
        &self,
        uris: impl IntoIterator<Item = String>,
    ) -> Result<BTreeMap<String, ActorView>, ServiceError> {
        let wanted: BTreeSet<String> = uris.into_iter().collect();
        let list: Vec<String> = wanted.iter().cloned().collect();
        let mut views: BTreeMap<String, ActorView> = actors::faces(&self.store, &list)
            .await?
            .into_iter()
            .map(|face| (face.uri.clone(), view_of(face)))
            .collect();
        for (uri, level) in self.proof_levels(&list).await? {
            if let Some(view) = views.get_mut(&uri) {
                view.proof = level;
            }
        }
        for uri in wanted {
            views.entry(uri.clone()).or_insert_with(|| unknown_actor(&uri));
        }
        Ok(views)
    }

    /// A participant as shown.
    pub fn actor_view(&self, actor: &Actor) -> ActorView {
        view_of(Face::from(actor))
    }

    pub(super) async fn actor_view_of(&self, uri: &str) -> Result<ActorView, ServiceError> {
        let mut views = self.actor_views([uri.to_owned()]).await?;
        Ok(views.remove(uri).unwrap_or_else(|| unknown_actor(uri)))
    }

    /// All topics held here, newest first.
    pub async fn topics(&self) -> Result<Vec<TopicView>, ServiceError> {
        let mut views = Vec::new();
        for room in rooms::all(&self.store).await?.into_iter().rev() {
            views.push(self.topic_view(room).await?);
        }
        Ok(views)
    }

    /// One topic.
    pub async fn topic(&self, slug: &str) -> Result<TopicView, ServiceError> {
        let room = self.room(slug).await?;
        self.topic_view(room).await
    }

    async fn topic_view(&self, room: Room) -> Result<TopicView, ServiceError> {
        let founder = self.actor_view_of(&room.founder).await?;
        let mut rooms = Vec::new();
        for link in links::of_room(&self.store, room.id).await? {
            let host = crate::protocol::paths::host_of(&link.peer);
            let peer = deliveries::peer(&self.store, &host).await?;
            rooms.push(LinkView {
                last_exchange: peer.and_then(|peer| peer.last_success).map(Timestamp::from_millis),
                host,
                uri: link.peer,
                state: link.state,
                updated: Timestamp::from_millis(link.updated_at),
            });
        }
        let heard = projections::groups_heard(&self.store, room.id)
            .await?
            .iter()
            .filter_map(|term| StakeholderGroup::from_term(term))
            .collect();
        Ok(TopicView {
            uri: self.paths.room(&room.slug),
            handle: self.paths.handle(&room.slug),
            founder,
            facilitators: self.facilitator_views(room.id).await?,
            rooms,
            heard,
            entries: entries::count(&self.store, room.id).await?,
            room,
        })
    }

    /// The opinions of a topic that were not deleted, newest first.
    pub async fn opinions(&self, room: &Room) -> Result<Vec<OpinionView>, ServiceError> {
        let mut opinions = projections::opinions(&self.store, room.id).await?;
        opinions.retain(|opinion| !opinion.deleted);
        opinions.reverse();
        self.opinion_views(room, opinions).await
    }

    async fn opinion_views(
        &self,
        room: &Room,
        opinions: Vec<Opinion>,
    ) -> Result<Vec<OpinionView>, ServiceError> {
        let authors =
            self.actor_views(opinions.iter().map(|opinion| opinion.author.clone())).await?;
        let known = self.keys_of(opinions.iter().map(|opinion| opinion.uri.clone())).await?;
        let mut current = projections::current_revisions(&self.store, room.id).await?;
        let mut views = Vec::new();
        for opinion in opinions {
            let Some(shown) = current.remove(&opinion.uri) else { continue };
            let author = authors
                .get(&opinion.author)
                .cloned()
                .unwrap_or_else(|| unknown_actor(&opinion.author));
            // Most have one author: nothing more is asked for them.
            let named = if shown.authors.contains("\",\"") {
                self.authors_of(&opinion, &shown).await?
            } else {
                vec![NamedAuthor { actor: author.clone(), signature: Signature::Text }]
            };
            views.push(OpinionView {
                key: known.get(&opinion.uri).copied().unwrap_or_default(),
                room: room.clone(),
                author,
                authors: named,
                group: group_of(opinion.stakeholder_group.as_deref()),
                host: crate::protocol::paths::host_of(&opinion.uri),
                revisions: vec![shown.clone()],
                shown,
                opinion,
            });
        }
        Ok(views)
    }

    /// One opinion, with all its revisions; `revision` picks another than the current one.
    pub async fn opinion(
        &self,
        uri: &str,
        revision: Option<i64>,
    ) -> Result<OpinionView, ServiceError> {
        let opinion = projections::opinion(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "opinion" })?;
        if opinion.deleted {
            return Err(ServiceError::Gone { uri: uri.to_owned() });
        }
        let room = rooms::by_id(&self.store, opinion.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        let revisions = projections::revisions(&self.store, opinion.room_id, uri).await?;
        let shown = match revision {
            None => revisions.iter().find(|r| r.current),
            Some(number) => revisions.iter().find(|r| r.number == number),
        };
        let shown = match (shown, revision) {
            (Some(shown), _) => shown.clone(),
            (None, Some(asked)) => return Err(ServiceError::no_revision(asked, &revisions)),
            (None, None) => return Err(ServiceError::NotFound { what: "revision" }),
        };
        let author = self.actor_view_of(&opinion.author).await?;
        let authors = self.authors_of(&opinion, &shown).await?;
        let known = self.keys_of([uri.to_owned()]).await?;
        Ok(OpinionView {
            key: known.get(uri).copied().unwrap_or_default(),
            group: group_of(opinion.stakeholder_group.as_deref()),
            host: crate::protocol::paths::host_of(uri),
            room,
            author,
            authors,
            revisions,
            shown,
            opinion,
        })
    }

    /// The receipt that attests when an entry was received: of those held, the one with the time that counts
    /// (decisions 4).
    pub async fn receipt_at(
        &self,
        room_id: i64,
        hash: &str,
        received_at: Option<i64>,
    ) -> Result<Option<ReceiptView>, ServiceError> {
        let Some(received) = received_at.map(Timestamp::from_millis) else { return Ok(None) };
        for row in entries::naming(&self.store, room_id, Kind::Receipt, hash).await? {
            if row.published == received_at && row.verdict != entries::Verdict::Held.word() {
                let document = entries::read(&row)?.document;
                return Ok(Some(ReceiptView {
                    host: crate::protocol::paths::host_of(&row.actor),
                    seq: number_of(&document, "seq"),
                    uri: row.item_id,
                    hash: hash.to_owned(),
                    received,
                }));
            }
        }
        Ok(None)
    }

    /// The comments of an opinion, oldest first, deleted ones as stubs.
    pub async fn comments(
        &self,
        room_id: i64,
        opinion_uri: &str,
    ) -> Result<Vec<CommentView>, ServiceError> {
        let comments = projections::comments(&self.store, room_id, opinion_uri).await?;
        self.comment_views(comments).await
    }

    /// One comment.
    pub async fn comment_view(&self, uri: &str) -> Result<CommentView, ServiceError> {
        let comment = projections::comment(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "comment" })?;
        if comment.deleted {
            return Err(ServiceError::Gone { uri: uri.to_owned() });
        }
        self.comment_views(vec![comment])
            .await?
            .pop()
            .ok_or(ServiceError::NotFound { what: "comment" })
    }

    /// A comment as it stands in the tables, also where its author deleted it, and who that is.
    pub async fn comment_stub(&self, uri: &str) -> Result<(Comment, ActorView), ServiceError> {
        let comment = projections::comment(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "comment" })?;
        let author = self.actor_view_of(&comment.author).await?;
        Ok((comment, author))
    }

    /// Comments with who wrote them, where their passages are now, and what became of them.
    pub(super) async fn comment_views(
        &self,
        comments: Vec<Comment>,
    ) -> Result<Vec<CommentView>, ServiceError> {
        let named = comments.iter().filter_map(|comment| comment.on_behalf_of.clone());
        let authors = comments.iter().map(|comment| comment.author.clone());
        let authors = self.actor_views(authors.chain(named)).await?;
        let known = self.keys_of(comments.iter().map(|comment| comment.uri.clone())).await?;
        let confirmed = match comments.first() {
            Some(first) => self.confirmed(first.room_id, comments.iter().filter_map(claim)).await?,
            None => Vec::new(),
        };
        let mut rooms: BTreeMap<i64, BTreeMap<String, String>> = BTreeMap::new();
        for comment in &comments {
            if let Some(opinion) = &comment.opinion_uri {
                let room = rooms.entry(comment.room_id).or_default();
                room.insert(comment.uri.clone(), opinion.clone());
            }
        }
        let read: Vec<(&str, Vec<Attachment>)> = comments
            .iter()
            .map(|comment| (comment.uri.as_str(), attached(&comment.attachments)))
            .filter(|(_, attached)| !attached.is_empty())
            .collect();
        let named: Vec<(&str, &[Attachment])> =
            read.iter().map(|(uri, attached)| (*uri, attached.as_slice())).collect();
        let mut media = self.shown_media(&named).await?;
        let mut anchors = BTreeMap::new();
        let mut dispositions = BTreeMap::new();
        for (room_id, opinion_of) in &rooms {
            let uris: Vec<String> = opinion_of.keys().cloned().collect();
            anchors.extend(anchors::of_comments(&self.store, *room_id, &uris).await?);
            dispositions.extend(self.dispositions_of(*room_id, opinion_of).await?);
        }
        Ok(comments
            .into_iter()
            .map(|comment| CommentView {
                key: known.get(&comment.uri).copied().unwrap_or_default(),
                on_behalf_of: comment
                    .on_behalf_of
                    .as_ref()
                    .and_then(|uri| authors.get(uri))
                    .cloned(),
                confirmed: confirmed.contains(&comment.uri),
                author: authors
                    .get(&comment.author)
                    .cloned()
                    .unwrap_or_else(|| unknown_actor(&comment.author)),
                group: group_of(comment.stakeholder_group.as_deref()),
                anchors: anchors.remove(&comment.uri).unwrap_or_default(),
                dispositions: dispositions.remove(&comment.uri).unwrap_or_default(),
                media: media.remove(&comment.uri).unwrap_or_default(),
                comment,
            })
            .collect())
    }

    /// Every position act on an opinion, oldest first; `live` ones stand.
    pub async fn positions(
        &self,
        room_id: i64,
        opinion_uri: &str,
    ) -> Result<Vec<PositionView>, ServiceError> {
        let positions = projections::positions(&self.store, room_id, opinion_uri).await?;
        self.position_views(positions).await
    }

    /// The positions on an opinion that stand, oldest first, and everybody that is spoken for in one.
    pub async fn live_positions(
        &self,
        room_id: i64,
        opinion_uri: &str,
    ) -> Result<PositionViews, ServiceError> {
        let positions = projections::live_positions(&self.store, room_id, opinion_uri).await?;
        self.held(positions).await
    }

    /// Those of them that one actor took, for themselves or for somebody.
    pub async fn live_positions_of(
        &self,
        room_id: i64,
        opinion_uri: &str,
        actor: &str,
    ) -> Result<PositionViews, ServiceError> {
        let positions =
            projections::live_positions_of(&self.store, room_id, opinion_uri, actor).await?;
        self.held(positions).await
    }

    /// Every confirmed position on an opinion that stands, with no more of it than a table of names is ordered by.
    pub async fn named_positions(
        &self,
        room_id: i64,
        opinion_uri: &str,
    ) -> Result<Vec<NamedPosition>, ServiceError> {
        let rows = projections::named(&self.store, room_id, opinion_uri).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let capacity = row.capacity.parse().unwrap_or(Capacity::Individual);
                Some(NamedPosition {
                    kind: row.kind.parse().ok()?,
                    group: group_of(row.stakeholder_group.as_deref()),
                    is_of_organisation: row.on_behalf_of.is_some()
                        || capacity == Capacity::Organization,
                    name: row.name.unwrap_or_default(),
                    digest: row.revision_digest,
                    entry_hash: row.entry_hash,
                })
            })
            .collect())
    }

    /// The positions of these entries of a room.
    pub async fn positions_of_entries(
        &self,
        room_id: i64,
        hashes: &[String],
    ) -> Result<PositionViews, ServiceError> {
        let positions = projections::positions_of_entries(&self.store, room_id, hashes).await?;
        self.held(positions).await
    }

    async fn held(&self, positions: Vec<Position>) -> Result<PositionViews, ServiceError> {
        let mut named: Vec<String> = positions.iter().map(|held| held.actor.clone()).collect();
        named.extend(positions.iter().filter_map(|held| held.on_behalf_of.clone()));
        let actors = self.actor_views(named).await?;
        let views = self.views_with(positions, &actors).await?;
        Ok((views, actors))
    }

    /// Which groups hold which kinds of position in a room, and on which texts: not who, and not how many.
    pub async fn stances(&self, room: &Room) -> Result<Vec<StanceView>, ServiceError> {
        let rows = projections::stances(&self.store, room.id).await?;
        Ok(rows
            .into_iter()
            .filter_map(|(opinion_uri, group, kind, digest)| {
                let kind = kind.parse().ok()?;
                Some(StanceView { opinion_uri, group: group_of(group.as_deref()), kind, digest })
            })
            .collect())
    }

    /// One position act, by the id of its activity or Note.
    pub async fn position_view(&self, uri: &str) -> Result<PositionView, ServiceError> {
        let position = projections::position(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "position" })?;
        self.position_views(vec![position])
            .await?
            .pop()
            .ok_or(ServiceError::NotFound { what: "position" })
    }

    pub(super) async fn position_views(
        &self,
        positions: Vec<Position>,
    ) -> Result<Vec<PositionView>, ServiceError> {
        let actors =
            self.actor_views(positions.iter().map(|position| position.actor.clone())).await?;
        self.views_with(positions, &actors).await
    }

    async fn views_with(
        &self,
        positions: Vec<Position>,
        actors: &BTreeMap<String, ActorView>,
    ) -> Result<Vec<PositionView>, ServiceError> {
        let known = self.keys_of(positions.iter().map(|p| position_uri(p).to_owned())).await?;
        let mut vocabularies = BTreeMap::new();
        for room_id in positions.iter().map(|position| position.room_id).collect::<BTreeSet<_>>() {
            let room = rooms::by_id(&self.store, room_id).await?;
            vocabularies.insert(room_id, room.and_then(|room| room.vocabulary()));
        }
        let party_of = |room_id: i64, group| {
            let party = vocabularies.get(&room_id)?.as_ref()?.party_of(group)?;
            Some(party.word.clone())
        };
        let group = |position: &Position| group_of(position.stakeholder_group.as_deref());
        Ok(positions
            .into_iter()
            .map(|position| PositionView {
                party: party_of(position.room_id, group(&position)),
                key: known.get(position_uri(&position)).copied().unwrap_or_default(),
                actor: actors
                    .get(&position.actor)
                    .cloned()
                    .unwrap_or_else(|| unknown_actor(&position.actor)),
                group: group(&position),
                position,
            })
            .collect())
    }

    /// A participant, by handle for those who live here.
    pub async fn participant(&self, name: &str) -> Result<ParticipantView, ServiceError> {
        let actor = actors::local_by_name(&self.store, name)
            .await?
            .filter(|actor| actor.kind == "Person" || actor.kind == "Organization")
            .ok_or(ServiceError::NotFound { what: "participant" })?;
        let mut opinions = Vec::new();
        for opinion in projections::opinions_by(&self.store, &actor.uri, RECENT_MAX).await? {
            opinions.push(self.opinion(&opinion.uri, None).await?);
        }
        // What an instance says they said is none of their acts.
        let mut comments = projections::comments_by(&self.store, &actor.uri, RECENT_MAX).await?;
        comments.retain(|row| row.attested_by.is_none());
        let mut positions = projections::positions_by(&self.store, &actor.uri, RECENT_MAX).await?;
        positions.retain(|row| row.attested_by.is_none());
        Ok(ParticipantView {
            summary: actor.summary.clone(),
            opinions,
            comments: self.comment_views(comments).await?,
            positions: self.position_views(positions).await?,
            attestations: self.attestations_of(&actor.uri).await?,
            actor: self.actor_view_of(&actor.uri).await?,
        })
    }

    /// The object of a kind behind `{key}` in a path: this instance's key, else a last path segment that exactly one
    /// object held here has (decisions 12).
    pub async fn object_uri(&self, key: &str, kind: &'static str) -> Result<String, ServiceError> {
        if let Ok(id) = key.parse::<i64>()
            && let Some(found) = keys::by_id(&self.store, id).await?
            && found.kind == kind
        {
            return Ok(found.uri);
        }
        let mut found = keys::by_segment(&self.store, key, kind).await?;
        match found.len() {
            0 => Err(ServiceError::NotFound { what: kind }),
            1 => Ok(found.swap_remove(0).uri),
            _ => Err(ServiceError::Ambiguous {
                candidates: found.into_iter().map(|row| (row.id, row.uri)).collect(),
            }),
        }
    }

    /// The path of the page here of something with this id, wherever it is from.
    pub async fn page_of(&self, uri: &str) -> Result<String, ServiceError> {
        let uri = uri.trim();
        if let Some(known) = keys::by_uri(&self.store, uri).await? {
            match known.kind.as_str() {
                "opinion" => return Ok(format!("/o/{}", known.id)),
                "comment" | "position" | "answer" => return Ok(format!("/c/{}", known.id)),
                _ => {}
            }
        }
        let actor = actors::by_uri(&self.store, uri).await?.filter(|actor| actor.local);
        let path = actor.as_ref().and_then(|actor| self.paths.path_of(&actor.uri));
        path.map(str::to_owned).ok_or(ServiceError::NotFound { what: "page" })
    }

    /// This instance's key for an object; 0 where it has none.
    pub(super) async fn key_of(&self, uri: &str) -> Result<i64, ServiceError> {
        Ok(self.keys_of([uri.to_owned()]).await?.remove(uri).unwrap_or_default())
    }

    pub(super) async fn keys_of(
        &self,
        uris: impl IntoIterator<Item = String>,
    ) -> Result<BTreeMap<String, i64>, ServiceError> {
        let uris: Vec<String> = uris.into_iter().collect();
        Ok(keys::by_uris(&self.store, &uris)
            .await?
            .into_iter()
            .map(|row| (row.uri, row.id))
            .collect())
    }

    /// A page of a room's log, after a number (protocol 4.f.6).
    pub async fn log_page(
        &self,
        db: &impl Source,
        room: &Room,
        after: i64,
        limit: u64,
    ) -> Result<Vec<entries::Entry>, ServiceError> {
        Ok(entries::page(db, room.id, after, limit).await?)
    }
}

fn view_of(face: Face) -> ActorView {
    let handle = face.webfinger.unwrap_or_else(|| format!("{}@{}", face.username, face.host));
    ActorView {
        url: if face.url.is_empty() { face.uri.clone() } else { face.url },
        name: if face.name.trim().is_empty() { handle.clone() } else { face.name },
        handle,
        username: face.username,
        host: face.host,
        kind: face.kind,
        group: group_of(face.stakeholder_group.as_deref()),
        region: region_of(face.region.as_deref()),
        proof: ProofLevel::Declared,
        local: face.local,
        uri: face.uri,
    }
}

/// What a comment claims to be said in the name of another.
fn claim(comment: &Comment) -> Option<Claim> {
    Some(Claim {
        uri: comment.uri.clone(),
        actor: comment.author.clone(),
        principal: comment.on_behalf_of.clone()?,
        delegation: comment.delegation.clone(),
        received: comment.received_at.map(Timestamp::from_millis),
    })
}

/// The id under which a position has its key: the Note's where it is one, else the activity's.
pub fn position_uri(position: &Position) -> &str {
    position.object_uri.as_deref().unwrap_or(&position.activity_id)
}

/// A wire term as the group it names.
pub fn group_of(term: Option<&str>) -> Option<StakeholderGroup> {
    term.and_then(StakeholderGroup::from_term)
}

/// A wire term as the region it names.
pub fn region_of(term: Option<&str>) -> Option<Region> {
    term.and_then(Region::from_term)
}

pub(super) fn unknown_actor(uri: &str) -> ActorView {
    let host = crate::protocol::paths::host_of(uri);
    let username = crate::protocol::paths::last_segment(uri).to_owned();
    ActorView {
        url: uri.to_owned(),
        handle: format!("{username}@{host}"),
        name: format!("{username}@{host}"),
        username,
        host,
        kind: "Person".to_owned(),
        group: None,
        region: None,
        proof: ProofLevel::Declared,
        local: false,
        uri: uri.to_owned(),
    }
}

//! What the JSON API speaks: field names of its own, words instead of wire terms, ids as ActivityPub ids, keys as
//! decimal strings (they exceed 2^53, which is as far as many JSON readers count). No field sums supporters,
//! because there is none to sum them in (INV-1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::commentary::Disposition;
use crate::{
    base::clock::Timestamp,
    domain::{
        UnknownWord, blocks,
        group::StakeholderGroup,
        letter::Deadline,
        position::Capacity,
        region::Region,
        vocabulary::{NamedParty, Vocabulary, VocabularyError},
    },
    protocol::quirks::plain_term,
    record::passage::passages,
    service::{
        ServiceError,
        acts::{Acted, Given},
        attestations::AttestationView,
        authors::{NamedAuthor, Signature},
        media::MediumView,
        notices::{Answer, NoticeKind, NoticeView},
        read::{
            ActorView, CommentView, LinkView, OpinionView, ParticipantView, PositionView,
            TopicView, position_uri,
        },
    },
};

/// A participant, as named beside what they wrote.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Actor id.
    pub id: String,
    /// Page for people.
    pub url: String,
    /// Display name.
    pub name: String,
    /// `name@host`.
    pub handle: String,
    /// ActivityStreams type: `Person`, `Organization` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Declared group; null where none is declared.
    pub stakeholder_group: Option<&'static str>,
    /// Declared region; null where none is declared.
    pub region: Option<&'static str>,
    /// How well that is known: `declared`, `mail-domain`, `web-domain` or `vouched`.
    pub proof: &'static str,
    /// Whether they have their account here.
    pub local: bool,
}

impl From<ActorView> for Participant {
    fn from(view: ActorView) -> Self {
        Self {
            id: view.uri,
            url: view.url,
            name: view.name,
            handle: view.handle,
            kind: view.kind,
            stakeholder_group: view.group.map(StakeholderGroup::word),
            region: view.region.map(Region::word),
            proof: view.proof.word(),
            local: view.local,
        }
    }
}

/// What somebody says of a participant, under their own key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attestation {
    /// Key, where it was signed here.
    pub key: Option<String>,
    /// Id of the signed statement.
    pub id: String,
    /// Who says so.
    pub attester: Participant,
    /// What it proves: `declared`, `mail-domain`, `web-domain` or `vouched`.
    pub proof: &'static str,
    /// The domain it is about.
    pub domain: Option<String>,
    /// When it was said.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// Until when it holds.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
}

impl From<AttestationView> for Attestation {
    fn from(view: AttestationView) -> Self {
        Self {
            key: view.key.map(|key| key.to_string()),
            id: view.uri,
            attester: view.attester.into(),
            proof: view.level.word(),
            domain: view.domain,
            published: view.published,
            valid_until: view.valid_until,
        }
    }
}

/// For whom an organisation vouches.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttestationDraft {
    /// Handle or actor id.
    pub subject: String,
    /// Until when, such as `2027-01-31T00:00:00Z`; without it, for as long as it is not taken back.
    pub valid_until: Option<String>,
}

impl AttestationDraft {
    /// When it ends.
    pub(super) fn until(&self) -> Result<Option<Timestamp>, ServiceError> {
        let Some(text) = &self.valid_until else { return Ok(None) };
        let wrong = || {
            ServiceError::invalid("validUntil", "must be a time, such as `2027-01-31T00:00:00Z`")
        };
        Timestamp::parse_rfc3339(text).map(Some).ok_or_else(wrong)
    }
}

/// A participant with what they did here last.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The participant.
    #[serde(flatten)]
    pub participant: Participant,
    /// Profile text, HTML as its author wrote it: sanitise it before showing it.
    pub summary: String,
    /// What others say of them, strongest first.
    pub attestations: Vec<Attestation>,
    /// Their newest opinions.
    pub opinions: Vec<Opinion>,
    /// Their newest comments.
    pub comments: Vec<Comment>,
    /// Their newest positions that stand.
    pub positions: Vec<Position>,
}

impl From<ParticipantView> for Profile {
    fn from(view: ParticipantView) -> Self {
        Self {
            participant: view.actor.into(),
            summary: view.summary,
            attestations: view.attestations.into_iter().map(Into::into).collect(),
            opinions: view.opinions.into_iter().map(Opinion::from).collect(),
            comments: view.comments.into_iter().map(Comment::from).collect(),
            positions: view.positions.into_iter().map(Position::from).collect(),
        }
    }
}

/// A room elsewhere that holds the same topic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkedRoom {
    /// The room's actor id.
    pub id: String,
    /// Its host.
    pub host: String,
    /// `asked`, `up` or `down`.
    pub state: String,
    /// When that last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated: Timestamp,
}

impl From<LinkView> for LinkedRoom {
    fn from(view: LinkView) -> Self {
        Self { id: view.uri, host: view.host, state: view.state, updated: view.updated }
    }
}

/// A topic, as this instance's room holds it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    /// Actor id of the room.
    pub id: String,
    /// This instance's key.
    pub key: String,
    /// Path and handle of the room.
    pub slug: String,
    /// `slug@host`, to follow.
    pub handle: String,
    /// RFC 6920 name of the topic's first record: the same in every room.
    pub topic: String,
    /// Title.
    pub name: String,
    /// What is discussed.
    pub question: String,
    /// BCP 47.
    pub language: String,
    /// Who founded it.
    pub founder: Participant,
    /// Who facilitates it now.
    pub facilitators: Vec<Participant>,
    /// When it was founded.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// `open`, `approve` or `closed`: whether other rooms may link to this one.
    pub link_policy: String,
    /// Rooms elsewhere that hold the topic.
    pub rooms: Vec<LinkedRoom>,
    /// Its own words for the parties, in its order; empty where the eight stakeholder groups are what it has.
    pub parties: Vec<Party>,
    /// Stakeholder groups of which somebody wrote or took a position here.
    pub groups_heard: Vec<&'static str>,
    /// Address of the room's log.
    pub log: String,
    /// The receipt, in the answer to the act that founded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl From<TopicView> for Topic {
    fn from(view: TopicView) -> Self {
        let parties = view.room.vocabulary();
        Self {
            log: format!("{}/log", view.uri),
            id: view.uri,
            key: view.room.id.to_string(),
            slug: view.room.slug,
            handle: view.handle,
            topic: view.room.topic,
            name: view.room.name,
            question: view.room.question,
            language: view.room.language,
            founder: view.founder.into(),
            facilitators: view.facilitators.into_iter().map(Participant::from).collect(),
            created: Timestamp::from_millis(view.room.created),
            link_policy: view.room.link_policy,
            rooms: view.rooms.into_iter().map(LinkedRoom::from).collect(),
            parties: parties.iter().flat_map(Vocabulary::parties).map(Party::from).collect(),
            groups_heard: view.heard.into_iter().map(StakeholderGroup::word).collect(),
            receipt: None,
        }
    }
}

/// A party to the discussion in its topic's own words.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Party {
    /// Its word: up to 40 of `a-z`, `0-9`, `-`, beginning with a letter.
    #[schema(required)]
    pub word: String,
    /// What people call it, by BCP 47 tag; `en` must be among them.
    #[schema(required)]
    pub names: BTreeMap<String, String>,
    /// The stakeholder groups it stands for. Who declares one for which no party stands, or several, is listed as of
    /// that group, under none of them.
    #[schema(required)]
    pub stakeholder_groups: Vec<String>,
}

impl From<&NamedParty> for Party {
    fn from(party: &NamedParty) -> Self {
        Self {
            word: party.word.clone(),
            names: party.labels.clone(),
            stakeholder_groups: party.groups.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Party {
    /// The list that these make; none where there are none.
    pub(super) fn list(parties: Vec<Self>) -> Result<Option<Vocabulary>, ServiceError> {
        let named = parties.into_iter().map(|party| {
            let groups = party.stakeholder_groups.iter().map(|word| word.parse());
            Ok(NamedParty {
                word: party.word,
                labels: party.names,
                groups: groups.collect::<Result<_, UnknownWord>>()?,
            })
        });
        named
            .collect::<Result<_, VocabularyError>>()
            .and_then(Vocabulary::new)
            .map_err(|error| ServiceError::invalid("parties", error.to_string()))
    }
}

/// A numbered block of an opinion, for anchors.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// n of §n.
    pub paragraph: usize,
    /// Its id: the same through revisions while its words are.
    pub block: String,
    /// Its words, plain.
    pub text: String,
}

/// Until when an opinion that is a letter asks for signatures.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// The moment. What is received after it is kept and listed as late.
    #[schema(value_type = String, format = DateTime)]
    pub closes: Timestamp,
    /// The zone it was given in: a name of the tz database; `Etc/GMT+12` is "anywhere on Earth".
    pub zone: String,
}

impl From<Deadline> for Letter {
    fn from(deadline: Deadline) -> Self {
        Self { closes: deadline.closes, zone: deadline.zone }
    }
}

/// Somebody whom a revision names as an author.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Author {
    /// Who.
    pub participant: Participant,
    /// `text` where the opinion is under their key, `confirmed` where they said so of the revision in `confirmed`,
    /// `named` where they have not.
    pub signature: &'static str,
    /// The last revision that they said is theirs too; null where they said so of none.
    pub confirmed: Option<i64>,
}

impl From<NamedAuthor> for Author {
    fn from(author: NamedAuthor) -> Self {
        let (signature, confirmed) = match author.signature {
            Signature::Text => ("text", None),
            Signature::Confirmed(revision) => ("confirmed", Some(revision)),
            Signature::Named => ("named", None),
        };
        Self { participant: author.actor.into(), signature, confirmed }
    }
}

/// An opinion with its current revision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opinion {
    /// Object id.
    pub id: String,
    /// This instance's key.
    pub key: String,
    /// Slug of the topic here.
    pub topic: String,
    /// Title.
    pub name: String,
    /// The point in 500 characters, plain text.
    #[serde(rename = "abstract")]
    pub abstract_text: String,
    /// Who answers for it.
    pub author: Participant,
    /// Everybody whom the current revision names as an author.
    pub authors: Vec<Author>,
    /// Group it was published under; null where none was declared.
    pub stakeholder_group: Option<&'static str>,
    /// Region of its author at that time; null where none was declared.
    pub region: Option<&'static str>,
    /// BCP 47.
    pub language: String,
    /// `open`, `final`, `superseded` or `withdrawn`.
    pub status: String,
    /// Why it has that status, where its author said so with it.
    pub status_note: Option<String>,
    /// Id of the opinion that took its place, as its author says.
    pub superseded_by: Option<String>,
    /// Number of the current revision.
    pub revision: i64,
    /// Its digest: what positions name.
    pub revision_digest: String,
    /// What changed in it and why.
    pub change_note: Option<String>,
    /// HTML exactly as signed: sanitise it before showing it.
    pub content: String,
    /// Markdown, where its author's server gave it.
    pub source: Option<String>,
    /// Its numbered blocks.
    pub blocks: Vec<Block>,
    /// `complete`, `incomplete` or `broken`: whether every revision is held, each naming the one before.
    pub chain: String,
    /// Where it is a letter, until when it asks for signatures; null where it is none.
    pub letter: Option<Letter>,
    /// First publication.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// Latest change.
    #[schema(value_type = String, format = DateTime)]
    pub updated: Timestamp,
    /// When a room first took it; null where no receipt counts.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// The receipt, in the answer to the act that published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl From<OpinionView> for Opinion {
    fn from(view: OpinionView) -> Self {
        let letter = view.opinion.letter().map(Letter::from);
        let blocks = blocks::split(&view.shown.content)
            .into_iter()
            .map(|block| Block { paragraph: block.number, block: block.id, text: block.text })
            .collect();
        Self {
            key: view.key.to_string(),
            topic: view.room.slug,
            name: view.shown.name,
            abstract_text: view.shown.abstract_text,
            author: view.author.into(),
            authors: view.authors.into_iter().map(Author::from).collect(),
            status_note: view.opinion.status_note,
            superseded_by: view.opinion.superseded_by,
            stakeholder_group: view.group.map(StakeholderGroup::word),
            region: region_word(view.opinion.region.as_deref()),
            language: view.shown.language,
            status: view.opinion.status,
            revision: view.shown.number,
            revision_digest: view.shown.digest,
            change_note: view.shown.change_note,
            content: view.shown.content,
            source: view.shown.source,
            blocks,
            letter,
            chain: view.opinion.chain,
            published: Timestamp::from_millis(view.opinion.published),
            updated: Timestamp::from_millis(view.opinion.updated),
            received_at: view.opinion.received_at.map(Timestamp::from_millis),
            receipt: None,
            id: view.opinion.uri,
        }
    }
}

/// One revision of an opinion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// Id of the opinion.
    pub opinion: String,
    /// 1, 2, 3 …
    pub revision: i64,
    /// Its digest.
    pub revision_digest: String,
    /// Digest of the one before.
    pub previous_revision: Option<String>,
    /// Title.
    pub name: String,
    /// Abstract.
    #[serde(rename = "abstract")]
    pub abstract_text: String,
    /// HTML exactly as signed: sanitise it before showing it.
    pub content: String,
    /// Markdown, where its author's server gave it.
    pub source: Option<String>,
    /// BCP 47.
    pub language: String,
    /// What changed and why.
    pub change_note: Option<String>,
    /// Actor ids of those it names as authors.
    pub authors: Vec<String>,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// When a room first took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// Whether it is the current text.
    pub current: bool,
    /// Hash of the entry that made it.
    pub entry: String,
    /// Id of the activity that made it.
    pub activity: String,
}

impl Revision {
    /// Every revision of an opinion, first to last.
    pub fn all_of(view: OpinionView) -> Vec<Self> {
        view.revisions
            .into_iter()
            .map(|made| Self {
                opinion: made.opinion_uri,
                revision: made.number,
                revision_digest: made.digest,
                previous_revision: made.previous,
                name: made.name,
                abstract_text: made.abstract_text,
                content: made.content,
                source: made.source,
                language: made.language,
                change_note: made.change_note,
                authors: serde_json::from_str(&made.authors).unwrap_or_default(),
                published: Timestamp::from_millis(made.published),
                received_at: made.received_at.map(Timestamp::from_millis),
                current: made.current,
                entry: made.entry_hash,
                activity: made.activity_id,
            })
            .collect()
    }
}

/// A passage that a comment is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Anchor {
    /// Revision it was made on.
    pub revision: Option<i64>,
    /// Its digest.
    pub revision_digest: Option<String>,
    /// Block id; null for the whole text.
    pub block: Option<String>,
    /// Quoted words.
    pub exact: Option<String>,
    /// What stood before them.
    pub prefix: Option<String>,
    /// What stood after them.
    pub suffix: Option<String>,
    /// Whether it says that something is missing there.
    pub missing_here: bool,
    /// Where it is in the current text: `exact`, `moved`, `changed` or `removed`; `whole` where it is no passage; null
    /// while nobody looked.
    pub state: Option<String>,
    /// Id of the block it is in now.
    pub block_now: Option<String>,
    /// n of that block's §n.
    pub paragraph_now: Option<i64>,
}

impl Anchor {
    /// The passages of a comment, with where they are now.
    fn all_of(view: &CommentView) -> Vec<Self> {
        (0..)
            .zip(passages(&view.comment.anchors))
            .map(|(n, named)| {
                let now = view.anchors.iter().find(|anchor| anchor.n == n);
                Self {
                    revision: named.revision,
                    revision_digest: named.digest,
                    block: named.block,
                    exact: named.exact,
                    prefix: named.prefix,
                    suffix: named.suffix,
                    missing_here: named.missing_here,
                    state: now.map(|now| now.state.clone()),
                    block_now: now.and_then(|now| now.block.clone()),
                    paragraph_now: now.and_then(|now| now.paragraph),
                }
            })
            .collect()
    }
}

/// A comment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comment {
    /// Object id.
    pub id: String,
    /// This instance's key.
    pub key: String,
    /// Id of the opinion its thread is about; null while that is not held here.
    pub opinion: Option<String>,
    /// Id of what it answers.
    pub in_reply_to: String,
    /// Who wrote it.
    pub author: Participant,
    /// `remark`, `support`, `concern`, `question`, `evidence`, `suggestion`, `objection` or `amendment`.
    pub kind: String,
    /// HTML exactly as signed: sanitise it before showing it. Empty where its author deleted it.
    pub content: String,
    /// Markdown, where its author's server gave it.
    pub source: Option<String>,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// Passages it is about.
    pub anchors: Vec<Anchor>,
    /// Pictures and the like, as addresses: none of another server is kept here.
    pub attachments: Vec<Attached>,
    /// Versions held; the last is shown.
    pub versions: i64,
    /// What was said became of it, oldest first.
    pub dispositions: Vec<Disposition>,
    /// Group at that time; null where none was declared.
    pub stakeholder_group: Option<&'static str>,
    /// `individual`, `personalCapacity` or `organization`, where given.
    pub capacity: Option<String>,
    /// For whom, where not for oneself.
    pub on_behalf_of: Option<String>,
    /// Whom a reply from elsewhere says to speak for, in its words: confirmed by nothing.
    pub claims_to_speak_for: Option<String>,
    /// Whether the capacity is confirmed by whom it is claimed for; true of who speaks for themselves.
    pub confirmed: bool,
    /// The instance whose word it is, where somebody said it there as a guest, signed in with the account of their own server:
    /// weaker than their own signature. Null where they signed it themselves.
    pub attested_by: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// Latest edit, if any.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated: Option<Timestamp>,
    /// When a room first took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// Whether its author deleted it: its place in the thread stays.
    pub deleted: bool,
    /// The receipt, in the answer to the act that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// Something attached to a comment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attached {
    /// `image`, `video`, `audio` or `unknown`.
    pub kind: &'static str,
    /// Where it is.
    pub url: String,
    /// What there is to be seen or heard, where its author says it.
    pub description: Option<String>,
    /// In pixels, where given.
    pub width: Option<i64>,
    /// In pixels, where given.
    pub height: Option<i64>,
    /// Digest of its bytes as a multihash in multibase, where its author's server gave it.
    pub digest: Option<String>,
}

impl From<MediumView> for Attached {
    fn from(view: MediumView) -> Self {
        let (width, height) = view.size.unzip();
        Self {
            kind: view.kind.word(),
            url: view.url,
            description: view.description,
            width,
            height,
            digest: view.digest,
        }
    }
}

impl From<CommentView> for Comment {
    fn from(view: CommentView) -> Self {
        Self {
            anchors: Anchor::all_of(&view),
            versions: view.comment.versions,
            attachments: view.media.into_iter().map(Attached::from).collect(),
            dispositions: view.dispositions.into_iter().map(Disposition::from).collect(),
            id: view.comment.uri,
            key: view.key.to_string(),
            opinion: view.comment.opinion_uri,
            in_reply_to: view.comment.in_reply_to,
            author: view.author.into(),
            kind: view.comment.kind,
            content: view.comment.content,
            source: view.comment.source,
            language: view.comment.language,
            stakeholder_group: view.group.map(StakeholderGroup::word),
            capacity: view.comment.capacity.as_deref().map(capacity_word),
            confirmed: view.confirmed || view.comment.on_behalf_of.is_none(),
            on_behalf_of: view.comment.on_behalf_of,
            claims_to_speak_for: view.comment.claims_to_speak_for,
            attested_by: view.comment.attested_by,
            published: Timestamp::from_millis(view.comment.published),
            updated: view.comment.updated.map(Timestamp::from_millis),
            received_at: view.comment.received_at.map(Timestamp::from_millis),
            deleted: view.comment.deleted,
            receipt: None,
        }
    }
}

/// A wire term as the word of the region.
fn region_word(term: Option<&str>) -> Option<&'static str> {
    term.and_then(Region::from_term).map(Region::word)
}

/// The API speaks words, the wire terms (decisions 13); one we do not know loses only its prefix.
fn capacity_word(term: &str) -> String {
    match Capacity::from_term(term) {
        Some(capacity) => capacity.word().to_owned(),
        None => plain_term(term).to_owned(),
    }
}

/// A position on one revision of an opinion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Its id: the activity's for a Like, the Note's for kinds that are Notes.
    pub id: String,
    /// This instance's key.
    pub key: String,
    /// Id of the opinion.
    pub opinion: String,
    /// `support`, `reservation`, `neutral`, `concern`, `objection`; `withdrawn` in the history.
    pub kind: String,
    /// The reason, plain text.
    pub statement: Option<String>,
    /// Who acted.
    pub actor: Participant,
    /// `individual`, `personalCapacity` or `organization`.
    pub capacity: String,
    /// For whom, where not for oneself.
    pub on_behalf_of: Option<String>,
    /// Whom a reply by keyword says to speak for, in its words: confirmed by nothing.
    pub claims_to_speak_for: Option<String>,
    /// The passages that a reply by keyword names: 4 for §4.
    pub passages: Vec<i64>,
    /// The instance whose word it is, where somebody said it there as a guest, signed in with the account of their own server:
    /// weaker than their own signature. Null where they signed it themselves.
    pub attested_by: Option<String>,
    /// Whether the capacity is confirmed by whom it is claimed for.
    pub confirmed: bool,
    /// Group at that time; null where none was declared.
    pub stakeholder_group: Option<&'static str>,
    /// Word of the topic's own party that this group is; null where the topic names none, or the group does not say
    /// which.
    pub party: Option<String>,
    /// Region at that time; null where none was declared.
    pub region: Option<&'static str>,
    /// The revision it is on.
    pub revision: i64,
    /// Its digest.
    pub revision_digest: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// When a room first took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// Whether it stands.
    pub live: bool,
    /// When it was withdrawn or undone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub withdrawn_at: Option<Timestamp>,
    /// Hash of its entry.
    pub entry: String,
    /// Id of its activity.
    pub activity: String,
    /// The receipt, in the answer to the act that took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl From<PositionView> for Position {
    fn from(view: PositionView) -> Self {
        let position = view.position;
        Self {
            id: position_uri(&position).to_owned(),
            key: view.key.to_string(),
            opinion: position.opinion_uri,
            kind: position.kind,
            statement: position.statement,
            actor: view.actor.into(),
            capacity: capacity_word(&position.capacity),
            on_behalf_of: position.on_behalf_of,
            claims_to_speak_for: position.claims_to_speak_for,
            passages: position
                .blocks
                .and_then(|list| serde_json::from_str(&list).ok())
                .unwrap_or_default(),
            confirmed: position.confirmed,
            attested_by: position.attested_by,
            stakeholder_group: view.group.map(StakeholderGroup::word),
            party: view.party,
            region: region_word(position.region.as_deref()),
            revision: position.revision,
            revision_digest: position.revision_digest,
            published: Timestamp::from_millis(position.published),
            received_at: position.received_at.map(Timestamp::from_millis),
            live: position.live,
            withdrawn_at: position.withdrawn_at.map(Timestamp::from_millis),
            entry: position.entry_hash,
            activity: position.activity_id,
            receipt: None,
        }
    }
}

/// What the author of an act keeps: the room's signed word that it took the act, and when.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Hash of the entry, hex.
    pub hash: String,
    /// Its number in this room's log.
    pub seq: i64,
    /// When the room took it.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// The signed document.
    #[schema(value_type = Object)]
    pub document: Value,
}

impl From<Given> for Receipt {
    fn from(given: Given) -> Self {
        Self {
            hash: given.hash.to_string(),
            seq: given.seq,
            received_at: given.received_at,
            document: given.document,
        }
    }
}

/// An entry with its receipts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptReceipt {
    /// Hash of the entry, hex.
    pub hash: String,
    /// Its number in the log of this instance's room.
    pub seq: i64,
    /// Slug of the topic here.
    pub topic: String,
    /// ActivityStreams type of the act, our type of a statement.
    pub activity: String,
    /// Who acted.
    pub actor: Participant,
    /// When, as dated by its author.
    #[schema(value_type = String, format = DateTime)]
    pub published: Timestamp,
    /// The receipts held, this instance's own first.
    pub receipts: Vec<ReceiptSignature>,
    /// What to keep: receipt, entry and keys as signed. `polylogue receipt check FILE` reads it.
    #[schema(value_type = Object)]
    pub file: Value,
}

/// What a room signed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptSignature {
    /// Actor id of the room.
    pub room: String,
    /// Number in that room's log.
    pub seq: Option<i64>,
    /// When it received the act.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// Id of the key.
    pub key: String,
    /// The signature, multibase.
    pub signature: String,
}

/// What an account is told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// Its key here.
    pub key: String,
    /// `revision`, `comment`, `objection` or `disposition`.
    pub kind: &'static str,
    /// Id of the opinion.
    pub opinion: String,
    /// Id of what it is news of.
    pub about: String,
    /// Who did it.
    pub actor: Participant,
    /// The new revision, of a notice of one.
    pub revision: Option<i64>,
    /// The revision that the caller's position is on.
    pub from_revision: Option<i64>,
    /// Id of the caller's position, where it stands.
    pub position: Option<String>,
    /// Of a notice of a revision: `open` while nothing was said to it, `moved`, `withdrawn`, or `overtaken` where a
    /// still newer revision came.
    pub answer: Option<&'static str>,
    /// When it was noticed.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

impl From<NoticeView> for Notice {
    fn from(view: NoticeView) -> Self {
        let answer = match view.answer {
            Answer::Open => "open",
            Answer::Moved => "moved",
            Answer::Withdrawn => "withdrawn",
            Answer::Overtaken => "overtaken",
        };
        Self {
            key: view.notice.id.to_string(),
            kind: view.kind.word(),
            opinion: view.notice.opinion_uri,
            about: view.notice.object_uri,
            actor: view.actor.into(),
            revision: view.notice.revision,
            from_revision: view.notice.from_revision,
            position: view.position.map(|held| position_uri(&held).to_owned()),
            answer: (view.kind == NoticeKind::Revision).then_some(answer),
            at: Timestamp::from_millis(view.notice.at),
            read_at: view.notice.read_at.map(Timestamp::from_millis),
        }
    }
}

/// What an answer to a notice recorded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    /// The receipt of the new act; null where it was answered so before, and nothing more was recorded.
    pub receipt: Option<Receipt>,
}

/// What was taken back: its words go or its position ends, its place in the record stays.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenBack {
    /// Id of what was taken back.
    pub id: String,
    /// Id of the activity that says so.
    pub activity: String,
    /// The receipt of that activity.
    pub receipt: Receipt,
}

impl TakenBack {
    /// The answer to a `DELETE`.
    pub fn new(id: String, acted: Acted) -> Self {
        Self { id, activity: acted.activity_id, receipt: acted.receipt.into() }
    }
}

/// A list that pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Path of the next page; null on the last.
    pub next: Option<String>,
}

/// Founds a topic.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicDraft {
    /// Path and handle: 3 to 20 of `a-z`, `0-9`, `_`, beginning with a letter.
    // Left out is empty, so that all that is missing is named at once.
    #[serde(default)]
    #[schema(required)]
    pub slug: String,
    /// Title.
    #[serde(default)]
    #[schema(required)]
    pub name: String,
    /// What is to be discussed.
    #[serde(default)]
    #[schema(required)]
    pub question: String,
    /// BCP 47.
    #[serde(default)]
    #[schema(required)]
    pub language: String,
    /// Its own words for the parties; without them, the eight stakeholder groups are what it has.
    #[serde(default)]
    pub parties: Vec<Party>,
}

/// Adds a facilitator to a topic.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FacilitatorDraft {
    /// Handle or actor id of somebody who is known here.
    #[serde(default)]
    #[schema(required)]
    pub participant: String,
}

/// Joins a topic that a room elsewhere holds.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinDraft {
    /// Address of a room that holds the topic.
    #[serde(default)]
    #[schema(required)]
    pub room: String,
    /// Path and handle of the room here; the other room's where not given.
    pub slug: Option<String>,
}

/// Publishes an opinion.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionDraft {
    /// Title.
    #[serde(default)]
    #[schema(required)]
    pub name: String,
    /// The point in at most 500 characters.
    #[serde(default)]
    #[schema(required)]
    #[serde(rename = "abstract")]
    pub abstract_text: String,
    /// Markdown.
    #[serde(default)]
    #[schema(required)]
    pub source: String,
    /// BCP 47.
    #[serde(default)]
    #[schema(required)]
    pub language: String,
    /// `open` (the default) or `final`.
    pub status: Option<String>,
    /// Where it is to be a letter, until when it asks for signatures.
    pub letter: Option<Letter>,
}

/// Revises an opinion.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RevisionDraft {
    /// Markdown of the whole text.
    #[serde(default)]
    #[schema(required)]
    pub source: String,
    /// The abstract, where it changes.
    #[serde(rename = "abstract")]
    pub abstract_text: Option<String>,
    /// What changed and why.
    #[serde(default)]
    #[schema(required)]
    pub change_note: String,
    /// `open`, `final`, `superseded` or `withdrawn`, where it changes.
    pub status: Option<String>,
}

/// Comments on an opinion.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CommentDraft {
    /// Markdown. Characters that nobody sees, or that turn the direction of what follows, are left out.
    #[serde(default)]
    #[schema(required)]
    pub content: String,
    /// `remark` (the default), `support`, `concern`, `question`, `evidence`, `suggestion` or `objection`.
    pub kind: Option<String>,
    /// Passages it is about.
    #[serde(default)]
    pub anchors: Vec<AnchorDraft>,
    /// Id of the comment it answers; none for the opinion itself.
    pub in_reply_to: Option<String>,
    /// BCP 47; the opinion's where not given.
    pub language: Option<String>,
    /// `individual`, `personalCapacity` or `organization`.
    pub capacity: Option<String>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

/// Gives an opinion another status; its text stays.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StatusDraft {
    /// `open`, `final`, `superseded` or `withdrawn`.
    #[serde(default)]
    #[schema(required)]
    pub status: String,
    /// Why; needed for `superseded` and `withdrawn`.
    #[serde(default)]
    pub reason: String,
    /// Id of the opinion that takes its place; only with `superseded`.
    pub superseded_by: Option<String>,
}

/// Says of a revision that it is the caller's too.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmationDraft {
    /// Number of the revision.
    #[serde(default)]
    #[schema(required)]
    pub revision: i64,
    /// The organisation whose it is, by actor id, where one speaks for it.
    pub on_behalf_of: Option<String>,
}

/// Files a separate statement on a revision.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StatementDraft {
    /// Markdown.
    #[serde(default)]
    #[schema(required)]
    pub content: String,
    /// Number of the revision.
    #[serde(default)]
    #[schema(required)]
    pub revision: i64,
    /// BCP 47; the opinion's where not given.
    pub language: Option<String>,
    /// `individual`, `personalCapacity` or `organization`.
    pub capacity: Option<String>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

/// A passage: by block id or by number, with the words quoted where a phrase is meant.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AnchorDraft {
    /// Block id, such as `b-7gk2m1qd`.
    pub block: Option<String>,
    /// Or its number: 4 for §4.
    pub paragraph: Option<usize>,
    /// Quoted words.
    pub exact: Option<String>,
    /// Whether something is missing there.
    #[serde(default)]
    pub missing_here: bool,
}

/// Takes a position.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PositionDraft {
    /// `support`, `reservation`, `neutral`, `concern` or `objection`.
    #[serde(default)]
    #[schema(required)]
    pub kind: String,
    /// The reason, plain text; needed for `reservation`, `concern` and `objection`.
    pub statement: Option<String>,
    /// Number of the revision it is on.
    #[schema(required, value_type = i64)]
    pub revision: Option<i64>,
    /// `individual`, `personalCapacity` or `organization`.
    pub capacity: Option<String>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

//! Drafts: what several people of this instance write together before one of them publishes it. Nobody else can see
//! that there is one: whoever is not among its authors is told that there is no such thing, not that they may not.
//!
//! A draft with other authors cannot be discarded, only left: what they wrote is theirs too. The last one may.

mod blocks;
mod publish;
mod seat;

use std::collections::BTreeMap;

use serde_json::json;

use super::{Caller, FieldError, Service, ServiceError, read::ActorView};
use crate::{
    base::{clock::Timestamp, crypto::sha256, limits},
    domain::{handle, markup, pieces},
    record::digest::{jcs, ni},
    store::{
        Source, Tx, actors,
        drafts::{self, Author, Block, Draft},
        projections,
        rooms::{self, Room},
    },
};

pub use blocks::{Clash, NewWords, Placed};
pub use publish::{Confirmation, Release};
pub use seat::{Desk, SeatView};

use seat::Seat;

/// What an author is to a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorship {
    /// Asked, and has not answered.
    Invited,
    /// Writes it.
    Joined,
    /// Was asked, and said no.
    Declined,
    /// Wrote it, and does not any more.
    Left,
}

impl Authorship {
    /// The word in the API and the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Joined => "joined",
            Self::Declined => "declined",
            Self::Left => "left",
        }
    }

    fn of(row: &Author) -> Self {
        [Self::Invited, Self::Joined, Self::Declined]
            .into_iter()
            .find(|state| state.word() == row.state)
            .unwrap_or(Self::Left)
    }

    /// Whether they see the draft.
    const fn sees(self) -> bool {
        matches!(self, Self::Invited | Self::Joined)
    }
}

/// The parts of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftPart {
    /// Its title.
    Title,
    /// Its abstract.
    Abstract,
    /// Its language (BCP 47).
    Language,
    /// What its revision changes and why; only where it is one.
    Note,
    /// A paragraph of the text.
    Text,
}

impl DraftPart {
    /// The parts that each draft has once.
    const HEAD: [Self; 4] = [Self::Title, Self::Abstract, Self::Language, Self::Note];

    /// The word in the API and the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Abstract => "abstract",
            Self::Language => "language",
            Self::Note => "note",
            Self::Text => "text",
        }
    }

    fn of(row: &Block) -> Self {
        Self::HEAD.into_iter().find(|part| part.word() == row.part).unwrap_or(Self::Text)
    }
}

/// A new draft.
#[derive(Debug, Clone, Default)]
pub struct NewDraft {
    /// Title; may be empty until it is published.
    pub name: String,
    /// Abstract; may be empty until it is published.
    pub abstract_text: String,
    /// Markdown; may be empty.
    pub source: String,
    /// BCP 47.
    pub language: String,
}

/// A draft in a list.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// Its key.
    pub id: i64,
    /// The topic it is for.
    pub room: Room,
    /// Its title; may be empty.
    pub title: String,
    /// BCP 47.
    pub language: String,
    /// Latest change.
    pub updated: Timestamp,
    /// What the reader is to it: asked, or one of its authors; else what the organisation is.
    pub authorship: Authorship,
    /// The organisation through which they see it, where not as themselves.
    pub on_behalf_of: Option<ActorView>,
}

/// A part of a draft as it stands.
#[derive(Debug, Clone)]
pub struct DraftBlock {
    /// Its key: the same however it moves and changes.
    pub id: i64,
    /// What it is.
    pub part: DraftPart,
    /// Markdown; plain text for all that is no paragraph.
    pub source: String,
    /// 1, 2, 3 …
    pub version: i64,
    /// Who wrote this version.
    pub editor: ActorView,
    /// The organisation for which they did, where not for themselves.
    pub on_behalf_of: Option<ActorView>,
    /// When.
    pub edited: Timestamp,
    /// Whether it was taken out.
    pub removed: bool,
}

/// Somebody who writes a draft or was asked to.
#[derive(Debug, Clone)]
pub struct DraftAuthor {
    /// Who.
    pub actor: ActorView,
    /// What they are to it.
    pub authorship: Authorship,
    /// Whether they agreed to the text and the names as they are now.
    pub agreed: bool,
    /// The delegate who agreed for them, where they are an organisation and did not themselves.
    pub agreed_by: Option<ActorView>,
}

/// The opinion whose next revision a draft is.
#[derive(Debug, Clone)]
pub struct Revises {
    /// Object id.
    pub uri: String,
    /// This instance's key.
    pub key: i64,
    /// Title as published.
    pub name: String,
    /// The revision the draft goes on from.
    pub base: i64,
    /// The current revision.
    pub current: i64,
    /// Actor id of who publishes its revisions.
    pub publisher: String,
}

impl Revises {
    /// True where another revision came since the draft was made from one.
    pub fn is_behind(&self) -> bool {
        self.base != self.current
    }
}

/// A draft with all that its authors see of it.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// Its key.
    pub id: i64,
    /// The topic it is for.
    pub room: Room,
    /// The opinion it revises.
    pub revises: Option<Revises>,
    /// Title, abstract, language and note.
    pub head: Vec<DraftBlock>,
    /// The paragraphs, in order.
    pub blocks: Vec<DraftBlock>,
    /// The paragraphs that were taken out.
    pub removed: Vec<DraftBlock>,
    /// Who writes it, who was asked, in the order asked; those who said no or left are not in it.
    pub authors: Vec<DraftAuthor>,
    /// What the reader is to it; else what the organisation is through which they see it.
    pub own: Authorship,
    /// The places at which the reader may sit, their own first: at least one.
    pub seats: Vec<SeatView>,
    /// Names the text and the authors as they are now: what an author agrees to.
    pub digest: String,
    /// Grows with every change of the order.
    pub arrangement: i64,
    /// Begun.
    pub created: Timestamp,
    /// Latest change.
    pub updated: Timestamp,
}

impl DraftView {
    /// The text of a part of the head.
    pub fn part(&self, part: DraftPart) -> &str {
        self.head.iter().find(|block| block.part == part).map_or("", |block| &block.source)
    }

    /// The whole text in Markdown.
    pub fn source(&self) -> String {
        pieces::join(self.blocks.iter().map(|block| block.source.as_str()))
    }

    /// A part by its key, one that was taken out too.
    pub fn block(&self, id: i64) -> Option<&DraftBlock> {
        self.head.iter().chain(&self.blocks).chain(&self.removed).find(|block| block.id == id)
    }

    /// Those who write it.
    pub fn joined(&self) -> impl Iterator<Item = &DraftAuthor> {
        self.authors.iter().filter(|author| author.authorship == Authorship::Joined)
    }
}

/// A draft as it is inside a transaction.
struct Held {
    draft: Draft,
    blocks: Vec<Block>,
    authors: Vec<Author>,
    /// Where who holds it sits.
    seat: Seat,
}

impl Held {
    fn author(&self) -> Result<Author, ServiceError> {
        let own = self.authors.iter().find(|author| author.actor_id == self.seat.author);
        own.cloned().ok_or(NO_DRAFT)
    }

    fn authorship(&self, actor_id: i64) -> Option<Authorship> {
        self.authors.iter().find(|author| author.actor_id == actor_id).map(Authorship::of)
    }

    fn joined(&self) -> Vec<i64> {
        self.authors
            .iter()
            .filter(|author| Authorship::of(author) == Authorship::Joined)
            .map(|author| author.actor_id)
            .collect()
    }

    fn head(&self, part: DraftPart) -> &str {
        self.blocks.iter().find(|block| block.part == part.word()).map_or("", |b| &b.source)
    }

    fn text(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| DraftPart::of(block) == DraftPart::Text && !block.removed)
    }

    fn source(&self) -> String {
        pieces::join(self.text().map(|block| block.source.as_str()))
    }

    /// What an author agrees to: the words, the names that stand under them, and the revision they go on from. The
    /// change note is said beside the text and is no part of it.
    fn digest(&self) -> String {
        let mut authors = self.joined();
        authors.sort_unstable();
        ni(&sha256(&jcs(&json!({
            "abstract": self.head(DraftPart::Abstract),
            "authors": authors.iter().map(i64::to_string).collect::<Vec<_>>(),
            "language": self.head(DraftPart::Language),
            "name": self.head(DraftPart::Title),
            "previous": self.draft.base_digest,
            "source": self.source(),
        }))))
    }
}

const NO_DRAFT: ServiceError = ServiceError::NotFound { what: "draft" };

impl Service {
    /// Begins a draft in a topic.
    pub async fn create_draft(
        &self,
        caller: &Caller,
        room: Room,
        new: NewDraft,
    ) -> Result<i64, ServiceError> {
        Self::may_act(caller)?;
        let id = self.new_id();
        let draft = Draft {
            id,
            room_id: room.id,
            opinion_uri: None,
            base_revision: 0,
            base_digest: None,
            arrangement: 1,
            created_at: self.now().as_millis(),
            updated_at: self.now().as_millis(),
        };
        self.begin_draft(caller, draft, new).await
    }

    /// Begins a draft of the next revision of an opinion, from its current text. Whoever is named as its author may;
    /// only `attributedTo` can publish it.
    pub async fn create_draft_of(
        &self,
        caller: &Caller,
        opinion_uri: &str,
    ) -> Result<i64, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.store.begin().await?;
        let (opinion, current) = self.open_opinion(&tx, opinion_uri).await?;
        drop(tx);
        let named: Vec<String> = serde_json::from_str(&current.authors).unwrap_or_default();
        if !named.contains(&caller.actor.uri) {
            return Err(ServiceError::NotPermitted {
                why: "only those named as its authors may draft its next revision",
            });
        }
        let new = NewDraft {
            name: current.name.clone(),
            abstract_text: current.abstract_text.clone(),
            source: self.markdown(&current),
            language: current.language.clone(),
        };
        let draft = Draft {
            id: self.new_id(),
            room_id: opinion.room_id,
            opinion_uri: Some(opinion.uri),
            base_revision: current.number,
            base_digest: Some(current.digest),
            arrangement: 1,
            created_at: self.now().as_millis(),
            updated_at: self.now().as_millis(),
        };
        self.begin_draft(caller, draft, new).await
    }

    async fn begin_draft(
        &self,
        caller: &Caller,
        draft: Draft,
        new: NewDraft,
    ) -> Result<i64, ServiceError> {
        let (id, at) = (draft.id, draft.created_at);
        let texts = [
            (DraftPart::Title, markup::clean_line(&new.name)),
            (DraftPart::Abstract, markup::clean_line(&new.abstract_text)),
            (DraftPart::Language, new.language.trim().to_owned()),
            (DraftPart::Note, String::new()),
        ];
        let mut wrong = Vec::new();
        for (part, text) in &texts {
            blocks::check_head(&mut wrong, *part, text);
        }
        let pieces = pieces::split(&new.source);
        blocks::check_text(&mut wrong, "source", &pieces);
        blocks::check_size(&mut wrong, pieces.len(), new.source.len());
        if !wrong.is_empty() {
            return Err(ServiceError::Invalid(wrong));
        }
        let tx = self.begin_as(caller).await?;
        let writing =
            drafts::count_of_actor(&tx, caller.actor.id, Authorship::Joined.word()).await?;
        if writing >= limits::DRAFTS_OPEN_MAX {
            let max = limits::DRAFTS_OPEN_MAX;
            return Err(ServiceError::Conflict {
                why: format!(
                    "you write {max} drafts already, the most there can be; leave one first"
                ),
            });
        }
        drafts::insert(&tx, draft).await?;
        let author = Author {
            draft_id: id,
            actor_id: caller.actor.id,
            state: Authorship::Joined.word().to_owned(),
            invited_by: caller.actor.id,
            invited_at: at,
            answered_at: Some(at),
            answered_by: None,
            agreed_to: None,
            agreed_at: None,
            agreed_by: None,
        };
        drafts::save_author(&tx, author).await?;
        let own = Seat { author: caller.actor.id, sitter: caller.actor.id };
        let paragraphs = pieces.into_iter().map(|piece| (DraftPart::Text, piece));
        for (place, (part, source)) in (1..).zip(texts.into_iter().chain(paragraphs)) {
            drafts::insert_block(&tx, self.new_block(id, own, (part, place), source)).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    fn new_block(
        &self,
        draft_id: i64,
        seat: Seat,
        (part, place): (DraftPart, i64),
        source: String,
    ) -> Block {
        Block {
            id: self.new_id(),
            draft_id,
            part: part.word().to_owned(),
            place,
            source,
            version: 1,
            editor_id: seat.sitter,
            on_behalf_of: seat.body(),
            edited_at: self.now().as_millis(),
            removed: false,
        }
    }

    /// The drafts that somebody writes or was asked to, or an organisation in whose name they may write along; latest
    /// change first.
    pub async fn drafts(&self, caller: &Caller) -> Result<Vec<DraftRow>, ServiceError> {
        let states = [Authorship::Invited.word(), Authorship::Joined.word()];
        let mut rows: Vec<(Draft, Author)> = Vec::new();
        for place in self.places_of(caller).await? {
            for (draft, author) in drafts::of_actor(&self.store, place, &states).await? {
                if !rows.iter().any(|(known, _)| known.id == draft.id) {
                    rows.push((draft, author));
                }
            }
        }
        rows.sort_by_key(|(draft, _)| std::cmp::Reverse((draft.updated_at, draft.id)));
        let bodies = rows.iter().map(|(_, author)| author.actor_id);
        let bodies = self
            .people_of(&self.store, bodies.filter(|id| *id != caller.actor.id).collect())
            .await?;
        let ids: Vec<i64> = rows.iter().map(|(draft, _)| draft.id).collect();
        let titles = drafts::titles(&self.store, &ids).await?;
        let rooms: BTreeMap<i64, Room> =
            rooms::all(&self.store).await?.into_iter().map(|room| (room.id, room)).collect();
        let text = |id: i64, part: DraftPart| {
            let found =
                titles.iter().find(|block| block.draft_id == id && block.part == part.word());
            found.map(|block| block.source.clone()).unwrap_or_default()
        };
        Ok(rows
            .into_iter()
            .filter_map(|(draft, author)| {
                Some(DraftRow {
                    id: draft.id,
                    room: rooms.get(&draft.room_id)?.clone(),
                    title: text(draft.id, DraftPart::Title),
                    language: text(draft.id, DraftPart::Language),
                    updated: Timestamp::from_millis(draft.updated_at),
                    authorship: Authorship::of(&author),
                    on_behalf_of: bodies.get(&author.actor_id).cloned(),
                })
            })
            .collect())
    }

    /// A draft, for those who write it or were asked to. To everybody else there is none.
    pub async fn draft(&self, caller: Option<&Caller>, id: i64) -> Result<DraftView, ServiceError> {
        let caller = caller.ok_or(NO_DRAFT)?;
        let draft = drafts::by_id(&self.store, id).await?.ok_or(NO_DRAFT)?;
        let held = load(&self.store, draft, caller.actor.id).await?;
        let places = self.places_of(caller).await?;
        let digest = held.digest();
        let people = self.people(&held).await?;
        let who = |id: i64| people.get(&id).cloned();
        let agreed = |row: &Author| {
            Authorship::of(row) == Authorship::Joined && row.agreed_to.as_ref() == Some(&digest)
        };
        let seats: Vec<SeatView> = places
            .iter()
            .filter_map(|place| held.authors.iter().find(|row| row.actor_id == *place))
            .filter(|row| Authorship::of(row).sees())
            .filter_map(|row| {
                Some(SeatView {
                    actor: who(row.actor_id)?,
                    is_own: row.actor_id == caller.actor.id,
                    authorship: Authorship::of(row),
                    agreed: agreed(row),
                })
            })
            .collect();
        let own = seats.first().ok_or(NO_DRAFT)?.authorship;
        let room = rooms::by_id(&self.store, held.draft.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        let block = |row: &Block| {
            Some(DraftBlock {
                id: row.id,
                part: DraftPart::of(row),
                source: row.source.clone(),
                version: row.version,
                editor: who(row.editor_id)?,
                on_behalf_of: row.on_behalf_of.and_then(who),
                edited: Timestamp::from_millis(row.edited_at),
                removed: row.removed,
            })
        };
        let all: Vec<DraftBlock> = held.blocks.iter().filter_map(block).collect();
        let (text, head): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|block| block.part == DraftPart::Text);
        let (removed, blocks) = text.into_iter().partition(|block| block.removed);
        let authors = held.authors.iter().filter_map(|row| {
            let authorship = Authorship::of(row);
            Some(DraftAuthor {
                actor: who(row.actor_id).filter(|_| authorship.sees())?,
                authorship,
                agreed: agreed(row),
                agreed_by: row.agreed_by.and_then(who),
            })
        });
        let authors = authors.collect();
        Ok(DraftView {
            id,
            room,
            revises: self.revised(&held.draft).await?,
            head,
            blocks,
            removed,
            authors,
            own,
            seats,
            digest,
            arrangement: held.draft.arrangement,
            created: Timestamp::from_millis(held.draft.created_at),
            updated: Timestamp::from_millis(held.draft.updated_at),
        })
    }

    async fn revised(&self, draft: &Draft) -> Result<Option<Revises>, ServiceError> {
        let Some(uri) = &draft.opinion_uri else { return Ok(None) };
        let Some(opinion) = projections::opinion(&self.store, uri).await? else {
            return Ok(None);
        };
        Ok(Some(Revises {
            key: self.key_of(uri).await?,
            uri: uri.clone(),
            name: opinion.name,
            base: draft.base_revision,
            current: opinion.revision,
            publisher: opinion.author,
        }))
    }

    /// Everybody a draft names: authors, and who wrote a version.
    async fn people(&self, held: &Held) -> Result<BTreeMap<i64, ActorView>, ServiceError> {
        let authors = held.authors.iter().flat_map(|row| [Some(row.actor_id), row.agreed_by]);
        let editors = held.blocks.iter().flat_map(|row| [Some(row.editor_id), row.on_behalf_of]);
        let ids = authors.chain(editors).flatten().collect();
        self.people_of(&self.store, ids).await
    }

    /// Those behind these keys. Inside a transaction it reads through it: who waits for another connection while
    /// holding one may wait for ever.
    async fn people_of(
        &self,
        db: &impl Source,
        mut ids: Vec<i64>,
    ) -> Result<BTreeMap<i64, ActorView>, ServiceError> {
        ids.sort_unstable();
        ids.dedup();
        let mut people = BTreeMap::new();
        for id in ids {
            if let Some(actor) = actors::by_id(db, id).await? {
                people.insert(id, self.actor_view(&actor));
            }
        }
        Ok(people)
    }

    /// Asks somebody of this instance to write along, by handle.
    pub async fn invite_to_draft(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        given: &str,
    ) -> Result<ActorView, ServiceError> {
        let (tx, held) = self.write_draft(caller, desk.into()).await?;
        let name = self.local_name(given)?;
        let actor = actors::local_by_name(&tx, &name)
            .await?
            .filter(|actor| matches!(actor.kind.as_str(), "Person" | "Organization"))
            .ok_or_else(|| {
                ServiceError::invalid("handle", format!("nobody has an account as “{name}” here"))
            })?;
        match held.authorship(actor.id) {
            Some(Authorship::Joined) => {
                return Err(ServiceError::invalid("handle", "writes this draft already"));
            }
            Some(Authorship::Invited) => {
                return Err(ServiceError::invalid("handle", "was asked already"));
            }
            None if held.authors.len() >= limits::DRAFT_AUTHORS_MAX => {
                let max = limits::DRAFT_AUTHORS_MAX;
                let message = format!("{max} people were asked already, the most there can be");
                return Err(ServiceError::invalid("handle", message));
            }
            Some(Authorship::Declined | Authorship::Left) | None => {}
        }
        let author = Author {
            draft_id: held.draft.id,
            actor_id: actor.id,
            state: Authorship::Invited.word().to_owned(),
            invited_by: caller.actor.id,
            invited_at: self.now().as_millis(),
            answered_at: None,
            answered_by: None,
            agreed_to: None,
            agreed_at: None,
            agreed_by: None,
        };
        drafts::save_author(&tx, author).await?;
        tx.commit().await?;
        Ok(self.actor_view(&actor))
    }

    /// The name in `name`, `@name` or `name@this.host`.
    fn local_name(&self, given: &str) -> Result<String, ServiceError> {
        let typed = markup::clean_line(given);
        let bare = typed.strip_prefix('@').unwrap_or(&typed);
        let (name, host) = bare.split_once('@').unwrap_or((bare, self.paths.domain()));
        if !host.eq_ignore_ascii_case(self.paths.domain()) {
            return Err(ServiceError::invalid(
                "handle",
                "a draft stays on this instance, so only somebody with an account here can write it",
            ));
        }
        let name = name.to_ascii_lowercase();
        handle::check(&name).map_err(|error| ServiceError::invalid("handle", error.to_string()))?;
        Ok(name)
    }

    /// Answers an invitation.
    pub async fn answer_invitation(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        joins: bool,
    ) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let (tx, held) = self.hold_draft(caller, desk.into()).await?;
        if held.authorship(held.seat.author) != Some(Authorship::Invited) {
            return Err(ServiceError::Conflict { why: "you write this draft already".to_owned() });
        }
        let state = if joins { Authorship::Joined } else { Authorship::Declined };
        self.set_authorship(&tx, &held, state).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Leaves a draft: one's words stay, one's name does not.
    pub async fn leave_draft(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
    ) -> Result<(), ServiceError> {
        let (tx, held) = self.write_draft(caller, desk.into()).await?;
        if held.joined().len() == 1 {
            return Err(ServiceError::Conflict {
                why: "you are its only author; discard it, or wait until somebody has joined"
                    .to_owned(),
            });
        }
        self.set_authorship(&tx, &held, Authorship::Left).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn set_authorship(
        &self,
        tx: &Tx,
        held: &Held,
        state: Authorship,
    ) -> Result<(), ServiceError> {
        let mut author = held.author()?;
        state.word().clone_into(&mut author.state);
        author.answered_at = Some(self.now().as_millis());
        author.answered_by = held.seat.delegate();
        author.agreed_to = None;
        author.agreed_at = None;
        author.agreed_by = None;
        Ok(drafts::save_author(tx, author).await?)
    }

    /// Discards a draft with all that was ever written in it. Only who is left alone with it may.
    pub async fn discard_draft(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
    ) -> Result<(), ServiceError> {
        let (tx, held) = self.write_draft(caller, desk.into()).await?;
        if held.joined().len() > 1 {
            return Err(ServiceError::Conflict {
                why: "others write it too: leave it, and it stays theirs".to_owned(),
            });
        }
        drafts::delete(&tx, held.draft.id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Agrees to the text and the names as they were shown: `digest` is the draft's. Every later change ends it.
    pub async fn agree_to_draft(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        digest: &str,
    ) -> Result<(), ServiceError> {
        let (tx, held) = self.write_draft(caller, desk.into()).await?;
        if held.digest() != digest {
            return Err(ServiceError::Conflict {
                why: "the text or its authors changed meanwhile: read it again, then agree"
                    .to_owned(),
            });
        }
        let mut author = held.author()?;
        author.agreed_to = Some(digest.to_owned());
        author.agreed_at = Some(self.now().as_millis());
        author.agreed_by = held.seat.delegate();
        drafts::save_author(&tx, author).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A draft with all its parts, to who sits at their own place.
async fn load(db: &impl Source, draft: Draft, reader: i64) -> Result<Held, ServiceError> {
    let blocks = drafts::blocks(db, draft.id).await?;
    let authors = drafts::authors(db, draft.id).await?;
    Ok(Held { draft, blocks, authors, seat: Seat { author: reader, sitter: reader } })
}

fn field(part: DraftPart) -> &'static str {
    match part {
        DraftPart::Title => "name",
        DraftPart::Abstract => "abstract",
        DraftPart::Language => "language",
        DraftPart::Note => "changeNote",
        DraftPart::Text => "source",
    }
}

/// One field that is not as it must be, as the service says it.
fn wrong(field: &'static str, message: impl Into<String>) -> FieldError {
    FieldError::new(field, message)
}

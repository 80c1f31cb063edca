//! What clients page through: opinions, comments and positions with words, in the order of the keys they have here. A
//! projection like the tables it lists: the fold fills it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DerivePartialModel, EntityTrait,
    FromQueryResult, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{
        Alias, Asterisk, Expr, ExprTrait, OnConflict, Query, SelectStatement, SimpleExpr, UnionType,
    },
};

use super::{
    Source, StoreError, Tx,
    aversions::Aversions,
    entity::{actor, comment, follow, list_member, opinion, position, post, post_word, revision},
    keys, projections,
};
use crate::domain::search_words::search_words;

pub use super::entity::post::Model as Post;

/// An opinion.
pub const OPINION: &str = "opinion";
/// A comment.
pub const COMMENT: &str = "comment";
/// A position with words.
pub const POSITION: &str = "position";
/// Every kind.
pub const KINDS: &[&str] = &[OPINION, COMMENT, POSITION];

/// Lists that are merged in one question.
const SHELVES_AT_ONCE: usize = 100;
/// Ids asked for at once.
const CHUNK: usize = 500;

/// One list, ordered by key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// The opinions of a room.
    Room(i64),
    /// What an actor wrote, of one kind.
    By(String, &'static str),
    /// The same, as far as it answers somebody of a circle or themselves, or is said in a room of it.
    Within(String, &'static str, Circle),
    /// All opinions.
    All,
    /// Those by people who live here.
    Local,
    /// Those by people who live elsewhere.
    Remote,
}

/// Those whose talk with each other a reader follows: with the reader's own actor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Circle {
    /// Those on a list of this actor's.
    List(i64, String),
    /// Those whom this actor follows.
    Followed(String),
}

impl Circle {
    /// Ids of its actors, but for the reader's own.
    fn others(&self) -> SelectStatement {
        match self {
            Self::List(id, _) => list_member::Entity::find()
                .select_only()
                .column(list_member::Column::ActorUri)
                .filter(list_member::Column::ListId.eq(*id))
                .into_query(),
            Self::Followed(reader) => follow::Entity::find()
                .select_only()
                .column(follow::Column::Followee)
                .filter(follow::Column::Follower.eq(reader))
                .filter(follow::Column::State.eq(super::follows::ACCEPTED))
                .into_query(),
        }
    }

    fn reader(&self) -> &str {
        match self {
            Self::List(_, reader) | Self::Followed(reader) => reader,
        }
    }

    /// That what somebody wrote of this kind is said to the circle. Asked of one post after the other, by its id, so that no
    /// more is looked at than a page holds.
    fn holds(&self, author: &str, kind: &str) -> Condition {
        let rooms = actor::Entity::find()
            .select_only()
            .column(actor::Column::Id)
            .filter(actor::Column::Uri.in_subquery(self.others()))
            .into_query();
        let above = Alias::new("above");
        let theirs = |answered: SimpleExpr| {
            let whose = Expr::col((above.clone(), post::Column::Author));
            Query::select()
                .expr(Expr::val(1))
                .from_as(post::Entity, above.clone())
                .and_where(Expr::col((above.clone(), post::Column::Uri)).eq(answered))
                .cond_where(
                    Condition::any()
                        .add(whose.clone().is_in([author, self.reader()]))
                        .add(whose.in_subquery(self.others())),
                )
                .to_owned()
        };
        let own = || Expr::col((post::Entity, post::Column::Uri));
        let said = if kind == COMMENT {
            let of = |column| Expr::col((comment::Entity, column));
            comment::Entity::find()
                .select_only()
                .column(comment::Column::Uri)
                .filter(of(comment::Column::Uri).eq(own()))
                .filter(Expr::exists(theirs(of(comment::Column::InReplyTo))))
                .into_query()
        } else {
            let of = |column| Expr::col((position::Entity, column));
            position::Entity::find()
                .select_only()
                .column(position::Column::ActivityId)
                .filter(
                    Condition::any()
                        .add(of(position::Column::ObjectUri).eq(own()))
                        .add(of(position::Column::ActivityId).eq(own())),
                )
                .filter(Expr::exists(theirs(of(position::Column::OpinionUri))))
                .into_query()
        };
        Condition::any().add(post::Column::RoomId.in_subquery(rooms)).add(Expr::exists(said))
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// Older than this key.
    pub max_id: Option<i64>,
    /// Newer than this key, from the newest.
    pub since_id: Option<i64>,
    /// Newer than this key, from the next.
    pub min_id: Option<i64>,
    /// Most rows.
    pub limit: u64,
    /// Of posts those alone to which pictures or the like are attached.
    pub with_media: bool,
}

impl Window {
    /// Only the newest.
    pub const fn newest(limit: u64) -> Self {
        Self { max_id: None, since_id: None, min_id: None, limit, with_media: false }
    }

    /// This part of what is asked for, in the order of a column: for a newer page from the oldest on.
    pub(super) fn of<E: EntityTrait>(&self, rows: Select<E>, id: impl ColumnTrait) -> Select<E> {
        let mut rows = rows;
        if let Some(max) = self.max_id {
            rows = rows.filter(id.lt(max));
        }
        if let Some(min) = self.min_id.or(self.since_id) {
            rows = rows.filter(id.gt(min));
        }
        let rows =
            if self.min_id.is_some() { rows.order_by_asc(id) } else { rows.order_by_desc(id) };
        rows.limit(self.limit)
    }

    /// Sorts what several lists gave, newest first, and leaves as many as are wanted.
    pub fn cut<T>(&self, mut rows: Vec<T>, id: impl Fn(&T) -> i64) -> Vec<T> {
        let most = usize::try_from(self.limit).unwrap_or(usize::MAX);
        rows.sort_by_key(|row| std::cmp::Reverse(id(row)));
        rows.dedup_by_key(|row| id(row));
        if self.min_id.is_some() {
            let beyond = rows.len().saturating_sub(most);
            rows.drain(..beyond);
        } else {
            rows.truncate(most);
        }
        rows
    }
}

/// Lists something, in place of what stood under its id.
pub(super) async fn put(
    tx: &Tx,
    room_id: i64,
    uri: &str,
    (kind, with_media): (&str, bool),
    author: &str,
) -> Result<Option<i64>, StoreError> {
    let Some(key) = keys::by_uri(tx, uri).await? else { return Ok(None) };
    put_at(tx, room_id, (uri, key.id), (kind, with_media), author).await?;
    Ok(Some(key.id))
}

/// The same under a key that is known.
pub(super) async fn put_at(
    tx: &Tx,
    room_id: i64,
    (uri, key): (&str, i64),
    (kind, with_media): (&str, bool),
    author: &str,
) -> Result<(), StoreError> {
    let row = Post {
        id: key,
        uri: uri.to_owned(),
        kind: kind.to_owned(),
        room_id,
        author: author.to_owned(),
        with_media,
    };
    let changed = [
        post::Column::Uri,
        post::Column::Kind,
        post::Column::RoomId,
        post::Column::Author,
        post::Column::WithMedia,
    ];
    post::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(post::Column::Id).update_columns(changed).to_owned())
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

/// Takes something out that is no post of this kind any more.
pub(super) async fn forget(tx: &Tx, uri: &str, kind: &str) -> Result<(), StoreError> {
    if kind == OPINION
        && let Some(known) = by_uri(tx, uri).await?
    {
        forget_words(tx, known.id).await?;
    }
    post::Entity::delete_many()
        .filter(post::Column::Uri.eq(uri))
        .filter(post::Column::Kind.eq(kind))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Notes the words by which an opinion is found.
pub(super) async fn put_words(tx: &Tx, id: i64, texts: &[&str]) -> Result<(), StoreError> {
    let words = search_words(texts);
    let known: BTreeSet<String> = post_word::Entity::find()
        .filter(post_word::Column::PostId.eq(id))
        .all(tx.connection())
        .await?
        .into_iter()
        .map(|row| row.word)
        .collect();
    if known == words {
        return Ok(());
    }
    forget_words(tx, id).await?;
    let rows = words.into_iter().map(|word| {
        let row = post_word::Model { word, post_id: id };
        row.into_active_model()
    });
    post_word::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    Ok(())
}

async fn forget_words(tx: &Tx, id: i64) -> Result<(), StoreError> {
    post_word::Entity::delete_many()
        .filter(post_word::Column::PostId.eq(id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Empties the list of a room, before its projections are made again.
pub(super) async fn clear(tx: &Tx, room_id: i64) -> Result<(), StoreError> {
    let of_room = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::RoomId.eq(room_id))
        .into_query();
    post_word::Entity::delete_many()
        .filter(post_word::Column::PostId.in_subquery(of_room))
        .exec(tx.connection())
        .await?;
    post::Entity::delete_many()
        .filter(post::Column::RoomId.eq(room_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// By the object's id.
pub async fn by_uri(db: &impl Source, uri: &str) -> Result<Option<Post>, StoreError> {
    Ok(post::Entity::find().filter(post::Column::Uri.eq(uri)).one(db.connection()).await?)
}

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<Post>, StoreError> {
    Ok(post::Entity::find_by_id(id).one(db.connection()).await?)
}

/// Those of these ids that are listed.
pub async fn by_uris(db: &impl Source, uris: &[String]) -> Result<Vec<Post>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(CHUNK) {
        let rows = post::Entity::find().filter(post::Column::Uri.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// Those of these keys that are listed.
pub async fn by_ids(db: &impl Source, ids: &[i64]) -> Result<Vec<Post>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(CHUNK) {
        let rows = post::Entity::find().filter(post::Column::Id.is_in(some.iter().copied()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// A part of several lists merged, newest first. Of each list no more is read than the page holds, however long the list
/// is and however many there are. What its reader does not want to read is passed over.
pub async fn page(
    db: &impl Source,
    shelves: &[Shelf],
    window: Window,
    reader: Option<&Aversions>,
) -> Result<Vec<Post>, StoreError> {
    let connection = db.connection();
    let backend = connection.get_database_backend();
    let mut found = Vec::new();
    for some in shelves.chunks(SHELVES_AT_ONCE) {
        let mut parts = some.iter().enumerate().map(|(number, shelf)| {
            Query::select()
                .column(Asterisk)
                .from_subquery(on(shelf, window, reader), Alias::new(format!("s{number}")))
                .to_owned()
        });
        let Some(mut all) = parts.next() else { continue };
        for part in parts {
            all.union(UnionType::All, part);
        }
        let rows = post::Entity::find().from_raw_sql(backend.build(&all));
        found.extend(rows.all(connection).await?);
    }
    Ok(window.cut(found, |post| post.id))
}

fn on(shelf: &Shelf, window: Window, reader: Option<&Aversions>) -> SelectStatement {
    let local = || {
        actor::Entity::find()
            .select_only()
            .column(actor::Column::Uri)
            .filter(actor::Column::Local.eq(true))
            .into_query()
    };
    let posts = post::Entity::find();
    let mut posts = match shelf {
        Shelf::Room(id) => {
            posts.filter(post::Column::RoomId.eq(*id)).filter(post::Column::Kind.eq(OPINION))
        }
        Shelf::By(author, kind) => {
            posts.filter(post::Column::Author.eq(author)).filter(post::Column::Kind.eq(*kind))
        }
        Shelf::Within(author, kind, circle) => posts
            .filter(post::Column::Author.eq(author))
            .filter(post::Column::Kind.eq(*kind))
            .filter(circle.holds(author, kind)),
        Shelf::All => posts.filter(post::Column::Kind.eq(OPINION)),
        Shelf::Local => posts
            .filter(post::Column::Kind.eq(OPINION))
            .filter(post::Column::Author.in_subquery(local())),
        Shelf::Remote => posts
            .filter(post::Column::Kind.eq(OPINION))
            .filter(post::Column::Author.not_in_subquery(local())),
    };
    if window.with_media {
        posts = posts.filter(post::Column::WithMedia.eq(true));
    }
    if let Some(reader) = reader {
        posts = posts
            .filter(reader.spare(post::Column::Author))
            .filter(reader.spare_rooms(post::Column::RoomId));
    }
    window.of(posts, post::Column::Id).into_query()
}

/// Keys of the opinions whose title or abstract holds words that begin with each of these, newest first.
pub async fn found(
    db: &impl Source,
    beginnings: &[String],
    reader: Option<&Aversions>,
    (limit, offset): (u64, u64),
) -> Result<Vec<i64>, StoreError> {
    let mut inner: Option<SelectStatement> = None;
    for beginning in beginnings {
        let mut rows = post_word::Entity::find()
            .select_only()
            .column(post_word::Column::PostId)
            .filter(begins(db, post_word::Column::Word, beginning));
        if let Some(inner) = inner.take() {
            rows = rows.filter(post_word::Column::PostId.in_subquery(inner));
        }
        inner = Some(rows.into_query());
    }
    let Some(inner) = inner else { return Ok(Vec::new()) };
    let mut rows = post::Entity::find().filter(post::Column::Id.in_subquery(inner));
    if let Some(reader) = reader {
        rows = rows.filter(reader.spare(post::Column::Author));
    }
    Ok(rows
        .select_only()
        .column(post::Column::Id)
        .order_by_desc(post::Column::Id)
        .limit(limit)
        .offset(offset)
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// That a column begins with this. SQLite compares bytes, so that a range of its index is read; what PostgreSQL's order
/// is depends on how it was set up.
fn begins(db: &impl Source, column: impl ColumnTrait, beginning: &str) -> Condition {
    if db.connection().get_database_backend() == DbBackend::Sqlite {
        Condition::all().add(column.gte(beginning)).add(column.lt(format!("{beginning}\u{10ffff}")))
    } else {
        let escaped: String = beginning
            .chars()
            .flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        Condition::all().add(column.like(format!("{escaped}%")))
    }
}

/// Actors whose name begins with this, oldest first.
pub async fn people_named(
    db: &impl Source,
    beginning: &str,
    reader: Option<&Aversions>,
    (limit, offset): (u64, u64),
) -> Result<Vec<actor::Model>, StoreError> {
    let mut rows = actor::Entity::find();
    if let Some(reader) = reader {
        rows = rows.filter(reader.spare(actor::Column::Uri));
    }
    Ok(rows
        .filter(begins(db, actor::Column::Username, beginning))
        .filter(actor::Column::Kind.is_in(["Person", "Organization", "Group", "Service"]))
        .filter(actor::Column::GoneAt.is_null())
        .order_by_asc(actor::Column::Username)
        .order_by_asc(actor::Column::Id)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// What posts are about, each read once for a whole page.
#[derive(Debug, Default)]
pub struct Held {
    /// Opinions, by id.
    pub opinions: BTreeMap<String, opinion::Model>,
    /// Their current revisions, by the opinion's id.
    pub revisions: BTreeMap<String, revision::Model>,
    /// Comments, by id.
    pub comments: BTreeMap<String, Said>,
    /// Positions, by the id of their Note or their `Like`.
    pub positions: BTreeMap<String, position::Model>,
}

/// What a post needs of a comment: a thread has a thousand of them.
#[derive(Debug, Clone, PartialEq, Eq, DerivePartialModel)]
#[sea_orm(entity = "comment::Entity")]
#[expect(missing_docs, reason = "each is said at the entity")]
pub struct Said {
    pub uri: String,
    pub opinion_uri: Option<String>,
    pub in_reply_to: String,
    pub content: String,
    pub source: Option<String>,
    pub language: Option<String>,
    pub published: i64,
    pub updated: Option<i64>,
    pub entry_hash: String,
    pub deleted: bool,
    pub attachments: String,
}

/// A comment and its post, in one row.
#[derive(Debug, FromQueryResult)]
struct Placed {
    id: i64,
    kind: String,
    room_id: i64,
    author: String,
    with_media: bool,
    #[sea_orm(nested)]
    said: Said,
}

/// The comments below an opinion that were not deleted, with their posts, in no order.
pub async fn said_to(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<(Post, Said)>, StoreError> {
    let to_post = comment::Entity::belongs_to(post::Entity)
        .from(comment::Column::Uri)
        .to(post::Column::Uri)
        .into();
    let rows = comment::Entity::find()
        .select_only()
        .columns([
            comment::Column::Uri,
            comment::Column::OpinionUri,
            comment::Column::InReplyTo,
            comment::Column::Content,
            comment::Column::Source,
            comment::Column::Language,
            comment::Column::Published,
            comment::Column::Updated,
            comment::Column::EntryHash,
            comment::Column::Deleted,
            comment::Column::Attachments,
        ])
        .columns([
            post::Column::Id,
            post::Column::Kind,
            post::Column::RoomId,
            post::Column::Author,
            post::Column::WithMedia,
        ])
        .join(JoinType::InnerJoin, to_post)
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::OpinionUri.eq(opinion_uri))
        .filter(comment::Column::Deleted.eq(false))
        .into_model::<Placed>()
        .all(db.connection())
        .await?;
    let split = |row: Placed| {
        let Placed { id, kind, room_id, author, with_media, said } = row;
        (Post { id, uri: said.uri.clone(), kind, room_id, author, with_media }, said)
    };
    Ok(rows.into_iter().map(split).collect())
}

/// What these posts are.
pub async fn held(db: &impl Source, posts: &[Post]) -> Result<Held, StoreError> {
    let of = |kind: &str| -> Vec<String> {
        posts.iter().filter(|post| post.kind == kind).map(|post| post.uri.clone()).collect()
    };
    let mut held = Held::default();
    let connection = db.connection();
    let positions = of(POSITION);
    let mut taken = Vec::new();
    for some in positions.chunks(CHUNK) {
        let by_note = position::Entity::find()
            .filter(position::Column::ObjectUri.is_in(some.iter().cloned()));
        taken.extend(by_note.all(connection).await?);
    }
    taken.extend(projections::positions_of_acts(db, &positions).await?);
    for row in taken {
        let uri = row.object_uri.clone().unwrap_or_else(|| row.activity_id.clone());
        held.positions.entry(uri).or_insert(row);
    }
    for some in of(COMMENT).chunks(CHUNK) {
        let rows = comment::Entity::find()
            .filter(comment::Column::Uri.is_in(some.iter().cloned()))
            .into_partial_model::<Said>();
        let rows = rows.all(connection).await?;
        held.comments.extend(rows.into_iter().map(|row| (row.uri.clone(), row)));
    }
    let mut opinions: BTreeSet<String> = of(OPINION).into_iter().collect();
    opinions.extend(held.positions.values().map(|row| row.opinion_uri.clone()));
    let opinions: Vec<String> = opinions.into_iter().collect();
    let opinions = projections::opinions_of_uris(db, &opinions).await?;
    held.opinions.extend(opinions.into_iter().map(|row| (row.uri.clone(), row)));
    for some in of(OPINION).chunks(CHUNK) {
        let rows = revision::Entity::find()
            .filter(revision::Column::OpinionUri.is_in(some.iter().cloned()))
            .filter(revision::Column::Current.eq(true));
        let rows = rows.all(connection).await?;
        held.revisions.extend(rows.into_iter().map(|row| (row.opinion_uri.clone(), row)));
    }
    Ok(held)
}

/// The positions on an opinion that have words, oldest first.
pub async fn spoken_positions(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<position::Model>, StoreError> {
    let rows = position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion_uri))
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().filter(has_words).collect())
}

/// Whether a position is read as a reply. One that ended and has no words may be one that its author deleted.
pub fn has_words(row: &position::Model) -> bool {
    row.statement.is_some() || (row.object_uri.is_some() && row.withdrawn_at.is_none())
}

/// How many answer each of these directly.
pub async fn count_answers(
    db: &impl Source,
    uris: &[String],
) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut counts = BTreeMap::new();
    for some in uris.chunks(CHUNK) {
        let rows: Vec<(String, i64)> = comment::Entity::find()
            .select_only()
            .column(comment::Column::InReplyTo)
            .column_as(comment::Column::Uri.count(), "n")
            .filter(comment::Column::InReplyTo.is_in(some.iter().cloned()))
            .group_by(comment::Column::InReplyTo)
            .into_tuple()
            .all(db.connection())
            .await?;
        counts.extend(rows);
    }
    Ok(counts)
}

/// How much each of these actors wrote that is listed.
pub async fn count_by(
    db: &impl Source,
    authors: &[String],
) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut counts = BTreeMap::new();
    for some in authors.chunks(CHUNK) {
        let rows: Vec<(String, i64)> = post::Entity::find()
            .select_only()
            .column(post::Column::Author)
            .column_as(post::Column::Id.count(), "n")
            .filter(post::Column::Author.is_in(some.iter().cloned()))
            .group_by(post::Column::Author)
            .into_tuple()
            .all(db.connection())
            .await?;
        counts.extend(rows);
    }
    Ok(counts)
}

/// How many follow each of these actors, and how many each follows.
pub async fn count_follows(
    db: &impl Source,
    actors: &[String],
) -> Result<(BTreeMap<String, i64>, BTreeMap<String, i64>), StoreError> {
    let (mut followers, mut following) = (BTreeMap::new(), BTreeMap::new());
    for some in actors.chunks(CHUNK) {
        for (column, counts) in
            [(follow::Column::Followee, &mut followers), (follow::Column::Follower, &mut following)]
        {
            let rows: Vec<(String, i64)> = follow::Entity::find()
                .select_only()
                .column(column)
                .column_as(follow::Column::Id.count(), "n")
                .filter(column.is_in(some.iter().cloned()))
                .filter(follow::Column::State.eq(super::follows::ACCEPTED))
                .group_by(column)
                .into_tuple()
                .all(db.connection())
                .await?;
            counts.extend(rows);
        }
    }
    Ok((followers, following))
}

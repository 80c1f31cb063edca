//! Where the passages of comments are now: a projection of the comments and of the texts they were made on. A comment's
//! own are found when it is folded; when a text is revised, those of all its comments are found again by a worker.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};

use super::{
    Source, StoreError, Tx,
    entity::{anchor, anchor_due, comment, revision},
    projections::Comment,
};
use crate::{
    domain::{
        anchor::{AnchorState, Finder, Found},
        blocks::Block,
        parsed::{Parsed, parsed},
    },
    record::passage::{Named, passages},
};

pub use super::entity::anchor::Model as Anchor;

/// Rows written at once: eight columns each, and SQLite takes 32,766 values.
const ROWS_AT_ONCE: usize = 2_000;

/// What is read of a comment to find its passages.
#[derive(Debug, FromQueryResult)]
struct Anchored {
    uri: String,
    in_reply_to: String,
    anchors: String,
}

/// A text that passages were named in.
#[derive(Debug, FromQueryResult)]
struct Text {
    number: i64,
    digest: String,
    content: String,
    current: bool,
}

/// The texts of an opinion that its comments name, and the current one.
struct Texts {
    current: std::sync::Arc<Parsed>,
    held: Vec<(i64, String, std::sync::Arc<Parsed>)>,
}

impl Texts {
    async fn of(
        tx: &Tx,
        room_id: i64,
        opinion_uri: &str,
        named: &[Vec<Named>],
    ) -> Result<Self, StoreError> {
        let all = || named.iter().flatten();
        let digests: BTreeSet<&str> = all().filter_map(|named| named.digest.as_deref()).collect();
        let numbers: BTreeSet<i64> =
            all().filter(|n| n.digest.is_none()).filter_map(|named| named.revision).collect();
        let rows = revision::Entity::find()
            .filter(revision::Column::RoomId.eq(room_id))
            .filter(revision::Column::OpinionUri.eq(opinion_uri))
            .order_by_asc(revision::Column::Number)
            .order_by_asc(revision::Column::Digest)
            .select_only()
            .columns([
                revision::Column::Number,
                revision::Column::Digest,
                revision::Column::Content,
                revision::Column::Current,
            ])
            .filter(
                Condition::any()
                    .add(revision::Column::Current.eq(true))
                    .add(revision::Column::Digest.is_in(digests))
                    .add(revision::Column::Number.is_in(numbers)),
            )
            .into_model::<Text>()
            .all(tx.connection())
            .await?;
        let mut texts = Self { current: std::sync::Arc::default(), held: Vec::new() };
        for row in rows {
            let text = parsed(&row.digest, &row.content);
            if row.current {
                texts.current = std::sync::Arc::clone(&text);
            }
            texts.held.push((row.number, row.digest, text));
        }
        Ok(texts)
    }

    /// The text a passage was named in; empty where it is not held.
    fn named_in(&self, named: &Named) -> (Option<usize>, &[Block]) {
        let at = self.held.iter().position(|(number, digest, _)| match &named.digest {
            Some(named) => named == digest,
            None => named.revision == Some(*number),
        });
        let blocks = at.and_then(|at| self.held.get(at)).map(|(_, _, text)| text.blocks());
        (at, blocks.unwrap_or_default())
    }
}

/// Finds passages in the current text of one opinion.
struct Search<'a> {
    texts: &'a Texts,
    finders: HashMap<Option<usize>, Finder<'a>>,
}

impl<'a> Search<'a> {
    fn new(texts: &'a Texts) -> Self {
        Self { texts, finders: HashMap::new() }
    }

    fn find(&mut self, named: &Named) -> Found {
        let (at, old) = self.texts.named_in(named);
        let new = self.texts.current.blocks();
        let finder = self.finders.entry(at).or_insert_with(|| Finder::new(old, new));
        finder.find(&named.passage())
    }

    /// The rows of one comment: one for each passage; where it names none and answers the opinion itself, one for
    /// the whole.
    fn rows(
        &mut self,
        room_id: i64,
        opinion_uri: &str,
        of: &Anchored,
        named: &[Named],
    ) -> Vec<Anchor> {
        let row = |n: usize, found: Found, missing_here: bool| {
            let (block, paragraph) = found.block.unzip();
            Anchor {
                room_id,
                comment_uri: of.uri.clone(),
                n: i64::try_from(n).unwrap_or(i64::MAX),
                opinion_uri: opinion_uri.to_owned(),
                block,
                paragraph: paragraph.and_then(|number| i64::try_from(number).ok()),
                state: found.state.word().to_owned(),
                missing_here,
            }
        };
        // A passage of another text is none of this one's.
        let mut rows: Vec<Anchor> = (0..)
            .zip(named)
            .filter(|(_, named)| named.is_of(opinion_uri))
            .map(|(n, named)| row(n, self.find(named), named.missing_here))
            .collect();
        if rows.is_empty() && of.in_reply_to == opinion_uri {
            rows.push(row(0, Found { block: None, state: AnchorState::Whole }, false));
        }
        rows
    }
}

/// Finds the passages of one comment, of which nothing is known yet, or nothing any more.
pub(super) async fn of_comment(tx: &Tx, row: &Comment) -> Result<(), StoreError> {
    let Some(opinion_uri) = &row.opinion_uri else { return Ok(()) };
    let named = passages(&row.anchors);
    if named.is_empty() && row.in_reply_to != *opinion_uri {
        return Ok(());
    }
    let texts = if named.is_empty() {
        // The whole text is found in no text.
        Texts { current: std::sync::Arc::default(), held: Vec::new() }
    } else {
        Texts::of(tx, row.room_id, opinion_uri, std::slice::from_ref(&named)).await?
    };
    let of = Anchored {
        uri: row.uri.clone(),
        in_reply_to: row.in_reply_to.clone(),
        anchors: String::new(),
    };
    let rows = Search::new(&texts).rows(row.room_id, opinion_uri, &of, &named);
    write(tx, rows).await
}

/// Finds the passages of all comments on an opinion again; answers how many there are.
pub async fn find_again(tx: &Tx, room_id: i64, opinion_uri: &str) -> Result<usize, StoreError> {
    let connection = tx.connection();
    anchor_due::Entity::delete_by_id((room_id, opinion_uri.to_owned())).exec(connection).await?;
    let comments = comment::Entity::find()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::OpinionUri.eq(opinion_uri))
        .select_only()
        .columns([comment::Column::Uri, comment::Column::InReplyTo, comment::Column::Anchors])
        .into_model::<Anchored>()
        .all(connection)
        .await?;
    let named: Vec<Vec<Named>> =
        comments.iter().map(|comment| passages(&comment.anchors)).collect();
    let texts = Texts::of(tx, room_id, opinion_uri, &named).await?;
    let mut search = Search::new(&texts);
    let rows: Vec<Anchor> = comments
        .iter()
        .zip(&named)
        .flat_map(|(comment, named)| search.rows(room_id, opinion_uri, comment, named))
        .collect();
    anchor::Entity::delete_many()
        .filter(anchor::Column::RoomId.eq(room_id))
        .filter(anchor::Column::OpinionUri.eq(opinion_uri))
        .exec(connection)
        .await?;
    let count = rows.len();
    write(tx, rows).await?;
    Ok(count)
}

async fn write(tx: &Tx, rows: Vec<Anchor>) -> Result<(), StoreError> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        anchor::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Takes away what is known of a comment's passages.
pub(super) async fn forget(tx: &Tx, room_id: i64, comment_uri: &str) -> Result<(), StoreError> {
    anchor::Entity::delete_many()
        .filter(anchor::Column::RoomId.eq(room_id))
        .filter(anchor::Column::CommentUri.eq(comment_uri))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Empties the projection of a room.
pub(super) async fn empty(tx: &Tx, room_id: i64) -> Result<(), StoreError> {
    let connection = tx.connection();
    anchor::Entity::delete_many()
        .filter(anchor::Column::RoomId.eq(room_id))
        .exec(connection)
        .await?;
    anchor_due::Entity::delete_many()
        .filter(anchor_due::Column::RoomId.eq(room_id))
        .exec(connection)
        .await?;
    Ok(())
}

/// The texts of an opinion by number and digest, and which is current: all that its passages depend on.
pub(super) async fn texts_of(
    tx: &Tx,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<(i64, String, bool, bool)>, StoreError> {
    Ok(revision::Entity::find()
        .filter(revision::Column::RoomId.eq(room_id))
        .filter(revision::Column::OpinionUri.eq(opinion_uri))
        .order_by_asc(revision::Column::Number)
        .order_by_asc(revision::Column::Digest)
        .select_only()
        .columns([revision::Column::Number, revision::Column::Digest, revision::Column::Current])
        // A deleted text has no words.
        .expr_as(revision::Column::Content.eq(""), "is_empty")
        .into_tuple()
        .all(tx.connection())
        .await?)
}

/// Notes that the passages in an opinion are to be found again, where it has any.
pub(super) async fn mark_due(tx: &Tx, room_id: i64, opinion_uri: &str) -> Result<(), StoreError> {
    let connection = tx.connection();
    let any = anchor::Entity::find()
        .filter(anchor::Column::RoomId.eq(room_id))
        .filter(anchor::Column::OpinionUri.eq(opinion_uri))
        .one(connection)
        .await?;
    if any.is_none() {
        return Ok(());
    }
    let row = anchor_due::Model { room_id, opinion_uri: opinion_uri.to_owned() };
    anchor_due::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([anchor_due::Column::RoomId, anchor_due::Column::OpinionUri])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// An opinion whose passages are to be found again: its room and its id.
pub async fn next_due(db: &impl Source) -> Result<Option<(i64, String)>, StoreError> {
    let row = anchor_due::Entity::find()
        .order_by_asc(anchor_due::Column::RoomId)
        .order_by_asc(anchor_due::Column::OpinionUri)
        .one(db.connection())
        .await?;
    Ok(row.map(|row| (row.room_id, row.opinion_uri)))
}

/// Finds again whatever is due, within a transaction.
pub async fn settle(tx: &Tx) -> Result<(), StoreError> {
    while let Some((room_id, opinion_uri)) = next_due(tx).await? {
        find_again(tx, room_id, &opinion_uri).await?;
    }
    Ok(())
}

/// The passages of these comments, by comment, in the order in which they were named.
pub async fn of_comments(
    db: &impl Source,
    room_id: i64,
    uris: &[String],
) -> Result<BTreeMap<String, Vec<Anchor>>, StoreError> {
    let mut found: BTreeMap<String, Vec<Anchor>> = BTreeMap::new();
    for some in uris.chunks(ROWS_AT_ONCE) {
        let rows = anchor::Entity::find()
            .filter(anchor::Column::RoomId.eq(room_id))
            .filter(anchor::Column::CommentUri.is_in(some.iter().cloned()))
            .order_by_asc(anchor::Column::CommentUri)
            .order_by_asc(anchor::Column::N)
            .all(db.connection())
            .await?;
        for row in rows {
            found.entry(row.comment_uri.clone()).or_default().push(row);
        }
    }
    Ok(found)
}

/// How many passages of comments are in each block of an opinion's current text; under no id, those that are in none.
/// An opinion is in one room, so that the index alone answers.
pub async fn by_block(
    db: &impl Source,
    opinion_uri: &str,
) -> Result<BTreeMap<Option<String>, i64>, StoreError> {
    let rows: Vec<(Option<String>, i64)> = anchor::Entity::find()
        .filter(anchor::Column::OpinionUri.eq(opinion_uri))
        .select_only()
        .column(anchor::Column::Block)
        .column_as(anchor::Column::OpinionUri.count(), "passages")
        .group_by(anchor::Column::Block)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(rows.into_iter().collect())
}

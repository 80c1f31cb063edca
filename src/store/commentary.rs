//! Lists of comments: first what puts them in order, without their words, then the few that are shown.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Alias, Expr, Query, SelectStatement},
};

use super::{
    Source, StoreError,
    entity::{anchor, comment, disposition},
    projections::{self, Comment, Position},
};

/// Ids asked for at once.
const IDS_AT_ONCE: usize = 500;

/// What a list needs to know of a comment.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Brief {
    /// Object id.
    pub uri: String,
    /// The opinion.
    pub opinion_uri: Option<String>,
    /// Its author.
    pub author: String,
    /// Wire term.
    pub stakeholder_group: Option<String>,
    /// API word.
    pub kind: String,
    /// When it was first written.
    pub published: i64,
    /// Entry of the current version.
    pub entry_hash: String,
    /// Whether its author deleted it.
    pub deleted: bool,
    /// n of the first §n that it is about now.
    pub paragraph: Option<i64>,
    /// Whether somebody answered it.
    pub answered: bool,
}

/// Comments that say nothing of what became of others: those are shown with what they answer.
fn said() -> Select<comment::Entity> {
    let fate = Query::select()
        .expr(Expr::val(1))
        .from(disposition::Entity)
        .and_where(
            Expr::col((disposition::Entity, disposition::Column::RoomId))
                .equals((comment::Entity, comment::Column::RoomId)),
        )
        .and_where(
            Expr::col((disposition::Entity, disposition::Column::Uri))
                .equals((comment::Entity, comment::Column::Uri)),
        )
        .to_owned();
    comment::Entity::find().filter(Expr::exists(fate).not())
}

/// The first paragraph that a comment is about now.
fn paragraph() -> SelectStatement {
    Query::select()
        .expr(Expr::col((anchor::Entity, anchor::Column::Paragraph)).min())
        .from(anchor::Entity)
        .and_where(
            Expr::col((anchor::Entity, anchor::Column::RoomId))
                .equals((comment::Entity, comment::Column::RoomId)),
        )
        .and_where(
            Expr::col((anchor::Entity, anchor::Column::CommentUri))
                .equals((comment::Entity, comment::Column::Uri)),
        )
        .to_owned()
}

/// The answers to a comment that were not deleted.
fn answers() -> SelectStatement {
    let answer = Alias::new("answer");
    Query::select()
        .expr(Expr::val(1))
        .from_as(comment::Entity, answer.clone())
        .and_where(
            Expr::col((answer.clone(), comment::Column::RoomId))
                .equals((comment::Entity, comment::Column::RoomId)),
        )
        .and_where(
            Expr::col((answer.clone(), comment::Column::InReplyTo))
                .equals((comment::Entity, comment::Column::Uri)),
        )
        .and_where(Expr::col((answer, comment::Column::Deleted)).eq(false))
        .to_owned()
}

fn brief(select: Select<comment::Entity>) -> sea_orm::Selector<sea_orm::SelectModel<Brief>> {
    select
        .select_only()
        .columns([
            comment::Column::Uri,
            comment::Column::OpinionUri,
            comment::Column::Author,
            comment::Column::StakeholderGroup,
            comment::Column::Kind,
            comment::Column::Published,
            comment::Column::EntryHash,
            comment::Column::Deleted,
        ])
        .expr_as(Expr::SubQuery(None, Box::new(paragraph().into())), "paragraph")
        .expr_as(Expr::exists(answers()), "answered")
        .into_model::<Brief>()
}

/// Every comment in an opinion's threads, in brief, oldest first.
pub async fn of_opinion(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<Brief>, StoreError> {
    let found = said()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::OpinionUri.eq(opinion_uri))
        .order_by_asc(comment::Column::Published)
        .order_by_asc(comment::Column::Uri);
    Ok(brief(found).all(db.connection()).await?)
}

/// The comments about one block of an opinion's current text, or about none, in brief.
pub async fn on_block(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
    block: Option<&str>,
) -> Result<Vec<Brief>, StoreError> {
    let there = Query::select()
        .column(anchor::Column::CommentUri)
        .from(anchor::Entity)
        .and_where(Expr::col(anchor::Column::OpinionUri).eq(opinion_uri))
        .and_where(match block {
            Some(block) => Expr::col(anchor::Column::Block).eq(block),
            None => Expr::col(anchor::Column::Block).is_null(),
        })
        .to_owned();
    let found = said()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::OpinionUri.eq(opinion_uri))
        .filter(comment::Column::Uri.in_subquery(there))
        .order_by_asc(comment::Column::Published)
        .order_by_asc(comment::Column::Uri);
    Ok(brief(found).all(db.connection()).await?)
}

/// The comments of these kinds in a room, in brief, oldest first.
pub async fn of_kinds(
    db: &impl Source,
    room_id: i64,
    kinds: &[&str],
) -> Result<Vec<Brief>, StoreError> {
    let found = said()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::Kind.is_in(kinds.iter().copied()))
        .filter(comment::Column::OpinionUri.is_not_null())
        .order_by_asc(comment::Column::Published)
        .order_by_asc(comment::Column::Uri);
    Ok(brief(found).all(db.connection()).await?)
}

/// The newest comments in an opinion's threads, newest first; with `answering` only those that answer it.
pub async fn newest(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
    answering: Option<&str>,
    limit: u64,
) -> Result<Vec<Comment>, StoreError> {
    let mut found = said()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::OpinionUri.eq(opinion_uri));
    if let Some(parent) = answering {
        found = found.filter(comment::Column::InReplyTo.eq(parent));
    }
    Ok(found
        .order_by_desc(comment::Column::Published)
        .order_by_desc(comment::Column::Uri)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// The comments that answer one of these, oldest first.
pub async fn answering(
    db: &impl Source,
    room_id: i64,
    parents: &[String],
    limit: u64,
) -> Result<Vec<Comment>, StoreError> {
    if parents.is_empty() {
        return Ok(Vec::new());
    }
    Ok(said()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::InReplyTo.is_in(parents.iter().cloned()))
        .order_by_asc(comment::Column::Published)
        .order_by_asc(comment::Column::Uri)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// Which of these comments somebody answered.
pub async fn answered(
    db: &impl Source,
    room_id: i64,
    uris: &[String],
) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for some in uris.chunks(IDS_AT_ONCE) {
        let rows: Vec<String> = comment::Entity::find()
            .filter(comment::Column::RoomId.eq(room_id))
            .filter(comment::Column::InReplyTo.is_in(some.iter().cloned()))
            .filter(comment::Column::Deleted.eq(false))
            .select_only()
            .column(comment::Column::InReplyTo)
            .distinct()
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// These comments, in no order.
pub async fn by_uris(
    db: &impl Source,
    room_id: i64,
    uris: &[String],
) -> Result<Vec<Comment>, StoreError> {
    let mut found = projections::comments_of_uris(db, uris).await?;
    found.retain(|row| row.room_id == room_id);
    Ok(found)
}

/// The positions of these kinds that were taken in a room, oldest first, also those that stand no more.
pub async fn positions_of_kinds(
    db: &impl Source,
    room_id: i64,
    kinds: &[&str],
) -> Result<Vec<Position>, StoreError> {
    use super::entity::position;
    Ok(position::Entity::find()
        .filter(
            Condition::all()
                .add(position::Column::RoomId.eq(room_id))
                .add(position::Column::Kind.is_in(kinds.iter().copied())),
        )
        .order_by_asc(position::Column::Published)
        .order_by_asc(position::Column::EntryHash)
        .all(db.connection())
        .await?)
}

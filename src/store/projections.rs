//! The tables that show what the fold says: opinions, revisions, comments, positions. They hold nothing of their
//! own; `rebuild` empties and makes them again.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Set,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::{
    Source, StoreError, Tx, anchors, attestations, dispositions,
    entity::{actor, comment, opinion, position, revision},
    entries, insert_row, media, posts, rooms,
};
use crate::{
    base::clock::Timestamp,
    domain::letter::Deadline,
    record::{
        fold::{self, Held},
        item::{Cell, Item},
    },
};

pub use super::entity::{
    comment::Model as Comment, opinion::Model as Opinion, position::Model as Position,
    revision::Model as Revision,
};

impl Opinion {
    /// Where it is a letter, until when names are asked for.
    pub fn letter(&self) -> Option<Deadline> {
        let closes = Timestamp::from_millis(self.letter_closes?);
        Some(Deadline { closes, zone: self.letter_zone.clone()? })
    }
}

/// Folds one cell and replaces its rows. A comment of which nothing stands there yet comes with the key it was just given.
pub(super) async fn fold_parts(
    tx: &Tx,
    room_id: i64,
    cell: &Cell,
    parts: entries::Parts,
    fresh_key: Option<i64>,
) -> Result<(), StoreError> {
    let entries::Parts { items, statements, modifiers } = parts;
    let with_modifiers = |items: Vec<Item>| -> Vec<Held> {
        items.into_iter().map(|item| Held::new(item, &modifiers)).collect()
    };
    let mut held = with_modifiers(items);
    match cell {
        Cell::Opinion(uri) => fold_opinion(tx, room_id, uri, &held).await,
        Cell::Comment(uri) => fold_comment(tx, room_id, uri, &held, fresh_key).await,
        Cell::Line(opinion, principal) => {
            // What a reply is about, the Reading that counts says.
            held.retain(|held| held.reading.as_ref().is_none_or(|read| read.opinion == *opinion));
            let states = fold::line(principal, &held, &with_modifiers(statements));
            replace_line(tx, room_id, opinion, principal, states).await
        }
        Cell::Attested(subject) => {
            attestations::replace(tx, room_id, subject, fold::attestations(&held)).await
        }
    }
}

/// The version of the fold and of the tables it fills. Raise it with every change of either: at its first start the
/// new program then makes all projections again.
pub const FOLD_VERSION: i64 = 11;
const FOLD_CURSOR: &str = "fold version";

/// Makes every projection again where they were made by another version of the fold; answers whether it did.
pub async fn rebuild_if_outdated(store: &super::Store) -> Result<bool, StoreError> {
    if rooms::cursor(store, FOLD_CURSOR).await? == FOLD_VERSION {
        return Ok(false);
    }
    for room in rooms::all(store).await? {
        let tx = store.begin().await?;
        rebuild(&tx, room.id).await?;
        tx.commit().await?;
    }
    let tx = store.begin().await?;
    rooms::set_cursor(&tx, FOLD_CURSOR, FOLD_VERSION).await?;
    tx.commit().await?;
    Ok(true)
}

/// Empties the projections of a room and makes them again from its log; answers how many cells it has.
pub async fn rebuild(tx: &Tx, room_id: i64) -> Result<usize, StoreError> {
    let connection = tx.connection();
    opinion::Entity::delete_many()
        .filter(opinion::Column::RoomId.eq(room_id))
        .exec(connection)
        .await?;
    revision::Entity::delete_many()
        .filter(revision::Column::RoomId.eq(room_id))
        .exec(connection)
        .await?;
    comment::Entity::delete_many()
        .filter(comment::Column::RoomId.eq(room_id))
        .exec(connection)
        .await?;
    position::Entity::delete_many()
        .filter(position::Column::RoomId.eq(room_id))
        .exec(connection)
        .await?;
    attestations::clear(tx, room_id).await?;
    posts::clear(tx, room_id).await?;
    entries::reassign_cells(tx, room_id).await?;
    anchors::empty(tx, room_id).await?;
    dispositions::empty(tx, room_id).await?;
    let cells = entries::cells(tx, room_id).await?;
    for cell in &cells {
        let parts = entries::of_cell(tx, room_id, cell).await?;
        fold_parts(tx, room_id, cell, parts, None).await?;
    }
    Ok(cells.len())
}

async fn fold_opinion(tx: &Tx, room_id: i64, uri: &str, held: &[Held]) -> Result<(), StoreError> {
    let connection = tx.connection();
    let before = anchors::texts_of(tx, room_id, uri).await?;
    opinion::Entity::delete_by_id((uri.to_owned(), room_id)).exec(connection).await?;
    revision::Entity::delete_many()
        .filter(revision::Column::RoomId.eq(room_id))
        .filter(revision::Column::OpinionUri.eq(uri))
        .exec(connection)
        .await?;
    let Some(state) = fold::opinion(held) else {
        return posts::forget(tx, uri, posts::OPINION).await;
    };
    let Some(current) = state.current() else { return Ok(()) };
    if state.deleted {
        posts::forget(tx, uri, posts::OPINION).await?;
    } else if let Some(key) = posts::put(
        tx,
        room_id,
        uri,
        (posts::OPINION, !current.attachments.is_empty()),
        &state.author,
    )
    .await?
    {
        posts::put_words(tx, key, &[&current.name, &current.abstract_text]).await?;
    }
    let row = Opinion {
        uri: uri.to_owned(),
        room_id,
        author: state.author.clone(),
        name: current.name.clone(),
        abstract_text: current.abstract_text.clone(),
        language: current.language.clone(),
        status: state.status.clone(),
        status_note: state.status_note.clone(),
        superseded_by: state.superseded_by.clone(),
        stakeholder_group: state.stakeholder_group.clone(),
        region: state.region.clone(),
        revision: current.number,
        digest: current.digest.clone(),
        chain: state.chain.word().to_owned(),
        audience: state.audience.clone(),
        published: state.published.as_millis(),
        updated: state.updated.as_millis(),
        received_at: state.received.map(Timestamp::as_millis),
        deleted: state.deleted,
        letter_closes: state.letter.as_ref().map(|letter| letter.closes.as_millis()),
        letter_zone: state.letter.as_ref().map(|letter| letter.zone.clone()),
    };
    insert_row(tx, row).await?;
    for made in &state.revisions {
        let row = Revision {
            room_id,
            opinion_uri: uri.to_owned(),
            number: made.number,
            digest: made.digest.clone(),
            name: made.name.clone(),
            abstract_text: made.abstract_text.clone(),
            language: made.language.clone(),
            content: made.content.clone(),
            source: made.source.clone(),
            previous: made.previous.clone(),
            change_note: made.change_note.clone(),
            authors: json(&made.authors),
            published: made.published.as_millis(),
            received_at: made.received.map(Timestamp::as_millis),
            entry_hash: made.entry_hash.clone(),
            activity_id: made.activity_id.clone(),
            current: made.current,
            attachments: json(&made.attachments),
        };
        insert_row(tx, row).await?;
    }
    place_replies(tx, room_id, uri).await?;
    // Where a passage is now depends on the texts alone: a receipt or a change of status moves none.
    if anchors::texts_of(tx, room_id, uri).await? != before {
        anchors::mark_due(tx, room_id, uri).await?;
    }
    Ok(())
}

async fn fold_comment(
    tx: &Tx,
    room_id: i64,
    uri: &str,
    held: &[Held],
    fresh_key: Option<i64>,
) -> Result<(), StoreError> {
    if fresh_key.is_none() {
        let connection = tx.connection();
        comment::Entity::delete_by_id((uri.to_owned(), room_id)).exec(connection).await?;
        dispositions::forget(tx, room_id, uri).await?;
        anchors::forget(tx, room_id, uri).await?;
    }
    let Some(state) = fold::comment(held) else {
        return posts::forget(tx, uri, posts::COMMENT).await;
    };
    if state.deleted {
        posts::forget(tx, uri, posts::COMMENT).await?;
        // Pictures of ours go with the words, by whichever way the Delete came.
        media::let_go(tx, uri).await?;
    } else {
        // What an instance says somebody said is a post of the instance's, there and in every client.
        let author = state.attested_by.as_ref().unwrap_or(&state.author);
        let kind = (posts::COMMENT, !state.attachments.is_empty());
        match fresh_key {
            Some(key) => posts::put_at(tx, room_id, (uri, key), kind, author).await?,
            None => drop(posts::put(tx, room_id, uri, kind, author).await?),
        }
    }
    // What nothing answers stands above nothing: the place its parent has found is right. (A thread of thousands of
    // comments is not walked for each.)
    let parent = &state.in_reply_to;
    let [answered, on_opinion] =
        are(tx, [answers_to(room_id, uri), heads(room_id, parent)]).await?;
    let opinion_uri = if on_opinion {
        Some(parent.clone())
    } else {
        thread_above(tx, room_id, uri, parent, !answered).await?
    };
    dispositions::put(tx, room_id, &state).await?;
    let row = Comment {
        uri: uri.to_owned(),
        room_id,
        opinion_uri,
        in_reply_to: state.in_reply_to,
        author: state.author,
        kind: state.kind,
        content: state.content,
        source: state.source,
        language: state.language,
        anchors: json(&state.anchors),
        stakeholder_group: state.stakeholder_group,
        capacity: state.capacity,
        on_behalf_of: state.on_behalf_of,
        delegation: state.delegation,
        claims_to_speak_for: state.claims_to_speak_for,
        published: state.published.as_millis(),
        updated: state.updated.map(Timestamp::as_millis),
        received_at: state.received.map(Timestamp::as_millis),
        versions: state.versions,
        entry_hash: state.entry_hash,
        activity_id: state.activity_id,
        deleted: state.deleted,
        attested_by: state.attested_by,
        attachments: json(&state.attachments),
    };
    insert_row(tx, row.clone()).await?;
    anchors::of_comment(tx, &row).await?;
    if answered { place_replies(tx, room_id, uri).await } else { Ok(()) }
}

/// Writes the positions in one principal's name in place of those that stood there.
async fn replace_line(
    tx: &Tx,
    room_id: i64,
    opinion: &str,
    principal: &str,
    states: Vec<fold::Position>,
) -> Result<(), StoreError> {
    let connection = tx.connection();
    position::Entity::delete_many()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion))
        .filter(position::Column::Principal.eq(principal))
        .exec(connection)
        .await?;
    let notes: BTreeSet<String> =
        states.iter().filter_map(|state| state.object_uri.clone()).collect();
    for state in states {
        let row = Position {
            room_id,
            entry_hash: state.entry_hash,
            opinion_uri: opinion.to_owned(),
            principal: principal.to_owned(),
            line: state.line,
            actor: state.actor,
            on_behalf_of: state.on_behalf_of,
            delegation: state.delegation,
            role: state.role,
            confirmed: state.confirmed,
            kind: state.kind,
            statement: state.statement,
            language: state.language,
            capacity: state.capacity,
            stakeholder_group: state.stakeholder_group,
            region: state.region,
            revision: state.revision,
            revision_digest: state.revision_digest,
            published: state.published.as_millis(),
            received_at: state.received.map(Timestamp::as_millis),
            live: state.live,
            withdrawn_at: state.withdrawn_at.map(Timestamp::as_millis),
            activity_id: state.activity_id,
            object_uri: state.object_uri,
            claims_to_speak_for: state.claims_to_speak_for,
            blocks: (!state.blocks.is_empty()).then(|| json(&state.blocks)),
            attested_by: state.attested_by,
        };
        let name = row.object_uri.as_ref().unwrap_or(&row.activity_id);
        if posts::has_words(&row) {
            let author = row.attested_by.as_ref().unwrap_or(&row.actor);
            posts::put(tx, room_id, name, (posts::POSITION, false), author).await?;
        } else if row.object_uri.is_some() {
            posts::forget(tx, name, posts::POSITION).await?;
        }
        insert_row(tx, row).await?;
    }
    for note in notes {
        place_replies(tx, room_id, &note).await?;
    }
    Ok(())
}

/// The opinion at the end of the thread above a comment whose parent is none itself, as far as it is held; none where the
/// thread runs in a circle, which an author can make by editing what a comment answers. Where `trusting`, the place that
/// a comment above has found is taken for right.
async fn thread_above(
    tx: &Tx,
    room_id: i64,
    uri: &str,
    parent: &str,
    trusting: bool,
) -> Result<Option<String>, StoreError> {
    let mut seen = BTreeSet::from([uri.to_owned()]);
    let mut at = parent.to_owned();
    loop {
        if !seen.insert(at.clone()) {
            return Ok(None);
        }
        if trusting && let Some(row) = comment_row(tx, room_id, &at).await? {
            return Ok(row.opinion_uri);
        }
        at = match answers(tx, room_id, &at).await? {
            Some(parent) => parent,
            None => return Ok(None),
        };
        if is_opinion(tx, room_id, &at).await? {
            return Ok(Some(at));
        }
    }
}

/// The comments that instances attest for somebody in a room, by id.
pub(super) async fn attested_comments(
    tx: &Tx,
    room_id: i64,
    author: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(comment::Entity::find()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::Author.eq(author))
        .filter(comment::Column::AttestedBy.is_not_null())
        .select_only()
        .column(comment::Column::Uri)
        .into_tuple()
        .all(tx.connection())
        .await?)
}

async fn is_opinion(tx: &Tx, room_id: i64, uri: &str) -> Result<bool, StoreError> {
    let [is] = are(tx, [heads(room_id, uri)]).await?;
    Ok(is)
}

async fn comment_row(tx: &Tx, room_id: i64, uri: &str) -> Result<Option<Comment>, StoreError> {
    let found = comment::Entity::find_by_id((uri.to_owned(), room_id)).one(tx.connection());
    Ok(found.await?)
}

/// What a comment answers, or what the position that is this Note is on. Should its author have signed several, the
/// set decides which.
async fn answers(tx: &Tx, room_id: i64, uri: &str) -> Result<Option<String>, StoreError> {
    if let Some(row) = comment_row(tx, room_id, uri).await? {
        return Ok(Some(row.in_reply_to));
    }
    let row = position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::ObjectUri.eq(uri))
        .order_by_asc(position::Column::EntryHash)
        .one(tx.connection())
        .await?;
    Ok(row.map(|row| row.opinion_uri))
}

/// Whether a comment or a position that is a Note is held that answers this.
async fn is_answered(tx: &Tx, room_id: i64, uri: &str) -> Result<bool, StoreError> {
    let [answered] = are(tx, [answers_to(room_id, uri)]).await?;
    Ok(answered)
}

/// That a comment or a position that is a Note is held that answers this.
fn answers_to(room_id: i64, uri: &str) -> Expr {
    let comments = comment::Entity::find()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::InReplyTo.eq(uri))
        .select_only()
        .column(comment::Column::Uri)
        .into_query();
    let notes = position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(uri))
        .filter(position::Column::ObjectUri.is_not_null())
        .select_only()
        .column(position::Column::EntryHash)
        .into_query();
    Expr::exists(comments).or(Expr::exists(notes))
}

/// That this is an opinion.
fn heads(room_id: i64, uri: &str) -> Expr {
    let opinions = opinion::Entity::find_by_id((uri.to_owned(), room_id))
        .select_only()
        .column(opinion::Column::Uri)
        .into_query();
    Expr::exists(opinions)
}

/// Several yes-or-no questions at once.
async fn are<const N: usize>(tx: &Tx, questions: [Expr; N]) -> Result<[bool; N], StoreError> {
    let asked = Query::select().exprs(questions).to_owned();
    let row = tx.connection().query_one(&asked).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("no answer to a question".to_owned()))?;
    let mut answers = [false; N];
    for (at, answer) in answers.iter_mut().enumerate() {
        *answer = row.try_get_by_index(at)?;
    }
    Ok(answers)
}

/// Moves the replies to this parent, and theirs, to the thread the parent is in now: a comment finds its place
/// whenever the missing item comes. Below a comment that is in the right thread everything is.
async fn place_replies(tx: &Tx, room_id: i64, parent: &str) -> Result<(), StoreError> {
    if !is_answered(tx, room_id, parent).await? {
        return Ok(());
    }
    let thread = if is_opinion(tx, room_id, parent).await? {
        Some(parent.to_owned())
    } else {
        match answers(tx, room_id, parent).await? {
            Some(above) if is_opinion(tx, room_id, &above).await? => Some(above),
            Some(above) => thread_above(tx, room_id, parent, &above, false).await?,
            None => None,
        }
    };
    let elsewhere = match &thread {
        Some(uri) => Condition::any()
            .add(comment::Column::OpinionUri.is_null())
            .add(comment::Column::OpinionUri.ne(uri)),
        None => Condition::all().add(comment::Column::OpinionUri.is_not_null()),
    };
    let mut seen = BTreeSet::from([parent.to_owned()]);
    let mut parents = vec![parent.to_owned()];
    while let Some(parent) = parents.pop() {
        let misplaced = comment::Entity::find()
            .filter(comment::Column::RoomId.eq(room_id))
            .filter(comment::Column::InReplyTo.eq(&parent))
            .filter(elsewhere.clone())
            .all(tx.connection())
            .await?;
        let mut below = Vec::new();
        for note in answered_notes(tx, room_id, &parent).await? {
            if answers(tx, room_id, &note).await?.as_ref() == Some(&parent) {
                below.push(note);
            }
        }
        for row in misplaced {
            below.push(row.uri.clone());
            let mut row = row.into_active_model();
            row.opinion_uri = Set(thread.clone());
            let row = row.update(tx.connection()).await?;
            anchors::forget(tx, room_id, &row.uri).await?;
            anchors::of_comment(tx, &row).await?;
        }
        for uri in below {
            // What is an opinion too is the head of a thread of its own.
            if !is_opinion(tx, room_id, &uri).await? && seen.insert(uri.clone()) {
                parents.push(uri);
            }
        }
    }
    Ok(())
}

/// The Notes that are positions on this and are answered themselves.
async fn answered_notes(tx: &Tx, room_id: i64, parent: &str) -> Result<Vec<String>, StoreError> {
    let same_room = |room: Expr| room.eq(room_id);
    let commented = Query::select()
        .expr(Expr::val(1))
        .from(comment::Entity)
        .and_where(same_room(Expr::col((comment::Entity, comment::Column::RoomId))))
        .and_where(
            Expr::col((comment::Entity, comment::Column::InReplyTo))
                .equals((position::Entity, position::Column::ObjectUri)),
        )
        .to_owned();
    let on = Alias::new("on_it");
    let positioned = Query::select()
        .expr(Expr::val(1))
        .from_as(position::Entity, on.clone())
        .and_where(same_room(Expr::col((on.clone(), position::Column::RoomId))))
        .and_where(
            Expr::col((on, position::Column::OpinionUri))
                .equals((position::Entity, position::Column::ObjectUri)),
        )
        .to_owned();
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(parent))
        .filter(position::Column::ObjectUri.is_not_null())
        .filter(Condition::any().add(Expr::exists(commented)).add(Expr::exists(positioned)))
        .select_only()
        .column(position::Column::ObjectUri)
        .distinct()
        .into_tuple()
        .all(tx.connection())
        .await?)
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_never| "[]".to_owned())
}

/// All opinions of a room, oldest first.
pub async fn opinions(db: &impl Source, room_id: i64) -> Result<Vec<Opinion>, StoreError> {
    Ok(opinion::Entity::find()
        .filter(opinion::Column::RoomId.eq(room_id))
        .order_by_asc(opinion::Column::Published)
        .order_by_asc(opinion::Column::Uri)
        .all(db.connection())
        .await?)
}

/// The acts on an opinion of these principals, by themselves or in their name, oldest first.
pub async fn positions_of(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
    principals: &[String],
) -> Result<Vec<Position>, StoreError> {
    let of_principals = Condition::any()
        .add(position::Column::Actor.is_in(principals.iter().cloned()))
        .add(position::Column::OnBehalfOf.is_in(principals.iter().cloned()));
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion_uri))
        .filter(of_principals)
        .order_by_asc(position::Column::Published)
        .order_by_asc(position::Column::EntryHash)
        .all(db.connection())
        .await?)
}

/// One opinion.
pub async fn opinion(db: &impl Source, uri: &str) -> Result<Option<Opinion>, StoreError> {
    Ok(opinion::Entity::find().filter(opinion::Column::Uri.eq(uri)).one(db.connection()).await?)
}

/// All revisions of an opinion, first to last.
pub async fn revisions(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<Revision>, StoreError> {
    Ok(revision::Entity::find()
        .filter(revision::Column::RoomId.eq(room_id))
        .filter(revision::Column::OpinionUri.eq(opinion_uri))
        .order_by_asc(revision::Column::Number)
        .order_by_asc(revision::Column::Digest)
        .all(db.connection())
        .await?)
}

/// The opinions with these ids, in whichever rooms hold them.
pub async fn opinions_of_uris(
    db: &impl Source,
    uris: &[String],
) -> Result<Vec<Opinion>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(500) {
        let rows = opinion::Entity::find().filter(opinion::Column::Uri.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// The comments with these ids, in whichever rooms hold them.
pub async fn comments_of_uris(
    db: &impl Source,
    uris: &[String],
) -> Result<Vec<Comment>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(500) {
        let rows = comment::Entity::find().filter(comment::Column::Uri.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// The positions that these activities took, in whichever rooms hold them.
pub async fn positions_of_acts(
    db: &impl Source,
    activities: &[String],
) -> Result<Vec<Position>, StoreError> {
    let mut found = Vec::new();
    for some in activities.chunks(500) {
        let rows = position::Entity::find()
            .filter(position::Column::ActivityId.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// All comments placed under an opinion, oldest first.
pub async fn comments(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<Comment>, StoreError> {
    Ok(comment::Entity::find()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::OpinionUri.eq(opinion_uri))
        .order_by_asc(comment::Column::Published)
        .order_by_asc(comment::Column::Uri)
        .all(db.connection())
        .await?)
}

/// The comments of a kind that answer an opinion directly and were not deleted, oldest first.
pub async fn answers_of_kind(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
    kind: &str,
) -> Result<Vec<Comment>, StoreError> {
    Ok(comment::Entity::find()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::InReplyTo.eq(opinion_uri))
        .filter(comment::Column::Kind.eq(kind))
        .filter(comment::Column::Deleted.eq(false))
        .order_by_asc(comment::Column::Published)
        .order_by_asc(comment::Column::Uri)
        .all(db.connection())
        .await?)
}

/// One comment.
pub async fn comment(db: &impl Source, uri: &str) -> Result<Option<Comment>, StoreError> {
    Ok(comment::Entity::find().filter(comment::Column::Uri.eq(uri)).one(db.connection()).await?)
}

/// The comments that answer an object directly, oldest first.
pub async fn replies(
    db: &impl Source,
    parent: &str,
    limit: u64,
    offset: u64,
) -> Result<Vec<Comment>, StoreError> {
    Ok(comment::Entity::find()
        .filter(comment::Column::InReplyTo.eq(parent))
        .filter(comment::Column::Deleted.eq(false))
        .order_by_asc(comment::Column::Published)
        .order_by_asc(comment::Column::Uri)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// Every position act on an opinion, oldest first.
pub async fn positions(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<Position>, StoreError> {
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion_uri))
        .order_by_asc(position::Column::Published)
        .order_by_asc(position::Column::EntryHash)
        .all(db.connection())
        .await?)
}

/// One position act, by the id of its activity or Note.
pub async fn position(db: &impl Source, uri: &str) -> Result<Option<Position>, StoreError> {
    Ok(position::Entity::find()
        .filter(
            Condition::any()
                .add(position::Column::ActivityId.eq(uri))
                .add(position::Column::ObjectUri.eq(uri)),
        )
        .one(db.connection())
        .await?)
}

/// Opinions by an author, newest first.
pub async fn opinions_by(
    db: &impl Source,
    author: &str,
    limit: u64,
) -> Result<Vec<Opinion>, StoreError> {
    Ok(opinion::Entity::find()
        .filter(opinion::Column::Author.eq(author))
        .filter(opinion::Column::Deleted.eq(false))
        .order_by_desc(opinion::Column::Published)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// Comments by an author, newest first.
pub async fn comments_by(
    db: &impl Source,
    author: &str,
    limit: u64,
) -> Result<Vec<Comment>, StoreError> {
    Ok(comment::Entity::find()
        .filter(comment::Column::Author.eq(author))
        .filter(comment::Column::Deleted.eq(false))
        .order_by_desc(comment::Column::Published)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// Live positions by an actor, newest first.
pub async fn positions_by(
    db: &impl Source,
    actor: &str,
    limit: u64,
) -> Result<Vec<Position>, StoreError> {
    Ok(position::Entity::find()
        .filter(position::Column::Actor.eq(actor))
        .filter(position::Column::Live.eq(true))
        .order_by_desc(position::Column::Published)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// How many items of a room are not placed under any opinion yet.
pub async fn unplaced(db: &impl Source, room_id: i64) -> Result<u64, StoreError> {
    Ok(comment::Entity::find()
        .filter(comment::Column::RoomId.eq(room_id))
        .filter(comment::Column::OpinionUri.is_null())
        .count(db.connection())
        .await?)
}

/// The current revision of every opinion of a room, by opinion.
pub async fn current_revisions(
    db: &impl Source,
    room_id: i64,
) -> Result<std::collections::BTreeMap<String, Revision>, StoreError> {
    Ok(revision::Entity::find()
        .filter(revision::Column::RoomId.eq(room_id))
        .filter(revision::Column::Current.eq(true))
        .all(db.connection())
        .await?
        .into_iter()
        .map(|row| (row.opinion_uri.clone(), row))
        .collect())
}

/// The wire terms of the groups of which anybody was heard in a room.
pub async fn groups_heard(
    db: &impl Source,
    room_id: i64,
) -> Result<std::collections::BTreeSet<String>, StoreError> {
    let connection = db.connection();
    let opinions: Vec<Option<String>> = opinion::Entity::find()
        .filter(opinion::Column::RoomId.eq(room_id))
        .select_only()
        .column(opinion::Column::StakeholderGroup)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    let comments: Vec<Option<String>> = comment::Entity::find()
        .filter(comment::Column::RoomId.eq(room_id))
        .select_only()
        .column(comment::Column::StakeholderGroup)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    let positions: Vec<Option<String>> = position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .select_only()
        .column(position::Column::StakeholderGroup)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    Ok(opinions.into_iter().chain(comments).chain(positions).flatten().collect())
}

/// The positions on an opinion that stand, oldest first.
pub async fn live_positions(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<Position>, StoreError> {
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion_uri))
        .filter(position::Column::Live.eq(true))
        .order_by_asc(position::Column::Published)
        .order_by_asc(position::Column::EntryHash)
        .all(db.connection())
        .await?)
}

/// Those of them that one actor took, for themselves or for somebody.
pub async fn live_positions_of(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
    actor: &str,
) -> Result<Vec<Position>, StoreError> {
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion_uri))
        .filter(position::Column::Live.eq(true))
        .filter(position::Column::Actor.eq(actor))
        .all(db.connection())
        .await?)
}

/// What decides where in a table a confirmed position that stands is named.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Named {
    /// Its entry.
    pub entry_hash: String,
    /// The principal's name; none where who it is was never read.
    pub name: Option<String>,
    /// Whether an organisation is spoken for, or how the person stands to one.
    pub capacity: String,
    /// Set where the principal is not who acted.
    pub on_behalf_of: Option<String>,
    /// Wire term of the group.
    pub stakeholder_group: Option<String>,
    /// Wire term of the kind.
    pub kind: String,
    /// The text it is bound to.
    pub revision_digest: String,
}

/// Every confirmed position that stands on an opinion, with no more of it than a table of names is ordered by.
pub async fn named(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
) -> Result<Vec<Named>, StoreError> {
    Ok(position::Entity::find()
        .select_only()
        .column(position::Column::EntryHash)
        .column(actor::Column::Name)
        .column(position::Column::Capacity)
        .column(position::Column::OnBehalfOf)
        .column(position::Column::StakeholderGroup)
        .column(position::Column::Kind)
        .column(position::Column::RevisionDigest)
        .join(
            JoinType::LeftJoin,
            position::Entity::belongs_to(actor::Entity)
                .from(position::Column::Principal)
                .to(actor::Column::Uri)
                .into(),
        )
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion_uri))
        .filter(position::Column::Live.eq(true))
        .filter(position::Column::Confirmed.eq(true))
        .into_model()
        .all(db.connection())
        .await?)
}

/// The positions of these entries.
pub async fn positions_of_entries(
    db: &impl Source,
    room_id: i64,
    hashes: &[String],
) -> Result<Vec<Position>, StoreError> {
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::EntryHash.is_in(hashes.iter().cloned()))
        .order_by_asc(position::Column::Published)
        .order_by_asc(position::Column::EntryHash)
        .all(db.connection())
        .await?)
}

/// The position of a line that stands.
pub async fn standing_of_line(
    db: &impl Source,
    room_id: i64,
    opinion_uri: &str,
    line: &str,
) -> Result<Option<Position>, StoreError> {
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::OpinionUri.eq(opinion_uri))
        .filter(position::Column::Line.eq(line))
        .filter(position::Column::Live.eq(true))
        .one(db.connection())
        .await?)
}

/// Opinion, group, kind and digest of every confirmed position that stands in a room, each combination once.
pub async fn stances(
    db: &impl Source,
    room_id: i64,
) -> Result<Vec<(String, Option<String>, String, String)>, StoreError> {
    Ok(position::Entity::find()
        .filter(position::Column::RoomId.eq(room_id))
        .filter(position::Column::Live.eq(true))
        .filter(position::Column::Confirmed.eq(true))
        .select_only()
        .column(position::Column::OpinionUri)
        .column(position::Column::StakeholderGroup)
        .column(position::Column::Kind)
        .column(position::Column::RevisionDigest)
        .distinct()
        .into_tuple()
        .all(db.connection())
        .await?)
}

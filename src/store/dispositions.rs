//! What somebody said became of comments and positions. Who may say so is not decided here.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Source, StoreError, Tx,
    entity::{disposition, revision},
    insert_row,
};
use crate::{base::clock::Timestamp, record::fold};

pub use super::entity::disposition::Model as Disposition;

/// Ids asked for at once.
const IDS_AT_ONCE: usize = 500;

/// Writes what a comment says became of what it answers, if it says so.
pub(super) async fn put(tx: &Tx, room_id: i64, state: &fold::Comment) -> Result<(), StoreError> {
    let Some(said) = &state.disposition else { return Ok(()) };
    let row = Disposition {
        room_id,
        uri: state.uri.clone(),
        of_uri: state.in_reply_to.clone(),
        of_version: said.of_version.clone(),
        author: state.author.clone(),
        on_behalf_of: state.on_behalf_of.clone(),
        delegation: state.delegation.clone(),
        outcome: said.outcome.word().to_owned(),
        reason: said.reason.clone(),
        language: state.language.clone(),
        revision: said.revision,
        revision_digest: said.revision_digest.clone(),
        venue: said.venue.clone(),
        published: state.published.as_millis(),
        received_at: state.received.map(Timestamp::as_millis),
        entry_hash: state.entry_hash.clone(),
    };
    insert_row(tx, row).await
}

/// Takes away what a Note said.
pub(super) async fn forget(tx: &Tx, room_id: i64, uri: &str) -> Result<(), StoreError> {
    disposition::Entity::delete_by_id((room_id, uri.to_owned())).exec(tx.connection()).await?;
    Ok(())
}

/// Empties the projection of a room.
pub(super) async fn empty(tx: &Tx, room_id: i64) -> Result<(), StoreError> {
    disposition::Entity::delete_many()
        .filter(disposition::Column::RoomId.eq(room_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// What was said of these comments and positions, by what it is said of, oldest first; of two at one moment the one
/// with the smaller entry comes last, in every room.
pub async fn of(
    db: &impl Source,
    room_id: i64,
    uris: &[String],
) -> Result<BTreeMap<String, Vec<Disposition>>, StoreError> {
    let mut found: BTreeMap<String, Vec<Disposition>> = BTreeMap::new();
    for some in uris.chunks(IDS_AT_ONCE) {
        let rows = disposition::Entity::find()
            .filter(disposition::Column::RoomId.eq(room_id))
            .filter(disposition::Column::OfUri.is_in(some.iter().cloned()))
            .order_by_asc(disposition::Column::Published)
            .order_by_desc(disposition::Column::EntryHash)
            .all(db.connection())
            .await?;
        for row in rows {
            found.entry(row.of_uri.clone()).or_default().push(row);
        }
    }
    Ok(found)
}

/// One, by the id of its Note.
pub async fn by_uri(
    db: &impl Source,
    room_id: i64,
    uri: &str,
) -> Result<Option<Disposition>, StoreError> {
    let found = disposition::Entity::find_by_id((room_id, uri.to_owned()));
    Ok(found.one(db.connection()).await?)
}

/// Whom the current revision of each opinion in a room names as its authors.
pub async fn authors(
    db: &impl Source,
    room_id: i64,
) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let rows: Vec<(String, String)> = revision::Entity::find()
        .filter(revision::Column::RoomId.eq(room_id))
        .filter(revision::Column::Current.eq(true))
        .select_only()
        .columns([revision::Column::OpinionUri, revision::Column::Authors])
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(uri, authors)| (uri, serde_json::from_str(&authors).unwrap_or_default()))
        .collect())
}

//! This instance's own decimal key for each object, also for objects from elsewhere (decisions 12). `rebuild` does
//! not touch it: a key once given stays.

use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use super::{Source, StoreError, Tx, entity::object_key};
use crate::protocol::paths::last_segment;

pub use super::entity::object_key::Model as ObjectKey;

/// Most objects named when a key is ambiguous.
const CANDIDATES_MAX: u64 = 20;

/// By the object's id.
pub async fn by_uri(db: &impl Source, uri: &str) -> Result<Option<ObjectKey>, StoreError> {
    Ok(object_key::Entity::find()
        .filter(object_key::Column::Uri.eq(uri))
        .one(db.connection())
        .await?)
}

/// The keys of many objects.
pub async fn by_uris(db: &impl Source, uris: &[String]) -> Result<Vec<ObjectKey>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(500) {
        let rows =
            object_key::Entity::find().filter(object_key::Column::Uri.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<ObjectKey>, StoreError> {
    Ok(object_key::Entity::find_by_id(id).one(db.connection()).await?)
}

/// Objects of a kind whose id ends in this path segment.
pub async fn by_segment(
    db: &impl Source,
    segment: &str,
    kind: &str,
) -> Result<Vec<ObjectKey>, StoreError> {
    Ok(object_key::Entity::find()
        .filter(object_key::Column::Segment.eq(segment))
        .filter(object_key::Column::Kind.eq(kind))
        .order_by_asc(object_key::Column::Id)
        .limit(CANDIDATES_MAX)
        .all(db.connection())
        .await?)
}

/// The object's key: the one it has, else `fresh`.
pub async fn give(tx: &Tx, uri: &str, kind: &str, fresh: i64) -> Result<i64, StoreError> {
    if let Some(given) = give_new(tx, uri, kind, fresh).await? {
        return Ok(given);
    }
    let known = by_uri(tx, uri).await?;
    known.map(|row| row.id).ok_or_else(|| StoreError::Corrupt(format!("{uri} has no key")))
}

/// Gives an object its key where it has none; answers the key if it was given just now.
pub(super) async fn give_new(
    tx: &Tx,
    uri: &str,
    kind: &str,
    fresh: i64,
) -> Result<Option<i64>, StoreError> {
    let row = ObjectKey {
        id: fresh,
        uri: uri.to_owned(),
        segment: last_segment(uri).to_owned(),
        kind: kind.to_owned(),
    };
    let given = object_key::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(object_key::Column::Uri).do_nothing().to_owned())
        .exec_without_returning(tx.connection())
        .await?;
    Ok((given > 0).then_some(fresh))
}

//! Links between our rooms and rooms elsewhere (protocol 4.f.3).

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{Source, StoreError, Tx, entity::link};
use crate::protocol::paths::host_of;

pub use super::entity::link::Model as Link;

/// Asked for, not answered yet.
pub const ASKED: &str = "asked";
/// Both sides follow and have accepted.
pub const UP: &str = "up";
/// Ended or out of reach.
pub const DOWN: &str = "down";

/// The link of a room with a peer.
pub async fn with_peer(
    db: &impl Source,
    room_id: i64,
    peer: &str,
) -> Result<Option<Link>, StoreError> {
    Ok(link::Entity::find()
        .filter(link::Column::RoomId.eq(room_id))
        .filter(link::Column::Peer.eq(peer))
        .one(db.connection())
        .await?)
}

/// The links with a peer, whichever room of ours they belong to: by the peer's actor id.
pub async fn by_peer(db: &impl Source, peer: &str) -> Result<Vec<Link>, StoreError> {
    Ok(link::Entity::find().filter(link::Column::Peer.eq(peer)).all(db.connection()).await?)
}

/// The links with rooms at a host (`host` or `host:port`) that are not down.
pub async fn at_host(db: &impl Source, host: &str) -> Result<Vec<Link>, StoreError> {
    let links = link::Entity::find()
        .filter(link::Column::State.ne(DOWN))
        .filter(link::Column::Peer.contains(format!("://{host}/")))
        .all(db.connection())
        .await?;
    // What matches by wildcards of the database is looked at again.
    Ok(links.into_iter().filter(|link| host_of(&link.peer) == host).collect())
}

/// All links of a room, oldest first.
pub async fn of_room(db: &impl Source, room_id: i64) -> Result<Vec<Link>, StoreError> {
    Ok(link::Entity::find()
        .filter(link::Column::RoomId.eq(room_id))
        .order_by_asc(link::Column::Id)
        .all(db.connection())
        .await?)
}

/// The links of a room that are up.
pub async fn up(db: &impl Source, room_id: i64) -> Result<Vec<Link>, StoreError> {
    Ok(link::Entity::find()
        .filter(link::Column::RoomId.eq(room_id))
        .filter(link::Column::State.eq(UP))
        .order_by_asc(link::Column::Id)
        .all(db.connection())
        .await?)
}

/// Every link that is up.
pub async fn all_up(db: &impl Source) -> Result<Vec<Link>, StoreError> {
    Ok(link::Entity::find()
        .filter(link::Column::State.eq(UP))
        .order_by_asc(link::Column::Id)
        .all(db.connection())
        .await?)
}

/// Adds a link, or replaces what is known of it.
pub async fn save(tx: &Tx, row: Link) -> Result<Link, StoreError> {
    let known = with_peer(tx, row.room_id, &row.peer).await?;
    match known {
        Some(known) => {
            let row = Link { id: known.id, ..row };
            Ok(row.into_active_model().reset_all().update(tx.connection()).await?)
        }
        None => Ok(row.into_active_model().insert(tx.connection()).await?),
    }
}

/// The links whose peer's log is to be read now: those that accepted our Follow.
pub async fn due_for_pull(db: &impl Source, now: i64) -> Result<Vec<Link>, StoreError> {
    Ok(link::Entity::find()
        .filter(link::Column::SentAccepted.eq(true))
        .filter(link::Column::State.ne(DOWN))
        .filter(link::Column::PullDueAt.lte(now))
        .order_by_asc(link::Column::Id)
        .all(db.connection())
        .await?)
}

/// When the next peer's log is to be read.
pub async fn next_pull(db: &impl Source) -> Result<Option<i64>, StoreError> {
    Ok(link::Entity::find()
        .filter(link::Column::SentAccepted.eq(true))
        .filter(link::Column::State.ne(DOWN))
        .order_by_asc(link::Column::PullDueAt)
        .one(db.connection())
        .await?
        .map(|row| row.pull_due_at))
}

/// The peers that follow our room with our consent: what its log gains is relayed to them.
pub async fn receivers(db: &impl Source, room_id: i64) -> Result<Vec<Link>, StoreError> {
    Ok(link::Entity::find()
        .filter(link::Column::RoomId.eq(room_id))
        .filter(link::Column::GotAccepted.eq(true))
        .filter(link::Column::State.ne(DOWN))
        .order_by_asc(link::Column::Id)
        .all(db.connection())
        .await?)
}

//! Guests: the servers where this instance is registered, the visits under way, the sessions that came of them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    Source, StoreError, Tx,
    entity::{guest_session, home_server, home_visit},
    insert_row,
};

pub use super::entity::{
    guest_session::Model as GuestSession, home_server::Model as HomeServer,
    home_visit::Model as HomeVisit,
};

/// Where this instance is registered, by origin.
pub async fn server(db: &impl Source, origin: &str) -> Result<Option<HomeServer>, StoreError> {
    Ok(home_server::Entity::find_by_id(origin).one(db.connection()).await?)
}

/// Notes where this instance is registered, in place of what was noted before.
pub async fn put_server(tx: &Tx, row: HomeServer) -> Result<(), StoreError> {
    home_server::Entity::delete_by_id(row.origin.clone()).exec(tx.connection()).await?;
    insert_row(tx, row).await
}

/// Forgets a registration that its server does not know any more; one made since stays.
pub async fn forget_server(tx: &Tx, origin: &str, client_id: &str) -> Result<(), StoreError> {
    home_server::Entity::delete_many()
        .filter(home_server::Column::Origin.eq(origin))
        .filter(home_server::Column::ClientId.eq(client_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Notes that somebody set out, and forgets those who did not come back in time.
pub async fn insert_visit(tx: &Tx, row: HomeVisit, now: i64) -> Result<(), StoreError> {
    home_visit::Entity::delete_many()
        .filter(home_visit::Column::ExpiresAt.lte(now))
        .exec(tx.connection())
        .await?;
    insert_row(tx, row).await
}

/// Takes a visit: whoever comes back with the same state again finds none. Of two who come at once, one gets it.
pub async fn take_visit(tx: &Tx, state_hash: &str) -> Result<Option<HomeVisit>, StoreError> {
    let found = home_visit::Entity::find_by_id(state_hash).one(tx.connection()).await?;
    let taken = home_visit::Entity::delete_by_id(state_hash).exec(tx.connection()).await?;
    Ok(found.filter(|_| taken.rows_affected == 1))
}

/// Adds a session, and forgets those that ended.
pub async fn insert_session(tx: &Tx, row: GuestSession) -> Result<(), StoreError> {
    guest_session::Entity::delete_many()
        .filter(guest_session::Column::ExpiresAt.lte(row.created_at))
        .exec(tx.connection())
        .await?;
    insert_row(tx, row).await
}

/// A session by the hash of its token.
pub async fn session(
    db: &impl Source,
    token_hash: &str,
) -> Result<Option<GuestSession>, StoreError> {
    Ok(guest_session::Entity::find_by_id(token_hash).one(db.connection()).await?)
}

/// The sessions of a guest that last, newest first.
pub async fn sessions_of(
    db: &impl Source,
    actor_id: i64,
    now: i64,
) -> Result<Vec<GuestSession>, StoreError> {
    Ok(guest_session::Entity::find()
        .filter(guest_session::Column::ActorId.eq(actor_id))
        .filter(guest_session::Column::ExpiresAt.gt(now))
        .order_by_desc(guest_session::Column::CreatedAt)
        .order_by_asc(guest_session::Column::TokenHash)
        .all(db.connection())
        .await?)
}

/// Ends a session of this guest's; whether there was one.
pub async fn delete_session(tx: &Tx, token_hash: &str, actor_id: i64) -> Result<bool, StoreError> {
    let ended = guest_session::Entity::delete_many()
        .filter(guest_session::Column::TokenHash.eq(token_hash))
        .filter(guest_session::Column::ActorId.eq(actor_id))
        .exec(tx.connection())
        .await?;
    Ok(ended.rows_affected > 0)
}

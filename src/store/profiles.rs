//! What accounts here say of themselves and keep for themselves, beyond name and text: details of profiles, preferences,
//! notes on others.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    Source, StoreError, Tx,
    entity::{account_note, preference, profile_detail},
    insert_row,
};

pub use super::entity::{
    account_note::Model as AccountNote, preference::Model as Preference,
    profile_detail::Model as ProfileDetail,
};

/// Ids asked for at once.
const CHUNK: usize = 500;

/// The details of these actors, of those that have any.
pub async fn details(
    db: &impl Source,
    actor_ids: &[i64],
) -> Result<Vec<ProfileDetail>, StoreError> {
    let mut found = Vec::new();
    for some in actor_ids.chunks(CHUNK) {
        let rows = profile_detail::Entity::find()
            .filter(profile_detail::Column::ActorId.is_in(some.iter().copied()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// Puts details in place of those before.
pub async fn set_details(tx: &Tx, row: ProfileDetail) -> Result<(), StoreError> {
    profile_detail::Entity::delete_by_id(row.actor_id).exec(tx.connection()).await?;
    insert_row(tx, row).await
}

/// What an account prefers, where it said so.
pub async fn preference(
    db: &impl Source,
    account_id: i64,
) -> Result<Option<Preference>, StoreError> {
    Ok(preference::Entity::find_by_id(account_id).one(db.connection()).await?)
}

/// Puts preferences in place of those before.
pub async fn set_preference(tx: &Tx, row: Preference) -> Result<(), StoreError> {
    preference::Entity::delete_by_id(row.account_id).exec(tx.connection()).await?;
    insert_row(tx, row).await
}

/// What an account noted on these.
pub async fn notes(
    db: &impl Source,
    account_id: i64,
    actors: &[String],
) -> Result<Vec<AccountNote>, StoreError> {
    let mut found = Vec::new();
    for some in actors.chunks(CHUNK) {
        let rows = account_note::Entity::find()
            .filter(account_note::Column::AccountId.eq(account_id))
            .filter(account_note::Column::ActorUri.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// Puts a note in place of the one before; an empty one is none.
pub async fn set_note(tx: &Tx, row: AccountNote) -> Result<(), StoreError> {
    let key = (row.account_id, row.actor_uri.clone());
    account_note::Entity::delete_by_id(key).exec(tx.connection()).await?;
    if row.words.is_empty() { Ok(()) } else { insert_row(tx, row).await }
}

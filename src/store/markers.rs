//! How far accounts have read.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Source, StoreError, Tx, entity::marker, insert_row};

pub use super::entity::marker::Model as Marker;

/// The marks of an account.
pub async fn of(db: &impl Source, account_id: i64) -> Result<Vec<Marker>, StoreError> {
    Ok(marker::Entity::find()
        .filter(marker::Column::AccountId.eq(account_id))
        .order_by_asc(marker::Column::Timeline)
        .all(db.connection())
        .await?)
}

/// Puts a mark in place of the one before.
pub async fn set(tx: &Tx, row: Marker) -> Result<(), StoreError> {
    marker::Entity::delete_by_id((row.account_id, row.timeline.clone()))
        .exec(tx.connection())
        .await?;
    insert_row(tx, row).await
}

//! Whom actors elsewhere do not want to hear of.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{Source, StoreError, Tx, entity::block};

pub use super::entity::block::Model as Block;

/// Keeps a block; the same again changes nothing.
pub async fn save(tx: &Tx, row: Block) -> Result<(), StoreError> {
    let key = (row.blocker.clone(), row.blocked.clone());
    if block::Entity::find_by_id(key).one(tx.connection()).await?.is_none() {
        row.into_active_model().insert(tx.connection()).await?;
    }
    Ok(())
}

/// Ends a block.
pub async fn delete(tx: &Tx, blocker: &str, blocked: &str) -> Result<(), StoreError> {
    block::Entity::delete_many()
        .filter(block::Column::Blocker.eq(blocker))
        .filter(block::Column::Blocked.eq(blocked))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Ends the block that an activity of this actor made.
pub async fn delete_by_activity(
    tx: &Tx,
    activity_uri: &str,
    blocker: &str,
) -> Result<(), StoreError> {
    block::Entity::delete_many()
        .filter(block::Column::ActivityUri.eq(activity_uri))
        .filter(block::Column::Blocker.eq(blocker))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Who blocks an actor of ours.
pub async fn blockers_of(db: &impl Source, blocked: &str) -> Result<Vec<String>, StoreError> {
    Ok(block::Entity::find()
        .filter(block::Column::Blocked.eq(blocked))
        .select_only()
        .column(block::Column::Blocker)
        .into_tuple()
        .all(db.connection())
        .await?)
}

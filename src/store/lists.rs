//! Lists of people and rooms that accounts read together.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::{
    Source, StoreError, Tx,
    entity::{list, list_member},
    insert_row,
    posts::Window,
};

pub use super::entity::{list::Model as List, list_member::Model as ListMember};

/// An account's lists, oldest first.
pub async fn of(db: &impl Source, account_id: i64) -> Result<Vec<List>, StoreError> {
    Ok(list::Entity::find()
        .filter(list::Column::AccountId.eq(account_id))
        .order_by_asc(list::Column::Id)
        .all(db.connection())
        .await?)
}

/// One list of an account.
pub async fn by_id(db: &impl Source, account_id: i64, id: i64) -> Result<Option<List>, StoreError> {
    Ok(list::Entity::find_by_id(id)
        .filter(list::Column::AccountId.eq(account_id))
        .one(db.connection())
        .await?)
}

/// How many an account has.
pub async fn count(db: &impl Source, account_id: i64) -> Result<u64, StoreError> {
    Ok(list::Entity::find()
        .filter(list::Column::AccountId.eq(account_id))
        .count(db.connection())
        .await?)
}

/// Adds a list.
pub async fn insert(tx: &Tx, row: List) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// Changes a list.
pub async fn save(tx: &Tx, row: List) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

/// Deletes a list with who is on it.
pub async fn delete(tx: &Tx, id: i64) -> Result<(), StoreError> {
    list_member::Entity::delete_many()
        .filter(list_member::Column::ListId.eq(id))
        .exec(tx.connection())
        .await?;
    list::Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

/// Who is on a list, the latest first.
pub async fn members(
    db: &impl Source,
    list_id: i64,
    window: Window,
) -> Result<Vec<ListMember>, StoreError> {
    let rows = list_member::Entity::find().filter(list_member::Column::ListId.eq(list_id));
    let rows = window.of(rows, list_member::Column::Id).all(db.connection()).await?;
    Ok(window.cut(rows, |row| row.id))
}

/// How many are on a list.
pub async fn count_members(db: &impl Source, list_id: i64) -> Result<u64, StoreError> {
    Ok(list_member::Entity::find()
        .filter(list_member::Column::ListId.eq(list_id))
        .count(db.connection())
        .await?)
}

/// Ids of all on these lists.
pub async fn on(db: &impl Source, list_ids: &[i64]) -> Result<Vec<String>, StoreError> {
    if list_ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(list_member::Entity::find()
        .filter(list_member::Column::ListId.is_in(list_ids.iter().copied()))
        .select_only()
        .column(list_member::Column::ActorUri)
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// The lists of an account that somebody is on, oldest first.
pub async fn with(db: &impl Source, account_id: i64, actor: &str) -> Result<Vec<List>, StoreError> {
    let on = list_member::Entity::find()
        .select_only()
        .column(list_member::Column::ListId)
        .filter(list_member::Column::ActorUri.eq(actor))
        .into_query();
    Ok(list::Entity::find()
        .filter(list::Column::AccountId.eq(account_id))
        .filter(list::Column::Id.in_subquery(on))
        .order_by_asc(list::Column::Id)
        .all(db.connection())
        .await?)
}

/// Puts somebody on a list; whether they were not on it.
pub async fn add(tx: &Tx, row: ListMember) -> Result<bool, StoreError> {
    let key = (row.list_id, row.actor_uri.clone());
    if list_member::Entity::find_by_id(key).one(tx.connection()).await?.is_some() {
        return Ok(false);
    }
    insert_row(tx, row).await?;
    Ok(true)
}

/// Takes these off lists.
pub async fn remove(tx: &Tx, list_ids: &[i64], actors: &[String]) -> Result<(), StoreError> {
    if list_ids.is_empty() || actors.is_empty() {
        return Ok(());
    }
    list_member::Entity::delete_many()
        .filter(list_member::Column::ListId.is_in(list_ids.iter().copied()))
        .filter(list_member::Column::ActorUri.is_in(actors.iter().cloned()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

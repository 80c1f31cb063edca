//! What accounts want to be warned of, or not to see.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};

use super::{
    Source, StoreError, Tx,
    entity::{filter, filter_keyword, filter_status},
    insert_row,
};

pub use super::entity::{
    filter::Model as Filter, filter_keyword::Model as FilterKeyword,
    filter_status::Model as FilterStatus,
};

/// A filter with what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The filter.
    pub filter: Filter,
    /// Its words, in the order they came.
    pub keywords: Vec<FilterKeyword>,
    /// Its posts, in the order they came.
    pub statuses: Vec<FilterStatus>,
}

/// An account's filters, oldest first.
pub async fn of(db: &impl Source, account_id: i64) -> Result<Vec<Whole>, StoreError> {
    let rows = filter::Entity::find()
        .filter(filter::Column::AccountId.eq(account_id))
        .order_by_asc(filter::Column::Id)
        .all(db.connection())
        .await?;
    whole(db, rows).await
}

/// One filter of an account.
pub async fn by_id(
    db: &impl Source,
    account_id: i64,
    id: i64,
) -> Result<Option<Whole>, StoreError> {
    let row = filter::Entity::find_by_id(id)
        .filter(filter::Column::AccountId.eq(account_id))
        .one(db.connection())
        .await?;
    Ok(whole(db, row.into_iter().collect()).await?.pop())
}

async fn whole(db: &impl Source, rows: Vec<Filter>) -> Result<Vec<Whole>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let keywords = filter_keyword::Entity::find()
        .filter(filter_keyword::Column::FilterId.is_in(ids.iter().copied()))
        .order_by_asc(filter_keyword::Column::Id)
        .all(db.connection())
        .await?;
    let statuses = filter_status::Entity::find()
        .filter(filter_status::Column::FilterId.is_in(ids))
        .order_by_asc(filter_status::Column::Id)
        .all(db.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|filter| Whole {
            keywords: keywords.iter().filter(|row| row.filter_id == filter.id).cloned().collect(),
            statuses: statuses.iter().filter(|row| row.filter_id == filter.id).cloned().collect(),
            filter,
        })
        .collect())
}

/// How many an account has.
pub async fn count(db: &impl Source, account_id: i64) -> Result<u64, StoreError> {
    Ok(filter::Entity::find()
        .filter(filter::Column::AccountId.eq(account_id))
        .count(db.connection())
        .await?)
}

/// Adds a filter.
pub async fn insert(tx: &Tx, row: Filter) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// Changes a filter.
pub async fn save(tx: &Tx, row: Filter) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

/// Deletes a filter with what it names.
pub async fn delete(tx: &Tx, id: i64) -> Result<(), StoreError> {
    filter_keyword::Entity::delete_many()
        .filter(filter_keyword::Column::FilterId.eq(id))
        .exec(tx.connection())
        .await?;
    filter_status::Entity::delete_many()
        .filter(filter_status::Column::FilterId.eq(id))
        .exec(tx.connection())
        .await?;
    filter::Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

/// Words of a filter, by key.
pub async fn keyword(db: &impl Source, id: i64) -> Result<Option<FilterKeyword>, StoreError> {
    Ok(filter_keyword::Entity::find_by_id(id).one(db.connection()).await?)
}

/// Adds words.
pub async fn insert_keyword(tx: &Tx, row: FilterKeyword) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// Changes words.
pub async fn save_keyword(tx: &Tx, row: FilterKeyword) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

/// Deletes words.
pub async fn delete_keyword(tx: &Tx, id: i64) -> Result<(), StoreError> {
    filter_keyword::Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

/// A post that a filter names, by the key of the naming.
pub async fn status(db: &impl Source, id: i64) -> Result<Option<FilterStatus>, StoreError> {
    Ok(filter_status::Entity::find_by_id(id).one(db.connection()).await?)
}

/// Names a post.
pub async fn insert_status(tx: &Tx, row: FilterStatus) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// Names a post no more.
pub async fn delete_status(tx: &Tx, id: i64) -> Result<(), StoreError> {
    filter_status::Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

//! Reports from other servers, for moderators.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set, sea_query::OnConflict,
};

use super::{Source, StoreError, Tx, entity::report};

pub use super::entity::report::Model as Report;

/// Keeps a report; the same again changes nothing.
pub async fn insert(tx: &Tx, row: Report) -> Result<(), StoreError> {
    let once = OnConflict::column(report::Column::ActivityUri).do_nothing().to_owned();
    report::Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

/// Reports, open ones first, each kind newest first, after so many.
pub async fn page(db: &impl Source, limit: u64, offset: u64) -> Result<Vec<Report>, StoreError> {
    Ok(report::Entity::find()
        .order_by_asc(report::Column::ClosedAt.is_not_null())
        .order_by_desc(report::Column::ReceivedAt)
        .order_by_desc(report::Column::Id)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// How many reports of a host are open.
pub async fn count_open_of(db: &impl Source, host: &str) -> Result<u64, StoreError> {
    Ok(report::Entity::find()
        .filter(report::Column::Host.eq(host))
        .filter(report::Column::ClosedAt.is_null())
        .count(db.connection())
        .await?)
}

/// How many reports of somebody here are open.
pub async fn count_open_by(db: &impl Source, reporter: &str) -> Result<u64, StoreError> {
    Ok(report::Entity::find()
        .filter(report::Column::Reporter.eq(reporter))
        .filter(report::Column::ClosedAt.is_null())
        .count(db.connection())
        .await?)
}

/// How many reports are open.
pub async fn count_open(db: &impl Source) -> Result<u64, StoreError> {
    Ok(report::Entity::find()
        .filter(report::Column::ClosedAt.is_null())
        .count(db.connection())
        .await?)
}

/// Closes a report; answers whether there is one. Closed twice it stays as it was closed first.
pub async fn close(tx: &Tx, id: i64, account_id: i64, at: i64) -> Result<bool, StoreError> {
    let Some(row) = report::Entity::find_by_id(id).one(tx.connection()).await? else {
        return Ok(false);
    };
    if row.closed_at.is_none() {
        let mut row = row.into_active_model();
        row.closed_at = Set(Some(at));
        row.closed_by = Set(Some(account_id));
        row.update(tx.connection()).await?;
    }
    Ok(true)
}

//! Statements signed here outside any topic: delegations of organisations, attestations. `rebuild` does not touch
//! them: they are their authors' own papers.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::{Source, StoreError, Tx, entity::statement, insert_row};

pub use super::entity::statement::Model as Statement;

/// Adds one.
pub async fn insert(tx: &Tx, row: Statement) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// By its id.
pub async fn by_uri(db: &impl Source, uri: &str) -> Result<Option<Statement>, StoreError> {
    Ok(statement::Entity::find()
        .filter(statement::Column::Uri.eq(uri))
        .one(db.connection())
        .await?)
}

/// Those of a kind that an author signed, newest first.
pub async fn by_author(
    db: &impl Source,
    kind: &str,
    author: &str,
) -> Result<Vec<Statement>, StoreError> {
    Ok(statement::Entity::find()
        .filter(statement::Column::Kind.eq(kind))
        .filter(statement::Column::Author.eq(author))
        .order_by_desc(statement::Column::Published)
        .order_by_desc(statement::Column::Id)
        .all(db.connection())
        .await?)
}

/// Those of a kind about somebody, newest first.
pub async fn about(
    db: &impl Source,
    kind: &str,
    subject: &str,
) -> Result<Vec<Statement>, StoreError> {
    Ok(statement::Entity::find()
        .filter(statement::Column::Kind.eq(kind))
        .filter(statement::Column::Subject.eq(subject))
        .order_by_desc(statement::Column::Published)
        .order_by_desc(statement::Column::Id)
        .all(db.connection())
        .await?)
}

/// Notes that its author took one back.
pub async fn end(tx: &Tx, row: Statement, at: i64) -> Result<(), StoreError> {
    let mut row = row.into_active_model();
    row.ended_at = Set(Some(at));
    row.update(tx.connection()).await?;
    Ok(())
}

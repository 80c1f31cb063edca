//! Replies that were not meant for everybody.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::{Source, StoreError, Tx, entity::private_note};

pub use super::entity::private_note::Model as PrivateNote;

/// Keeps a note for an account; sent again it has the words that were sent last.
pub async fn save(tx: &Tx, row: PrivateNote) -> Result<(), StoreError> {
    let known = private_note::Entity::find()
        .filter(private_note::Column::AccountId.eq(row.account_id))
        .filter(private_note::Column::Uri.eq(&row.uri))
        .one(tx.connection())
        .await?;
    match known {
        Some(known) if known.author == row.author => {
            let mut known = known.into_active_model();
            known.content = Set(row.content);
            known.language = Set(row.language);
            known.update(tx.connection()).await?;
        }
        Some(_somebody_elses) => {}
        None => {
            row.into_active_model().insert(tx.connection()).await?;
        }
    }
    Ok(())
}

/// Forgets a note that its author deleted.
pub async fn forget(tx: &Tx, uri: &str, author: &str) -> Result<(), StoreError> {
    private_note::Entity::delete_many()
        .filter(private_note::Column::Uri.eq(uri))
        .filter(private_note::Column::Author.eq(author))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// An account's notes, newest first, after so many.
pub async fn of_account(
    db: &impl Source,
    account_id: i64,
    limit: u64,
    offset: u64,
) -> Result<Vec<PrivateNote>, StoreError> {
    Ok(private_note::Entity::find()
        .filter(private_note::Column::AccountId.eq(account_id))
        .order_by_desc(private_note::Column::ReceivedAt)
        .order_by_desc(private_note::Column::Id)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

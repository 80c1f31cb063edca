//! Consent to quotes: one document per post that quotes and thing quoted.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::{Source, StoreError, Tx, entity::quote_authorization};

pub use super::entity::quote_authorization::Model as QuoteAuthorization;

/// By the id of the document.
pub async fn by_uri(db: &impl Source, uri: &str) -> Result<Option<QuoteAuthorization>, StoreError> {
    Ok(quote_authorization::Entity::find()
        .filter(quote_authorization::Column::Uri.eq(uri))
        .one(db.connection())
        .await?)
}

/// By the post that quotes and what it quotes.
pub async fn between(
    db: &impl Source,
    instrument: &str,
    target: &str,
) -> Result<Option<QuoteAuthorization>, StoreError> {
    Ok(quote_authorization::Entity::find()
        .filter(quote_authorization::Column::Instrument.eq(instrument))
        .filter(quote_authorization::Column::Target.eq(target))
        .one(db.connection())
        .await?)
}

/// Adds one.
pub async fn insert(tx: &Tx, row: QuoteAuthorization) -> Result<(), StoreError> {
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Takes one back: its words go, that it was stays.
pub async fn revoke(tx: &Tx, row: QuoteAuthorization, at: i64) -> Result<(), StoreError> {
    let mut row = row.into_active_model();
    row.body = Set(String::new());
    row.revoked_at = Set(Some(at));
    row.update(tx.connection()).await?;
    Ok(())
}

//! Programs that people let in: what registered, the codes under way, the tokens that came of them.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::{
    Source, StoreError, Tx,
    entity::{app, app_code, app_token, token},
    insert_row,
};

pub use super::entity::{
    app::Model as App, app_code::Model as Code, app_token::Model as AppToken, token::Model as Token,
};

/// Adds an app.
pub async fn insert(tx: &Tx, row: App) -> Result<App, StoreError> {
    Ok(row.into_active_model().insert(tx.connection()).await?)
}

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<App>, StoreError> {
    Ok(app::Entity::find_by_id(id).one(db.connection()).await?)
}

/// By what it is called in requests.
pub async fn by_client_id(db: &impl Source, client_id: &str) -> Result<Option<App>, StoreError> {
    Ok(app::Entity::find().filter(app::Column::ClientId.eq(client_id)).one(db.connection()).await?)
}

/// Several, by key.
pub async fn by_ids(db: &impl Source, ids: &[i64]) -> Result<Vec<App>, StoreError> {
    Ok(app::Entity::find()
        .filter(app::Column::Id.is_in(ids.iter().copied()))
        .all(db.connection())
        .await?)
}

/// Adds a code, and forgets those that could not be used any more long before.
pub async fn insert_code(tx: &Tx, row: Code, expired_before: i64) -> Result<(), StoreError> {
    app_code::Entity::delete_many()
        .filter(app_code::Column::ExpiresAt.lt(expired_before))
        .exec(tx.connection())
        .await?;
    insert_row(tx, row).await
}

/// A code by its hash.
pub async fn code(db: &impl Source, code_hash: &str) -> Result<Option<Code>, StoreError> {
    Ok(app_code::Entity::find_by_id(code_hash).one(db.connection()).await?)
}

/// Uses a code; false where it was used before. Of two that try at once, one gets true.
pub async fn use_code(tx: &Tx, code_hash: &str, now: i64) -> Result<bool, StoreError> {
    let used = app_code::Entity::update_many()
        .set(app_code::ActiveModel { used_at: Set(Some(now)), ..Default::default() })
        .filter(app_code::Column::CodeHash.eq(code_hash))
        .filter(app_code::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(used.rows_affected == 1)
}

/// Adds an app's own token.
pub async fn insert_own_token(tx: &Tx, row: AppToken) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// An app's own token by its hash.
pub async fn own_token(db: &impl Source, token_hash: &str) -> Result<Option<AppToken>, StoreError> {
    Ok(app_token::Entity::find_by_id(token_hash).one(db.connection()).await?)
}

/// Revokes an app's own token.
pub async fn revoke_own_token(tx: &Tx, token_hash: &str, now: i64) -> Result<(), StoreError> {
    app_token::Entity::update_many()
        .set(app_token::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
        .filter(app_token::Column::TokenHash.eq(token_hash))
        .filter(app_token::Column::RevokedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// The tokens that act for an account, newest first.
pub async fn tokens_for(db: &impl Source, account_id: i64) -> Result<Vec<Token>, StoreError> {
    Ok(token::Entity::find()
        .filter(token::Column::AccountId.eq(account_id))
        .filter(token::Column::RevokedAt.is_null())
        .order_by_desc(token::Column::CreatedAt)
        .order_by_asc(token::Column::TokenHash)
        .all(db.connection())
        .await?)
}

/// Which tokens to revoke.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// The one with this hash.
    Hash(&'a str),
    /// Those that came of this code.
    Code(&'a str),
    /// Those of an app, for an account.
    App(i64, i64),
    /// The one with this hash, if it acts for this account.
    Own(&'a str, i64),
    /// All that act for this account.
    All(i64),
}

/// Revokes tokens; how many there were.
pub async fn revoke(tx: &Tx, which: Which<'_>, now: i64) -> Result<u64, StoreError> {
    let update = token::Entity::update_many()
        .set(token::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
        .filter(token::Column::RevokedAt.is_null());
    let update = match which {
        Which::Hash(hash) => update.filter(token::Column::TokenHash.eq(hash)),
        Which::Code(hash) => update.filter(token::Column::CodeHash.eq(hash)),
        Which::App(app_id, account_id) => update
            .filter(token::Column::AppId.eq(app_id))
            .filter(token::Column::AccountId.eq(account_id)),
        Which::All(account_id) => update.filter(token::Column::AccountId.eq(account_id)),
        Which::Own(hash, account_id) => update
            .filter(token::Column::TokenHash.eq(hash))
            .filter(token::Column::AccountId.eq(account_id)),
    };
    Ok(update.exec(tx.connection()).await?.rows_affected)
}

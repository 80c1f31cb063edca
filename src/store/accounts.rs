//! Who may sign in: accounts, sessions, bearer tokens, failed tries, and the administrators' log.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set,
};

use super::{
    Source, StoreError, Tx,
    entity::{account, attempt, audit, session, token},
};

pub use super::entity::{
    account::Model as Account, attempt::Model as Attempt, audit::Model as Audit,
    session::Model as Session, token::Model as Token,
};

/// Adds an account.
pub async fn insert(tx: &Tx, row: Account) -> Result<Account, StoreError> {
    Ok(row.into_active_model().insert(tx.connection()).await?)
}

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<Account>, StoreError> {
    Ok(account::Entity::find_by_id(id).one(db.connection()).await?)
}

/// Changes what an account says of itself.
pub async fn change(tx: &Tx, id: i64, email: String, profile: String) -> Result<(), StoreError> {
    if let Some(row) = by_id(tx, id).await? {
        let mut row = row.into_active_model();
        row.email = Set(email);
        row.profile = Set(Some(profile));
        row.update(tx.connection()).await?;
    }
    Ok(())
}

/// The account that speaks as an actor.
pub async fn by_actor(db: &impl Source, actor_id: i64) -> Result<Option<Account>, StoreError> {
    Ok(account::Entity::find()
        .filter(account::Column::ActorId.eq(actor_id))
        .one(db.connection())
        .await?)
}

/// How many accounts there are.
pub async fn count(db: &impl Source) -> Result<u64, StoreError> {
    Ok(account::Entity::find().count(db.connection()).await?)
}

/// Adds a session.
pub async fn insert_session(tx: &Tx, row: Session) -> Result<(), StoreError> {
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// A session by the hash of its token.
pub async fn session(db: &impl Source, token_hash: &str) -> Result<Option<Session>, StoreError> {
    Ok(session::Entity::find_by_id(token_hash).one(db.connection()).await?)
}

/// Ends a session.
pub async fn delete_session(tx: &Tx, token_hash: &str) -> Result<(), StoreError> {
    session::Entity::delete_by_id(token_hash).exec(tx.connection()).await?;
    Ok(())
}

/// The sessions of an account that last, newest first.
pub async fn sessions_of(
    db: &impl Source,
    account_id: i64,
    now: i64,
) -> Result<Vec<Session>, StoreError> {
    Ok(session::Entity::find()
        .filter(session::Column::AccountId.eq(account_id))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::CreatedAt)
        .order_by_asc(session::Column::TokenHash)
        .all(db.connection())
        .await?)
}

/// Ends a session, if it is this account's; whether there was one.
pub async fn delete_own_session(
    tx: &Tx,
    token_hash: &str,
    account_id: i64,
) -> Result<bool, StoreError> {
    let ended = session::Entity::delete_many()
        .filter(session::Column::TokenHash.eq(token_hash))
        .filter(session::Column::AccountId.eq(account_id))
        .exec(tx.connection())
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Gives an account another password.
pub async fn set_password(tx: &Tx, id: i64, hash: String) -> Result<(), StoreError> {
    if let Some(row) = by_id(tx, id).await? {
        let mut row = row.into_active_model();
        row.password_hash = Set(hash);
        row.update(tx.connection()).await?;
    }
    Ok(())
}

/// Ends every session of an account but one.
pub async fn delete_other_sessions(
    tx: &Tx,
    account_id: i64,
    but_for: &str,
) -> Result<(), StoreError> {
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account_id))
        .filter(session::Column::TokenHash.ne(but_for))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Forgets sessions that ended and tries that no longer count.
pub async fn expire(tx: &Tx, now: i64, tries_before: i64) -> Result<(), StoreError> {
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lte(now))
        .exec(tx.connection())
        .await?;
    attempt::Entity::delete_many()
        .filter(attempt::Column::At.lt(tries_before))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Adds a bearer token.
pub async fn insert_token(tx: &Tx, row: Token) -> Result<(), StoreError> {
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// A bearer token by its hash.
pub async fn token(db: &impl Source, token_hash: &str) -> Result<Option<Token>, StoreError> {
    Ok(token::Entity::find_by_id(token_hash).one(db.connection()).await?)
}

/// Those of these tokens that hold: not revoked, and their account may sign in.
pub async fn holding(
    db: &impl Source,
    token_hashes: &[String],
) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for some in token_hashes.chunks(500) {
        let open = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::Column::Disabled.eq(false))
            .into_query();
        let rows: Vec<String> = token::Entity::find()
            .select_only()
            .column(token::Column::TokenHash)
            .filter(token::Column::TokenHash.is_in(some.iter().cloned()))
            .filter(token::Column::RevokedAt.is_null())
            .filter(token::Column::AccountId.in_subquery(open))
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Notes a try.
pub async fn insert_attempt(tx: &Tx, row: Attempt) -> Result<(), StoreError> {
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Failed tries of a subject since a moment.
pub async fn attempts(db: &impl Source, subject: &str, since: i64) -> Result<u64, StoreError> {
    Ok(attempt::Entity::find()
        .filter(attempt::Column::Subject.eq(subject))
        .filter(attempt::Column::At.gte(since))
        .count(db.connection())
        .await?)
}

/// Forgets a subject's failed tries.
pub async fn clear_attempts(tx: &Tx, subject: &str) -> Result<(), StoreError> {
    attempt::Entity::delete_many()
        .filter(attempt::Column::Subject.eq(subject))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Strikes out tries that were none.
pub async fn delete_attempts(tx: &Tx, ids: &[i64]) -> Result<(), StoreError> {
    attempt::Entity::delete_many()
        .filter(attempt::Column::Id.is_in(ids.iter().copied()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Adds a line to the administrators' log.
pub async fn insert_audit(tx: &Tx, row: Audit) -> Result<(), StoreError> {
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// The newest lines of the administrators' log.
pub async fn audit(db: &impl Source, limit: u64) -> Result<Vec<Audit>, StoreError> {
    Ok(audit::Entity::find()
        .order_by_desc(audit::Column::Id)
        .limit(limit)
        .all(db.connection())
        .await?)
}

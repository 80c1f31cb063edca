//! Web Push: the key of this server, the programs that are told, and what is still to be told.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::{
    Source, StoreError, Tx,
    entity::{push_due, push_key, push_subscription},
    insert_row,
    notices::Notice,
};

pub use super::entity::{
    push_due::Model as Due, push_key::Model as Key, push_subscription::Model as Subscription,
};

/// A key by name.
pub async fn key(db: &impl Source, name: &str) -> Result<Option<Key>, StoreError> {
    Ok(push_key::Entity::find_by_id(name).one(db.connection()).await?)
}

/// Adds a key.
pub async fn insert_key(tx: &Tx, row: Key) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// The subscription of a program.
pub async fn of_token(
    db: &impl Source,
    token_hash: &str,
) -> Result<Option<Subscription>, StoreError> {
    Ok(push_subscription::Entity::find()
        .filter(push_subscription::Column::TokenHash.eq(token_hash))
        .one(db.connection())
        .await?)
}

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<Subscription>, StoreError> {
    Ok(push_subscription::Entity::find_by_id(id).one(db.connection()).await?)
}

/// Adds a subscription in place of the one that the program had.
pub async fn replace(tx: &Tx, row: Subscription) -> Result<(), StoreError> {
    if let Some(known) = of_token(tx, &row.token_hash).await? {
        end(tx, known.id).await?;
    }
    insert_row(tx, row).await
}

/// Changes what a program is told of.
pub async fn change(tx: &Tx, id: i64, alerts: String, policy: String) -> Result<(), StoreError> {
    if let Some(row) = by_id(tx, id).await? {
        let mut row = row.into_active_model();
        row.alerts = Set(alerts);
        row.policy = Set(policy);
        row.update(tx.connection()).await?;
    }
    Ok(())
}

/// Ends a subscription, and what was still to be told to it.
pub async fn end(tx: &Tx, id: i64) -> Result<(), StoreError> {
    push_due::Entity::delete_many()
        .filter(push_due::Column::SubscriptionId.eq(id))
        .exec(tx.connection())
        .await?;
    push_subscription::Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

/// Writes down whom to tell of a notice that was just left, in the same transaction.
pub(super) async fn queue(tx: &Tx, notice: &Notice) -> Result<(), StoreError> {
    let programs: Vec<i64> = push_subscription::Entity::find()
        .select_only()
        .column(push_subscription::Column::Id)
        .filter(push_subscription::Column::AccountId.eq(notice.account_id))
        .into_tuple()
        .all(tx.connection())
        .await?;
    for subscription_id in programs {
        let row = Due {
            subscription_id,
            notice_id: notice.id,
            created_at: notice.at,
            due_at: notice.at,
            failures: 0,
        };
        insert_row(tx, row).await?;
    }
    Ok(())
}

/// What is due, the longest first.
pub async fn due(db: &impl Source, now: i64, limit: u64) -> Result<Vec<Due>, StoreError> {
    Ok(push_due::Entity::find()
        .filter(push_due::Column::DueAt.lte(now))
        .order_by_asc(push_due::Column::DueAt)
        .order_by_asc(push_due::Column::NoticeId)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// When something is due next.
pub async fn next_due(db: &impl Source) -> Result<Option<i64>, StoreError> {
    let next = push_due::Entity::find().order_by_asc(push_due::Column::DueAt);
    Ok(next.one(db.connection()).await?.map(|row| row.due_at))
}

/// Takes a turn at something that is due, until a moment: false where another server took it first.
pub async fn take(tx: &Tx, row: &Due, until: i64) -> Result<bool, StoreError> {
    let taken = push_due::Entity::update_many()
        .set(push_due::ActiveModel { due_at: Set(until), ..Default::default() })
        .filter(push_due::Column::SubscriptionId.eq(row.subscription_id))
        .filter(push_due::Column::NoticeId.eq(row.notice_id))
        .filter(push_due::Column::DueAt.eq(row.due_at))
        .exec(tx.connection())
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Tries again later.
pub async fn postpone(tx: &Tx, row: &Due, due_at: i64, failures: i64) -> Result<(), StoreError> {
    push_due::Entity::update_many()
        .set(push_due::ActiveModel {
            due_at: Set(due_at),
            failures: Set(failures),
            ..Default::default()
        })
        .filter(push_due::Column::SubscriptionId.eq(row.subscription_id))
        .filter(push_due::Column::NoticeId.eq(row.notice_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Strikes something out.
pub async fn settle(tx: &Tx, row: &Due) -> Result<(), StoreError> {
    push_due::Entity::delete_by_id((row.subscription_id, row.notice_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// The subscriptions of an account, oldest first.
pub async fn of_account(
    db: &impl Source,
    account_id: i64,
) -> Result<Vec<Subscription>, StoreError> {
    Ok(push_subscription::Entity::find()
        .filter(push_subscription::Column::AccountId.eq(account_id))
        .order_by_asc(push_subscription::Column::Id)
        .all(db.connection())
        .await?)
}

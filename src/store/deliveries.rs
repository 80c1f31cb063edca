//! What is to be sent: outgoing activities with symbolic recipients, one delivery per inbox, and the health of the
//! hosts they go to.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, OnConflict},
};

use super::{
    Source, Store, StoreError, Tx,
    entity::{delivery, outgoing, peer},
    insert_row,
};

pub use super::entity::{
    delivery::Model as Delivery, outgoing::Model as Outgoing, peer::Model as Peer,
};

/// To be sent.
pub const DUE: &str = "due";
/// Taken by the receiver.
pub const DONE: &str = "done";
/// Refused by the receiver for good.
pub const REFUSED: &str = "refused";
/// Not answered in all the time it is tried.
pub const GIVEN_UP: &str = "given_up";

/// Adds an activity to send.
pub async fn insert(tx: &Tx, row: Outgoing) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// The oldest activities whose recipients are still symbolic.
pub async fn unexpanded(db: &impl Source, limit: u64) -> Result<Vec<Outgoing>, StoreError> {
    Ok(outgoing::Entity::find()
        .filter(outgoing::Column::Expanded.eq(false))
        .order_by_asc(outgoing::Column::Id)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// An activity to send.
pub async fn outgoing(db: &impl Source, id: i64) -> Result<Option<Outgoing>, StoreError> {
    Ok(outgoing::Entity::find_by_id(id).one(db.connection()).await?)
}

/// Writes the deliveries of an activity and marks it as expanded.
pub async fn expand(tx: &Tx, row: Outgoing, deliveries: Vec<Delivery>) -> Result<(), StoreError> {
    for some in deliveries.chunks(100) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        delivery::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([delivery::Column::OutgoingId, delivery::Column::Inbox])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.connection())
            .await?;
    }
    outgoing::Entity::update_many()
        .col_expr(outgoing::Column::Expanded, Expr::value(true))
        .filter(outgoing::Column::Id.eq(row.id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// The hosts that have something due.
pub async fn hosts_due(db: &impl Source, now: i64) -> Result<Vec<String>, StoreError> {
    Ok(delivery::Entity::find()
        .filter(delivery::Column::State.eq(DUE))
        .filter(delivery::Column::DueAt.lte(now))
        .select_only()
        .column(delivery::Column::Host)
        .distinct()
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// Failures after which a delivery no longer holds up what comes after it: one activity that a server cannot digest
/// must not keep the rest from it.
pub const PARKED_AFTER_ATTEMPTS: i64 = 3;

/// Deliveries of a lane that are read at once.
pub const LANE_DELIVERIES_MAX: u64 = 32;
/// Bodies of a lane that are read at once, in bytes; of the first one all.
pub const LANE_BYTES_MAX: i64 = 256 * 1_024;

/// The next of a lane, with what they send, as many as are read at once: the oldest that are due, but none to an inbox for
/// which an older one still waits.
pub async fn next_of_lane(db: &impl Source, host: &str, now: i64) -> Result<Load, StoreError> {
    let waiting: Vec<String> = delivery::Entity::find()
        .filter(delivery::Column::State.eq(DUE))
        .filter(delivery::Column::Host.eq(host))
        // What was never tried waits for nothing: of a long queue only the few that failed are read.
        .filter(delivery::Column::Attempts.between(1, PARKED_AFTER_ATTEMPTS - 1))
        .filter(delivery::Column::DueAt.gt(now))
        .select_only()
        .column(delivery::Column::Inbox)
        .distinct()
        .into_tuple()
        .all(db.connection())
        .await?;
    let mut query = delivery::Entity::find()
        .filter(delivery::Column::State.eq(DUE))
        .filter(delivery::Column::Host.eq(host))
        .filter(delivery::Column::DueAt.lte(now));
    if !waiting.is_empty() {
        query = query.filter(delivery::Column::Inbox.is_not_in(waiting));
    }
    let mut due = query
        .order_by_asc(delivery::Column::Id)
        .limit(LANE_DELIVERIES_MAX)
        .all(db.connection())
        .await?;
    let sizes: Vec<(i64, i64)> = outgoing::Entity::find()
        .filter(outgoing::Column::Id.is_in(due.iter().map(|row| row.outgoing_id)))
        .select_only()
        .column(outgoing::Column::Id)
        .expr(Func::cust("length").arg(Expr::col(outgoing::Column::Body)).cast_as("bigint"))
        .into_tuple()
        .all(db.connection())
        .await?;
    let sizes: BTreeMap<i64, i64> = sizes.into_iter().collect();
    let (mut bytes, mut ids) = (0, BTreeSet::new());
    let within = |row: &&Delivery| {
        if ids.insert(row.outgoing_id) {
            bytes += sizes.get(&row.outgoing_id).copied().unwrap_or_default();
        }
        bytes <= LANE_BYTES_MAX
    };
    let fit = due.iter().take_while(within).count().max(1);
    due.truncate(fit);
    let rows = outgoing::Entity::find()
        .filter(outgoing::Column::Id.is_in(due.iter().map(|row| row.outgoing_id)))
        .all(db.connection())
        .await?;
    let outgoing = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(Load { deliveries: due, outgoing })
}

/// What of a lane is read at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Load {
    /// In the order in which they are sent.
    pub deliveries: Vec<Delivery>,
    /// What they send, by its number.
    pub outgoing: BTreeMap<i64, Outgoing>,
}

/// When the next delivery falls due that no open circuit holds back any longer: the later of the two moments.
pub async fn next_due_open(db: &impl Source) -> Result<Option<i64>, StoreError> {
    let due: Vec<(String, i64)> = delivery::Entity::find()
        .filter(delivery::Column::State.eq(DUE))
        .select_only()
        .column(delivery::Column::Host)
        .column_as(delivery::Column::DueAt.min(), "due_at")
        .group_by(delivery::Column::Host)
        .into_tuple()
        .all(db.connection())
        .await?;
    let open: BTreeMap<String, i64> = peer::Entity::find()
        .filter(peer::Column::OpenUntil.gt(0))
        .all(db.connection())
        .await?
        .into_iter()
        .map(|row| (row.host, row.open_until))
        .collect();
    Ok(due
        .into_iter()
        .map(|(host, due_at)| Ord::max(due_at, open.get(&host).copied().unwrap_or(0)))
        .min())
}

/// Writes what became of a delivery, and what is known of its host where that is not as before: at once, and durable.
pub async fn note(db: &Store, row: Delivery, peer: Option<Peer>) -> Result<(), StoreError> {
    let id = row.id;
    let change = delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(row.state))
        .col_expr(delivery::Column::Attempts, Expr::value(row.attempts))
        .col_expr(delivery::Column::DueAt, Expr::value(row.due_at))
        .col_expr(delivery::Column::Status, Expr::value(row.status))
        .col_expr(delivery::Column::Error, Expr::value(row.error))
        .col_expr(delivery::Column::SettledAt, Expr::value(row.settled_at))
        .filter(delivery::Column::Id.eq(id));
    let Some(peer) = peer else {
        // One statement is a transaction of its own.
        change.exec(&db.write).await?;
        return Ok(());
    };
    let tx = db.begin().await?;
    change.exec(tx.connection()).await?;
    save_peer(&tx, peer).await?;
    tx.commit().await
}

/// How many deliveries are in a state.
pub async fn count(db: &impl Source, state: &str) -> Result<u64, StoreError> {
    Ok(delivery::Entity::find()
        .filter(delivery::Column::State.eq(state))
        .count(db.connection())
        .await?)
}

/// The deliveries of an activity, for its author and the operator.
pub async fn of_activity(
    db: &impl Source,
    activity_uri: &str,
) -> Result<Vec<Delivery>, StoreError> {
    let rows = outgoing::Entity::find()
        .filter(outgoing::Column::ActivityUri.eq(activity_uri))
        .all(db.connection())
        .await?;
    Ok(delivery::Entity::find()
        .filter(delivery::Column::OutgoingId.is_in(rows.into_iter().map(|row| row.id)))
        .order_by_asc(delivery::Column::Id)
        .all(db.connection())
        .await?)
}

/// What is known of a host.
pub async fn peer(db: &impl Source, host: &str) -> Result<Option<Peer>, StoreError> {
    Ok(peer::Entity::find_by_id(host).one(db.connection()).await?)
}

/// All hosts ever sent to.
pub async fn peers(db: &impl Source) -> Result<Vec<Peer>, StoreError> {
    Ok(peer::Entity::find().order_by_asc(peer::Column::Host).all(db.connection()).await?)
}

/// Writes what is known of a host.
pub async fn save_peer(tx: &Tx, row: Peer) -> Result<(), StoreError> {
    let changed = [
        peer::Column::Failures,
        peer::Column::OpenUntil,
        peer::Column::LastSuccess,
        peer::Column::LastError,
    ];
    peer::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::column(peer::Column::Host).update_columns(changed).to_owned())
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

/// An activity of ours that was sent, by its id.
pub async fn sent(db: &impl Source, activity_uri: &str) -> Result<Option<Outgoing>, StoreError> {
    Ok(outgoing::Entity::find()
        .filter(outgoing::Column::ActivityUri.eq(activity_uri))
        .order_by_asc(outgoing::Column::Id)
        .one(db.connection())
        .await?)
}

//! What is known of other servers as senders: since when, and which form of signature they take.

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set, sea_query::OnConflict};

use super::{Source, StoreError, Tx, entity::server};

pub use super::entity::server::Model as Server;

/// What is known of a host.
pub async fn server(db: &impl Source, host: &str) -> Result<Option<Server>, StoreError> {
    Ok(server::Entity::find_by_id(host).one(db.connection()).await?)
}

/// Notes that a host was met; only the first time counts.
pub async fn meet(tx: &Tx, host: &str, at: i64) -> Result<(), StoreError> {
    let row =
        Server { host: host.to_owned(), first_seen: at, held_back_at: None, signature_form: None };
    server::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(server::Column::Host).do_nothing().to_owned())
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

/// Notes that a host sent more than its rate.
pub async fn hold_back(tx: &Tx, host: &str, at: i64) -> Result<(), StoreError> {
    meet(tx, host, at).await?;
    let mut row = server::ActiveModel { host: Set(host.to_owned()), ..Default::default() };
    row.held_back_at = Set(Some(at));
    row.update(tx.connection()).await?;
    Ok(())
}

/// Notes which form of signature a host takes.
pub async fn set_signature_form(
    tx: &Tx,
    host: &str,
    form: &str,
    at: i64,
) -> Result<(), StoreError> {
    meet(tx, host, at).await?;
    let mut row = server::ActiveModel { host: Set(host.to_owned()), ..Default::default() };
    row.signature_form = Set(Some(form.to_owned()));
    row.update(tx.connection()).await?;
    Ok(())
}

/// Notes which form of signature a host says it takes: what was found out by trying counts for more.
pub async fn advertise(tx: &Tx, host: &str, form: &str, at: i64) -> Result<(), StoreError> {
    match server(tx, host).await? {
        Some(row) if row.signature_form.is_some() => Ok(()),
        _ => set_signature_form(tx, host, form, at).await,
    }
}

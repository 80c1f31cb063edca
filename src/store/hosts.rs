//! What software other servers run.

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Source, StoreError, Tx, entity::host_software};

pub use super::entity::host_software::Model as HostSoftware;

/// What is known of a host.
pub async fn software(db: &impl Source, host: &str) -> Result<Option<HostSoftware>, StoreError> {
    Ok(host_software::Entity::find_by_id(host).one(db.connection()).await?)
}

/// Writes what a host said.
pub async fn save(tx: &Tx, row: HostSoftware) -> Result<(), StoreError> {
    if software(tx, &row.host).await?.is_some() {
        row.into_active_model().reset_all().update(tx.connection()).await?;
    } else {
        row.into_active_model().insert(tx.connection()).await?;
    }
    Ok(())
}

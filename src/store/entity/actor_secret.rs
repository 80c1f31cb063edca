//! Private keys of local actors, sealed with the instance's secret.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "actor_secret")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: i64,
    /// RSA key, PKCS#8, sealed.
    pub request_key: Vec<u8>,
    /// Ed25519 seed, sealed.
    pub proof_key: Vec<u8>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

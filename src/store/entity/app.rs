//! Programs that registered, so that people here can let them in.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// What it is called in requests.
    pub client_id: String,
    /// SHA-256 of its secret.
    pub secret_hash: String,
    /// What it calls itself.
    pub name: String,
    /// Where it says to be at home.
    pub website: Option<String>,
    /// Where people may be sent back to, one a line.
    pub redirect_uris: String,
    /// The most it may ask for.
    pub scope: String,
    /// When it registered.
    pub created_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

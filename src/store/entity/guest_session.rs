//! Browsers of guests: people who signed in with the account of their own server.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "guest_session")]
pub struct Model {
    /// SHA-256 of the cookie's token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Who: an actor elsewhere.
    pub actor_id: i64,
    /// Token every form carries.
    pub csrf: String,
    /// When signed in.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// What the browser said it is.
    pub agent: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

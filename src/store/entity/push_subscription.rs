//! Programs that are told by push.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push_subscription")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Who is told.
    pub account_id: i64,
    /// SHA-256 of the program's token, hex: it has one subscription.
    pub token_hash: String,
    /// The secret shared with the program and its token, sealed.
    pub sealed: Vec<u8>,
    /// Where to send.
    pub endpoint: String,
    /// The program's public key.
    pub point: String,
    /// The kinds that it is told of, separated by spaces.
    pub alerts: String,
    /// Of whose doings: `all`, `followed`, `follower` or `none`.
    pub policy: String,
    /// When it was made.
    pub created_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

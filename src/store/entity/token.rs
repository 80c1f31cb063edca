//! Bearer tokens of the API.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    /// SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Whose.
    pub account_id: i64,
    /// What it may do, in words.
    pub scope: String,
    /// When made.
    pub created_at: i64,
    /// When revoked.
    pub revoked_at: Option<i64>,
    /// Of which app it is; none, where it was made on the command line.
    pub app_id: Option<i64>,
    /// SHA-256 of the code it was exchanged for.
    pub code_hash: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

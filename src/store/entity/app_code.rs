//! Codes that an app exchanges for a token, once.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_code")]
pub struct Model {
    /// SHA-256 of the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
    /// To which app it was given.
    pub app_id: i64,
    /// By whom.
    pub account_id: i64,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What was agreed to.
    pub scope: String,
    /// What its verifier hashes to (RFC 7636), where the app said so.
    pub challenge: Option<String>,
    /// Until when it can be exchanged.
    pub expires_at: i64,
    /// When it was.
    pub used_at: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

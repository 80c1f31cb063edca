//! Links sent by mail, by which an account shows that it reads mail at a domain. The address itself is not kept.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_proof")]
pub struct Model {
    /// Hash of what the link carries.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// The account that asked.
    pub account_id: i64,
    /// Domain of the address.
    pub domain: String,
    /// Hash of the address: so that one address is not written to again and again.
    pub address_hash: String,
    /// When the letter went out.
    pub created_at: i64,
    /// Until when the link works.
    pub expires_at: i64,
    /// When it was followed.
    pub used_at: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

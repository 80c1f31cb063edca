//! Notices to accounts: not part of any record.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Who is told.
    pub account_id: i64,
    /// What sort of news it is.
    pub kind: String,
    /// What it is news of: an account is told once.
    pub subject: String,
    /// Room.
    pub room_id: i64,
    /// The opinion it is about.
    pub opinion_uri: String,
    /// Whose line of positions; empty where it is about none.
    pub line: String,
    /// The comment or position; the opinion itself for a new revision.
    pub object_uri: String,
    /// Who did it.
    pub actor: String,
    /// The new revision.
    pub revision: Option<i64>,
    /// Its digest.
    pub digest: Option<String>,
    /// The revision that the account's position is on.
    pub from_revision: Option<i64>,
    /// When it was noticed here.
    pub at: i64,
    /// When it was read.
    pub read_at: Option<i64>,
    /// What the account did about it.
    pub answered: Option<String>,
    /// Its place in the order in which notices are told; none until it has one.
    pub number: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

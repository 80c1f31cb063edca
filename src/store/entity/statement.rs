//! What accounts and the instance here have signed outside any topic: delegations, attestations. They enter the log of
//! a room when they are first needed there.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement")]
pub struct Model {
    /// The number in its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Its id: `https://host/d/<id>`.
    pub uri: String,
    /// `delegation`, `attestation`.
    pub kind: String,
    /// Who signed it, by actor id.
    pub author: String,
    /// Whom it is about, by actor id.
    pub subject: String,
    /// The document as signed.
    pub body: Vec<u8>,
    /// When.
    pub published: i64,
    /// When its author took it back.
    pub ended_at: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Projection: who attests what of whom, as the record has it.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attestation")]
pub struct Model {
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// The statement's entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_hash: String,
    /// Id of the statement.
    pub uri: String,
    /// Who says so.
    pub attester: String,
    /// Of whom.
    pub subject: String,
    /// Wire term: on what basis.
    pub basis: String,
    /// The domain it is about.
    pub domain: Option<String>,
    /// The organisation it is about.
    pub affiliation: Option<String>,
    /// Wire term of the group it is about.
    pub stakeholder_group: Option<String>,
    /// When it was said.
    pub published: i64,
    /// Until when it holds.
    pub valid_until: Option<i64>,
    /// Attested.
    pub received_at: Option<i64>,
    /// When its attester took it back.
    pub ended_at: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

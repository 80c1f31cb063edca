//! A text that several authors of this instance write together. No record: it never leaves the instance.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The topic it is for.
    pub room_id: i64,
    /// The opinion it became, or whose next revision it is to be.
    pub opinion_uri: Option<String>,
    /// Number of the revision it goes on from; 0 before the first.
    pub base_revision: i64,
    /// Digest of that revision.
    pub base_digest: Option<String>,
    /// Grows with every change of the order of its paragraphs.
    pub arrangement: i64,
    /// When it was begun.
    pub created_at: i64,
    /// Latest change.
    pub updated_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

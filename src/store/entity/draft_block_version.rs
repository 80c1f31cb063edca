//! Every version a part of a draft ever had, the present one among them: nothing is lost.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_block_version")]
pub struct Model {
    /// Part.
    #[sea_orm(primary_key, auto_increment = false)]
    pub block_id: i64,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Draft.
    pub draft_id: i64,
    /// As it was.
    pub source: String,
    /// Who wrote it.
    pub editor_id: i64,
    /// The organisation for which they did, where they did not for themselves.
    pub on_behalf_of: Option<i64>,
    /// When.
    pub edited_at: i64,
    /// Whether this version took it out.
    pub removed: bool,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Walks along threads that began elsewhere: where each stands, so that it goes on after a restart.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "walk")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The room that looks.
    pub room_id: i64,
    /// What it began at.
    pub uri: String,
    /// JSON list of what is still to be read.
    pub frontier: String,
    /// JSON list of what was read.
    pub seen: String,
    /// Documents that may still be fetched.
    pub fetches_left: i64,
    /// Comments taken so far.
    pub found: i64,
    /// Not before.
    pub due_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

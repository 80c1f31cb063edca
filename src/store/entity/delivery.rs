//! One row per activity and inbox.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    /// Decimal key, in order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// What.
    pub outgoing_id: i64,
    /// Lane.
    pub host: String,
    /// Where.
    pub inbox: String,
    /// `due`, `done`, `refused` or `given_up`.
    pub state: String,
    /// Tries so far.
    pub attempts: i64,
    /// Not before.
    pub due_at: i64,
    /// Last HTTP status.
    pub status: Option<i64>,
    /// Last error, in words.
    pub error: Option<String>,
    /// When it ended.
    pub settled_at: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

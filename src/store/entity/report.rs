//! What people here and other servers (`Flag`) report to our moderators: seen by nobody else, relayed to nobody.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The Flag; an id of ours where somebody here reported, under which nothing is served.
    pub activity_uri: String,
    /// Who signed it: the person here, or an instance elsewhere, mostly, and not the person who complained.
    pub reporter: String,
    /// Its host.
    pub host: String,
    /// JSON list of ids.
    pub objects: String,
    /// What was said, as plain text.
    pub content: String,
    /// What sort of thing it is about (`domain::report`); none from elsewhere.
    pub category: Option<String>,
    /// When.
    pub received_at: i64,
    /// When a moderator was done with it.
    pub closed_at: Option<i64>,
    /// Account of that moderator.
    pub closed_by: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

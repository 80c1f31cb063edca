//! Who follows whom, where one of the two lives here.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The Follow.
    pub activity_uri: String,
    /// Actor id.
    pub follower: String,
    /// Actor id.
    pub followee: String,
    /// `pending` or `accepted`.
    pub state: String,
    /// The follower's inbox.
    pub inbox: String,
    /// Its shared inbox.
    pub shared_inbox: Option<String>,
    /// When.
    pub created_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Activities to send; recipients symbolic until needed, body serialised and hashed once.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outgoing")]
pub struct Model {
    /// Decimal key, in order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Id of the activity.
    pub activity_uri: String,
    /// Actor whose key signs the requests.
    pub signer_id: i64,
    /// Exact bytes.
    pub body: Vec<u8>,
    /// JSON list of audiences.
    pub audience: String,
    /// When.
    pub created_at: i64,
    /// Whether the deliveries stand.
    pub expanded: bool,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

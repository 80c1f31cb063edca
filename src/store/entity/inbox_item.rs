//! What came in, as it came, and its fate. A row is durable before 202 is answered.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox_item")]
pub struct Model {
    /// Decimal key, in order of arrival.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Id of the activity.
    pub activity_uri: String,
    /// SHA-256 of the body.
    pub digest: String,
    /// Actor whose key signed the request.
    pub signer: String,
    /// Its host.
    pub host: String,
    /// Exact bytes; empty once settled.
    pub body: Vec<u8>,
    /// The signature that carried it.
    pub evidence: String,
    /// When.
    pub received_at: i64,
    /// `new`, `waiting`, `held`, `done` or `refused`.
    pub state: String,
    /// Why, in words.
    pub reason: Option<String>,
    /// Tries so far.
    pub attempts: i64,
    /// Not before.
    pub due_at: i64,
    /// The post that it is about.
    pub object_uri: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

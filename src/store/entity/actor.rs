//! Everyone known here, local or remote: the latest actor document in columns.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "actor")]
pub struct Model {
    /// Decimal key on this instance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Actor id.
    pub uri: String,
    /// Host and port of the id.
    pub host: String,
    /// `Person`, `Organization`, `Group`, `Application`, `Service`.
    pub kind: String,
    /// `preferredUsername`.
    pub username: String,
    /// Display name.
    pub name: String,
    /// Profile text, HTML as received.
    pub summary: String,
    /// Page for people.
    pub url: String,
    /// Personal inbox.
    pub inbox: String,
    /// Shared inbox of the host.
    pub shared_inbox: Option<String>,
    /// Outbox.
    pub outbox: Option<String>,
    /// Followers collection.
    pub followers: Option<String>,
    /// Following collection.
    pub following: Option<String>,
    /// `name@domain` as the actor states it.
    pub webfinger: Option<String>,
    /// Id of the RSA key.
    pub request_key_id: Option<String>,
    /// Public RSA key.
    pub request_key_pem: Option<String>,
    /// JSON list of `[key id, multibase]`: Ed25519 keys that may sign proofs.
    pub proof_keys: String,
    /// Public recovery key, multibase.
    pub recovery_key: Option<String>,
    /// Declared group, wire term.
    pub stakeholder_group: Option<String>,
    /// Declared region, wire term.
    pub region: Option<String>,
    /// Whether the actor's server speaks plg/1.
    pub implements_mesh: bool,
    /// Whether the actor lives here.
    pub local: bool,
    /// When the document was read.
    pub fetched_at: i64,
    /// When its server said 410.
    pub gone_at: Option<i64>,
    /// When it was first seen.
    pub created_at: i64,
    /// Address of its picture.
    pub avatar: Option<String>,
    /// Address of its wide picture.
    pub header: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

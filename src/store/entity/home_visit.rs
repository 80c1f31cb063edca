//! People on their way to their own server and back.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "home_visit")]
pub struct Model {
    /// SHA-256 of the state that comes back.
    #[sea_orm(primary_key, auto_increment = false)]
    pub state_hash: String,
    /// SHA-256 of the cookie of the browser that set out.
    pub browser_hash: String,
    /// The server: scheme, host and port.
    pub origin: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
    /// Where the token is revoked.
    pub revocation_endpoint: String,
    /// Whether it promised to name itself in its answer (RFC 9207).
    pub names_issuer: bool,
    /// What we were called there when they set out.
    pub client_id: String,
    /// The secret half of the challenge, where there is one.
    pub verifier: Option<String>,
    /// What was typed, to begin again with.
    pub typed: String,
    /// The page here to lead to.
    pub next: String,
    /// Until when they may come back.
    pub expires_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Servers at which this instance is registered, so that their people can sign in here.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "home_server")]
pub struct Model {
    /// Scheme, host and port.
    #[sea_orm(primary_key, auto_increment = false)]
    pub origin: String,
    /// What we are called there.
    pub client_id: String,
    /// Our secret there, sealed.
    pub client_secret: Vec<u8>,
    /// Where people are sent back to.
    pub redirect_uri: String,
    /// What we may ask for.
    pub scope: String,
    /// When.
    pub registered_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

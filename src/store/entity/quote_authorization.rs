//! Consent to quotes (FEP-044f).

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quote_authorization")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Id of the document.
    pub uri: String,
    /// Whose words are quoted, and who consents.
    pub author: String,
    /// What is quoted.
    pub target: String,
    /// The post that quotes.
    pub instrument: String,
    /// Who asked.
    pub asker: String,
    /// The signed document; empty once it is taken back.
    pub body: String,
    /// When.
    pub created_at: i64,
    /// When it was taken back.
    pub revoked_at: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

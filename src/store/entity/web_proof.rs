//! Web domains that accounts here say are theirs, and what was found there.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "web_proof")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Whose.
    pub actor_id: i64,
    /// Host name, with its port in development.
    pub domain: String,
    /// Id of the attestation that holds for it.
    pub attestation: Option<String>,
    /// When it is looked at next.
    pub due_at: i64,
    /// When the account was found named there last.
    pub found_at: Option<i64>,
    /// Since when it has not been found.
    pub failing_since: Option<i64>,
    /// Why, as a sentence.
    pub failure: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

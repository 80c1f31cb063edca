//! What somebody noted on somebody else, for themselves.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_note")]
pub struct Model {
    /// Who noted it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: i64,
    /// On whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_uri: String,
    /// The note.
    pub words: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

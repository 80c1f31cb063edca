//! Replies that were not meant for everybody: shown to those they are for, in no record.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "private_note")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Whom it is for.
    pub account_id: i64,
    /// Id of the Note.
    pub uri: String,
    /// Who wrote it.
    pub author: String,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// HTML as sent.
    pub content: String,
    /// BCP 47, where given.
    pub language: Option<String>,
    /// As its author dated it.
    pub published: i64,
    /// When it came.
    pub received_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

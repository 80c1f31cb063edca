//! Other servers, as senders.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "server")]
pub struct Model {
    /// Host and port.
    #[sea_orm(primary_key, auto_increment = false)]
    pub host: String,
    /// When it was first met.
    pub first_seen: i64,
    /// When it last sent more than its rate.
    pub held_back_at: Option<i64>,
    /// The form of signature it takes, where it was found out.
    pub signature_form: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

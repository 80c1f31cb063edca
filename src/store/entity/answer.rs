//! Public answers of rooms to replies by keyword, and those that were held back (decisions 8). No entries: nobody
//! relays them.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer")]
pub struct Model {
    /// Decimal key on this instance; the number of the Note.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The room that answers.
    pub room_id: i64,
    /// Whom.
    pub author: String,
    /// Their host.
    pub host: String,
    /// On what.
    pub opinion_uri: String,
    /// The reply that is answered.
    pub reply_uri: String,
    /// The answer; none where it was held back.
    pub note_uri: Option<String>,
    /// The activity that sent it.
    pub activity_uri: Option<String>,
    /// Whether the host had been seen for less than a day.
    pub to_new_host: bool,
    /// The signed activity; empty where it was held back.
    pub body: Vec<u8>,
    /// When.
    pub at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

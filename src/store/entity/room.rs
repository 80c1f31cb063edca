//! The rooms this instance keeps, one per topic.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room")]
pub struct Model {
    /// Key of the room's actor.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Path and handle.
    pub slug: String,
    /// RFC 6920 name of the genesis record.
    pub topic: String,
    /// Name of the topic.
    pub name: String,
    /// Question of the topic.
    pub question: String,
    /// BCP 47.
    pub language: String,
    /// Actor id.
    pub founder: String,
    /// When the topic was founded.
    pub created: i64,
    /// `open`, `approve` or `closed`.
    pub link_policy: String,
    /// The log's next number.
    pub next_seq: i64,
    /// Its own words for the parties, as the topic's first record lists them; none where it has none.
    pub parties: Option<String>,
    /// The next number of an entry that begins to count.
    pub next_counted: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

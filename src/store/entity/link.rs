//! Links between our rooms and rooms elsewhere (4.f.3).

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Our room.
    pub room_id: i64,
    /// Their room.
    pub peer: String,
    /// Where it takes Announces.
    pub peer_inbox: String,
    /// Our Follow.
    pub sent_follow: Option<String>,
    /// Whether they accepted.
    pub sent_accepted: bool,
    /// Their Follow.
    pub got_follow: Option<String>,
    /// Whether we accepted.
    pub got_accepted: bool,
    /// `asked`, `up` or `down`.
    pub state: String,
    /// Last number read of their log.
    pub cursor: i64,
    /// Last number of our log that was relayed to them.
    pub relayed: i64,
    /// When their log is to be read next.
    pub pull_due_at: i64,
    /// Last change.
    pub updated_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

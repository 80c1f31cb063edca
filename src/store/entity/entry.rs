//! The log of each room: the record itself. Everything in the projections can be made from it.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry")]
pub struct Model {
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// Number in this room's log.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Entry hash, hex.
    pub hash: String,
    /// Kind of item, an open list.
    pub kind: String,
    /// Id of the activity or statement.
    pub item_id: String,
    /// ActivityStreams type of the act.
    pub act_type: String,
    /// Whose act.
    pub actor: String,
    /// What it is about: object id, undone activity, or hash.
    pub object: Option<String>,
    /// Which part of the state it changes.
    pub cell: Option<String>,
    /// Decisions 2.
    pub act_digest: String,
    /// As its author dated it.
    pub published: Option<i64>,
    /// `proof`, `evidence` or `held`.
    pub verdict: String,
    /// Exact bytes of the item.
    pub body: Vec<u8>,
    /// The room that relayed it; none if it came directly.
    pub origin: Option<String>,
    /// JSON list of rooms known to hold it.
    pub sent_to: String,
    /// Relays so far.
    pub hops: i64,
    /// When it came here; local, in no answer.
    pub taken_at: i64,
    /// Number in the order in which entries began to count; none while it is held.
    pub counted: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Projection: where the passages of comments are now.

use sea_orm::entity::prelude::*;

/// One row: one passage of a comment, or the text as a whole where it names none.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "anchor")]
pub struct Model {
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// Object id of the comment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub comment_uri: String,
    /// Its place among the comment's passages, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub n: i64,
    /// The opinion.
    pub opinion_uri: String,
    /// The block of the current text that it is in now; none where there is none.
    pub block: Option<String>,
    /// n of that block's §n.
    pub paragraph: Option<i64>,
    /// Word of its state.
    pub state: String,
    /// Whether something is missing there.
    pub missing_here: bool,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Who writes a draft, or was asked to.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_author")]
pub struct Model {
    /// Draft.
    #[sea_orm(primary_key, auto_increment = false)]
    pub draft_id: i64,
    /// Local actor.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: i64,
    /// `invited`, `joined`, `declined` or `left`.
    pub state: String,
    /// Who asked; oneself for who began it.
    pub invited_by: i64,
    /// When.
    pub invited_at: i64,
    /// When they joined, declined or left.
    pub answered_at: Option<i64>,
    /// The delegate who answered for them, where they are an organisation and did not themselves.
    pub answered_by: Option<i64>,
    /// Digest of the text they agreed to last: it counts while it is that of the present text.
    pub agreed_to: Option<String>,
    /// When.
    pub agreed_at: Option<i64>,
    /// The delegate who agreed for them, where they are an organisation and did not themselves.
    pub agreed_by: Option<i64>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

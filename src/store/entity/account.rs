//! Who may sign in here.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Decimal key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The actor this account speaks as.
    pub actor_id: i64,
    /// For mail from the instance.
    pub email: String,
    /// Argon2id, PHC string.
    pub password_hash: String,
    /// `member`, `moderator` or `admin`.
    pub role: String,
    /// When made.
    pub created_at: i64,
    /// Whether signing in is off.
    pub disabled: bool,
    /// Profile text as typed, Markdown.
    pub profile: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! A picture that an account here brought, and what shows it.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "medium")]
pub struct Model {
    /// This instance's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Whose.
    pub account_id: i64,
    /// Id of the post that shows it, or of the actor with `#icon` or `#image`; none while it waits for one.
    pub shown_by: Option<String>,
    /// Digest of its bytes.
    pub digest: String,
    /// What they are.
    pub media_type: String,
    /// In pixels.
    pub width: i64,
    /// In pixels.
    pub height: i64,
    /// Digest of the preview's bytes.
    pub preview_digest: String,
    /// What they are.
    pub preview_media_type: String,
    /// In pixels.
    pub preview_width: i64,
    /// In pixels.
    pub preview_height: i64,
    /// How many bytes both have.
    pub bytes: i64,
    /// What there is to be seen; empty where nobody said.
    pub description: String,
    /// The point that is never cut away, in ten-thousandths of half the width, from the middle to the right.
    pub focus_x: i64,
    /// The same of half the height, from the middle up.
    pub focus_y: i64,
    /// When it was brought.
    pub created_at: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! The parts of a draft as they stand: title, abstract, language, change note, paragraphs.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_block")]
pub struct Model {
    /// Decimal key: the same however the paragraph moves and changes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Draft.
    pub draft_id: i64,
    /// `title`, `abstract`, `language`, `note` or `text`.
    pub part: String,
    /// Order of paragraphs.
    pub place: i64,
    /// Markdown; plain text for all that is no paragraph.
    pub source: String,
    /// 1, 2, 3 …
    pub version: i64,
    /// Who wrote this version.
    pub editor_id: i64,
    /// When.
    pub edited_at: i64,
    /// The organisation for which they did, where they did not for themselves.
    pub on_behalf_of: Option<i64>,
    /// Whether it was taken out.
    pub removed: bool,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

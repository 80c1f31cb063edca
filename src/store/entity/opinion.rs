//! Projection: opinions as the fold has them.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opinion")]
pub struct Model {
    /// Object id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub uri: String,
    /// Room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: i64,
    /// `attributedTo`.
    pub author: String,
    /// Title.
    pub name: String,
    /// The point in 500 characters.
    pub abstract_text: String,
    /// BCP 47.
    pub language: String,
    /// API word.
    pub status: String,
    /// Why it has that status.
    pub status_note: Option<String>,
    /// Id of the opinion that took its place.
    pub superseded_by: Option<String>,
    /// Wire term at publication.
    pub stakeholder_group: Option<String>,
    /// Wire term of the author's region at the time.
    pub region: Option<String>,
    /// Current revision.
    pub revision: i64,
    /// Its digest.
    pub digest: String,
    /// `complete`, `incomplete` or `broken`.
    pub chain: String,
    /// Home room.
    pub audience: Option<String>,
    /// First publication.
    pub published: i64,
    /// Latest change.
    pub updated: i64,
    /// Attested.
    pub received_at: Option<i64>,
    /// Whether its author deleted it.
    pub deleted: bool,
    /// Where it is a letter, until when names are asked for.
    pub letter_closes: Option<i64>,
    /// The zone that was given in.
    pub letter_zone: Option<String>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! The index by which the separate statements on a text are found among ten thousand answers to it.

use sea_orm_migration::prelude::*;

use crate::columns::{Indexes, exchange};

/// Adds them, and takes those away that they make needless.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261127_000026_index_answers_by_kind"
    }
}

fn added() -> Indexes {
    vec![("comment", &["in_reply_to", "room_id", "kind"])]
}

fn needless() -> Indexes {
    vec![("comment", &["in_reply_to", "room_id"])]
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        exchange(manager, added(), needless()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        exchange(manager, needless(), added()).await
    }
}

//! What sort of thing a report is about, beside its words and no part of them.

use sea_orm_migration::prelude::*;

use crate::columns::{add_column, drop_column, words_or_none};

/// Adds it.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261127_000027_add_category_of_reports"
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(add_column("report", words_or_none("category"))).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(drop_column("report", &words_or_none("category"))).await
    }
}

//! How far somebody has read, as their programs tell.

use sea_orm_migration::prelude::*;

use crate::columns::{number, table, words};

/// Creates the table.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000014_create_markers"
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let marker = table(
            "marker",
            &["account_id", "timeline"],
            vec![
                number("account_id"),
                words("timeline"),
                words("last_read_id"),
                number("version"),
                number("updated_at"),
            ],
        );
        manager.create_table(marker).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("marker").to_owned()).await
    }
}

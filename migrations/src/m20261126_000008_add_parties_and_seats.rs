//! A topic's own words for its parties; and who sat at a draft in whose name.

use sea_orm_migration::prelude::*;

use crate::columns::{add_column, drop_column, number_or_none, words_or_none};

/// Adds the columns.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000008_add_parties_and_seats"
    }
}

fn added() -> Vec<(&'static str, ColumnDef)> {
    vec![
        // The list as it stands in the topic's first record.
        ("room", words_or_none("parties")),
        // The organisation for which a delegate wrote a version.
        ("draft_block", number_or_none("on_behalf_of")),
        ("draft_block_version", number_or_none("on_behalf_of")),
        // The delegate who answered, or agreed, for an organisation.
        ("draft_author", number_or_none("answered_by")),
        ("draft_author", number_or_none("agreed_by")),
    ]
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, column) in added() {
            manager.alter_table(add_column(name, column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, column) in added() {
            manager.alter_table(drop_column(name, &column)).await?;
        }
        Ok(())
    }
}

//! Organisations speak through delegates: in whose name a position or comment stands, and the statements that
//! accounts here have signed outside any topic.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, bytes, drop_column, index, number, number_or_none, table, words, words_once,
    words_or_else, words_or_none,
};

/// Adds what delegations need.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000002_add_delegations"
    }
}

fn added() -> Vec<(&'static str, ColumnDef)> {
    vec![
        // Empty until the projections are made again, which happens at the first start after this.
        ("position", words_or_else("principal", "")),
        ("position", words_or_none("delegation")),
        ("position", words_or_none("role")),
        ("comment", words_or_none("on_behalf_of")),
        ("comment", words_or_none("delegation")),
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
        manager.create_index(index("position", &["opinion_uri", "principal"])).await?;
        manager
            .create_table(table(
                "statement",
                &["id"],
                vec![
                    number("id"),
                    words_once("uri"),
                    words("kind"),
                    words("author"),
                    words("subject"),
                    bytes("body"),
                    number("published"),
                    number_or_none("ended_at"),
                ],
            ))
            .await?;
        manager.create_index(index("statement", &["author", "kind"])).await?;
        manager.create_index(index("statement", &["subject", "kind"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("statement").to_owned()).await?;
        manager
            .drop_index(
                Index::drop()
                    .name("position_by_opinion_uri_principal")
                    .table("position")
                    .to_owned(),
            )
            .await?;
        for (name, column) in added() {
            manager.alter_table(drop_column(name, &column)).await?;
        }
        Ok(())
    }
}

//! What is known of other servers as senders: since when, whether they had to be held back, and which form of signature
//! they take. And what the inbox needs to say what became of a post, and to find whose a key is.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, drop_column, index, number, number_or_none, table, words, words_or_none,
};

/// Creates the table of servers and the columns of what came in.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000009_create_servers"
    }
}

/// The post that an activity is about.
const COLUMNS: &[(&str, &str)] = &[("inbox_item", "object_uri")];

const INDEXES: &[(&str, &[&str])] = &[
    ("inbox_item", &["object_uri"]),
    ("inbox_item", &["host", "state"]),
    ("actor", &["request_key_id"]),
];

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let server = table(
            "server",
            &["host"],
            vec![
                words("host"),
                number("first_seen"),
                number_or_none("held_back_at"),
                words_or_none("signature_form"),
            ],
        );
        manager.create_table(server).await?;
        for (table, column) in COLUMNS {
            manager.alter_table(add_column(table, words_or_none(column))).await?;
        }
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            let name = format!("{table}_by_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table(*table).to_owned()).await?;
        }
        for (table, column) in COLUMNS.iter().rev() {
            manager.alter_table(drop_column(table, &words_or_none(column))).await?;
        }
        manager.drop_table(Table::drop().table("server").to_owned()).await
    }
}

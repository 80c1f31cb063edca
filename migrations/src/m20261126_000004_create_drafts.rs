//! Drafts: texts that several authors of this instance write together before one of them publishes. Nothing of them
//! is record. Beside them the two words that opinions gained: the reason of a status, and the opinion that took
//! another's place.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, drop_column, flag, index, number, number_or_none, table, words, words_or_none,
};

/// Creates the tables of drafts.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000004_create_drafts"
    }
}

/// Columns that `opinion` gains.
fn gained() -> [ColumnDef; 2] {
    [words_or_none("status_note"), words_or_none("superseded_by")]
}

const TABLES: &[&str] = &["draft", "draft_author", "draft_block", "draft_block_version"];

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in tables() {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        for column in gained() {
            manager.alter_table(add_column("opinion", column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        for column in gained() {
            manager.alter_table(drop_column("opinion", &column)).await?;
        }
        Ok(())
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "draft",
            &["id"],
            vec![
                number("id"),
                number("room_id"),
                words_or_none("opinion_uri"),
                number("base_revision"),
                words_or_none("base_digest"),
                number("arrangement"),
                number("created_at"),
                number("updated_at"),
            ],
        ),
        table(
            "draft_author",
            &["draft_id", "actor_id"],
            vec![
                number("draft_id"),
                number("actor_id"),
                words("state"),
                number("invited_by"),
                number("invited_at"),
                number_or_none("answered_at"),
                words_or_none("agreed_to"),
                number_or_none("agreed_at"),
            ],
        ),
        table(
            "draft_block",
            &["id"],
            vec![
                number("id"),
                number("draft_id"),
                words("part"),
                number("place"),
                words("source"),
                number("version"),
                number("editor_id"),
                number("edited_at"),
                flag("removed"),
            ],
        ),
        table(
            "draft_block_version",
            &["block_id", "version"],
            vec![
                number("block_id"),
                number("version"),
                number("draft_id"),
                words("source"),
                number("editor_id"),
                number("edited_at"),
                flag("removed"),
            ],
        ),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("draft_author", &["actor_id"]),
        index("draft_block", &["draft_id"]),
        index("draft_block_version", &["draft_id"]),
    ]
}

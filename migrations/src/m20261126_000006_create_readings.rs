//! What rooms read in replies by keyword, and the public answers they gave.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, bytes, drop_column, flag, index, number, table, words, words_or_none,
};

/// Creates the table of answers, and the columns that show what a Reading says.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000006_create_readings"
    }
}

/// Columns that show a Reading: whom its author says to speak for, and the passages named, as a JSON list.
const COLUMNS: &[(&str, &str)] = &[
    ("position", "claims_to_speak_for"),
    ("position", "blocks"),
    ("comment", "claims_to_speak_for"),
];

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in COLUMNS {
            manager.alter_table(add_column(table, words_or_none(column))).await?;
        }
        let answer = table(
            "answer",
            &["id"],
            vec![
                number("id"),
                number("room_id"),
                words("author"),
                words("host"),
                words("opinion_uri"),
                words("reply_uri"),
                words_or_none("note_uri"),
                words_or_none("activity_uri"),
                flag("to_new_host"),
                bytes("body"),
                number("at"),
            ],
        );
        manager.create_table(answer).await?;
        for columns in [
            &["author", "at"][..],
            &["host", "at"],
            &["to_new_host", "at"],
            &["note_uri"],
            &["activity_uri"],
        ] {
            manager.create_index(index("answer", columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("answer").to_owned()).await?;
        for (table, column) in COLUMNS.iter().rev() {
            manager.alter_table(drop_column(table, &words_or_none(column))).await?;
        }
        Ok(())
    }
}

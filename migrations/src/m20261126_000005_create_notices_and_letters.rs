//! Notices to those who have an account here, the deadline of an opinion that is a letter, and the way from a hash to
//! its entry.

use sea_orm_migration::prelude::*;

use crate::columns::{index, number, number_or_none, table, unique, words, words_or_none};

/// Creates `notice`; adds the columns of letters.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000005_create_notices_and_letters"
    }
}

/// Columns that `opinion` gains.
fn letter() -> [ColumnDef; 2] {
    [number_or_none("letter_closes"), words_or_none("letter_zone")]
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let notice = table(
            "notice",
            &["id"],
            vec![
                number("id"),
                number("account_id"),
                words("kind"),
                words("subject"),
                number("room_id"),
                words("opinion_uri"),
                words("line"),
                words("object_uri"),
                words("actor"),
                number_or_none("revision"),
                words_or_none("digest"),
                number_or_none("from_revision"),
                number("at"),
                number_or_none("read_at"),
                words_or_none("answered"),
            ],
        );
        manager.create_table(notice).await?;
        manager.create_index(unique("notice", &["account_id", "kind", "subject"])).await?;
        manager.create_index(index("notice", &["account_id", "read_at"])).await?;
        manager.create_index(index("entry", &["hash"])).await?;
        for mut column in letter() {
            // One to a statement: SQLite adds no two at once.
            let add = Table::alter().table("opinion").add_column(&mut column).to_owned();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["letter_zone", "letter_closes"] {
            let drop = Table::alter().table("opinion").drop_column(name).to_owned();
            manager.alter_table(drop).await?;
        }
        manager.drop_index(Index::drop().name("entry_by_hash").table("entry").to_owned()).await?;
        manager.drop_table(Table::drop().table("notice").to_owned()).await
    }
}

//! What comes from other servers and is no part of a record: reactions with their evidence, reports, blocks, private
//! replies, walks along threads; and the number an entry gets when it begins to count.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, drop_column, index, number, number_or_none, table, unique, words, words_or_none,
};

/// Creates `report`, `block`, `private_note` and `walk`; adds columns to `reaction`, `entry` and `room`.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000011_create_what_is_read"
    }
}

/// Columns that `reaction` gains.
const OF_REACTIONS: &[&str] = &["evidence", "content", "note_uri", "page"];

fn next_counted() -> ColumnDef {
    ColumnDef::new("next_counted").big_integer().not_null().default(1).take()
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "report",
            &["id"],
            vec![
                number("id"),
                words("activity_uri"),
                words("reporter"),
                words("host"),
                words("objects"),
                words("content"),
                number("received_at"),
                number_or_none("closed_at"),
                number_or_none("closed_by"),
            ],
        ),
        table(
            "block",
            &["blocker", "blocked"],
            vec![words("blocker"), words("blocked"), words("activity_uri"), number("created_at")],
        ),
        table(
            "private_note",
            &["id"],
            vec![
                number("id"),
                number("account_id"),
                words("uri"),
                words("author"),
                words_or_none("in_reply_to"),
                words("content"),
                words_or_none("language"),
                number("published"),
                number("received_at"),
            ],
        ),
        table(
            "walk",
            &["id"],
            vec![
                number("id"),
                number("room_id"),
                words("uri"),
                words("frontier"),
                words("seen"),
                number("fetches_left"),
                number("found"),
                number("due_at"),
                number_or_none("ended_at"),
            ],
        ),
    ]
}

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
        for statement in [
            unique("report", &["activity_uri"]),
            index("block", &["activity_uri"]),
            unique("private_note", &["account_id", "uri"]),
            index("private_note", &["uri"]),
            unique("walk", &["room_id", "uri"]),
            index("walk", &["ended_at", "due_at"]),
        ] {
            manager.create_index(statement).await?;
        }
        for column in OF_REACTIONS {
            manager.alter_table(add_column("reaction", words_or_none(column))).await?;
        }
        manager.create_index(index("reaction", &["note_uri"])).await?;
        manager.create_index(index("reaction", &["actor", "object"])).await?;
        manager.alter_table(add_column("entry", number_or_none("counted"))).await?;
        manager.alter_table(add_column("room", next_counted())).await?;
        // What counts already keeps its number in the log, so that every cursor stays where it is.
        let numbered = Query::update()
            .table("entry")
            .value("counted", Expr::col("seq"))
            .and_where(Expr::col("verdict").ne("held"))
            .to_owned();
        manager.execute(numbered).await?;
        let next =
            Query::update().table("room").value("next_counted", Expr::col("next_seq")).to_owned();
        manager.execute(next).await?;
        manager.create_index(index("entry", &["room_id", "counted"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [
            ("entry", "entry_by_room_id_counted"),
            ("reaction", "reaction_by_actor_object"),
            ("reaction", "reaction_by_note_uri"),
        ] {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        manager.alter_table(drop_column("room", &next_counted())).await?;
        manager.alter_table(drop_column("entry", &number_or_none("counted"))).await?;
        for column in OF_REACTIONS.iter().rev() {
            manager.alter_table(drop_column("reaction", &words_or_none(column))).await?;
        }
        for name in ["walk", "private_note", "block", "report"] {
            manager.drop_table(Table::drop().table(name).to_owned()).await?;
        }
        Ok(())
    }
}

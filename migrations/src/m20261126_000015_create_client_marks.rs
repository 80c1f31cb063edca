//! What clients of the Mastodon API ask for: what is shown as a status, in the order of its keys; the words of titles and
//! abstracts; what an account marked; and requests to post that may be repeated.

use sea_orm_migration::prelude::*;

use crate::columns::{index, number, table, unique, words};

/// Creates the tables.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000015_create_client_marks"
    }
}

const TABLES: &[&str] = &["post", "post_word", "bookmark", "posted"];

/// Indexes of tables that were there before.
const MORE: &[(&str, &[&str])] = &[
    ("notice", &["account_id", "id"]),
    ("reaction", &["actor", "kind", "created_at"]),
    ("actor", &["username"]),
    ("actor", &["webfinger"]),
];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "post",
            &["id"],
            vec![number("id"), words("uri"), words("kind"), number("room_id"), words("author")],
        ),
        table("post_word", &["word", "post_id"], vec![words("word"), number("post_id")]),
        table(
            "bookmark",
            &["account_id", "uri"],
            vec![number("account_id"), words("uri"), number("id")],
        ),
        table(
            "posted",
            &["account_id", "name"],
            vec![number("account_id"), words("name"), words("uri"), number("at")],
        ),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    let mut all = vec![
        unique("post", &["uri"]),
        index("post", &["room_id", "kind", "id"]),
        index("post", &["author", "kind", "id"]),
        index("post", &["kind", "id"]),
        index("post_word", &["post_id"]),
        index("bookmark", &["account_id", "id"]),
        index("posted", &["at"]),
    ];
    all.extend(MORE.iter().map(|(table, columns)| index(table, columns)));
    all
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
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in MORE {
            let name = format!("{table}_by_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table(*table).to_owned()).await?;
        }
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

//! Pictures: their bytes, each once by its digest, and what accounts do with them; what is attached to a text, and the
//! pictures of actors.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, bytes, drop_column, index, number, table, words, words_or_else, words_or_none,
};

/// Adds `picture` and `medium`, and where the projections and actors name pictures.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261127_000024_create_media"
    }
}

/// Columns that tables with rows get.
fn added() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("comment", words_or_else("attachments", "[]")),
        ("revision", words_or_else("attachments", "[]")),
        ("post", ColumnDef::new("with_media").boolean().not_null().default(false).take()),
        ("actor", words_or_none("avatar")),
        ("actor", words_or_none("header")),
    ]
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "picture",
                &["digest"],
                vec![words("digest"), words("media_type"), bytes("body")],
            ))
            .await?;
        manager
            .create_table(table(
                "medium",
                &["id"],
                vec![
                    number("id"),
                    number("account_id"),
                    words_or_none("shown_by"),
                    words("digest"),
                    words("media_type"),
                    number("width"),
                    number("height"),
                    words("preview_digest"),
                    words("preview_media_type"),
                    number("preview_width"),
                    number("preview_height"),
                    number("bytes"),
                    words("description"),
                    number("focus_x"),
                    number("focus_y"),
                    number("created_at"),
                ],
            ))
            .await?;
        for columns in [
            &["account_id", "created_at"][..],
            &["shown_by", "created_at"],
            &["digest"],
            &["preview_digest"],
        ] {
            manager.create_index(index("medium", columns)).await?;
        }
        for (table, column) in added() {
            manager.alter_table(add_column(table, column)).await?;
        }
        manager.create_index(index("post", &["with_media", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("post_by_with_media_id").table("post").to_owned();
        manager.drop_index(index).await?;
        for (table, column) in added() {
            manager.alter_table(drop_column(table, &column)).await?;
        }
        for table in ["medium", "picture"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

//! Programs that people let in (OAuth 2.0): the apps that registered, the codes they exchange, which app a token is of;
//! and what a session's browser says it is, so that its owner knows it again.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, drop_column, index, number, number_or_none, table, words, words_once, words_or_none,
};

/// Creates them.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000013_create_oauth"
    }
}

const TABLES: &[&str] = &["app", "app_code", "app_token"];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "app",
            &["id"],
            vec![
                number("id"),
                words_once("client_id"),
                words("secret_hash"),
                words("name"),
                words_or_none("website"),
                words("redirect_uris"),
                words("scope"),
                number("created_at"),
            ],
        ),
        table(
            "app_code",
            &["code_hash"],
            vec![
                words("code_hash"),
                number("app_id"),
                number("account_id"),
                words("redirect_uri"),
                words("scope"),
                words_or_none("challenge"),
                number("expires_at"),
                number_or_none("used_at"),
            ],
        ),
        table(
            "app_token",
            &["token_hash"],
            vec![
                words("token_hash"),
                number("app_id"),
                words("scope"),
                number("created_at"),
                number_or_none("revoked_at"),
            ],
        ),
    ]
}

/// Of which app a token is, and from which code it came; what a browser says it is.
fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("token", number_or_none("app_id")),
        ("token", words_or_none("code_hash")),
        ("session", words_or_none("agent")),
    ]
}

const INDEXES: &[(&str, &[&str])] =
    &[("token", &["account_id"]), ("token", &["code_hash"]), ("session", &["account_id"])];

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
        for (table, column) in columns() {
            manager.alter_table(add_column(table, column)).await?;
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
        for (table, column) in columns().iter().rev() {
            manager.alter_table(drop_column(table, column)).await?;
        }
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

//! People who sign in with the account of their own server: where this instance is registered, the visits under way, the
//! sessions that came of them; and which instance attests an act.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, bytes, drop_column, flag, index, number, table, words, words_or_none,
};

/// Creates them.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000018_create_guests"
    }
}

const TABLES: &[&str] = &["home_server", "home_visit", "guest_session"];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "home_server",
            &["origin"],
            vec![
                words("origin"),
                words("client_id"),
                bytes("client_secret"),
                words("redirect_uri"),
                words("scope"),
                number("registered_at"),
            ],
        ),
        table(
            "home_visit",
            &["state_hash"],
            vec![
                words("state_hash"),
                words("browser_hash"),
                words("origin"),
                words("token_endpoint"),
                words("revocation_endpoint"),
                flag("names_issuer"),
                words("client_id"),
                words_or_none("verifier"),
                words("typed"),
                words("next"),
                number("expires_at"),
            ],
        ),
        table(
            "guest_session",
            &["token_hash"],
            vec![
                words("token_hash"),
                number("actor_id"),
                words("csrf"),
                number("created_at"),
                number("expires_at"),
                words_or_none("agent"),
            ],
        ),
    ]
}

fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![("position", words_or_none("attested_by")), ("comment", words_or_none("attested_by"))]
}

const INDEXES: &[(&str, &[&str])] =
    &[("guest_session", &["actor_id"]), ("home_visit", &["expires_at"])];

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
        for (table, column) in columns().iter().rev() {
            manager.alter_table(drop_column(table, column)).await?;
        }
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

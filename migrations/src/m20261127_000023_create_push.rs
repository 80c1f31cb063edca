//! Web Push: the key by which push services know this server, who is to be told by them, and what is still to be told.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, index, number, table, unique, words};

/// Creates the tables.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261127_000023_create_push"
    }
}

const TABLES: &[&str] = &["push_key", "push_subscription", "push_due"];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("push_key", &["name"], vec![words("name"), bytes("sealed"), words("public")]),
        table(
            "push_subscription",
            &["id"],
            vec![
                number("id"),
                number("account_id"),
                words("token_hash"),
                bytes("sealed"),
                words("endpoint"),
                words("point"),
                words("alerts"),
                words("policy"),
                number("created_at"),
            ],
        ),
        table(
            "push_due",
            &["subscription_id", "notice_id"],
            vec![
                number("subscription_id"),
                number("notice_id"),
                number("created_at"),
                number("due_at"),
                number("failures"),
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
            unique("push_subscription", &["token_hash"]),
            index("push_subscription", &["account_id"]),
            index("push_due", &["due_at"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

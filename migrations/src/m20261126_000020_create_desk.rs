//! What people arrange for themselves with their clients: details of a profile, preferences, notes on others; whom they mute
//! and block; lists and filters. None of it is part of any record.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, drop_column, flag, index, number, number_or_none, table, words, words_or_none,
};

/// Creates the tables.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000020_create_desk"
    }
}

const TABLES: &[&str] = &[
    "profile_detail",
    "preference",
    "account_note",
    "pin",
    "mute",
    "domain_block",
    "muted_thread",
    "list",
    "list_member",
    "filter",
    "filter_keyword",
    "filter_status",
];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "profile_detail",
            &["actor_id"],
            vec![number("actor_id"), flag("discoverable"), words("fields")],
        ),
        table(
            "preference",
            &["account_id"],
            vec![
                number("account_id"),
                words("privacy"),
                flag("sensitive"),
                words_or_none("language"),
            ],
        ),
        table(
            "account_note",
            &["account_id", "actor_uri"],
            vec![number("account_id"), words("actor_uri"), words("words")],
        ),
        table(
            "pin",
            &["account_id", "uri"],
            vec![number("account_id"), words("uri"), number("id")],
        ),
        table(
            "mute",
            &["account_id", "actor_uri"],
            vec![
                number("account_id"),
                words("actor_uri"),
                number("id"),
                flag("notices"),
                number_or_none("until"),
            ],
        ),
        table(
            "domain_block",
            &["account_id", "domain"],
            vec![number("account_id"), words("domain"), number("id")],
        ),
        table(
            "muted_thread",
            &["account_id", "opinion_uri"],
            vec![number("account_id"), words("opinion_uri")],
        ),
        table(
            "list",
            &["id"],
            vec![
                number("id"),
                number("account_id"),
                words("title"),
                words("replies_policy"),
                flag("exclusive"),
            ],
        ),
        table(
            "list_member",
            &["list_id", "actor_uri"],
            vec![number("list_id"), words("actor_uri"), number("id")],
        ),
        table(
            "filter",
            &["id"],
            vec![
                number("id"),
                number("account_id"),
                words("title"),
                words("contexts"),
                words("action"),
                number_or_none("expires_at"),
            ],
        ),
        table(
            "filter_keyword",
            &["id"],
            vec![number("id"), number("filter_id"), words("keyword"), flag("whole_word")],
        ),
        table("filter_status", &["id"], vec![number("id"), number("filter_id"), number("post_id")]),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("mute", &["account_id", "id"]),
        index("domain_block", &["account_id", "id"]),
        index("list", &["account_id", "id"]),
        index("list_member", &["list_id", "id"]),
        index("list_member", &["actor_uri"]),
        index("filter", &["account_id", "id"]),
        index("filter_keyword", &["filter_id", "id"]),
        index("filter_status", &["filter_id", "id"]),
        index("block", &["blocker", "number"]),
    ]
}

/// The order in which an account here blocked others; none of blocks from elsewhere.
fn order_of_blocks() -> ColumnDef {
    number_or_none("number")
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
        manager.alter_table(add_column("block", order_of_blocks())).await?;
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("block_by_blocker_number").table("block").to_owned();
        manager.drop_index(index).await?;
        manager.alter_table(drop_column("block", &order_of_blocks())).await?;
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

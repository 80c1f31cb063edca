//! How far what is said here reaches: what software a host runs, what others may quote, and which rooms a topic's
//! collection of rooms was said to hold.

use sea_orm_migration::prelude::*;

use crate::columns::{index, number, number_or_none, table, unique, words, words_or_none};

/// Adds software of hosts, authorizations of quotes and members of collections of rooms.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000010_create_reach"
    }
}

const TABLES: &[&str] = &["host_software", "quote_authorization", "feed_room"];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        // What a host said it runs, when it was asked last.
        table(
            "host_software",
            &["host"],
            vec![words("host"), words_or_none("software"), number("asked_at")],
        ),
        // Consent to a quote, as its signed document; without a body once it is taken back.
        table(
            "quote_authorization",
            &["id"],
            vec![
                number("id"),
                words("uri"),
                words("author"),
                words("target"),
                words("instrument"),
                words("asker"),
                words("body"),
                number("created_at"),
                number_or_none("revoked_at"),
            ],
        ),
        // The rooms that followers of a topic's collection of rooms were told of.
        table("feed_room", &["room_id", "member"], vec![number("room_id"), words("member")]),
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
            unique("quote_authorization", &["uri"]),
            unique("quote_authorization", &["instrument", "target"]),
            // A document that was sent is found by its id.
            index("outgoing", &["activity_uri"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(Index::drop().name("outgoing_by_activity_uri").table("outgoing").to_owned())
            .await?;
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

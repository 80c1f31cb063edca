//! Who one is: the region beside the group, a topic's own words for its parties, what is attested of participants,
//! and what an account waits for on the way to that.

use sea_orm_migration::prelude::*;

use crate::columns::{
    add_column, drop_column, index, number, number_or_none, table, unique, words, words_or_none,
};

/// Adds regions, vocabularies and attestations.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000007_create_attestations"
    }
}

const TABLES: &[&str] = &["attestation", "mail_proof", "web_proof"];

fn added() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("account", words_or_none("profile")),
        ("actor", words_or_none("region")),
        ("opinion", words_or_none("region")),
        ("position", words_or_none("region")),
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        // A projection: what the record says of who attests what.
        table(
            "attestation",
            &["room_id", "entry_hash"],
            vec![
                number("room_id"),
                words("entry_hash"),
                words("uri"),
                words("attester"),
                words("subject"),
                words("basis"),
                words_or_none("domain"),
                words_or_none("affiliation"),
                words_or_none("stakeholder_group"),
                number("published"),
                number_or_none("valid_until"),
                number_or_none("received_at"),
                number_or_none("ended_at"),
            ],
        ),
        // A link sent by mail. The address itself is not kept.
        table(
            "mail_proof",
            &["token_hash"],
            vec![
                words("token_hash"),
                number("account_id"),
                words("domain"),
                words("address_hash"),
                number("created_at"),
                number("expires_at"),
                number_or_none("used_at"),
            ],
        ),
        // A web domain that an account says is its own, and what was found there.
        table(
            "web_proof",
            &["id"],
            vec![
                number("id"),
                number("actor_id"),
                words("domain"),
                words_or_none("attestation"),
                number("due_at"),
                number_or_none("found_at"),
                number_or_none("failing_since"),
                words_or_none("failure"),
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
        for (name, column) in added() {
            manager.alter_table(add_column(name, column)).await?;
        }
        for statement in tables() {
            manager.create_table(statement).await?;
        }
        for statement in [
            index("attestation", &["subject"]),
            index("mail_proof", &["account_id"]),
            index("mail_proof", &["address_hash"]),
            unique("web_proof", &["actor_id", "domain"]),
            index("web_proof", &["due_at"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        for (name, column) in added() {
            manager.alter_table(drop_column(name, &column)).await?;
        }
        Ok(())
    }
}

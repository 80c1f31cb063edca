//! Where the passages of comments are now, and what became of comments and objections: two projections, and the list
//! of opinions whose passages are to be found again.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, number, number_or_none, table, words, words_or_none};

/// Creates the tables of anchors and dispositions.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000003_create_anchors_and_dispositions"
    }
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
                "anchor",
                &["room_id", "comment_uri", "n"],
                vec![
                    number("room_id"),
                    words("comment_uri"),
                    number("n"),
                    words("opinion_uri"),
                    words_or_none("block"),
                    number_or_none("paragraph"),
                    words("state"),
                    flag("missing_here"),
                ],
            ))
            .await?;
        manager
            .create_table(table(
                "anchor_due",
                &["room_id", "opinion_uri"],
                vec![number("room_id"), words("opinion_uri")],
            ))
            .await?;
        manager
            .create_table(table(
                "disposition",
                &["room_id", "uri"],
                vec![
                    number("room_id"),
                    words("uri"),
                    words("of_uri"),
                    words_or_none("of_version"),
                    words("author"),
                    words_or_none("on_behalf_of"),
                    words_or_none("delegation"),
                    words("outcome"),
                    words("reason"),
                    words_or_none("language"),
                    number_or_none("revision"),
                    words_or_none("revision_digest"),
                    words_or_none("venue"),
                    number("published"),
                    number_or_none("received_at"),
                    words("entry_hash"),
                ],
            ))
            .await?;
        for statement in [
            index("anchor", &["opinion_uri", "block"]),
            index("disposition", &["of_uri"]),
            index("comment", &["opinion_uri", "published"]),
            index("comment", &["room_id", "kind"]),
            // Genesis and rosters among thousands of acts and receipts.
            index("entry", &["room_id", "kind"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [
            ("entry", "entry_by_room_id_kind"),
            ("comment", "comment_by_opinion_uri_published"),
            ("comment", "comment_by_room_id_kind"),
        ] {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for name in ["anchor", "anchor_due", "disposition"] {
            manager.drop_table(Table::drop().table(name).to_owned()).await?;
        }
        Ok(())
    }
}

//! Indexes for what is asked at every act, so that an act costs the same in a room of ten entries and of ten thousand:
//! the entries of a cell in order of their hash, what names an object, what answers a comment, what failed
//! before on its way to a host.

use sea_orm_migration::prelude::*;

use crate::columns::{Indexes, exchange};

/// Adds them, and takes those away that they make needless.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000012_index_what_each_act_asks"
    }
}

fn added() -> Indexes {
    vec![
        ("entry", &["room_id", "cell", "hash"]),
        ("entry", &["room_id", "object", "kind", "seq"]),
        ("comment", &["in_reply_to", "room_id"]),
        ("position", &["opinion_uri", "room_id", "object_uri"]),
        ("delivery", &["state", "host", "attempts"]),
    ]
}

fn needless() -> Indexes {
    vec![
        ("entry", &["room_id", "cell"]),
        ("entry", &["room_id", "object"]),
        ("entry", &["room_id", "item_id"]),
        ("comment", &["in_reply_to"]),
        ("comment", &["opinion_uri"]),
        ("position", &["opinion_uri"]),
    ]
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        exchange(manager, added(), needless()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        exchange(manager, needless(), added()).await
    }
}

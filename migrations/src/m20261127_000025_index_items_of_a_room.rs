//! The index by which an item is found in one room: every receipt, every Undo and every Delete asks for what it names.
//! With an index of the id alone beside others of the room, SQLite may choose one of the room and read all of it.

use sea_orm_migration::prelude::*;

use crate::columns::{Indexes, exchange};

/// Adds them, and takes those away that they make needless.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261127_000025_index_items_of_a_room"
    }
}

fn added() -> Indexes {
    vec![("entry", &["item_id", "room_id"])]
}

fn needless() -> Indexes {
    vec![("entry", &["item_id"])]
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

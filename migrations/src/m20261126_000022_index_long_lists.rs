//! Indexes for lists of a long-lived instance: the followers of somebody in the order they came, and who of all actors
//! lives here.

use sea_orm_migration::prelude::*;

use crate::columns::{Indexes, exchange};

/// Adds them, and takes those away that they make needless.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000022_index_long_lists"
    }
}

fn added() -> Indexes {
    vec![("follow", &["followee", "state", "id"]), ("actor", &["local", "uri"])]
}

fn needless() -> Indexes {
    vec![("follow", &["followee", "state"])]
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

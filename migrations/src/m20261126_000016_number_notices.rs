//! The number that a notice gets once it is committed: streams and push read notices in this order and miss none,
//! whichever writer came first.

use sea_orm_migration::prelude::*;

use crate::columns::{add_column, drop_column, index, number_or_none};

/// Adds `notice.number` and the row that holds the last number given.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000016_number_notices"
    }
}

/// The row of `cursor` that holds the last number.
const CURSOR: &str = "notices numbered";

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(add_column("notice", number_or_none("number"))).await?;
        // What was there before was told before.
        let told = Query::update().table("notice").value("number", 0).to_owned();
        manager.execute(told).await?;
        manager.create_index(index("notice", &["number"])).await?;
        let first = Query::insert()
            .into_table("cursor")
            .columns(["name", "value"])
            .values_panic([CURSOR.into(), 0.into()])
            .to_owned();
        manager.execute(first).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let last =
            Query::delete().from_table("cursor").and_where(Expr::col("name").eq(CURSOR)).to_owned();
        manager.execute(last).await?;
        manager
            .drop_index(Index::drop().name("notice_by_number").table("notice").to_owned())
            .await?;
        manager.alter_table(drop_column("notice", &number_or_none("number"))).await
    }
}

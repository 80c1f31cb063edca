//! How columns and tables are written in every migration: no native date, uuid, json or enum types, so that both
//! databases sort and compare alike (times are `BIGINT` milliseconds, ids `BIGINT`, words `TEXT`).

use sea_orm_migration::prelude::*;

type Name = &'static str;

/// `BIGINT NOT NULL`.
pub(crate) fn number(name: Name) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// `BIGINT NOT NULL UNIQUE`.
pub(crate) fn number_once(name: Name) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().unique_key().take()
}

/// `BIGINT`.
pub(crate) fn number_or_none(name: Name) -> ColumnDef {
    ColumnDef::new(name).big_integer().take()
}

/// `TEXT NOT NULL`.
pub(crate) fn words(name: Name) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// `TEXT NOT NULL UNIQUE`.
pub(crate) fn words_once(name: Name) -> ColumnDef {
    ColumnDef::new(name).text().not_null().unique_key().take()
}

/// `TEXT`.
pub(crate) fn words_or_none(name: Name) -> ColumnDef {
    ColumnDef::new(name).text().take()
}

/// `BOOLEAN NOT NULL`.
pub(crate) fn flag(name: Name) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

/// `BLOB` or `BYTEA`, `NOT NULL`.
pub(crate) fn bytes(name: Name) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().take()
}

/// A table with its primary key.
pub(crate) fn table(name: Name, key: &[Name], columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut statement = Table::create();
    statement.table(name);
    for mut column in columns {
        statement.col(&mut column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    statement.primary_key(&mut primary);
    statement
}

/// An index named after its columns.
pub(crate) fn index(table: Name, columns: &[Name]) -> IndexCreateStatement {
    let mut statement = Index::create();
    statement.name(format!("{table}_by_{}", columns.join("_"))).table(table);
    for column in columns {
        statement.col(*column);
    }
    statement
}

/// A unique index named after its columns.
pub(crate) fn unique(table: Name, columns: &[Name]) -> IndexCreateStatement {
    let mut statement = index(table, columns);
    statement.name(format!("{table}_one_per_{}", columns.join("_"))).unique();
    statement
}

/// `TEXT NOT NULL DEFAULT …`, for a column that is added to a table with rows.
pub(crate) fn words_or_else(name: Name, otherwise: &str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().default(otherwise).take()
}

/// Adds a column to a table that is there: one at a time, which is all that SQLite takes.
pub(crate) fn add_column(table: Name, mut column: ColumnDef) -> TableAlterStatement {
    Table::alter().table(table).add_column(&mut column).take()
}

/// Takes an added column away again.
pub(crate) fn drop_column(table: Name, column: &ColumnDef) -> TableAlterStatement {
    Table::alter().table(table).drop_column(Alias::new(column.get_column_name())).take()
}

/// Tables with the columns of an index each.
pub(crate) type Indexes = Vec<(Name, &'static [Name])>;

/// Adds some indexes and takes those away that they make needless.
pub(crate) async fn exchange(
    manager: &SchemaManager<'_>,
    add: Indexes,
    remove: Indexes,
) -> Result<(), DbErr> {
    for (table, columns) in add {
        manager.create_index(index(table, columns)).await?;
    }
    for (table, columns) in remove {
        let name = format!("{table}_by_{}", columns.join("_"));
        manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
    }
    Ok(())
}

//! L3: the two databases behind one set of functions; the only layer that imports `sea_orm`. SQLite has one
//! connection that writes and several that read; PostgreSQL has one pool. Nobody above knows which it is.

pub mod accounts;
pub mod actors;
pub mod anchors;
pub mod answers;
pub mod apps;
pub mod attestations;
pub mod aversions;
pub mod bells;
pub mod blocks;
pub mod commentary;
pub mod deliveries;
pub mod dispositions;
pub mod drafts;
pub mod dump;
pub mod entity;
pub mod entries;
mod error;
pub mod feeds;
pub mod filters;
pub mod follows;
pub mod guests;
pub mod hosts;
pub mod inbox_items;
pub mod keys;
pub mod links;
pub mod listings;
pub mod lists;
pub mod markers;
pub mod marks;
pub mod media;
pub mod notices;
pub mod posts;
pub mod private_notes;
pub mod profiles;
pub mod projections;
pub mod push;
pub mod quotes;
pub mod reports;
pub mod rooms;
pub mod servers;
pub mod statements;
pub mod walks;

use std::{path::Path, time::Duration};

use polylogue_migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

pub use error::StoreError;

/// How long a writer waits for another process that writes.
const BUSY_SECONDS_MAX: u64 = 10;
/// Connections that read a SQLite file.
const SQLITE_READERS_MAX: u32 = 4;
/// What each connection to a SQLite file keeps of it in memory, at most. With SQLite's own 2 MiB a page of a long
/// discussion reads the same pages of the file again for every view.
const CACHE_KIBIBYTES: u32 = 8_192;
/// Rows of one answer that SQLite may be ahead of who reads them.
const ROWS_READ_AHEAD: usize = 1_000;
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS_MAX: u32 = 16;

/// The open database.
#[derive(Debug, Clone)]
pub struct Store {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

/// A transaction that writes. Dropped without [`Tx::commit`] it leaves nothing behind.
#[derive(Debug)]
pub struct Tx(DatabaseTransaction);

/// What can be read from: the store, or a transaction that sees its own writes.
pub trait Source: Sync {
    /// The kind of connection behind it.
    type Connection: ConnectionTrait;
    /// The connection to read with.
    fn connection(&self) -> &Self::Connection;
}

impl Source for Store {
    type Connection = DatabaseConnection;
    fn connection(&self) -> &DatabaseConnection {
        &self.read
    }
}

impl Source for Tx {
    type Connection = DatabaseTransaction;
    fn connection(&self) -> &DatabaseTransaction {
        &self.0
    }
}

impl Store {
    /// Opens the database at `url` (`sqlite://FILE` or `postgres://…`) and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = if let Some(path) = url.strip_prefix("sqlite://") {
            Self::open_sqlite(path).await?
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(POSTGRES_CONNECTIONS_MAX)
                .acquire_timeout(Duration::from_secs(BUSY_SECONDS_MAX))
                .sqlx_logging(false);
            let pool = connect(options).await?;
            Self { read: pool.clone(), write: pool }
        };
        Ok(store)
    }

    async fn open_sqlite(path: &str) -> Result<Self, StoreError> {
        let file = path.split('?').next().unwrap_or(path);
        if let Some(directory) = Path::new(file).parent().filter(|p| !p.as_os_str().is_empty()) {
            tokio::fs::create_dir_all(directory).await.map_err(|source| StoreError::Directory {
                path: directory.display().to_string(),
                source,
            })?;
        }
        let options = |connections: u32| {
            let mut options = ConnectOptions::new(format!("sqlite://{file}?mode=rwc"));
            options
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(2 * BUSY_SECONDS_MAX))
                .sqlx_logging(false)
                .map_sqlx_sqlite_opts(|sqlite| {
                    // FULL: what was answered with 2xx survives a power cut, not only a crash.
                    sqlite
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .busy_timeout(Duration::from_secs(BUSY_SECONDS_MAX))
                        .foreign_keys(true)
                        // A thousand rows are read on, not waited for one by one.
                        .row_buffer_size(ROWS_READ_AHEAD)
                        .pragma("temp_store", "memory")
                        .pragma("cache_size", format!("-{CACHE_KIBIBYTES}"))
                });
            options
        };
        let write = connect(options(1)).await?;
        let read = connect(options(SQLITE_READERS_MAX)).await?;
        Ok(Self { read, write })
    }

    /// Applies the migrations that are missing.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(Migrator::up(&self.write, None).await?)
    }

    /// How many migrations are missing.
    pub async fn pending_migrations(&self) -> Result<usize, StoreError> {
        Ok(Migrator::get_pending_migrations(&self.write).await?.len())
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`), so that a
    /// read followed by a write cannot fail for having read too early.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.write.get_database_backend() == DbBackend::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Tx(self.write.begin_with_options(options).await?))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.read.ping().await?)
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(self) -> Result<(), StoreError> {
        self.read.close().await?;
        Ok(self.write.close().await?)
    }
}

impl Tx {
    /// Makes everything written in it durable, at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}

/// Writes a new row. The database does not send it back: whoever wrote it knows it.
async fn insert_row<A: ActiveModelTrait>(
    tx: &Tx,
    row: impl IntoActiveModel<A>,
) -> Result<(), StoreError> {
    A::Entity::insert(row.into_active_model()).exec_without_returning(tx.connection()).await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the one place that opens databases")]
async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, StoreError> {
    Ok(Database::connect(options).await?)
}

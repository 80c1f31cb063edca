//! A database of a test's own, empty and with the schema, gone afterwards: a SQLite file in memory where the system
//! has such a place, or a database on the PostgreSQL server that the environment names.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use polylogue::store::Store;
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

/// Names the PostgreSQL server on which tests may make databases, as a URL of one that exists.
pub const POSTGRES_VARIABLE: &str = "POLYLOGUE_TEST_POSTGRES_URL";

/// Numbers the databases of this process.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A database of a test's own.
#[derive(Debug)]
pub struct TestDatabase {
    store: Store,
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Removed when it is dropped.
    Directory(#[expect(dead_code, reason = "held for its drop")] TempDir),
    Postgres {
        server: String,
        name: String,
    },
}

impl TestDatabase {
    /// A SQLite file.
    pub async fn sqlite() -> Self {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { PathBuf::from(memory) } else { std::env::temp_dir() };
        let directory = TempDir::with_prefix_in("polylogue-", parent).expect("a directory");
        let url = format!("sqlite://{}", directory.path().join("polylogue.db").display());
        Self::open(url, Place::Directory(directory)).await
    }

    /// A fresh database on the PostgreSQL server, where the environment names one; else says that it is skipped.
    pub async fn postgres() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "where CI says that its server is")]
        let Ok(server) = std::env::var(POSTGRES_VARIABLE) else {
            println!("SKIPPED on PostgreSQL: {POSTGRES_VARIABLE} is not set");
            return None;
        };
        let next = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("polylogue_test_{}_{next}", std::process::id());
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(&server).expect("a URL of a PostgreSQL database");
        url.set_path(&name);
        Some(Self::open(url.to_string(), Place::Postgres { server, name }).await)
    }

    /// One of each kind there is here: what a story of the store is told on.
    pub async fn each() -> Vec<Self> {
        let mut all = vec![Self::sqlite().await];
        all.extend(Self::postgres().await);
        all
    }

    async fn open(url: String, place: Place) -> Self {
        let store = Store::open(&url).await.expect("the database opens");
        store.migrate().await.expect("the schema is made");
        Self { store, url, place }
    }

    /// The open store; cheap to clone.
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Opens the same database again, as a second process would.
    pub async fn open_again(&self) -> Store {
        Store::open(&self.url).await.expect("the database opens a second time")
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file of a SQLite database.
    pub fn sqlite_file(&self) -> PathBuf {
        PathBuf::from(self.url.strip_prefix("sqlite://").expect("a SQLite database"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Postgres { server, name } = &self.place else { return };
        let (server, sql) = (server.clone(), format!("DROP DATABASE {name} WITH (FORCE)"));
        // On a thread of its own: a drop cannot wait for the runtime it runs on.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(execute(&server, &sql));
        });
        if dropped.join().is_err() {
            eprintln!("the test database {name} could not be dropped");
        }
    }
}

async fn execute(server: &str, sql: &str) {
    #[expect(clippy::disallowed_methods, reason = "the harness makes and drops whole databases")]
    let connection = Database::connect(server).await.expect("the PostgreSQL server answers");
    connection.execute_unprepared(sql).await.expect("the server does it");
    connection.close().await.expect("the connection ends");
}

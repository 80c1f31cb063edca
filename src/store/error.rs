//! What can go wrong below the services.

use sea_orm::{DbErr, SqlErr};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something with this name or id is there already.
    #[error("it exists already")]
    Conflict,
    /// The database cannot be reached or refuses.
    #[error("the database does not answer")]
    Unavailable(#[source] DbErr),
    /// What is stored cannot be read: our own fault or a damaged file.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// The data directory cannot be made.
    #[error("cannot make the directory {path}")]
    Directory {
        /// Which.
        path: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Conflict,
            _ => Self::Unavailable(error),
        }
    }
}

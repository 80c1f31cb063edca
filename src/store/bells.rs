//! How several servers over one PostgreSQL database hear of each other's writes at once: `LISTEN` and `NOTIFY`. What is
//! said is only that there is something; what it is stands in the tables, where it is found without a bell too.

use sea_orm::{ConnectionTrait, DbBackend, sqlx::postgres::PgListener};

use super::{Store, StoreError};

const CHANNEL: &str = "polylogue";

/// Hears the others. Holds one connection.
pub struct Hearing(PgListener);

impl std::fmt::Debug for Hearing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hearing")
    }
}

impl Store {
    /// Whether other servers can write to this database.
    pub fn is_shared(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Postgres
    }

    /// Tells the other servers over this database that there is something; there are none over a SQLite file.
    pub async fn tell(&self) -> Result<(), StoreError> {
        if self.is_shared() {
            self.write.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
        }
        Ok(())
    }

    /// Begins to hear the others; nobody where there are none.
    pub async fn hear(&self) -> Result<Option<Hearing>, StoreError> {
        if !self.is_shared() {
            return Ok(None);
        }
        let pool = self.read.get_postgres_connection_pool();
        let mut listener = PgListener::connect_with(pool).await.map_err(unavailable)?;
        listener.listen(CHANNEL).await.map_err(unavailable)?;
        Ok(Some(Hearing(listener)))
    }
}

impl Hearing {
    /// Waits until one of them, or this server itself, has said that there is something; or until nobody can tell
    /// whether one has.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        self.0.try_recv().await.map_err(unavailable)?;
        Ok(())
    }
}

fn unavailable(error: sea_orm::sqlx::Error) -> StoreError {
    StoreError::Unavailable(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
}

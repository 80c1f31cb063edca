//! The schema comes from nothing and goes again.

use polylogue::store::{Source, accounts, dump};
use polylogue_migrations::{Migrator, MigratorTrait};
use polylogue_tests::TestDatabase;

#[tokio::test]
async fn it_is_made_from_nothing_and_made_once() {
    for database in TestDatabase::each().await {
        let store = database.store();
        assert_eq!(store.pending_migrations().await.unwrap(), 0);
        Migrator::down(store.connection(), None).await.unwrap();
        assert_ne!(store.pending_migrations().await.unwrap(), 0);
        assert!(accounts::count(&store).await.is_err(), "a table is left");
        store.migrate().await.unwrap();
        store.migrate().await.unwrap();
        assert_eq!(store.pending_migrations().await.unwrap(), 0);
        assert_eq!(accounts::count(&store).await.unwrap(), 0);
        assert_eq!(dump::everything(&store).await.unwrap(), "");
        store.ping().await.unwrap();
    }
}

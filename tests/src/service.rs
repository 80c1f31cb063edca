//! An instance without a network: the use cases over a database, a clock and randomness of a test's own. Two of
//! them share nothing; what one holds is handed to the other entry by entry, as a relay would.

use std::sync::Arc;

use polylogue::{
    base::crypto::Vault,
    protocol::paths::Paths,
    record::item::Item,
    service::{Ports, Profile, Service, Wake, intake::Via},
    store::{
        entries::{self, Entry, Verdict},
        rooms::Room,
    },
};

use crate::{SeededEntropy, SimClock, TestDatabase, entropy::seed_or, mail::CaughtMail};

/// The vault key of every test instance.
pub const VAULT_KEY: [u8; 32] = [7; 32];

/// An instance of a test's own.
#[derive(Debug)]
pub struct TestService {
    /// The use cases.
    pub service: Service,
    /// Its clock.
    pub clock: Arc<SimClock>,
    /// Its database.
    pub database: TestDatabase,
}

impl TestService {
    /// The instance at a domain, on a SQLite file.
    pub async fn at(domain: &str) -> Self {
        Self::over(domain, TestDatabase::sqlite().await)
    }

    /// The instance at a domain, on this database.
    pub fn over(domain: &str, database: TestDatabase) -> Self {
        let clock = Arc::new(SimClock::default());
        let service = service_over(domain, &database, Arc::clone(&clock), VAULT_KEY);
        Self { service, clock, database }
    }

    /// The same instance started again, by somebody who has this vault key.
    pub fn again_with_vault(&self, key: [u8; 32]) -> Service {
        service_over(self.service.paths.domain(), &self.database, Arc::clone(&self.clock), key)
    }

    /// Every entry of a room's log, first to last.
    pub async fn log(&self, room: &Room) -> Vec<Entry> {
        entries::page(&self.service.store, room.id, 0, u64::MAX >> 1).await.expect("the log")
    }

    /// Opens a room for the topic of a log that another instance holds, by the log's genesis.
    pub async fn joins(&self, log: &[Entry], from: &str) -> Room {
        let genesis = log.iter().find(|entry| entry.kind == "genesis").expect("a genesis");
        let genesis = entries::read(genesis).expect("a readable genesis");
        let document = genesis.document;
        self.service
            .open_room("mirror", &document, from, Verdict::Proof)
            .await
            .expect("the room opens")
    }

    /// Takes entries of another instance's log, in the order given, each in a transaction of its own.
    pub async fn hears<'a>(
        &self,
        room: &Room,
        entries: impl IntoIterator<Item = &'a Entry>,
        from: &str,
    ) {
        for entry in entries {
            let item = Item::read(&entry.body).expect("a readable entry");
            let via = Via::Relay { from, sent_to: &[], hops: 1 };
            let tx = self.service.store.begin().await.expect("a transaction");
            self.service
                .take(&tx, room, &item, &entry.body, Verdict::Proof, via)
                .await
                .expect("the entry is taken");
            tx.commit().await.expect("the transaction commits");
        }
    }
}

fn service_over(
    domain: &str,
    database: &TestDatabase,
    clock: Arc<SimClock>,
    vault: [u8; 32],
) -> Service {
    // Two domains start from two seeds; one domain always from the same.
    let own = domain.bytes().fold(1, |seed: u64, byte| seed.rotate_left(8) ^ u64::from(byte));
    let ports = Ports {
        clock,
        entropy: Arc::new(SeededEntropy::new(seed_or(own))),
        mail: Arc::new(CaughtMail::default()),
    };
    let profile = Profile {
        name: domain.to_owned(),
        group: None,
        development: false,
        exposed: false,
        rate_limits: true,
    };
    let paths = Paths::new(domain, false);
    Service::new(database.store(), ports, paths, profile, Vault::new(vault), Wake::default())
}

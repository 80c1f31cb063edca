//! One story of the store, told on SQLite always and on PostgreSQL where `POLYLOGUE_TEST_POSTGRES_URL` names a
//! server: from an empty database to an instance in use.

mod accounts;
mod acts;
mod apps;
mod delegations;
mod drafts;
mod log;
mod no_rank;
mod queues;
mod schema;
mod seats;
mod secrets;
mod who;

//! Harness of the integration tests: a database that is gone afterwards, a clock that stands still, seeded
//! randomness, and a service over them with a small cast whose methods read like minutes of a meeting.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a harness that cannot do its work fails the test, and says so"
)]

pub mod browser;
pub mod cast;
pub mod clock;
pub mod database;
pub mod entropy;
pub mod faces;
pub mod foreign;
pub mod instance;
pub mod listening;
pub mod mail;
pub mod meeting;
pub mod picture;
pub mod scripted;
pub mod service;
pub mod smtp;

pub use browser::Browser;
pub use cast::{Participant, Words};
pub use clock::SimClock;
pub use database::TestDatabase;
pub use entropy::SeededEntropy;
pub use faces::Faces;
pub use foreign::Foreign;
pub use instance::{TestInstance, drain};
pub use listening::{Events, Socket};
pub use meeting::Meeting;
pub use scripted::{Asked, Reply, Scripted, Sender};
pub use service::TestService;

//! Harness of the integration tests: a database that is gone afterwards, a clock that stands still, seeded
//! randomness, and a service over them with a small cast whose methods read like minutes of a meeting.
#![expect(
    clippy::expect_used,
    reason = "a harness that cannot do its work fails the test, and says so"
)]

pub mod foreign;
pub mod instance;

pub use foreign::Foreign;
pub use instance::{TestInstance, drain};

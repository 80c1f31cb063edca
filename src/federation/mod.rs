//! L5: meaning to wire and back: inbox, fetching, delivery, relay.

pub mod fetch;
pub mod network;
#[cfg(test)]
pub(crate) mod scripted;

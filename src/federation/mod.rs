//! L5: meaning to wire and back: inbox, fetching, delivery, relay.

pub mod fetch;
pub mod instance;
pub mod network;
pub mod remote_actor;
#[cfg(test)]
pub(crate) mod scripted;
pub mod webfinger;

//! L5: meaning to wire and back: inbox, fetching, delivery, relay.

pub mod fetch;
pub mod instance;
pub mod network;
pub mod remote_actor;
#[cfg(test)]
pub(crate) mod scripted;
pub mod webfinger;

use crate::service::{Service, ServiceError};

/// Everything that talks with other servers; cheap to clone.
#[derive(Debug, Clone)]
pub struct Federation {
    /// Use cases and reads.
    pub service: Service,
}

/// A POST to an inbox, as it came.
#[derive(Debug, Clone)]
pub struct InboxRequest {
    /// Path and query of the inbox.
    pub path_and_query: String,
    /// All header lines.
    pub headers: http::HeaderMap,
    /// Exact bytes.
    pub body: Vec<u8>,
}

/// Why a POST to an inbox was not taken.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// The bytes are no activity.
    #[error("{0}")]
    Malformed(String),
    /// The signature is missing, wrong, or not the actor's.
    #[error("{0}")]
    BadSignature(String),
    /// Its server is not welcome.
    #[error("this server is blocked here")]
    Blocked,
    /// Too much at once.
    #[error("too many requests")]
    TooMany {
        /// When to come again.
        retry_after_seconds: i64,
    },
    /// Our own fault.
    #[error("something went wrong on this server")]
    Internal(#[source] ServiceError),
}

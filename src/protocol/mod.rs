//! L1: the wire: reading and printing documents, HTTP signatures. No IO.

pub mod actor;
pub mod compose;
pub mod context;
pub mod http_signature;
pub mod intents;
pub mod json;
pub mod origin;
pub mod paths;
pub mod quirks;

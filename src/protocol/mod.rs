//! L1: the wire: reading and printing documents, HTTP signatures. No IO.

pub mod actor;
pub mod http_signature;
pub mod json;
pub mod quirks;

//! L1: the wire: reading and printing documents, HTTP signatures. No IO.

pub mod http_signature;
pub mod json;

//! L1: the wire: reading and printing documents, HTTP signatures. No IO.

pub mod compose;
pub mod context;
pub mod json;
pub mod paths;
pub mod quirks;

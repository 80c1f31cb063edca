//! L1: the wire: reading and printing documents, HTTP signatures. No IO.

pub mod json;

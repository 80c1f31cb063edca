//! L2: the centre: entries, proofs, digests and the fold that turns a set of entries into what is shown. Pure; no IO.

pub mod digest;
pub mod proof;

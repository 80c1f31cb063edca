//! L2: the centre: entries, proofs, digests and the fold that turns a set of entries into what is shown. Pure: no
//! IO, no clock of its own, keys are given.

pub mod attested;
pub mod canonical;
pub mod digest;
pub mod disposition;
pub mod fold;
pub mod item;
pub mod passage;
pub mod proof;
pub mod reading;
pub mod receipt;
pub mod statement;
pub mod vocabulary;

//! L0: what knows nothing about Polylogue: time, randomness, ids, keys, limits. Imports no sibling.

pub mod clock;
pub mod crypto;
pub mod entropy;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod id;
pub mod limits;
pub mod mail;
pub mod pace;

//! L1: pure rules of the discussion: no IO, no JSON values, no database.

pub mod anchor;
pub mod answer;
pub mod attestation;
pub mod audience;
pub mod blocks;
pub mod comment;
pub mod delegation;
pub mod diff;
pub mod disposition;
pub mod filter;
pub mod group;
pub mod handle;
mod html;
pub mod lens;
pub mod letter;
pub mod markup;
pub mod messages;
pub mod opinion;
pub mod order;
pub mod parsed;
pub mod permission;
pub mod picture;
pub mod pieces;
pub mod position;
pub mod readership;
pub mod region;
pub mod rel_me;
pub mod reply;
pub mod rotation;
pub mod sanitized;
pub mod search_words;
pub mod statement;
pub mod terms;
pub mod vocabulary;
mod word;

pub use word::{NAMESPACE, UnknownWord};

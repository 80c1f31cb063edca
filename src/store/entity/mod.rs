//! One file per table, column by column as the migrations make them.

pub mod account;
pub mod actor;
pub mod actor_secret;
pub mod attempt;
pub mod audit;
pub mod comment;
pub mod cursor;
pub mod delivery;
pub mod entry;
pub mod follow;
pub mod inbox_item;
pub mod link;
pub mod notice;
pub mod object_key;
pub mod opinion;
pub mod outgoing;
pub mod peer;
pub mod position;
pub mod reaction;
pub mod revision;
pub mod room;
pub mod session;
pub mod statement;
pub mod token;

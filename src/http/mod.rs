//! L6: the faces: pages, JSON API, ActivityPub. Translates, decides nothing.

pub mod activitypub;
pub mod api;
mod cors;
pub mod extract;
pub mod mastodon;
pub mod middleware;
pub mod negotiate;
mod pictures;
pub mod problem;
pub mod router;
pub mod sender;
pub mod state;
#[cfg(test)]
mod testing;
pub mod web;
pub mod well_known;

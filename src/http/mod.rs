//! L6: the faces: pages, JSON API, ActivityPub. Translates, decides nothing.

pub mod state;
pub mod web;

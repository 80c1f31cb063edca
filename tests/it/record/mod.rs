//! The record keeps its word: what is shown is a function of the set of items, whatever the order, the repetition
//! and the route by which they came (protocol 4.f.1, decisions 1–5 and 9).

mod guests;
mod history;
mod mandates;
mod opinions;
mod order;
mod placement;
mod positions;
mod rank;
mod readings;
mod shelf;
mod spelling;
pub(crate) mod voice;

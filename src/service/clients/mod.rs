//! What programs for the fediverse show and do, in their terms: people (a room is one of them), posts (an opinion, a
//! comment, a position with words, a room's receipt), timelines and threads. Whole pages are read at once: a list of
//! forty posts costs as many questions as one of two (docs/decisions/0010).

mod aversions;
mod filters;
mod finding;
mod lists;
mod marks;
mod news;
mod people;
mod posts;
mod tallies;
mod threads;
mod timelines;
mod writing;

pub use crate::store::posts::Window;
pub use aversions::NewMute;
pub use filters::{Expiry, FilterChange, FilterKeyword, FilterMatch, FilterView, KeywordChange};
pub use finding::{Found, Sought};
pub use lists::{List, ListChange};
pub use marks::Mark;
pub use news::{News, NewsKind};
pub use people::{PersonView, RelationView};
#[cfg(test)]
pub(crate) use posts::KEYS;
pub(in crate::service) use posts::say;
pub use posts::{Marked, Mentioned, PostKind, PostView, VersionView};
pub(in crate::service) use tallies::Tallies;
pub use timelines::Timeline;
pub use writing::NewPost;

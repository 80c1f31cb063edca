//! Comments stay at their passages, keep their versions, and are answered in public; on both databases.

mod answers;
mod facilitators;
mod order;
mod passages;

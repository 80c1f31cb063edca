//! Comments stay at their passages, keep their versions, and are answered in public; on both databases.

mod answers;
mod order;
mod passages;

//! Instances and a scripted foreign server on real sockets, step by step.

mod answers;
mod floods;
mod foreign;
mod guests;
mod hostile;
mod inbox;
mod incoming;
mod intents;
mod mesh;
mod pictures;
mod programs;
mod quotes;
mod reach;
mod readings;
mod signatures;

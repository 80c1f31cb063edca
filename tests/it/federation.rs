//! Instances and a scripted foreign server on real sockets, step by step.

mod foreign;
mod inbox;
mod mesh;
mod readings;

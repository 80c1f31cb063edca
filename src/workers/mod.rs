//! L6: keeps the queues moving: step functions live in `federation`; the only loops, waits and tasks are in `runner`.

pub mod control;
pub mod runner;

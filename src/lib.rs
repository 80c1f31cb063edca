//! Polylogue: a federated server for multistakeholder discussion.
//!
//! Each stakeholder group runs its own instance; a topic is held jointly by rooms on several of them; opinions,
//! comments and positions are signed acts that travel between rooms, so that every room holds the same
//! verifiable record and no single body controls it.
//!
//! Start reading at [`record`] (what everybody holds in common), then [`service`] (what people do here) and
//! [`federation`] (how it travels). The layers, and who may import whom, stand in `docs/architecture.md`; a test
//! keeps them.

pub mod app;
pub mod base;
pub mod cli;
pub mod config;
pub mod domain;
pub mod federation;
pub mod http;
pub mod protocol;
pub mod record;
pub mod service;
pub mod store;
pub mod workers;

/// What everything allocates from: a long answer is tens of thousands of small texts, and libc's allocator spent a fifth of
/// its time on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

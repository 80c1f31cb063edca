//! The configuration: TOML and environment, checked as a whole.

//! Starts Polylogue: see `cli`.

fn main() {}

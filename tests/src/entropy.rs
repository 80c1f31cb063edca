//! Randomness that a failed test can be run again with: it prints its seed.

use std::sync::{Mutex, PoisonError};

use polylogue::base::entropy::Entropy;

/// Names a seed to run with instead of a test's own.
pub const SEED_VARIABLE: &str = "POLYLOGUE_TEST_SEED";

/// The seed that [`SEED_VARIABLE`] names, else this one.
pub fn seed_or(own: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "so that a failed test can be run again")]
    let named = std::env::var(SEED_VARIABLE);
    named.ok().and_then(|seed| seed.parse().ok()).unwrap_or(own)
}

/// The generator SplitMix64, which is enough for ids and keys that nobody attacks.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    state: Mutex<u64>,
}

impl SeededEntropy {
    /// Starts from a seed.
    pub const fn new(seed: u64) -> Self {
        Self { seed, state: Mutex::new(seed) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for some in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            for (byte, random) in some.iter_mut().zip(mixed.to_le_bytes()) {
                *byte = random;
            }
        }
    }
}

impl Drop for SeededEntropy {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{SEED_VARIABLE}={} repeats this", self.seed);
        }
    }
}

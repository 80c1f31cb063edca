//! Randomness: the one port through which ids, tokens, salts and keys get theirs, so that a test can seed it.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// A source of random bytes.
pub trait Entropy: Send + Sync {
    /// Fills the whole of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` random bytes.
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut out = [0; N];
    entropy.fill(&mut out);
    out
}

/// The operating system's generator.
#[derive(Debug, Default)]
pub struct OsEntropy(SystemRandom);

impl Entropy for OsEntropy {
    #[expect(
        clippy::expect_used,
        reason = "a machine without randomness cannot make keys: to stop is the only safe answer"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect("the operating system gives random bytes");
    }
}

//! Keys, signatures, digests and the sealing of secrets, all on aws-lc-rs (dependencies: one crypto library).
//!
//! Two kinds of key, by what they sign: a [`ProofKey`] signs documents (FEP-8b32), a [`RequestKey`] signs HTTP
//! requests. Secrets never print themselves and leave memory zeroed; at rest they are sealed by a [`Vault`].

mod proof_key;
mod push;
mod request_key;
mod vault;

use aws_lc_rs::{constant_time, digest};

pub use self::{
    proof_key::{ProofKey, ProofPublicKey, recovery_seed, recovery_words},
    push::{PushKey, PushReader},
    request_key::{RequestKey, RequestPublicKey},
    vault::Vault,
};

/// Bytes of a SHA-256 digest.
pub const DIGEST_BYTES: usize = 32;

/// Why a key or a sealed secret was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The bytes are no private key of the wanted kind.
    #[error("not a private key of the expected kind")]
    PrivateKey,
    /// The text is no public key in a form that is read (SPKI or PKCS#1 PEM; `z6Mk…` for Ed25519).
    #[error("not a public key of the expected kind")]
    PublicKey,
    /// An RSA key outside 2,048 to 8,192 bits.
    #[error("an RSA key of {bits} bits; 2048 to 8192 are taken")]
    KeySize {
        /// Bits of its modulus.
        bits: usize,
    },
    /// A sealed secret that does not open: another key, another context, or altered bytes.
    #[error("a sealed secret does not open with this key and context")]
    Sealed,
    /// The library refused to make or use a key.
    #[error("the key could not be made or used")]
    Library,
}

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; DIGEST_BYTES] {
    let mut out = [0; DIGEST_BYTES];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// Whether two secrets are equal, in a time that tells nothing but their length.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_and_comparison() {
        assert_eq!(
            hex::encode(sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
    }

    #[test]
    fn secrets_do_not_print_themselves() {
        let key = ProofKey::from_seed([0x11; 32]);
        let printed =
            format!("{key:?} {:?} {:?}", RequestKey::generate().unwrap(), Vault::new([1; 32]));
        assert!(!printed.contains("1111") && !printed.contains("17, 17"), "{printed}");
    }
}

//! Secrets at rest.

use std::fmt;

use aws_lc_rs::aead;
use zeroize::Zeroizing;

use super::CryptoError;
use crate::base::entropy::{self, Entropy};

/// Seals secrets at rest: AES-256-GCM, a random nonce before each, and the context ("actor:123:rsa") bound in,
/// so that a secret moved to another row does not open.
pub struct Vault(aead::LessSafeKey);

impl Vault {
    /// A vault under `key`.
    #[expect(clippy::expect_used, reason = "32 bytes are the length AES-256 takes")]
    pub fn new(key: [u8; 32]) -> Self {
        let key = Zeroizing::new(key);
        let unbound = aead::UnboundKey::new(&aead::AES_256_GCM, key.as_slice())
            .expect("32 bytes are an AES-256 key");
        Self(aead::LessSafeKey::new(unbound))
    }

    /// Seals `plain` for `context`. The answer is nonce, ciphertext, tag: 28 bytes longer than `plain`.
    #[expect(clippy::expect_used, reason = "AES-GCM refuses nothing below 64 GiB")]
    pub fn seal(&self, entropy: &dyn Entropy, context: &str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; aead::NONCE_LEN] = entropy::bytes(entropy);
        let mut secret = Zeroizing::new(plain.to_vec());
        let tag = self
            .0
            .seal_in_place_separate_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(context.as_bytes()),
                &mut secret,
            )
            .expect("a secret is shorter than 64 GiB");
        [nonce.as_slice(), &secret, tag.as_ref()].concat()
    }

    /// Opens what [`Vault::seal`] made for the same `context`.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let (nonce, rest) =
            sealed.split_first_chunk::<{ aead::NONCE_LEN }>().ok_or(CryptoError::Sealed)?;
        let mut secret = Zeroizing::new(rest.to_vec());
        let length = self
            .0
            .open_in_place(
                aead::Nonce::assume_unique_for_key(*nonce),
                aead::Aad::from(context.as_bytes()),
                &mut secret,
            )
            .ok()
            .ok_or(CryptoError::Sealed)?
            .len();
        secret.truncate(length);
        Ok(secret)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entropy::OsEntropy;

    #[test]
    fn sealed_secrets_open_only_in_their_place() {
        let vault = Vault::new([7; 32]);
        let entropy = OsEntropy::default();
        let sealed = vault.seal(&entropy, "actor:1:rsa", b"secret");
        assert_eq!(sealed.len(), 6 + 28);
        assert_eq!(vault.open("actor:1:rsa", &sealed).unwrap().as_slice(), b"secret");
        assert_ne!(sealed, vault.seal(&entropy, "actor:1:rsa", b"secret"));

        assert_eq!(vault.open("actor:2:rsa", &sealed).unwrap_err(), CryptoError::Sealed);
        let other = Vault::new([8; 32]);
        assert_eq!(other.open("actor:1:rsa", &sealed).unwrap_err(), CryptoError::Sealed);
        for index in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[index] ^= 1;
            assert_eq!(vault.open("actor:1:rsa", &flipped).unwrap_err(), CryptoError::Sealed);
        }
        for length in [0, 11, 12, 27] {
            assert_eq!(
                vault.open("actor:1:rsa", &sealed[..length]).unwrap_err(),
                CryptoError::Sealed
            );
        }
    }
}

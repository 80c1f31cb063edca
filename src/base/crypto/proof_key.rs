//! Ed25519: the keys that sign documents, their published form, and the words by which a person keeps one.

use std::fmt;

use aws_lc_rs::signature::{self, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::CryptoError;
use crate::base::entropy::{self, Entropy};

/// Multicodec of an Ed25519 public key, as FEP-521a's `publicKeyMultibase` begins.
const MULTICODEC_ED25519: [u8; 2] = [0xed, 0x01];

/// An Ed25519 key that signs documents. Also the form of a recovery key.
pub struct ProofKey {
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
}

impl ProofKey {
    /// A fresh key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self::from_seed(entropy::bytes(entropy))
    }

    /// The key of a 32-byte seed (RFC 8032 private key).
    #[expect(
        clippy::expect_used,
        reason = "every 32 bytes are an Ed25519 seed (RFC 8032 5.1.5): only a failing allocation is left"
    )]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
        Self { seed: Zeroizing::new(seed), pair }
    }

    /// The seed, to be sealed.
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Signs `message` (pure Ed25519).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut out = [0; 64];
        out.copy_from_slice(self.pair.sign(message).as_ref());
        out
    }

    /// The public half.
    pub fn public(&self) -> ProofPublicKey {
        let mut out = [0; 32];
        out.copy_from_slice(self.pair.public_key().as_ref());
        ProofPublicKey(out)
    }
}

impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProofKey({})", self.public().to_multibase())
    }
}

/// The public half of a [`ProofKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProofPublicKey(pub [u8; 32]);

impl ProofPublicKey {
    /// Whether `signature` over `message` is by this key.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&signature::ED25519, self.0).verify(message, signature).is_ok()
    }

    /// `z6Mk…`: base58btc of the multicodec key, as in a Multikey (FEP-521a).
    pub fn to_multibase(self) -> String {
        let mut bytes = Vec::with_capacity(34);
        bytes.extend_from_slice(&MULTICODEC_ED25519);
        bytes.extend_from_slice(&self.0);
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// Reads `z6Mk…`; other encodings and other kinds of key are refused.
    pub fn from_multibase(text: &str) -> Result<Self, CryptoError> {
        // 48 characters encode the 34 bytes: longer text would only cost time (base58 is quadratic).
        let base58 =
            text.strip_prefix('z').filter(|t| t.len() <= 48).ok_or(CryptoError::PublicKey)?;
        let bytes = bs58::decode(base58).into_vec().ok().ok_or(CryptoError::PublicKey)?;
        let key = bytes.strip_prefix(&MULTICODEC_ED25519).ok_or(CryptoError::PublicKey)?;
        Ok(Self(key.try_into().ok().ok_or(CryptoError::PublicKey)?))
    }
}

/// The 24 words (BIP-39, English) a person writes down to keep the seed of a recovery key (decisions 19).
pub fn recovery_words(seed: &[u8; 32]) -> Result<Zeroizing<String>, CryptoError> {
    let mnemonic = bip39::Mnemonic::from_entropy(seed).ok().ok_or(CryptoError::Library)?;
    Ok(Zeroizing::new(mnemonic.to_string()))
}

/// The seed that `words` stand for; the checksum among them catches a slip of the pen.
pub fn recovery_seed(words: &str) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    let mnemonic =
        bip39::Mnemonic::parse_normalized(words.trim()).ok().ok_or(CryptoError::PrivateKey)?;
    let entropy = Zeroizing::new(mnemonic.to_entropy());
    let seed: [u8; 32] = entropy.as_slice().try_into().ok().ok_or(CryptoError::PrivateKey)?;
    Ok(Zeroizing::new(seed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entropy::OsEntropy;

    #[test]
    fn ed25519_reproduces_rfc_8032_test_2() {
        let seed: [u8; 32] =
            hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
                .unwrap()
                .try_into()
                .unwrap();
        let key = ProofKey::from_seed(seed);
        assert_eq!(
            hex::encode(key.public().0),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        );
        let signature = key.sign(&[0x72]);
        assert_eq!(
            hex::encode(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
        assert!(key.public().verify(&[0x72], &signature));
        assert!(!key.public().verify(&[0x73], &signature));
        assert!(!key.public().verify(&[0x72], &signature[..63]));
    }

    #[test]
    fn multibase_both_ways_and_other_keys_refused() {
        let key = ProofKey::generate(&OsEntropy::default()).public();
        let text = key.to_multibase();
        assert!(text.starts_with("z6Mk"), "{text}");
        assert_eq!(ProofPublicKey::from_multibase(&text), Ok(key));
        // An X25519 key (multicodec ec01), a cut key, another base, and nothing.
        let x25519 = format!("z{}", bs58::encode([&[0xec, 1][..], &key.0].concat()).into_string());
        for wrong in [
            x25519.as_str(),
            text.get(..40).unwrap(),
            text.get(1..).unwrap(),
            "z",
            "",
            &format!("{text}1"),
        ] {
            assert_eq!(
                ProofPublicKey::from_multibase(wrong),
                Err(CryptoError::PublicKey),
                "{wrong}"
            );
        }
    }

    #[test]
    fn recovery_words_lead_back_to_the_seed() {
        let seed = [0x5a; 32];
        let words = recovery_words(&seed).unwrap();
        assert_eq!(words.split(' ').count(), 24);
        assert_eq!(*recovery_seed(&words).unwrap(), seed);
        // BIP-39's own vector for 32 zero bytes.
        assert!(recovery_words(&[0; 32]).unwrap().ends_with("abandon abandon art"));
        assert!(recovery_seed("abandon abandon").is_err());
        assert!(
            recovery_seed(&words.replacen(words.split(' ').next().unwrap(), "zoo", 1)).is_err()
        );
    }
}

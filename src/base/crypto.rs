//! Keys, signatures, digests and the sealing of secrets, all on aws-lc-rs (dependencies: one crypto library).
//!
//! Two kinds of key, by what they sign: a [`ProofKey`] signs documents (FEP-8b32), a [`RequestKey`] signs HTTP
//! requests. Secrets never print themselves and leave memory zeroed; at rest they are sealed by a [`Vault`].

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    aead, constant_time, digest,
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        self, Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RsaKeyPair, UnparsedPublicKey,
    },
};
use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::entropy::{self, Entropy};

/// Bytes of a SHA-256 digest.
pub const DIGEST_BYTES: usize = 32;
/// Smallest RSA modulus taken from elsewhere, in bits.
const RSA_BITS_MIN: usize = 2_048;
/// Largest RSA modulus taken from elsewhere, in bits: beyond, one check costs milliseconds.
const RSA_BITS_MAX: usize = 8_192;
/// Multicodec of an Ed25519 public key, as FEP-521a's `publicKeyMultibase` begins.
const MULTICODEC_ED25519: [u8; 2] = [0xed, 0x01];

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

/// An RSA-2048 key that signs HTTP requests: what every server of the fediverse reads.
pub struct RequestKey {
    pair: RsaKeyPair,
    pkcs8: Zeroizing<Vec<u8>>,
    public_pem: String,
}

impl RequestKey {
    /// A fresh key, from the library's own generator (aws-lc makes RSA keys from no other source). Takes
    /// 50 to 500 ms: call it where blocking is allowed.
    pub fn generate() -> Result<Self, CryptoError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).ok().ok_or(CryptoError::Library)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().ok().ok_or(CryptoError::Library)?;
        let pkcs8 = Zeroizing::new(der.as_ref().to_vec());
        Self::new(pair, pkcs8)
    }

    /// The key in PKCS#8 `der`.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, CryptoError> {
        let pair = RsaKeyPair::from_pkcs8(der).ok().ok_or(CryptoError::PrivateKey)?;
        Self::new(pair, Zeroizing::new(der.to_vec()))
    }

    fn new(pair: RsaKeyPair, pkcs8: Zeroizing<Vec<u8>>) -> Result<Self, CryptoError> {
        let spki: PublicKeyX509Der<'_> =
            pair.public_key().as_der().ok().ok_or(CryptoError::Library)?;
        let public_pem = spki_pem(spki.as_ref());
        Ok(Self { pair, pkcs8, public_pem })
    }

    /// The key as PKCS#8 DER, to be sealed.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 over `message`: cavage's `rsa-sha256` and RFC 9421's
    /// `rsa-v1_5-sha256`.
    pub fn sign_sha256(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut out = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut out)
            .ok()
            .ok_or(CryptoError::Library)?;
        Ok(out)
    }

    /// The public half as SPKI PEM (`BEGIN PUBLIC KEY`), as actors publish it.
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }
}

impl fmt::Debug for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestKey(secret)")
    }
}

/// An RSA key from an actor's `publicKey`, to check requests with. Parsed once; cheap to clone.
#[derive(Debug, Clone)]
pub struct RequestPublicKey(Arc<ParsedPublicKey>);

impl RequestPublicKey {
    /// Reads SPKI (`BEGIN PUBLIC KEY`) and PKCS#1 (`BEGIN RSA PUBLIC KEY`) of 2,048 to 8,192 bits. White
    /// space and line breaks are taken as they come: servers differ.
    pub fn from_pem(pem: &str) -> Result<Self, CryptoError> {
        let der = pem_body(pem).ok_or(CryptoError::PublicKey)?;
        let key = aws_lc_rs::rsa::PublicKey::from_der(&der).ok().ok_or(CryptoError::PublicKey)?;
        let bits = modulus_bits(key.as_ref()).ok_or(CryptoError::PublicKey)?;
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
            return Err(CryptoError::KeySize { bits });
        }
        let parsed = ParsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, key.as_ref())
            .ok()
            .ok_or(CryptoError::PublicKey)?;
        Ok(Self(Arc::new(parsed)))
    }

    /// Whether `signature` over `message` (RSASSA-PKCS1-v1_5, SHA-256) is by this key.
    pub fn verify_sha256(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

/// `der` in PEM (RFC 7468: lines of 64 characters).
fn spki_pem(der: &[u8]) -> String {
    let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
    for (index, character) in BASE64.encode(der).chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push_str("\n-----END PUBLIC KEY-----\n");
    pem
}

/// The DER inside a PEM block of a public key.
fn pem_body(pem: &str) -> Option<Vec<u8>> {
    // A key of 8,192 bits takes about 1,500 characters.
    if pem.len() > 8_192 {
        return None;
    }
    let (label, body) = pem.split_once("-----BEGIN ")?.1.split_once("-----")?;
    if !matches!(label, "PUBLIC KEY" | "RSA PUBLIC KEY") {
        return None;
    }
    let (body, end) = body.split_once("-----END ")?;
    end.strip_prefix(label)?.strip_prefix("-----")?;
    let packed: Vec<u8> = body.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    BASE64.decode(&packed).ok()
}

/// Bits of the modulus in a PKCS#1 `RSAPublicKey`.
fn modulus_bits(pkcs1: &[u8]) -> Option<usize> {
    let key = rsa::pkcs1::RsaPublicKey::try_from(pkcs1).ok()?;
    let modulus = key.modulus.as_bytes();
    let leading = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
    (modulus.len() * 8).checked_sub(leading)
}

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
    use rsa::{
        pkcs1::EncodeRsaPublicKey as _,
        pkcs1v15::{Signature, SigningKey, VerifyingKey},
        pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, LineEnding},
        signature::{SignatureEncoding as _, Signer as _, Verifier as _},
    };

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
    fn rsa_agrees_with_an_independent_implementation() {
        let ours = RequestKey::generate().unwrap();
        let theirs = rsa::RsaPrivateKey::from_pkcs8_der(ours.pkcs8()).unwrap();
        let signing = SigningKey::<rsa::sha2::Sha256>::new(theirs.clone());
        let message = b"(request-target): post /inbox";

        // PKCS#1 v1.5 is deterministic: the bytes are equal, not only acceptable.
        let by_us = ours.sign_sha256(message).unwrap();
        let by_them = signing.sign(message).to_vec();
        assert_eq!(by_us, by_them);

        let pem = ours.public_pem();
        let verifying = VerifyingKey::<rsa::sha2::Sha256>::new(
            rsa::RsaPublicKey::from_public_key_pem(pem).unwrap(),
        );
        verifying.verify(message, &Signature::try_from(by_us.as_slice()).unwrap()).unwrap();

        let pkcs1 = theirs.to_public_key().to_pkcs1_pem(LineEnding::CRLF).unwrap();
        assert!(pkcs1.contains("BEGIN RSA PUBLIC KEY"));
        for pem in [pem, pkcs1.as_str(), &pem.replace('\n', ""), &format!("\n {pem}")] {
            let public = RequestPublicKey::from_pem(pem).unwrap();
            assert!(public.verify_sha256(message, &by_them));
            assert!(!public.verify_sha256(b"another message", &by_them));
        }
        let reread = RequestKey::from_pkcs8(ours.pkcs8()).unwrap();
        assert_eq!(reread.public_pem(), pem);
    }

    #[test]
    fn weak_and_foreign_keys_are_refused() {
        use rsa::pkcs8::EncodePublicKey as _;
        struct Fixed(u64);
        impl rsa::rand_core::RngCore for Fixed {
            fn next_u32(&mut self) -> u32 {
                u32::try_from(self.next_u64() >> 32).unwrap()
            }
            fn next_u64(&mut self) -> u64 {
                self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                self.0.rotate_left(29)
            }
            fn fill_bytes(&mut self, dest: &mut [u8]) {
                for chunk in dest.chunks_mut(8) {
                    let bytes = self.next_u64().to_le_bytes();
                    chunk.copy_from_slice(&bytes[..chunk.len()]);
                }
            }
            fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
                self.fill_bytes(dest);
                Ok(())
            }
        }
        impl rsa::rand_core::CryptoRng for Fixed {}
        let weak = rsa::RsaPrivateKey::new(&mut Fixed(7), 1024).unwrap();
        let pem = weak.to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
        assert_eq!(
            RequestPublicKey::from_pem(&pem).unwrap_err(),
            CryptoError::KeySize { bits: 1024 }
        );
        let ed25519 = "-----BEGIN PUBLIC KEY-----\n\
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----";
        for wrong in [
            ed25519,
            "",
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(RequestPublicKey::from_pem(wrong).unwrap_err(), CryptoError::PublicKey);
        }
    }

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

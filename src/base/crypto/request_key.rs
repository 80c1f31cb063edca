//! RSA: the keys that sign HTTP requests, ours and those of others.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{KeySize, PublicKey},
    signature::{self, KeyPair as _, ParsedPublicKey, RsaKeyPair},
};
use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::CryptoError;

/// Smallest RSA modulus taken from elsewhere, in bits.
const RSA_BITS_MIN: usize = 2_048;
/// Largest RSA modulus taken from elsewhere, in bits: beyond, one check costs milliseconds.
const RSA_BITS_MAX: usize = 8_192;

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
        let key = PublicKey::from_der(&der).ok().ok_or(CryptoError::PublicKey)?;
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

#[cfg(test)]
mod tests {
    use rsa::{
        pkcs1::EncodeRsaPublicKey as _,
        pkcs1v15::{Signature, SigningKey, VerifyingKey},
        pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, LineEnding},
        signature::{SignatureEncoding as _, Signer as _, Verifier as _},
    };

    use super::*;

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
}

//! What Web Push needs: a message that only the browser can read (RFC 8291, aes128gcm of RFC 8188), and the word of this
//! server that it is the one which the browser agreed to (RFC 8292).

use std::fmt;

use aws_lc_rs::{
    aead, agreement, hkdf, rand,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

use super::CryptoError;

/// Bytes of a point of P-256, uncompressed: the public keys of both sides.
const POINT_BYTES: usize = 65;
/// Bytes of the secret that a browser shares with its server.
const AUTH_BYTES: usize = 16;
/// Bytes of a salt.
const SALT_BYTES: usize = 16;
/// Bytes of one record; a message is one.
const RECORD_BYTES: u32 = 4_096;
/// What ends the last record.
const LAST: u8 = 2;
/// Longest text that fits: the message, with all that goes around the text, has at most 4,096 bytes (RFC 8291 §4).
const PUSH_TEXT_BYTES_MAX: usize = 3_993;

/// The key by which this server is known to push services (VAPID).
pub struct PushKey(EcdsaKeyPair);

impl PushKey {
    /// Makes a key; answers it as PKCS #8, to be sealed.
    pub fn generate() -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let random = rand::SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        Ok(Zeroizing::new(made.ok().ok_or(CryptoError::Library)?.as_ref().to_vec()))
    }

    /// Opens a key from PKCS #8.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, CryptoError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes);
        pair.map(Self).ok().ok_or(CryptoError::PrivateKey)
    }

    /// The public half, as programs and push services know it.
    pub fn public(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.public_key().as_ref())
    }

    /// The value of `Authorization` for a push service at this origin, good until a moment in seconds.
    pub fn authorization(
        &self,
        audience: &str,
        subject: &str,
        expires: i64,
    ) -> Result<String, CryptoError> {
        let claims = serde_json::json!({"aud": audience, "exp": expires, "sub": subject});
        let [head, claims] = [r#"{"typ":"JWT","alg":"ES256"}"#.to_owned(), claims.to_string()]
            .map(|part| BASE64URL_NOPAD.encode(part.as_bytes()));
        let signed = format!("{head}.{claims}");
        let signature = self.0.sign(&rand::SystemRandom::new(), signed.as_bytes());
        let signature = signature.ok().ok_or(CryptoError::Library)?;
        let signature = BASE64URL_NOPAD.encode(signature.as_ref());
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public()))
    }
}

impl fmt::Debug for PushKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushKey({})", self.public())
    }
}

/// A browser, or whatever stands for one, that takes messages.
#[derive(Clone, PartialEq, Eq)]
pub struct PushReader {
    point: [u8; POINT_BYTES],
    auth: [u8; AUTH_BYTES],
}

impl fmt::Debug for PushReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushReader(secret)")
    }
}

impl PushReader {
    /// Of the key and the secret that a program gave.
    pub fn new(point: &[u8], auth: &[u8]) -> Result<Self, CryptoError> {
        let refused = || CryptoError::PublicKey;
        let point: [u8; POINT_BYTES] = point.try_into().ok().ok_or_else(refused)?;
        // That it is a point of the curve: else nothing could ever be sent.
        let on_curve = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, point);
        agreement::ParsedPublicKey::try_from(&on_curve).ok().ok_or_else(refused)?;
        if point.first() != Some(&4) {
            return Err(refused());
        }
        Ok(Self { point, auth: auth.try_into().ok().ok_or_else(refused)? })
    }

    /// A message that only it can read, with a fresh key and salt.
    pub fn encrypt(&self, text: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let key = agreement::PrivateKey::generate(&agreement::ECDH_P256);
        let mut salt = [0; SALT_BYTES];
        rand::fill(&mut salt).ok().ok_or(CryptoError::Library)?;
        self.encrypt_with(&key.ok().ok_or(CryptoError::Library)?, salt, text)
    }

    fn encrypt_with(
        &self,
        key: &agreement::PrivateKey,
        salt: [u8; SALT_BYTES],
        text: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        if text.len() > PUSH_TEXT_BYTES_MAX {
            return Err(CryptoError::Library);
        }
        let own = key.compute_public_key().ok().ok_or(CryptoError::Library)?;
        let theirs = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, self.point);
        let shared = agreement::agree(key, theirs, CryptoError::PublicKey, |shared| {
            Ok(Zeroizing::new(shared.to_vec()))
        })?;
        let (aead_key, nonce) = derive(&shared, &self.auth, salt, &self.point, own.as_ref())?;
        let mut record = [text, &[LAST]].concat();
        let sealing = aead::UnboundKey::new(&aead::AES_128_GCM, aead_key.as_slice());
        let sealing = aead::LessSafeKey::new(sealing.ok().ok_or(CryptoError::Library)?);
        let nonce = aead::Nonce::assume_unique_for_key(nonce);
        let tag = sealing.seal_in_place_separate_tag(nonce, aead::Aad::empty(), &mut record);
        let tag = tag.ok().ok_or(CryptoError::Library)?;
        let length = u8::try_from(own.as_ref().len()).ok().ok_or(CryptoError::Library)?;
        let size = RECORD_BYTES.to_be_bytes();
        Ok([&salt[..], &size, &[length], own.as_ref(), &record, tag.as_ref()].concat())
    }
}

/// The key and the nonce of a message (RFC 8291 §3.4).
fn derive(
    shared: &[u8],
    auth: &[u8],
    salt: [u8; SALT_BYTES],
    theirs: &[u8],
    own: &[u8],
) -> Result<(Zeroizing<[u8; 16]>, [u8; aead::NONCE_LEN]), CryptoError> {
    let between = hkdf::Salt::new(hkdf::HKDF_SHA256, auth).extract(shared);
    let mut input = Zeroizing::new([0; 32]);
    fill(&between, &[b"WebPush: info\0", theirs, own], input.as_mut())?;
    let of_message = hkdf::Salt::new(hkdf::HKDF_SHA256, &salt).extract(input.as_slice());
    let (mut key, mut nonce) = (Zeroizing::new([0; 16]), [0; aead::NONCE_LEN]);
    fill(&of_message, &[b"Content-Encoding: aes128gcm\0"], key.as_mut())?;
    fill(&of_message, &[b"Content-Encoding: nonce\0"], &mut nonce)?;
    Ok((key, nonce))
}

/// A length of output.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn fill(key: &hkdf::Prk, info: &[&[u8]], out: &mut [u8]) -> Result<(), CryptoError> {
    let made = key.expand(info, Length(out.len())).and_then(|made| made.fill(out));
    made.ok().ok_or(CryptoError::Library)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    fn of(text: &str) -> Vec<u8> {
        BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn a_message_is_that_of_rfc_8291() {
        let own = of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let own = agreement::PrivateKey::from_private_key(&agreement::ECDH_P256, &own).unwrap();
        let theirs = of(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let reader = PushReader::new(&theirs, &of("BTBZMqHH6r4Tts7J_aSIgg")).unwrap();
        let salt = of("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let text = b"When I grow up, I want to be a watermelon";
        let message = reader.encrypt_with(&own, salt, text).unwrap();
        assert_eq!(
            BASE64URL_NOPAD.encode(&message),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
             AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    /// RFC 8292, section 2.4: its signature holds by its key, and ours by ours.
    #[test]
    fn an_authorization_is_that_of_rfc_8292() {
        let holds = |authorization: &str| {
            let fields = authorization.strip_prefix("vapid t=").unwrap();
            let (token, key) = fields.split_once(", k=").unwrap();
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, of(key));
            let (head, claims) = signed.split_once('.').unwrap();
            let texts = [head, claims].map(|part| String::from_utf8(of(part)).unwrap());
            (key.verify(signed.as_bytes(), &of(signature)).is_ok(), texts)
        };
        let theirs = "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJ\
             leHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkM\
             lMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, \
             k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
        let (valid, [head, _]) = holds(theirs);
        assert!(valid);
        let key = PushKey::from_pkcs8(&PushKey::generate().unwrap()).unwrap();
        let ours = key
            .authorization("https://push.example.net", "mailto:push@example.com", 1_453_523_768)
            .unwrap();
        let (valid, [our_head, claims]) = holds(&ours);
        assert!(valid);
        assert_eq!(our_head, head);
        assert_eq!(
            claims,
            r#"{"aud":"https://push.example.net","exp":1453523768,"sub":"mailto:push@example.com"}"#
        );
        let other = PushKey::from_pkcs8(&PushKey::generate().unwrap()).unwrap().public();
        assert!(!holds(&ours.replace(&key.public(), &other)).0);
        assert!(PushKey::from_pkcs8(b"x").is_err());
    }

    #[test]
    fn a_message_has_a_size_and_a_reader_a_point() {
        let own = agreement::PrivateKey::generate(&agreement::ECDH_P256).unwrap();
        let point = own.compute_public_key().unwrap();
        let reader = PushReader::new(point.as_ref(), &[7; AUTH_BYTES]).unwrap();
        let longest = reader.encrypt(&[b'x'; PUSH_TEXT_BYTES_MAX]).unwrap();
        assert_eq!(longest.len(), 4_096);
        assert!(reader.encrypt(&[b'x'; PUSH_TEXT_BYTES_MAX + 1]).is_err());
        assert_ne!(reader.encrypt(b"x").unwrap(), reader.encrypt(b"x").unwrap());
        let mut no_point = point.as_ref().to_vec();
        no_point[64] ^= 1;
        for (point, auth) in [
            (no_point.as_slice(), &[7; 16][..]),
            (&point.as_ref()[..64], &[7; 16]),
            (&[], &[7; 16]),
            (point.as_ref(), &[7; 15]),
            (point.as_ref(), &[]),
        ] {
            assert_eq!(PushReader::new(point, auth), Err(CryptoError::PublicKey));
        }
    }
}

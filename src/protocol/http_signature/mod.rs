//! Signatures of HTTP requests: cavage (`Signature: keyId=…`, what the fediverse sends) and RFC 9421
//! (`Signature-Input`), both with RSA. Pure: no fetch, no clock.
//!
//! [`read`] makes every check that needs no key, cheapest first; only what it lets through is worth fetching a key
//! for. It demands what binds a request to this server, this moment and this body, so that nothing signed for one
//! server is of use at another (dependencies 1.3): method and path, host, a date, and with a body its digest.

mod cavage;
mod digest;
mod evidence;
mod rfc9421;
mod sign;

use http::{HeaderMap, Method, header};
use url::Url;

pub use self::{
    digest::BodyDigest,
    evidence::{Evidence, EvidenceError},
    sign::{ACCEPT, HeaderLines, SigningKey, sign_get, sign_post},
};
use crate::base::{clock::Timestamp, crypto::RequestPublicKey, limits::SIGNATURE_WINDOW_SECONDS};

/// Why a request does not count as signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It bears no signature.
    #[error("the request is not signed")]
    Absent,
    /// A header that cannot be read.
    #[error("the signature cannot be read: {what}")]
    Malformed {
        /// Which part.
        what: &'static str,
    },
    /// An algorithm or component that is not supported here.
    #[error("the signature uses {what}, which is not supported")]
    Unsupported {
        /// Its name.
        what: String,
    },
    /// Something that must be signed is not.
    #[error("{component} is not signed")]
    NotCovered {
        /// Its name.
        component: &'static str,
    },
    /// A header that is named as signed is not there.
    #[error("the signed header {name} is missing")]
    HeaderMissing {
        /// Its name.
        name: String,
    },
    /// Signed for another server than this one (answer 421; decisions 31).
    #[error("the request is for another host")]
    Host,
    /// No SHA-256 digest of the body.
    #[error("there is no SHA-256 digest of the body")]
    DigestMissing,
    /// The body is not the one that was signed.
    #[error("the digest does not match the body")]
    DigestMismatch,
    /// Signed more than an hour from now, either way (decisions 29).
    #[error("signed at {signed_at}, more than an hour from now")]
    Window {
        /// The date it gives.
        signed_at: Timestamp,
    },
    /// Past its own expiry.
    #[error("the signature expired at {at}")]
    Expired {
        /// When.
        at: Timestamp,
    },
}

/// The two forms of signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// draft-cavage-http-signatures.
    Cavage,
    /// HTTP Message Signatures.
    Rfc9421,
}

impl Form {
    /// The word in columns.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cavage => "cavage",
            Self::Rfc9421 => "rfc9421",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Cavage, Self::Rfc9421].into_iter().find(|form| form.word() == word)
    }

    /// The one that is tried when this one was refused.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 => Self::Cavage,
        }
    }
}

/// What of a request is looked at.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// The method.
    pub method: &'a Method,
    /// Path and query exactly as received: the signature is over these bytes.
    pub path_and_query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// Digest of the body as received; `None` for a request without one.
    pub body: Option<&'a BodyDigest>,
}

/// Scheme and authority of this server, as others address it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOrigin {
    scheme: String,
    authority: String,
}

impl OwnOrigin {
    /// The origin of `url`; `None` where it has no host.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self { scheme: url.scheme().to_owned(), authority: authority_of(url)? })
    }

    /// Whether a `Host` header names this server. A default port may be written out.
    pub fn is_named_by(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let default = if self.scheme == "https" { ":443" } else { ":80" };
        host.strip_suffix(default).unwrap_or(&host) == self.authority
    }
}

/// `host` or `host:port`, the port only where it is not the scheme's own.
fn authority_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// A signature that passed every check but the last: whether the key made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Id of the key it claims, as written; see [`Claimed::owner_hint`].
    pub key_id: String,
    /// What is signed: header names in lower case and derived components, in order.
    pub covered: Vec<String>,
    /// The bytes that are signed.
    pub signing_string: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// When it was signed, by its own word, and found near enough.
    pub signed_at: Timestamp,
    /// Which form it has.
    pub form: Form,
}

impl Claimed {
    /// Whether `key` made the signature.
    pub fn verify(&self, key: &RequestPublicKey) -> bool {
        key.verify_sha256(self.signing_string.as_bytes(), &self.signature)
    }

    /// The actor that `key_id` seems to belong to: without its fragment, or GoToSocial's `/main-key`. Only a hint
    /// where to look: the key counts when the actor's own document names it.
    pub fn owner_hint(&self) -> &str {
        owner_hint(&self.key_id)
    }
}

/// See [`Claimed::owner_hint`].
pub fn owner_hint(key_id: &str) -> &str {
    match key_id.split_once('#') {
        Some((owner, _)) => owner,
        None => key_id.strip_suffix("/main-key").unwrap_or(key_id),
    }
}

/// Reads the signature of a request to `own`, received at `now`.
pub fn read(
    parts: &RequestParts<'_>,
    own: &OwnOrigin,
    now: Timestamp,
) -> Result<Claimed, SignatureError> {
    read_at(parts, own, Some(now))
}

/// As [`read`]; without `now` no date is compared with the clock, as for evidence that is checked again later.
fn read_at(
    parts: &RequestParts<'_>,
    own: &OwnOrigin,
    now: Option<Timestamp>,
) -> Result<Claimed, SignatureError> {
    if parts.headers.contains_key("signature-input") {
        rfc9421::read(parts, own, now)
    } else if parts.headers.contains_key("signature") {
        cavage::read(parts, own, now)
    } else {
        Err(SignatureError::Absent)
    }
}

/// A request without a digest is only taken where it cannot carry a body.
fn needs_digest(parts: &RequestParts<'_>) -> bool {
    parts.body.is_some() || !matches!(*parts.method, Method::GET | Method::HEAD)
}

/// All values of one header, joined as both forms sign them.
fn header_value(headers: &HeaderMap, name: &str) -> Result<String, SignatureError> {
    let mut values = Vec::new();
    for value in headers.get_all(name) {
        let text = value.to_str().ok().ok_or(SignatureError::Malformed { what: "a header" })?;
        values.push(text.trim());
    }
    if values.is_empty() {
        return Err(SignatureError::HeaderMissing { name: name.to_owned() });
    }
    Ok(values.join(", "))
}

fn check_host(headers: &HeaderMap, own: &OwnOrigin) -> Result<(), SignatureError> {
    // Two Host headers would be joined, and so name nobody.
    let host = header_value(headers, header::HOST.as_str())?;
    if own.is_named_by(&host) { Ok(()) } else { Err(SignatureError::Host) }
}

fn check_window(signed_at: Timestamp, now: Option<Timestamp>) -> Result<(), SignatureError> {
    match now {
        Some(now) if now.millis_since(signed_at).abs() > SIGNATURE_WINDOW_SECONDS * 1000 => {
            Err(SignatureError::Window { signed_at })
        }
        _ => Ok(()),
    }
}

fn check_expiry(expires: Option<Timestamp>, now: Option<Timestamp>) -> Result<(), SignatureError> {
    match (expires, now) {
        (Some(at), Some(now)) if now > at => Err(SignatureError::Expired { at }),
        _ => Ok(()),
    }
}

/// Seconds since the epoch, as both forms write `created` and `expires`; a fraction is let go.
fn seconds(text: &str, what: &'static str) -> Result<Timestamp, SignatureError> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    whole
        .parse::<i64>()
        .ok()
        .and_then(|seconds| seconds.checked_mul(1000))
        .map(Timestamp::from_millis)
        .ok_or(SignatureError::Malformed { what })
}

#[cfg(test)]
mod tests;

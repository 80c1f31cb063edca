//! The digest of a request's body, computed once and compared with what either form of signature covers: `Digest`
//! (RFC 3230) and `Content-Digest` (RFC 9530). Only SHA-256 counts.

use data_encoding::BASE64;

use super::SignatureError;
use crate::base::crypto::{same, sha256};

/// SHA-256 of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    /// The digest of `body`.
    pub fn of(body: &[u8]) -> Self {
        Self(sha256(body))
    }

    /// As a `Digest` header: `SHA-256=…`.
    pub fn to_digest(self) -> String {
        format!("SHA-256={}", BASE64.encode(&self.0))
    }

    /// As a `Content-Digest` header: `sha-256=:…:`.
    pub fn to_content_digest(self) -> String {
        format!("sha-256=:{}:", BASE64.encode(&self.0))
    }

    /// Compares with a `Digest` header. Names of algorithms are in any case (RFC 3230 4.1.1); others than SHA-256
    /// are passed over.
    pub(super) fn check_digest(self, header: &str) -> Result<(), SignatureError> {
        let values = header.split(',').filter_map(|part| {
            let (name, value) = part.trim().split_once('=')?;
            name.eq_ignore_ascii_case("sha-256").then_some(value)
        });
        self.check(values)
    }

    /// Compares with a `Content-Digest` header, whose keys are in lower case (RFC 8941 3.1.2).
    pub(super) fn check_content_digest(self, header: &str) -> Result<(), SignatureError> {
        let values = header.split(',').filter_map(|part| {
            part.trim().strip_prefix("sha-256=:").and_then(|value| value.strip_suffix(':'))
        });
        self.check(values)
    }

    /// Every SHA-256 that is given must match: of two, one would be a lie.
    fn check<'a>(self, values: impl Iterator<Item = &'a str>) -> Result<(), SignatureError> {
        let mut found = false;
        for value in values {
            let digest = BASE64
                .decode(value.as_bytes())
                .ok()
                .ok_or(SignatureError::Malformed { what: "the digest" })?;
            if !same(&digest, &self.0) {
                return Err(SignatureError::DigestMismatch);
            }
            found = true;
        }
        if found { Ok(()) } else { Err(SignatureError::DigestMissing) }
    }
}

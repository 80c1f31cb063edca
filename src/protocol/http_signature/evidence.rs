//! Delivery evidence: the signed headers and the body of one delivery, kept so that anyone can check later who sent
//! what (protocol 4.f.5 V4). It holds the signed headers as verified and nothing else (decisions 31), so that two
//! keepers of one delivery hold the same evidence.

use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value};
use url::Url;

use super::{
    BodyDigest, Claimed, Form, OwnOrigin, RequestParts, SignatureError, header_value, read_at,
};
use crate::base::{crypto::RequestPublicKey, limits::EVIDENCE_BODY_BYTES_MAX};

const TYPE: &str = "plg:HttpSignatureEvidence";

/// Why something is no evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// Not of the form of protocol 4.f.5 V4.
    #[error("the evidence's {member} is missing or malformed")]
    Malformed {
        /// The member at fault.
        member: &'static str,
    },
    /// A body larger than is kept (decisions 23: then a Witness takes its place).
    #[error("a body of {bytes} bytes; at most {max} are kept as evidence")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// A header that is not signed.
    #[error("the evidence holds {name}, which is not signed")]
    Unsigned {
        /// Its name.
        name: String,
    },
    /// The signature in it would not have been taken when it came.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The signature is not by the key.
    #[error("the signature is not by this key")]
    Key,
}

/// One signed delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    method: Method,
    target: String,
    scheme: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Evidence {
    /// Keeps a delivery whose signature was read as `claimed`, received by `own`.
    pub fn of(
        parts: &RequestParts<'_>,
        own: &OwnOrigin,
        claimed: &Claimed,
        body: &[u8],
    ) -> Result<Self, EvidenceError> {
        let mut headers = HeaderMap::new();
        let mut signed: Vec<&str> = claimed
            .covered
            .iter()
            .map(String::as_str)
            .filter(|name| !name.starts_with(['(', '@']))
            .collect();
        signed.extend_from_slice(envelope(claimed.form));
        for name in signed {
            let value = header_value(parts.headers, name)?;
            insert(&mut headers, name, &value)?;
        }
        let evidence = Self {
            method: parts.method.clone(),
            target: parts.path_and_query.to_owned(),
            // Cavage does not sign it: without it two keepers hold the same.
            scheme: match claimed.form {
                Form::Cavage => "https".to_owned(),
                Form::Rfc9421 => own.scheme.clone(),
            },
            headers,
            body: body.to_vec(),
        };
        evidence.check_size()?;
        Ok(evidence)
    }

    /// The body, byte for byte: the activity.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The `Host` it was delivered to: decides whose receipt may count (decisions 4).
    pub fn host(&self) -> Option<&str> {
        self.headers.get("host").and_then(|host| host.to_str().ok())
    }

    /// Makes every check again that needs no key, but for the clock.
    pub fn read(&self) -> Result<Claimed, EvidenceError> {
        self.check_size()?;
        let host = self.host().ok_or(EvidenceError::Malformed { member: "headers" })?;
        let own = Url::parse(&format!("{}://{host}/", self.scheme))
            .ok()
            .and_then(|url| OwnOrigin::of(&url))
            .ok_or(EvidenceError::Malformed { member: "headers" })?;
        let digest = BodyDigest::of(&self.body);
        let parts = RequestParts {
            method: &self.method,
            path_and_query: &self.target,
            headers: &self.headers,
            body: Some(&digest),
        };
        let claimed = read_at(&parts, &own, None)?;
        for name in self.headers.keys().map(HeaderName::as_str) {
            let signed = claimed.covered.iter().any(|component| component == name);
            if !signed && !envelope(claimed.form).contains(&name) {
                return Err(EvidenceError::Unsigned { name: name.to_owned() });
            }
        }
        Ok(claimed)
    }

    /// Whether the delivery was signed by `key`.
    pub fn verify(&self, key: &RequestPublicKey) -> Result<Claimed, EvidenceError> {
        let claimed = self.read()?;
        if claimed.verify(key) { Ok(claimed) } else { Err(EvidenceError::Key) }
    }

    /// As it stands in the record. RFC 9421 has two members of its own: `signatureInput`, and `scheme` where it is
    /// not https (development), since `@target-uri` holds it.
    pub fn to_json(&self) -> Value {
        let mut evidence = Map::new();
        let mut headers = Map::new();
        for (name, value) in &self.headers {
            let value = Value::from(value.to_str().unwrap_or_default());
            match name.as_str() {
                "signature" => evidence.insert("signatureHeader".to_owned(), value),
                "signature-input" => evidence.insert("signatureInput".to_owned(), value),
                header => headers.insert(header.to_owned(), value),
            };
        }
        if self.scheme != "https" {
            evidence.insert("scheme".to_owned(), self.scheme.as_str().into());
        }
        evidence.insert("type".to_owned(), TYPE.into());
        evidence.insert("method".to_owned(), self.method.as_str().to_ascii_lowercase().into());
        evidence.insert("target".to_owned(), self.target.as_str().into());
        evidence.insert("headers".to_owned(), headers.into());
        evidence.insert("body".to_owned(), BASE64.encode(&self.body).into());
        evidence.into()
    }

    /// Reads what [`Evidence::to_json`] writes. Nothing is verified yet.
    pub fn from_json(value: &Value) -> Result<Self, EvidenceError> {
        let text = |member: &'static str| {
            value.get(member).and_then(Value::as_str).ok_or(EvidenceError::Malformed { member })
        };
        if text("type")? != TYPE {
            return Err(EvidenceError::Malformed { member: "type" });
        }
        let method = Method::from_bytes(text("method")?.to_ascii_uppercase().as_bytes())
            .ok()
            .ok_or(EvidenceError::Malformed { member: "method" })?;
        let mut headers = HeaderMap::new();
        let members = value
            .get("headers")
            .and_then(Value::as_object)
            .ok_or(EvidenceError::Malformed { member: "headers" })?;
        for (name, member) in members {
            let member = member.as_str().ok_or(EvidenceError::Malformed { member: "headers" })?;
            // One spelling only: in lower case, and the signature in its own member.
            let misplaced = matches!(name.as_str(), "signature" | "signature-input");
            if misplaced || name.bytes().any(|b| b.is_ascii_uppercase()) {
                return Err(EvidenceError::Malformed { member: "headers" });
            }
            insert(&mut headers, name, member)?;
        }
        insert(&mut headers, "signature", text("signatureHeader")?)?;
        if value.get("signatureInput").is_some() {
            insert(&mut headers, "signature-input", text("signatureInput")?)?;
        }
        let scheme = match value.get("scheme") {
            None => "https",
            Some(_) => text("scheme")?,
        };
        if !matches!(scheme, "https" | "http") {
            return Err(EvidenceError::Malformed { member: "scheme" });
        }
        let body = BASE64
            .decode(text("body")?.as_bytes())
            .ok()
            .ok_or(EvidenceError::Malformed { member: "body" })?;
        let evidence = Self {
            method,
            target: text("target")?.to_owned(),
            scheme: scheme.to_owned(),
            headers,
            body,
        };
        evidence.check_size()?;
        Ok(evidence)
    }

    fn check_size(&self) -> Result<(), EvidenceError> {
        let (bytes, max) = (self.body.len(), EVIDENCE_BODY_BYTES_MAX);
        if bytes > max { Err(EvidenceError::TooLarge { bytes, max }) } else { Ok(()) }
    }
}

/// Headers that are kept though no list names them: the signature itself, and for RFC 9421 the host, which
/// `@target-uri` and `@authority` cover under another name.
fn envelope(form: Form) -> &'static [&'static str] {
    match form {
        Form::Cavage => &["signature"],
        Form::Rfc9421 => &["signature", "signature-input", "host"],
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), EvidenceError> {
    let malformed = EvidenceError::Malformed { member: "headers" };
    let name = HeaderName::try_from(name).ok().ok_or_else(|| malformed.clone())?;
    let value = HeaderValue::try_from(value).ok().ok_or(malformed)?;
    headers.insert(name, value);
    Ok(())
}

//! Signs requests, in either form. Cavage is what every server reads: a POST signs exactly `(request-target) host date
//! digest content-type` (test 27; Misskey demands the first three), a GET `(request-target) host date accept`. RFC 9421
//! signs what Mastodon demands, `@method @target-uri content-digest`, and the content type.

use std::{
    fmt::Write as _,
    time::{Duration, UNIX_EPOCH},
};

use data_encoding::BASE64;
use http::{HeaderName, HeaderValue, Method, header};
use url::Url;

use super::{BodyDigest, Form, SignatureError, authority_of};
use crate::base::{clock::Timestamp, crypto::RequestKey};

/// What a delivered document is.
const CONTENT_TYPE: &str = "application/activity+json";
/// What a fetch asks for: both names of ActivityStreams.
pub const ACCEPT: &str = "application/activity+json, \
    application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
/// Name of our signature among those a request may bear (RFC 9421).
const LABEL: &str = "sig1";

/// Who signs: a key under the id that its actor's document gives it.
#[derive(Debug, Clone, Copy)]
pub struct SigningKey<'a> {
    /// The key.
    pub key: &'a RequestKey,
    /// Its id.
    pub id: &'a str,
}

/// Header lines of a request.
pub type HeaderLines = Vec<(HeaderName, HeaderValue)>;

/// The headers of a signed POST of a body with `digest` to `url`: host, digest, content type, and the signature in
/// `form`. The digest is computed once for all receivers.
pub fn sign_post(
    signer: SigningKey<'_>,
    url: &Url,
    digest: &BodyDigest,
    form: Form,
    now: Timestamp,
) -> Result<HeaderLines, SignatureError> {
    let content_type = (header::CONTENT_TYPE, CONTENT_TYPE.to_owned());
    match form {
        Form::Cavage => {
            let digest = (HeaderName::from_static("digest"), digest.to_digest());
            cavage(signer, &Method::POST, url, now, vec![digest, content_type])
        }
        Form::Rfc9421 => {
            let digest = (HeaderName::from_static("content-digest"), digest.to_content_digest());
            message(signer, &Method::POST, url, now, vec![digest, content_type])
        }
    }
}

/// The headers of a signed GET of `url`: host, `Accept`, and the signature in `form`.
pub fn sign_get(
    signer: SigningKey<'_>,
    url: &Url,
    form: Form,
    now: Timestamp,
) -> Result<HeaderLines, SignatureError> {
    let accept = (header::ACCEPT, ACCEPT.to_owned());
    match form {
        Form::Cavage => cavage(signer, &Method::GET, url, now, vec![accept]),
        Form::Rfc9421 => message(signer, &Method::GET, url, now, vec![accept]),
    }
}

/// Signs `(request-target)`, host, date and `more`.
fn cavage(
    signer: SigningKey<'_>,
    method: &Method,
    url: &Url,
    now: Timestamp,
    more: Vec<(HeaderName, String)>,
) -> Result<HeaderLines, SignatureError> {
    let mut headers = vec![(header::HOST, host(url)?), (header::DATE, http_date(now))];
    headers.extend(more);
    let target = url
        .query()
        .map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut names = String::from("(request-target)");
    let mut signed = format!("(request-target): {} {target}", method.as_str().to_ascii_lowercase());
    for (name, value) in &headers {
        // Writing to a String cannot fail.
        let _ = write!(names, " {name}");
        let _ = write!(signed, "\n{name}: {value}");
    }
    let signature = made(signer, &signed)?;
    let id = signer.id;
    headers.push((
        HeaderName::from_static("signature"),
        format!(
            "keyId=\"{id}\",algorithm=\"rsa-sha256\",headers=\"{names}\",signature=\"{signature}\""
        ),
    ));
    lines(headers)
}

/// Signs `@method`, `@target-uri` and `more` (RFC 9421 §2.5). The host is in the target, the date in `created`.
fn message(
    signer: SigningKey<'_>,
    method: &Method,
    url: &Url,
    now: Timestamp,
    more: Vec<(HeaderName, String)>,
) -> Result<HeaderLines, SignatureError> {
    let mut target = url.clone();
    target.set_fragment(None);
    let mut names = String::from("\"@method\" \"@target-uri\"");
    let mut signed = format!("\"@method\": {method}\n\"@target-uri\": {target}");
    for (name, value) in &more {
        // Writing to a String cannot fail.
        let _ = write!(names, " \"{name}\"");
        let _ = write!(signed, "\n\"{name}\": {value}");
    }
    let created = now.as_seconds();
    let parameters =
        format!("({names});created={created};keyid=\"{}\";alg=\"rsa-v1_5-sha256\"", signer.id);
    let _ = write!(signed, "\n\"@signature-params\": {parameters}");
    let signature = made(signer, &signed)?;
    let mut headers = vec![(header::HOST, host(url)?), (header::DATE, http_date(now))];
    headers.extend(more);
    headers.push((HeaderName::from_static("signature-input"), format!("{LABEL}={parameters}")));
    headers.push((HeaderName::from_static("signature"), format!("{LABEL}=:{signature}:")));
    lines(headers)
}

fn made(signer: SigningKey<'_>, signed: &str) -> Result<String, SignatureError> {
    let signature = signer
        .key
        .sign_sha256(signed.as_bytes())
        .ok()
        .ok_or(SignatureError::Malformed { what: "the key" })?;
    Ok(BASE64.encode(&signature))
}

fn lines(headers: Vec<(HeaderName, String)>) -> Result<HeaderLines, SignatureError> {
    headers
        .into_iter()
        .map(|(name, value)| {
            let value = HeaderValue::try_from(value)
                .ok()
                .ok_or(SignatureError::Malformed { what: "a header" })?;
            Ok((name, value))
        })
        .collect()
}

fn host(url: &Url) -> Result<String, SignatureError> {
    authority_of(url).ok_or(SignatureError::Host)
}

/// An IMF-fixdate (RFC 9110 5.6.7).
fn http_date(now: Timestamp) -> String {
    let seconds = u64::try_from(now.as_seconds()).unwrap_or_default();
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

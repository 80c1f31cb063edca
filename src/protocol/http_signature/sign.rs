//! Signs requests, in cavage's form: what every server reads. A POST signs exactly `(request-target) host date
//! digest content-type` (test 27; Misskey demands the first three), a GET `(request-target) host date accept`.

use std::time::{Duration, UNIX_EPOCH};

use data_encoding::BASE64;
use http::{HeaderName, HeaderValue, header};
use url::Url;

use super::{BodyDigest, SignatureError, authority_of};
use crate::base::{clock::Timestamp, crypto::RequestKey};

/// What a delivered document is.
const CONTENT_TYPE: &str = "application/activity+json";
/// What a fetch asks for: both names of ActivityStreams.
pub const ACCEPT: &str = "application/activity+json, \
    application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// The headers of a signed POST of a body with `digest` to `url`: `Host`, `Date`, `Digest`, `Content-Type` and
/// `Signature`. The digest is computed once for all receivers.
pub fn sign_post(
    key: &RequestKey,
    key_id: &str,
    url: &Url,
    digest: &BodyDigest,
    now: Timestamp,
) -> Result<Vec<(HeaderName, HeaderValue)>, SignatureError> {
    let headers = vec![
        (header::HOST, host(url)?),
        (header::DATE, http_date(now)),
        (HeaderName::from_static("digest"), digest.to_digest()),
        (header::CONTENT_TYPE, CONTENT_TYPE.to_owned()),
    ];
    sign(key, key_id, "post", url, headers)
}

/// The headers of a signed GET of `url`: `Host`, `Date`, `Accept` and `Signature`.
pub fn sign_get(
    key: &RequestKey,
    key_id: &str,
    url: &Url,
    now: Timestamp,
) -> Result<Vec<(HeaderName, HeaderValue)>, SignatureError> {
    let headers = vec![
        (header::HOST, host(url)?),
        (header::DATE, http_date(now)),
        (header::ACCEPT, ACCEPT.to_owned()),
    ];
    sign(key, key_id, "get", url, headers)
}

fn sign(
    key: &RequestKey,
    key_id: &str,
    method: &str,
    url: &Url,
    headers: Vec<(HeaderName, String)>,
) -> Result<Vec<(HeaderName, HeaderValue)>, SignatureError> {
    let target = url
        .query()
        .map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut names = String::from("(request-target)");
    let mut signing_string = format!("(request-target): {method} {target}");
    for (name, value) in &headers {
        names.push(' ');
        names.push_str(name.as_str());
        signing_string.push('\n');
        signing_string.push_str(name.as_str());
        signing_string.push_str(": ");
        signing_string.push_str(value);
    }
    let signature = key
        .sign_sha256(signing_string.as_bytes())
        .ok()
        .ok_or(SignatureError::Malformed { what: "the key" })?;
    let signature = format!(
        "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"{names}\",signature=\"{}\"",
        BASE64.encode(&signature)
    );
    headers
        .into_iter()
        .chain([(HeaderName::from_static("signature"), signature)])
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

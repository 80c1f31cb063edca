//! Reads draft-cavage-http-signatures (-12), as Mastodon, Lemmy, GoToSocial and the others send it.

use std::fmt::Write as _;

use data_encoding::BASE64;

use super::{
    Claimed, Form, OwnOrigin, RequestParts, SignatureError, check_expiry, check_host, check_window,
    header_value, needs_digest, seconds,
};
use crate::base::clock::Timestamp;

/// Most headers one signature may cover: the longest in use cover seven.
const COVERED_MAX: usize = 32;

/// The members of a `Signature` header that matter.
#[derive(Default)]
struct Parameters<'a> {
    key_id: Option<&'a str>,
    algorithm: Option<&'a str>,
    headers: Option<&'a str>,
    signature: Option<&'a str>,
    created: Option<&'a str>,
    expires: Option<&'a str>,
}

impl<'a> Parameters<'a> {
    fn parse(text: &'a str) -> Result<Self, SignatureError> {
        const MALFORMED: SignatureError = SignatureError::Malformed { what: "Signature" };
        let mut found = Self::default();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (name, after) = rest.split_once('=').ok_or(MALFORMED)?;
            let after = after.trim_start();
            let (value, tail) = match after.strip_prefix('"') {
                Some(quoted) => {
                    let (value, tail) = quoted.split_once('"').ok_or(MALFORMED)?;
                    let tail = tail.trim_start();
                    if tail.is_empty() {
                        (value, tail)
                    } else {
                        (value, tail.strip_prefix(',').ok_or(MALFORMED)?)
                    }
                }
                None => after.split_once(',').unwrap_or((after, "")),
            };
            let member = match name.trim() {
                "keyId" => &mut found.key_id,
                "algorithm" => &mut found.algorithm,
                "headers" => &mut found.headers,
                "signature" => &mut found.signature,
                "created" => &mut found.created,
                "expires" => &mut found.expires,
                _ => &mut None,
            };
            // Given twice, two readers could keep different ones.
            if member.replace(value.trim()).is_some() {
                return Err(MALFORMED);
            }
            rest = tail.trim_start();
        }
        Ok(found)
    }
}

pub(super) fn read(
    parts: &RequestParts<'_>,
    own: &OwnOrigin,
    now: Option<Timestamp>,
) -> Result<Claimed, SignatureError> {
    let header = header_value(parts.headers, "signature")?;
    let parameters = Parameters::parse(&header)?;
    let key_id = parameters.key_id.ok_or(SignatureError::Malformed { what: "keyId" })?;
    // hs2019 leaves the algorithm to the key: an RSA key means SHA-256 all over the fediverse.
    let known = |name: &&str| ["rsa-sha256", "hs2019"].iter().any(|k| name.eq_ignore_ascii_case(k));
    if let Some(algorithm) = parameters.algorithm.filter(|name| !known(name)) {
        return Err(SignatureError::Unsupported { what: algorithm.chars().take(50).collect() });
    }
    let signature = parameters
        .signature
        .and_then(|text| BASE64.decode(text.as_bytes()).ok())
        .ok_or(SignatureError::Malformed { what: "signature" })?;
    let created = parameters.created.map(|text| seconds(text, "created")).transpose()?;
    let expires = parameters.expires.map(|text| seconds(text, "expires")).transpose()?;

    let covered: Vec<String> = parameters
        .headers
        .unwrap_or_default()
        .split_ascii_whitespace()
        .map(str::to_ascii_lowercase)
        .collect();
    let covers = |name: &str| covered.iter().any(|component| component == name);
    for component in ["(request-target)", "host"] {
        if !covers(component) {
            return Err(SignatureError::NotCovered { component });
        }
    }
    if !covers("date") && !covers("(created)") {
        return Err(SignatureError::NotCovered { component: "date" });
    }
    if needs_digest(parts) && !covers("digest") {
        return Err(SignatureError::NotCovered { component: "digest" });
    }
    if covered.len() > COVERED_MAX {
        return Err(SignatureError::Malformed { what: "headers" });
    }

    check_host(parts.headers, own)?;
    let mut signed_at = None;
    if covers("date") {
        let date = header_value(parts.headers, "date")?;
        let date = parse_date(&date).ok_or(SignatureError::Malformed { what: "Date" })?;
        check_window(date, now)?;
        signed_at = Some(date);
    }
    if covers("(created)") {
        let created = created.ok_or(SignatureError::Malformed { what: "created" })?;
        check_window(created, now)?;
        signed_at = Some(created);
    }
    let signed_at = signed_at.ok_or(SignatureError::NotCovered { component: "date" })?;
    check_expiry(expires, now)?;

    if covers("digest") {
        let digest = header_value(parts.headers, "digest")?;
        parts.body.ok_or(SignatureError::DigestMissing)?.check_digest(&digest)?;
    }

    let signing_string = signing_string(&covered, parts, &parameters)?;
    Ok(Claimed {
        key_id: key_id.to_owned(),
        covered,
        signing_string,
        signature,
        signed_at,
        form: Form::Cavage,
    })
}

fn signing_string(
    covered: &[String],
    parts: &RequestParts<'_>,
    parameters: &Parameters<'_>,
) -> Result<String, SignatureError> {
    let mut out = String::new();
    for (index, name) in covered.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let value = match name.as_str() {
            "(request-target)" => {
                format!("{} {}", parts.method.as_str().to_ascii_lowercase(), parts.path_and_query)
            }
            "(created)" => parameters.created.unwrap_or_default().to_owned(),
            "(expires)" => {
                parameters.expires.ok_or(SignatureError::Malformed { what: "expires" })?.to_owned()
            }
            header => header_value(parts.headers, header)?,
        };
        // Writing to a String cannot fail.
        let _ = write!(out, "{name}: {value}");
    }
    Ok(out)
}

/// An HTTP date in any of its three forms.
fn parse_date(text: &str) -> Option<Timestamp> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp::from_millis)
}

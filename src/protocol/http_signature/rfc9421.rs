//! Reads HTTP Message Signatures (RFC 9421) with `rsa-v1_5-sha256`, as Mastodon, Fedify and others send them. Of
//! structured fields (RFC 8941) it reads the little that these two headers use.

use std::fmt::Write as _;

use data_encoding::BASE64;

use super::{
    Claimed, Form, OwnOrigin, RequestParts, SignatureError, check_expiry, check_host, check_window,
    header_value, needs_digest, seconds,
};
use crate::base::clock::Timestamp;

/// Most signatures of one request that are looked at.
const LABELS_MAX: usize = 4;
/// Most components one signature may cover.
const COVERED_MAX: usize = 32;

const INPUT: SignatureError = SignatureError::Malformed { what: "Signature-Input" };
const SIGNATURE: SignatureError = SignatureError::Malformed { what: "Signature" };

/// One member of `Signature-Input`.
struct Input<'a> {
    label: &'a str,
    /// The member's value as sent: it is signed as `@signature-params`.
    raw: &'a str,
    covered: Vec<String>,
    created: Option<&'a str>,
    expires: Option<&'a str>,
    key_id: Option<String>,
    algorithm: Option<String>,
}

pub(super) fn read(
    parts: &RequestParts<'_>,
    own: &OwnOrigin,
    now: Option<Timestamp>,
) -> Result<Claimed, SignatureError> {
    let inputs = header_value(parts.headers, "signature-input")?;
    let signatures = header_value(parts.headers, "signature")?;
    let inputs = inputs_of(&inputs)?;
    // A proxy may have added a signature of its own: the first that counts is taken, else the first one's fault.
    let mut fault = SignatureError::Absent;
    for input in inputs.iter().rev() {
        match read_one(input, &signatures, parts, own, now) {
            Ok(claimed) => return Ok(claimed),
            Err(error) => fault = error,
        }
    }
    Err(fault)
}

fn read_one(
    input: &Input<'_>,
    signatures: &str,
    parts: &RequestParts<'_>,
    own: &OwnOrigin,
    now: Option<Timestamp>,
) -> Result<Claimed, SignatureError> {
    if let Some(algorithm) = input.algorithm.as_deref().filter(|name| *name != "rsa-v1_5-sha256") {
        return Err(SignatureError::Unsupported { what: algorithm.chars().take(50).collect() });
    }
    let key_id = input.key_id.clone().ok_or(SignatureError::Malformed { what: "keyid" })?;
    let covers = |name: &str| input.covered.iter().any(|component| component == name);
    if !covers("@method") {
        return Err(SignatureError::NotCovered { component: "@method" });
    }
    if !covers("@target-uri") {
        if !covers("@authority") && !covers("host") {
            return Err(SignatureError::NotCovered { component: "@authority" });
        }
        if !covers("@request-target") {
            if !covers("@path") {
                return Err(SignatureError::NotCovered { component: "@path" });
            }
            if parts.path_and_query.contains('?') && !covers("@query") {
                return Err(SignatureError::NotCovered { component: "@query" });
            }
        }
    }
    if needs_digest(parts) && !covers("content-digest") {
        return Err(SignatureError::NotCovered { component: "content-digest" });
    }

    check_host(parts.headers, own)?;
    let created = input.created.ok_or(SignatureError::NotCovered { component: "created" })?;
    let signed_at = seconds(created, "created")?;
    check_window(signed_at, now)?;
    let expires = input.expires.map(|text| seconds(text, "expires")).transpose()?;
    check_expiry(expires, now)?;

    if covers("content-digest") {
        let digest = header_value(parts.headers, "content-digest")?;
        parts.body.ok_or(SignatureError::DigestMissing)?.check_content_digest(&digest)?;
    }

    let mut signing_string = String::new();
    for name in &input.covered {
        let value = component(name, parts, own)?;
        // Writing to a String cannot fail.
        let _ = writeln!(signing_string, "\"{name}\": {value}");
    }
    let _ = write!(signing_string, "\"@signature-params\": {}", input.raw);
    Ok(Claimed {
        key_id,
        covered: input.covered.clone(),
        signing_string,
        signature: signature_of(signatures, input.label)?,
        signed_at,
        form: Form::Rfc9421,
    })
}

/// The value of one component (RFC 9421 2.1 and 2.2).
fn component(
    name: &str,
    parts: &RequestParts<'_>,
    own: &OwnOrigin,
) -> Result<String, SignatureError> {
    let (path, query) = match parts.path_and_query.split_once('?') {
        Some((path, query)) => (path, query),
        None => (parts.path_and_query, ""),
    };
    Ok(match name {
        "@method" => parts.method.as_str().to_owned(),
        "@target-uri" => format!("{}://{}{}", own.scheme, own.authority, parts.path_and_query),
        "@authority" => own.authority.clone(),
        "@scheme" => own.scheme.clone(),
        "@request-target" => parts.path_and_query.to_owned(),
        "@path" => if path.is_empty() { "/" } else { path }.to_owned(),
        "@query" => format!("?{query}"),
        derived if derived.starts_with('@') => {
            return Err(SignatureError::Unsupported { what: derived.chars().take(50).collect() });
        }
        header => header_value(parts.headers, header)?,
    })
}

/// All members of a `Signature-Input` header.
fn inputs_of(text: &str) -> Result<Vec<Input<'_>>, SignatureError> {
    let mut cursor = Cursor { rest: text };
    let mut inputs: Vec<Input<'_>> = Vec::new();
    loop {
        cursor.skip_space();
        let label = cursor.key().ok_or(INPUT)?;
        cursor.expect('=').ok_or(INPUT)?;
        let input = cursor.input(label)?;
        if inputs.len() >= LABELS_MAX || inputs.iter().any(|other| other.label == label) {
            return Err(INPUT);
        }
        inputs.push(input);
        cursor.skip_space();
        if cursor.rest.is_empty() {
            return Ok(inputs);
        }
        cursor.expect(',').ok_or(INPUT)?;
    }
}

/// The member `label` of a `Signature` header.
fn signature_of(text: &str, label: &str) -> Result<Vec<u8>, SignatureError> {
    let value = text
        .split(',')
        .filter_map(|member| member.trim().split_once('='))
        .find(|(name, _)| *name == label)
        .and_then(|(_, value)| value.strip_prefix(':')?.strip_suffix(':'))
        .ok_or(SIGNATURE)?;
    BASE64.decode(value.as_bytes()).ok().ok_or(SIGNATURE)
}

/// Reads structured fields from the left.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn expect(&mut self, character: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(character)?;
        Some(())
    }

    /// The longest run of characters that `take` allows.
    fn run(&mut self, take: impl Fn(char) -> bool) -> &'a str {
        let tail = self.rest.trim_start_matches(take);
        let head = self.rest.strip_suffix(tail).unwrap_or_default();
        self.rest = tail;
        head
    }

    fn key(&mut self) -> Option<&'a str> {
        let key = self.run(|c| {
            c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '*')
        });
        (!key.is_empty()).then_some(key)
    }

    /// A string in quotes, its escapes resolved.
    fn string(&mut self) -> Option<String> {
        self.expect('"')?;
        let mut out = String::new();
        let mut characters = self.rest.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => match characters.next()? {
                    escaped @ ('"' | '\\') => out.push(escaped),
                    _ => return None,
                },
                plain @ ' '..='~' => out.push(plain),
                _ => return None,
            }
        }
        self.rest = characters.as_str();
        Some(out)
    }

    /// An inner list of component names with the signature's parameters.
    fn input(&mut self, label: &'a str) -> Result<Input<'a>, SignatureError> {
        let start = self.rest;
        let mut input = Input {
            label,
            raw: "",
            covered: Vec::new(),
            created: None,
            expires: None,
            key_id: None,
            algorithm: None,
        };
        self.expect('(').ok_or(INPUT)?;
        loop {
            self.skip_space();
            if self.expect(')').is_some() {
                break;
            }
            let name = self.string().ok_or(INPUT)?;
            // `;req`, `;bs`, `;key` and the like change what is signed; nobody in the fediverse sends them.
            if self.rest.starts_with(';') {
                return Err(SignatureError::Unsupported { what: format!("parameters of {name}") });
            }
            if input.covered.len() >= COVERED_MAX
                || input.covered.contains(&name)
                || name.bytes().any(|b| b.is_ascii_uppercase())
            {
                return Err(INPUT);
            }
            input.covered.push(name);
        }
        while self.expect(';').is_some() {
            self.skip_space();
            let key = self.key().ok_or(INPUT)?;
            if self.expect('=').is_none() {
                continue;
            }
            if self.rest.starts_with('"') {
                let value = self.string().ok_or(INPUT)?;
                match key {
                    "keyid" => input.key_id = Some(value),
                    "alg" => input.algorithm = Some(value),
                    _ => {}
                }
            } else {
                let value = self.run(|c| !matches!(c, ';' | ',' | ' '));
                match key {
                    "created" => input.created = Some(value),
                    "expires" => input.expires = Some(value),
                    _ => {}
                }
            }
        }
        input.raw = start.strip_suffix(self.rest).unwrap_or_default();
        Ok(input)
    }
}

//! What a program sends, whichever way: query, JSON, form, form of several parts. One extractor, so that every endpoint
//! takes all of them (clients.md D4). What stands in the body goes before what stands in the query.

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request},
    http::{HeaderMap, Uri, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{failure::Failure, loose, names::Places};
use crate::{
    base::limits,
    http::{extract::read_body, state::HttpState},
    protocol::json,
};

/// Query and body, read as what the endpoint takes.
#[derive(Debug)]
pub struct Params<T>(pub T);

/// The query alone, of what is only read.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// A file among the parts of a form.
#[derive(Debug, Clone)]
pub struct File {
    /// The field it came in.
    pub field: String,
    /// What it says it is.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Query and body as they are, files among them.
#[derive(Debug, Default)]
pub struct Given {
    document: Map<String, Value>,
    /// The files.
    pub files: Vec<File>,
}

impl Given {
    /// Reads a request whose body is no larger than this.
    pub async fn of(request: Request, max_bytes: usize) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let mut given = Self { document: read_query(&parts.uri)?, files: Vec::new() };
        let bytes = read_body(&parts.headers, body, max_bytes).await?;
        if bytes.is_empty() {
            return Ok(given);
        }
        let body = match essence(&parts.headers).as_str() {
            "multipart/form-data" => {
                let (document, files) = read_parts(&parts, bytes).await?;
                given.files = files;
                document
            }
            kind if kind.ends_with("json") => read_json(&bytes)?,
            "" if bytes.trim_ascii_start().starts_with(b"{") => read_json(&bytes)?,
            _ => read_pairs(&bytes)?,
        };
        given.document.extend(body);
        Ok(given)
    }

    /// Reads it as what the endpoint takes.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Failure> {
        loose::read(self.document)
    }
}

impl<T: DeserializeOwned> FromRequest<HttpState> for Params<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &HttpState) -> Result<Self, Failure> {
        Given::of(request, limits::FORM_BODY_BYTES_MAX).await?.read().map(Self)
    }
}

impl<T: DeserializeOwned> FromRequestParts<HttpState> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &HttpState) -> Result<Self, Failure> {
        loose::read(read_query(&parts.uri)?).map(Self)
    }
}

fn read_query(uri: &Uri) -> Result<Map<String, Value>, Failure> {
    read_pairs(uri.query().unwrap_or_default().as_bytes())
}

fn read_pairs(bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    let mut places = Places::default();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        places.put(&name, value.into_owned())?;
    }
    Ok(places.into_document())
}

fn read_json(bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    match json::parse(bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Failure::malformed("the body must be a JSON object")),
        Err(error) => Err(Failure::malformed(format!("the body cannot be read: {error}"))),
    }
}

async fn read_parts(
    parts: &Parts,
    bytes: Bytes,
) -> Result<(Map<String, Value>, Vec<File>), Failure> {
    let broken = |error: &dyn std::fmt::Display| {
        Failure::malformed(format!("the form of several parts cannot be read: {error}"))
    };
    let mut request = Request::new(Body::from(bytes));
    request.headers_mut().clone_from(&parts.headers);
    request.extensions_mut().clone_from(&parts.extensions);
    // They are read already, and were not too many.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|error| broken(&error))?;
    let (mut places, mut files) = (Places::default(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.file_name().is_some();
        let media_type = field.content_type().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|error| broken(&error))?;
        if is_file {
            if files.len() >= limits::PARAMETERS_MAX {
                return Err(Failure::malformed("too many files"));
            }
            files.push(File { field: name, media_type, bytes });
        } else {
            places.put(&name, String::from_utf8_lossy(&bytes).into_owned())?;
        }
    }
    Ok((places.into_document(), files))
}

fn essence(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Sent {
        status: String,
        #[serde(default)]
        sensitive: bool,
        #[serde(default)]
        media_ids: Vec<String>,
        #[serde(default)]
        poll: Option<Poll>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Poll {
        options: Vec<String>,
        expires_in: u64,
    }

    fn request(query: &str, kind: &str, body: impl Into<Body>) -> Request {
        let mut request = Request::builder().method("POST").uri(format!("/x{query}"));
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        request.body(body.into()).unwrap()
    }

    async fn read(query: &str, kind: &str, body: &str) -> Result<Sent, Failure> {
        let request = request(query, kind, body.to_owned());
        Given::of(request, limits::FORM_BODY_BYTES_MAX).await?.read()
    }

    #[tokio::test]
    async fn the_same_by_json_by_form_by_parts_and_by_query() {
        let expected = Sent {
            status: "a b & c".into(),
            sensitive: true,
            media_ids: vec!["1".into(), "2".into()],
            poll: Some(Poll { options: vec!["x".into(), "y".into()], expires_in: 300 }),
        };
        let json = r#"{"status":"a b & c","sensitive":"1","media_ids":[1,"2"],"poll":{"options":["x","y"],"expires_in":"300"}}"#;
        let form = "status=a+b+%26+c&sensitive=on&media_ids[]=1&media_ids[]=2&poll[options][]=x&poll[options][]=y&poll[expires_in]=300";
        let fields = [
            ("status", "a b & c"),
            ("sensitive", "true"),
            ("media_ids", "1"),
            ("media_ids", "2"),
            ("poll[options][]", "x"),
            ("poll[options][]", "y"),
            ("poll[expires_in]", "300"),
        ];
        let part = |(name, value): (&str, &str)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts = fields.map(part).concat() + "--b--\r\n";
        for (query, kind, body) in [
            ("", "application/json", json),
            ("", "application/json; charset=utf-8", json),
            ("", "", json),
            ("", "application/x-www-form-urlencoded", form),
            ("", "", form),
            ("", "multipart/form-data; boundary=b", parts.as_str()),
            (&format!("?{form}"), "", ""),
            ("?status=other&sensitive=0", "application/json", json),
        ] {
            assert_eq!(read(query, kind, body).await.unwrap(), expected, "{query} {kind} {body}");
        }
    }

    #[tokio::test]
    async fn files_stand_beside_the_fields() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
                    Content-Type: image/png\r\n\r\n\u{1}\u{2}\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nx\r\n--b--\r\n";
        let request = request("", "multipart/form-data; boundary=b", body);
        let given = Given::of(request, 1_000).await.unwrap();
        assert_eq!(given.files.len(), 1);
        assert_eq!((&*given.files[0].field, &*given.files[0].media_type), ("file", "image/png"));
        assert_eq!(&given.files[0].bytes[..], [1, 2]);
        assert_eq!(given.read::<Sent>().unwrap().status, "x");
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused_in_the_shape_of_the_api() {
        for (kind, body, status) in [
            ("application/json", "{", 400),
            ("application/json", "[]", 400),
            ("application/json", r#"{"status":"a","status":"b"}"#, 400),
            ("multipart/form-data", "x", 400),
            ("multipart/form-data; boundary=b", "--b\r\nbroken", 400),
            ("application/json", "{}", 422),
            ("application/json", r#"{"status":"a","sensitive":"perhaps"}"#, 422),
        ] {
            assert_eq!(read("", kind, body).await.unwrap_err().status(), status, "{kind} {body}");
        }
    }

    #[tokio::test]
    async fn bodies_at_the_limit_and_one_byte_over() {
        let body = |bytes: usize| format!("status={}", "x".repeat(bytes - 7));
        let read = |bytes: usize| read_of(body(bytes));
        assert!(read(limits::FORM_BODY_BYTES_MAX).await.is_ok());
        let refused = read(limits::FORM_BODY_BYTES_MAX + 1).await.unwrap_err();
        assert_eq!(refused.status(), 413);
    }

    async fn read_of(body: String) -> Result<Sent, Failure> {
        Given::of(request("", "", body), limits::FORM_BODY_BYTES_MAX).await?.read()
    }
}

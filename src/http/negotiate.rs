//! Which of its representations a resource is asked for, by `Accept` and by the suffix `.json`; and the choice
//! between the pages and the documents that live at the same addresses (architecture 2.6).

use std::cmp::Reverse;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use tower::ServiceExt;

/// Media type of ActivityStreams documents, as we send it.
pub const ACTIVITY_JSON: &str = "application/activity+json";
const PROFILE: &str = "https://www.w3.org/ns/activitystreams";

/// A representation of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Representation {
    /// A page for people.
    Html,
    /// The ActivityStreams document.
    Activity,
    /// The entity of the JSON API.
    Json,
}

impl Representation {
    /// What `Accept` prefers: the greatest q, then the first named. Nothing, or anything, is a page: that is what
    /// browsers and link previews want (test 6).
    pub fn preferred(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .filter_map(|range| read_range(range).filter(|(_, quality)| *quality > 0))
            .enumerate()
            .min_by_key(|(at, (_, quality))| (Reverse(*quality), *at))
            .map_or(Self::Html, |(_, (representation, _))| representation)
    }
}

/// One range of `Accept`: the representation it means, and its q in thousandths. `None` where we have no such.
fn read_range(range: &str) -> Option<(Representation, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let media_type = parts.next()?.to_ascii_lowercase();
    let mut quality = 1_000;
    let mut profile = None;
    for parameter in parts {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = read_quality(value.trim()),
            "profile" => profile = Some(value.trim().trim_matches('"').to_owned()),
            _ => {}
        }
    }
    let representation = match media_type.as_str() {
        "application/activity+json" => Representation::Activity,
        // Without a profile it is what several readers send who mean ActivityStreams (Mitra, older Pleroma).
        "application/ld+json" if profile.is_none_or(|p| p.split(' ').any(|iri| iri == PROFILE)) => {
            Representation::Activity
        }
        "application/json" => Representation::Json,
        "text/html" | "application/xhtml+xml" | "text/*" | "*/*" => Representation::Html,
        _ => return None,
    };
    Some((representation, quality))
}

/// `0.85` as 850; what is no quality counts as 1 (RFC 9110 §12.4.2).
fn read_quality(text: &str) -> u16 {
    match text.parse::<f32>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 0 and 1000"
        )]
        Ok(quality) if (0.0..=1.0).contains(&quality) => (quality * 1_000.0).round() as u16,
        _ => 1_000,
    }
}

/// The pages and the documents, which share addresses. Each is asked first for what it is preferred for, and the
/// other where it has no such address.
#[derive(Debug, Clone)]
pub struct Faces {
    pages_first: Router,
    documents_first: Router,
}

impl Faces {
    /// Puts them together; `neither` answers where both have nothing.
    pub fn new(pages: Router, documents: Router, neither: Router) -> Self {
        Self {
            pages_first: pages
                .clone()
                .fallback_service(documents.clone().fallback_service(neither.clone())),
            documents_first: documents.fallback_service(pages.fallback_service(neither)),
        }
    }
}

/// Answers with the face that is preferred, and says that the answer depends on it (test 6).
pub async fn by_accept(State(faces): State<Faces>, mut request: Request) -> Response {
    let mut representation = Representation::preferred(request.headers());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && let Some(uri) = without_json_suffix(request.uri()) {
        *request.uri_mut() = uri;
        representation = Representation::Json;
    }
    request.extensions_mut().insert(representation);
    let mut response = if reads {
        let (parts, _no_body) = request.into_parts();
        let (first, then) = match representation {
            Representation::Html => (faces.pages_first, faces.documents_first),
            Representation::Activity | Representation::Json => {
                (faces.documents_first, faces.pages_first)
            }
        };
        let response = answer(first, Request::from_parts(parts.clone(), Body::empty())).await;
        // One face may have an address only to post to, which the other has to read.
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            answer(then, Request::from_parts(parts, Body::empty())).await
        } else {
            response
        }
    } else {
        answer(faces.pages_first, request).await
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

async fn answer(face: Router, request: Request) -> Response {
    match face.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// `/t/x.json?a=b` as `/t/x?a=b`; `/index.json` is the home page.
fn without_json_suffix(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix(".json")?;
    let path = if path == "/index" || path == "/" { "/" } else { path };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{path}{query}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(accept: &str) -> Representation {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        Representation::preferred(&headers)
    }

    #[test]
    fn browsers_get_pages_and_servers_get_documents() {
        use Representation::{Activity, Html, Json};
        let table = [
            ("application/activity+json", Activity),
            ("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", Activity),
            ("application/activity+json, application/ld+json", Activity),
            ("application/ld+json", Activity),
            ("application/ld+json; profile=\"https://example.org/other\"", Html),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Html),
            ("application/activity+json;q=0.9, text/html", Html),
            ("text/html;q=0.1, application/activity+json", Activity),
            ("application/json", Json),
            ("application/json, text/plain, */*", Json),
            ("*/*", Html),
            ("application/activity+json;q=0", Html),
            ("image/png", Html),
        ];
        for (accept, expected) in table {
            assert_eq!(preferred(accept), expected, "{accept}");
        }
        assert_eq!(Representation::preferred(&HeaderMap::new()), Html);
    }

    #[tokio::test]
    async fn each_face_answers_for_what_the_other_lacks() {
        use axum::routing::{get, post};
        let pages = Router::new()
            .route("/both", get(async || "page").post(async || "posted"))
            .route("/page", get(async || "page"))
            .route("/form", post(async || "posted"));
        let documents = Router::new()
            .route("/both", get(async || "document"))
            .route("/document", get(async || "document"))
            .route("/form", get(async || "document"));
        let faces = Faces::new(pages, documents, Router::new().fallback(async || "neither"));
        let ask = async |method: &str, path: &str, accept: &str| {
            let request = Request::builder().method(method).uri(path).header("accept", accept);
            let request = request.body(Body::empty()).unwrap();
            let response = by_accept(State(faces.clone()), request).await;
            assert_eq!(response.headers()["vary"], "Accept");
            let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
            String::from_utf8(body.to_vec()).unwrap()
        };
        for (method, path, accept, expected) in [
            ("GET", "/both", "text/html", "page"),
            ("GET", "/both", ACTIVITY_JSON, "document"),
            ("GET", "/both.json", "text/html", "document"),
            ("POST", "/both", ACTIVITY_JSON, "posted"),
            ("GET", "/page", ACTIVITY_JSON, "page"),
            ("GET", "/document", "*/*", "document"),
            ("GET", "/form", "text/html", "document"),
            ("POST", "/form", "text/html", "posted"),
            ("GET", "/nothing", "text/html", "neither"),
            ("GET", "/nothing", ACTIVITY_JSON, "neither"),
        ] {
            assert_eq!(ask(method, path, accept).await, expected, "{method} {path} {accept}");
        }
    }

    #[test]
    fn the_suffix_goes_and_the_query_stays() {
        let stripped =
            |uri: &str| without_json_suffix(&uri.parse().unwrap()).map(|u| u.to_string());
        assert_eq!(stripped("/t/x.json?after=1").as_deref(), Some("/t/x?after=1"));
        assert_eq!(stripped("/index.json").as_deref(), Some("/"));
        assert_eq!(stripped("/t/x"), None);
    }
}

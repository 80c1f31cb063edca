//! Which of its representations a resource is asked for, by `Accept` and by the suffix `.json`; and the choice
//! between the pages and the documents that live at the same addresses (architecture 2.6).

use std::cmp::Reverse;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    response::{IntoResponse, Response},
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
    let face = match representation {
        Representation::Html => faces.pages_first,
        Representation::Activity | Representation::Json if reads => faces.documents_first,
        Representation::Activity | Representation::Json => faces.pages_first,
    };
    let mut response = match face.oneshot(request).await {
        Ok(response) => response,
        Err(never) => return never.into_response(),
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
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

    #[test]
    fn the_suffix_goes_and_the_query_stays() {
        let stripped = |uri: &str| without_json_suffix(&uri.parse().unwrap()).map(|u| u.to_string());
        assert_eq!(stripped("/t/x.json?after=1").as_deref(), Some("/t/x?after=1"));
        assert_eq!(stripped("/index.json").as_deref(), Some("/"));
        assert_eq!(stripped("/t/x"), None);
    }
}

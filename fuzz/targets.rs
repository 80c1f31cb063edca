//! What each fuzzer tries, as a function of bytes: the fuzzers call it with what they invent, an ordinary test with the
//! corpora that are committed (`tests/it/fuzzed.rs`). Each holds its input to what must be true of any.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use polylogue::{
    base::{clock::Timestamp, limits},
    domain::markup::{render_opinion, sanitize, to_markdown},
    protocol::{
        actor::ActorDocument,
        http_signature::{BodyDigest, OwnOrigin, RequestParts, SignatureError, read},
        json,
        quirks::{id_of, is_public, language_of, page_of, type_of},
    },
    record::{item::Item, proof::ProofHead},
};
use url::Url;

/// A document at the inbox: read strictly, or refused; and what is read is the same when it is written and read again.
pub(super) fn inbox(bytes: &[u8]) {
    let Ok(document) = json::parse(bytes) else { return };
    let written = serde_json::to_vec(&document).unwrap();
    assert_eq!(json::parse(&written).as_ref(), Ok(&document), "written and read again");
    let _ = (id_of(&document, "actor"), is_public(&document), language_of(&document));
    let _ = (page_of(&document), type_of(&document, &["Create"]), ProofHead::of(&document));
    let _ = ActorDocument::read(&document);
    if let Ok(item) = Item::read(bytes) {
        let kept = serde_json::to_vec(item.log_document()).unwrap();
        let again = Item::read(&kept).expect("what was kept is an item");
        assert_eq!((again.hash, again.cell), (item.hash, item.cell), "the same item");
    }
}

/// Headers of a request, one `name: value` a line, then an empty line and the body.
pub(super) fn signature(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut headers = HeaderMap::new();
    for line in head.lines().take(64) {
        let Some((name, value)) = line.split_once(':') else { continue };
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name.trim()), HeaderValue::try_from(value.trim()))
        {
            headers.append(name, value);
        }
    }
    let digest = BodyDigest::of(body.as_bytes());
    let parts = RequestParts {
        method: &Method::POST,
        path_and_query: "/inbox",
        headers: &headers,
        body: Some(&digest),
    };
    let own = OwnOrigin::of(&Url::parse("https://cs.example/").unwrap()).unwrap();
    let now = Timestamp::parse_rfc3339("2026-09-21T10:15:00Z").unwrap();
    match read(&parts, &own, now) {
        Ok(claimed) => {
            let covers = |name: &str| claimed.covered.iter().any(|covered| covered == name);
            assert!(covers("digest") || covers("content-digest"), "the body is bound");
            assert!(covers("(request-target)") || covers("@method"), "the address is bound");
            let apart = now.millis_since(claimed.signed_at).abs();
            assert!(apart <= limits::SIGNATURE_WINDOW_SECONDS * 1_000, "the moment is bound");
        }
        Err(error) => {
            let is_absent = error == SignatureError::Absent;
            assert_eq!(
                is_absent,
                !headers.contains_key("signature") && !headers.contains_key("signature-input")
            );
        }
    }
}

/// HTML of others: what is left is safe, and stays as it is when it is made safe again.
pub(super) fn sanitiser(bytes: &[u8]) {
    let html = String::from_utf8_lossy(bytes);
    let safe = sanitize(&html);
    // Between `<` and `>` stands a tag, in words both are written otherwise; what is quoted in it is an address.
    for tag in safe.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let tag: String = tag.split('"').step_by(2).collect();
        let tag = tag.to_ascii_lowercase();
        for never in ["script", "style", "iframe", "object", "form", "img"] {
            assert!(!tag.trim_start_matches('/').starts_with(never), "{never} in {safe}");
        }
        for never in [" onload=", " style="] {
            assert!(!tag.contains(never), "{never} in {safe}");
        }
    }
    assert_eq!(sanitize(&safe), safe, "safe already");
    let _ = to_markdown(&safe);
}

/// Markdown of somebody here: refused, or HTML within its limit that needs no sanitising.
pub(super) fn markdown(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(html) = render_opinion(&text) {
        assert!(html.len() <= limits::MARKUP_HTML_BYTES_MAX, "within its limit");
        assert_eq!(sanitize(&html), html, "safe as it is written");
    }
}

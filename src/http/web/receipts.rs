//! The receipt of an entry, for reading and for keeping, and the list of one's own.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    error_page::Refusal,
    fields::Asked,
    frame, lines, map,
    session::Visitor,
    view::{OwnReceiptRow, OwnReceiptsPage, ReceiptPage, ReceiptSignature, Section},
};
use crate::{http::negotiate::Representation, service::Service};

/// Own acts on one page.
const PAGE: u64 = 20;
/// Characters of a hash in the name of a file.
const NAME_CHARS: usize = 12;

/// `GET /receipts/{hash}`; with `.json`, the file to keep.
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Extension(representation): Extension<Representation>,
    Path(hash): Path<String>,
) -> Result<Response, Refusal> {
    let received = service.received(&hash).await?;
    if representation != Representation::Html {
        let Some(bundle) = received.bundle else {
            return Err(crate::service::ServiceError::NotFound { what: "receipt" }.into());
        };
        return Ok(file(&hash, bundle.print()));
    }
    let is_kept = received.bundle.is_some();
    let has_words = received.bundle.as_ref().is_some_and(|bundle| bundle.entry.is_some());
    let row = lines::line(&received.room, &received.entry);
    let signatures = received.receipts.into_iter().map(|held| ReceiptSignature {
        room_href: if map::is_web(&held.room) { held.room.clone() } else { String::new() },
        document_href: service.paths.path_of(&held.view.uri).unwrap_or(&held.view.uri).to_owned(),
        receipt: map::receipt_held(held.view),
        key_id: held.key_id,
        signature: held.signature,
    });
    frame::show(&ReceiptPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        row,
        hash: received.entry.hash.clone(),
        log_number: received.entry.seq,
        topic: map::room_link(&received.room.name, &received.room.slug, &received.room.language),
        signatures: signatures.collect(),
        by_evidence: received.by_evidence,
        has_words,
        file_href: is_kept.then(|| format!("{}.json", map::receipt_href(&received.entry.hash))),
    })
}

/// A document to be kept as a file.
fn file(hash: &str, document: serde_json::Value) -> Response {
    let mut response = Json(document).into_response();
    let short: String = hash.chars().take(NAME_CHARS).filter(char::is_ascii_hexdigit).collect();
    let disposition = format!("attachment; filename=\"receipt-{short}.json\"");
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `GET /me/receipts`, and with `?after=` the acts before those shown.
pub(super) async fn own(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let offset: u64 = asked.get("after").parse().unwrap_or_default();
    let (acts, more) = service.own_acts(caller, PAGE, offset).await?;
    let rows = acts.into_iter().map(|act| OwnReceiptRow {
        row: lines::line(&act.room, &act.entry),
        receipt: act.receipt.map(map::receipt_held),
    });
    frame::show(&OwnReceiptsPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        rows: rows.collect(),
        is_first: offset == 0,
        next_href: more.then(|| format!("/me/receipts?after={}", offset.saturating_add(PAGE))),
    })
}

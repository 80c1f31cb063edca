//! Endpoint of receipts: what a room signed when it took an act, with all that is needed to check it.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    super::problem::Problem,
    entity::{KeptReceipt, ReceiptSignature},
};
use crate::{
    base::clock::Timestamp,
    service::{Service, ServiceError, receipts::Received},
};

/// The receipts held for an entry, and the file to keep, which `polylogue receipt check` reads.
#[utoipa::path(get, path = "/receipts/{hash}", tag = "receipts",
    params(("hash" = String, Path, description = "Hash of the entry, hex")),
    responses((status = 200, body = KeptReceipt), (status = 404, body = Problem)))]
pub(super) async fn show_receipt(
    State(service): State<Service>,
    Path(hash): Path<String>,
) -> Result<Json<KeptReceipt>, Problem> {
    let received = service.received(&hash).await?;
    print(received).map(Json).ok_or_else(|| ServiceError::NotFound { what: "receipt" }.into())
}

fn print(received: Received) -> Option<KeptReceipt> {
    let bundle = received.bundle?.print();
    let receipts = received.receipts.into_iter().map(|held| ReceiptSignature {
        room: held.room,
        seq: held.view.seq,
        received_at: held.view.received,
        key: held.key_id,
        signature: held.signature,
    });
    Some(KeptReceipt {
        hash: received.entry.hash,
        seq: received.entry.seq,
        topic: received.room.slug,
        activity: received.entry.act_type,
        actor: received.entry.actor.into(),
        published: received.entry.published.unwrap_or(Timestamp::from_millis(0)),
        receipts: receipts.collect(),
        file: bundle,
    })
}

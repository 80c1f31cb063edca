//! What became of a post from elsewhere: whoever wrote it sees that it waits, was taken or was refused, and why.

use axum::{extract::State, response::Response};

use super::{
    error_page::Refusal,
    fields::Asked,
    frame,
    session::Visitor,
    view::{ArrivalRow, ArrivalsPage, Section},
};
use crate::service::Service;

/// `GET /arrivals`, with `?id=` the address of a post
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let address = asked.get("id").trim().to_owned();
    let rows = service.arrivals(&address).await?.into_iter().map(|arrival| ArrivalRow {
        received: arrival.received,
        fate: arrival.fate,
        due: arrival.due,
        reason: arrival.reason,
    });
    frame::show(&ArrivalsPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        rows: rows.collect(),
        address,
    })
}

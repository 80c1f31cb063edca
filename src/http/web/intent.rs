//! Where other sites send people who live here, with the address of what they were reading (FEP-3b86): it leads to the
//! page of that here, where they can answer and take a position.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{error_page::Refusal, fields::Asked};
use crate::service::Service;

/// The path that WebFinger names.
pub const INTENT_PATH: &str = "/authorize_interaction";

/// `GET /authorize_interaction?uri=`
pub(super) async fn lead(
    State(service): State<Service>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let path = service.page_of(asked.get("uri")).await?;
    Ok(Redirect::to(&path).into_response())
}

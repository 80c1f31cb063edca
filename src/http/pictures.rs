//! The pictures that posts of this instance show, by the digest of their bytes: under one address the bytes never change,
//! and what nothing shows any more is not there. Whatever a browser thinks of them, they run nothing.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{problem::Problem, state::HttpState};
use crate::service::Service;

/// Nothing is loaded, nothing runs, and what is here is of no origin.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; sandbox";

/// Pages and programs of other sites may show them.
const SHARED: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// `/media/{file}`
pub(super) fn routes() -> Router<HttpState> {
    Router::new().route("/media/{file}", get(serve))
}

async fn serve(
    State(service): State<Service>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let (media_type, bytes) = service.picture_file(&file).await?;
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (SHARED, "cross-origin"),
    ];
    Ok((headers, bytes).into_response())
}

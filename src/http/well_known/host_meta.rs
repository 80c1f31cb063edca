//! host-meta (RFC 6415): where WebFinger is, for software that asks for it first.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::webfinger::JRD_JSON;
use crate::service::Service;

fn template(service: &Service) -> String {
    format!("{}/.well-known/webfinger?resource={{uri}}", service.paths.origin())
}

/// As XRD.
pub(super) async fn xrd(State(service): State<Service>) -> Response {
    let template = template(&service);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" type=\"{JRD_JSON}\" template=\"{template}\"/>\n</XRD>\n"
    );
    ([(header::CONTENT_TYPE, "application/xrd+xml; charset=utf-8")], body).into_response()
}

/// As JSON.
pub(super) async fn jrd(State(service): State<Service>) -> Response {
    let document = json!({
        "links": [{"rel": "lrdd", "type": JRD_JSON, "template": template(&service)}],
    });
    ([(header::CONTENT_TYPE, JRD_JSON)], document.to_string()).into_response()
}

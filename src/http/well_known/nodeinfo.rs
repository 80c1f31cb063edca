//! NodeInfo 2.1, and its index, which also names the instance's actor (FEP-2677). Users are counted because the
//! format wants it; nothing that anybody supports is.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::super::problem::Problem;
use crate::{domain::group::StakeholderGroup, service::Service};

const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/2.1";

/// Where the document is.
pub(super) async fn index(State(service): State<Service>) -> Json<Value> {
    Json(json!({
        "links": [
            {"rel": SCHEMA, "href": format!("{}/nodeinfo/2.1", service.paths.origin())},
            {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": service.paths.instance()},
        ],
    }))
}

/// The document.
pub(super) async fn document(State(service): State<Service>) -> Result<Response, Problem> {
    let users = service.count_accounts().await?;
    let document = json!({
        "version": "2.1",
        "software": {
            "name": "polylogue",
            "version": env!("CARGO_PKG_VERSION"),
            "repository": env!("CARGO_PKG_REPOSITORY"),
        },
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": false,
        "usage": {"users": {"total": users}},
        "metadata": {
            "nodeName": service.profile.name,
            "stakeholderGroup": service.profile.group.map(StakeholderGroup::word),
        },
    });
    let media_type = format!("application/json; profile=\"{SCHEMA}#\"");
    Ok(([(header::CONTENT_TYPE, media_type)], document.to_string()).into_response())
}

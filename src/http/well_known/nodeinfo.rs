//! NodeInfo, in the two versions that are asked for, and its index, which also names the instance's actor (FEP-2677).
//! Users are counted because the format wants it; nothing that anybody supports is.

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::super::problem::Problem;
use crate::{
    domain::group::StakeholderGroup,
    service::{Service, ServiceError},
};

const SCHEMAS: &str = "http://nodeinfo.diaspora.software/ns/schema";

/// Where the documents are.
pub(super) async fn index(State(service): State<Service>) -> Json<Value> {
    let origin = service.paths.origin();
    let version = |number: &str| json!({"rel": format!("{SCHEMAS}/{number}"), "href": format!("{origin}/nodeinfo/{number}")});
    Json(json!({
        "links": [
            version("2.1"),
            {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": service.paths.instance()},
            version("2.0"),
        ],
    }))
}

/// A document.
pub(super) async fn document(
    State(service): State<Service>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    if !matches!(number.as_str(), "2.0" | "2.1") {
        return Err(ServiceError::NotFound { what: "version of NodeInfo" }.into());
    }
    let users = service.count_accounts().await?;
    let mut software = Map::new();
    software.insert("name".to_owned(), json!("polylogue"));
    software.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    if number == "2.1" {
        software.insert("repository".to_owned(), json!(env!("CARGO_PKG_REPOSITORY")));
    }
    let document = json!({
        "version": number,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": false,
        "usage": {"users": {"total": users}},
        "metadata": {
            "nodeName": service.profile.name,
            "stakeholderGroup": service.profile.group.map(StakeholderGroup::word),
            // Which API is spoken with programs, for those that tell servers apart by this document.
            "upstream": {"name": "mastodon"},
        },
    });
    let media_type = format!("application/json; profile=\"{SCHEMAS}/{number}#\"");
    Ok(([(header::CONTENT_TYPE, media_type)], document.to_string()).into_response())
}

//! What this instance is and can do, as programs ask before anything else; and what many ask for at their start of which
//! there is nothing here. Every field that some program cannot do without is there (clients.md 2), whatever it holds.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{
    bearer::{By, Need, ReadAccounts},
    failure::Failure,
};
use crate::{base::limits, domain::picture, http::web::assets, service::Service};

/// The release of Mastodon whose API this is. Programs read its first three characters as a number.
const COMPATIBLE: &str = "4.5.0";
/// The number of the API's changes that are understood here; 2 says that notices come in groups.
const API_VERSION: u64 = 2;
/// What a link counts for in the length of a post.
const URL_CHARS: u64 = 23;

/// `4.5.0 (compatible; Polylogue 0.1.0)`
fn version() -> String {
    format!("{COMPATIBLE} (compatible; Polylogue {})", env!("CARGO_PKG_VERSION"))
}

fn picture(service: &Service) -> String {
    format!("{}{}", service.paths.origin(), assets::PICTURE)
}

/// Where streams begin: programs add the path.
fn streaming(service: &Service) -> String {
    service.paths.origin().replacen("http", "ws", 1)
}

fn configuration() -> Value {
    json!({
        "accounts": {"max_featured_tags": 0, "max_pinned_statuses": limits::PINS_MAX},
        "statuses": {
            "max_characters": limits::COMMENT_CHARS_MAX,
            "max_media_attachments": limits::PICTURES_PER_POST_MAX,
            "characters_reserved_per_url": URL_CHARS,
        },
        "media_attachments": {
            "supported_mime_types": picture::TAKEN,
            "image_size_limit": limits::PICTURE_BYTES_MAX,
            "image_matrix_limit": limits::PICTURE_PIXELS_MAX,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
            "description_limit": limits::PICTURE_DESCRIPTION_CHARS_MAX,
        },
        "polls": {
            "max_options": 0,
            "max_characters_per_option": 0,
            "min_expiration": 0,
            "max_expiration": 0,
        },
    })
}

/// `GET /api/v2/instance`
pub(super) async fn v2(State(service): State<Service>) -> Result<Json<Value>, Failure> {
    let push = service.push_key().await?.public();
    let mut configuration = configuration();
    if let Value::Object(map) = &mut configuration {
        map.insert("urls".to_owned(), json!({"streaming": streaming(&service), "status": null}));
        map.insert("vapid".to_owned(), json!({"public_key": push}));
        map.insert("translation".to_owned(), json!({"enabled": false}));
        map.insert("limited_federation".to_owned(), json!(false));
    }
    Ok(Json(json!({
        "domain": service.paths.domain(),
        "title": service.profile.name,
        "version": version(),
        "source_url": env!("CARGO_PKG_REPOSITORY"),
        "description": service.profile.name,
        "usage": {"users": {"active_month": 0}},
        "thumbnail": {"url": picture(&service), "blurhash": null, "versions": {}},
        "icon": [],
        "languages": ["en"],
        "configuration": configuration,
        "registrations": {
            "enabled": false,
            "approval_required": false,
            "reason_required": false,
            "message": null,
            "url": null,
        },
        "api_versions": {"mastodon": API_VERSION},
        "contact": {"email": "", "account": null},
        "rules": [],
    })))
}

/// `GET /api/v1/instance`
pub(super) async fn v1(State(service): State<Service>) -> Result<Json<Value>, Failure> {
    let users = service.count_accounts().await?;
    Ok(Json(json!({
        "uri": service.paths.domain(),
        "title": service.profile.name,
        "short_description": service.profile.name,
        "description": service.profile.name,
        "email": "",
        "version": version(),
        "urls": {"streaming_api": streaming(&service)},
        "stats": {"user_count": users, "status_count": 0, "domain_count": 0},
        "thumbnail": picture(&service),
        "languages": ["en"],
        "registrations": false,
        "approval_required": false,
        "invites_enabled": false,
        "configuration": configuration(),
        "contact_account": null,
        "rules": [],
    })))
}

/// `GET /api/v1/instance/extended_description`
pub(super) async fn extended_description(State(service): State<Service>) -> Json<Value> {
    Json(json!({"updated_at": service.now().to_rfc3339(), "content": ""}))
}

/// `GET /api/v1/preferences`: what somebody prefers; and what this instance does where it takes no preference.
pub(super) async fn preferences(
    State(service): State<Service>,
    by: By<ReadAccounts>,
) -> Result<Json<Value>, Failure> {
    let prefers = service.preferences(&by.caller).await?;
    Ok(Json(json!({
        "posting:default:visibility": prefers.privacy,
        "posting:default:sensitive": prefers.sensitive,
        "posting:default:language": prefers.language,
        "reading:expand:media": "default",
        "reading:expand:spoilers": false,
    })))
}

/// A list of which there is nothing here, for everybody.
pub(super) async fn none() -> Json<[Value; 0]> {
    Json([])
}

/// The same for those alone who may see it.
pub(super) async fn none_for<N: Need>(_: By<N>) -> Json<[Value; 0]> {
    Json([])
}

/// Something of which there is none here, for everybody.
pub(super) async fn nothing() -> Failure {
    Failure::not_found()
}

/// The same for those alone who may ask.
pub(super) async fn nothing_for<N: Need>(_: By<N>) -> Failure {
    Failure::not_found()
}

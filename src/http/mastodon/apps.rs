//! Apps: anybody registers one; one that is registered asks what it is.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::request::Parts,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{bearer, body::Params, failure::Failure};
use crate::{
    http::state::HttpState,
    service::{
        Service,
        apps::{App, NewApp, OUT_OF_BAND},
        sign_in::Access,
    },
};

/// What an app says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Registration {
    client_name: String,
    redirect_uris: Vec<String>,
    scopes: Vec<String>,
    website: Option<String>,
}

/// `POST /api/v1/apps`
pub(super) async fn create(
    State(service): State<Service>,
    Params(sent): Params<Registration>,
) -> Result<Json<Value>, Failure> {
    let words = sent.scopes.join(" ");
    let new = NewApp {
        name: sent.client_name,
        website: sent.website,
        redirect_uris: sent.redirect_uris,
        scope: (!words.trim().is_empty()).then_some(words),
    };
    let registered = service.register_app(new).await?;
    let mut entity = entity(&registered.app, &service.push_key().await?.public());
    if let Value::Object(map) = &mut entity {
        map.insert("client_id".to_owned(), registered.app.client_id.clone().into());
        map.insert("client_secret".to_owned(), registered.secret.into());
        // It never ends.
        map.insert("client_secret_expires_at".to_owned(), 0.into());
    }
    Ok(Json(entity))
}

/// What a token is, whoever's it is.
#[derive(Debug)]
pub(super) struct Token(Access);

impl FromRequestParts<HttpState> for Token {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Failure> {
        bearer::access(parts, state).await.map(Self)
    }
}

/// `GET /api/v1/apps/verify_credentials`
pub(super) async fn verify(
    State(service): State<Service>,
    Token(access): Token,
) -> Result<Json<Value>, Failure> {
    let push = service.push_key().await?.public();
    let app = match access.app_id {
        Some(id) => service.app(id).await?,
        None => None,
    };
    match app {
        Some(app) => Ok(Json(entity(&app, &push))),
        // Made on the command line: no app registered for it.
        None => Ok(Json(json!({
            "id": "0",
            "name": "Polylogue",
            "website": null,
            "scopes": access.scope.iter().collect::<Vec<_>>(),
            "redirect_uri": OUT_OF_BAND,
            "redirect_uris": [OUT_OF_BAND],
            "vapid_key": push,
        }))),
    }
}

fn entity(app: &App, push: &str) -> Value {
    json!({
        "id": app.id.to_string(),
        "name": app.name,
        "website": app.website,
        "scopes": app.scope.split(' ').collect::<Vec<_>>(),
        "redirect_uri": app.redirect_uris,
        "redirect_uris": app.redirects().collect::<Vec<_>>(),
        "vapid_key": push,
    })
}

//! Where apps get their tokens and give them back (RFC 6749, RFC 7009), and who somebody is to them. Refuses in the
//! words of OAuth.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    bearer::{By, Profile},
    body::Params,
    failure::Failure,
};
use crate::{
    http::{problem::Problem, state::HttpState, web::authorize},
    service::{
        Service, ServiceError,
        apps::App,
        authorizations::{Granted, NotGranted},
        scope::Scope,
    },
};

/// A refusal in the shape of RFC 6749 §5.2.
#[derive(Debug)]
pub(super) struct NoToken {
    status: StatusCode,
    error: &'static str,
    why: String,
}

impl NoToken {
    fn new(status: StatusCode, error: &'static str, why: impl Into<String>) -> Self {
        Self { status, error, why: why.into() }
    }
}

impl From<NotGranted> for NoToken {
    fn from(refused: NotGranted) -> Self {
        const BAD: StatusCode = StatusCode::BAD_REQUEST;
        match refused {
            NotGranted::InvalidClient => Self::new(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "the app is unknown, or its secret is wrong: register again",
            ),
            NotGranted::InvalidGrant(why) => Self::new(BAD, "invalid_grant", why),
            NotGranted::InvalidScope => {
                Self::new(BAD, "invalid_scope", "the app did not register for this scope")
            }
            NotGranted::UnsupportedGrantType => Self::new(
                BAD,
                "unsupported_grant_type",
                "grant_type must be authorization_code or client_credentials",
            ),
            NotGranted::InvalidRequest(why) => Self::new(BAD, "invalid_request", why),
            NotGranted::UnauthorizedClient => Self::new(
                StatusCode::FORBIDDEN,
                "unauthorized_client",
                "the token is another app's",
            ),
            NotGranted::Failed(error) => error.into(),
        }
    }
}

impl From<ServiceError> for NoToken {
    fn from(error: ServiceError) -> Self {
        let problem = Problem::from(error);
        Self::new(problem.status(), "server_error", problem.detail())
    }
}

impl IntoResponse for NoToken {
    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "error_description": self.why});
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let asks = HeaderValue::from_static("Basic realm=\"OAuth\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, asks);
        }
        response
    }
}

/// What an app sends here. What it calls itself stands in the body, or in `Authorization: Basic` (RFC 6749 §2.3.1).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    client_id: String,
    client_secret: String,
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: Option<String>,
    scope: Vec<String>,
    token: String,
}

/// The app that sends something, and what.
#[derive(Debug)]
pub(super) struct FromApp(App, Sent);

impl FromRequest<HttpState> for FromApp {
    type Rejection = NoToken;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, NoToken> {
        let basic = basic(request.headers());
        let Params(sent) = Params::<Sent>::from_request(request, state)
            .await
            .map_err(|refused| unreadable(&refused))?;
        let (id, secret) = basic.unwrap_or((sent.client_id.clone(), sent.client_secret.clone()));
        let app = state.service.authenticate_app(&id, &secret).await?;
        Ok(Self(app.ok_or(NotGranted::InvalidClient)?, sent))
    }
}

fn unreadable(refused: &Failure) -> NoToken {
    NoToken::new(refused.status(), "invalid_request", refused.error())
}

/// `Authorization: Basic`, its two parts encoded as in a form.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        let pair = format!("x={text}");
        let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
        pairs.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    Some((plain(id), plain(secret)))
}

/// `POST /oauth/token`
pub(super) async fn token(
    State(service): State<Service>,
    FromApp(app, sent): FromApp,
) -> Result<Json<Value>, NoToken> {
    let granted = match sent.grant_type.as_str() {
        "authorization_code" if sent.code.is_empty() => {
            Err(NotGranted::InvalidRequest("code is missing"))
        }
        "authorization_code" => {
            let verifier = sent.code_verifier.as_deref().filter(|verifier| !verifier.is_empty());
            service.exchange_code(&app, &sent.code, &sent.redirect_uri, verifier).await
        }
        "client_credentials" => service.app_token(&app, &sent.scope.join(" ")).await,
        "" => Err(NotGranted::InvalidRequest("grant_type is missing")),
        _ => Err(NotGranted::UnsupportedGrantType),
    };
    let Granted { token, scope, created_at } = granted?;
    Ok(Json(json!({
        "access_token": token,
        "token_type": "Bearer",
        "scope": scope,
        "created_at": created_at,
    })))
}

/// `POST /oauth/revoke`
pub(super) async fn revoke(
    State(service): State<Service>,
    FromApp(app, sent): FromApp,
) -> Result<Json<Value>, NoToken> {
    service.revoke_token(&app, &sent.token).await?;
    Ok(Json(json!({})))
}

/// `GET /oauth/userinfo`: who lets the app in (OpenID Connect, 5.3).
pub(super) async fn userinfo(
    State(service): State<Service>,
    by: By<Profile>,
) -> Result<Json<Value>, Failure> {
    let actor = &by.caller.actor;
    Ok(Json(json!({
        "iss": service.paths.origin(),
        "sub": actor.uri,
        "name": actor.name,
        "preferred_username": actor.username,
        "profile": actor.url,
    })))
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414)
pub(super) async fn metadata(State(service): State<Service>) -> Json<Value> {
    let origin = service.paths.origin();
    Json(json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}{}", authorize::PATH),
        "token_endpoint": format!("{origin}/oauth/token"),
        "revocation_endpoint": format!("{origin}/oauth/revoke"),
        "userinfo_endpoint": format!("{origin}/oauth/userinfo"),
        "app_registration_endpoint": format!("{origin}/api/v1/apps"),
        "scopes_supported": Scope::all(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

//! Web Push: what the program that asks is told while it does not run. Each token has one subscription.

use axum::{
    Json, Router,
    extract::{FromRequestParts, State},
    http::request::Parts,
    routing::get,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    bearer::{By, Push},
    body::Params,
    failure::Failure,
};
use crate::{
    http::{extract::bearer_token, state::HttpState},
    service::{
        Caller, Service,
        push::{NewSubscription, Policy, SubscriptionView, Wanted},
    },
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    let all = get(show).post(create).put(change).delete(remove);
    Router::new().route("/push/subscription", all)
}

/// Every kind of news that a program may ask for, whether there is any here.
const ALERTS: [&str; 11] = [
    "mention",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "poll",
    "update",
    "quote",
    "admin.sign_up",
    "admin.report",
];

/// The program that asks.
struct Program {
    caller: Caller,
    token: String,
}

impl FromRequestParts<HttpState> for Program {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Failure> {
        let token =
            bearer_token(&parts.headers).map(str::to_owned).ok_or_else(Failure::no_token)?;
        let by = By::<Push>::from_request_parts(parts, state).await?;
        Ok(Self { caller: by.caller, token })
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    subscription: Where,
    #[serde(default)]
    data: Data,
}

#[derive(Debug, Deserialize)]
struct Where {
    endpoint: String,
    keys: Keys,
}

#[derive(Debug, Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

#[derive(Debug, Default, Deserialize)]
struct Changed {
    #[serde(default)]
    data: Data,
    /// Beside `data`, where some programs send it.
    policy: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Data {
    alerts: Alerts,
    policy: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "the fields of the API")]
struct Alerts {
    mention: bool,
    status: bool,
    reblog: bool,
    follow: bool,
    follow_request: bool,
    favourite: bool,
    poll: bool,
    update: bool,
    quote: bool,
    #[serde(rename = "admin.sign_up")]
    sign_up: bool,
    #[serde(rename = "admin.report")]
    report: bool,
}

impl Alerts {
    fn words(&self) -> Vec<String> {
        let asked = [
            self.mention,
            self.status,
            self.reblog,
            self.follow,
            self.follow_request,
            self.favourite,
            self.poll,
            self.update,
            self.quote,
            self.sign_up,
            self.report,
        ];
        let words = ALERTS.iter().zip(asked).filter(|(_, asked)| *asked);
        words.map(|(word, _)| (*word).to_owned()).collect()
    }
}

fn wanted(data: &Data, policy: Option<String>) -> Result<Wanted, Failure> {
    let word = data.policy.clone().or(policy);
    let policy = match word.as_deref() {
        None | Some("") => Policy::default(),
        Some(word) => Policy::from_word(word).ok_or_else(|| {
            Failure::invalid("data[policy]: must be all, followed, follower or none")
        })?,
    };
    Ok(Wanted { alerts: data.alerts.words(), policy })
}

fn entity(view: &SubscriptionView) -> Json<Value> {
    let is_wanted = |word: &str| view.wanted.alerts.iter().any(|wanted| wanted == word);
    let alerts: Map<String, Value> =
        ALERTS.iter().map(|word| ((*word).to_owned(), is_wanted(word).into())).collect();
    Json(json!({
        "id": view.key.to_string(),
        "endpoint": view.endpoint,
        "standard": true,
        "alerts": alerts,
        "policy": view.wanted.policy.word(),
        "server_key": view.server_key,
    }))
}

async fn show(State(service): State<Service>, program: Program) -> Result<Json<Value>, Failure> {
    Ok(entity(&service.push_subscription(&program.token).await?))
}

async fn create(
    State(service): State<Service>,
    Program { caller, token }: Program,
    Params(asked): Params<Asked>,
) -> Result<Json<Value>, Failure> {
    let new = NewSubscription {
        endpoint: asked.subscription.endpoint,
        point: asked.subscription.keys.p256dh,
        auth: asked.subscription.keys.auth,
        wanted: wanted(&asked.data, None)?,
    };
    Ok(entity(&service.subscribe_push(&caller, &token, new).await?))
}

async fn change(
    State(service): State<Service>,
    program: Program,
    Params(changed): Params<Changed>,
) -> Result<Json<Value>, Failure> {
    let wanted = wanted(&changed.data, changed.policy)?;
    Ok(entity(&service.change_push(&program.token, wanted).await?))
}

async fn remove(State(service): State<Service>, program: Program) -> Result<Json<Value>, Failure> {
    service.unsubscribe_push(&program.token).await?;
    Ok(Json(json!({})))
}

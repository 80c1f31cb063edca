//! Streams: over one socket as many as a program likes, or one as server-sent events. Who listens says so by a token, in
//! whichever place a program can put one: browsers set no header on a socket. Where a page is from is no matter, since
//! nothing is let in by a cookie.

mod socket;

use std::{collections::VecDeque, convert::Infallible};

use axum::{
    Router,
    extract::{
        FromRequestParts, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection,
    },
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::stream;
use serde::Deserialize;

use super::{
    body::Query,
    entity::{Notification, Status},
    failure::Failure,
};
use crate::{
    base::limits,
    http::{extract::bearer_token, state::HttpState},
    service::{
        Service, ServiceError,
        sign_in::{Access, Scope},
        streams::{Change, Heard, Listener, Stream, Unknown},
    },
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    let mut router = Router::new()
        .route("/streaming", get(by_socket))
        .route("/streaming/health", get(async || "OK"));
    for (path, name) in PATHS {
        let listen =
            async |State(service): State<Service>, caller: Entrance, which: Query<Which>| {
                by_events(service, caller, name, &which.0).await
            };
        router = router.route(path, get(listen));
    }
    router
}

/// Addresses of single streams.
const PATHS: &[(&str, &str)] = &[
    ("/streaming/user", "user"),
    ("/streaming/user/notification", "user:notification"),
    ("/streaming/public", "public"),
    ("/streaming/public/local", "public:local"),
    ("/streaming/public/remote", "public:remote"),
    ("/streaming/hashtag", "hashtag"),
    ("/streaming/hashtag/local", "hashtag:local"),
    ("/streaming/list", "list"),
    ("/streaming/direct", "direct"),
];

/// Which stream of those that need to be told.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Which {
    stream: Option<String>,
    tag: Option<String>,
}

impl From<Unknown> for Failure {
    fn from(unknown: Unknown) -> Self {
        match unknown {
            Unknown::List => Self::not_found(),
            other => Self::malformed(other.to_string()),
        }
    }
}

/// The stream of this name, where the token is good for it.
fn named(name: &str, tag: Option<&str>, scope: &Scope) -> Result<Stream, Failure> {
    let stream = Stream::named(name, tag)?;
    if scope.covers(stream.need()) { Ok(stream) } else { Err(Failure::out_of_scope()) }
}

/// Who listens, with the token that says so.
struct Entrance {
    token: String,
    access: Access,
    /// Whether it came as the name of a protocol, which is then said back.
    is_protocol: bool,
}

impl FromRequestParts<HttpState> for Entrance {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Failure> {
        let (token, is_protocol) =
            token_in(&parts.headers, &parts.uri).ok_or_else(Failure::no_token)?;
        let access = state.service.access(&token).await?.ok_or_else(Failure::no_token)?;
        if access.caller.is_none() {
            return Err(Failure::nobody());
        }
        Ok(Self { token, access, is_protocol })
    }
}

/// The token of a header, of the query, or in place of a protocol's name; and whether it is the last.
fn token_in(headers: &HeaderMap, uri: &Uri) -> Option<(String, bool)> {
    if let Some(token) = bearer_token(headers) {
        return Some((token.to_owned(), false));
    }
    let query = uri.query().unwrap_or_default();
    let of_query = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name == "access_token" && !value.is_empty());
    if let Some((_, token)) = of_query {
        return Some((token.into_owned(), false));
    }
    let protocols = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    let token = protocols.split(',').map(str::trim).find(|token| !token.is_empty())?;
    Some((token.to_owned(), true))
}

/// `GET /api/v1/streaming`
async fn by_socket(
    State(service): State<Service>,
    Entrance { token, access, is_protocol }: Entrance,
    Query(which): Query<Which>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let upgrade = upgrade.map_err(|_no_socket| {
        Failure::malformed("open a WebSocket here, or read one stream at /api/v1/streaming/user")
    })?;
    let listener = service.listen(access, &token).await?;
    let upgrade = if is_protocol { upgrade.protocols([token]) } else { upgrade };
    Ok(upgrade
        .max_message_size(limits::SOCKET_MESSAGE_BYTES_MAX)
        .max_frame_size(limits::SOCKET_MESSAGE_BYTES_MAX)
        // What is sent is sent at once: nothing is gathered for who does not read.
        .write_buffer_size(0)
        .max_write_buffer_size(limits::SOCKET_BUFFER_BYTES_MAX)
        .on_upgrade(move |socket| socket::converse(service, listener, socket, which)))
}

/// One stream as server-sent events.
async fn by_events(
    service: Service,
    Entrance { token, access, .. }: Entrance,
    name: &str,
    which: &Which,
) -> Result<Response, Failure> {
    let stream = named(name, which.tag.as_deref(), &access.scope)?;
    let ping = service.streams.bounds().ping;
    let listener = service.listen(access, &token).await?;
    // Said at once, so that who opened it knows that nothing is missed from here on.
    let first = VecDeque::from([Event::default().comment(")")]);
    let state = (service, listener, stream, first);
    let events = stream::unfold(state, async |(service, mut listener, stream, mut ready)| {
        let event = match ready.pop_front() {
            Some(event) => event,
            None => next_event(&service, &mut listener, &stream).await?,
        };
        Some((Ok::<_, Infallible>(event), (service, listener, stream, ready)))
    });
    let mut response =
        Sse::new(events).keep_alive(KeepAlive::new().interval(ping).text("thump")).into_response();
    // Proxies that gather answers would keep what is said until there is much of it.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

async fn next_event(service: &Service, listener: &mut Listener, stream: &Stream) -> Option<Event> {
    loop {
        let change = listener.next().await.ok()?;
        if !stream.says(&change, &listener.caller, &listener.scope) {
            continue;
        }
        if let Some(said) = said(service, listener, &change).await.ok()? {
            return Some(Event::default().event(said.event).data(said.payload));
        }
    }
}

/// What is said of a change.
struct Said {
    event: &'static str,
    payload: String,
}

/// A change as its reader is told of it. What cannot be read for now is a reason to end the stream: the program reads the
/// timelines when it comes back, and misses nothing.
async fn said(
    service: &Service,
    listener: &Listener,
    change: &Change,
) -> Result<Option<Said>, Failure> {
    let Some(heard) = service.heard(change, &listener.caller).await? else { return Ok(None) };
    let origin = service.paths.origin();
    let (event, payload) = match heard {
        Heard::New(view) => ("update", serde_json::to_string(&Status::of(&view, origin))),
        Heard::Edited(view) => ("status.update", serde_json::to_string(&Status::of(&view, origin))),
        Heard::Gone(key) => ("delete", Ok(key.to_string())),
        Heard::News(news) => {
            ("notification", serde_json::to_string(&Notification::of(&news, origin)))
        }
    };
    let payload = payload.map_err(ServiceError::internal)?;
    Ok(Some(Said { event, payload }))
}

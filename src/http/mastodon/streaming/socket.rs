//! One socket: what a program says over it, and what it is told.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, timeout, timeout_at};

use super::{Which, named, said};
use crate::{
    base::limits,
    http::mastodon::failure::Failure,
    service::{
        Service,
        streams::{Change, Listener, Over, Stream},
    },
};

/// What a program says.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(rename = "type")]
    what: String,
    stream: Option<String>,
    tag: Option<String>,
}

/// Why a conversation ended.
#[derive(Debug)]
enum End {
    /// The other side has gone, or does not read.
    Gone,
    /// It is told why.
    Told(u16, &'static str),
}

impl From<Over> for End {
    fn from(over: Over) -> Self {
        match over {
            Over::TooSlow => Self::Told(close_code::AGAIN, "there was more to read than is kept"),
            Over::TokenEnded => Self::Told(close_code::POLICY, "the access token is invalid"),
            Over::Closing => Self::Told(close_code::AWAY, "the server ends"),
        }
    }
}

/// One socket with what it is subscribed to.
struct Conversation {
    service: Service,
    listener: Listener,
    socket: WebSocket,
    streams: Vec<Stream>,
}

/// Listens and tells until one side ends it.
pub(super) async fn converse(
    service: Service,
    listener: Listener,
    socket: WebSocket,
    first: Which,
) {
    let mut all = Conversation { service, listener, socket, streams: Vec::new() };
    let Err(end) = all.run(first).await else { return };
    if let End::Told(code, reason) = end {
        let close = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        // It has gone meanwhile, or does not read: then it is cut off without a word.
        let _ = all.send(Message::Close(Some(close))).await;
    }
}

/// What comes next.
enum Next {
    Change(Result<std::sync::Arc<Change>, Over>),
    Message(Option<Message>),
    /// Nothing came for a while.
    Quiet,
}

impl Conversation {
    async fn run(&mut self, first: Which) -> Result<(), End> {
        if let Some(stream) = &first.stream {
            self.subscribe(stream, first.tag.as_deref()).await?;
        }
        let every = self.service.streams.bounds().ping;
        let mut ping_at = Instant::now() + every;
        let mut is_answered = true;
        loop {
            match self.next(ping_at).await {
                Next::Change(change) => self.tell(change?.as_ref()).await?,
                Next::Message(message) => {
                    is_answered = true;
                    self.hear(message.ok_or(End::Gone)?).await?;
                }
                Next::Quiet if is_answered => {
                    self.send(Message::Ping(axum::body::Bytes::new())).await?;
                    is_answered = false;
                    ping_at = Instant::now() + every;
                }
                // Nobody answered the last ping.
                Next::Quiet => return Err(End::Gone),
            }
        }
    }

    async fn next(&mut self, ping_at: Instant) -> Next {
        let next = async {
            tokio::select! {
                change = self.listener.next() => Next::Change(change),
                message = self.socket.recv() => Next::Message(message.and_then(Result::ok)),
            }
        };
        timeout_at(ping_at, next).await.unwrap_or(Next::Quiet)
    }

    async fn tell(&mut self, change: &Change) -> Result<(), End> {
        let Listener { caller, scope, .. } = &self.listener;
        let streams = self.streams.iter().filter(|stream| stream.says(change, caller, scope));
        let names: Vec<Vec<String>> =
            streams.map(|stream| stream.names().into_iter().map(str::to_owned).collect()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let said = match said(&self.service, &self.listener, change).await {
            Ok(Some(said)) => said,
            Ok(None) => return Ok(()),
            Err(_logged) => return Err(End::Told(close_code::ERROR, "come again later")),
        };
        for stream in names {
            let message = json!({"stream": stream, "event": said.event, "payload": said.payload});
            self.say(&message).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            // The library has answered it.
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
            Message::Binary(_) => return self.refuse(&Failure::malformed("this is no text")).await,
        };
        let Ok(asked) = serde_json::from_str::<Asked>(&text) else {
            let why = "say {\"type\": \"subscribe\", \"stream\": …}";
            return self.refuse(&Failure::malformed(why)).await;
        };
        let (name, tag) = (asked.stream.unwrap_or_default(), asked.tag);
        match asked.what.as_str() {
            "subscribe" => self.subscribe(&name, tag.as_deref()).await,
            "unsubscribe" => {
                if let Ok(stream) = Stream::named(&name, tag.as_deref()) {
                    self.streams.retain(|known| *known != stream);
                }
                Ok(())
            }
            _ => self.refuse(&Failure::malformed("Unknown message type")).await,
        }
    }

    async fn subscribe(&mut self, name: &str, tag: Option<&str>) -> Result<(), End> {
        match named(name, tag, &self.listener.scope) {
            Err(failure) => self.refuse(&failure).await,
            Ok(stream) if self.streams.contains(&stream) => Ok(()),
            Ok(_) if self.streams.len() >= limits::SUBSCRIPTIONS_PER_SOCKET_MAX => {
                self.refuse(&Failure::invalid("too many streams over one socket")).await
            }
            Ok(stream) => {
                self.streams.push(stream);
                Ok(())
            }
        }
    }

    async fn refuse(&mut self, failure: &Failure) -> Result<(), End> {
        let message = json!({"error": failure.error(), "status": failure.status().as_u16()});
        self.say(&message).await
    }

    async fn say(&mut self, message: &serde_json::Value) -> Result<(), End> {
        self.send(Message::Text(message.to_string().into())).await
    }

    /// Sends something; who does not take it in time is let go.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        let most = self.service.streams.bounds().send;
        match timeout(most, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

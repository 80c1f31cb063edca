//! Programs that listen: over a socket, and to server-sent events. Every wait has an end.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use futures::{SinkExt as _, StreamExt as _};
use http::HeaderValue;
use serde_json::Value;
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message, client::IntoClientRequest as _, protocol::frame::coding::CloseCode,
    },
};

use crate::TestInstance;

/// The longest that anything is waited for: a machine under load may be slow.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits for something, and fails where it does not come.
pub async fn in_time<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("it comes in time")
}

/// A socket of a program.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// What the server answered for a protocol.
    pub protocol: Option<String>,
}

impl Socket {
    /// Opens a socket with a token in the query, subscribed to nothing.
    pub async fn open(instance: &TestInstance, token: &str) -> Self {
        let path = format!("/api/v1/streaming?access_token={token}");
        Self::open_at(instance, &path, &[]).await.expect("the socket opens")
    }

    /// Opens a socket at a path with headers; else the status of the refusal, and its body.
    pub async fn open_at(
        instance: &TestInstance,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, (u16, Value)> {
        Self::open_narrow(instance, path, headers, None).await
    }

    /// The same with a buffer of so many bytes for what is not read yet.
    pub async fn open_narrow(
        instance: &TestInstance,
        path: &str,
        headers: &[(&'static str, &str)],
        buffer: Option<u32>,
    ) -> Result<Self, (u16, Value)> {
        let url = format!("ws://{}{path}", instance.app.service.paths.domain());
        let mut request = url.into_client_request().expect("an address");
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).expect("a header");
            request.headers_mut().insert(*name, value);
        }
        let stream = in_time(connect(instance.address, buffer)).await;
        match in_time(client_async(request, stream)).await {
            Ok((stream, response)) => {
                let protocol = response.headers().get("sec-websocket-protocol");
                let protocol = protocol.map(|value| value.to_str().expect("text").to_owned());
                Ok(Self { stream, protocol })
            }
            Err(Error::Http(response)) => {
                let body = response.body().as_deref().unwrap_or_default();
                Err((response.status().as_u16(), serde_json::from_slice(body).unwrap_or_default()))
            }
            Err(other) => panic!("{other}"),
        }
    }

    /// Says something.
    pub async fn say(&mut self, message: &Value) {
        self.say_text(message.to_string()).await;
    }

    /// Says words.
    pub async fn say_text(&mut self, text: String) {
        in_time(self.stream.send(Message::Text(text.into()))).await.expect("it is sent");
    }

    /// Subscribes to streams, each by its name and, after a space, its tag; and waits until that is done.
    pub async fn subscribe(&mut self, streams: &[&str]) {
        for stream in streams {
            let (name, tag) = stream.split_once(' ').unwrap_or((stream, ""));
            self.say(&serde_json::json!({"type": "subscribe", "stream": name, "tag": tag})).await;
        }
        self.settle().await;
    }

    /// Waits until all that was said is done: what is refused is answered in order.
    pub async fn settle(&mut self) {
        self.say(&serde_json::json!({"type": "settled?"})).await;
        let answer = self.next().await;
        let error = answer.get("error").and_then(Value::as_str);
        assert_eq!(error, Some("Unknown message type"), "{answer}");
    }

    /// The next message.
    pub async fn next(&mut self) -> Value {
        // The whole of it: pings come for ever.
        let text = in_time(async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => return text,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    other => panic!("a message was awaited: {other:?}"),
                }
            }
        });
        serde_json::from_str(&text.await).expect("a message is JSON")
    }

    /// The next event: the names of its stream, what it is, and what it holds.
    pub async fn event(&mut self) -> (String, String, Value) {
        let message = self.next().await;
        let names = message.get("stream").and_then(Value::as_array);
        let names = names.unwrap_or_else(|| panic!("{message}"));
        let names: Vec<&str> = names.iter().map(|name| name.as_str().expect("a name")).collect();
        let text = |name: &str| message.get(name).and_then(Value::as_str).expect("a string");
        let (payload, event) = (text("payload"), text("event").to_owned());
        (names.join(" "), event, serde_json::from_str(payload).expect("JSON in the payload"))
    }

    /// Waits for a ping.
    pub async fn pinged(&mut self) {
        loop {
            if let Some(Ok(Message::Ping(_))) = in_time(self.stream.next()).await {
                return;
            }
        }
    }

    /// Waits until the server closes, and answers why; nothing where it cut off.
    pub async fn closed(&mut self) -> Option<u16> {
        in_time(async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Close(frame))) => {
                        return frame.map(|frame| CloseCode::into(frame.code));
                    }
                    None | Some(Err(_)) => return None,
                    Some(Ok(_)) => {}
                }
            }
        })
        .await
    }
}

async fn connect(address: SocketAddr, buffer: Option<u32>) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    if let Some(bytes) = buffer {
        socket.set_recv_buffer_size(bytes).expect("a small buffer");
    }
    socket.connect(address).await.expect("the server listens")
}

/// Server-sent events.
#[derive(Debug)]
pub struct Events {
    response: reqwest::Response,
    rest: String,
    ready: VecDeque<(String, Value)>,
    /// Comments so far.
    comments: usize,
}

impl Events {
    /// Opens a stream; else the status of the refusal, and its body.
    pub async fn open(
        instance: &TestInstance,
        path: &str,
        token: Option<&str>,
    ) -> Result<Self, (u16, Value)> {
        #[expect(clippy::disallowed_methods, reason = "a program of the test's own")]
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut request = client
            .get(format!("http://{}/api/v1/streaming/{path}", instance.address))
            .header("host", instance.app.service.paths.domain());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = in_time(request.send()).await.expect("an answer");
        let kind = response.headers().get("content-type").map(|kind| kind.as_bytes().to_vec());
        let is_stream = kind.is_some_and(|kind| kind.starts_with(b"text/event-stream"));
        if response.status() != 200 || !is_stream {
            let status = response.status().as_u16();
            let body = in_time(response.text()).await.expect("a body");
            return Err((status, serde_json::from_str(&body).unwrap_or(Value::String(body))));
        }
        let (rest, ready) = (String::new(), VecDeque::new());
        let mut events = Self { response, rest, ready, comments: 0 };
        // It listens from the first comment on.
        while events.comments == 0 {
            assert!(events.more().await, "the stream begins");
        }
        Ok(events)
    }

    async fn more(&mut self) -> bool {
        let Ok(Some(chunk)) = in_time(self.response.chunk()).await else { return false };
        self.rest.push_str(std::str::from_utf8(&chunk).expect("text"));
        while let Some((block, rest)) = self.rest.split_once("\n\n") {
            let field =
                |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            if let (Some(event), Some(data)) = (field("event:"), field("data:")) {
                let data = serde_json::from_str(data).expect("the data is JSON");
                self.ready.push_back((event.to_owned(), data));
            }
            self.comments += usize::from(block.starts_with(':'));
            let rest = rest.to_owned();
            self.rest = rest;
        }
        true
    }

    /// The next event and what it holds; nothing where the stream ends.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if !self.more().await {
                return None;
            }
        }
    }
}

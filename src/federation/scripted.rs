//! A foreign server for tests, on loopback: answers each request by a script and remembers what it was asked.

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use url::Url;

/// What a scripted server was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Method and target, `GET /x?y`.
    pub(crate) line: String,
    /// Headers, names in lower case.
    pub(crate) headers: http::HeaderMap,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What it answers: status, headers, body.
pub(crate) type Reply = (u16, Vec<(&'static str, String)>, Vec<u8>);

/// A running scripted server; it ends with the process.
pub(crate) struct Scripted {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Scripted {
    /// Starts one. The script gets the server's port and the request.
    pub(crate) fn start(script: impl Fn(u16, &Asked) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut stream) else { continue };
                let (status, headers, body) = script(port, &request);
                log.lock().unwrap().push(request);
                let mut answer = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
                for (name, value) in headers {
                    write!(answer, "{name}: {value}\r\n").unwrap();
                }
                write!(answer, "content-length: {}\r\n\r\n", body.len()).unwrap();
                // The client may have hung up: then there is nobody to answer.
                let _ = stream.write_all(answer.as_bytes()).and_then(|()| stream.write_all(&body));
            }
        });
        Self { port, asked }
    }

    /// `http://<name>:<port><path>`.
    pub(crate) fn url(&self, name: &str, path: &str) -> Url {
        Url::parse(&format!("http://{name}:{}{path}", self.port)).unwrap()
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn read(stream: &mut std::net::TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
        let headers: http::HeaderMap = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| {
                (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap())
            })
            .collect();
        let length: usize = headers
            .get("content-length")
            .map_or(0, |value| value.to_str().unwrap().parse().unwrap());
        let mut body = bytes[end + 4..].to_vec();
        while body.len() < length {
            let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
            body.extend_from_slice(&buffer[..count]);
        }
        return Some(Asked { line, headers, body });
    }
}

//! A mail server on loopback: takes every letter by SMTP (RFC 5321) and keeps it, to be read by the test.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A letter as it arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrived {
    /// From whom, as the envelope says.
    pub from: String,
    /// To whom, as the envelope says.
    pub to: Vec<String>,
    /// Headers and words as sent.
    pub message: String,
}

impl Arrived {
    /// The words, of a letter in quoted-printable (RFC 2045, 6.7) too.
    pub fn text(&self) -> String {
        let (head, body) = self.message.split_once("\r\n\r\n").unwrap_or((&self.message, ""));
        if !head.to_ascii_lowercase().contains("quoted-printable") {
            return body.to_owned();
        }
        let joined = body.replace("=\r\n", "");
        let mut pieces = joined.split('=');
        let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
        for piece in pieces {
            let (code, rest) = piece.split_at_checked(2).expect("two digits");
            bytes.push(u8::from_str_radix(code, 16).expect("two hexadecimal digits"));
            bytes.extend_from_slice(rest.as_bytes());
        }
        String::from_utf8(bytes).expect("UTF-8")
    }
}

/// The server.
#[derive(Debug)]
pub struct MailServer {
    port: u16,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    serving: JoinHandle<()>,
}

impl MailServer {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let kept = Arc::clone(&arrived);
        #[expect(
            clippy::disallowed_methods,
            reason = "the socket must answer while the test speaks"
        )]
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that hangs up is no letter.
                let _ended = talk(stream, &kept).await;
            }
        });
        Self { port, arrived, serving }
    }

    /// As `mail.url` names it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Every letter so far, oldest first.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// One session, which ends with the letter it brings. It is kept before the client is told: who was told finds it.
async fn talk(stream: TcpStream, kept: &Mutex<Vec<Arrived>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut letter = Arrived::default();
    stream.write_all(b"220 mail.localhost ESMTP\r\n").await.ok()?;
    loop {
        let line = line(&mut stream).await?;
        let command = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let path = || {
            let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
            inner.map(|(path, _)| path.to_owned()).unwrap_or_default()
        };
        let answer: &[u8] = match command.as_str() {
            "EHLO" | "HELO" => b"250 mail.localhost\r\n",
            "MAIL" => {
                letter.from = path();
                b"250 OK\r\n"
            }
            "RCPT" => {
                letter.to.push(path());
                b"250 OK\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 end with a dot\r\n").await.ok()?;
                loop {
                    let words = self::line(&mut stream).await?;
                    if words == "." {
                        break;
                    }
                    // RFC 5321, 4.5.2: a dot that begins a line was doubled.
                    letter.message.push_str(words.strip_prefix('.').unwrap_or(&words));
                    letter.message.push_str("\r\n");
                }
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
                return stream.write_all(b"250 taken\r\n").await.ok();
            }
            "QUIT" => return None,
            _ => b"250 OK\r\n",
        };
        stream.write_all(answer).await.ok()?;
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut bytes = Vec::new();
    let read = stream.read_until(b'\n', &mut bytes).await.ok()?;
    let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
    (read > 0).then_some(line)
}

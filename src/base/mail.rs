//! The way out for mail, as a port: a fixed letter to one address. Owns how a letter is handed to a mail server, and
//! knows nothing of why one is written.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use super::limits;

/// One letter, in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One address, such as `name@example.org`.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The words.
    pub text: String,
}

/// Why a letter did not go out.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// This instance sends no mail: nobody has set `mail.url`.
    #[error("this instance sends no mail")]
    None,
    /// No letter can be made for this address.
    #[error("no letter can be addressed like this: {0}")]
    Address(String),
    /// The mail server cannot be reached, or does not take it.
    #[error("the mail server does not take it: {0}")]
    Server(String),
}

/// Sends letters; tests give their own.
#[async_trait]
pub trait Mail: Send + Sync + fmt::Debug {
    /// Whether this instance sends mail at all: pages say so before anything is typed.
    fn sends(&self) -> bool;

    /// Hands a letter to the mail server, and comes back when it took it.
    async fn send(&self, letter: &Letter) -> Result<(), MailError>;

    /// Greets the mail server and takes leave again: for `polylogue doctor`.
    async fn check(&self) -> Result<(), MailError>;
}

/// An instance that sends no mail.
#[derive(Debug, Clone, Copy)]
pub struct NoMail;

#[async_trait]
impl Mail for NoMail {
    fn sends(&self) -> bool {
        false
    }

    async fn send(&self, _: &Letter) -> Result<(), MailError> {
        Err(MailError::None)
    }

    async fn check(&self) -> Result<(), MailError> {
        Err(MailError::None)
    }
}

/// A mail server that takes letters by SMTP.
pub struct SmtpMail {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMail {
    /// The server at `url`, for letters from `from`. Over `smtp://` the connection is encrypted before anything is
    /// said, except to a server on this machine: a password or a link never crosses a network in the clear.
    pub fn new(url: &str, from: &str) -> Result<Self, MailError> {
        let url = encrypted(url)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
            .map_err(|error| MailError::Server(error.to_string()))?
            .timeout(Some(Duration::from_secs(limits::MAIL_SECONDS_MAX)))
            .build();
        Ok(Self { from: mailbox(from)?, transport })
    }
}

impl fmt::Debug for SmtpMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMail").field("from", &self.from).finish_non_exhaustive()
    }
}

#[async_trait]
impl Mail for SmtpMail {
    fn sends(&self) -> bool {
        true
    }

    async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(mailbox(&letter.to)?)
            .subject(&letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|error| MailError::Address(error.to_string()))?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| MailError::Server(error.to_string()))
    }

    async fn check(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Server("it does not answer".to_owned())),
            Err(error) => Err(MailError::Server(error.to_string())),
        }
    }
}

/// Whether a sender can be written like this: `name@example.org` or `Name <name@example.org>`.
pub fn is_mailbox(text: &str) -> bool {
    mailbox(text).is_ok()
}

/// The domain of one bare address, in lower case; `None` where it is no address that mail can be sent to.
pub fn domain_of(address: &str) -> Option<String> {
    let read: lettre::Address = address.trim().parse().ok()?;
    // An address literal is no domain that anybody could be of.
    Some(read.domain().to_lowercase())
        .filter(|domain| domain.contains('.') && !domain.starts_with('['))
}

fn mailbox(text: &str) -> Result<Mailbox, MailError> {
    text.parse()
        .map_err(|error: lettre::address::AddressError| MailError::Address(error.to_string()))
}

/// With STARTTLS demanded where the URL leaves it open.
fn encrypted(url: &str) -> Result<String, MailError> {
    let mut url = url::Url::parse(url).map_err(|error| MailError::Server(error.to_string()))?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "smtp" && !here && !url.query_pairs().any(|(name, _)| name == "tls") {
        url.query_pairs_mut().append_pair("tls", "required");
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_crosses_no_network_in_the_clear() {
        for (given, used) in [
            ("smtp://u:p@mail.example", "smtp://u:p@mail.example?tls=required"),
            ("smtp://mail.example:587", "smtp://mail.example:587?tls=required"),
            ("smtps://u:p@mail.example", "smtps://u:p@mail.example"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://localhost", "smtp://localhost"),
        ] {
            assert_eq!(encrypted(given).unwrap(), used);
        }
        assert!(SmtpMail::new("smtp://mail.example", "Polylogue <no-reply@civil.example>").is_ok());
        assert!(SmtpMail::new("smtp://mail.example", "nobody").is_err());
        assert!(SmtpMail::new("http://mail.example", "a@b.example").is_err());
        let shown =
            format!("{:?}", SmtpMail::new("smtps://u:secret@mail.example", "a@b.example").unwrap());
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn the_domain_of_one_address() {
        assert_eq!(domain_of(" Ada@Ministry.Example ").as_deref(), Some("ministry.example"));
        for wrong in [
            "ada",
            "ada@",
            "ada@localhost",
            "ada@[127.0.0.1]",
            "a@b.example, c@d.example",
            "a@b.example\nBcc: c@d.example",
            "Ada <a@b.example>",
            "",
        ] {
            assert_eq!(domain_of(wrong), None, "{wrong:?}");
        }
    }
}

//! Consent to a quote (FEP-044f): a document of the quoted author's that names the post that quotes and what it quotes.

use serde_json::{Map, Value};

use super::{Addressing, Envelope};
use crate::protocol::context;

/// The type of the document.
pub const AUTHORIZATION: &str = "QuoteAuthorization";

/// Consent, ready to print.
#[derive(Debug, Clone, Copy)]
pub struct Authorization<'a> {
    /// Id of the document.
    pub id: &'a str,
    /// Whose words are quoted.
    pub author: &'a str,
    /// The post that quotes.
    pub instrument: &'a str,
    /// What it quotes.
    pub target: &'a str,
}

impl Authorization<'_> {
    /// The document.
    pub fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("@context".into(), context::context());
        document.insert("id".into(), self.id.into());
        document.insert("type".into(), AUTHORIZATION.into());
        document.insert("attributedTo".into(), self.author.into());
        document.insert("interactingObject".into(), self.instrument.into());
        document.insert("interactionTarget".into(), self.target.into());
        Addressing::public(&[], &[]).put(&mut document);
        Value::Object(document)
    }

    /// The `Accept` that brings it to who asked: the request embedded with what names it.
    pub fn accept(&self, envelope: &Envelope<'_>, request: &str, asker: &str) -> Value {
        let mut embedded = Map::new();
        embedded.insert("id".into(), request.into());
        embedded.insert("type".into(), "QuoteRequest".into());
        embedded.insert("actor".into(), asker.into());
        embedded.insert("object".into(), self.target.into());
        embedded.insert("instrument".into(), self.instrument.into());
        let mut document = envelope.around("Accept", Value::Object(embedded));
        document.insert("result".into(), self.id.into());
        Value::Object(document)
    }
}

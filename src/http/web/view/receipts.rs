//! The receipt of an entry, and the list of one's own.

use askama::Template;

use super::parts::{Link, LogRow, Page, Receipt, Section};
use crate::http::web::i18n::Texts;

/// A receipt with what a room signed under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptSignature {
    /// The receipt.
    pub receipt: Receipt,
    /// Page of the room that gave it; empty where it has none on the web.
    pub room_href: String,
    /// The signed statement.
    pub document_href: String,
    /// Id of the key.
    pub key_id: String,
    /// The signature, multibase.
    pub signature: String,
}

/// `/receipts/<hash>`
#[derive(Debug, Clone, Template)]
#[template(path = "receipt.html")]
pub struct ReceiptPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What was recorded, as a log tells it.
    pub row: LogRow,
    /// Hash of the entry.
    pub hash: String,
    /// Its number in the log of this instance's room.
    pub log_number: i64,
    /// The topic.
    pub topic: Link,
    /// The receipts, this room's own first.
    pub signatures: Vec<ReceiptSignature>,
    /// True where the author's server delivered it under its own signature.
    pub by_evidence: bool,
    /// True while its words were not deleted.
    pub has_words: bool,
    /// The file to keep; none while no receipt is held.
    pub file_href: Option<String>,
}

/// One of the reader's own acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnReceiptRow {
    /// The act, as a log tells it.
    pub row: LogRow,
    /// Its receipt.
    pub receipt: Option<Receipt>,
}

/// `/me/receipts`
#[derive(Debug, Clone, Template)]
#[template(path = "own_receipts.html")]
pub struct OwnReceiptsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The reader's acts, newest first.
    pub rows: Vec<OwnReceiptRow>,
    /// True on the page of the newest.
    pub is_first: bool,
    /// The acts before these.
    pub next_href: Option<String>,
}

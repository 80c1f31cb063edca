//! A room's public answer to a reply by keyword (protocol 4.d P9, decisions 8): to its author alone, unlisted, no entry of
//! any record. `receiptFor` says what it is, so that no room reads it in turn.

use serde_json::{Map, Value, json};

use super::{Addressing, language, open_policy};
use crate::{base::clock::Timestamp, protocol::context};

/// The answer, ready to print as a `Note`.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// Object id.
    pub id: &'a str,
    /// The room.
    pub room: &'a str,
    /// The reply's author: id and handle, the only one mentioned.
    pub author: (&'a str, &'a str),
    /// The reply.
    pub reply: &'a str,
    /// HTML.
    pub content: &'a str,
    /// BCP 47.
    pub language: &'a str,
    /// When.
    pub published: Timestamp,
}

impl Answer<'_> {
    /// To the author alone, with a copy to Public: shown in the thread, in no timeline.
    pub fn addressing(&self) -> Addressing {
        Addressing::unlisted(&[self.author.0], &[])
    }

    /// The `Note`.
    pub fn print(&self) -> Value {
        let (author, handle) = self.author;
        let mut document = Map::new();
        document.insert("@context".into(), context::context());
        document.insert("id".into(), self.id.into());
        document.insert("type".into(), "Note".into());
        document.insert("attributedTo".into(), self.room.into());
        document.insert("inReplyTo".into(), self.reply.into());
        document.insert("receiptFor".into(), self.reply.into());
        document.insert("content".into(), self.content.into());
        document.insert("contentMap".into(), json!({self.language: self.content}));
        document.insert("language".into(), language::language(self.language));
        document.insert("published".into(), json!(self.published));
        document.insert("url".into(), self.id.into());
        document.insert("sensitive".into(), false.into());
        self.addressing().put(&mut document);
        let mention = json!({"type": "Mention", "href": author, "name": format!("@{handle}")});
        document.insert("tag".into(), json!([mention]));
        document.insert("attachment".into(), json!([]));
        document.insert("interactionPolicy".into(), open_policy());
        Value::Object(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_to_its_author_and_into_no_timeline() {
        let note = Answer {
            id: "https://cs.example/c/1",
            room: "https://cs.example/t/costs",
            author: ("https://masto.example/users/x", "x@masto.example"),
            reply: "https://masto.example/1",
            content: "<p>Recorded</p>",
            language: "en",
            published: Timestamp::from_millis(0),
        }
        .print();
        assert_eq!(note["to"], json!(["https://masto.example/users/x"]));
        assert_eq!(note["cc"], json!([context::PUBLIC]));
        assert_eq!(note["tag"].as_array().unwrap().len(), 1);
        assert_eq!(note["receiptFor"], note["inReplyTo"]);
        assert!(note.get("topic").is_none() && note.get("audience").is_none(), "no entry");
    }
}

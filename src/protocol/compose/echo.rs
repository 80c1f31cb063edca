//! The words of a `Like` that is a position, as a reply `Note` for those who see no positions (protocol 4.d P7,
//! decisions 28): derived, unlisted, no entry of any record and no second position. `positionOf` names the `Like`.

use serde_json::{Map, Value, json};

use super::{Addressing, language, open_policy};
use crate::{base::clock::Timestamp, protocol::context};

/// The words, ready to print as a `Note`.
#[derive(Debug, Clone)]
pub struct Echo<'a> {
    /// Object id.
    pub id: &'a str,
    /// The `Like`.
    pub like: &'a str,
    /// Who took the position.
    pub author: &'a str,
    /// The opinion.
    pub opinion: &'a str,
    /// Its author: id, and handle where it is known.
    pub answered: (&'a str, Option<&'a str>),
    /// HTML.
    pub content: &'a str,
    /// BCP 47.
    pub language: &'a str,
    /// When.
    pub published: Timestamp,
}

impl Echo<'_> {
    /// To the opinion's author, with copies to Public and to the followers of who took the position.
    pub fn addressing(&self) -> Addressing {
        Addressing::unlisted(&[self.answered.0], &[&format!("{}/followers", self.author)])
    }

    /// The `Note`.
    pub fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("@context".into(), context::context());
        document.insert("id".into(), self.id.into());
        document.insert("type".into(), "Note".into());
        document.insert("attributedTo".into(), self.author.into());
        document.insert("inReplyTo".into(), self.opinion.into());
        document.insert("positionOf".into(), self.like.into());
        document.insert("content".into(), self.content.into());
        document.insert("contentMap".into(), json!({self.language: self.content}));
        document.insert("language".into(), language::language(self.language));
        document.insert("published".into(), json!(self.published));
        document.insert("url".into(), self.id.into());
        document.insert("sensitive".into(), false.into());
        self.addressing().put(&mut document);
        let (author, handle) = self.answered;
        let mention = handle
            .map(|handle| json!({"type": "Mention", "href": author, "name": format!("@{handle}")}));
        document.insert("tag".into(), json!(mention.into_iter().collect::<Vec<_>>()));
        document.insert("attachment".into(), json!([]));
        document.insert("interactionPolicy".into(), open_policy());
        Value::Object(document)
    }
}

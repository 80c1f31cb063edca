//! The passages that a comment names, read from its signed anchors (protocol 4.c).

use serde_json::Value;

use crate::{
    base::limits,
    domain::anchor::Passage,
    protocol::quirks::{id_of, member, number_of, text_of},
};

/// A passage as it was signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The text it is of.
    pub source: Option<String>,
    /// Number of the revision it was named in.
    pub revision: Option<i64>,
    /// Digest of that revision.
    pub digest: Option<String>,
    /// Block id.
    pub block: Option<String>,
    /// Quoted words.
    pub exact: Option<String>,
    /// What stood before them.
    pub prefix: Option<String>,
    /// What stood after them.
    pub suffix: Option<String>,
    /// Whether something is missing there.
    pub missing_here: bool,
}

impl Named {
    /// Reads one anchor.
    pub fn read(anchor: &Value) -> Self {
        let text = |of: Option<&Value>, name: &str| {
            of.and_then(|of| text_of(of, name)).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let selector = member(anchor, "selector");
        Self {
            source: id_of(anchor, "source"),
            revision: number_of(anchor, "revision"),
            digest: id_of(anchor, "revisionDigest"),
            block: text(Some(anchor), "block"),
            exact: text(selector, "exact"),
            prefix: text(selector, "prefix"),
            suffix: text(selector, "suffix"),
            missing_here: member(anchor, "missingHere").and_then(Value::as_bool).unwrap_or(false),
        }
    }

    /// As the domain looks for it.
    pub fn passage(&self) -> Passage<'_> {
        Passage {
            block: self.block.as_deref(),
            exact: self.exact.as_deref(),
            prefix: self.prefix.as_deref(),
            suffix: self.suffix.as_deref(),
            missing_here: self.missing_here,
        }
    }

    /// Whether it is of this text, or names none.
    pub fn is_of(&self, opinion: &str) -> bool {
        self.source.as_deref().is_none_or(|source| source == opinion)
    }
}

/// The passages in the column of a comment, as many as a comment may have.
pub fn passages(column: &str) -> Vec<Named> {
    let anchors: Vec<Value> = serde_json::from_str(column).unwrap_or_default();
    anchors.iter().take(limits::COMMENT_ANCHORS_MAX).map(Named::read).collect()
}

/// An anchor without the words it quotes: what is left of it when its author deletes the comment.
pub(super) fn without_words(mut anchor: Value) -> Value {
    if let Some(members) = anchor.as_object_mut() {
        members.remove("selector");
    }
    anchor
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_is_there() {
        let anchor = json!({"source": "https://a/o/1", "revision": 3, "revisionDigest": "ni:x", "block": "b-1",
            "missingHere": true, "selector": {"exact": "words", "prefix": "p", "suffix": ""}});
        let named = Named::read(&anchor);
        assert_eq!((named.revision, named.digest.as_deref()), (Some(3), Some("ni:x")));
        assert_eq!(named.passage().exact, Some("words"));
        assert_eq!((named.passage().prefix, named.passage().suffix), (Some("p"), None));
        assert!(
            named.missing_here && named.is_of("https://a/o/1") && !named.is_of("https://a/o/2")
        );
        assert_eq!(Named::read(&without_words(anchor)).exact, None);
        assert_eq!(Named::read(&json!("x")), Named::default());
    }

    #[test]
    fn takes_as_many_as_a_comment_may_have() {
        let column = |count: usize| {
            let one = json!({"block": "b-1"});
            serde_json::to_string(&vec![one; count]).unwrap()
        };
        let max = limits::COMMENT_ANCHORS_MAX;
        assert_eq!(passages(&column(max)).len(), max);
        assert_eq!(passages(&column(max + 1)).len(), max);
        assert!(passages("nothing").is_empty());
    }
}

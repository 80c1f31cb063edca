//! What a Note says became of the comment or the position that it answers (protocol 4.c). Whether its author may say
//! so depends on the topic's facilitators and is decided by who reads.

use serde_json::Value;

use crate::{
    base::limits,
    domain::disposition::Outcome,
    protocol::quirks::{id_of, member, number_of, text_of, words_of},
};

/// A disposition as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// What became of it.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// Id of the activity that made the version it answers.
    pub of_version: Option<String>,
    /// The revision that did it.
    pub revision: Option<i64>,
    /// Its digest.
    pub revision_digest: Option<String>,
    /// Where it belongs instead.
    pub venue: Option<String>,
}

impl Disposition {
    /// Reads it from a Note; none where there is none, or none with an outcome that is known and a reason.
    pub fn read(note: &Value) -> Option<Self> {
        let document = member(note, "disposition")?;
        let fits = |text: &String| {
            !text.trim().is_empty() && text.chars().count() <= limits::STATEMENT_CHARS_MAX
        };
        Some(Self {
            outcome: text_of(document, "outcome").and_then(Outcome::from_term)?,
            reason: words_of(document, "reason").filter(fits)?,
            of_version: id_of(document, "ofVersion"),
            revision: number_of(document, "revision"),
            revision_digest: id_of(document, "revisionDigest"),
            venue: words_of(document, "venue").filter(fits),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_outcome_and_a_reason_or_nothing() {
        let note = |outcome: &str, reason: &str| json!({"disposition": {"type": "Disposition", "outcome": outcome, "reason": reason, "revision": 2}});
        let read = Disposition::read(&note("plg:partly", "As far as it goes.")).unwrap();
        assert_eq!((read.outcome, read.revision), (Outcome::Partly, Some(2)));
        assert!(Disposition::read(&note("plg:fine", "x")).is_none());
        assert!(Disposition::read(&note("plg:partly", " ")).is_none());
        assert!(Disposition::read(&json!({"content": "x"})).is_none());
        let max = limits::STATEMENT_CHARS_MAX;
        assert!(Disposition::read(&note("plg:partly", &"é".repeat(max))).is_some());
        assert!(Disposition::read(&note("plg:partly", &"é".repeat(max + 1))).is_none());
    }
}

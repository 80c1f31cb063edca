//! Opinions: the state of a text on a topic (protocol 4.b).

use super::word::vocabulary;

vocabulary! {
    /// Where an opinion stands. `final` is what its authors say, not a lock: a later revision reopens it.
    OpinionStatus, "the status of an opinion" {
        /// Only its authors see it. Never on the wire (protocol 4.b).
        Draft = "draft", "draft";
        /// Open for comments and positions.
        Open = "open", "open";
        /// Its authors mean to change nothing more.
        Final = "final", "final";
        /// Another text took its place.
        Superseded = "superseded", "superseded";
        /// Taken back by its authors; the text stays readable.
        Withdrawn = "withdrawn", "withdrawn";
    }
}

impl OpinionStatus {
    /// True where the opinion travels: a draft is read by its authors alone.
    pub const fn is_published(self) -> bool {
        !matches!(self, Self::Draft)
    }

    /// Reads the status of a document from elsewhere; `None` also for `plg:draft`, which nobody may send.
    pub fn from_wire(term: &str) -> Option<Self> {
        Self::from_term(term).filter(|status| status.is_published())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_does_not_come_over_the_wire() {
        assert_eq!(OpinionStatus::from_wire("plg:draft"), None);
        assert_eq!(OpinionStatus::from_wire("plg:final"), Some(OpinionStatus::Final));
        assert_eq!("draft".parse(), Ok(OpinionStatus::Draft));
        assert!("closed".parse::<OpinionStatus>().is_err());
    }
}

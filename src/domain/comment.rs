//! Comments: what kind of reply somebody makes to an opinion (protocol 4.c).

use super::word::vocabulary;

vocabulary! {
    /// The kind of a comment. A comment from software without kinds is a remark.
    CommentKind, "a kind of comment" {
        /// Anything else; shown as "comment" (decisions 13). The default.
        Remark = "remark", "remark";
        /// Speaks for the passage; it is no position.
        Support = "support", "support";
        /// A worry about the passage.
        Concern = "concern", "concern";
        /// Asks for an answer.
        Question = "question", "question";
        /// Brings a source or a fact.
        Evidence = "evidence", "evidence";
        /// Proposes a change in words of its own.
        Suggestion = "suggestion", "suggestion";
        /// Against the passage, always with a reason.
        Objection = "objection", "objection";
        /// Carries a replacement text for the block.
        Amendment = "amendment", "amendment";
        /// On one revision as a whole, and always shown with it; has a form of its own.
        SeparateStatement = "separate-statement", "separateStatement";
    }
}

impl CommentKind {
    /// Kinds a form offers: an amendment needs a text for its block and has no form of its own yet
    /// (decisions 13).
    pub const OFFERED: &[Self] = &[
        Self::Remark,
        Self::Support,
        Self::Concern,
        Self::Question,
        Self::Evidence,
        Self::Suggestion,
        Self::Objection,
    ];

    /// True where the authors owe an answer, so that it is listed until there is one.
    pub const fn asks_for_answer(self) -> bool {
        matches!(self, Self::Question | Self::Suggestion | Self::Objection | Self::Amendment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_word_and_term() {
        for kind in CommentKind::ALL {
            assert_eq!(kind.word().parse(), Ok(*kind));
            assert_eq!(CommentKind::from_term(kind.term()), Some(*kind));
        }
        assert_eq!(CommentKind::from_term("plg:comment"), None);
        assert!(CommentKind::OFFERED.iter().all(|kind| CommentKind::ALL.contains(kind)));
    }
}

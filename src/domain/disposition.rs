//! Dispositions: what became of a comment or an objection, and why (product C4, protocol 4.c).

use super::word::vocabulary;

vocabulary! {
    /// What became of it.
    Outcome, "an outcome" {
        /// The text was changed as asked.
        Accepted = "accepted", "accepted";
        /// The text was changed in part.
        Partly = "partly", "partly";
        /// The text stays, for the reason given.
        NotAccepted = "not-accepted", "notAccepted";
        /// It belongs elsewhere.
        OutOfScope = "out-of-scope", "outOfScope";
        /// It was discussed and answered, and who raised it is not satisfied (RFC 7282).
        AddressedNotAccommodated = "addressed-not-accommodated", "addressedNotAccommodated";
    }
}

impl Outcome {
    /// Whether the revision that did it must be named.
    pub const fn needs_revision(self) -> bool {
        matches!(self, Self::Accepted | Self::Partly)
    }
}

vocabulary! {
    /// Where an objection, a concern or a question stands in the ledger of a topic.
    LedgerState, "a state in the ledger" {
        /// Nobody who may has said what became of it.
        Open = "open", "open";
        /// It was met, wholly or in part.
        Accommodated = "accommodated", "accommodated";
        /// It was answered and not met.
        Addressed = "addressed", "addressed";
        /// Who raised it took it back.
        Withdrawn = "withdrawn", "withdrawn";
    }
}

impl LedgerState {
    /// Where it stands after an outcome.
    pub const fn after(outcome: Option<Outcome>) -> Self {
        match outcome {
            None => Self::Open,
            Some(Outcome::Accepted | Outcome::Partly) => Self::Accommodated,
            Some(
                Outcome::NotAccepted | Outcome::OutOfScope | Outcome::AddressedNotAccommodated,
            ) => Self::Addressed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_terms_and_states() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.word().parse(), Ok(*outcome));
            assert_eq!(Outcome::from_term(outcome.term()), Some(*outcome));
        }
        assert_eq!(LedgerState::after(None), LedgerState::Open);
        assert_eq!(LedgerState::after(Some(Outcome::Partly)), LedgerState::Accommodated);
        assert_eq!(LedgerState::after(Some(Outcome::OutOfScope)), LedgerState::Addressed);
        assert!(Outcome::Accepted.needs_revision() && !Outcome::OutOfScope.needs_revision());
    }
}

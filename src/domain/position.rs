//! Positions: a participant's stand on one revision of an opinion (protocol 4.d). Five kinds of equal rank;
//! nothing here adds or compares them.

use super::word::{UnknownWord, vocabulary};

vocabulary! {
    /// What somebody holds of a revision (P2).
    PositionKind, "a kind of position" {
        /// Agrees with the text.
        Support = "support", "support";
        /// Agrees, provided what the statement says.
        Reservation = "reservation", "reservation";
        /// Takes no side.
        Neutral = "neutral", "neutral";
        /// Worried about what the statement says.
        Concern = "concern", "concern";
        /// Against the text, for the reason in the statement.
        Objection = "objection", "objection";
    }
}

impl PositionKind {
    /// True where a position is only taken with a reason of at least one word (P2).
    pub const fn needs_statement(self) -> bool {
        matches!(self, Self::Reservation | Self::Concern | Self::Objection)
    }

    /// True where our act of this kind is a `Like` with a `position`; the others are reply `Note`s, since they
    /// need words to mean anything elsewhere (4.d, table).
    pub const fn is_like(self) -> bool {
        matches!(self, Self::Support | Self::Reservation)
    }
}

vocabulary! {
    /// On whose behalf somebody speaks (P3).
    Capacity, "a capacity" {
        /// For oneself.
        Individual = "individual", "individual";
        /// Holds an office, but speaks for oneself.
        PersonalCapacity = "personalCapacity", "personalCapacity";
        /// On behalf of an organisation: confirmed only by its key or its delegation.
        Organization = "organization", "organization";
    }
}

/// The term of a position's role by which an author says that the text is theirs too (protocol 4.b).
pub const CO_AUTHOR_TERM: &str = "plg:coAuthor";

/// One act in the line of a principal's position acts on an opinion: the last one counts (P1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PositionAct {
    /// Takes a position, in place of an earlier one.
    Take(PositionKind),
    /// Withdraws whatever stood; nothing earlier comes back (P6).
    Withdraw,
}

impl PositionAct {
    /// The compact term of a withdrawal in what we send.
    pub const WITHDRAWN_TERM: &str = "plg:withdrawn";
    /// The word for a withdrawal in the API.
    pub const WITHDRAWN_WORD: &str = "withdrawn";

    /// The compact term of `position.kind` in what we send.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Take(kind) => kind.term(),
            Self::Withdraw => Self::WITHDRAWN_TERM,
        }
    }

    /// The word in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Take(kind) => kind.word(),
            Self::Withdraw => Self::WITHDRAWN_WORD,
        }
    }

    /// Reads the wire term of `position.kind`, compact or as full IRI; `None` for any other.
    pub fn from_term(term: &str) -> Option<Self> {
        if super::word::local_name(term)? == Self::WITHDRAWN_WORD {
            return Some(Self::Withdraw);
        }
        PositionKind::from_term(term).map(Self::Take)
    }
}

impl std::str::FromStr for PositionAct {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if word == Self::WITHDRAWN_WORD {
            return Ok(Self::Withdraw);
        }
        word.parse().map(Self::Take).map_err(|mut error: UnknownWord| {
            error.allowed.push_str(", ");
            error.allowed.push_str(Self::WITHDRAWN_WORD);
            error
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_kinds_that_mean_nothing_without_words_need_a_statement() {
        let needing: Vec<_> = PositionKind::ALL
            .iter()
            .filter(|kind| kind.needs_statement())
            .map(|kind| kind.word())
            .collect();
        assert_eq!(needing, ["reservation", "concern", "objection"]);
    }

    #[test]
    fn a_withdrawal_is_an_act_but_no_kind() {
        assert_eq!(PositionAct::from_term("plg:withdrawn"), Some(PositionAct::Withdraw));
        assert_eq!(
            PositionAct::from_term("https://w3id.org/polylogue/ns#objection"),
            Some(PositionAct::Take(PositionKind::Objection))
        );
        assert_eq!(PositionAct::from_term("withdrawn"), None);
        assert!("withdrawn".parse::<PositionKind>().is_err());
        assert_eq!("withdrawn".parse(), Ok(PositionAct::Withdraw));
        let error = "endorse".parse::<PositionAct>().unwrap_err().to_string();
        assert!(error.contains("objection, withdrawn"), "{error}");
        for act in [PositionAct::Withdraw, PositionAct::Take(PositionKind::Neutral)] {
            assert_eq!(PositionAct::from_term(act.term()), Some(act));
            assert_eq!(act.word().parse(), Ok(act));
        }
    }

    #[test]
    fn capacities_are_those_of_the_protocol() {
        let terms: Vec<_> = Capacity::ALL.iter().map(|capacity| capacity.term()).collect();
        assert_eq!(terms, ["plg:individual", "plg:personalCapacity", "plg:organization"]);
    }
}

//! Delegations: what an organisation lets somebody do in its name (protocol 4.e).

use super::word::vocabulary;

vocabulary! {
    /// Something a delegate may do in the name of an organisation.
    Scope, "a scope of a delegation" {
        /// Take and withdraw positions.
        Position = "position", "position";
        /// Agree to a text as its co-author.
        CoAuthor = "co-author", "coAuthor";
        /// Comment.
        Comment = "comment", "comment";
    }
}

impl Scope {
    /// The word of the wire: within a delegation a scope stands without a prefix (protocol 4.e).
    pub fn wire(self) -> &'static str {
        self.term().trim_start_matches("plg:")
    }

    /// Reads the word of the wire, with or without prefix.
    pub fn from_wire(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|scope| scope.wire() == word)
            .or_else(|| Self::from_term(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_those_of_the_protocol() {
        let wire: Vec<_> = Scope::ALL.iter().map(|scope| scope.wire()).collect();
        assert_eq!(wire, ["position", "coAuthor", "comment"]);
        for scope in Scope::ALL {
            assert_eq!(Scope::from_wire(scope.wire()), Some(*scope));
            assert_eq!(Scope::from_wire(scope.term()), Some(*scope));
            assert_eq!(Scope::from_wire(scope.iri()), Some(*scope));
        }
        assert_eq!(Scope::from_wire("everything"), None);
    }
}

//! Levels of proof: how well it is known that somebody is of the body they name (product A6). Shown beside a name and
//! offered as a filter; never a reason to hide anything, and never a permission.

use super::word::vocabulary;

vocabulary! {
    /// On what somebody says of a participant what they say, from the weakest to the strongest. The wire term is the
    /// `basis` of an attestation (protocol 4.e).
    ProofLevel, "a level of proof" {
        /// The participant says so, and nobody else.
        Declared = "declared", "selfDeclared";
        /// They read mail at a domain: their instance sent a link there, and it was followed.
        MailDomain = "mail-domain", "emailDomain";
        /// They write to a web site: their instance found their account named there.
        WebDomain = "web-domain", "webDomain";
        /// An organisation says so, with its own key.
        Vouched = "vouched", "knownMember";
    }
}

impl ProofLevel {
    /// What an attestation proves. A domain is what an instance found out about an account of its own: an
    /// organisation, or an instance elsewhere, cannot have. That somebody belongs to them only an organisation can say.
    pub fn of_attestation(basis: &str, by_organisation: bool, by_own_instance: bool) -> Self {
        match Self::from_term(basis) {
            Some(found @ (Self::MailDomain | Self::WebDomain)) if by_own_instance => found,
            Some(Self::Vouched) if by_organisation => Self::Vouched,
            _ => Self::Declared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_needs_the_right_attester() {
        use ProofLevel::{Declared, MailDomain, Vouched, WebDomain};
        let table = [
            ("plg:emailDomain", false, true, MailDomain),
            ("plg:webDomain", false, true, WebDomain),
            ("plg:emailDomain", false, false, Declared),
            ("plg:webDomain", true, false, Declared),
            ("plg:knownMember", true, false, Vouched),
            ("https://w3id.org/polylogue/ns#knownMember", true, false, Vouched),
            ("plg:knownMember", false, true, Declared),
            ("plg:selfDeclared", true, true, Declared),
            ("plg:somethingNew", true, true, Declared),
        ];
        for (basis, by_organisation, by_own_instance, level) in table {
            assert_eq!(
                ProofLevel::of_attestation(basis, by_organisation, by_own_instance),
                level,
                "{basis}"
            );
        }
        assert!(Declared < MailDomain && MailDomain < WebDomain && WebDomain < Vouched);
    }
}

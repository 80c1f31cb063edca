//! Stakeholder groups: the eight default groups people say they speak from (decisions 13). A group decides
//! the order of display and nothing else: it is never an input to permission, limits or queues.

use super::word::vocabulary;

vocabulary! {
    /// The group a participant says they speak from, or that runs an instance. Ordered alphabetically by word;
    /// a page orders by the names in its own language.
    StakeholderGroup, "a stakeholder group" {
        /// Research and teaching.
        AcademicCommunity = "academic-community", "academia";
        /// Non-governmental organisations, unions, networks.
        CivilSociety = "civil-society", "civilSociety";
        /// National, subnational and regulatory bodies.
        Governments = "governments", "government";
        /// Persons who speak for themselves.
        IndividualUsers = "individual-users", "endUser";
        /// Intergovernmental and other international bodies.
        InternationalOrganisations = "international-organisations", "intergovernmental";
        /// None of the others.
        Other = "other", "other";
        /// Companies and their associations.
        PrivateSector = "private-sector", "privateSector";
        /// Standards bodies, registries, operators.
        TechnicalCommunity = "technical-community", "technicalCommunity";
    }
}

impl StakeholderGroup {
    /// Id of the group's shape in the page's sprite. Every shape is its own mirror image, so that nothing turns
    /// over in scripts that run from right to left, and differs without colour.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::AcademicCommunity => "g-ac",
            Self::CivilSociety => "g-cs",
            Self::Governments => "g-go",
            Self::IndividualUsers => "g-in",
            Self::InternationalOrganisations => "g-io",
            Self::Other => "g-ot",
            Self::PrivateSector => "g-ps",
            Self::TechnicalCommunity => "g-te",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_and_terms_are_those_of_the_protocol() {
        let table = [
            ("academic-community", "plg:academia"),
            ("civil-society", "plg:civilSociety"),
            ("governments", "plg:government"),
            ("individual-users", "plg:endUser"),
            ("international-organisations", "plg:intergovernmental"),
            ("other", "plg:other"),
            ("private-sector", "plg:privateSector"),
            ("technical-community", "plg:technicalCommunity"),
        ];
        assert_eq!(StakeholderGroup::ALL.len(), table.len());
        for (group, (word, term)) in StakeholderGroup::ALL.iter().zip(table) {
            assert_eq!((group.word(), group.term()), (word, term));
            assert_eq!(word.parse(), Ok(*group));
            assert_eq!(StakeholderGroup::from_term(term), Some(*group));
            assert_eq!(StakeholderGroup::from_term(group.iri()), Some(*group));
            assert_eq!(group.iri(), term.replace("plg:", "https://w3id.org/polylogue/ns#"));
            assert_eq!(StakeholderGroup::from_term(word), None, "a word is no term");
        }
        let shapes: BTreeSet<_> = StakeholderGroup::ALL.iter().map(|g| g.symbol()).collect();
        assert_eq!(shapes.len(), table.len(), "two groups may not share a shape");
    }

    #[test]
    fn an_unknown_word_is_answered_with_what_is_allowed() {
        let error = "plg:academia".parse::<StakeholderGroup>().unwrap_err();
        for word in StakeholderGroup::WORDS {
            assert!(error.to_string().contains(word), "{error}");
        }
        assert!("Civil-Society".parse::<StakeholderGroup>().is_err());
        assert!(serde_json::from_str::<StakeholderGroup>("\"civil society\"").is_err());
        assert_eq!(serde_json::to_string(&StakeholderGroup::Other).unwrap(), "\"other\"");
    }
}

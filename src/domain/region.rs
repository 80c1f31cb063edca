//! Regions: the five regional groups of the United Nations, an optional second dimension beside the group. Like the
//! group it decides where a name is shown and nothing else (INV-8).

use super::word::vocabulary;

vocabulary! {
    /// The regional group a participant says they come from. Ordered alphabetically by word; a page orders by the
    /// names in its own language. Who is of none of them, or does not say, has none.
    Region, "a region" {
        /// African States.
        Africa = "africa", "africa";
        /// Asia-Pacific States.
        AsiaPacific = "asia-pacific", "asiaPacific";
        /// Eastern European States.
        EasternEurope = "eastern-europe", "easternEurope";
        /// Latin American and Caribbean States (GRULAC).
        LatinAmericaCaribbean = "latin-america-caribbean", "grulac";
        /// Western European and other States (WEOG).
        WesternEuropeOthers = "western-europe-others", "weog";
    }
}

impl Region {
    /// Its name in English, for the profiles that other software shows.
    pub const fn in_english(self) -> &'static str {
        match self {
            Self::Africa => "Africa",
            Self::AsiaPacific => "Asia and the Pacific",
            Self::EasternEurope => "Eastern Europe",
            Self::LatinAmericaCaribbean => "Latin America and the Caribbean",
            Self::WesternEuropeOthers => "Western Europe and other States",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_terms_are_those_of_the_protocol() {
        let table = [
            ("africa", "plg:africa"),
            ("asia-pacific", "plg:asiaPacific"),
            ("eastern-europe", "plg:easternEurope"),
            ("latin-america-caribbean", "plg:grulac"),
            ("western-europe-others", "plg:weog"),
        ];
        assert_eq!(Region::ALL.len(), table.len());
        for (region, (word, term)) in Region::ALL.iter().zip(table) {
            assert_eq!((region.word(), region.term()), (word, term));
            assert_eq!(word.parse(), Ok(*region));
            assert_eq!(Region::from_term(term), Some(*region));
            assert_eq!(Region::from_term(region.iri()), Some(*region));
        }
        assert!(Region::WORDS.is_sorted());
        let error = "europe".parse::<Region>().unwrap_err().to_string();
        assert!(error.contains("western-europe-others"), "{error}");
    }
}

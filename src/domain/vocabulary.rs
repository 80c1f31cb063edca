//! A topic's own words for the parties to its discussion. Each stands for one or more of the eight default groups: what
//! people declare, what is signed and what federates stays the eight, and no rule ever asks for a party (INV-8).
//!
//! A group that several parties stand for, or none, does not say under which party somebody speaks. Nobody is put
//! anywhere by guessing: such voices stand under a heading that says so ([`Vocabulary::division`]).

use std::collections::BTreeMap;

use super::{
    group::StakeholderGroup,
    lens::{Label, Parties, Party},
    markup::clean_line,
    word::UnknownWord,
};
use crate::base::limits;

/// The language in which every party has a name.
const ENGLISH: &str = "en";

/// A party as its topic names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedParty {
    /// In the API, in tables and in addresses.
    pub word: String,
    /// What people call it, by BCP 47 tag.
    pub labels: BTreeMap<String, String>,
    /// The default groups it stands for.
    pub groups: Vec<StakeholderGroup>,
}

/// Why a list of parties is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VocabularyError {
    /// More parties than anybody reads.
    #[error("names {0} parties; at most {max} are allowed", max = limits::PARTIES_MAX)]
    TooMany(usize),
    /// Not a word for addresses.
    #[error(
        "the word `{0}` cannot name a party: 1 to {max} of a-z, 0-9 and -, beginning with a letter",
        max = limits::PARTY_WORD_CHARS_MAX
    )]
    Word(String),
    /// Two parties of one word, or a word that is kept.
    #[error("the word `{0}` cannot name a party: it is taken")]
    Taken(String),
    /// It stands for nobody.
    #[error("the party `{0}` names no group, or one twice")]
    Groups(String),
    /// A group there is not.
    #[error(transparent)]
    UnknownGroup(#[from] UnknownWord),
    /// Every reader can be shown English.
    #[error("the party `{0}` has no name in English (`en`)")]
    NoEnglish(String),
    /// Names in more languages than there is room for.
    #[error(
        "the party `{0}` has names in more than {max} languages",
        max = limits::PARTY_LANGUAGES_MAX
    )]
    TooManyNames(String),
    /// A name that is empty or too long.
    #[error(
        "the name of the party `{word}` in `{language}` has {chars} characters; 1 to {max} are allowed",
        max = limits::PARTY_NAME_CHARS_MAX
    )]
    Name {
        /// The party.
        word: String,
        /// BCP 47.
        language: String,
        /// Its length.
        chars: usize,
    },
    /// Not a language tag.
    #[error("`{1}` is not a language tag; it stands before a name of the party `{0}`")]
    Language(String, String),
    /// A line that is not in the form in which parties are typed.
    #[error("“{0}” is not of the form WORD; GROUP, GROUP; en: NAME; fr: NAME")]
    Line(String),
}

/// The parties of a topic, in its order: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary(Vec<NamedParty>);

impl Vocabulary {
    /// These parties; none where the list is empty, so that the eight groups are what the topic has.
    pub fn new(mut parties: Vec<NamedParty>) -> Result<Option<Self>, VocabularyError> {
        if parties.len() > limits::PARTIES_MAX {
            return Err(VocabularyError::TooMany(parties.len()));
        }
        for name in parties.iter_mut().flat_map(|party| party.labels.values_mut()) {
            *name = clean_line(name);
        }
        for (at, party) in parties.iter().enumerate() {
            check(party)?;
            if parties.iter().take(at).any(|before| before.word == party.word) {
                return Err(VocabularyError::Taken(party.word.clone()));
            }
        }
        Ok((!parties.is_empty()).then_some(Self(parties)))
    }

    /// As typed: a party a line, `WORD; GROUP, GROUP; en: NAME; fr: NAME`. Empty lines are passed over.
    pub fn read_lines(text: &str) -> Result<Option<Self>, VocabularyError> {
        let lines = text.lines().map(clean_line).filter(|line| !line.is_empty());
        Self::new(lines.map(|line| read_line(&line)).collect::<Result<_, _>>()?)
    }

    /// The same, to be typed over.
    pub fn to_lines(&self) -> String {
        let line = |party: &NamedParty| {
            let groups: Vec<&str> = party.groups.iter().map(|group| group.word()).collect();
            let names = party.labels.iter().map(|(tag, name)| format!("; {tag}: {name}"));
            format!("{}; {}{}", party.word, groups.join(", "), names.collect::<String>())
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The parties as named.
    pub fn parties(&self) -> &[NamedParty] {
        &self.0
    }

    /// The party somebody speaks under whose group is this; none where it does not say.
    pub fn party_of(&self, group: Option<StakeholderGroup>) -> Option<&NamedParty> {
        let group = group?;
        let mut named = self.0.iter().filter(|party| party.groups.contains(&group));
        named.next().filter(|_| named.next().is_none())
    }

    /// As headings for all that is said: each group under exactly one. A group that says no party has a heading of its
    /// own behind the named ones, and a party that shares all its groups has nobody under it.
    pub fn division(&self) -> Parties {
        let own = |group: &StakeholderGroup| self.party_of(Some(*group));
        let named = self.0.iter().map(|party| Party {
            word: party.word.clone(),
            label: Label::Own(party.labels.clone()),
            groups: party
                .groups
                .iter()
                .copied()
                .filter(|group| own(group).is_some_and(|of| of.word == party.word))
                .collect(),
        });
        let outside = StakeholderGroup::ALL.iter().filter(|group| own(group).is_none());
        Parties::of(named.chain(outside.map(|group| Party::outside(*group))).collect())
    }
}

fn check(party: &NamedParty) -> Result<(), VocabularyError> {
    let word = || party.word.clone();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let length = 1..=limits::PARTY_WORD_CHARS_MAX;
    if !length.contains(&party.word.len())
        || !party.word.starts_with(|c: char| c.is_ascii_lowercase())
        || !party.word.chars().all(is_plain)
    {
        return Err(VocabularyError::Word(word()));
    }
    if Parties::is_kept(&party.word) {
        return Err(VocabularyError::Taken(word()));
    }
    let twice = |at: usize, group| party.groups.iter().take(at).any(|before| before == group);
    if party.groups.is_empty()
        || party.groups.iter().enumerate().any(|(at, group)| twice(at, group))
    {
        return Err(VocabularyError::Groups(word()));
    }
    if !party.labels.contains_key(ENGLISH) {
        return Err(VocabularyError::NoEnglish(word()));
    }
    if party.labels.len() > limits::PARTY_LANGUAGES_MAX {
        return Err(VocabularyError::TooManyNames(word()));
    }
    for (language, name) in &party.labels {
        if language.parse::<unic_langid::LanguageIdentifier>().is_err() {
            return Err(VocabularyError::Language(word(), language.clone()));
        }
        let chars = name.chars().count();
        if name.trim().is_empty() || chars > limits::PARTY_NAME_CHARS_MAX {
            return Err(VocabularyError::Name { word: word(), language: language.clone(), chars });
        }
    }
    Ok(())
}

fn read_line(line: &str) -> Result<NamedParty, VocabularyError> {
    let wrong = || VocabularyError::Line(line.chars().take(80).collect());
    let mut pieces = line.split(';').map(str::trim);
    let (word, groups) = pieces.next().zip(pieces.next()).ok_or_else(wrong)?;
    let groups = groups.split(',').map(|group| group.trim().parse());
    let mut labels = BTreeMap::new();
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        let (tag, name) = piece.split_once(':').ok_or_else(wrong)?;
        labels.insert(tag.trim().to_owned(), name.trim().to_owned());
    }
    Ok(NamedParty { word: word.to_owned(), labels, groups: groups.collect::<Result<_, _>>()? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use StakeholderGroup as G;

    fn party(word: &str, groups: &[G]) -> NamedParty {
        let labels = BTreeMap::from([("en".to_owned(), word.to_uppercase())]);
        NamedParty { word: word.to_owned(), labels, groups: groups.to_vec() }
    }

    fn reason(parties: Vec<NamedParty>) -> VocabularyError {
        Vocabulary::new(parties).expect_err("it is refused")
    }

    #[test]
    fn lines_are_read_and_printed() {
        let typed = "farmers; civil-society; fr: Agriculteurs; en: Farmers\n\n\
            researchers; academic-community, technical-community; en: Researchers";
        let read = Vocabulary::read_lines(typed).unwrap().unwrap();
        assert_eq!(read.parties()[0].labels["fr"], "Agriculteurs");
        assert_eq!(read.parties()[1].groups, [G::AcademicCommunity, G::TechnicalCommunity]);
        assert_eq!(Vocabulary::read_lines(&read.to_lines()).unwrap(), Some(read));
        assert_eq!(Vocabulary::read_lines(" \n\n"), Ok(None));
        for (typed, what) in [
            ("farmers", "is not of the form"),
            ("farmers; farmers; en: Farmers", "civil-society"),
            ("farmers; other; Farmers", "is not of the form"),
            ("farmers; other", "no name in English"),
            ("farmers; other; en: ", "1 to 100"),
            ("farmers; other; en: F; english language: F", "is not a language tag"),
        ] {
            let said = Vocabulary::read_lines(typed).unwrap_err().to_string();
            assert!(said.contains(what), "{typed}: {said}");
        }
    }

    #[test]
    fn what_names_no_party_is_refused() {
        use VocabularyError as E;
        for word in ["", "Farmers", "1st", "les agriculteurs", "-"] {
            assert_eq!(reason(vec![party(word, &[G::Other])]), E::Word(word.to_owned()));
        }
        for word in ["none", "not-named", "not-named-other"] {
            assert_eq!(reason(vec![party(word, &[G::Other])]), E::Taken(word.to_owned()));
        }
        let twice = vec![party("a", &[G::Other]), party("a", &[G::Governments])];
        assert_eq!(reason(twice), E::Taken("a".to_owned()));
        assert_eq!(reason(vec![party("a", &[])]), E::Groups("a".to_owned()));
        assert_eq!(reason(vec![party("a", &[G::Other, G::Other])]), E::Groups("a".to_owned()));
    }

    #[test]
    fn the_limits_at_their_edge_and_one_over() {
        let many =
            |count: usize| (0..count).map(|n| party(&format!("p{n}"), &[G::Other])).collect();
        assert!(Vocabulary::new(many(limits::PARTIES_MAX)).is_ok());
        let over = limits::PARTIES_MAX + 1;
        assert_eq!(reason(many(over)), VocabularyError::TooMany(over));

        let word = "w".repeat(limits::PARTY_WORD_CHARS_MAX);
        assert!(Vocabulary::new(vec![party(&word, &[G::Other])]).is_ok());
        let word = format!("{word}w");
        assert_eq!(reason(vec![party(&word, &[G::Other])]), VocabularyError::Word(word));

        let named = |chars: usize| {
            let mut named = party("a", &[G::Other]);
            named.labels.insert("ar".to_owned(), "ق".repeat(chars));
            vec![named]
        };
        assert!(Vocabulary::new(named(limits::PARTY_NAME_CHARS_MAX)).is_ok());
        let over = limits::PARTY_NAME_CHARS_MAX + 1;
        assert!(
            matches!(reason(named(over)), VocabularyError::Name { chars, .. } if chars == over)
        );

        let translated = |count: usize| {
            let mut named = party("a", &[G::Other]);
            let tags = (b'a'..=b'z').map(|c| format!("q{}", char::from(c)));
            named.labels.extend(tags.take(count - 1).map(|tag| (tag, "name".to_owned())));
            vec![named]
        };
        assert!(Vocabulary::new(translated(limits::PARTY_LANGUAGES_MAX)).is_ok());
        assert_eq!(
            reason(translated(limits::PARTY_LANGUAGES_MAX + 1)),
            VocabularyError::TooManyNames("a".to_owned())
        );
    }

    #[test]
    fn who_belongs_to_two_parties_is_put_into_none() {
        let list = vec![
            party("farmers", &[G::CivilSociety]),
            party("unions", &[G::CivilSociety]),
            party("state", &[G::Governments, G::InternationalOrganisations]),
        ];
        let own = Vocabulary::new(list).unwrap().unwrap();
        assert_eq!(own.party_of(Some(G::Governments)).unwrap().word, "state");
        assert_eq!(own.party_of(Some(G::CivilSociety)), None);
        assert_eq!(own.party_of(None), None);
        let division = own.division();
        assert_eq!(division.party_of(Some(G::InternationalOrganisations)).word, "state");
        let outside = division.party_of(Some(G::CivilSociety));
        assert_eq!(outside.label, Label::Outside(G::CivilSociety));
        assert!(outside.is_rest() && !outside.is_untold());
        let words: Vec<&str> = division.all().map(|party| party.word.as_str()).collect();
        assert!(words.starts_with(&["farmers", "unions", "state", "not-named-academic-community"]));
        let farmers = division.all().next().unwrap();
        assert!(farmers.is_untold() && !farmers.is_rest());
    }

    proptest! {
        #![proptest_config(crate::base::fixtures::cases(200))]

        /// Whatever a topic names: every entry stands under one heading, and every named party is a heading.
        #[test]
        fn every_vocabulary_conserves_every_entry_and_every_party(
            stand_for in prop::collection::vec(prop::collection::btree_set(0..G::ALL.len(), 1..4), 1..12),
            said in prop::collection::vec(prop::option::of(0..G::ALL.len()), 0..60),
        ) {
            let parties: Vec<NamedParty> = stand_for
                .iter()
                .enumerate()
                .map(|(n, groups)| {
                    let groups: Vec<G> = groups.iter().map(|at| G::ALL[*at]).collect();
                    party(&format!("p{n}"), &groups)
                })
                .collect();
            let own = Vocabulary::new(parties.clone()).unwrap().unwrap();
            let division = own.division();
            let headings: Vec<&str> = division.all().map(|party| party.word.as_str()).collect();
            for named in &parties {
                prop_assert_eq!(headings.iter().filter(|word| **word == named.word).count(), 1);
            }
            let entries: Vec<(usize, Option<G>)> =
                said.iter().map(|at| at.map(|at| G::ALL[at])).enumerate().collect();
            let gathered = division.gather(entries.clone(), |(_, group)| *group);
            let mut seen: Vec<_> = gathered.into_iter().flat_map(|(_, under)| under).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, entries);
            for group in G::ALL {
                let heading = division.party_of(Some(*group));
                if let Some(party) = own.party_of(Some(*group)) {
                    prop_assert_eq!(&heading.word, &party.word);
                } else {
                    prop_assert_eq!(&heading.label, &Label::Outside(*group));
                }
            }
        }
    }
}

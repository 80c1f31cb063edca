//! Under which parties a page gathers what is said: the eight default groups, a lens onto the list of an earlier
//! process, or a topic's own words. Whatever the division, nothing said is left out and nothing stands twice: a
//! division that would do so cannot be made. It changes what stands under which heading, and no permission, limit or
//! order of work (INV-8).

use std::{collections::BTreeMap, str::FromStr, sync::LazyLock};

use super::{group::StakeholderGroup, word::UnknownWord};

/// How a party is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// By a message of ours, in the reader's language.
    Message(String),
    /// In its topic's own words: by BCP 47 tag, as signed.
    Own(BTreeMap<String, String>),
    /// A group for which its topic names no party, or several.
    Outside(StakeholderGroup),
}

/// A heading, and the default groups whose voices stand under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// In the API and in URLs.
    pub word: String,
    /// For people.
    pub label: Label,
    /// The groups it gathers; none at the heading for those who declared no group.
    pub groups: Vec<StakeholderGroup>,
}

impl Party {
    fn named(prefix: &str, word: &str, groups: &[StakeholderGroup]) -> Self {
        Self {
            word: word.to_owned(),
            label: Label::Message(format!("{prefix}-{word}")),
            groups: groups.to_vec(),
        }
    }

    /// The group whose shape stands beside the name: that of a party which is one group.
    pub fn group(&self) -> Option<StakeholderGroup> {
        match self.groups.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The heading of a group of which its topic does not say which party it is.
    pub(super) fn outside(group: StakeholderGroup) -> Self {
        Self {
            word: format!("{}-{group}", Parties::NOT_NAMED),
            label: Label::Outside(group),
            groups: vec![group],
        }
    }

    /// Whether it gathers what the list it belongs to has no name for: shown after the named ones.
    pub fn is_rest(&self) -> bool {
        Parties::is_kept(&self.word)
    }

    /// Whether nobody can stand under it, because others of its topic's parties stand for the same groups: that nobody
    /// was heard would not be true of it.
    pub fn is_untold(&self) -> bool {
        self.groups.is_empty() && !self.is_rest()
    }
}

/// Why a list of parties divides nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DivisionError {
    /// What is said from there would be shown nowhere.
    #[error("no party gathers the group `{0}`; each group belongs to exactly one")]
    LeftOut(StakeholderGroup),
    /// What is said from there would be shown twice.
    #[error("the group `{0}` belongs to several parties; each group belongs to exactly one")]
    Twice(StakeholderGroup),
    /// Two parties of one word, or a word that is kept.
    #[error("the word `{0}` cannot name a party: it is taken")]
    Taken(String),
    /// A heading under which nothing can stand.
    #[error("the party `{0}` gathers no group")]
    Empty(String),
}

/// A division of all groups into parties: each group in exactly one. Those who declared no group stand under a
/// heading of their own, which every division has and which comes last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parties {
    named: Vec<Party>,
    undeclared: Party,
}

impl Parties {
    /// Word of the heading for those who declared no group.
    pub const UNDECLARED: &str = "none";
    /// Word of the heading for groups that a list of parties has no name for.
    pub const NOT_NAMED: &str = "not-named";

    /// These parties, in this order; refused where a group would be left out or stand twice.
    pub fn new(named: Vec<Party>) -> Result<Self, DivisionError> {
        let mut words = vec![Self::UNDECLARED];
        let mut placed = Vec::new();
        for party in &named {
            if words.contains(&party.word.as_str()) {
                return Err(DivisionError::Taken(party.word.clone()));
            }
            words.push(&party.word);
            if party.groups.is_empty() {
                return Err(DivisionError::Empty(party.word.clone()));
            }
            for group in &party.groups {
                if placed.contains(group) {
                    return Err(DivisionError::Twice(*group));
                }
                placed.push(*group);
            }
        }
        match StakeholderGroup::ALL.iter().find(|group| !placed.contains(group)) {
            Some(missing) => Err(DivisionError::LeftOut(*missing)),
            None => Ok(Self::of(named)),
        }
    }

    /// True of the words that no list can give away.
    pub(super) fn is_kept(word: &str) -> bool {
        word == Self::UNDECLARED
            || word
                .strip_prefix(Self::NOT_NAMED)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// These parties, of which the caller knows that they divide all groups.
    pub(super) fn of(named: Vec<Party>) -> Self {
        Self { named, undeclared: Party::named("group", Self::UNDECLARED, &[]) }
    }

    /// The eight default groups, each a party of its own.
    pub fn groups() -> &'static Self {
        static GROUPS: LazyLock<Parties> = LazyLock::new(|| {
            let each = |group: &StakeholderGroup| Party::named("group", group.word(), &[*group]);
            Parties::of(StakeholderGroup::ALL.iter().map(each).collect())
        });
        &GROUPS
    }

    /// Every party with a name, in the order of its list.
    pub fn named(&self) -> &[Party] {
        &self.named
    }

    /// Every heading: the named ones, then that of those who declared no group.
    pub fn all(&self) -> impl Iterator<Item = &Party> {
        self.named.iter().chain([&self.undeclared])
    }

    /// Under which heading stands what is said from `group`. There is always one.
    pub fn party_of(&self, group: Option<StakeholderGroup>) -> &Party {
        let named = |group| self.named.iter().find(|party| party.groups.contains(&group));
        group.and_then(named).unwrap_or(&self.undeclared)
    }

    /// `entries` under their headings, each in the order given, headings without an entry included.
    pub fn gather<T>(
        &self,
        entries: impl IntoIterator<Item = T>,
        group_of: impl Fn(&T) -> Option<StakeholderGroup>,
    ) -> Vec<(&Party, Vec<T>)> {
        let mut gathered: Vec<(&Party, Vec<T>)> =
            self.all().map(|party| (party, Vec::new())).collect();
        for entry in entries {
            let word = &self.party_of(group_of(&entry)).word;
            if let Some((_, under)) = gathered.iter_mut().find(|(party, _)| party.word == *word) {
                under.push(entry);
            }
        }
        gathered
    }
}

/// The list of an earlier process, through which a reader may look at any topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lens {
    /// The CSTD's Working Group on Enhanced Cooperation, as composed from 2013 (General Assembly resolution 67/195,
    /// paragraph 20, as carried out by the chair of the Commission): member states, and five members each of the private
    /// sector, civil society, technical and academic communities, and intergovernmental and international organisations.
    Wgec,
    /// NETmundial: the list of the Multistakeholder Statement of 2014 (governments, private sector, civil society,
    /// technical community, academia, users), with the international organisations that NETmundial+10 named beside
    /// governments in 2024.
    Netmundial,
    /// Tunis Agenda for the Information Society, 2005: paragraph 35 a to e names states, private sector, civil society,
    /// intergovernmental and international organisations; paragraph 36 names the academic and technical communities
    /// *within* those groups. As nobody says within which, they stand under a heading of their own that says so.
    Tunis,
}

impl Lens {
    /// Every lens, by the year of its list.
    pub const ALL: &[Self] = &[Self::Tunis, Self::Wgec, Self::Netmundial];
    /// Every word, in the order of [`Self::ALL`].
    pub const WORDS: &[&str] = &["tunis", "wgec", "netmundial"];

    /// The word in URLs and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tunis => "tunis",
            Self::Wgec => "wgec",
            Self::Netmundial => "netmundial",
        }
    }

    /// The message that names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Tunis => "lens-tunis",
            Self::Wgec => "lens-wgec",
            Self::Netmundial => "lens-netmundial",
        }
    }

    /// Its parties, in the order of its list.
    pub fn parties(self) -> &'static Parties {
        static WGEC: LazyLock<Parties> = LazyLock::new(|| Lens::Wgec.division());
        static NETMUNDIAL: LazyLock<Parties> = LazyLock::new(|| Lens::Netmundial.division());
        static TUNIS: LazyLock<Parties> = LazyLock::new(|| Lens::Tunis.division());
        match self {
            Self::Wgec => &WGEC,
            Self::Netmundial => &NETMUNDIAL,
            Self::Tunis => &TUNIS,
        }
    }

    /// Under which heading of this list stands what is said from `group`.
    pub fn party_of(self, group: Option<StakeholderGroup>) -> &'static Party {
        self.parties().party_of(group)
    }

    /// A test makes each: the eight groups stand in for none.
    fn division(self) -> Parties {
        Parties::new(self.named()).unwrap_or_else(|_never| Parties::groups().clone())
    }

    fn named(self) -> Vec<Party> {
        use StakeholderGroup as G;
        let list: &[(&str, &[G])] = match self {
            Self::Wgec => &[
                ("governments", &[G::Governments]),
                ("private-sector", &[G::PrivateSector]),
                ("civil-society", &[G::CivilSociety]),
                ("technical-academic", &[G::TechnicalCommunity, G::AcademicCommunity]),
                ("international-organisations", &[G::InternationalOrganisations]),
                (Parties::NOT_NAMED, &[G::IndividualUsers, G::Other]),
            ],
            Self::Netmundial => &[
                ("governments", &[G::Governments]),
                ("private-sector", &[G::PrivateSector]),
                ("civil-society", &[G::CivilSociety]),
                ("technical-community", &[G::TechnicalCommunity]),
                ("academia", &[G::AcademicCommunity]),
                ("users", &[G::IndividualUsers]),
                ("international-organisations", &[G::InternationalOrganisations]),
                (Parties::NOT_NAMED, &[G::Other]),
            ],
            Self::Tunis => &[
                ("governments", &[G::Governments]),
                ("private-sector", &[G::PrivateSector]),
                ("civil-society", &[G::CivilSociety]),
                ("international-organisations", &[G::InternationalOrganisations]),
                ("academic-technical-within", &[G::AcademicCommunity, G::TechnicalCommunity]),
                (Parties::NOT_NAMED, &[G::IndividualUsers, G::Other]),
            ],
        };
        list.iter().map(|(word, groups)| Party::named("party", word, groups)).collect()
    }
}

/// Under which headings a reader looks at a topic, instead of the eight groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// Those of an earlier process.
    Lens(Lens),
    /// The topic's own, where it names any.
    Own,
}

impl Through {
    /// Word of the topic's own list.
    const OWN: &str = "own";

    /// The word in URLs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lens(lens) => lens.word(),
            Self::Own => Self::OWN,
        }
    }

    /// The message that names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Lens(lens) => lens.key(),
            Self::Own => "filter-own-parties",
        }
    }
}

impl FromStr for Through {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if word == Self::OWN { Ok(Self::Own) } else { word.parse().map(Self::Lens) }
    }
}

impl FromStr for Lens {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().copied().find(|lens| lens.word() == word);
        known.ok_or_else(|| UnknownWord::new("a lens", word, Self::WORDS))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::fixtures::cases;
    use StakeholderGroup as G;

    fn divisions() -> Vec<&'static Parties> {
        let mut all = vec![Parties::groups()];
        all.extend(Lens::ALL.iter().map(|lens| lens.parties()));
        all
    }

    #[test]
    fn every_lens_is_a_division_and_not_its_stand_in() {
        for (lens, word) in Lens::ALL.iter().zip(Lens::WORDS) {
            assert_eq!(Parties::new(lens.named()).as_ref(), Ok(lens.parties()), "{lens:?}");
            assert_ne!(lens.parties(), Parties::groups());
            assert_eq!((lens.word(), word.parse()), (*word, Ok(*lens)));
        }
        for word in Lens::WORDS.iter().chain(&["own"]) {
            assert_eq!(word.parse::<Through>().map(Through::word), Ok(*word));
        }
        assert!("igf".parse::<Lens>().unwrap_err().to_string().contains("netmundial"));
        assert_eq!(Parties::new(Parties::groups().named.clone()).as_ref(), Ok(Parties::groups()));
    }

    #[test]
    fn the_lists_are_those_of_their_processes() {
        let words = |lens: Lens| lens.parties().all().map(|p| p.word.as_str()).collect::<Vec<_>>();
        assert_eq!(
            words(Lens::Wgec),
            [
                "governments",
                "private-sector",
                "civil-society",
                "technical-academic",
                "international-organisations",
                "not-named",
                "none"
            ]
        );
        let wgec = |group| Lens::Wgec.party_of(Some(group));
        assert_eq!(wgec(G::AcademicCommunity), wgec(G::TechnicalCommunity));
        let later = |group| Lens::Netmundial.party_of(Some(group));
        assert_ne!(later(G::AcademicCommunity), later(G::TechnicalCommunity));
        assert_eq!(Lens::Tunis.party_of(Some(G::Other)).word, Parties::NOT_NAMED);
        assert_eq!(Lens::Tunis.party_of(None).word, Parties::UNDECLARED);
        assert!(Lens::Tunis.party_of(None).is_rest() && !wgec(G::CivilSociety).is_rest());
    }

    #[test]
    fn a_list_that_loses_or_doubles_a_group_is_none() {
        let all = || Parties::groups().named.clone();
        let mut short = all();
        short.remove(3);
        assert_eq!(Parties::new(short), Err(DivisionError::LeftOut(G::IndividualUsers)));
        let mut double = all();
        double[0].groups.push(G::Other);
        assert_eq!(Parties::new(double), Err(DivisionError::Twice(G::Other)));
        let mut same = all();
        same[1].word = same[0].word.clone();
        assert_eq!(Parties::new(same), Err(DivisionError::Taken("academic-community".into())));
        let mut kept = all();
        kept[1].word = "none".into();
        assert_eq!(Parties::new(kept), Err(DivisionError::Taken("none".into())));
        let mut hollow = all();
        hollow.push(Party::named("party", "nobody", &[]));
        assert_eq!(Parties::new(hollow), Err(DivisionError::Empty("nobody".into())));
    }

    proptest! {
        #![proptest_config(cases(300))]

        /// Whoever looks through whatever lens sees every entry, once, under the heading of its group.
        #[test]
        fn every_division_of_any_list_conserves_every_entry(
            groups in prop::collection::vec(prop::option::of(0..G::ALL.len()), 0..60)
        ) {
            let entries: Vec<(usize, Option<G>)> =
                groups.iter().map(|at| at.map(|at| G::ALL[at])).enumerate().collect();
            for division in divisions() {
                let gathered = division.gather(entries.clone(), |(_, group)| *group);
                prop_assert_eq!(gathered.len(), division.all().count());
                let mut seen: Vec<_> = gathered.iter().flat_map(|(_, under)| under.clone()).collect();
                seen.sort_unstable();
                prop_assert_eq!(&seen, &entries);
                for (party, under) in gathered {
                    prop_assert!(under.is_sorted(), "the order given is kept");
                    prop_assert!(under.iter().all(|(_, group)| division.party_of(*group) == party));
                }
            }
        }
    }
}

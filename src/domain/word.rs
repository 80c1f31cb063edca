//! Closed vocabularies: each member has a *word* (command line, configuration, API, URLs) and a wire *term*
//! (`plg:…`, or the full IRI). The two are kept apart on purpose: an API never sees a term, the wire never a
//! word (decisions 13).

use thiserror::Error;

/// Namespace of the terms that Polylogue adds to ActivityStreams (protocol 4.g).
pub const NAMESPACE: &str = "https://w3id.org/polylogue/ns#";

/// A word outside its vocabulary; says what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{vocabulary} is not “{given}”; it is one of: {allowed}")]
pub struct UnknownWord {
    /// What the word should have named, such as "stakeholder group".
    pub vocabulary: &'static str,
    /// The word as given, cut to 80 characters.
    pub given: String,
    /// All words that are allowed, separated by commas.
    pub allowed: String,
}

impl UnknownWord {
    pub(super) fn new(vocabulary: &'static str, given: &str, allowed: &[&str]) -> Self {
        Self { vocabulary, given: given.chars().take(80).collect(), allowed: allowed.join(", ") }
    }
}

/// The local name of a wire term, from its compact or its full form.
pub(super) fn local_name(term: &str) -> Option<&str> {
    term.strip_prefix("plg:").or_else(|| term.strip_prefix(NAMESPACE))
}

/// Declares a closed vocabulary: the enum, its words, its terms and both ways of reading them.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $name:ident, $what:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, $term:literal; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
        }

        impl $name {
            /// Every member, in the order in which it is listed to people.
            pub const ALL: &[Self] = &[ $( Self::$variant, )+ ];
            /// Every word, in the order of [`Self::ALL`].
            pub const WORDS: &[&str] = &[ $( $word, )+ ];

            /// The word in the command line, the configuration, the API and URLs.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The compact term in what we send (`plg:…`).
            pub const fn term(self) -> &'static str {
                match self { $( Self::$variant => concat!("plg:", $term), )+ }
            }

            /// The full IRI of the term (protocol 4.g).
            pub const fn iri(self) -> &'static str {
                match self { $( Self::$variant => concat!("https://w3id.org/polylogue/ns#", $term), )+ }
            }

            /// Reads a wire term, compact or as full IRI: both mean the same (decisions 13). `None` for any
            /// other, words included.
            pub fn from_term(term: &str) -> Option<Self> {
                match $crate::domain::word::local_name(term)? {
                    $( $term => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::word::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err($crate::domain::word::UnknownWord::new($what, word, Self::WORDS)),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(super) use vocabulary;

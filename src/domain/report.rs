//! What sort of thing a report is about.

use std::{fmt, str::FromStr};

use super::word::UnknownWord;

/// The sort of a report, in the words of the Mastodon API. No term of the wire: a report is passed on to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReportCategory {
    /// Anything else.
    #[default]
    Other,
    /// Advertisement that nobody asked for.
    Spam,
    /// Against the law.
    Legal,
    /// Against the rules of this server.
    Violation,
}

impl ReportCategory {
    /// Every sort.
    pub const ALL: [Self; 4] = [Self::Other, Self::Spam, Self::Legal, Self::Violation];

    /// Its word in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Spam => "spam",
            Self::Legal => "legal",
            Self::Violation => "violation",
        }
    }
}

impl fmt::Display for ReportCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for ReportCategory {
    type Err = UnknownWord;

    fn from_str(given: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|one| one.word() == given)
            .ok_or_else(|| UnknownWord::new("a sort of report", given, &Self::ALL.map(Self::word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_is_read_by_its_word_and_no_other_word_is() {
        for one in ReportCategory::ALL {
            assert_eq!(one.word().parse(), Ok(one));
        }
        let error = "dislike".parse::<ReportCategory>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "a sort of report is not “dislike”; it is one of: other, spam, legal, violation"
        );
    }
}

//! How often a room may answer in public (decisions 8): an answer is a signed POST to somebody else's server and a post
//! in somebody's thread, so it is rare, whoever asks for it and how often.

use crate::base::limits;

/// What was given lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// To this author on this opinion, in ten minutes.
    pub on_opinion: u64,
    /// To this author, in an hour.
    pub to_author: u64,
    /// To authors of this host, in an hour.
    pub to_host: u64,
    /// To all hosts that were new when they were answered, in an hour.
    pub to_new_hosts: u64,
    /// Whether this host was first seen within a day.
    pub is_new_host: bool,
}

impl Given {
    /// Whether one more may be given.
    pub const fn allows_another(&self) -> bool {
        self.on_opinion < limits::ANSWERS_PER_OPINION_MAX
            && self.to_author < limits::ANSWERS_PER_AUTHOR_AN_HOUR_MAX
            && self.to_host < limits::ANSWERS_PER_HOST_AN_HOUR_MAX
            && (!self.is_new_host || self.to_new_hosts < limits::ANSWERS_TO_NEW_HOSTS_AN_HOUR_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t57c_each_limit_at_its_edge_and_one_over() {
        let none = Given { is_new_host: true, ..Given::default() };
        assert!(none.allows_another());
        let edge = |change: fn(&mut Given, u64), max: u64| {
            let mut given = none;
            change(&mut given, max - 1);
            assert!(given.allows_another(), "{given:?}");
            change(&mut given, max);
            assert!(!given.allows_another(), "{given:?}");
        };
        edge(|given, n| given.on_opinion = n, limits::ANSWERS_PER_OPINION_MAX);
        edge(|given, n| given.to_author = n, limits::ANSWERS_PER_AUTHOR_AN_HOUR_MAX);
        edge(|given, n| given.to_host = n, limits::ANSWERS_PER_HOST_AN_HOUR_MAX);
        edge(|given, n| given.to_new_hosts = n, limits::ANSWERS_TO_NEW_HOSTS_AN_HOUR_MAX);
        let known = Given { to_new_hosts: 1_000, is_new_host: false, ..none };
        assert!(known.allows_another(), "what new hosts got is no concern of one that is known");
    }
}

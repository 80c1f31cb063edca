//! Who may do what, as one table of functions. Their inputs are ids, roles and states: a stakeholder group is in none
//! of them, so it can decide nothing (INV-8).

use super::position::Capacity;
use crate::base::clock::Timestamp;

/// Whether `who`, who may act for the organisation `mandated`, may withdraw what stands in the name of `principal`: their
/// own, and an organisation's for which they may act, whichever delegate took it (product, pain 3).
pub fn may_withdraw(who: &str, mandated: Option<&str>, principal: &str) -> bool {
    principal == who || mandated == Some(principal)
}

/// Whether an account may speak in a capacity: an organisation's own account speaks for the organisation alone, a
/// person for an organisation only by naming it.
pub fn may_speak_as(is_organisation: bool, names_another: bool, capacity: Capacity) -> bool {
    match (is_organisation, names_another) {
        (true, _) | (false, true) => capacity == Capacity::Organization,
        (false, false) => capacity != Capacity::Organization,
    }
}

/// Whether somebody may say what became of a comment or an objection (decisions 14): an author of the opinion, or a
/// facilitator of its topic. `voices` are the actor and the principal it is confirmed to speak for.
pub fn may_dispose(voices: &[&str], authors: &[String], facilitators: &[String]) -> bool {
    voices.iter().any(|voice| authors.iter().chain(facilitators).any(|named| named == voice))
}

/// Somebody's word on who facilitates a topic from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// When a room received it.
    pub received: Timestamp,
    /// Who signed it.
    pub signer: String,
    /// Whom it names.
    pub named: Vec<String>,
}

/// Who facilitates a topic over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facilitators {
    first: Vec<String>,
    later: Vec<(Timestamp, Vec<String>)>,
}

impl Facilitators {
    /// Those of the topic's first record, then of each roster signed by one of those before it. `rosters` are in the
    /// order that counts: that in which they were received.
    pub fn of(first: Vec<String>, rosters: impl IntoIterator<Item = Roster>) -> Self {
        let mut all = Self { first, later: Vec::new() };
        for roster in rosters {
            if all.now().contains(&roster.signer) && !roster.named.is_empty() {
                all.later.push((roster.received, roster.named));
            }
        }
        all
    }

    /// Those in force.
    pub fn now(&self) -> &[String] {
        self.later.last().map_or(&self.first, |(_, named)| named)
    }

    /// Those who were in force when something was received; of what nobody attests a time, those who are.
    pub fn at(&self, received: Option<Timestamp>) -> &[String] {
        let Some(received) = received else { return self.now() };
        let before = self.later.iter().rev().find(|(from, _)| *from <= received);
        before.map_or(&self.first, |(_, named)| named)
    }
}

/// Whether an account may vouch for others: organisations have members, persons have friends.
pub fn may_vouch(is_organisation: bool) -> bool {
    is_organisation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_organisation_said_any_delegate_may_take_back_and_nobody_else() {
        assert!(may_withdraw("bruno", Some("network"), "network"));
        assert!(may_withdraw("network", None, "network"));
        // Also not by who acted, once they may not act for it any more.
        assert!(!may_withdraw("amina", None, "network"));
        assert!(!may_withdraw("bruno", Some("other"), "network"));
        assert!(may_withdraw("amina", None, "amina"));
        assert!(!may_withdraw("network", None, "amina"));
    }

    #[test]
    fn capacities() {
        use Capacity::{Individual, Organization, PersonalCapacity};
        for (is_organisation, names_another, allowed) in [
            (true, false, vec![Organization]),
            (true, true, vec![Organization]),
            (false, true, vec![Organization]),
            (false, false, vec![Individual, PersonalCapacity]),
        ] {
            for capacity in Capacity::ALL {
                assert_eq!(
                    may_speak_as(is_organisation, names_another, *capacity),
                    allowed.contains(capacity)
                );
            }
        }
    }
    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn authors_and_facilitators_and_whom_they_speak_for() {
        let (authors, facilitators) = (named(&["a", "network"]), named(&["f"]));
        for (voices, may) in [
            (vec!["a"], true),
            (vec!["f"], true),
            (vec!["delegate", "network"], true),
            (vec!["delegate"], false),
            (vec![], false),
        ] {
            assert_eq!(may_dispose(&voices, &authors, &facilitators), may, "{voices:?}");
        }
    }

    #[test]
    fn a_roster_counts_if_a_facilitator_before_it_signed_it() {
        let at = Timestamp::from_millis;
        let rosters = [
            (1, "stranger", vec!["stranger"]),
            (2, "founder", vec!["b", "c"]),
            (3, "founder", vec!["founder"]),
            (4, "c", Vec::new()),
            (5, "c", vec!["c", "d"]),
        ];
        let rosters = rosters.map(|(received, signer, list)| Roster {
            received: at(received),
            signer: signer.to_owned(),
            named: named(&list),
        });
        let all = Facilitators::of(named(&["founder"]), rosters);
        assert_eq!(all.now(), ["c", "d"]);
        for (received, then) in [
            (0, vec!["founder"]),
            (1, vec!["founder"]),
            (2, vec!["b", "c"]),
            (4, vec!["b", "c"]),
            (9, vec!["c", "d"]),
        ] {
            assert_eq!(all.at(Some(at(received))), then, "{received}");
        }
        assert_eq!(all.at(None), ["c", "d"]);
    }
}

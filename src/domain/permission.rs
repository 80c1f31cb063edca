//! Who may do what, as one table of functions. Their inputs are ids, roles and states: a stakeholder group is in none
//! of them, so it can decide nothing (INV-8).

use super::position::Capacity;

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

/// The facilitators in force: those of the topic's first record, then of each roster signed by one of those before
/// it. `rosters` are in the order that counts: who signed, and whom it names.
pub fn facilitators(
    first: Vec<String>,
    rosters: impl IntoIterator<Item = (String, Vec<String>)>,
) -> Vec<String> {
    rosters.into_iter().fold(first, |current, (signer, named)| {
        if current.contains(&signer) && !named.is_empty() { named } else { current }
    })
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
        let rosters = [
            ("stranger".to_owned(), named(&["stranger"])),
            ("founder".to_owned(), named(&["b", "c"])),
            ("founder".to_owned(), named(&["founder"])),
            ("c".to_owned(), Vec::new()),
        ];
        assert_eq!(facilitators(named(&["founder"]), rosters), ["b", "c"]);
    }
}

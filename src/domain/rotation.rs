//! Fair rotation (product 3.6, decisions 30): one item of each group in turn, within a group one of each participant
//! in turn. Groups begin where a hash of topic and day says, so every mirror shows the same order that day, and
//! nobody's place depends on how many agree with them.

use std::collections::BTreeMap;

use super::group::StakeholderGroup;
use crate::base::{clock::Timestamp, crypto::sha256};

/// What an item is ordered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The group it speaks from.
    pub group: Option<StakeholderGroup>,
    /// Id of who speaks.
    pub actor: String,
    /// What names the item on every mirror.
    pub entry: String,
}

type Digest = [u8; 32];
/// Items of each participant, both by their hashes.
type Participants<T> = BTreeMap<Digest, Vec<(Digest, T)>>;

/// The items of a topic in the order of a day, and the group that begins.
pub fn rotate<T>(
    topic: &str,
    day: Timestamp,
    items: Vec<T>,
    place: impl Fn(&T) -> Place,
) -> (Vec<T>, Option<StakeholderGroup>) {
    let seed = sha256(format!("{topic}\n{}", day.to_date()).as_bytes());
    // By wire term; who declared no group comes after all that did.
    let mut groups: BTreeMap<(bool, &'static str), Participants<T>> = BTreeMap::new();
    for item in items {
        let Place { group, actor, entry } = place(&item);
        let term = group.map(StakeholderGroup::term).unwrap_or_default();
        let participant = keyed(&seed, &actor);
        let items = groups.entry((group.is_none(), term)).or_default();
        items.entry(participant).or_default().push((keyed(&seed, &entry), item));
    }
    let mut turns: Vec<(&'static str, std::vec::IntoIter<T>)> = groups
        .into_iter()
        .map(|((_, term), participants)| (term, in_turn(sorted(participants)).into_iter()))
        .collect();
    if !turns.is_empty() {
        let start = u64::from_be_bytes(first_eight(&seed)) % turns.len() as u64;
        turns.rotate_left(usize::try_from(start).unwrap_or_default());
    }
    let start = turns.first().and_then(|(term, _)| StakeholderGroup::from_term(term));
    (in_turn(turns.into_iter().map(|(_, items)| items.collect()).collect()), start)
}

fn sorted<T>(participants: Participants<T>) -> Vec<Vec<T>> {
    participants
        .into_values()
        .map(|mut items| {
            items.sort_by_key(|(key, _)| *key);
            items.into_iter().map(|(_, item)| item).collect()
        })
        .collect()
}

/// One of each list in turn, leaving out those that are exhausted.
fn in_turn<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut out = Vec::new();
    loop {
        let before = out.len();
        out.extend(lists.iter_mut().filter_map(Iterator::next));
        if out.len() == before {
            return out;
        }
    }
}

fn keyed(seed: &Digest, name: &str) -> Digest {
    sha256(&[seed.as_slice(), name.as_bytes()].concat())
}

fn first_eight(digest: &Digest) -> [u8; 8] {
    let mut out = [0; 8];
    for (to, from) in out.iter_mut().zip(digest) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::fixtures::cases;

    type Item = (Option<StakeholderGroup>, &'static str, usize);

    fn order(items: Vec<Item>, day: i64) -> (Vec<Item>, Option<StakeholderGroup>) {
        rotate("ni:///sha-256;x", Timestamp::from_millis(day * 86_400_000), items, |item| Place {
            group: item.0,
            actor: item.1.to_owned(),
            entry: item.2.to_string(),
        })
    }

    #[test]
    fn in_every_prefix_groups_that_have_more_differ_by_at_most_one() {
        let (cs, go) = (Some(StakeholderGroup::CivilSociety), Some(StakeholderGroup::Governments));
        let mut items: Vec<Item> = (0..30).map(|n| (cs, "busy", n)).collect();
        items.extend([
            (cs, "other", 30),
            (go, "ministry", 31),
            (None, "nobody", 32),
            (go, "x", 33),
        ]);
        for day in 0..20 {
            let (out, start) = order(items.clone(), day);
            assert_eq!(out.len(), items.len());
            assert_eq!(out[0].0, start);
            for length in 1..=4 {
                let held = |group| out[..length].iter().filter(|item| item.0 == group).count();
                assert!(held(cs).abs_diff(held(go)) <= 1, "{length} on day {day}");
            }
            let other = out.iter().filter(|item| item.0 == cs).position(|item| item.1 == "other");
            assert!(other.unwrap() < 2, "one person does not own a group's turns");
        }
    }

    proptest! {
        #![proptest_config(cases(128))]

        /// In every prefix any two groups that still have entries differ by at most one (product 3.6).
        #[test]
        fn no_group_is_ever_more_than_one_ahead(
            given in prop::collection::vec((0..=StakeholderGroup::ALL.len(), 0_usize..4), 0..80),
            day in 0_i64..400,
        ) {
            let names = ["a", "b", "c", "d"];
            let items: Vec<Item> = given.iter().enumerate().map(|(n, (group, actor))| {
                (StakeholderGroup::ALL.get(*group).copied(), names[*actor], n)
            }).collect();
            let (out, _) = order(items.clone(), day);
            prop_assert_eq!(out.len(), items.len());
            let mut groups: Vec<Option<StakeholderGroup>> = items.iter().map(|item| item.0).collect();
            groups.sort();
            groups.dedup();
            for length in 0..=out.len() {
                let (shown, left) = out.split_at(length);
                let still: Vec<usize> = groups
                    .iter()
                    .filter(|group| left.iter().any(|item| item.0 == **group))
                    .map(|group| shown.iter().filter(|item| item.0 == *group).count())
                    .collect();
                let (least, most) = (still.iter().min(), still.iter().max());
                if let (Some(least), Some(most)) = (least, most) {
                    prop_assert!(most - least <= 1, "{} of {}: {:?}", length, out.len(), still);
                }
            }
        }
    }

    #[test]
    fn the_order_is_the_days_and_not_that_of_arrival() {
        let groups = StakeholderGroup::ALL.iter().map(|group| (Some(*group), "a", 0));
        let items: Vec<Item> = groups.collect();
        let mut backwards = items.clone();
        backwards.reverse();
        assert_eq!(order(items.clone(), 3), order(backwards, 3));
        assert!((0..20).any(|day| order(items.clone(), day).1 != order(items.clone(), 0).1));
        assert_eq!(order(Vec::new(), 0), (Vec::new(), None));
    }
}

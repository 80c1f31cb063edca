//! Separate statements: which of an actor's stands with a text.

use std::{cmp::Reverse, collections::BTreeMap};

/// Who filed a statement and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Actor id.
    pub author: String,
    /// When, in milliseconds.
    pub at: i64,
    /// Its id; of two of one moment the smaller one is the later.
    pub id: String,
}

/// Of each author the last statement, in the order of the authors' ids: whatever order they came in, and however
/// often.
pub fn last_of_each<T>(statements: Vec<T>, filed: impl Fn(&T) -> Filed) -> Vec<T> {
    let mut last: BTreeMap<String, ((i64, Reverse<String>), T)> = BTreeMap::new();
    for statement in statements {
        let Filed { author, at, id } = filed(&statement);
        let rank = (at, Reverse(id));
        match last.get(&author) {
            Some((known, _)) if *known >= rank => {}
            _ => drop(last.insert(author, (rank, statement))),
        }
    }
    last.into_values().map(|(_, statement)| statement).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::fixtures::cases;

    proptest! {
        #![proptest_config(cases(200))]

        /// Repeats and orders change nothing, and nobody has two.
        #[test]
        fn repeats_and_orders_do_not_matter(
            filed in prop::collection::vec((0..4_u8, 0..4_i64, 0..6_u8), 0..12),
            at in any::<prop::sample::Index>(),
        ) {
            let read = |(author, at, id): &(u8, i64, u8)| Filed {
                author: author.to_string(), at: *at, id: id.to_string(),
            };
            let shown = last_of_each(filed.clone(), read);
            let mut turned = filed.clone();
            if !filed.is_empty() {
                turned.rotate_left(at.index(filed.len()));
                turned.reverse();
                turned.extend(filed.clone());
            }
            prop_assert_eq!(&last_of_each(turned, read), &shown);
            let mut authors: Vec<u8> = shown.iter().map(|(author, ..)| *author).collect();
            authors.dedup();
            prop_assert_eq!(authors.len(), shown.len());
            for (author, at, _) in &filed {
                let kept = shown.iter().find(|(other, ..)| other == author).unwrap();
                prop_assert!(kept.1 >= *at);
            }
        }
    }
}

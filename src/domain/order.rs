//! The orders in which anything is listed. There are four and no fifth: none of them counts who agrees with what
//! (INV-2).

use std::{cmp::Reverse, str::FromStr};

use super::{
    group::StakeholderGroup,
    rotation::{Place, rotate},
    word::UnknownWord,
};
use crate::base::clock::Timestamp;

/// An order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// One of each group in turn, within a group one of each participant in turn. The default.
    #[default]
    Fair,
    /// Newest first.
    Newest,
    /// As the passages stand in the text; what is about no passage comes last.
    Document,
    /// What waits for an answer first, and of that what has waited longest.
    Unanswered,
}

impl Order {
    /// Every order, in the order in which they are offered.
    pub const ALL: &[Self] = &[Self::Fair, Self::Newest, Self::Document, Self::Unanswered];
    const WORDS: &[&str] = &["fair", "newest", "document", "unanswered"];

    /// The word in addresses and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fair => "fair",
            Self::Newest => "newest",
            Self::Document => "document",
            Self::Unanswered => "unanswered",
        }
    }
}

impl std::fmt::Display for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Order {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|order| order.word() == word)
            .ok_or_else(|| UnknownWord::new("an order", word, Self::WORDS))
    }
}

/// All that an item's place may depend on. No field says how many agree with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The group it speaks from.
    pub group: Option<StakeholderGroup>,
    /// Id of who speaks.
    pub actor: String,
    /// What names the item on every mirror.
    pub entry: String,
    /// When it was said.
    pub published: Timestamp,
    /// n of §n that it is about.
    pub paragraph: Option<usize>,
    /// Whether it waits for an answer.
    pub unanswered: bool,
}

/// Items in an order, and the group that begins where the order is fair.
pub fn arrange<T>(
    order: Order,
    topic: &str,
    day: Timestamp,
    items: Vec<T>,
    standing: impl Fn(&T) -> Standing,
) -> (Vec<T>, Option<StakeholderGroup>) {
    if order == Order::Fair {
        return rotate(topic, day, items, |item| {
            let Standing { group, actor, entry, .. } = standing(item);
            Place { group, actor, entry }
        });
    }
    let mut keyed: Vec<(Standing, T)> =
        items.into_iter().map(|item| (standing(&item), item)).collect();
    match order {
        Order::Fair => {}
        Order::Newest => {
            keyed.sort_by(|(a, _), (b, _)| newest(b).cmp(&newest(a)));
        }
        Order::Document => keyed.sort_by_cached_key(|(item, _)| {
            (item.paragraph.is_none(), item.paragraph, item.published, item.entry.clone())
        }),
        Order::Unanswered => keyed.sort_by_cached_key(|(item, _)| {
            let waits = item.unanswered.then_some(item.published);
            let rest = (!item.unanswered).then_some(Reverse(item.published));
            (!item.unanswered, waits, rest, item.entry.clone())
        }),
    }
    (keyed.into_iter().map(|(_, item)| item).collect(), None)
}

fn newest(item: &Standing) -> (Timestamp, &str) {
    (item.published, &item.entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_four_orders_and_an_unknown_one_names_them() {
        assert_eq!(Order::ALL.len(), 4);
        for order in Order::ALL {
            assert_eq!(order.word().parse(), Ok(*order));
        }
        assert_eq!(Order::default(), Order::Fair);
        let unknown = "top".parse::<Order>().unwrap_err().to_string();
        assert!(
            unknown.contains("“top”") && unknown.contains("fair, newest, document, unanswered")
        );
    }

    #[test]
    fn each_orders_by_what_it_says() {
        // (entry, millis, paragraph, unanswered)
        let items = [
            ("a", 1, None, false),
            ("b", 2, Some(7), true),
            ("c", 3, Some(2), false),
            ("d", 4, Some(7), true),
        ];
        let order = |order| -> String {
            let standing = |item: &(&str, i64, Option<usize>, bool)| Standing {
                group: None,
                actor: item.0.to_owned(),
                entry: item.0.to_owned(),
                published: Timestamp::from_millis(item.1),
                paragraph: item.2,
                unanswered: item.3,
            };
            let (out, _) = arrange(order, "t", Timestamp::from_millis(0), items.to_vec(), standing);
            out.iter().map(|item| item.0).collect()
        };
        assert_eq!(order(Order::Newest), "dcba");
        assert_eq!(order(Order::Document), "cbda");
        assert_eq!(order(Order::Unanswered), "bdca");
        assert_eq!(order(Order::Fair).len(), 4);
    }
}

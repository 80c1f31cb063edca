//! Pages of lists: `limit` items after a cursor. A cursor names the last item seen, not a number of items, so that
//! nothing is shown twice or left out when the list grows meanwhile.

use serde::Deserialize;
use utoipa::IntoParams;

use super::{super::problem::Problem, entity::List};
use crate::base::limits::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};

/// Which page of a list.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Most items wanted, 1 to 200; 50 where not given.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u64>,
    /// Where to go on, as in `next`.
    pub after: Option<String>,
}

/// Where an item stands in its list: when, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What the list is ordered by.
    pub at_millis: i64,
    /// The item's key.
    pub key: i64,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let (at, key) = text.split_once('-')?;
        Some(Self { at_millis: at.parse().ok()?, key: key.parse().ok()? })
    }
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

impl PageQuery {
    /// The items asked for, and the query of the next page.
    pub fn cut<T>(
        &self,
        items: Vec<T>,
        run: Run,
        place: impl Fn(&T) -> Place,
    ) -> Result<(Vec<T>, Option<String>), Problem> {
        let limit = self.limit.unwrap_or(PAGE_ITEMS_DEFAULT);
        if !(1..=PAGE_ITEMS_MAX).contains(&limit) {
            let message = format!("must be 1 to {PAGE_ITEMS_MAX}");
            return Err(Problem::invalid_field("limit", message));
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let start = match self.after.as_deref() {
            None => 0,
            Some(text) => {
                let seen = Place::read(text).ok_or_else(|| {
                    Problem::invalid_field("after", "must be taken from `next` as it stands there")
                })?;
                start_after(&items, seen, run, &place)
            }
        };
        let left = items.len().saturating_sub(start);
        let page: Vec<T> = items.into_iter().skip(start).take(limit).collect();
        let next = (left > limit)
            .then(|| page.last().map(&place))
            .flatten()
            .map(|place| format!("limit={limit}&after={}-{}", place.at_millis, place.key));
        Ok((page, next))
    }

    /// The page as a list whose `next` is a path.
    pub fn list<T, E: From<T>>(
        &self,
        path: &str,
        items: Vec<T>,
        run: Run,
        place: impl Fn(&T) -> Place,
    ) -> Result<List<E>, Problem> {
        let (page, next) = self.cut(items, run, place)?;
        Ok(List {
            items: page.into_iter().map(E::from).collect(),
            next: next.map(|query| {
                let sign = if path.contains('?') { '&' } else { '?' };
                format!("{path}{sign}{query}")
            }),
        })
    }
}

/// After the item seen last; where that is gone, at the first one beyond its place.
fn start_after<T>(items: &[T], seen: Place, run: Run, place: impl Fn(&T) -> Place) -> usize {
    if let Some(at) = items.iter().position(|item| place(item).key == seen.key) {
        return at + 1;
    }
    let beyond = |item: &T| match run {
        Run::Ascending => place(item).at_millis > seen.at_millis,
        Run::Descending => place(item).at_millis < seen.at_millis,
    };
    items.iter().position(beyond).unwrap_or(items.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that lists give")]
    fn place(item: &i64) -> Place {
        Place { at_millis: item / 10, key: *item }
    }

    fn query(limit: u64, after: Option<&str>) -> PageQuery {
        PageQuery { limit: Some(limit), after: after.map(str::to_owned) }
    }

    #[test]
    fn pages_meet_without_gap_or_overlap() {
        let items: Vec<i64> = (10..31).collect();
        let mut after = None;
        let mut seen = Vec::new();
        loop {
            let (page, next) =
                query(4, after.as_deref()).cut(items.clone(), Run::Ascending, place).unwrap();
            seen.extend(page);
            let Some(next) = next else { break };
            after = next.split_once("after=").map(|(_, cursor)| cursor.to_owned());
        }
        assert_eq!(seen, items);
    }

    #[test]
    fn a_newer_item_does_not_shift_the_next_page_and_a_lost_one_does_not_end_it() {
        let newest_first = vec![50, 40, 30, 20, 10];
        let (page, next) = query(2, None).cut(newest_first, Run::Descending, place).unwrap();
        assert_eq!((page, next.as_deref()), (vec![50, 40], Some("limit=2&after=4-40")));
        let after = Some("4-40");
        let grown = vec![60, 50, 40, 30, 20, 10];
        assert_eq!(query(2, after).cut(grown, Run::Descending, place).unwrap().0, [30, 20]);
        let lost = vec![60, 50, 30, 20];
        assert_eq!(
            query(2, after).cut(lost, Run::Descending, place).unwrap(),
            (vec![30, 20], None)
        );
    }

    #[test]
    fn limits_at_and_one_over_the_edge() {
        let cut = |limit| query(limit, None).cut(vec![1_i64], Run::Ascending, place);
        assert!(cut(1).is_ok() && cut(PAGE_ITEMS_MAX).is_ok());
        assert!(cut(0).is_err() && cut(PAGE_ITEMS_MAX + 1).is_err());
        assert!(query(1, Some("x")).cut(vec![1_i64], Run::Ascending, place).is_err());
    }
}

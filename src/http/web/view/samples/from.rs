//! Examples of the page for those who take part from their own server.

use super::*;
use crate::domain::reply::{ACTS, Tongue, words};

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let tongue = Tongue::of_tag(t.language.code()).unwrap_or(Tongue::English);
    let rows: Vec<WordRow> = ACTS
        .iter()
        .map(|act| WordRow {
            act: *act,
            word: words(tongue, *act)[0],
            also: words(tongue, *act)[1..].to_vec(),
        })
        .collect();
    let others = Tongue::ALL.iter().filter(|other| **other != tongue);
    let from = FromPage {
        t,
        page: page("/from?o=1", Section::Topics),
        opinion: Some((
            link("A shared watch first, a shared table second", "/o/1"),
            "https://cs.example/o/114823001000000001".into(),
        )),
        tongue,
        example: format!("{} §4: {}", rows[4].word, t.plain("from-example-reason")),
        rows,
        others: others
            .map(|other| (*other, ACTS.iter().map(|act| words(*other, *act)[0]).collect()))
            .collect(),
    };
    add("from", &from);
    add("from-any", &FromPage { opinion: None, ..from });
}

//! Order, repetition and route change nothing: the properties that every mirror of a topic stands on.

use std::collections::BTreeMap;

use polylogue::{
    record::{
        fold::{self, Held},
        item::{Cell, Item, Kind},
    },
    store::{entity::position, entries::Verdict},
};
use polylogue_tests::{SeededEntropy, TestDatabase};
use proptest::{prelude::*, test_runner::TestCaseError};
use tokio::runtime::Runtime;

use super::{
    history::{for_all, history, items, shuffled},
    shelf::{Shelf, Shown},
};

const SEED: u64 = 0x9019_1060;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn any_order_and_any_repetition_shows_the_same_and_so_does_rebuild() {
    let runtime = runtime();
    // On every database there is; a few histories are enough to find where the second one differs.
    for (at, database) in runtime.block_on(TestDatabase::each()).into_iter().enumerate() {
        let shelf = runtime.block_on(Shelf::over(database));
        any_order_shows_the_same(&runtime, &shelf, if at == 0 { 24 } else { 6 });
    }
}

fn any_order_shows_the_same(runtime: &Runtime, shelf: &Shelf, cases: u32) {
    for_all(cases, SEED, &(history(36), any::<u64>()), |(history, seed)| {
        let items = items(&history);
        let entropy = SeededEntropy::new(seed);
        runtime.block_on(async {
            let as_made = shelf.shows(&items).await;
            for round in 1..=3 {
                let laid = shelf.lay(&shuffled(&items, &entropy)).await;
                let shown = laid.shown().await;
                prop_assert_eq!(
                    &shown.text,
                    &as_made.text,
                    "order {} of {:#?}",
                    round,
                    brief(&items)
                );
                if round == 1 {
                    let again = laid.rebuilt().await.shown().await;
                    prop_assert_eq!(&again.text, &as_made.text, "rebuild of {:#?}", brief(&items));
                }
            }
            let shuffled = shuffled(&items, &entropy);
            let (alone, together) = shuffled.split_at(shuffled.len() / 3);
            let laid = shelf.lay(alone).await.and_together(together).await;
            prop_assert_eq!(
                &laid.shown().await.text,
                &as_made.text,
                "together: {:#?}",
                brief(&items)
            );
            nothing_disappears(&as_made, &items)?;
            positions_keep_their_word(&as_made, &items)
        })
    });
}

/// INV-7: whatever is undone or deleted, each text keeps its place, and one that has no words left says that its
/// author took them away.
fn nothing_disappears(shown: &Shown, items: &[Item]) -> Result<(), TestCaseError> {
    for item in items.iter().filter(|item| item.act_type == "Create") {
        match &item.cell {
            Some(Cell::Comment(uri)) => {
                let row = shown.comments.iter().find(|row| row.uri == *uri);
                // Or it is a position, by what a room read.
                let read = shown.positions.iter().any(|row| row.object_uri.as_ref() == Some(uri));
                if row.is_none() && read {
                    continue;
                }
                let row = row.ok_or_else(|| TestCaseError::fail(format!("{uri} disappeared")))?;
                prop_assert_eq!(row.content.is_empty(), row.deleted, "{}", uri);
            }
            Some(Cell::Line(..)) if is_position(item) => {
                let hash = item.hash.to_string();
                // The same act may be held twice, by proof and by evidence: it is one position.
                let same = items.iter().filter(|other| other.act_digest == item.act_digest);
                let hashes: Vec<String> = same.map(|other| other.hash.to_string()).collect();
                let found = shown.positions.iter().any(|row| hashes.contains(&row.entry_hash));
                prop_assert!(found, "the position {} disappeared", hash);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether an act that makes a Note takes a position: one of a kind that needs words without them takes none.
fn is_position(item: &Item) -> bool {
    let position = &item.document["object"]["position"];
    let kind = position["kind"].as_str().unwrap_or_default();
    let needs = ["plg:reservation", "plg:concern", "plg:objection"].contains(&kind);
    !needs || position["statement"].is_string()
}

/// INV-4 and INV-5: at most one live position in a line; each on the revision that its own signed act names.
fn positions_keep_their_word(shown: &Shown, items: &[Item]) -> Result<(), TestCaseError> {
    let mut live: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &shown.positions {
        *live.entry((&row.opinion_uri, &row.line)).or_default() += usize::from(row.live);
        let item = items.iter().find(|item| item.hash.to_string() == row.entry_hash);
        let item = item.ok_or_else(|| TestCaseError::fail("a position of no act"))?;
        if matches!(item.cell, Some(Cell::Comment(_))) {
            // What a room read: on the revision that its Reading names, and of nobody but the reply's author.
            let read = items.iter().any(|reading| {
                reading.kind == Kind::Reading
                    && reading.document["actor"] == row.actor
                    && reading.document["opinion"] == row.opinion_uri
                    && reading.document["revision"] == row.revision
                    && reading.document["revisionDigest"] == row.revision_digest
            });
            prop_assert!(read, "a position that nobody read: {row:?}");
            prop_assert_eq!(&item.actor, &row.actor);
            prop_assert!(
                row.on_behalf_of.is_none(),
                "what a reply claims is no line of another's: {row:?}"
            );
            continue;
        }
        let signed = match item.act_type.as_str() {
            "Like" => &item.document["position"],
            _ => &item.document["object"]["position"],
        };
        prop_assert_eq!(signed["revision"].as_i64(), Some(row.revision));
        prop_assert_eq!(signed["revisionDigest"].as_str(), Some(row.revision_digest.as_str()));
        prop_assert_eq!(&item.actor, &row.actor);
    }
    for (line, live) in live {
        prop_assert!(live <= 1, "{live} live positions in {line:?}");
    }
    Ok(())
}

#[test]
fn a_history_is_rich_enough_to_break_something() {
    // A generator that makes only refused or lonely items would prove nothing: over a few histories together every
    // sort of row there is must show.
    let runtime = runtime();
    let shelf = runtime.block_on(Shelf::new());
    let seen = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    for_all(24, SEED, &(history(36), any::<u64>()), |(history, _)| {
        let shown = runtime.block_on(shelf.shows(&items(&history)));
        let mut seen = seen.borrow_mut();
        let mut note = |what: &'static str, count: usize| *seen.entry(what).or_default() += count;
        note("opinions", shown.opinions.len());
        note("deleted opinions", shown.opinions.iter().filter(|o| o.deleted).count());
        for chain in ["complete", "incomplete", "broken"] {
            note(chain, shown.opinions.iter().filter(|o| o.chain == chain).count());
        }
        note(
            "attested opinions",
            shown.opinions.iter().filter(|o| o.received_at.is_some()).count(),
        );
        note(
            "revisions beside the current one",
            shown.revisions.iter().filter(|r| !r.current).count(),
        );
        note("placed comments", shown.comments.iter().filter(|c| c.opinion_uri.is_some()).count());
        note(
            "unplaced comments",
            shown.comments.iter().filter(|c| c.opinion_uri.is_none()).count(),
        );
        note("edited comments", shown.comments.iter().filter(|c| c.versions > 1).count());
        note("deleted comments", shown.comments.iter().filter(|c| c.deleted).count());
        note(
            "comments read",
            shown.comments.iter().filter(|c| c.claims_to_speak_for.is_some()).count(),
        );
        note(
            "positions read",
            shown.positions.iter().filter(|p| p.claims_to_speak_for.is_some()).count(),
        );
        note("live positions", shown.positions.iter().filter(|p| p.live).count());
        note(
            "withdrawn positions",
            shown.positions.iter().filter(|p| p.withdrawn_at.is_some()).count(),
        );
        note("unconfirmed positions", shown.positions.iter().filter(|p| !p.confirmed).count());
        let confirmed = |p: &&_| {
            let p: &position::Model = p;
            p.confirmed && p.on_behalf_of.is_some()
        };
        note("positions by delegates", shown.positions.iter().filter(confirmed).count());
        note(
            "attested positions",
            shown.positions.iter().filter(|p| p.received_at.is_some()).count(),
        );
        Ok(())
    });
    let seen = seen.into_inner();
    assert_eq!(seen.len(), 18);
    assert!(seen.values().all(|count| *count > 0), "{seen:#?}");
}

#[test]
fn what_is_held_changes_nothing_and_counts_once_it_is_verified() {
    let runtime = runtime();
    let shelf = runtime.block_on(Shelf::new());
    for_all(12, SEED + 1, &(history(30), any::<u64>()), |(history, seed)| {
        let items = items(&history);
        let entropy = SeededEntropy::new(seed);
        let order = shuffled(&items, &entropy);
        let doubtful = |item: &Item| item.hash.0[0].is_multiple_of(3);
        let sure: Vec<&Item> = items.iter().filter(|item| !doubtful(item)).collect();
        runtime.block_on(async {
            let without = shelf.shows(sure.iter().copied()).await;
            let with = shelf.shows(&items).await;
            let mut laid = shelf.lay([]).await;
            for item in &order {
                let verdict = if doubtful(item) { Verdict::Held } else { Verdict::Proof };
                laid = laid.and([item], verdict).await;
            }
            prop_assert_eq!(
                &laid.shown().await.text,
                &without.text,
                "held in {:#?}",
                brief(&items)
            );
            let again = laid.rebuilt().await;
            prop_assert_eq!(&again.shown().await.text, &without.text, "held, after rebuild");
            let verified = again.and(&order, Verdict::Proof).await;
            prop_assert_eq!(&verified.shown().await.text, &with.text, "once verified");
            // A later doubt takes nothing back.
            let doubted = verified.and(&order, Verdict::Held).await;
            prop_assert_eq!(&doubted.shown().await.text, &with.text, "doubted");
            Ok(())
        })
    });
}

#[test]
fn the_fold_itself_does_not_look_at_order() {
    for_all(32, SEED + 2, &(history(40), any::<u64>()), |(history, seed)| {
        let items = items(&history);
        let entropy = SeededEntropy::new(seed);
        let other = shuffled(&items, &entropy);
        let cells: std::collections::BTreeSet<Cell> =
            items.iter().filter_map(|item| item.cell.clone()).collect();
        for cell in cells {
            let of = |all: &[Item]| -> Vec<Held> {
                let mut seen = std::collections::BTreeSet::new();
                let once: Vec<Item> =
                    all.iter().filter(|item| seen.insert(item.hash)).cloned().collect();
                let modifiers: Vec<Item> = once
                    .iter()
                    .filter(|item| item.is_modifier() || item.kind == Kind::Reading)
                    .cloned()
                    .collect();
                once.into_iter()
                    .filter(|item| {
                        item.cell.as_ref() == Some(&cell)
                            || matches!(
                                (&cell, &item.cell),
                                (Cell::Line(..), Some(Cell::Comment(_)))
                            )
                    })
                    .map(|item| Held::new(item, &modifiers))
                    .collect()
            };
            let (one, two) = (of(&items), of(&other));
            match &cell {
                Cell::Opinion(_) => prop_assert_eq!(fold::opinion(&one), fold::opinion(&two)),
                Cell::Comment(_) => prop_assert_eq!(fold::comment(&one), fold::comment(&two)),
                Cell::Attested(_) => {
                    prop_assert_eq!(fold::attestations(&one), fold::attestations(&two));
                }
                Cell::Line(_, principal) => {
                    let (said, again) = (statements(&items), statements(&other));
                    prop_assert_eq!(
                        fold::line(principal, &one, &said),
                        fold::line(principal, &two, &again)
                    );
                }
            }
        }
        Ok(())
    });
}

/// Delegations and their ends, with what names them.
fn statements(items: &[Item]) -> Vec<Held> {
    let modifiers: Vec<Item> = items.iter().filter(|item| item.is_modifier()).cloned().collect();
    items
        .iter()
        .filter(|item| item.kind == Kind::Delegation || item.act_type == "Delete")
        .map(|item| Held::new(item.clone(), &modifiers))
        .collect()
}

/// Items in a line each, for the message of a failure.
fn brief(items: &[Item]) -> Vec<String> {
    items
        .iter()
        .map(|item| {
            let object = &item.document["object"];
            let answers = object["inReplyTo"].as_str().unwrap_or_default();
            format!(
                "{} {} by {} on {} {answers} at {:?}",
                item.act_type,
                item.id,
                item.actor,
                item.object.as_deref().unwrap_or_default(),
                item.published
            )
        })
        .collect()
}

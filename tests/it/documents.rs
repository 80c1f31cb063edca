//! Keeps the README true: its settings are the program's own. Keeps FEDERATION.md true: its limits
//! are those in force, its terms those we send.

use std::{collections::BTreeMap, fs, path::Path};

use polylogue::{base::limits, config::key::KEYS, protocol::context};

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

/// Rows of a table by their first cell, below the heading `## heading`.
fn rows(text: &str, heading: &str) -> BTreeMap<String, Vec<String>> {
    let (_, after) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = after.split("\n## ").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(2)
        .map(|line| {
            let cells: Vec<String> =
                line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
            (cells[0].replace('`', ""), cells)
        })
        .collect()
}

#[test]
fn the_readme_lists_every_setting_with_its_default() {
    let rows = rows(&document("README.md"), "Settings");
    let named: Vec<&str> = rows.keys().map(String::as_str).collect();
    let mut known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    known.sort_unstable();
    assert_eq!(named, known);
    for key in KEYS {
        assert_eq!(rows[key.name][2], key.default, "the default of {}", key.name);
    }
}

#[test]
fn the_limits_we_tell_others_are_those_in_force() {
    let rows = rows(&document("FEDERATION.md"), "Limits");
    let kib = |bytes: usize| format!("{} KiB", bytes / 1024);
    for (what, limit) in [
        ("signed activity that enters a log", kib(limits::ENTRY_BYTES_MAX)),
        ("body kept as delivery evidence", kib(limits::EVIDENCE_BODY_BYTES_MAX)),
        (
            "activities in one Announce",
            format!(
                "{}; one alone above {}",
                limits::ANNOUNCE_ITEMS_MAX,
                kib(limits::ANNOUNCE_BATCH_BYTES_MAX)
            ),
        ),
        ("body of a request to an inbox, document fetched", "1 MiB".to_owned()),
        (
            "depth of JSON, length of arrays",
            format!("{}, {}", limits::JSON_DEPTH_MAX, thousands(limits::JSON_ARRAY_LENGTH_MAX)),
        ),
        ("length of an id", format!("{} characters", thousands(limits::URI_CHARS_MAX))),
        ("abstract of an opinion", format!("{} characters", limits::ABSTRACT_CHARS_MAX)),
        (
            "statement of a position",
            format!("{} characters", thousands(limits::STATEMENT_CHARS_MAX)),
        ),
        ("hops of a relay", limits::RELAY_HOPS_MAX.to_string()),
        (
            "difference of a signed date from our clock",
            format!("{} hour", limits::SIGNATURE_WINDOW_SECONDS / 3_600),
        ),
    ] {
        assert_eq!(rows.get(what).map(|row| row[1].as_str()), Some(limit.as_str()), "{what}");
    }
    assert_eq!(limits::INBOX_BODY_BYTES_MAX, 1 << 20);
    assert_eq!(limits::FETCH_BODY_BYTES_MAX, 1 << 20);
    assert!(
        rows["document delivered outside the mesh"][1]
            .starts_with(&thousands(limits::DELIVERED_BYTES_MAX))
    );
}

fn thousands(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

#[test]
fn the_terms_we_tell_others_are_in_our_context() {
    let text = document("FEDERATION.md");
    let (_, after) = text.split_once("\nIn use: ").unwrap();
    let list = after.split(". ").next().unwrap();
    let context = context::context();
    let terms = context.as_array().unwrap().last().unwrap();
    let named: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    assert!(named.len() > 20, "{named:?}");
    for term in named {
        assert!(terms.get(term).is_some(), "`{term}` is not in the context of what we send");
    }
}

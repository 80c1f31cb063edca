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

/// Markdown tables' rows as cells, without the head.
fn table(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter(|line| line.starts_with("| "))
        .skip(2)
        .map(|line| {
            line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// All sources of the program and its tests, one after the other.
fn sources() -> String {
    fn read(directory: &Path, all: &mut String) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut all = String::new();
    for directory in ["src", "tests/it", "tests/process"] {
        read(&root.join(directory), &mut all);
    }
    all
}

#[test]
fn the_index_of_specifications_leads_somewhere() {
    let (sources, rows) = (sources(), table(&document("docs/spec-index.md")));
    assert!(rows.len() > 30);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for row in rows {
        for path in quoted(&row[2]) {
            assert!(root.join(path).is_file(), "{}: there is no {path}", row[0]);
        }
        for test in quoted(&row[3]) {
            assert!(sources.contains(&format!("fn {test}(")), "{}: there is no {test}", row[0]);
        }
    }
}

#[test]
fn the_table_of_numbered_tests_names_tests_that_exist() {
    let (sources, rows) = (sources(), table(&document("docs/federation/tests.md")));
    let numbers: Vec<u32> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    let all: Vec<u32> = (1..=72).chain([88]).collect();
    assert_eq!(numbers, all);
    for row in rows {
        let tests = quoted(&row[2]);
        assert_eq!(tests.is_empty(), row[3] == "missing", "{}", row[0]);
        for test in tests {
            assert!(sources.contains(&format!("fn {test}(")), "{}: there is no {test}", row[0]);
        }
    }
}

/// An example is a block after `<!-- golden NAME POINTER -->`: every member in it is that of the golden file, at any
/// depth; members may be left out.
#[test]
fn the_examples_we_give_others_are_what_we_send() {
    fn holds(golden: &serde_json::Value, example: &serde_json::Value, at: &str) {
        match (golden, example) {
            (serde_json::Value::Object(golden), serde_json::Value::Object(example)) => {
                for (name, member) in example {
                    let known = golden.get(name).unwrap_or_else(|| panic!("{at}: no `{name}`"));
                    holds(known, member, &format!("{at}/{name}"));
                }
            }
            _ => assert_eq!(golden, example, "{at}"),
        }
    }
    let text = document("FEDERATION.md");
    let mut seen = 0;
    for part in text.split("<!-- golden ").skip(1) {
        let (marker, rest) = part.split_once(" -->\n```json\n").expect("a block after its marker");
        let (name, pointer) = marker.split_once(' ').unwrap_or((marker, ""));
        let block = rest.split("\n```").next().unwrap();
        let example: serde_json::Value =
            serde_json::from_str(block).unwrap_or_else(|error| panic!("{marker}: {error}"));
        let golden = document(&format!("tests/golden/sent/{name}.json"));
        let golden: serde_json::Value = serde_json::from_str(&golden).unwrap();
        holds(golden.pointer(pointer).expect("a part of it"), &example, marker);
        seen += 1;
    }
    let blocks = text.matches("```json\n").count();
    assert_eq!(seen, blocks, "every example is from a golden file");
    assert!(seen >= 8);
}

//! Keeps the layers: who may import whom (docs/architecture.md, "Layers"), and which library belongs to which
//! folder. It reads the sources as text, which is cheaper than a crate per layer and gives better messages.

mod paths;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use self::paths::{PathUse, uses};

/// What is printed with every finding.
const ADVICE: &str = "if this edge is right, change docs/architecture.md and this table together";

const EVERYTHING: &[&str] = &[
    "base",
    "domain",
    "protocol",
    "record",
    "store",
    "service",
    "federation",
    "http",
    "workers",
    "config",
];

/// Each folder (or file) of `src/` and what it may import.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("domain", &["base"]),
    ("protocol", &["base"]),
    ("record", &["base", "domain", "protocol"]),
    ("store", &["base", "domain", "protocol", "record"]),
    ("service", &["base", "domain", "protocol", "record", "store"]),
    ("federation", &["base", "domain", "protocol", "record", "store", "service"]),
    ("http", &["base", "domain", "protocol", "record", "service", "federation"]),
    ("workers", &["base", "domain", "protocol", "record", "store", "service", "federation"]),
    ("config", &["base", "domain"]),
    ("app", EVERYTHING),
    (
        "cli",
        &[
            "base",
            "domain",
            "protocol",
            "record",
            "store",
            "service",
            "federation",
            "http",
            "workers",
            "config",
            "app",
        ],
    ),
    ("main", &["app", "cli", "config"]),
    ("lib", &[]),
];

/// A library (or an item of it) and the folders that may name it.
const OWNED: &[(&[&str], &[&str])] = &[
    (&["sea_orm"], &["store"]),
    (&["sqlx"], &["store"]),
    (&["activitypub_federation"], &["federation"]),
    (&["axum"], &["http", "app"]),
    (&["axum_extra"], &["http", "app"]),
];

/// Ways to an untyped JSON value, which the rules of the discussion never see.
const JSON_VALUES: &[&[&str]] = &[
    &["serde_json", "Value"],
    &["serde_json", "Map"],
    &["serde_json", "json"],
    &["serde_json", "*"],
];

/// Where it is decided who may do what, and how much: a stakeholder group is an input to none of it (INV-8).
const KNOW_NO_GROUP: &[&str] = &["domain/permission.rs", "base/limits.rs"];

/// What is wrong with one file of `src/`, `path` being relative to it; each finding is one printable line.
fn findings(path: &str, source: &str) -> Vec<String> {
    let segments: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let folder = segments[0];
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == folder) else {
        return vec![format!("src/{path}: `{folder}` has no place in the layers; {ADVICE}")];
    };
    let module: Vec<&str> = match segments.as_slice() {
        ["lib" | "main"] => Vec::new(),
        [folders @ .., "mod"] => folders.to_vec(),
        whole => whole.to_vec(),
    };
    let mut found = Vec::new();
    for used in uses(source) {
        let PathUse { line, segments, inline_depth } = &used;
        let mut report = |what: &str| {
            found.push(format!("src/{path}:{line}: `{}`: {what}; {ADVICE}", segments.join("::")));
        };
        if let Some(target) = folder_of(segments, module.len() + inline_depth, folder) {
            if !LAYERS.iter().any(|(name, _)| *name == target) {
                report(&format!("`{target}` has no place in the layers"));
            } else if target != folder && !allowed.contains(&target) {
                report(&format!("`{folder}` may not import `{target}`"));
            }
        }
        for (library, owners) in OWNED {
            if begins(segments, library) && !owners.contains(&folder) {
                report(&format!("only {} may name {}", owners.join(" and "), library.join("::")));
            }
        }
        let names_group = segments.iter().any(|name| name == "group" || name == "StakeholderGroup");
        if KNOW_NO_GROUP.contains(&path) && names_group {
            report("a stakeholder group decides no permission and no limit (INV-8)");
        }
        if folder == "domain" && JSON_VALUES.iter().any(|value| begins(segments, value)) {
            report("domain knows no untyped JSON");
        }
    }
    found
}

fn begins(segments: &[String], with: &[&str]) -> bool {
    segments.len() >= with.len() && segments.iter().zip(with).all(|(a, b)| a == b)
}

/// The folder that a path leads into, where it leads into one of this crate's. `depth`: how many modules deep the
/// path stands, so that `super` can be followed to the root.
fn folder_of<'a>(segments: &'a [String], depth: usize, folder: &str) -> Option<&'a str> {
    let first = segments.first()?;
    let after_root = match first.as_str() {
        "crate" => 1,
        "polylogue" if folder == "main" => 1,
        "super" => {
            let ups = segments.iter().take_while(|segment| *segment == "super").count();
            if ups < depth {
                return None;
            }
            ups
        }
        _ => return None,
    };
    segments.get(after_root).map(String::as_str).filter(|target| *target != "*")
}

/// Every source file below `dir`, but for files of tests beside the code.
fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs")
            && path.file_name().is_some_and(|n| n != "tests.rs")
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_source_keeps_to_its_layer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let files = sources(&src);
    assert!(files.len() > 20, "the sources were not found in {}", src.display());
    let found: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let path = file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
            findings(&path, &fs::read_to_string(file).unwrap())
        })
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_table_has_no_circles() {
    let mut placed = BTreeSet::new();
    while placed.len() < LAYERS.len() {
        let before = placed.len();
        for (name, allowed) in LAYERS {
            if allowed.iter().all(|below| placed.contains(below)) {
                placed.insert(*name);
            }
        }
        assert!(placed.len() > before, "only {placed:?} can be put below one another");
    }
}

#[test]
fn an_edge_that_is_not_in_the_table_is_found() {
    for (path, source) in [
        ("domain/opinion.rs", "use crate::store::Store;"),
        ("http/web/topics.rs", "use crate::{base::id, store::{Tx}};"),
        ("http/mod.rs", "fn f() { let x = crate::workers::runner::start(); }"),
        ("record/entry.rs", "use super::super::store::entries;"),
        ("record/mod.rs", "use super::service::topics;"),
        ("record/project/mod.rs", "use super::super::{store, record};"),
        ("record/entry.rs", "mod inner { use super::super::super::store::x; }"),
        ("service/mod.rs", "use crate::config::Config;"),
        ("base/id.rs", "pub(crate) fn f(x: &crate::domain::Group) {}"),
        ("main.rs", "use polylogue::store;"),
    ] {
        let found = findings(path, source);
        assert_eq!(found.len(), 1, "{path}: {source}: {found:?}");
        assert!(found[0].starts_with(&format!("src/{path}:1: ")), "{}", found[0]);
        assert!(found[0].ends_with(ADVICE));
    }
}

#[test]
fn an_edge_of_the_table_is_not() {
    for (path, source) in [
        (
            "store/entries.rs",
            "use crate::{record::Entry, base::clock::Clock};\nuse super::{Tx, error::StoreError};",
        ),
        ("store/entity/mod.rs", "use super::super::record::Entry; use super::error;"),
        ("record/mod.rs", "pub(in crate::record) use self::entry::Entry; pub(crate) mod x;"),
        (
            "domain/group.rs",
            "//! crate::store is not for us\n/* crate::store /* crate::store */ */ const A: &str = \"crate::store\";",
        ),
        (
            "domain/group.rs",
            "const A: &str = r#\"\"crate::store\"#; const C: char = '\"'; fn f<'a>(x: &'a str) {}",
        ),
        (
            "domain/group.rs",
            "pub fn f() {}\n#[cfg(test)]\nmod tests { use crate::store::Store; fn g() { { } } }",
        ),
        ("main.rs", "use polylogue::{cli, config};"),
        ("app.rs", "use crate::{http::router, store::Store}; use axum::extract::FromRef;"),
    ] {
        assert_eq!(findings(path, source), Vec::<String>::new(), "{path}: {source}");
    }
}

#[test]
fn what_follows_a_test_module_is_read_again() {
    let source = "#[cfg(test)]\nmod tests { fn f() { x(\"}\") } }\nuse crate::store::Store;";
    let found = findings("domain/group.rs", source);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("src/domain/group.rs:3: "), "{}", found[0]);
    let one_item = "#[cfg(test)]\nuse crate::store::A;\nuse crate::store::B;";
    assert_eq!(findings("domain/group.rs", one_item).len(), 1);
}

#[test]
fn a_folder_nobody_placed_is_found() {
    assert!(findings("helpers/mod.rs", "")[0].contains("`helpers` has no place in the layers"));
    assert!(
        findings("app.rs", "use crate::helpers;")[0]
            .contains("`helpers` has no place in the layers")
    );
}

#[test]
fn libraries_stay_with_their_owner() {
    for (path, source) in [
        ("service/topics.rs", "use sea_orm::EntityTrait;"),
        ("service/topics.rs", "use sea_orm as orm;"),
        ("http/web/mod.rs", "type R = Result<(), ::sea_orm::DbErr>;"),
        ("http/mod.rs", "use activitypub_federation::config::Data;"),
        ("federation/inbox.rs", "use {http::HeaderMap, axum::body::Body};"),
        ("domain/group.rs", "use serde_json::{Map as M};"),
        ("domain/permission.rs", "pub fn may(g: super::group::StakeholderGroup) {}"),
        ("domain/group.rs", "fn f() -> serde_json::Value { serde::x() }"),
        ("domain/group.rs", "fn f() { serde_json::json!({}); }"),
        ("domain/group.rs", "use serde_json::*;"),
    ] {
        assert_eq!(findings(path, source).len(), 1, "{path}: {source}");
    }
    for (path, source) in [
        ("store/topics.rs", "use sea_orm::EntityTrait;"),
        ("federation/fetch.rs", "use activitypub_federation::traits::Object;"),
        ("http/router.rs", "use axum::Router;"),
        ("protocol/object.rs", "use serde_json::Value;"),
        ("domain/group.rs", "fn f() { serde_json::to_string(&1); }"),
    ] {
        assert_eq!(findings(path, source), Vec::<String>::new(), "{path}: {source}");
    }
}

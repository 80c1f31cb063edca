//! What unit tests start from: the shared fixtures, which are read where they are present and never copied in (a test
//! that does not find them says so aloud), and properties that are tried with the same cases everywhere.

use std::path::PathBuf;

use proptest::test_runner::{Config, RngSeed};
use serde_json::Value;

/// The seed of every property in this crate, unless `POLYLOGUE_TEST_SEED` names another: a run that is green here is
/// green elsewhere, and whoever looks for more cases names a seed and can name it again.
const SEED: u64 = 20_261_126;

/// How often a property is tried, and with which cases.
pub(crate) fn cases(cases: u32) -> Config {
    #[expect(clippy::disallowed_methods, reason = "so that a failed test can be run again")]
    let named = std::env::var("POLYLOGUE_TEST_SEED");
    let seed = named.ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() }
}

/// Where the fixtures are, or would be.
pub(crate) fn root() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "tests find the shared fixtures by it")]
    let named = std::env::var("POLYLOGUE_FIXTURES");
    named.map_or_else(
        |_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
        PathBuf::from,
    )
}

/// The bytes of one fixture.
pub(crate) fn fixture(path: &str) -> Option<Vec<u8>> {
    let path = root().join(path);
    let read = std::fs::read(&path).ok();
    if read.is_none() {
        println!("SKIPPED: no fixture {}", path.display());
    }
    read
}

/// One fixture as JSON.
pub(crate) fn fixture_json(path: &str) -> Option<Value> {
    fixture(path).map(|bytes| serde_json::from_slice(&bytes).unwrap())
}

/// All JSON files under one folder of the fixtures, with their paths.
pub(crate) fn fixtures_under(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "json") {
                found.push((path.clone(), std::fs::read(&path).unwrap()));
            }
        }
    }
    if found.is_empty() {
        println!("SKIPPED: no fixtures under {folder}");
    }
    found.sort();
    found
}

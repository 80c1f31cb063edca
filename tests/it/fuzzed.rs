//! Replays what the fuzzers of `fuzz/` began from and what they found: each committed input holds, without a fuzzer.

use std::path::Path;

#[path = "../../fuzz/targets.rs"]
mod targets;

fn replay(name: &str, target: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let mut tried = 0;
    for entry in std::fs::read_dir(&corpus).expect("a corpus") {
        let path = entry.expect("an entry").path();
        println!("{}", path.display());
        target(&std::fs::read(&path).expect("an input"));
        tried += 1;
    }
    assert!(tried >= 3, "{tried} inputs in {}", corpus.display());
}

#[test]
fn documents_at_the_inbox() {
    replay("inbox", targets::inbox);
}

#[test]
fn signatures_of_requests() {
    replay("signature", targets::signature);
}

#[test]
fn html_of_others() {
    replay("sanitiser", targets::sanitiser);
}

#[test]
fn markdown_of_people_here() {
    replay("markdown", targets::markdown);
}

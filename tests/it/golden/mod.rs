//! Every shape of document that we send, as it was agreed: made by the program with fixed keys and a fixed clock, and
//! compared with the files in `tests/golden/sent`. With `POLYLOGUE_WRITE_GOLDEN=1` they are written anew; what changed is
//! then seen in the diff.

mod readers;
mod rules;
mod story;

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::Value;

/// Writes the files instead of comparing them.
const WRITE_VARIABLE: &str = "POLYLOGUE_WRITE_GOLDEN";

/// Documents by name.
pub(crate) type Gallery = BTreeMap<String, Value>;

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/sent")
}

/// The documents as they stand in the files.
pub(crate) fn gallery() -> Gallery {
    let mut gallery = Gallery::new();
    for entry in fs::read_dir(directory()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        gallery.insert(name, serde_json::from_str(&text).unwrap());
    }
    assert!(gallery.len() > 40, "the golden files are not there");
    gallery
}

/// A document as it stands in its file: members in order, and each context on a line of its own.
fn print(document: &Value) -> String {
    fn take(value: &mut Value, contexts: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| take(item, contexts)),
            Value::Object(members) => {
                for (name, member) in members {
                    if name == "@context" && !member.is_string() {
                        contexts.push(member.to_string());
                        *member = format!("context {}", contexts.len() - 1).into();
                    } else {
                        take(member, contexts);
                    }
                }
            }
            _ => {}
        }
    }
    let (mut document, mut contexts) = (document.clone(), Vec::new());
    take(&mut document, &mut contexts);
    let mut text = serde_json::to_string_pretty(&document).unwrap();
    for (number, context) in contexts.iter().enumerate() {
        text = text.replace(&format!("\"context {number}\""), context);
    }
    text.push('\n');
    text
}

#[tokio::test]
async fn every_shape_that_is_sent_stands_in_its_file() {
    let made = Box::pin(story::told()).await;
    let write = std::env::var_os(WRITE_VARIABLE).is_some();
    let mut wrong = Vec::new();
    for (name, document) in &made {
        let path = directory().join(format!("{name}.json"));
        let text = print(document);
        if write {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            wrong.push(format!("{name} is sent as\n{text}"));
        }
    }
    for entry in fs::read_dir(directory()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if !made.contains_key(&name) {
            if write {
                fs::remove_file(&path).unwrap();
            } else {
                wrong.push(format!("{name} is sent no more"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ; set {WRITE_VARIABLE}=1 if that is meant\n{}",
        wrong.len(),
        made.len(),
        wrong.join("\n")
    );
}

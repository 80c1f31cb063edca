//! Names of form fields as places in a document: `source[privacy]`, `id[]`, `fields_attributes[0][name]`. The same in a
//! query, in a form and in a form of several parts.

use serde_json::{Map, Value};

use super::failure::Failure;
use crate::base::limits;

/// One step into a document.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    /// By name.
    Into(&'a str),
    /// To the end of a list.
    Next,
}

/// Fields that become a document.
#[derive(Debug, Default)]
pub(super) struct Places {
    tree: Map<String, Value>,
    fields: usize,
}

impl Places {
    /// Puts a field where its name says.
    pub(super) fn put(&mut self, name: &str, value: String) -> Result<(), Failure> {
        self.fields += 1;
        if self.fields > limits::PARAMETERS_MAX {
            let max = limits::PARAMETERS_MAX;
            return Err(Failure::malformed(format!("more than {max} fields")));
        }
        let (first, steps) = steps(name);
        if 1 + steps.len() > limits::PARAMETER_DEPTH_MAX {
            let max = limits::PARAMETER_DEPTH_MAX;
            return Err(Failure::malformed(format!("a field is more than {max} deep")));
        }
        let slot = self.tree.entry(first).or_insert(Value::Null);
        insert(slot, &steps, Value::String(value));
        Ok(())
    }

    /// The document.
    pub(super) fn into_document(self) -> Map<String, Value> {
        self.tree
    }
}

/// The first name and the steps from there. A name whose brackets do not match is a name as it stands.
fn steps(name: &str) -> (&str, Vec<Step<'_>>) {
    let Some((first, rest)) = name.split_once('[') else { return (name, Vec::new()) };
    let Some(rest) = rest.strip_suffix(']') else { return (name, Vec::new()) };
    let steps: Vec<Step<'_>> = rest
        .split("][")
        .map(|step| if step.is_empty() { Step::Next } else { Step::Into(step) })
        .collect();
    let odd =
        steps.iter().any(|step| matches!(step, Step::Into(name) if name.contains(['[', ']'])));
    if odd || first.is_empty() { (name, Vec::new()) } else { (first, steps) }
}

fn insert(slot: &mut Value, steps: &[Step<'_>], value: Value) {
    match steps.split_first() {
        None => match slot {
            Value::Null => *slot = value,
            Value::Array(items) => items.push(value),
            // Sent twice: who wants one takes the last, who wants a list takes both.
            once => *once = Value::Array(vec![once.take(), value]),
        },
        Some((Step::Into(name), rest)) => {
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            if let Value::Object(map) = slot {
                insert(map.entry(*name).or_insert(Value::Null), rest, value);
            }
        }
        Some((Step::Next, rest)) => {
            if slot.is_null() {
                *slot = Value::Array(Vec::new());
            } else if !slot.is_array() {
                *slot = Value::Array(vec![slot.take()]);
            }
            if let Value::Array(items) = slot {
                // `a[][x]=1&a[][y]=2&a[][x]=3`: an item begins where the last one has this field already.
                if items.last().is_none_or(|last| holds(last, rest)) {
                    items.push(Value::Null);
                }
                if let Some(item) = items.last_mut() {
                    insert(item, rest, value);
                }
            }
        }
    }
}

fn holds(item: &Value, steps: &[Step<'_>]) -> bool {
    match steps.split_first() {
        None => true,
        Some((Step::Into(name), rest)) => match item {
            Value::Object(map) => map.get(*name).is_some_and(|inner| holds(inner, rest)),
            other => !other.is_null(),
        },
        Some((Step::Next, _)) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(fields: &[(&str, &str)]) -> Value {
        let mut places = Places::default();
        for (name, value) in fields {
            places.put(name, (*value).to_owned()).unwrap();
        }
        Value::Object(places.into_document())
    }

    #[test]
    fn every_way_of_writing_a_list_and_a_part() {
        for (fields, document) in [
            (vec![("a", "1")], json!({"a": "1"})),
            (vec![("a", "1"), ("a", "2")], json!({"a": ["1", "2"]})),
            (vec![("a[]", "1")], json!({"a": ["1"]})),
            (vec![("a[]", "1"), ("a[]", "2")], json!({"a": ["1", "2"]})),
            (vec![("a", "1"), ("a[]", "2")], json!({"a": ["1", "2"]})),
            (vec![("a[b]", "1"), ("a[c]", "2")], json!({"a": {"b": "1", "c": "2"}})),
            (vec![("a[0]", "1"), ("a[1]", "2")], json!({"a": {"0": "1", "1": "2"}})),
            (vec![("p[o][]", "1"), ("p[o][]", "2")], json!({"p": {"o": ["1", "2"]}})),
            (
                vec![("k[][w]", "1"), ("k[][x]", "2"), ("k[][w]", "3")],
                json!({"k": [{"w": "1", "x": "2"}, {"w": "3"}]}),
            ),
            (
                vec![("k[][w][]", "1"), ("k[][w][]", "2"), ("k[][n]", "3")],
                json!({"k": [{"w": ["1", "2"], "n": "3"}]}),
            ),
            (
                vec![("a[", "1"), ("[b]", "2"), ("c]", "3")],
                json!({"a[": "1", "[b]": "2", "c]": "3"}),
            ),
            (vec![("a[b[c]]", "1")], json!({"a[b[c]]": "1"})),
        ] {
            assert_eq!(read(&fields), document, "{fields:?}");
        }
    }

    #[test]
    fn names_and_fields_at_the_limit_and_one_over() {
        let deep = |depth: usize| format!("a{}", "[b]".repeat(depth - 1));
        let mut places = Places::default();
        assert!(places.put(&deep(limits::PARAMETER_DEPTH_MAX), String::new()).is_ok());
        assert!(places.put(&deep(limits::PARAMETER_DEPTH_MAX + 1), String::new()).is_err());
        let mut places = Places::default();
        for _ in 0..limits::PARAMETERS_MAX {
            places.put("id[]", "1".to_owned()).unwrap();
        }
        assert_eq!(places.put("id[]", "1".to_owned()).unwrap_err().status(), 400);
    }
}

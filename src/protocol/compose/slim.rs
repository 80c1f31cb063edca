//! The short form of an activity for those who take only small documents (G4): the object's id in place of the
//! object. It has an id of its own, for it is another signed document, and it is no entry of any record (decisions 2).

use serde_json::{Map, Value};

/// What the short form's id ends in.
pub const SUFFIX: &str = "/slim";

/// The short form of a `Create` or `Update`, without a proof; none where there is no object to leave out.
pub fn slim(activity: &Value) -> Option<Value> {
    let kind = activity.get("type")?.as_str()?;
    if !matches!(kind, "Create" | "Update") {
        return None;
    }
    let mut document = Map::new();
    for (name, value) in activity.as_object()?.iter().filter(|(name, _)| *name != "proof") {
        let value = match name.as_str() {
            "id" => format!("{}{SUFFIX}", value.as_str()?).into(),
            "object" => value.get("id")?.clone(),
            _ => value.clone(),
        };
        document.insert(name.clone(), value);
    }
    Some(Value::Object(document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn leaves_out_the_object_and_the_proof_and_takes_another_id() {
        let full = json!({"id": "https://a.example/a/1", "type": "Create", "actor": "x", "to": ["p"],
            "object": {"id": "https://a.example/o/1", "content": "long"}, "proof": {}});
        let short = json!({"id": "https://a.example/a/1/slim", "type": "Create", "actor": "x", "to": ["p"],
            "object": "https://a.example/o/1"});
        assert_eq!(slim(&full), Some(short.clone()));
        assert_eq!(slim(&short), None, "nothing is left to leave out");
        assert_eq!(slim(&json!({"id": "i", "type": "Like", "object": {"id": "o"}})), None);
    }
}

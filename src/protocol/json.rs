//! The one way in which JSON from elsewhere is read: UTF-8 only, bounded depth and array length, no key twice in
//! one object, finite numbers (decisions 3, V1). Everything is refused while reading, so that what is hostile
//! costs memory only in proportion to what was already sent; nothing is repaired.
//!
//! A key given twice is refused because readers differ in which one they keep: what was signed would not be what is
//! shown.

use std::{cell::Cell, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::base::limits;

/// Why a document was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not UTF-8.
    #[error("not UTF-8 from byte {valid_bytes} on")]
    Utf8 {
        /// How many bytes before the fault are UTF-8.
        valid_bytes: usize,
    },
    /// Not JSON (RFC 8259), or more than one value.
    #[error("not JSON: {what}")]
    Syntax {
        /// What the reader met, with line and column.
        what: String,
    },
    /// Nested deeper than is read.
    #[error("nested deeper than {max} levels")]
    Depth {
        /// The limit.
        max: usize,
    },
    /// An array with more items than are read.
    #[error("an array with more than {max} items")]
    ArrayLength {
        /// The limit.
        max: usize,
    },
    /// One object holds a key twice.
    #[error("the key {key:?} stands twice in one object")]
    DuplicateKey {
        /// The key, cut at 100 characters.
        key: String,
    },
    /// A number beyond what a double can hold.
    #[error("a number out of range")]
    Number,
}

/// How deep and how wide a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting: 1 is an object or array of plain values, 0 a plain value.
    pub depth: usize,
    /// Most items in one array.
    pub array: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: limits::JSON_DEPTH_MAX, array: limits::JSON_ARRAY_LENGTH_MAX }
    }
}

/// Reads one JSON value within the limits for documents from elsewhere.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    parse_with(bytes, Limits::default())
}

/// Reads one JSON value within `limits`. Depths above 100 are cut to 100: the reader is recursive.
pub fn parse_with(bytes: &[u8], limits: Limits) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| JsonError::Utf8 { valid_bytes: error.valid_up_to() })?;
    let refusal = Cell::new(None);
    let seed = Seed {
        depth_left: limits.depth.min(100),
        limits: Limits { depth: limits.depth.min(100), ..limits },
        refusal: &refusal,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| {
        refusal.take().unwrap_or_else(|| {
            let what = error.to_string();
            // serde_json has no kind for it; it refuses what does not fit a double with these words.
            if what.starts_with("number out of range") {
                JsonError::Number
            } else {
                JsonError::Syntax { what }
            }
        })
    })
}

/// A JSON value that any serde reader reads as strictly as [`parse`], for readers that are not ours. What is wrong is
/// then told in words only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strict(pub Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let limits = Limits::default();
        let refusal = Cell::new(None);
        let seed = Seed { depth_left: limits.depth, limits, refusal: &refusal };
        seed.deserialize(deserializer).map(Self)
    }
}

/// Reads a value at a given depth. What is refused is left in `refusal`, since serde's error is only text.
#[derive(Clone, Copy)]
struct Seed<'a> {
    depth_left: usize,
    limits: Limits,
    refusal: &'a Cell<Option<JsonError>>,
}

impl Seed<'_> {
    fn refuse<E: serde::de::Error>(self, error: JsonError) -> E {
        let text = E::custom(&error);
        self.refusal.set(Some(error));
        text
    }

    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth_left.checked_sub(1) {
            Some(depth_left) => Ok(Self { depth_left, ..self }),
            None => Err(self.refuse(JsonError::Depth { max: self.limits.depth })),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| self.refuse(JsonError::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut array = Vec::new();
        // The item one over the limit is still read: an array that ends there is the shortest that is too long.
        while let Some(item) = items.next_element_seed(inside)? {
            if array.len() >= self.limits.array {
                return Err(self.refuse(JsonError::ArrayLength { max: self.limits.array }));
            }
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.contains_key(&key) {
                let key = key.chars().take(100).collect();
                return Err(self.refuse(JsonError::DuplicateKey { key }));
            }
            let value = members.next_value_seed(inside)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn depth_at_and_one_over_the_edge() {
        let max = limits::JSON_DEPTH_MAX;
        assert!(parse(nested(max).as_bytes()).is_ok());
        assert_eq!(parse(nested(max + 1).as_bytes()), Err(JsonError::Depth { max }));
        let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(parse(objects(max).as_bytes()).is_ok());
        assert_eq!(parse(objects(max + 1).as_bytes()), Err(JsonError::Depth { max }));
        // Not even closed: refused on the way in, not by a stack that runs out.
        assert_eq!(parse("[".repeat(1_000_000).as_bytes()), Err(JsonError::Depth { max }));
        let plain = Limits { depth: 0, array: 1 };
        assert_eq!(parse_with(b"7", plain), Ok(Value::from(7)));
        assert_eq!(parse_with(b"[]", plain), Err(JsonError::Depth { max: 0 }));
    }

    #[test]
    fn array_length_at_and_one_over_the_edge() {
        let array = |n: usize| format!("[{}]", vec!["0"; n].join(","));
        let max = limits::JSON_ARRAY_LENGTH_MAX;
        assert_eq!(parse(array(max).as_bytes()).unwrap().as_array().unwrap().len(), max);
        assert_eq!(parse(array(max + 1).as_bytes()), Err(JsonError::ArrayLength { max }));
        let wide = Limits { depth: 32, array: max + 1 };
        assert!(parse_with(array(max + 1).as_bytes(), wide).is_ok());
        // The limit is for arrays alone: an object may have more members.
        let object: Vec<String> = (0..=max).map(|n| format!("\"{n}\":0")).collect();
        assert!(parse(format!("{{{}}}", object.join(",")).as_bytes()).is_ok());
    }

    #[test]
    fn no_key_twice_in_one_object() {
        let twice = |key: &str| Err(JsonError::DuplicateKey { key: key.to_owned() });
        assert_eq!(parse(br#"{"a":1,"a":1}"#), twice("a"));
        assert_eq!(parse(br#"{"x":[{"id":1,"id":2}]}"#), twice("id"));
        // Written with an escape it is the same key.
        assert_eq!(parse(br#"{"id":1,"\u0069d":2}"#), twice("id"));
        assert!(parse(br#"{"a":{"a":1},"b":[{"a":2},{"a":3}]}"#).is_ok());
    }

    #[test]
    fn as_strict_for_readers_that_are_not_ours() {
        let read = |text: &str| serde_json::from_str::<Strict>(text);
        assert_eq!(read("{\"a\":[1]}").unwrap().0["a"][0], 1);
        assert!(read("{\"a\":1,\"a\":2}").unwrap_err().to_string().contains("twice"));
        assert!(read(&nested(limits::JSON_DEPTH_MAX)).is_ok());
        assert!(read(&nested(limits::JSON_DEPTH_MAX + 1)).is_err());
    }

    #[test]
    fn only_finite_numbers() {
        assert_eq!(parse(b"1e999"), Err(JsonError::Number));
        assert_eq!(parse(b"[-1e999]"), Err(JsonError::Number));
        assert_eq!(parse(b"-71.184902").unwrap().as_f64(), Some(-71.184_902));
        assert_eq!(parse(b"18446744073709551615").unwrap().as_u64(), Some(u64::MAX));
        assert!(matches!(parse(b"NaN"), Err(JsonError::Syntax { .. })));
        assert!(matches!(parse(b"01"), Err(JsonError::Syntax { .. })));
    }

    #[test]
    fn only_utf8_and_only_one_value() {
        assert_eq!(parse(b"{\"a\":\"\xff\"}"), Err(JsonError::Utf8 { valid_bytes: 6 }));
        assert!(matches!(parse(br#""\ud800""#), Err(JsonError::Syntax { .. })));
        assert!(matches!(parse(b"{} {}"), Err(JsonError::Syntax { .. })));
        assert!(matches!(parse(b""), Err(JsonError::Syntax { .. })));
        assert!(matches!(parse(b"{\"a\":1,}"), Err(JsonError::Syntax { .. })));
        assert_eq!(parse(b" {\"a\": [null, true, \"\\u00e9\"]} \n").unwrap()["a"][2], "é");
    }
}

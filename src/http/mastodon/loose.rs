//! Reads a document as what an endpoint takes, kindly: forms know only words, and programs send `"0"`, `0` and `false` for
//! the same thing, one value for a list of one, `{"0": …}` for a list.

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess,
        Unexpected, Visitor,
        value::{Error, StringDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

use super::failure::Failure;

const TRUE: &[&str] = &["1", "true", "t", "on", "yes", "y"];
const FALSE: &[&str] = &["", "0", "false", "f", "off", "no", "n"];

/// Reads a whole document; the field that is not as it must be is named.
pub(super) fn read<T: DeserializeOwned>(document: Map<String, Value>) -> Result<T, Failure> {
    serde_path_to_error::deserialize(Loose(Value::Object(document))).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner();
        if path == "." {
            Failure::invalid(message)
        } else {
            Failure::invalid(format!("{path}: {message}"))
        }
    })
}

/// A value, read kindly.
struct Loose(Value);

impl Loose {
    /// What stands for one value: of what was sent several times, the last.
    fn one(self) -> Value {
        match self.0 {
            Value::Array(mut items) => items.pop().unwrap_or(Value::Null),
            other => other,
        }
    }

    fn number<T: std::str::FromStr>(self, what: &'static str) -> Result<T, Error> {
        let value = self.one();
        let text = match &value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        text.parse().map_err(|_no_number| Error::invalid_value(Unexpected::Str(&text), &what))
    }
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $type:ty,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.number::<$type>("a whole number")?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Loose {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(map) => {
                visitor.visit_map(Entries { entries: map.into_iter(), value: None })
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = match self.one() {
            Value::Bool(value) => return visitor.visit_bool(value),
            Value::Null => return visitor.visit_bool(false),
            Value::String(text) => text,
            other => other.to_string(),
        };
        let word = text.trim().to_ascii_lowercase();
        if TRUE.contains(&word.as_str()) {
            visitor.visit_bool(true)
        } else if FALSE.contains(&word.as_str()) {
            visitor.visit_bool(false)
        } else {
            Err(Error::invalid_value(Unexpected::Str(&text), &"`true` or `false`"))
        }
    }

    whole_numbers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f32(self.number("a number")?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.number("a number")?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.one() {
            Value::String(text) => visitor.visit_string(text),
            Value::Null => visitor.visit_string(String::new()),
            value @ (Value::Bool(_) | Value::Number(_)) => visitor.visit_string(value.to_string()),
            Value::Array(_) => Err(Error::invalid_type(Unexpected::Seq, &"one value")),
            Value::Object(_) => Err(Error::invalid_type(Unexpected::Map, &"one value")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let items = match self.0 {
            Value::Array(items) => items,
            Value::Null => Vec::new(),
            Value::String(text) if text.is_empty() => Vec::new(),
            Value::Object(map) => numbered(map)?,
            one => vec![one],
        };
        visitor.visit_seq(Items(items.into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Value::String(word) = self.one() else {
            return Err(Error::custom("one of a few words is expected"));
        };
        let word: StringDeserializer<Error> = word.into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

/// `{"0": a, "1": b}` as a list; other maps are none.
fn numbered(map: Map<String, Value>) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    for (place, value) in map {
        let place: u32 =
            place.parse().map_err(|_no_number| Error::invalid_type(Unexpected::Map, &"a list"))?;
        items.push((place, value));
    }
    items.sort_by_key(|(place, _)| *place);
    Ok(items.into_iter().map(|(_, value)| value).collect())
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|value| seed.deserialize(Loose(value))).transpose()
    }
}

struct Entries {
    entries: serde_json::map::IntoIter,
    value: Option<Value>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        let name: StringDeserializer<Error> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Loose(self.value.take().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Taken {
        flag: bool,
        perhaps: Option<bool>,
        count: Option<u64>,
        text: Option<String>,
        ids: Vec<String>,
        part: Part,
        parts: Vec<Part>,
        word: Option<Word>,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Part {
        flag: bool,
        name: String,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        Public,
        Unlisted,
    }

    fn taken(document: Value) -> Result<Taken, Failure> {
        let Value::Object(map) = document else { panic!("an object") };
        read(map)
    }

    #[test]
    fn booleans_in_every_spelling() {
        for yes in [json!(true), json!(1), json!("1"), json!("true"), json!("True"), json!("on")] {
            let read = taken(json!({"flag": yes, "perhaps": yes})).unwrap();
            assert!(read.flag && read.perhaps == Some(true), "{yes}");
        }
        for no in [json!(false), json!(0), json!("0"), json!("False"), json!("off"), json!("")] {
            let read = taken(json!({"flag": no, "perhaps": no})).unwrap();
            assert!(!read.flag && read.perhaps == Some(false), "{no}");
        }
        assert_eq!(taken(json!({"perhaps": null})).unwrap().perhaps, None);
        for odd in [json!("maybe"), json!(2), json!({})] {
            assert_eq!(taken(json!({"flag": odd})).unwrap_err().status(), 422, "{odd}");
        }
    }

    #[test]
    fn numbers_words_and_lists_in_every_shape() {
        let read = taken(json!({"count": "40", "text": 7, "ids": 5, "word": "public"})).unwrap();
        assert_eq!((read.count, read.text.as_deref()), (Some(40), Some("7")));
        assert_eq!((read.ids, read.word), (vec!["5".to_owned()], Some(Word::Public)));
        for ids in [json!(["1", "2"]), json!([1, 2]), json!({"1": 2, "0": "1"})] {
            assert_eq!(taken(json!({"ids": ids})).unwrap().ids, ["1", "2"], "{ids}");
        }
        assert!(taken(json!({"ids": ""})).unwrap().ids.is_empty());
        assert_eq!(taken(json!({"text": ["a", "b"], "count": ["1", "2"]})).unwrap().count, Some(2));
        let read = taken(json!({"part": {"flag": "1", "name": "x"}, "parts": {"0": {"name": 1}}}));
        let read = read.unwrap();
        assert!(read.part.flag && read.parts[0].name == "1");
        assert_eq!(taken(json!({"unknown": {"deep": [1]}})).unwrap(), Taken::default());
        for wrong in [
            json!({"count": "many"}),
            json!({"count": -1}),
            json!({"ids": {"a": 1}}),
            json!({"word": "x"}),
        ] {
            assert_eq!(taken(wrong.clone()).unwrap_err().status(), 422, "{wrong}");
        }
        let failure = format!("{:?}", taken(json!({"parts": [{}, {"flag": "x"}]})).unwrap_err());
        assert!(failure.contains("parts[1].flag"), "{failure}");
    }
}

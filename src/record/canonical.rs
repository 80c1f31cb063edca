//! RFC 8785 canonical JSON: the bytes that every hash and every proof of the record are over, and a document exactly as those
//! bytes read. Every entry passes here several times, so it is one walk over the value: `serde_json_canonicalizer`, which
//! parses each key and copies each object once per level, took a sixth of the time of a received reply. It stays as the
//! yardstick of the tests.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// Beyond this an integer has no exact double, and is written as the nearest one.
const EXACT_MAX: u64 = 1 << 53;

/// The canonical form of a value.
pub fn to_bytes(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write(value, &mut out);
    out
}

/// The canonical form of a value without some members at its top level.
pub fn to_bytes_without(value: &Value, names: &[&str]) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    match value {
        Value::Object(members) => {
            write_members(
                members.iter().filter(|(key, _)| !names.contains(&key.as_str())),
                &mut out,
            );
        }
        other => write(other, &mut out),
    }
    out
}

/// The value that the canonical form of this one reads as: members in canonical order, numbers as doubles are spelled.
/// Nobody may read more from a document than was signed.
#[must_use]
pub fn normal(mut value: Value) -> Value {
    make_normal(&mut value);
    value
}

/// In place: what reads so already, as nearly all that is kept does, is walked and not built anew.
fn make_normal(value: &mut Value) {
    match value {
        Value::Number(number) if !exact(number) => {
            *number = normal_number(number.clone());
        }
        Value::Array(items) => items.iter_mut().for_each(make_normal),
        Value::Object(members) => {
            members.values_mut().for_each(make_normal);
            if !members.keys().is_sorted_by(|a, b| in_order(a, b).is_lt()) {
                let mut sorted: Vec<(String, Value)> =
                    std::mem::take(members).into_iter().collect();
                sorted.sort_unstable_by(|(a, _), (b, _)| in_order(a, b));
                *members = sorted.into_iter().collect();
            }
        }
        _ => {}
    }
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(members) => write_members(members.iter(), out),
    }
}

fn write_members<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>, out: &mut Vec<u8>) {
    let mut members: Vec<_> = members.collect();
    members.sort_unstable_by(|(a, _), (b, _)| in_order(a, b));
    out.push(b'{');
    for (at, (key, member)) in members.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_text(key, out);
        out.push(b':');
        write(member, out);
    }
    out.push(b'}');
}

/// Keys are ordered by their UTF-16 units (section 3.2.3). That is the order of their bytes, but where a character from
/// U+E000 on meets one beyond U+FFFF, which UTF-16 writes with surrogates.
fn in_order(a: &str, b: &str) -> Ordering {
    const FROM_E000: u8 = 0xee;
    match a.bytes().zip(b.bytes()).find(|(x, y)| x != y) {
        Some((FROM_E000.., FROM_E000..)) => a.encode_utf16().cmp(b.encode_utf16()),
        Some((x, y)) => x.cmp(&y),
        None => a.len().cmp(&b.len()),
    }
}

/// Text escaped as ECMAScript does (section 3.2.2.2): quotes, backslashes and control characters, nothing else.
fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    // What is escaped is one byte each, so that a text is never cut within a character.
    while let Some(at) = rest.iter().position(|byte| matches!(byte, 0..=0x1f | b'"' | b'\\')) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((byte, behind)) = special.split_first() else { break };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            control => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
        }
        rest = behind;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// The integer that a number is, where the canonical form writes it with the same digits.
fn exact(number: &Number) -> bool {
    number.as_u64().is_some_and(|n| n <= EXACT_MAX)
        || number.as_i64().is_some_and(|n| n.unsigned_abs() <= EXACT_MAX)
}

/// A double as ECMAScript writes it (section 3.2.2.3).
fn write_number(number: &Number, out: &mut Vec<u8>) {
    if exact(number) {
        out.extend_from_slice(number.to_string().as_bytes());
    } else {
        // serde_json holds no number that is not finite, and reads what is written here.
        let double = number.as_f64().unwrap_or_default();
        out.extend_from_slice(ryu_js::Buffer::new().format_finite(double).as_bytes());
    }
}

fn normal_number(number: Number) -> Number {
    if exact(&number) {
        return number;
    }
    let mut text = Vec::new();
    write_number(&number, &mut text);
    serde_json::from_slice(&text).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Map;

    use super::*;
    use crate::base::fixtures::cases;

    fn by_library(value: &Value) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(value).unwrap()
    }

    /// Texts with all that is escaped, ordered or encoded in a way of its own.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-c]{0,3}",
            "[\u{0}-\u{7f}]{0,6}",
            "[\u{7f}-\u{a0}\u{2028}\u{e000}\u{fb33}\u{ffff}\u{1f600}\u{10ffff}a\"\\\\]{0,4}",
            any::<String>(),
        ]
    }

    fn numbers() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-10_i64..10).prop_map(Value::from),
            (-3_i64..=3).prop_map(|by| Value::from((1_i64 << 53) + by)),
            (-3_i64..=3).prop_map(|by| Value::from(by - (1_i64 << 53))),
            any::<f64>().prop_map(Value::from),
            (any::<i32>(), -30_i32..30)
                .prop_map(|(n, power)| Value::from(f64::from(n) * 10_f64.powi(power))),
            prop_oneof![Just(-0.0), Just(1e21), Just(1e20), Just(-1e21), Just(5e-324)]
                .prop_map(Value::from),
        ]
    }

    fn values() -> impl Strategy<Value = Value> {
        let plain = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            numbers(),
            texts().prop_map(Value::from),
        ];
        plain.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((texts(), inner), 0..6)
                    .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
            ]
        })
    }

    #[test]
    fn members_are_left_out_at_the_top_alone() {
        let value = serde_json::json!({"b": {"proof": 1}, "proof": 2, "a": []});
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert_eq!(text(to_bytes_without(&value, &["proof"])), "{\"a\":[],\"b\":{\"proof\":1}}");
        assert_eq!(text(to_bytes_without(&Value::from(1), &["proof"])), "1");
    }

    /// Numbers that are equal and spelled alike: `1.0` is not `1`, and members stand in the same order.
    fn spelled(value: &Value) -> String {
        format!("{value:?}")
    }

    proptest! {
        #![proptest_config(cases(2_000))]

        #[test]
        fn every_value_is_written_as_the_library_writes_it(value in values()) {
            let bytes = to_bytes(&value);
            prop_assert_eq!(
                String::from_utf8(bytes.clone()).unwrap(),
                String::from_utf8(by_library(&value)).unwrap()
            );
            let read: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(spelled(&normal(value)), spelled(&read));
        }
    }

    #[test]
    fn integers_at_the_edge_of_what_a_double_holds() {
        for (number, text) in [
            (Value::from(EXACT_MAX), "9007199254740992"),
            (Value::from(EXACT_MAX + 1), "9007199254740992"),
            (Value::from(EXACT_MAX + 2), "9007199254740994"),
            (Value::from(i64::MIN), "-9223372036854776000"),
            (Value::from(u64::MAX), "18446744073709552000"),
            (Value::from(-0.0), "0"),
            (Value::from(1e21), "1e+21"),
        ] {
            assert_eq!(String::from_utf8(to_bytes(&number)).unwrap(), text);
        }
    }
}

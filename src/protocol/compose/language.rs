//! The language of a text as a member of a document (schema.org's `Language`): Lemmy takes none that lacks a name, and
//! then does not take the document either.

use serde_json::{Value, json};

/// Names of the languages that most texts here are in, in the languages themselves.
const NAMES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("hi", "हिन्दी"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("sw", "Kiswahili"),
    ("zh", "中文"),
];

/// A language by its BCP 47 tag. One whose name is not known here is named by its tag.
pub fn language(tag: &str) -> Value {
    let primary = tag.split('-').next().unwrap_or_default();
    let name = NAMES.iter().find(|(code, _)| *code == primary).map_or(tag, |(_, name)| name);
    json!({"identifier": tag, "name": name})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_name() {
        assert_eq!(language("fr"), json!({"identifier": "fr", "name": "Français"}));
        assert_eq!(language("zh-Hans"), json!({"identifier": "zh-Hans", "name": "中文"}));
        assert_eq!(language("tlh"), json!({"identifier": "tlh", "name": "tlh"}));
        assert!(NAMES.is_sorted());
    }
}

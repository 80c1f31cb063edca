//! What an operator wrote, before any rule between fields: the file and the environment laid over each other by
//! key. It owns syntax, unknown names and wrong types, and collects every problem instead of stopping at one.

use std::{collections::BTreeMap, fs, path::Path};

use toml::de::{DeTable, DeValue};

use super::{
    key::{ENVIRONMENT_PREFIX, KEYS, Key},
    problem::{Origin, Problem},
};

/// What is shown of a long wrong value.
const SHOWN_CHARS_MAX: usize = 120;

/// One setting as it was read.
pub(super) enum Given<T> {
    /// Nobody set it: the default holds.
    Nothing,
    /// Set, and of the right form.
    Value(T, Origin),
    /// Set wrongly and reported: rules that look at it are left out, so that one mistake is one problem.
    Unreadable,
}

impl<T> Given<T> {
    /// The value, or the default; `None` where it was unreadable.
    pub(super) fn or_default(self, default: impl FnOnce() -> T) -> Option<(T, Origin)> {
        match self {
            Self::Nothing => Some((default(), Origin::Default)),
            Self::Value(value, origin) => Some((value, origin)),
            Self::Unreadable => None,
        }
    }
}

enum Raw {
    Text(String),
    Switch(bool),
    List(Vec<String>),
    /// A variable: its text is read as whatever the key wants.
    Variable(String),
    /// A number, a date, a table: no key takes these.
    Other,
}

struct Setting {
    raw: Raw,
    origin: Origin,
    shown: String,
}

/// All that was set, and what was wrong with it so far.
#[derive(Default)]
pub(super) struct Settings {
    by_key: BTreeMap<&'static str, Setting>,
    /// Problems in the order in which they were met.
    pub(super) problems: Vec<Problem>,
}

impl Settings {
    /// Reads a TOML file. Its syntax errors are all reported, and what could be understood is kept.
    pub(super) fn read_file(&mut self, path: &Path) {
        let source = match fs::read(path).map(String::from_utf8) {
            Ok(Ok(source)) => source,
            Ok(Err(_)) => {
                return self.refuse_file(
                    path,
                    0,
                    "bytes that are not UTF-8",
                    "a TOML file in UTF-8",
                );
            }
            Err(error) => {
                return self.refuse_file(
                    path,
                    0,
                    &error.to_string(),
                    "a TOML file that can be read",
                );
            }
        };
        let (table, errors) = DeTable::parse_recoverable(&source);
        for error in errors {
            let line = error.span().map_or(0, |span| line_at(&source, span.start));
            self.refuse_file(
                path,
                line,
                error.message(),
                "TOML, such as: listen = \"127.0.0.1:8480\"",
            );
        }
        let mut entries: Vec<_> = table.get_ref().iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            let section = name.get_ref();
            let origin = |start: usize| Origin::File {
                path: path.to_owned(),
                line: line_at(&source, start),
            };
            let Some(inner) = value.get_ref().as_table() else {
                self.refuse_unknown(section, origin(name.span().start));
                continue;
            };
            if !KEYS.iter().any(|key| key.section() == section.as_ref()) {
                self.refuse_unknown(section, origin(name.span().start));
                continue;
            }
            let mut inner: Vec<_> = inner.iter().collect();
            inner.sort_by_key(|(name, _)| name.span().start);
            for (name, value) in inner {
                let shown = source.get(value.span()).unwrap_or_default().to_owned();
                let full = format!("{section}.{}", name.get_ref());
                self.set(&full, raw(value.get_ref()), origin(name.span().start), shown);
            }
        }
    }

    /// Reads the variables that begin as ours do; each replaces what the file says. An empty one counts as not
    /// set, as compose files leave them. Sorted, so that the same mistakes always read the same.
    pub(super) fn read_environment(&mut self, variables: impl Iterator<Item = (String, String)>) {
        let ours: BTreeMap<_, _> = variables
            .filter(|(name, value)| name.starts_with(ENVIRONMENT_PREFIX) && !value.is_empty())
            .collect();
        for (name, value) in ours {
            let key = KEYS.iter().find(|key| key.variable() == name).map(|key| key.name.to_owned());
            let key = key.unwrap_or_else(|| {
                name.trim_start_matches(ENVIRONMENT_PREFIX).replace("__", ".").to_lowercase()
            });
            self.set(&key, Raw::Variable(value.clone()), Origin::Environment(name), value);
        }
    }

    fn set(&mut self, name: &str, raw: Raw, origin: Origin, shown: String) {
        // A variable in the wrong case looks right once it is lower case; it is still not the one we read.
        let known = KEYS.iter().find(|key| {
            key.name == name
                && !matches!(&origin, Origin::Environment(given) if *given != key.variable())
        });
        match known {
            Some(key) => {
                let shown = if key.secret { "(not shown)".to_owned() } else { shorten(shown) };
                self.by_key.insert(key.name, Setting { raw, origin, shown });
            }
            None => self.refuse_unknown(name, origin),
        }
    }

    /// A text, read by `parse`.
    pub(super) fn text<T>(
        &mut self,
        key: &'static Key,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Given<T> {
        let Some(setting) = self.by_key.remove(key.name) else { return Given::Nothing };
        let value = match &setting.raw {
            Raw::Text(text) | Raw::Variable(text) => parse(text),
            Raw::Switch(_) | Raw::List(_) | Raw::Other => None,
        };
        self.settle(key, setting, value)
    }

    /// A switch; in a variable the words `true` and `false`.
    pub(super) fn switch(&mut self, key: &'static Key) -> Given<bool> {
        let Some(setting) = self.by_key.remove(key.name) else { return Given::Nothing };
        let value = match &setting.raw {
            Raw::Switch(value) => Some(*value),
            Raw::Variable(text) => text.parse().ok(),
            Raw::Text(_) | Raw::List(_) | Raw::Other => None,
        };
        self.settle(key, setting, value)
    }

    /// A list, or one text for a list of one; in a variable separated by commas. Each wrong item is a problem.
    pub(super) fn list<T>(
        &mut self,
        key: &'static Key,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Given<Vec<T>> {
        let Some(setting) = self.by_key.remove(key.name) else { return Given::Nothing };
        let items: Vec<&str> = match &setting.raw {
            Raw::List(items) => items.iter().map(String::as_str).collect(),
            Raw::Text(text) => vec![text],
            Raw::Variable(text) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect()
            }
            Raw::Switch(_) | Raw::Other => return self.settle(key, setting, None),
        };
        let mut values = Vec::with_capacity(items.len());
        let mut wrong = Vec::new();
        for item in items {
            match parse(item) {
                Some(value) => values.push(value),
                None => wrong.push(shorten(format!("\"{item}\""))),
            }
        }
        if wrong.is_empty() {
            return Given::Value(values, setting.origin);
        }
        for given in wrong {
            self.refuse(key, setting.origin.clone(), given, key.allowed.to_owned());
        }
        Given::Unreadable
    }

    fn settle<T>(&mut self, key: &'static Key, setting: Setting, value: Option<T>) -> Given<T> {
        if let Some(value) = value {
            return Given::Value(value, setting.origin);
        }
        self.refuse(key, setting.origin, setting.shown, key.allowed.to_owned());
        Given::Unreadable
    }

    /// Notes a problem with a known key.
    pub(super) fn refuse(&mut self, key: &Key, origin: Origin, given: String, allowed: String) {
        self.problems.push(Problem { key: key.name.to_owned(), origin, given, allowed });
    }

    fn refuse_file(&mut self, path: &Path, line: usize, given: &str, allowed: &str) {
        self.problems.push(Problem {
            key: String::new(),
            origin: Origin::File { path: path.to_owned(), line },
            given: given.to_owned(),
            allowed: allowed.to_owned(),
        });
    }

    fn refuse_unknown(&mut self, name: &str, origin: Origin) {
        let section = name.split('.').next().unwrap_or_default();
        let mut known: Vec<&str> =
            KEYS.iter().filter(|key| key.section() == section).map(|key| key.name).collect();
        if known.is_empty() {
            known = KEYS.iter().map(|key| key.name).collect();
        }
        self.problems.push(Problem {
            key: shorten(name.to_owned()),
            origin,
            given: "a name that means nothing here".to_owned(),
            allowed: known.join(", "),
        });
    }
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.clone().into_owned()),
        DeValue::Boolean(value) => Raw::Switch(*value),
        DeValue::Array(items) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map_or(Raw::Other, Raw::List),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => {
            Raw::Other
        }
    }
}

/// The line of a byte position, from 1.
fn line_at(source: &str, byte: usize) -> usize {
    source.get(..byte).unwrap_or_default().matches('\n').count() + 1
}

fn shorten(text: String) -> String {
    if text.chars().count() <= SHOWN_CHARS_MAX {
        return text;
    }
    text.chars().take(SHOWN_CHARS_MAX).chain(['…']).collect()
}

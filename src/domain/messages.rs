//! The sentences of the product, in every language in which there are any: one loader for the pages and for the
//! public answers of rooms.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, StaticLoader, fluent_bundle::FluentValue};

fluent_templates::static_loader! {
    static MESSAGES = {
        locales: "./locales",
        fallback_language: "en",
        // Isolates would put invisible characters around every number; names get a `bdi` in HTML instead.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The message `key` in a language and no other, its places filled.
#[expect(clippy::implicit_hasher, reason = "as the loader takes them")]
pub fn in_language(
    language: &LanguageIdentifier,
    key: &str,
    places: &HashMap<Cow<'_, str>, FluentValue<'_>>,
) -> Option<String> {
    StaticLoader::lookup_single_language(&MESSAGES, language, key, Some(places)).ok()
}

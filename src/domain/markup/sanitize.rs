//! Makes HTML from elsewhere safe to show. Done at render, with the sanitiser of the day, and never before
//! hashing: what was signed is kept as it came (decisions 11).

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use super::clean;
use crate::domain::html::Tree;

/// The elements that are shown; the same that we send.
pub const ELEMENTS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h2",
    "h3",
    "h4",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::new();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::new())
        .allowed_classes(HashMap::new())
        .clean_content_tags(HashSet::from(["script", "style", "template", "title", "svg", "math"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener"))
        .strip_comments(true);
    builder
});

/// `html` as it may stand in a page: the elements of [`ELEMENTS`], no attribute but an absolute `href` and the
/// start of a list, no character that deceives. Never to be hashed or sent.
pub fn sanitize(html: &str) -> String {
    // Through our own parser first: it bounds what the sanitiser has to build.
    let tree = Tree::parse(html);
    let bounded: String = tree.top().iter().map(|id| tree.print(*id)).collect();
    let safe = SANITIZER.clean(&bounded).to_string();
    // Last, since `&#x202e;` is a character only after parsing.
    safe.chars().filter(|c| !clean::is_deceptive(*c)).collect()
}

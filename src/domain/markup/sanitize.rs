//! Makes HTML from elsewhere safe to show. Done at render, with the sanitiser of the day, and never before
//! hashing: what was signed is kept as it came (decisions 11).

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use super::{clean, plain_text};
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

/// How often a text is made safe until it stays as it is. What is nested as no parser nests it settles after one more.
const PASSES_MAX: usize = 4;

/// `html` as it may stand in a page: the elements of [`ELEMENTS`], no attribute but an absolute `href` and the
/// start of a list, no character that deceives. Whoever parses it again finds what stands there: no second reading makes
/// something else of it. Never to be hashed or sent.
pub fn sanitize(html: &str) -> String {
    let mut safe = once(html);
    if safe == html {
        // What one pass leaves as it is, another would.
        return safe;
    }
    for _ in 0..PASSES_MAX {
        let again = once(&safe);
        if again == safe {
            return safe;
        }
        safe = again;
    }
    let words = plain_text(&safe).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p>{words}</p>")
}

fn once(html: &str) -> String {
    // Through our own parser first: it bounds what the sanitiser has to build.
    let tree = Tree::parse(html);
    let bounded: String = tree.top().iter().map(|id| tree.print(*id)).collect();
    let safe = SANITIZER.clean(&bounded).to_string();
    // Last, since `&#x202e;` is a character only after parsing.
    let plain: String = safe.chars().filter(|c| !clean::is_deceptive(*c)).collect();
    // As our own texts are written. A stroke would compose with the end of the tag in the hands of whoever normalises
    // this; a space that keeps words together stands as it is, and `&` itself is never written but as `&amp;`.
    plain.replace(">\u{338}", ">&#824;").replace("&nbsp;", "\u{a0}")
}

//! Texts as other software posts them: what they are called, what they answer, what they quote.

use serde_json::Value;

use super::{
    id_of, language_of, member, number_of, one_or_many, page_of, reference, text_of, type_of,
    types_of, words_of,
};

/// Types of texts. A `Page` is a thread of Lemmy, Mbin and PieFed; a `Question` is a poll, whose words are read and whose
/// counts are not.
pub const TEXTS: &[&str] = &["Article", "Note", "Page", "Question"];
/// Types of texts that stand on their own: with one of them a thread begins.
const LONG: &[&str] = &["Article", "Page"];
/// Where a quoted post is named (Mastodon 4.5 and FEP-044f; Misskey 2025; Fedibird and older forks; Pleroma).
const QUOTES: &[&str] = &["quote", "quoteUri", "quoteUrl", "_misskey_quote", "quoteURL"];

/// A text, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: String,
    /// Title; where software gives none, the first line of the text.
    pub title: String,
    /// HTML as sent; for a post that is only a link, that link.
    pub content: String,
    /// HTML or text of the summary: a content warning for some, an abstract for others.
    pub summary: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
}

impl Post {
    /// Reads a text; `None` where nothing is said in it.
    pub fn read(object: &Value) -> Option<Self> {
        let id = text_of(object, "id")?.to_owned();
        let content = words_of(object, "content").or_else(|| link_of(object)).or_else(|| {
            // A title is all that some posts have.
            words_of(object, "name").map(|name| format!("<p>{}</p>", escaped(&name)))
        })?;
        // Lemmy 1.0 and Discourse may leave the title out; Friendica has it in `title`.
        let title = words_of(object, "name")
            .or_else(|| words_of(object, "title"))
            .unwrap_or_else(|| first_line(&content));
        Some(Self {
            id,
            title,
            content,
            summary: words_of(object, "summary"),
            language: language_of(object),
        })
    }
}

/// Whether its author's software knows no revisions: then nothing is claimed about a digest, and its versions are
/// numbered here (test 61).
pub fn is_plain(object: &Value) -> bool {
    number_of(object, "revision").is_none() && member(object, "revisionDigest").is_none()
}

/// Whether a text that answers nothing may head a thread: a revision of ours, or a thread of forum or blog software.
/// Into which room it belongs, its addressing says.
pub fn may_be_opinion(object: &Value) -> bool {
    let kind = type_of(object, LONG).unwrap_or_default();
    match kind {
        "Article" if member(object, "translationOf").is_some() => false,
        "Article" => is_plain(object) || number_of(object, "revision").is_some(),
        "Page" => is_plain(object),
        _ => false,
    }
}

/// The posts that a text quotes: by a member, or by a link in the text marked as an object (FEP-e232).
pub fn quoted(object: &Value) -> Vec<String> {
    let by_member = QUOTES.iter().filter_map(|name| id_of(object, name));
    let by_link = one_or_many(object, "tag")
        .into_iter()
        .filter(|tag| types_of(tag).contains(&"Link"))
        .filter(|tag| {
            text_of(tag, "mediaType").is_some_and(|media| {
                media.starts_with("application/activity+json")
                    || media.starts_with("application/ld+json")
            })
        })
        // A passage that a comment of ours is about is marked so too.
        .filter(|tag| !text_of(tag, "rel").is_some_and(|rel| rel.ends_with("#anchor")))
        .filter_map(|tag| text_of(tag, "href").map(str::to_owned));
    let mut found: Vec<String> = Vec::new();
    for uri in by_member.chain(by_link) {
        if !found.contains(&uri) {
            found.push(uri);
        }
    }
    found
}

/// The link that a post is about, as a paragraph: Lemmy attaches a `Link`, Mbin the same beside an `Image`, lotide gives
/// it as `url`.
fn link_of(object: &Value) -> Option<String> {
    let attached = one_or_many(object, "attachment")
        .into_iter()
        .filter(|item| types_of(item).iter().any(|kind| matches!(*kind, "Link" | "Page")))
        .find_map(|item| text_of(item, "href").or_else(|| text_of(item, "url")));
    let href = attached
        .or_else(|| page_of(object).filter(|page| Some(*page) != text_of(object, "id")))
        .filter(|href| href.starts_with("https://") || href.starts_with("http://"))?;
    let href = escaped(href);
    Some(format!("<p><a href=\"{href}\">{href}</a></p>"))
}

/// Text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The first line of a text in HTML, tags left out: enough for a title that somebody left out.
fn first_line(content: &str) -> String {
    let end = ["</p>", "<br", "</h", "\n"].iter().filter_map(|mark| content.find(mark)).min();
    let line = end.and_then(|end| content.get(..end)).unwrap_or(content);
    let mut text = String::new();
    let mut inside = false;
    for c in line.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// Where a reader sees a post: its page, else its id.
pub fn page_or_id(object: &Value) -> Option<String> {
    page_of(object).or_else(|| reference(object)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_title_that_is_left_out_is_the_first_line() {
        let post = json!({"id": "https://l.example/1", "type": "Page",
            "content": "<p>Who <em>pays</em>?</p><p>And when?</p>"});
        assert_eq!(Post::read(&post).unwrap().title, "Who pays?");
        let post = json!({"id": "https://l.example/1", "type": "Page", "name": "A link", "content": null,
            "attachment": [{"type": "Image", "url": "https://l.example/i.png"},
                {"type": "Link", "href": "https://news.example/a?b=1&c=2"}]});
        let read = Post::read(&post).unwrap();
        assert_eq!(read.title, "A link");
        assert!(read.content.contains("href=\"https://news.example/a?b=1&amp;c=2\""), "{read:?}");
        assert_eq!(Post::read(&json!({"id": "https://l.example/1", "type": "Page"})), None);
    }

    #[test]
    fn a_link_that_runs_a_script_is_no_link() {
        let post = json!({"id": "https://l.example/1", "type": "Page", "name": "x",
            "attachment": [{"type": "Link", "href": "javascript:alert(1)"}]});
        assert_eq!(Post::read(&post).unwrap().content, "<p>x</p>");
    }

    #[test]
    fn quotes_are_named_in_five_ways_and_by_link() {
        let uri = "https://cs.example/o/1";
        for name in QUOTES {
            assert_eq!(quoted(&json!({ *name: uri })), [uri], "{name}");
        }
        let link = |rel: &str| {
            json!({"tag": [{"type": "Link", "href": uri, "rel": rel,
                "mediaType": "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""}]})
        };
        assert_eq!(quoted(&link("https://misskey-hub.net/ns#_misskey_quote")), [uri]);
        assert!(quoted(&link("https://w3id.org/polylogue/ns#anchor")).is_empty());
        assert!(quoted(&json!({"tag": [{"type": "Mention", "href": uri}]})).is_empty());
    }
}

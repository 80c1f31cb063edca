//! Links by which a web page says something of itself: "this is me" (`rel="me"`, XFN), and where it is in another form
//! (`rel="alternate"`). Reads the page's tags as a browser's tokenizer would, so that nothing in a comment or a script counts.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
};

/// Links that are looked at in one page.
const LINKS_MAX: usize = 2_000;

/// Where the `rel="me"` links of a page lead, as written.
pub fn to_self(html: &str) -> Vec<String> {
    links(html, |link| link.has("me") && matches!(link.tag, "a" | "link"))
}

/// Where a page is in a form of this media type, as written.
pub fn alternates(html: &str, media_type: &str) -> Vec<String> {
    links(html, |link| {
        link.tag == "link"
            && link.has("alternate")
            && link.media_type.trim().eq_ignore_ascii_case(media_type)
    })
}

/// One link, before anybody asks where it leads.
struct Link<'a> {
    tag: &'a str,
    rel: &'a str,
    media_type: &'a str,
}

impl Link<'_> {
    fn has(&self, rel: &str) -> bool {
        self.rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(rel))
    }
}

fn links(html: &str, wanted: impl Fn(&Link<'_>) -> bool) -> Vec<String> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer =
        Tokenizer::new(Links { wanted, found: RefCell::default() }, TokenizerOpts::default());
    let _finished = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.take()
}

struct Links<F> {
    wanted: F,
    found: RefCell<Vec<String>>,
}

impl<F: Fn(&Link<'_>) -> bool> TokenSink for Links<F> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        let mut found = self.found.borrow_mut();
        if found.len() < LINKS_MAX {
            found.extend(href_of(&tag, &self.wanted));
        }
        match (tag.kind, &*tag.name) {
            (TagKind::StartTag, "script" | "style" | "textarea" | "title") => {
                TokenSinkResult::RawData(html5ever::tokenizer::states::RawKind::Rawtext)
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

fn href_of(tag: &Tag, wanted: impl Fn(&Link<'_>) -> bool) -> Option<String> {
    if tag.kind != TagKind::StartTag {
        return None;
    }
    let value = |name: &str| {
        tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|a| &*a.value)
    };
    let rel = value("rel")?;
    let link = Link { tag: &tag.name, rel, media_type: value("type").unwrap_or_default() };
    if wanted(&link) { value("href").map(|href| href.trim().to_owned()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_that_a_browser_sees_count() {
        let html = "<!doctype html><head><link REL='nofollow ME' href=' https://a.example/p/x '>\
            <script>'<a rel=\"me\" href=\"https://a.example/p/script\">'</script></head>\
            <!-- <a rel=me href=https://a.example/p/comment> -->\
            <a rel=\"menu\" href=\"https://a.example/p/menu\">x</a><a href=\"https://a.example/p/no\">\
            <a href='https://a.example/p/y?a=1&amp;b=2' rel=me>me</a><a rel=me>nowhere</a>";
        assert_eq!(to_self(html), ["https://a.example/p/x", "https://a.example/p/y?a=1&b=2"]);
        assert!(to_self("").is_empty() && to_self("<a rel=me href=").is_empty());
    }
    #[test]
    fn only_the_head_says_where_a_page_is_in_another_form() {
        let html = "<link rel=alternate type='application/rss+xml' href=/feed>\
            <a rel=alternate type='application/activity+json' href=/a>x</a>\
            <link REL='x Alternate' TYPE=' application/Activity+json' href=' /o/1 '>\
            <!-- <link rel=alternate type='application/activity+json' href=/comment> -->\
            <link rel=alternate href=/untyped><link type='application/activity+json' href=/none>";
        assert_eq!(alternates(html, "application/activity+json"), ["/o/1"]);
    }
}

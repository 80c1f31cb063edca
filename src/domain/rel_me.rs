//! Links by which a web page says "this is me": `rel="me"` (XFN). Reads the page's tags as a browser's tokenizer would,
//! so that nothing in a comment or a script counts.

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
pub fn links(html: &str) -> Vec<String> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Links::default(), TokenizerOpts::default());
    let _finished = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.take()
}

#[derive(Debug, Default)]
struct Links {
    found: RefCell<Vec<String>>,
}

impl TokenSink for Links {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        let mut found = self.found.borrow_mut();
        if found.len() < LINKS_MAX {
            found.extend(link_of(&tag));
        }
        match (tag.kind, &*tag.name) {
            (TagKind::StartTag, "script" | "style" | "textarea" | "title") => {
                TokenSinkResult::RawData(html5ever::tokenizer::states::RawKind::Rawtext)
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

fn link_of(tag: &Tag) -> Option<String> {
    if tag.kind != TagKind::StartTag || !matches!(&*tag.name, "a" | "link") {
        return None;
    }
    let value = |name: &str| {
        tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|a| &*a.value)
    };
    let is_me = value("rel")?.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("me"));
    is_me.then(|| value("href").map(|href| href.trim().to_owned())).flatten()
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
        assert_eq!(links(html), ["https://a.example/p/x", "https://a.example/p/y?a=1&b=2"]);
        assert!(links("").is_empty() && links("<a rel=me href=").is_empty());
    }
}

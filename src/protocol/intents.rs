//! Intents (FEP-3b86): where a server lets its own people begin something with what they read elsewhere. A server names
//! addresses with places in them in its WebFinger; whoever shows the thing fills them in. What is read here comes from
//! anybody: an address counts only where the reader of this module says so of the whole, filled in.

use std::fmt::Write as _;

use serde_json::Value;
use url::Url;

use super::quirks::{text_of, values};
use crate::base::limits::URI_CHARS_MAX;

/// By which servers send their readers home to one another (OStatus).
pub const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";
/// Namespace of intents.
pub const NAMESPACE: &str = "https://w3id.org/fep/3b86/";

/// What somebody wants to do from home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Reply to it.
    Reply,
    /// Follow it.
    Follow,
    /// Favourite it.
    Like,
    /// Boost it.
    Boost,
}

impl Intent {
    /// Every intent.
    pub const ALL: &[Self] = &[Self::Reply, Self::Follow, Self::Like, Self::Boost];

    /// Its word in addresses and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Follow => "follow",
            Self::Like => "like",
            Self::Boost => "boost",
        }
    }

    /// By its word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|intent| intent.word() == word)
    }

    /// The links that serve it, the best first: relation, and the place for the thing. A template for new posts that has no
    /// place for what is answered would start another discussion: it does not serve.
    const fn links(self) -> &'static [(&'static str, &'static str)] {
        const OBJECT: (&str, &str) = ("https://w3id.org/fep/3b86/Object", "object");
        const ANY: (&str, &str) = (SUBSCRIBE, "uri");
        match self {
            Self::Reply => &[("https://w3id.org/fep/3b86/Create", "inReplyTo"), OBJECT, ANY],
            Self::Like => &[("https://w3id.org/fep/3b86/Like", "object"), OBJECT, ANY],
            Self::Boost => &[("https://w3id.org/fep/3b86/Announce", "object"), OBJECT, ANY],
            Self::Follow => &[("https://w3id.org/fep/3b86/Follow", "object"), ANY],
        }
    }
}

/// Where a server, by its WebFinger document, sends its people with a thing. `may` judges each address filled in.
pub fn lead(
    document: &Value,
    intent: Intent,
    object: &str,
    may: impl Fn(&Url) -> bool,
) -> Option<Url> {
    let links = values(document.get("links"));
    intent.links().iter().find_map(|(rel, place)| {
        links
            .iter()
            .filter(|link| text_of(link, "rel") == Some(rel))
            .filter_map(|link| filled(text_of(link, "template")?, place, object))
            .find(|url| may(url))
    })
}

/// A template with a thing in its place, and nothing in all others; none where it has no such place, or is none.
fn filled(template: &str, place: &str, object: &str) -> Option<Url> {
    let strange = |c: char| c.is_control() || c.is_whitespace();
    if template.len() > URI_CHARS_MAX || template.contains(strange) {
        return None;
    }
    let mut has_place = false;
    let mut address = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        address.push_str(before);
        if name == place {
            has_place = true;
            encode(&mut address, object);
        }
        rest = after;
    }
    address.push_str(rest);
    if has_place && !address.contains(['{', '}']) { Url::parse(&address).ok() } else { None }
}

/// Writes a text so that it stands for itself anywhere in an address (RFC 3986 §2.3).
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Nothing fails when a string is written to.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OBJECT: &str = "https://cs.example/o/1?x=1&y=2";
    const ENCODED: &str = "https%3A%2F%2Fcs.example%2Fo%2F1%3Fx%3D1%26y%3D2";

    fn at_home(url: &Url) -> bool {
        url.scheme() == "https"
            && url.username().is_empty()
            && url.origin().ascii_serialization() == "https://social.example"
    }

    fn led(intent: Intent, links: &[(&str, &str)]) -> Option<String> {
        let links: Vec<Value> =
            links.iter().map(|(rel, template)| json!({"rel": rel, "template": template})).collect();
        lead(&json!({"links": links}), intent, OBJECT, at_home).map(String::from)
    }

    fn fep(name: &str) -> String {
        format!("{NAMESPACE}{name}")
    }

    #[test]
    fn the_best_link_that_serves_leads_home() {
        let (create, object, follow) = (fep("Create"), fep("Object"), fep("Follow"));
        let subscribe = (SUBSCRIBE, "https://social.example/authorize_interaction?uri={uri}");
        let whole = [
            subscribe,
            (&object, "https://social.example/o?uri={object}"),
            (&create, "https://social.example/share?text={content}&re={inReplyTo}&x={never}"),
            (&follow, "https://social.example/follow/{object}"),
        ];
        let at = |path: &str| Some(format!("https://social.example{path}"));
        assert_eq!(led(Intent::Reply, &whole), at(&format!("/share?text=&re={ENCODED}&x=")));
        assert_eq!(led(Intent::Like, &whole), at(&format!("/o?uri={ENCODED}")));
        assert_eq!(led(Intent::Boost, &whole), at(&format!("/o?uri={ENCODED}")));
        assert_eq!(led(Intent::Follow, &whole), at(&format!("/follow/{ENCODED}")));
        let old = at(&format!("/authorize_interaction?uri={ENCODED}"));
        for intent in Intent::ALL {
            assert_eq!(led(*intent, &[subscribe]), old, "{intent:?}");
            assert_eq!(led(*intent, &[]), None);
            assert_eq!(Intent::of_word(intent.word()), Some(*intent));
        }
        // A template that cannot say what is answered would begin another discussion.
        let share = (create.as_str(), "https://social.example/share?text={content}");
        assert_eq!(led(Intent::Reply, &[share, subscribe]), old);
        assert_eq!(led(Intent::Reply, &[share]), None);
    }

    #[test]
    fn hostile_templates_lead_nowhere() {
        for template in [
            "https://evil.example/?uri={uri}",
            "https://social.example.evil.example/?uri={uri}",
            "https://social.example@evil.example/?uri={uri}",
            "https://user:secret@social.example/?uri={uri}",
            "https://social.example:8443/?uri={uri}",
            "https://social.example{uri}",
            "https://{uri}/social.example",
            "https://evil.example\\@social.example/?uri={uri}",
            "//evil.example/?uri={uri}",
            "/authorize_interaction?uri={uri}",
            "http://social.example/?uri={uri}",
            "javascript:alert('{uri}')",
            "java\nscript:alert('{uri}')",
            "data:text/html,{uri}",
            "https://social.example/?uri={uri}\r\nset-cookie: a=b",
            "https://social.example/ x?uri={uri}",
            "https://social.example/authorize_interaction",
            "https://social.example/?uri=%7Buri%7D",
            "https://social.example/?uri={+uri}",
            "https://social.example/?uri={uri",
            "https://social.example/?uri=uri}",
            "",
        ] {
            assert_eq!(led(Intent::Follow, &[(SUBSCRIBE, template)]), None, "{template:?}");
        }
        let long = format!("https://social.example/{}?uri={{uri}}", "a".repeat(URI_CHARS_MAX));
        assert_eq!(led(Intent::Follow, &[(SUBSCRIBE, &long)]), None);
        // One that is no good does not hide the next.
        let good = "https://social.example/?uri={uri}";
        let both = [(SUBSCRIBE, "https://evil.example/?uri={uri}"), (SUBSCRIBE, good)];
        assert_eq!(led(Intent::Follow, &both), led(Intent::Follow, &[(SUBSCRIBE, good)]));
    }

    #[test]
    fn what_is_filled_in_stays_in_its_place() {
        let hostile = "x\"><script>&uri=https://evil.example/#a\r\nb: c é";
        let document =
            json!({"links": {"rel": SUBSCRIBE, "template": "https://social.example/?a={uri}&b=1"}});
        let url = lead(&document, Intent::Follow, hostile, at_home).unwrap();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs, [("a".to_owned(), hostile.to_owned()), ("b".to_owned(), "1".to_owned())]);
        assert_eq!(url.fragment(), None);
    }
}

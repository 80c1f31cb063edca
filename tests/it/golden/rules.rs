//! The rules that hold for every document we send (protocol Part 4, G1 to G9), over all golden files at once.

use polylogue::protocol::context::{self, PUBLIC};
use serde_json::Value;

use super::{Gallery, gallery, story::DOMAIN};

/// Contexts of others that a reader may have to know.
const CONTEXTS: &[&str] = &[
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    "https://www.w3.org/ns/cid/v1",
    "https://w3id.org/security/data-integrity/v2",
];
const ACTIVITIES: &[&str] = &[
    "Create", "Update", "Delete", "Like", "Undo", "Announce", "Follow", "Accept", "Reject", "Add",
    "Remove",
];
/// Elements that a text may hold (product: the list is fixed).
const ELEMENTS: &[&str] = &[
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "del",
    "s",
    "a",
    "span",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "sup",
    "sub",
    "div",
];

/// Every object within a document, with where it stands, its own contexts left out.
fn parts<'a>(name: &str, document: &'a Value) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    let mut open = vec![(name.to_owned(), document)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(n, item)| (format!("{at}/{n}"), item)));
            }
            Value::Object(members) => {
                found.push((at.clone(), value));
                let inner = members.iter().filter(|(name, _)| *name != "@context");
                open.extend(inner.map(|(name, member)| (format!("{at}/{name}"), member)));
            }
            _ => {}
        }
    }
    found
}

fn all(gallery: &Gallery) -> Vec<(String, &Value)> {
    gallery.iter().flat_map(|(name, document)| parts(name, document)).collect()
}

fn of_type<'a>(gallery: &'a Gallery, kinds: &[&str]) -> Vec<(String, &'a Value)> {
    let is = |value: &Value| value["type"].as_str().is_some_and(|kind| kinds.contains(&kind));
    all(gallery).into_iter().filter(|(_, value)| is(value)).collect()
}

/// What was written here: what stands in somebody's reply is theirs.
fn is_ours(document: &Value) -> bool {
    document["id"].as_str().is_some_and(|id| id.starts_with(&format!("https://{DOMAIN}/")))
}

/// Opinions, comments and other Notes of ours, wherever they stand whole.
fn posts(gallery: &Gallery) -> Vec<(String, &Value)> {
    of_type(gallery, &["Article", "Note"]).into_iter().filter(|(_, post)| is_ours(post)).collect()
}

fn text<'a>(at: &str, document: &'a Value, name: &str) -> &'a str {
    document[name].as_str().unwrap_or_else(|| panic!("{at}: `{name}` is {}", document[name]))
}

#[test]
fn test_13_contexts_begin_with_activitystreams_and_none_is_ours_to_fetch() {
    let gallery = gallery();
    let mut seen = 0;
    for (at, document) in all(&gallery) {
        let Some(context) = document.get("@context") else { continue };
        if !is_ours(document) && document.get("proof").is_none() {
            continue;
        }
        let items = context.as_array().unwrap_or_else(|| panic!("{at}: {context}"));
        assert_eq!(items[0], context::ACTIVITYSTREAMS, "{at}");
        for item in items {
            assert!(item.is_object() || CONTEXTS.contains(&item.as_str().unwrap()), "{at}: {item}");
        }
        seen += 1;
    }
    assert!(seen > 40, "{seen}");
    // Whatever is served whole has one.
    for (name, document) in gallery.iter().filter(|(name, _)| !name.starts_with("webfinger")) {
        let has = document["@context"].is_array();
        assert!(has || document["type"] == "Reading" || document["type"] == "Receipt", "{name}");
    }
}

#[test]
fn test_38_an_opinion_has_strings_where_others_want_strings_and_lists_where_they_want_lists() {
    let gallery = gallery();
    let opinions = of_type(&gallery, &["Article"]);
    assert!(opinions.len() > 5);
    for (at, opinion) in opinions {
        for name in ["id", "type", "attributedTo", "audience", "context", "name", "published"] {
            text(&at, opinion, name);
        }
        for name in ["to", "cc", "tag", "attachment"] {
            assert!(opinion[name].is_array(), "{at}: {name}");
        }
        assert!(opinion.get("inReplyTo").is_none(), "{at}");
    }
    // G1 for everything else that has these members.
    for (at, document) in all(&gallery) {
        for name in ["type", "actor", "attributedTo", "audience", "context", "inReplyTo"] {
            if let Some(member) = document.get(name) {
                assert!(member.is_string(), "{at}: {name}");
            }
        }
        let kind = document["type"].as_str().unwrap_or_default();
        let is_act = ["Create", "Update", "Announce", "Like"].contains(&kind)
            && document.get("published").is_some();
        if is_act || document["attributedTo"].is_string() && ["Article", "Note"].contains(&kind) {
            for name in ["to", "cc"] {
                let is_preview = at.ends_with("/preview");
                assert!(is_preview || document[name].is_array(), "{at}: {name}");
            }
        }
    }
}

#[test]
fn test_39_a_summary_is_plain_and_names_the_revision_and_so_does_the_first_block() {
    let gallery = gallery();
    for (at, opinion) in of_type(&gallery, &["Article"]) {
        let summary = text(&at, opinion, "summary");
        assert!(!summary.contains(['<', '>', '&']), "{at}: {summary}");
        let revision = opinion["revision"].as_i64().unwrap();
        assert!(summary.starts_with(&format!("Revision {revision}. ")), "{at}: {summary}");
        let first = text(&at, opinion, "content").split("</p>").next().unwrap();
        let name = text(&at, opinion, "name").replace('&', "&amp;");
        for needed in
            [name, format!("revision {revision}"), format!("href=\"{}\"", text(&at, opinion, "id"))]
        {
            assert!(first.contains(&needed), "{at}: {first} lacks {needed}");
        }
    }
}

#[test]
fn test_40_the_first_of_several_urls_is_the_page() {
    for (at, document) in all(&gallery()) {
        match document.get("url") {
            None | Some(Value::String(_)) => {}
            Some(Value::Array(links)) => assert_eq!(links[0]["mediaType"], "text/html", "{at}"),
            Some(other) => panic!("{at}: {other}"),
        }
    }
}

#[test]
fn test_41_what_is_delivered_is_small() {
    let gallery = gallery();
    for (name, document) in &gallery {
        if ACTIVITIES.contains(&document["type"].as_str().unwrap_or_default()) {
            let bytes = serde_json::to_vec(document).unwrap().len();
            assert!(bytes <= 60_000, "{name}: {bytes}");
        }
    }
    // The short form names what it leaves out, under an id of its own.
    let (full, slim) = (&gallery["opinion-create"], &gallery["opinion-create-slim"]);
    assert_eq!(slim["object"], full["object"]["id"]);
    assert_eq!(slim["id"], format!("{}/slim", full["id"].as_str().unwrap()));
    for name in ["type", "actor", "published", "to", "cc", "audience", "@context"] {
        assert_eq!(slim[name], full[name], "{name}");
    }
}

#[test]
fn test_42_the_first_language_of_the_map_is_that_of_the_text() {
    let gallery = gallery();
    let mut seen = 0;
    for (at, post) in posts(&gallery) {
        let Some(map) = post["contentMap"].as_object() else { continue };
        let (language, content) = map.iter().next().unwrap();
        assert_eq!(post["language"]["identifier"], *language, "{at}");
        assert!(post["language"]["name"].is_string(), "{at}: Lemmy takes no language without");
        assert_eq!(post["content"], *content, "{at}");
        seen += 1;
    }
    assert!(seen > 10);
}

#[test]
fn test_43_everybody_may_like_reply_announce_and_quote() {
    let gallery = gallery();
    for (at, post) in posts(&gallery) {
        for may in ["canLike", "canReply", "canAnnounce", "canQuote"] {
            assert_eq!(
                post["interactionPolicy"][may]["automaticApproval"][0], PUBLIC,
                "{at}: {may}"
            );
        }
    }
}

#[test]
fn test_44_numbers_of_reactions_stand_in_what_is_served_and_in_nothing_that_is_sent() {
    let gallery = gallery();
    for (name, likes, shares) in [("opinion", 2, 1), ("comment", 0, 0), ("position-note", 0, 0)] {
        let served = &gallery[name];
        assert_eq!(served["likes"]["totalItems"], likes, "{name}");
        assert_eq!(served["shares"]["totalItems"], shares, "{name}");
        assert_eq!(served["likes"]["id"], format!("{}/likes", served["id"].as_str().unwrap()));
    }
    // Of another number of reactions no other `updated` comes, and none of the record changes.
    assert_eq!(gallery["opinion"]["updated"], gallery["opinion-update"]["object"]["updated"]);
    for (at, activity) in of_type(&gallery, &["Create", "Update"]) {
        assert!(activity["object"].get("likes").is_none(), "{at}");
    }
    // Two positions stand on it; no number of them does (INV-1).
    assert!(gallery["collection-positions"].get("totalItems").is_none());
}

#[test]
fn test_45_texts_hold_only_the_agreed_elements() {
    let gallery = gallery();
    for (at, post) in posts(&gallery) {
        for html in [text(&at, post, "content"), post["preview"]["content"].as_str().unwrap_or("")]
        {
            for tag in html.split('<').skip(1) {
                let name = tag.trim_start_matches('/').split([' ', '>', '/']).next().unwrap();
                assert!(ELEMENTS.contains(&name), "{at}: <{name}>");
                let attributes = tag.split('>').next().unwrap();
                assert!(!attributes.contains(" id="), "{at}: {attributes}");
                assert!(!attributes.contains(" style=") && !attributes.contains(" on"), "{at}");
            }
        }
    }
}

#[test]
fn test_46_a_comment_has_what_forums_need() {
    let gallery = gallery();
    let comments: Vec<_> =
        posts(&gallery).into_iter().filter(|(_, post)| post["inReplyTo"].is_string()).collect();
    assert!(comments.len() > 8);
    for (at, comment) in comments {
        assert_eq!(comment["type"], "Note", "{at}");
        assert!(comment.get("name").is_none(), "{at}: a vote in a poll");
        text(&at, comment, "content");
        assert!(comment["to"].is_array() && comment["cc"].is_array(), "{at}");
        let tags = comment["tag"].as_array().unwrap();
        assert!(tags.iter().any(|tag| tag["type"] == "Mention"), "{at}: {tags:?}");
        // Answers of a room and echoes of positions are no entries; everything else names its home.
        if comment.get("receiptFor").is_none() && comment.get("positionOf").is_none() {
            assert_eq!(comment["audience"], format!("https://{DOMAIN}/t/rivers"), "{at}");
        }
    }
}

#[test]
fn test_47_a_like_is_no_reaction_with_an_emoji() {
    let gallery = gallery();
    let likes = of_type(&gallery, &["Like"]);
    assert!(likes.len() > 3);
    for (at, like) in likes {
        for name in ["content", "name", "_misskey_reaction"] {
            assert!(like.get(name).is_none(), "{at}: {name}");
        }
    }
}

#[test]
fn test_48_an_undo_embeds_what_is_undone() {
    let gallery = gallery();
    let undos = of_type(&gallery, &["Undo"]);
    assert!(undos.len() >= 2);
    for (at, undo) in undos {
        for name in ["id", "type", "actor", "object"] {
            text(&at, &undo["object"], name);
        }
        assert_eq!(undo["object"]["actor"], undo["actor"], "{at}");
    }
}

#[test]
fn test_49_an_announce_is_addressed_dated_and_has_a_short_id() {
    let gallery = gallery();
    let announces = of_type(&gallery, &["Announce"]);
    assert!(announces.len() > 4);
    for (at, announce) in announces {
        assert!(announce["to"].is_array() && announce["cc"].is_array(), "{at}");
        let published = text(&at, announce, "published");
        for part in parts("", &announce["object"]) {
            for name in ["published", "updated"] {
                // Of a relay to rooms it is the time of sending.
                let inner = part.1[name].as_str().unwrap_or_default();
                assert!(inner <= published, "{at}: {inner} is after {published}");
            }
        }
        assert!(text(&at, announce, "id").len() <= 100, "{at}");
    }
}

#[test]
fn g2_ids_are_plain_and_short() {
    for (at, document) in all(&gallery()) {
        let Some(id) = document["id"].as_str().filter(|_| is_ours(document)) else { continue };
        let is_key = id.ends_with("#main-key") || id.ends_with("#ed25519");
        let is_page = id.contains("?offset=");
        assert!(is_key || !id.contains('#'), "{at}: {id}");
        assert!(is_page || !id.contains('?'), "{at}: {id}");
        let kind = document["type"].as_str().unwrap_or_default();
        let longest = if ACTIVITIES.contains(&kind) { 100 } else { 120 };
        assert!(id.len() <= longest, "{at}: {id}");
    }
}

#[test]
fn g5_every_activity_is_signed_and_so_is_the_post_in_it() {
    let gallery = gallery();
    let mut seen = 0;
    for (name, document) in &gallery {
        for (at, part) in parts(name, document) {
            let kind = part["type"].as_str().unwrap_or_default();
            let is_act = ACTIVITIES.contains(&kind) && part.get("published").is_some();
            let is_post = ["Article", "Note"].contains(&kind) && part.get("published").is_some();
            if !(is_act || is_post) || !is_ours(part) {
                continue;
            }
            let proof = &part["proof"];
            assert_eq!(proof["cryptosuite"], "eddsa-jcs-2022", "{at}");
            assert_eq!(proof["@context"], part["@context"], "{at}");
            let owner = part["actor"].as_str().or(part["attributedTo"].as_str()).unwrap();
            assert_eq!(proof["verificationMethod"], format!("{owner}#ed25519"), "{at}");
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn g6_a_post_carries_nothing_that_means_something_else_elsewhere() {
    let gallery = gallery();
    for (at, post) in posts(&gallery) {
        assert!(post.get("target").is_none(), "{at}");
        for attached in post["attachment"].as_array().unwrap() {
            assert_eq!(attached["type"], "Image", "{at}");
        }
    }
    for (at, document) in all(&gallery) {
        if document.get("target").is_some() {
            assert!(["Add", "Remove"].contains(&text(&at, document, "type")), "{at}");
        }
    }
}

#[test]
fn g7_dates_are_written_one_way() {
    for (at, document) in all(&gallery()) {
        for name in
            ["published", "updated", "deleted", "closes", "validFrom", "validUntil", "receivedAt"]
        {
            let Some(date) = document[name].as_str() else { continue };
            let bytes = date.as_bytes();
            let is_right = bytes.len() == 24 && bytes[19] == b'.' && bytes[10] == b'T';
            assert!(is_right && date.ends_with('Z'), "{at}: {name} is {date}");
        }
    }
}

#[test]
fn g8_numbers_are_whole_and_small() {
    fn look(at: &str, value: &Value) {
        match value {
            Value::Number(number) => {
                assert!(number.as_i64().is_some_and(|n| n.abs() < 1 << 53), "{at}: {number}");
            }
            Value::Array(items) => items.iter().for_each(|item| look(at, item)),
            // The point that is never cut away is two numbers between -1 and 1 everywhere.
            Value::Object(members) => members
                .iter()
                .filter(|(name, _)| *name != "focalPoint")
                .for_each(|(_, member)| look(at, member)),
            _ => {}
        }
    }
    for (name, document) in gallery() {
        look(&name, &document);
    }
}

#[test]
fn g9_what_is_handed_on_is_what_was_signed() {
    let gallery = gallery();
    assert_eq!(gallery["announce-create"]["object"], gallery["opinion-create"]);
    assert_eq!(gallery["announce-like"]["object"], gallery["position-like"]);
    let outbox = gallery["collection-room-outbox"]["orderedItems"].as_array().unwrap();
    assert!(outbox.contains(&gallery["announce-create"]));
}

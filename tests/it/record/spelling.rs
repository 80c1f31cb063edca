//! What is read from an item is what was hashed and signed, to the letter: two spellings with one hash and one valid
//! proof show the same, and what not every mirror could store no mirror takes.

use polylogue::{
    base::limits,
    record::item::{Item, ItemError},
};
use serde_json::json;

use super::{
    shelf::Shelf,
    voice::{Stand, Text, Voice, minute},
};

#[tokio::test]
async fn another_spelling_of_the_same_bytes_shows_the_same() {
    // RFC 8785 knows one spelling of a number and one order of keys; a relay may pass on another, and the proof
    // still holds.
    let shelf = Shelf::new().await;
    let amina = Voice::new("amina", "a.example");
    let opinion = amina.opinion(1);
    let mut note = amina.comments(2, &amina.note(1), &opinion, "a", minute(1)).document;
    note["object"]["anchor"] = json!({"type": "Anchor", "revision": 1, "source": opinion});
    note["object"]["contentMap"] = json!({"en": "a", "fr": "a"});
    note["object"]["language"].take();
    let items = [
        amina.publishes(1, &Text::new(&opinion, 1, "one"), minute(0)),
        amina.sign(note, minute(1)),
        amina.likes(3, &opinion, Stand::SUPPORT, minute(2)),
    ];
    let respelled: Vec<Item> = items
        .iter()
        .map(|item| {
            let text = serde_json::to_string(&item.document).unwrap();
            let other = text
                .replace("\"revision\":1", "\"revision\":1.0")
                .replace("{\"en\":\"a\",\"fr\":\"a\"}", "{\"fr\":\"a\",\"en\":\"a\"}");
            assert_ne!(text, other);
            Item::read(other.as_bytes()).unwrap()
        })
        .collect();
    let shown = shelf.shows(&items).await;
    assert_eq!(shown.positions.len() + shown.opinions.len() + shown.comments.len(), 3);
    for (item, other) in items.iter().zip(&respelled) {
        assert_eq!(item.hash, other.hash);
    }
    assert_eq!(shelf.shows(&respelled).await.text, shown.text);
}

#[test]
fn what_a_database_cannot_keep_is_no_item() {
    let amina = Voice::new("amina", "a.example");
    let opinion = amina.opinion(1);
    let note = |words: &str| amina.comments(1, &amina.note(1), &opinion, words, minute(0)).document;
    let with = |name: &str, value: serde_json::Value| {
        let mut document = note("words");
        document["object"][name] = value;
        Item::of(document)
    };
    assert!(with("summary", json!("fine")).is_ok());
    // PostgreSQL has no text with U+0000.
    assert_eq!(with("summary", json!("a\0b")), Err(ItemError::Nul));
    assert_eq!(with("tag", json!([{"na\0me": 1}])), Err(ItemError::Nul));
    assert_eq!(with("summary", json!("\\u0000")).map(|_| ()), Ok(()));
    // A space in an id would make two ids of one, or one of two, in the name of a line.
    assert!(with("inReplyTo", json!("https://a.example/o/1 https://a.example/p/x")).is_err());
    let like = |opinion: &str, for_whom: &str| {
        let mut document = amina.likes(1, OPINION, Stand::SUPPORT, minute(0)).document;
        document["object"] = json!(opinion);
        document["position"]["onBehalfOf"] = json!(for_whom);
        Item::of(document)
    };
    assert!(like(OPINION, "https://c.example/p/x").is_ok());
    assert!(like(OPINION, "https://c.example/p/x y").is_err());
    assert!(like("https://a.example/o/1 2", "https://c.example/p/x").is_err());
}

const OPINION: &str = "https://a.example/o/1";

#[test]
fn ids_are_as_long_as_every_index_holds() {
    let amina = Voice::new("amina", "a.example");
    let named = |chars: usize| {
        let start = "https://c.example/p/";
        format!("{start}{}", "x".repeat(chars - start.len()))
    };
    let like = |claimed: &str| {
        let stand = Stand { for_whom: Some(claimed), ..Stand::SUPPORT };
        let document = amina.likes(1, OPINION, Stand::SUPPORT, minute(0)).document;
        let mut document = document;
        document["position"]["onBehalfOf"] = json!(stand.for_whom);
        Item::of(document)
    };
    assert!(like(&named(limits::URI_CHARS_MAX)).is_ok());
    assert_eq!(like(&named(limits::URI_CHARS_MAX + 1)), Err(ItemError::LongId));
    // Each short enough, together too long.
    let on = |opinion: &str, claimed: &str| {
        let mut document = amina.likes(1, OPINION, Stand::SUPPORT, minute(0)).document;
        document["object"] = json!(opinion);
        document["position"]["onBehalfOf"] = json!(claimed);
        Item::of(document)
    };
    let frame = "p  ".len();
    let room = limits::CELL_BYTES_MAX - frame - 1_200;
    assert!(on(&named(1_200), &named(room)).is_ok());
    assert_eq!(on(&named(1_200), &named(room + 1)), Err(ItemError::LongId));
    // Counted in bytes too.
    let wide = format!("https://c.example/p/{}", "é".repeat(1_300));
    assert_eq!(like(&wide), Err(ItemError::LongId));
}

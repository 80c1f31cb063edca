use std::{collections::BTreeSet, fs, path::Path};

use super::*;
use crate::domain::reply::ACTS;

/// Key and message of every answer in a language.
fn messages_of(tongue: Tongue) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("locales").join(tongue.code()).join("answer.ftl");
    fs::read_to_string(file)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, message)| (key.to_owned(), message.to_owned()))
        .collect()
}

fn places(message: &str) -> BTreeSet<&str> {
    message.split("{ $").skip(1).filter_map(|after| after.split(' ').next()).collect()
}

#[test]
fn every_sentence_is_there_in_six_languages_with_the_same_places_and_no_markup() {
    let english = messages_of(Tongue::English);
    for tongue in Tongue::ALL {
        let own = messages_of(*tongue);
        assert_eq!(own.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), KEYS, "{tongue:?}");
        for ((key, message), (_, original)) in own.iter().zip(&english) {
            assert_eq!(places(message), places(original), "{key} in {tongue:?}");
            assert!(!message.contains(['<', '>', '&', '@']), "{key} in {tongue:?}");
        }
    }
}

fn author() -> Actor {
    Actor {
        id: 1,
        uri: "https://masto.example/users/x".to_owned(),
        host: "masto.example".to_owned(),
        kind: "Person".to_owned(),
        username: "x<b>".to_owned(),
        name: "@victim@third.example".to_owned(),
        summary: String::new(),
        url: String::new(),
        inbox: "https://masto.example/users/x/inbox".to_owned(),
        shared_inbox: None,
        outbox: None,
        followers: None,
        following: None,
        webfinger: None,
        request_key_id: None,
        request_key_pem: None,
        proof_keys: "[]".to_owned(),
        recovery_key: None,
        stakeholder_group: None,
        region: None,
        implements_mesh: false,
        local: false,
        fetched_at: 0,
        gone_at: None,
        avatar: None,
        header: None,
        created_at: 0,
    }
}

#[test]
fn an_answer_names_its_author_and_nobody_else() {
    for tongue in Tongue::ALL {
        for act in ACTS {
            let says = Says::Recorded { act: *act, revision: 3, newest: 4, claims: true };
            let text = Text {
                tongue: *tongue,
                says: &says,
                receipt: "https://cs.example/receipts/1".to_owned(),
                held_back: Some("https://cs.example/o/1/positions".to_owned()),
                is_first: true,
            };
            let html = text.print(&author());
            assert_eq!(html.matches('@').count(), 1, "{html}");
            assert!(html.contains("@<span>x&lt;b&gt;</span>"), "{html}");
            for address in html.split("href=\"").skip(1) {
                let ours = address.starts_with("https://cs.example/");
                assert!(ours || address.starts_with("https://masto.example/users/x\""), "{html}");
            }
            if matches!(act, PositionAct::Take(_)) {
                assert!(html.contains(first_word(*tongue, PositionAct::Withdraw)), "{html}");
                assert!(html.contains('3') && html.contains('4'), "{html}");
            }
            // Read as a reply by another room it would be nothing.
            assert_eq!(crate::domain::reply::read(&html, Some(tongue.code())), None, "{html}");
        }
    }
}

#[test]
fn what_is_no_position_is_told_why() {
    let print = |says: &Says, tongue| {
        let text = Text { tongue, says, receipt: String::new(), held_back: None, is_first: false };
        text.print(&author())
    };
    let objection = PositionAct::Take(PositionKind::Objection);
    let says = Says::NotAPosition { act: objection, flaw: Flaw::NeedsWords };
    assert!(print(&says, Tongue::English).contains("“objection:”"));
    assert!(print(&says, Tongue::Chinese).contains("“反对：”"));
    let says = Says::NotAPosition { act: objection, flaw: Flaw::TooLong };
    assert!(print(&says, Tongue::French).contains("2000"));
    assert!(!print(&Says::Edited, Tongue::Russian).is_empty());
}

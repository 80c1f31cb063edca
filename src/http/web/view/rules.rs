//! Rules that every page keeps, in every language, tried on the examples.

use std::{collections::BTreeSet, fs, path::PathBuf};

use askama::Template;

use super::{
    PositionsPage, Section, StandingCell,
    samples::{all, figure, head, identity, page, standing},
};
use crate::http::web::i18n::{Language, Texts};

/// What stands between `start` and the next `end`, for each `start`.
fn between<'a>(html: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    html.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

#[test]
fn every_page_in_every_language_keeps_the_rules() {
    for language in Language::ALL {
        let t = Texts::new(*language);
        for (name, html) in all(t) {
            let place = format!("{name} in {}", language.code());
            assert!(html.starts_with("<!DOCTYPE html>"), "{place}");
            assert!(
                html.contains(&format!(
                    "<html lang=\"{}\" dir=\"{}\">",
                    language.code(),
                    language.direction()
                )),
                "{place}"
            );
            assert!(!html.contains('⟦'), "{place}: {:?} has no message", between(&html, "⟦", "⟧"));
            assert!(
                !html.contains("{$") && !html.contains("{ $") && !html.contains("{{"),
                "{place}"
            );
            for banned in ["style=\"", "<script", "javascript:", "<style", " onclick", "<b>Zo"] {
                assert!(!html.contains(banned), "{place} holds {banned}");
            }
            // A picture is one of ours, loaded from here, and says what there is to be seen.
            for picture in between(&html, "<img ", ">") {
                assert!(picture.contains("src=\"/media/"), "{place}: {picture}");
                let said = between(picture, " alt=\"", "\"");
                assert!(said.first().is_some_and(|words| !words.is_empty()), "{place}: {picture}");
            }
            for form in between(&html, "<form ", "</form>") {
                if form.contains("method=\"post\"") {
                    assert!(
                        form.contains("<input type=\"hidden\" name=\"csrf\" value=\"c5rf\">"),
                        "{place}: {form}"
                    );
                } else {
                    assert!(!form.contains("csrf"), "{place}: a token would stand in the address");
                }
            }
            let mut ids: Vec<&str> = between(&html, " id=\"", "\"");
            ids.sort_unstable();
            let doubles: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
            assert!(doubles.is_empty(), "{place}: {doubles:?}");
            for described in between(&html, "aria-describedby=\"", "\"").iter().chain(&between(
                &html,
                "aria-labelledby=\"",
                "\"",
            )) {
                for id in described.split(' ') {
                    assert!(ids.contains(&id), "{place}: nothing has the id {id}");
                }
            }
            for label in between(&html, "<label for=\"", "\"").into_iter().chain(between(
                &html,
                "class=\"in\" for=\"",
                "\"",
            )) {
                assert!(ids.contains(&label), "{place}: a label for nothing: {label}");
            }
            for symbol in between(&html, "<use href=\"#", "\"") {
                assert!(html.contains(&format!("<symbol id=\"{symbol}\"")), "{place}: {symbol}");
            }
            assert_eq!(html.matches("<h1").count(), 1, "{place}");
            assert_eq!(html.matches("<main id=\"main\"").count(), 1, "{place}");
        }
    }
}

/// No page adds people up (INV-1): with more names in a cell, the numbers on the page stay the same.
#[test]
fn more_names_change_no_number() {
    let t = Texts::new(Language::English);
    let numbers = |names: usize| {
        let one = standing(t).remove(1).cells.remove(0).names.remove(0);
        let mut rows = standing(t);
        rows[1].cells[0] = StandingCell::new(rows[1].cells[0].kind, vec![one; names]);
        let page = PositionsPage {
            t,
            page: page("/o/1/positions", Section::Topics),
            head: head(),
            identity: identity(3),
            revisions: vec![(3, false), (2, false), (1, false)],
            revision: None,
            lens: None,
            has_own_parties: false,
            proof: None,
            region: None,
            narrows: false,
            figure: figure(t),
            standing: rows,
            claims: Vec::new(),
            unknown: Vec::new(),
            reasons: Vec::new(),
            order_start: None,
            next_href: None,
            csv_href: "/o/1/positions.csv".into(),
            completeness: None,
        };
        let html = page.render().unwrap();
        let digits: BTreeSet<String> =
            html.split(|c: char| !c.is_ascii_digit()).map(str::to_owned).collect();
        digits
    };
    assert_eq!(numbers(3), numbers(57));
}

#[test]
fn what_is_missing_in_a_language_is_marked() {
    let pages = all(Texts::new(Language::Arabic));
    assert!(pages["sign-in"].contains("<h1><span lang=\"en\" dir=\"ltr\">Sign in</span></h1>"));
    for whole in ["home", "home-empty", "topic", "topics"] {
        let foreign = between(&pages[whole], "<span lang=\"en\" dir=\"ltr\">", "</span>");
        let allowed = foreign.iter().all(|said| said.contains("development mode"));
        assert!(allowed, "{whole} is not all in Arabic: {foreign:?}");
    }
}

/// Writes the examples to `target/pages`, with the style sheet, for whoever wants to look at them.
#[test]
fn examples_can_be_looked_at() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let directory = root.join("target/pages");
    fs::create_dir_all(&directory).unwrap();
    fs::copy(root.join("assets/style.css"), directory.join("style.css")).unwrap();
    for language in Language::ALL {
        for (name, html) in all(Texts::new(*language)) {
            let file = directory.join(format!("{name}.{}.html", language.code()));
            fs::write(file, html.replace("/assets/style.css", "style.css")).unwrap();
        }
    }
}

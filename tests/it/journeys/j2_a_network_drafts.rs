//! Journey J2: a network drafts with five co-authors, opens the text, collects positions of organisations and persons,
//! revises, and asks every holder again. All on one instance, by pages without scripts and by the API.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use polylogue::{
    domain::{delegation::Scope, group::StakeholderGroup as Group},
    service::{accounts::AccountKind, delegations::NewDelegation},
};
use polylogue_tests::{Browser, Meeting, TestDatabase, browser::Page};
use serde_json::json;

/// A definition, a mechanism, what it costs: three terms among other paragraphs.
const TEXT: &str = "## Definitions\n\n**Openness:** anybody can take part.\n\n**Footing:** no voice weighs \
more than another.\n\n**Record:** what was said stays said.\n\nWe propose a small mechanism that keeps the record.";

const ORGANISATIONS: usize = 12;
const PERSONS: usize = 30;

/// Persons and organisations in turn, so that several groups are heard.
const GROUPS: [Group; 4] =
    [Group::CivilSociety, Group::Governments, Group::PrivateSector, Group::TechnicalCommunity];

/// Where a page leads that begins so.
fn link(page: &Page, start: &str, holds: &str) -> String {
    let links = page.links();
    let found = links.iter().find(|href| href.starts_with(start) && href.contains(holds));
    found.unwrap_or_else(|| panic!("{} leads to no {start}…{holds}: {links:?}", page.path)).clone()
}

#[tokio::test]
async fn a_network_drafts_opens_collects_and_revises() {
    for database in TestDatabase::each().await {
        let meeting = Meeting::open(&database).await;
        for name in ["amina", "bruno", "chen", "dina"] {
            meeting.join(name, AccountKind::Person, Some(Group::CivilSociety)).await;
        }
        for name in ["network", "guild"] {
            meeting.join(name, AccountKind::Organization, Some(Group::CivilSociety)).await;
        }
        let token = meeting.token("amina").await;
        let topic = json!({"slug": "footing", "name": "On an equal footing", "question": "How?", "language": "en"});
        let (status, topic) = meeting.api(&token, "POST", "/topics", Some(topic)).await;
        assert_eq!(status, StatusCode::CREATED, "{topic}");

        let opinion = drafting(&meeting).await;
        let names = positions(&meeting, &opinion).await;
        revising(&meeting, &opinion, &names).await;
        drop(meeting);
    }
}

/// Steps 1 to 4: five write together, nothing is lost, each agrees, and it is published in their names.
async fn drafting(meeting: &Meeting) -> String {
    let mut amina = meeting.signed_in("amina").await;
    let form = amina.get("/t/footing/draft").await.form("/t/footing/draft");
    let form = form
        .fill("name", "A mechanism on an equal footing")
        .fill("abstract", "A small mechanism, run by several groups, that keeps the record.")
        .fill("source", TEXT)
        .fill("language", "en");
    let draft = amina.submit(form).await;
    assert_eq!(draft.status, StatusCode::OK, "{}", draft.text());
    let path = draft.path.split(['?', '#']).next().unwrap().to_owned();
    assert!(path.starts_with("/drafts/"), "{path}");

    // Four are invited by handle; before they join, and for everybody else always, there is no such draft.
    let others = ["bruno", "chen", "network", "guild"];
    let mut browsers = Vec::new();
    for name in others {
        let form = amina.get(&format!("{path}/invite")).await.form(&format!("{path}/invite"));
        let done = amina.submit(form.fill("handle", name)).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        let mut browser = meeting.signed_in(name).await;
        let invitation = browser.get(&path).await;
        let joined =
            browser.submit(invitation.form(&format!("{path}/answer")).press("joins", "yes")).await;
        assert_eq!(joined.status, StatusCode::OK, "{name}: {}", joined.text());
        browsers.push(browser);
    }
    for mut stranger in [meeting.browser(), meeting.signed_in("dina").await] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    // All five save different paragraphs at once: every word is there afterwards.
    let workspace = amina.get(&path).await;
    let blocks: BTreeSet<String> = workspace
        .links()
        .into_iter()
        .filter(|href| href.starts_with(&format!("{path}/b/")))
        .collect();
    let text_blocks: Vec<String> = paragraphs(&workspace, &path);
    assert!(text_blocks.len() >= 5 && blocks.len() >= 5, "{blocks:?}");
    let mut forms = Vec::new();
    for (at, browser) in std::iter::once(&mut amina).chain(&mut browsers).enumerate() {
        let page = browser.get(&text_blocks[at]).await;
        let form = page.form(&text_blocks[at]);
        let words = format!("{} (seen by reader {at})", form.value("source").unwrap_or_default());
        forms.push(form.fill("source", &words).press("do", "save"));
    }
    let mut all: Vec<&mut Browser> = std::iter::once(&mut amina).chain(&mut browsers).collect();
    let [first, second, third, fourth, fifth] = all.as_mut_slice() else { panic!("five write") };
    let mut forms = forms.into_iter();
    let mut next = || forms.next().unwrap();
    let saved = tokio::join!(
        first.submit(next()),
        second.submit(next()),
        third.submit(next()),
        fourth.submit(next()),
        fifth.submit(next())
    );
    for page in [saved.0, saved.1, saved.2, saved.3, saved.4] {
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    }
    let text = amina.get(&path).await.text();
    for at in 0..5 {
        assert!(text.contains(&format!("(seen by reader {at})")), "reader {at} is lost: {text}");
    }

    // Two change the same paragraph: the second sees both, and chooses.
    let place = text_blocks.last().unwrap().clone();
    let bruno = &mut browsers[0];
    let (mine, theirs) =
        (bruno.get(&place).await.form(&place), amina.get(&place).await.form(&place));
    let first =
        amina.submit(theirs.fill("source", "We propose a watch.").press("do", "save")).await;
    assert_eq!(first.status, StatusCode::OK);
    let clash = bruno.submit(mine.fill("source", "We propose a bureau.").press("do", "save")).await;
    assert_eq!(clash.status, StatusCode::CONFLICT, "{}", clash.text());
    // (The words of either stand in pieces, what differs marked.)
    let said = clash.text();
    assert!(said.contains("watch") && said.contains("bureau"), "{said}");
    let form = clash.form(&place);
    assert_eq!(form.value("source"), Some("We propose a bureau."), "what was typed is kept");
    let chosen = bruno
        .submit(form.fill("source", "We propose a watch, no bureau.").press("do", "save"))
        .await;
    assert_eq!(chosen.status, StatusCode::OK, "{}", chosen.text());

    // Each agrees to the text as it is now, and amina publishes it.
    for browser in std::iter::once(&mut amina).chain(&mut browsers) {
        let page = browser.get(&path).await;
        assert!(page.text().contains("We propose a watch, no bureau."));
        let agreed = browser.submit(page.form(&format!("{path}/agree"))).await;
        assert_eq!(agreed.status, StatusCode::OK, "{}", agreed.text());
    }
    let release = amina.get(&format!("{path}/publish")).await;
    let published = amina.submit(release.form(&format!("{path}/publish"))).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.text());
    let opinion = link(&published, "/o/", "");
    let opinion = opinion.split(['#', '?']).next().unwrap().to_owned();
    let text = meeting.browser().get(&opinion).await.text();
    for name in ["amina", "bruno", "chen", "network", "guild"] {
        assert!(text.contains(name), "{name} is not named: {text}");
    }
    assert!(!text.contains("not confirmed"), "everybody agreed: {text}");
    assert!(text.contains("We propose a watch, no bureau."));
    opinion
}

/// The pages on which the paragraphs of a draft are edited, in order.
fn paragraphs(workspace: &Page, path: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(&workspace.html);
    let links = scraper::Selector::parse("section.para a[href]").unwrap();
    let mut found: Vec<String> = Vec::new();
    for link in document.select(&links) {
        let href = link.value().attr("href").unwrap_or_default();
        if href.starts_with(&format!("{path}/b/")) && !found.iter().any(|known| known == href) {
            found.push(href.to_owned());
        }
    }
    found
}

/// Step 5: twelve organisations and thirty persons, ten of them by web, the others by the API.
async fn positions(meeting: &Meeting, opinion: &str) -> Vec<String> {
    let service = &meeting.instance.app.service;
    let key = opinion.trim_start_matches("/o/");
    let mut names = Vec::new();
    for at in 0..ORGANISATIONS + PERSONS {
        let (name, kind) = if at < ORGANISATIONS {
            (format!("body_{at}"), AccountKind::Organization)
        } else {
            (format!("person_{at}"), AccountKind::Person)
        };
        meeting.join(&name, kind, Some(GROUPS[at % GROUPS.len()])).await;
        names.push(name);
    }
    for (at, name) in names.iter().enumerate() {
        let kind = ["support", "reservation", "neutral", "concern", "objection"][at % 5];
        let reason = format!("For the reason of {name}.");
        if at % 4 != 0 {
            let token = meeting.token(name).await;
            let body = json!({"kind": kind, "revision": 1, "statement": reason});
            let path = format!("/opinions/{key}/positions");
            let (status, answer) = meeting.api(&token, "POST", &path, Some(body)).await;
            assert_eq!(status, StatusCode::CREATED, "{answer}");
            assert!(answer["receipt"]["hash"].is_string(), "{answer}");
            continue;
        }
        // By web; two of the organisations through their delegate dina.
        let is_delegated = at == 4 || at == 8;
        let mut browser = meeting.signed_in(if is_delegated { "dina" } else { name }).await;
        let mut speak_as = String::new();
        if is_delegated {
            let body = service.caller_named(name).await.unwrap();
            let new = NewDelegation {
                subject: "dina".to_owned(),
                scopes: vec![Scope::Position],
                valid_until: None,
            };
            service.delegate(&body, new).await.unwrap();
            speak_as.clone_from(&body.actor.uri);
        }
        let form = browser.get(&format!("{opinion}/position")).await.form(opinion);
        // Without the reason it needs: refused, and all that was typed is still there.
        if kind == "concern" || kind == "objection" || kind == "reservation" {
            let bare = form.clone().fill("kind", kind).fill("statement", "").fill("as", &speak_as);
            let refused = browser.submit(bare).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
            let again = refused.form(opinion);
            assert_eq!(again.value("kind"), Some(kind));
            assert_eq!(again.value("as"), Some(speak_as.as_str()));
        }
        let form = form.fill("kind", kind).fill("statement", &reason).fill("as", &speak_as);
        let done = browser.submit(form).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    }

    let page = meeting.browser().get(&format!("{opinion}/positions")).await;
    let text = page.text();
    for name in &names {
        assert!(text.contains(name.as_str()), "{name} is not in the matrix: {text}");
    }
    assert!(!text.contains("not confirmed"), "the delegations hold: {text}");
    let token = meeting.token("amina").await;
    let path = format!("/opinions/{key}/positions?limit=200");
    let (_, listed) = meeting.api(&token, "GET", &path, None).await;
    let by_dina =
        listed["items"].as_array().unwrap().iter().filter(|item| {
            item["actor"]["handle"].as_str().unwrap_or_default().starts_with("dina@")
        });
    // Who acted is always named with the organisation.
    for item in by_dina {
        assert_eq!(item["confirmed"], true);
        assert!(item["onBehalfOf"].as_str().unwrap().contains("/p/body_"), "{item}");
    }
    no_sum(&[text, meeting.browser().get(opinion).await.text()]);
    names
}

/// Nowhere is it said how many they are.
fn no_sum(texts: &[String]) {
    let sums = [ORGANISATIONS + PERSONS, ORGANISATIONS, PERSONS].map(|sum| sum.to_string());
    for text in texts {
        for word in text.split(|c: char| !c.is_ascii_digit()) {
            assert!(!sums[..1].contains(&word.to_owned()), "a sum: {text}");
        }
    }
}

/// Step 6: the text changes; every position stays where it was, and each holder is asked with the difference.
async fn revising(meeting: &Meeting, opinion: &str, names: &[String]) {
    let mut amina = meeting.signed_in("amina").await;
    let form = amina.get(&format!("{opinion}/revise")).await.form(opinion);
    let source = form.value("source").unwrap().replace("no bureau", "and no bureau at all");
    let form = form.fill("source", &source).fill("changeNote", "Clearer on the bureau.");
    let done = amina.submit(form).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    meeting.instance.app.drain().await.unwrap();

    let key = opinion.trim_start_matches("/o/");
    let token = meeting.token("amina").await;
    let live = |revision: i64| {
        let path = format!("/opinions/{key}/positions?revision={revision}&limit=200");
        let token = token.clone();
        async move {
            let (_, listed) = meeting.api(&token, "GET", &path, None).await;
            let items = listed["items"].as_array().unwrap().clone();
            let handles: BTreeSet<String> = items
                .iter()
                .map(|item| {
                    let whose = item["onBehalfOf"].as_str().or(item["actor"]["id"].as_str());
                    whose.unwrap().rsplit('/').next().unwrap().to_owned()
                })
                .collect();
            handles
        }
    };
    let all: BTreeSet<String> = names.iter().cloned().collect();
    assert!(all.is_subset(&live(1).await), "nothing moved");
    assert!(live(2).await.is_empty(), "nobody spoke on revision 2 yet");

    // One keeps, one changes, one withdraws, each with one click; all others are silent.
    let mut keeps = meeting.signed_in(&names[12]).await;
    let notices = keeps.get("/notices").await;
    assert!(notices.text().contains("at all"), "the difference is shown: {}", notices.text());
    let kept = keeps.submit(action(&notices, "keep")).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());

    let mut changes = meeting.signed_in(&names[13]).await;
    let notices = changes.get("/notices").await;
    let form = changes.get(&link(&notices, opinion, "position")).await.form(opinion);
    assert_eq!(form.value("revision"), Some("2"));
    let changed = changes.submit(form.fill("kind", "support")).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());

    let mut leaves = meeting.signed_in(&names[14]).await;
    let notices = leaves.get("/notices").await;
    let left = leaves.submit(action(&notices, "withdraw")).await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.text());

    let on_second: BTreeSet<String> = [names[12].clone(), names[13].clone()].into();
    assert_eq!(live(2).await, on_second);
    let mut silent = all;
    for answered in &names[12..15] {
        silent.remove(answered);
    }
    let first = live(1).await;
    assert!(silent.is_subset(&first), "who is silent stays on revision 1");
    assert!(names[12..15].iter().all(|name| !first.contains(name)));
    let page = meeting.browser().get(&format!("{opinion}/positions")).await;
    assert!(page.text().contains("rev 1"), "said in words: {}", page.text());
}

fn action(page: &Page, verb: &str) -> polylogue_tests::browser::Form {
    let forms = page.forms();
    let found = forms.into_iter().find(|form| form.action().contains(verb));
    found.unwrap_or_else(|| panic!("no way to {verb}: {}", page.text()))
}

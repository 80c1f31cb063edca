//! In whose name somebody writes a draft is chosen first, in a browser without scripts: a delegate answers, edits, agrees
//! and confirms for an organisation. A text becomes a sign-on letter in the form in which it is published.

use axum::http::StatusCode;
use polylogue::{
    domain::{delegation::Scope, group::StakeholderGroup as Group},
    service::{accounts::AccountKind, delegations::NewDelegation},
};
use polylogue_tests::{Browser, Meeting, TestDatabase, TestInstance, browser::Page};
use serde_json::json;

async fn opened(meeting: &Meeting) -> String {
    for name in ["amina", "dina"] {
        meeting.join(name, AccountKind::Person, Some(Group::CivilSociety)).await;
    }
    meeting.join("network", AccountKind::Organization, Some(Group::CivilSociety)).await;
    let token = meeting.token("amina").await;
    let topic = json!({"slug": "wells", "name": "Wells", "question": "How?", "language": "en"});
    let (status, answer) = meeting.api(&token, "POST", "/topics", Some(topic)).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    meeting.instance.app.service.caller_named("network").await.unwrap().actor.uri
}

/// Amina begins a draft and asks these; its address.
async fn begun(amina: &mut Browser, asked: &[&str]) -> String {
    let form = amina.get("/t/wells/draft").await.form("/t/wells/draft");
    let form = form
        .fill("name", "Slowly")
        .fill("abstract", "One well a year.")
        .fill("source", "One well.")
        .fill("language", "en");
    let draft = amina.submit(form).await.path;
    for name in asked {
        let form = amina.get(&format!("{draft}/invite")).await.form(&format!("{draft}/invite"));
        assert_eq!(amina.submit(form.fill("handle", name)).await.status, StatusCode::OK);
    }
    draft
}

/// The opinion to which the page after publishing leads.
fn opinion_of(published: &Page) -> String {
    let found = published.links().into_iter().find(|href| href.starts_with("/o/")).unwrap();
    found.split(['?', '#']).next().unwrap().to_owned()
}

#[tokio::test]
async fn a_delegate_writes_along_in_an_organisations_name() {
    for database in TestDatabase::each().await {
        let meeting = Meeting::open(&database).await;
        let network = opened(&meeting).await;
        let mut amina = meeting.signed_in("amina").await;
        let draft = begun(&mut amina, &["network", "dina"]).await;

        // Without the scope, dina has her own place alone.
        let body = meeting.instance.app.service.caller_named("network").await.unwrap();
        let mut dina = meeting.signed_in("dina").await;
        assert!(!dina.get(&draft).await.html.contains(&network));
        let new = NewDelegation {
            subject: "dina".to_owned(),
            scopes: vec![Scope::CoAuthor],
            valid_until: None,
        };
        meeting.instance.app.service.delegate(&body, new).await.unwrap();

        // Two were asked, and both are offered; the first field of the form says in whose name it is.
        let asked = dina.get(&draft).await;
        assert_eq!(asked.texts("#answer-as label").len(), 2, "{}", asked.text());
        for value in [network.as_str(), ""] {
            let form = dina.get(&draft).await.form(&format!("{draft}/answer"));
            let done = dina.submit(form.fill("as", value).press("joins", "yes")).await;
            assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        }
        let links = dina.get(&draft).await.links();
        let part = links.iter().rfind(|href| href.starts_with(&format!("{draft}/b/"))).unwrap();
        let form = dina.get(part).await.form(part);
        assert_eq!(form.value("as"), Some(""));
        // What was refused is shown again with the same name chosen.
        let empty = form.clone().fill("as", &network).fill("source", "").press("do", "save");
        let refused = dina.submit(empty).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.form(part).value("as"), Some(network.as_str()));
        let form = form.fill("as", &network).fill("source", "Two wells.").press("do", "save");
        let saved = dina.submit(form).await;
        assert!(saved.text().contains("dina, for network"), "{}", saved.text());

        for value in [network.as_str(), ""] {
            let page = dina.get(&draft).await;
            let form = page.form(&format!("{draft}/agree"));
            let form = if form.value("as") == Some(value) { form } else { form.fill("as", value) };
            assert_eq!(dina.submit(form).await.status, StatusCode::OK);
        }
        let page = dina.get(&draft).await.text();
        assert!(page.contains("dina said so"), "{page}");
        let release = amina.get(&format!("{draft}/publish")).await;
        let published = amina.submit(release.form(&format!("{draft}/publish"))).await;
        assert_eq!(published.status, StatusCode::OK, "{}", published.text());
        let opinion = &opinion_of(&published);
        let text = meeting.browser().get(opinion).await.text();
        assert!(text.contains("network") && !text.contains("not confirmed"), "{text}");
        assert!(
            !dina.get(opinion).await.forms().iter().any(|form| form.action().ends_with("/confirm"))
        );

        // The next revision needs a new word, and the delegate can give it for both.
        let form = amina.get(&format!("{opinion}/revise")).await.form(opinion);
        let form = form.fill("source", "Three wells.").fill("changeNote", "One more.");
        assert_eq!(amina.submit(form.press("do", "publish")).await.status, StatusCode::OK);
        let page = dina.get(opinion).await;
        let form = page.form(&format!("{opinion}/confirm")).fill("as", &network);
        let done = dina.submit(form.press("revision", "2")).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        let page = dina.get(opinion).await;
        let again = page.form(&format!("{opinion}/confirm"));
        assert_eq!(again.value("as"), Some(""), "the network has confirmed it");
        drop(meeting);
    }
}

#[tokio::test]
async fn a_letter_gets_its_deadline_where_it_is_published() {
    let meeting = Meeting::of(TestInstance::start("civil").await);
    opened(&meeting).await;
    let mut amina = meeting.signed_in("amina").await;
    let form = amina.get("/t/wells/write").await.form("/t/wells/write");
    let form = form
        .fill("name", "Slowly")
        .fill("abstract", "One well a year.")
        .fill("source", "One well.")
        .fill("language", "en");
    // A day that has passed, and one that is none: refused beside the field, with all that was typed.
    for (day, said) in [("2001-01-01", "must lie ahead"), ("soon", "must be a day")] {
        let refused = amina.submit(form.clone().fill("day", day).press("do", "publish")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.texts("#day-fault").join(" ").contains(said), "{}", refused.text());
        let again = refused.form("/t/wells/write");
        assert_eq!((again.value("day"), again.value("source")), (Some(day), Some("One well.")));
    }
    let form = form.fill("day", "2199-05-15").fill("time", "18:00").fill("zone", "Africa/Nairobi");
    let published = amina.submit(form.press("do", "publish")).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.text());
    let opinion = opinion_of(&published);
    let letter = meeting.browser().get(&format!("{opinion}/letter")).await;
    assert_eq!(letter.status, StatusCode::OK);
    assert!(letter.text().contains("15 May 2199"), "{}", letter.text());

    // From a draft, too.
    let draft = begun(&mut amina, &[]).await;
    let publish = format!("{draft}/publish");
    let form = amina.get(&publish).await.form(&publish);
    let refused = amina.submit(form.clone().fill("day", "2001-01-01")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.form(&publish).value("day"), Some("2001-01-01"));
    let published = amina.submit(form.fill("day", "2199-05-16")).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.text());
    let opinion = opinion_of(&published);
    let letter = meeting.browser().get(&format!("{opinion}/letter")).await;
    assert!(letter.text().contains("2199"), "{}", letter.text());
    // Its revision keeps the deadline, and its form does not ask again.
    let revision = amina.get(&format!("{opinion}/revise")).await.form(opinion.as_str());
    assert_eq!(revision.value("day"), None);
}

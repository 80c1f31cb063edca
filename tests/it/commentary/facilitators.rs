//! Who facilitates a topic changes by rosters that a facilitator signs; what somebody said became of things stands as
//! said while they were one.

use axum::http::StatusCode;
use polylogue::{
    base::limits,
    domain::{disposition::Outcome, group::StakeholderGroup as Group},
    service::{
        ServiceError,
        accounts::{AccountKind, NewAccount},
        dispositions::NewDisposition,
        rosters::RosterChange,
    },
};
use polylogue_tests::{Meeting, TestDatabase, TestInstance, TestService, cast::account, drain};
use serde_json::json;

fn out_of_scope(reason: &str) -> NewDisposition {
    NewDisposition {
        outcome: Outcome::OutOfScope,
        reason: reason.to_owned(),
        revision: None,
        venue: None,
        language: None,
        on_behalf_of: None,
    }
}

fn add(who: &str) -> RosterChange {
    RosterChange::Add(who.to_owned())
}

fn remove(who: &str) -> RosterChange {
    RosterChange::Remove(who.to_owned())
}

fn is_forbidden<T: std::fmt::Debug>(result: &Result<T, ServiceError>) {
    assert!(matches!(result, Err(ServiceError::NotPermitted { .. })), "{result:?}");
}

#[tokio::test]
async fn facilitators_come_and_go_and_what_they_said_stands() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let founder = instance.person("founder", None).await;
        let (author, bruno) =
            (instance.person("author", None).await, instance.person("bruno", None).await);
        let (room, _) = founder.topic("wells").await.unwrap();
        let opinion = author.publishes(&room, "Slowly", "One well.").await.unwrap().uri;
        let comment = author.comments(&opinion, "Who drills?", None).await.unwrap().uri;
        let change = async |who: &polylogue_tests::Participant, change| {
            instance.clock.pass_millis(10);
            service.change_roster(&who.caller, "wells", change).await
        };
        let now = async || -> Vec<String> {
            let views = service.facilitator_views(room.id).await.unwrap();
            views.into_iter().map(|view| view.username).collect()
        };

        is_forbidden(&change(&bruno, add("bruno")).await);
        is_forbidden(&service.dispose(&bruno.caller, &comment, out_of_scope("No.")).await);
        let given = change(&founder, add("@bruno@cs.example")).await.unwrap();
        assert_eq!(given.document["type"], "Receipt");
        assert_eq!(now().await, ["founder", "bruno"]);
        service.dispose(&bruno.caller, &comment, out_of_scope("Not here.")).await.unwrap();
        // The new one may take out the one who added them, and is then the last.
        change(&bruno, remove("founder")).await.unwrap();
        assert_eq!(now().await, ["bruno"]);
        is_forbidden(&change(&founder, add("founder")).await);
        is_forbidden(&service.dispose(&founder.caller, &comment, out_of_scope("No.")).await);
        let last = change(&bruno, remove("bruno")).await;
        assert!(matches!(last, Err(ServiceError::Conflict { .. })), "{last:?}");
        for (wrong, what) in [
            (add("bruno"), "already"),
            (add("nobody"), "nobody of this handle"),
            (remove("author"), "no facilitator"),
        ] {
            let refused = change(&bruno, wrong).await.unwrap_err().to_string();
            assert!(refused.contains(what), "{refused}");
        }
        // What bruno said while he was one stands when he is none any more.
        change(&bruno, add("author")).await.unwrap();
        change(&bruno, remove("bruno")).await.unwrap();
        assert_eq!(now().await, ["author"]);
        let said = service.dispositions_on(&comment).await.unwrap();
        assert!(said[0].counts, "{said:?}");
        is_forbidden(&service.dispose(&bruno.caller, &comment, out_of_scope("Again.")).await);
    }
}

#[tokio::test]
async fn facilitators_at_their_limit_and_one_over() {
    let instance = TestService::at("cs.example").await;
    let founder = instance.person("founder", None).await;
    founder.topic("wells").await.unwrap();
    for at in 1..=limits::FACILITATORS_MAX {
        let name = format!("guest_{at}");
        // Nobody signs in: to make a password is slow.
        let new = NewAccount { password: None, ..account(&name, AccountKind::Person, None) };
        instance.service.create_account(new).await.unwrap();
        instance.clock.pass_millis(10);
        let added = instance.service.change_roster(&founder.caller, "wells", add(&name)).await;
        if at < limits::FACILITATORS_MAX {
            added.unwrap();
        } else {
            assert!(added.unwrap_err().to_string().contains("at most 50"));
        }
    }
}

#[tokio::test]
async fn by_page_and_api_and_at_the_other_room() {
    let civil = Meeting::of(TestInstance::start("civil").await);
    let gov = Meeting::of(TestInstance::start("gov").await);
    for name in ["amina", "bruno"] {
        civil.join(name, AccountKind::Person, Some(Group::CivilSociety)).await;
    }
    let token = civil.token("amina").await;
    let topic = json!({"slug": "wells", "name": "Wells", "question": "How?", "language": "en"});
    civil.api(&token, "POST", "/topics", Some(topic)).await;
    let joao = gov.instance.person("joao", Group::Governments).await;
    let address = civil.instance.app.service.paths.room("wells");
    let room = gov.instance.app.federation.join(&joao, &address, None).await.unwrap();
    drain(&[&civil.instance, &gov.instance]).await;

    let page = "/t/wells/facilitators";
    assert!(civil.browser().get("/t/wells").await.links().contains(&page.to_owned()));
    assert!(civil.browser().get(page).await.forms().iter().all(|form| form.action() != page));
    let mut amina = civil.signed_in("amina").await;
    let form = amina.get(page).await.form(page);
    let refused = amina.submit(form.fill("participant", "nobody")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = refused.form(page);
    assert_eq!(form.value("participant"), Some("nobody"));
    let done = amina.submit(form.fill("participant", "bruno")).await;
    assert_eq!((done.status, done.path.as_str()), (StatusCode::OK, page));
    assert!(done.text().contains("bruno"), "{}", done.text());

    drain(&[&civil.instance, &gov.instance]).await;
    let there = gov.instance.app.service.facilitator_views(room.id).await.unwrap();
    let there: Vec<&str> = there.iter().map(|view| view.username.as_str()).collect();
    assert_eq!(there, ["amina", "bruno"], "the roster travels");

    let path = "/topics/wells/facilitators";
    let bruno = civil.token("bruno").await;
    let (status, left) =
        civil.api(&bruno, "DELETE", &format!("{path}?participant=amina"), None).await;
    assert_eq!(status, StatusCode::OK, "{left}");
    assert_eq!(left["facilitators"].as_array().unwrap().len(), 1);
    assert!(left["receipt"]["hash"].is_string());
    let add = Some(json!({"participant": "amina"}));
    let (status, _) = civil.api(&token, "POST", path, add.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = civil.api(&bruno, "POST", path, Some(json!({"participant": "x"}))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, back) = civil.api(&bruno, "POST", path, add).await;
    assert_eq!(status, StatusCode::CREATED, "{back}");
}

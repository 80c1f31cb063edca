//! Apps and what they are let in to, on both databases: how long a code lasts, that it is used once, what is kept of it.

use polylogue::{
    base::limits,
    service::{
        apps::{NewApp, OUT_OF_BAND},
        authorizations::{Asked, Asking, NotGranted},
        entrances::LetIn,
        sign_in::Device,
    },
};
use polylogue_tests::{Participant, TestDatabase, TestService, cast::PASSWORD};

async fn asked(instance: &TestService, scope: &str) -> Asked {
    let new = NewApp {
        name: "Elephant".to_owned(),
        redirect_uris: vec![OUT_OF_BAND.to_owned()],
        scope: Some("read write".to_owned()),
        ..NewApp::default()
    };
    let app = instance.service.register_app(new).await.unwrap().app;
    let asking = Asking {
        client_id: app.client_id,
        redirect_uri: OUT_OF_BAND.to_owned(),
        response_type: "code".to_owned(),
        scope: scope.to_owned(),
        ..Asking::default()
    };
    instance.service.check_asking(&asking).await.unwrap()
}

async fn exchange(instance: &TestService, asked: &Asked, code: &str) -> Result<String, NotGranted> {
    let service = &instance.service;
    service.exchange_code(&asked.app, code, OUT_OF_BAND, None).await.map(|granted| granted.token)
}

#[tokio::test]
async fn a_code_at_its_last_moment_and_one_after_it() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let amina = instance.person("amina", None).await.caller;
        let asked = asked(&instance, "read").await;
        let life = limits::APP_CODE_MINUTES_MAX * 60_000;
        let code = instance.service.let_in(&amina, &asked).await.unwrap();
        instance.clock.pass_millis(life - 1);
        assert!(exchange(&instance, &asked, &code).await.is_ok());
        let code = instance.service.let_in(&amina, &asked).await.unwrap();
        instance.clock.pass_millis(life);
        let late = exchange(&instance, &asked, &code).await;
        assert!(matches!(late, Err(NotGranted::InvalidGrant(_))), "{late:?}");
    }
}

#[tokio::test]
async fn of_many_that_use_one_code_at_once_none_keeps_a_token() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let amina = instance.person("amina", None).await.caller;
        let asked = asked(&instance, "read").await;
        let code = instance.service.let_in(&amina, &asked).await.unwrap();
        let (a, b, c) = tokio::join!(
            exchange(&instance, &asked, &code),
            exchange(&instance, &asked, &code),
            exchange(&instance, &asked, &code)
        );
        let given: Vec<String> = [a, b, c].into_iter().filter_map(Result::ok).collect();
        assert_eq!(given.len(), 1, "one of them got it");
        let access = instance.service.access(&given[0]).await.unwrap();
        assert!(access.is_none(), "and the others ended it");
    }
}

#[tokio::test]
async fn what_is_let_in_is_listed_once_and_ends_for_its_owner_alone() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let Participant { caller: amina, .. } = instance.person("amina", None).await;
        let Participant { caller: bruno, .. } = instance.person("bruno", None).await;
        let asked = asked(&instance, "read").await;
        let mut tokens = Vec::new();
        for caller in [&amina, &amina, &bruno] {
            instance.clock.pass_minutes(1);
            let code = service.let_in(caller, &asked).await.unwrap();
            tokens.push(exchange(&instance, &asked, &code).await.unwrap());
        }
        let programs = service.programs_let_in(&amina).await.unwrap();
        let [LetIn { key, name: Some(name), scope, .. }] = programs.as_slice() else {
            panic!("{programs:?}")
        };
        assert_eq!((name.as_str(), scope.as_slice()), ("Elephant", ["read".to_owned()].as_slice()));
        service.shut_out(&amina, key).await.unwrap();
        assert!(service.shut_out(&amina, key).await.is_err(), "it has ended");
        let mut hold = Vec::new();
        for token in &tokens {
            hold.push(service.access(token).await.unwrap().is_some());
        }
        assert_eq!(hold, [false, false, true], "bruno's goes on");

        let device = |agent: &str| Device {
            address: std::net::IpAddr::from([192, 0, 2, 1]),
            agent: Some(agent.to_owned()),
        };
        let long = "x".repeat(limits::AGENT_CHARS_MAX + 1);
        let own = service.sign_in("amina", PASSWORD, device("A browser")).await.unwrap();
        instance.clock.pass_minutes(1);
        let other = service.sign_in("amina", PASSWORD, device(&long)).await.unwrap();
        let sessions = service.open_sessions(&amina, &own.token).await.unwrap();
        let agents: Vec<usize> =
            sessions.iter().map(|one| one.agent.as_deref().unwrap_or_default().len()).collect();
        assert_eq!(agents, [limits::AGENT_CHARS_MAX, "A browser".len()]);
        assert!(!sessions[0].is_this && sessions[1].is_this);
        assert!(service.end_session(&bruno, &sessions[0].key).await.is_err());
        assert!(service.signed_in(&other.token).await.unwrap().is_some());
        service.end_session(&amina, &sessions[0].key).await.unwrap();
        assert!(service.signed_in(&other.token).await.unwrap().is_none());
        assert!(service.signed_in(&own.token).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn neither_secret_nor_code_nor_token_stands_in_the_database() {
    let database = TestDatabase::sqlite().await;
    let file = database.sqlite_file();
    let instance = TestService::over("cs.example", database);
    let amina = instance.person("amina", None).await.caller;
    let new = NewApp {
        name: "Elephant".to_owned(),
        redirect_uris: vec![OUT_OF_BAND.to_owned()],
        ..NewApp::default()
    };
    let registered = instance.service.register_app(new).await.unwrap();
    let asking = Asking {
        client_id: registered.app.client_id.clone(),
        redirect_uri: OUT_OF_BAND.to_owned(),
        response_type: "code".to_owned(),
        ..Asking::default()
    };
    let asked = instance.service.check_asking(&asking).await.unwrap();
    let code = instance.service.let_in(&amina, &asked).await.unwrap();
    let token = exchange(&instance, &asked, &code).await.unwrap();
    let own = instance.service.app_token(&registered.app, "read").await.unwrap().token;
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend(std::fs::read(file.with_extension("db-wal")).unwrap());
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&registered.app.client_id), "what is there is found");
    for secret in [&registered.secret, &code, &token, &own] {
        assert!(!holds(secret));
    }
}

//! Accounts, sessions, tokens and the limit on tries (decisions 35).

use std::net::IpAddr;

use polylogue::{
    base::limits,
    domain::group::StakeholderGroup,
    service::{ServiceError, accounts::AccountKind, sign_in::Scope},
    store::{accounts, actors},
};
use polylogue_tests::{
    TestDatabase, TestService,
    cast::{PASSWORD, account},
};

const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const CAFE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

fn is_wrong<T>(result: &Result<T, ServiceError>) -> bool {
    matches!(result, Err(ServiceError::Invalid(fields)) if fields[0].field == "password")
}

#[tokio::test]
async fn an_account_is_made_once_and_whole_or_not_at_all() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let made = service
            .create_account(account("amina", AccountKind::Person, Some(StakeholderGroup::Other)))
            .await
            .unwrap();
        assert_eq!(made.actor.uri, "https://cs.example/p/amina");
        assert_eq!(made.actor.stakeholder_group.as_deref(), Some("plg:other"));
        assert_eq!(made.recovery_words.split(' ').count(), 24);
        let again = service.create_account(account("amina", AccountKind::Organization, None)).await;
        assert!(matches!(again, Err(ServiceError::Invalid(f)) if f[0].field == "name"));
        let mut wrong = account("Not A Name", AccountKind::Person, None);
        wrong.email = "nowhere".to_owned();
        wrong.password = Some("short".to_owned().into());
        wrong.display_name = " ".to_owned();
        let Err(ServiceError::Invalid(fields)) = service.create_account(wrong).await else {
            panic!("it was made")
        };
        let fields: Vec<&str> = fields.iter().map(|field| field.field).collect();
        assert_eq!(fields, ["name", "display-name", "email", "password"]);
        assert_eq!(accounts::count(&service.store).await.unwrap(), 1);
        let log = accounts::audit(&service.store, 10).await.unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!(log[0].what, "made the account amina (member)");

        // One namespace: a room cannot take the name, nor the name a room's.
        let amina = service.caller_named("amina").await.unwrap();
        assert_eq!(amina.actor.id, made.actor.id);
        let network = instance.organisation("network", None).await;
        assert_eq!(network.caller.actor.kind, "Organization");
        assert!(matches!(network.topic("amina").await, Err(ServiceError::Invalid(_))));
        network.topic("who_pays").await.unwrap();
        let taken = service.create_account(account("who_pays", AccountKind::Person, None)).await;
        assert!(matches!(taken, Err(ServiceError::Invalid(_))));

        let first = service.ensure_instance_actor().await.unwrap();
        assert_eq!(service.ensure_instance_actor().await.unwrap(), first);
        let kinds = ["Person", "Application"];
        assert_eq!(actors::local_of_kinds(&service.store, &kinds).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn five_wrong_tries_make_an_account_and_an_address_wait() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let (service, clock) = (&instance.service, &instance.clock);
        for name in ["amina", "bruno"] {
            instance.person(name, None).await;
        }
        let session = service.sign_in("Amina", PASSWORD, HOME).await.unwrap();
        assert_eq!(session.caller.actor.username, "amina");
        // Of five tries the last may be the right one; it strikes out those before it, of the account alone.
        for _ in 1..limits::SIGN_IN_TRIES_MAX {
            assert!(is_wrong(&service.sign_in("amina", "wrong password", HOME).await));
        }
        service.sign_in("amina", PASSWORD, HOME).await.unwrap();
        assert!(is_wrong(&service.sign_in("amina", "wrong password", HOME).await));
        // The address has made its five: nobody signs in from there.
        for name in ["amina", "bruno", "nobody"] {
            let refused = service.sign_in(name, PASSWORD, HOME).await;
            assert!(matches!(refused, Err(ServiceError::TooMany { .. })), "{name}");
        }
        service.sign_in("bruno", PASSWORD, CAFE).await.unwrap();
        // An unknown name gets the same answers, and waits the same.
        for _ in 0..limits::SIGN_IN_TRIES_MAX {
            assert!(is_wrong(&service.sign_in("nobody", PASSWORD, CAFE).await));
        }
        let refused = service.sign_in("nobody", PASSWORD, IpAddr::from([192, 0, 2, 3])).await;
        assert!(matches!(refused, Err(ServiceError::TooMany { .. })));
        // A quarter of an hour, to the millisecond.
        clock.pass_minutes(limits::SIGN_IN_WINDOW_MINUTES);
        let refused = service.sign_in("bruno", PASSWORD, CAFE).await;
        assert!(matches!(refused, Err(ServiceError::TooMany { .. })));
        clock.pass_millis(1);
        service.sign_in("bruno", PASSWORD, CAFE).await.unwrap();
    }
}

#[tokio::test]
async fn tries_made_at_once_count_as_many() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        instance.person("amina", None).await;
        let tries = (0..12_u8).map(|at| {
            let service = instance.service.clone();
            let address = IpAddr::from([192, 0, 2, at]);
            async move { service.sign_in("amina", "wrong password", address).await }
        });
        let mut set = tokio::task::JoinSet::new();
        for one in tries {
            set.spawn(one);
        }
        let answers = set.join_all().await;
        let checked = answers.iter().filter(|answer| is_wrong(answer)).count();
        assert_eq!(i64::try_from(checked), Ok(limits::SIGN_IN_TRIES_MAX), "{answers:?}");
        let waits = |answer: &&Result<_, _>| matches!(answer, Err(ServiceError::TooMany { .. }));
        assert_eq!(answers.iter().filter(waits).count(), 12 - checked);
    }
}

#[tokio::test]
async fn sessions_end_and_tokens_do_what_they_say() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let amina = instance.person("amina", None).await;
        let session = service.sign_in("amina", PASSWORD, HOME).await.unwrap();
        let other = service.sign_in("amina", PASSWORD, CAFE).await.unwrap();
        assert_ne!(session.token, other.token);
        let signed_in = service.signed_in(&session.token).await.unwrap().unwrap();
        assert_eq!(signed_in.caller, amina.caller);
        assert!(!signed_in.csrf.is_empty());
        assert!(service.signed_in("guess").await.unwrap().is_none());
        service.sign_out(&other.token).await.unwrap();
        assert!(service.signed_in(&other.token).await.unwrap().is_none());
        instance.clock.pass_minutes(limits::SESSION_DAYS_MAX * 24 * 60);
        instance.clock.pass_millis(-1);
        assert!(service.signed_in(&session.token).await.unwrap().is_some());
        instance.clock.pass_millis(1);
        assert!(service.signed_in(&session.token).await.unwrap().is_none());

        let reads = service.create_token("amina", Scope::parse("read").unwrap()).await.unwrap();
        let writes = service.create_token("amina", Scope::parse("write").unwrap()).await.unwrap();
        assert!(service.bearer("guess").await.unwrap().is_none());
        assert!(service.bearer(&writes).await.unwrap().unwrap().may_write);
        let reader = service.bearer(&reads).await.unwrap().unwrap();
        assert!(!reader.may_write);
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let new = polylogue::service::opinions::NewOpinion {
            name: "No".to_owned(),
            abstract_text: "No.".to_owned(),
            source: "No.".to_owned(),
            language: "en".to_owned(),
            status: polylogue::domain::opinion::OpinionStatus::Open,
        };
        let refused = service.publish_opinion(&reader, room, new).await;
        assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })));
        let unknown = service.create_token("nobody", Scope::parse("read").unwrap()).await;
        assert!(matches!(unknown, Err(ServiceError::NotFound { .. })));
        let log = accounts::audit(&service.store, 2).await.unwrap();
        assert_eq!(log[0].what, "made a token for amina (write)");
        assert_eq!(log[1].what, "made a token for amina (read)");
    }
}

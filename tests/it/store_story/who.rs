//! Who one is: what one says of oneself holds from now on, and what others say of one stands beside the name, in every
//! room, until it ends. None of it opens or closes any door.

use std::sync::Arc;

use polylogue::{
    base::limits,
    domain::{
        attestation::ProofLevel, group::StakeholderGroup as Group, position::PositionKind,
        region::Region,
    },
    record::item::Kind,
    service::{ServiceError, profile::OwnProfile, read::ActorView},
    store::{dump, entries, projections, rooms},
};
use polylogue_tests::{Participant, TestDatabase, TestService, Words, mail::CaughtMail};

async fn seen(instance: &TestService, who: &Participant) -> ActorView {
    let views = instance.service.actor_views([who.uri().to_owned()]).await.unwrap();
    views[who.uri()].clone()
}

async fn level(instance: &TestService, who: &Participant) -> ProofLevel {
    let shown = seen(instance, who).await.proof;
    let listed = instance.service.attestations_of(who.uri()).await.unwrap();
    assert_eq!(listed.first().map_or(ProofLevel::Declared, |view| view.level), shown);
    shown
}

fn field(refused: &ServiceError) -> &'static str {
    match refused {
        ServiceError::Invalid(wrong) => wrong[0].field,
        other => panic!("not refused for a field: {other:?}"),
    }
}

/// Making everything anew from the log leaves every table as it is.
async fn rebuilds_alike(instance: &TestService) {
    let store = &instance.service.store;
    let before = dump::everything(store).await.unwrap();
    for room in rooms::all(store).await.unwrap() {
        let tx = store.begin().await.unwrap();
        projections::rebuild(&tx, room.id).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(dump::everything(store).await.unwrap(), before);
    assert!(before.contains("attestation "), "nothing was attested");
}

#[tokio::test]
async fn a_change_of_group_or_region_rewrites_nothing() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let amina = instance.person("amina", Some(Group::CivilSociety)).await;
        let own = |group, region| OwnProfile {
            display_name: "Amina  O.\u{202e}".to_owned(),
            profile: "I look after *cables*.".to_owned(),
            group,
            region,
            email: "amina@cables.example".to_owned(),
            discoverable: true,
            fields: Vec::new(),
        };
        let africa = own(Some(Group::CivilSociety), Some(Region::Africa));
        service.change_profile(&amina.caller, africa).await.unwrap();
        let amina = Participant::again(&instance, "amina").await;
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let opinion = amina.publishes(&room, "Costs", "Users pay.").await.unwrap().uri;
        instance.clock.pass_minutes(1);
        amina.takes_position(&opinion, 1, PositionKind::Support, Words::NONE).await.unwrap();

        let later = own(Some(Group::Governments), None);
        let actor = service.change_profile(&amina.caller, later.clone()).await.unwrap();
        assert_eq!(
            (actor.name.as_str(), actor.stakeholder_group.as_deref()),
            ("Amina O.", Some("plg:government"))
        );
        assert!(actor.summary.contains("<em>cables</em>"), "{}", actor.summary);
        let view = seen(&instance, &amina).await;
        assert_eq!((view.group, view.region), (Some(Group::Governments), None));
        let positions = service.positions(room.id, &opinion).await.unwrap();
        assert_eq!(positions[0].group, Some(Group::CivilSociety));
        assert_eq!(positions[0].position.region.as_deref(), Some("plg:africa"));
        let opinion = service.opinion(&opinion, None).await.unwrap();
        assert_eq!(opinion.group, Some(Group::CivilSociety));
        assert_eq!(opinion.opinion.region.as_deref(), Some("plg:africa"));

        // What was typed comes back to be edited, and what is wrong is said beside its field.
        let amina = Participant::again(&instance, "amina").await;
        let shown = service.own_profile(&amina.caller).await.unwrap();
        assert_eq!(shown, OwnProfile { display_name: "Amina O.".to_owned(), ..later.clone() });
        let nameless = OwnProfile { display_name: " ".to_owned(), ..later };
        let refused = service.change_profile(&amina.caller, nameless).await.unwrap_err();
        assert_eq!(field(&refused), "displayName");
    }
}

#[tokio::test]
async fn an_organisation_vouches_in_every_room_and_takes_it_back() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let (service, store) = (&instance.service, &instance.service.store);
        let network = instance.organisation("network", Some(Group::CivilSociety)).await;
        let amina = instance.person("amina", None).await;
        let bruno = instance.person("bruno", None).await;
        let (first, _) = amina.topic("first").await.unwrap();
        let (second, _) = bruno.topic("second").await.unwrap();
        let attested = |room: i64| {
            let store = store.clone();
            let amina = amina.uri().to_owned();
            async move { entries::naming(&store, room, Kind::Attestation, &amina).await.unwrap().len() }
        };

        assert_eq!(level(&instance, &amina).await, ProofLevel::Declared);
        let refused = service.vouch(&bruno.caller, "amina", None).await.unwrap_err();
        assert!(matches!(refused, ServiceError::NotPermitted { .. }), "{refused:?}");
        for (name, until, wrong) in [
            ("nobody", None, "subject"),
            ("network", None, "subject"),
            ("amina", Some(service.now()), "validUntil"),
        ] {
            let refused = service.vouch(&network.caller, name, until).await.unwrap_err();
            assert_eq!(field(&refused), wrong, "{name}");
        }
        let said = service.vouch(&network.caller, "@amina@cs.example", None).await.unwrap();
        assert_eq!((said.level, said.attester.username.as_str()), (ProofLevel::Vouched, "network"));
        assert_eq!(level(&instance, &amina).await, ProofLevel::Vouched);
        let twice = service.vouch(&network.caller, "amina", None).await.unwrap_err();
        assert!(matches!(twice, ServiceError::Conflict { .. }), "{twice:?}");

        // It is in the room where she has acted, and comes to the next with her first act there.
        assert_eq!((attested(first.id).await, attested(second.id).await), (1, 0));
        amina.publishes(&second, "Costs", "Users pay.").await.unwrap();
        instance.clock.pass_minutes(1);
        amina.publishes(&second, "More", "They do.").await.unwrap();
        assert_eq!((attested(first.id).await, attested(second.id).await), (1, 1));
        rebuilds_alike(&instance).await;

        // Who did not say it cannot take it back; who did can, everywhere at once.
        let key = said.key.unwrap().to_string();
        let stranger = service.stop_vouching(&bruno.caller, &key).await.unwrap_err();
        assert!(matches!(stranger, ServiceError::NotFound { .. }), "{stranger:?}");
        instance.clock.pass_minutes(1);
        service.stop_vouching(&network.caller, &key).await.unwrap();
        assert_eq!(level(&instance, &amina).await, ProofLevel::Declared);
        let again = service.stop_vouching(&network.caller, &key).await.unwrap_err();
        assert!(matches!(again, ServiceError::Conflict { .. }), "{again:?}");
        rebuilds_alike(&instance).await;

        // One that is said for a time ends by itself.
        let until = service.now().plus_millis(60_000);
        service.vouch(&network.caller, "amina", Some(until)).await.unwrap();
        assert_eq!(level(&instance, &amina).await, ProofLevel::Vouched);
        instance.clock.pass_minutes(1);
        assert_eq!(level(&instance, &amina).await, ProofLevel::Declared);
    }
}

#[tokio::test]
async fn a_link_by_mail_works_once_for_a_day_and_for_its_account() {
    for database in TestDatabase::each().await {
        let mut instance = TestService::over("cs.example", database);
        let mail = CaughtMail::default();
        instance.service.ports.mail = Arc::new(mail.clone());
        let service = &instance.service;
        service.ensure_instance_actor().await.unwrap();
        let amina = instance.person("amina", None).await;
        let bruno = instance.person("bruno", None).await;
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let ask = |address: &'static str| {
            let words = |c: polylogue::service::proofs::Confirmation<'_>| {
                (c.domain.to_owned(), c.link.to_owned())
            };
            service.ask_mail_proof(&amina.caller, address, words)
        };
        let token = |letter: usize| {
            let text = mail.letters()[letter].text.clone();
            text.split("token=").nth(1).unwrap().to_owned()
        };

        for wrong in ["", "amina", "a@b.example, c@d.example", "a@[127.0.0.1]"] {
            assert_eq!(field(&ask(wrong).await.unwrap_err()), "address", "{wrong}");
        }
        assert!(mail.letters().is_empty());
        assert_eq!(ask("Amina.O@Ministry.Example").await.unwrap(), "ministry.example");
        let letter = mail.letters().remove(0);
        assert_eq!(letter.to, "Amina.O@Ministry.Example");
        assert!(letter.text.starts_with("https://cs.example/settings/proof/confirm?token="));

        // Looking at the page behind it confirms nothing; another account has nothing from it.
        let first = token(0);
        assert!(service.mail_proof_domain(&amina.caller, &first).await.unwrap().is_some());
        assert_eq!(service.mail_proof_domain(&bruno.caller, &first).await.unwrap(), None);
        assert_eq!(service.confirm_mail_proof(&bruno.caller, &first).await.unwrap(), None);
        assert_eq!(level(&instance, &amina).await, ProofLevel::Declared);
        let domain = service.confirm_mail_proof(&amina.caller, &first).await.unwrap();
        assert_eq!(domain.as_deref(), Some("ministry.example"));
        assert_eq!(level(&instance, &amina).await, ProofLevel::MailDomain);
        assert_eq!(service.confirm_mail_proof(&amina.caller, &first).await.unwrap(), None);

        // The record has the domain and not the address, nowhere.
        let log = entries::page(&service.store, room.id, 0, 100).await.unwrap();
        let said: Vec<String> =
            log.iter().map(|row| String::from_utf8(row.body.clone()).unwrap()).collect();
        assert!(said.iter().any(|body| body.contains("\"domain\":\"ministry.example\"")));
        assert!(!said.iter().any(|body| body.to_lowercase().contains("amina.o@")));

        // Three letters an hour for an account, and for an address whoever asks; then one more an hour later.
        ask("a@one.example").await.unwrap();
        ask("a@two.example").await.unwrap();
        assert_eq!(limits::CONFIRMATION_MAILS_PER_HOUR_MAX, mail.letters().len());
        assert_eq!(field(&ask("a@three.example").await.unwrap_err()), "address");
        assert_eq!(mail.letters().len(), 3);
        instance.clock.pass_minutes(60);
        ask("a@three.example").await.unwrap();

        // A link of yesterday does not work; a letter that did not go out counts for nothing.
        let late = token(3);
        instance.clock.pass_minutes(limits::CONFIRMATION_HOURS_MAX * 60);
        assert_eq!(service.confirm_mail_proof(&amina.caller, &late).await.unwrap(), None);
        mail.refuse();
        for _ in 0..5 {
            let refused = ask("a@four.example").await.unwrap_err();
            assert!(refused.to_string().contains("mail server"), "{refused}");
        }
        rebuilds_alike(&instance).await;
    }
}

#[tokio::test]
async fn a_web_domain_that_names_nobody_any_more_proves_nothing_after_three_days() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        service.ensure_instance_actor().await.unwrap();
        let amina = instance.person("amina", None).await;
        amina.topic("who_pays").await.unwrap();
        for wrong in [
            "",
            "localhost",
            "127.0.0.1",
            "[::1]",
            "a.example:8443",
            "a.example/path",
            "user@a.example",
            "cs.example",
        ] {
            let refused = service.add_web_domain(&amina.caller, wrong).await.unwrap_err();
            assert_eq!(field(&refused), "domain", "{wrong}");
        }
        let added = service.add_web_domain(&amina.caller, "https://Ministry.Example/").await;
        let row = added.unwrap();
        assert_eq!(row.domain, "ministry.example");
        let day = 24 * 60;
        let failed = || Err("not found".to_owned());

        // Not there yet: looked at again within the hour, and no proof.
        service.web_domain_seen(row.id, failed()).await.unwrap();
        let waiting = service.web_proofs(&amina.caller).await.unwrap().remove(0);
        assert!(waiting.due_at < service.now().plus_millis(3_600_000).as_millis());
        assert_eq!(level(&instance, &amina).await, ProofLevel::Declared);

        // There: proven, and said once however often it is found.
        service.web_domain_seen(row.id, Ok(())).await.unwrap();
        assert_eq!(level(&instance, &amina).await, ProofLevel::WebDomain);
        let first = service.attestations_of(amina.uri()).await.unwrap();
        instance.clock.pass_minutes(day);
        service.web_domain_seen(row.id, Ok(())).await.unwrap();
        let again = service.attestations_of(amina.uri()).await.unwrap();
        assert_eq!((again.len(), &again[0].uri), (1, &first[0].uri));

        // Gone: one bad day ends nothing, nor do two; the third does.
        for days in 0..=limits::WEB_CHECK_FAILING_DAYS_MAX {
            instance.clock.pass_minutes(day);
            service.web_domain_seen(row.id, failed()).await.unwrap();
            let still = if days < limits::WEB_CHECK_FAILING_DAYS_MAX {
                ProofLevel::WebDomain
            } else {
                ProofLevel::Declared
            };
            assert_eq!(level(&instance, &amina).await, still, "after {days} days");
        }
        // Back: proven anew. Taken off the list: not any more.
        service.web_domain_seen(row.id, Ok(())).await.unwrap();
        assert_eq!(level(&instance, &amina).await, ProofLevel::WebDomain);
        rebuilds_alike(&instance).await;
        service.remove_web_domain(&amina.caller, &row.id.to_string()).await.unwrap();
        assert_eq!(level(&instance, &amina).await, ProofLevel::Declared);
        assert!(service.web_proofs(&amina.caller).await.unwrap().is_empty());

        // Each look is a request to somebody’s server: a few in a quarter of an hour.
        instance.clock.pass_minutes(60);
        for at in 0..limits::WEB_CHECKS_MAX {
            service.add_web_domain(&amina.caller, &format!("site{at}.example")).await.unwrap();
        }
        let refused = service.add_web_domain(&amina.caller, "site0.example").await.unwrap_err();
        assert!(refused.to_string().contains("wait"), "{refused}");
        instance.clock.pass_minutes(limits::SIGN_IN_WINDOW_MINUTES + 1);
        let full = service.add_web_domain(&amina.caller, "one.more.example").await.unwrap_err();
        assert!(full.to_string().contains("remove one"), "{full}");
    }
}

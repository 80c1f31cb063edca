//! Organisations and their delegates, as people meet them: one line in the organisation's name, whoever of them acted;
//! who acted is always in the record; what does not hold is shown as not confirmed.

use polylogue::{
    domain::{delegation::Scope, group::StakeholderGroup, position::PositionKind},
    record::item::Kind,
    service::{ServiceError, delegations::NewDelegation},
    store::{dump, entries, projections},
};
use polylogue_tests::{Participant, TestDatabase, TestService, Words};

const ALL: &[Scope] = &[Scope::Position, Scope::CoAuthor, Scope::Comment];

fn to(subject: &str, scopes: &[Scope]) -> NewDelegation {
    NewDelegation { subject: subject.to_owned(), scopes: scopes.to_vec(), valid_until: None }
}

/// Live positions as `line kind by actor confirmed`, names alone.
async fn standing(instance: &TestService, opinion: &str) -> Vec<String> {
    let store = &instance.service.store;
    let row = projections::opinion(store, opinion).await.unwrap().unwrap();
    let name = |uri: &str| uri.rsplit('/').next().unwrap_or_default().to_owned();
    let mut live: Vec<String> = projections::positions(store, row.room_id, opinion)
        .await
        .unwrap()
        .into_iter()
        .filter(|row| row.live)
        .map(|row| {
            let line: Vec<String> = row.line.split(' ').map(name).collect();
            let said = if row.confirmed { "" } else { ", not confirmed" };
            format!("{}: {} by {}{said}", line.join(" "), row.kind, name(&row.actor))
        })
        .collect();
    live.sort();
    live
}

fn for_whom(network: &Participant) -> Words<'_> {
    Words { statement: Some("For a reason."), on_behalf_of: Some(network.uri()) }
}

#[tokio::test]
async fn an_organisation_speaks_through_its_delegates() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let civil = Some(StakeholderGroup::CivilSociety);
        let network = instance.organisation("network", civil).await;
        let amina = instance.person("amina", Some(StakeholderGroup::IndividualUsers)).await;
        let bruno = instance.person("bruno", None).await;
        let (room, _) = amina.topic("who_pays").await.unwrap();
        instance.clock.pass_minutes(1);
        let opinion = amina.publishes(&room, "Costs", "Users pay.").await.unwrap().uri;

        // Only an organisation delegates, to persons who are known, for something, until a time to come.
        let refused = service.delegate(&amina.caller, to("bruno", ALL)).await;
        assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })), "{refused:?}");
        let past = NewDelegation { valid_until: Some(service.now()), ..to("amina", ALL) };
        for (new, field) in [
            (to("nobody", ALL), "subject"),
            (to("network", ALL), "subject"),
            (to("amina", &[]), "scope"),
            (past, "validUntil"),
        ] {
            match service.delegate(&network.caller, new).await {
                Err(ServiceError::Invalid(wrong)) => assert_eq!(wrong[0].field, field),
                other => panic!("not refused for {field}: {other:?}"),
            }
        }
        assert!(service.principals_of(amina.uri(), Scope::Position).await.unwrap().is_empty());
        let given = service.delegate(&network.caller, to("@amina@cs.example", ALL)).await.unwrap();
        service.delegate(&network.caller, to("bruno", &[Scope::Position])).await.unwrap();
        let names: Vec<String> = service
            .principals_of(amina.uri(), Scope::Position)
            .await
            .unwrap()
            .into_iter()
            .map(|view| view.username)
            .collect();
        assert_eq!(names, ["network"]);
        assert!(service.principals_of(bruno.uri(), Scope::Comment).await.unwrap().is_empty());

        // A delegate speaks: the log holds the delegation before the act, and the group is the organisation's.
        instance.clock.pass_minutes(1);
        let took =
            amina.takes_position(&opinion, 1, PositionKind::Support, for_whom(&network)).await;
        let took = took.unwrap();
        assert_eq!(standing(&instance, &opinion).await, ["network: support by amina"]);
        let row = projections::position(&service.store, &took.uri).await.unwrap().unwrap();
        assert_eq!(row.stakeholder_group.as_deref(), Some("plg:civilSociety"));
        assert_eq!(row.delegation.as_deref(), Some(given.uri.as_str()));
        let held =
            entries::naming(&service.store, room.id, Kind::Delegation, amina.uri()).await.unwrap();
        assert_eq!(held.len(), 1);
        assert!(held[0].seq < took.receipt.seq);
        // Again: the log does not hold it twice. Her own position is another.
        amina.takes_position(&opinion, 1, PositionKind::Concern, for_whom(&network)).await.unwrap();
        amina.takes_position(&opinion, 1, PositionKind::Support, Words::NONE).await.unwrap();
        let held =
            entries::naming(&service.store, room.id, Kind::Delegation, amina.uri()).await.unwrap();
        assert_eq!(held.len(), 1);
        assert_eq!(
            standing(&instance, &opinion).await,
            ["amina: support by amina", "network: concern by amina"]
        );
        // Another delegate withdraws it; somebody without a delegation cannot.
        let of_network = |rows: Vec<projections::Position>| {
            rows.into_iter().find(|row| row.live && row.on_behalf_of.is_some()).unwrap().activity_id
        };
        let rows = projections::positions(&service.store, room.id, &opinion).await.unwrap();
        let taken = of_network(rows);
        let stranger = instance.person("stranger", None).await;
        assert!(matches!(stranger.withdraws(&taken).await, Err(ServiceError::NotPermitted { .. })));
        instance.clock.pass_minutes(1);
        bruno.withdraws(&taken).await.unwrap();
        assert_eq!(standing(&instance, &opinion).await, ["amina: support by amina"]);
        // What the organisation's account took itself a delegate may withdraw as well.
        instance.clock.pass_minutes(1);
        let own =
            network.takes_position(&opinion, 1, PositionKind::Support, Words::NONE).await.unwrap();
        instance.clock.pass_minutes(1);
        bruno.withdraws(&own.uri).await.unwrap();
        assert_eq!(standing(&instance, &opinion).await, ["amina: support by amina"]);

        // Out of scope: bruno may take positions, not comment.
        let comment = bruno.comments_for(&network, &opinion, "In its name.").await.unwrap();
        let view = service.comment_view(&comment.uri).await.unwrap();
        assert_eq!(
            (view.on_behalf_of.unwrap().username.as_str(), view.confirmed),
            ("network", false)
        );
        let comment = amina.comments_for(&network, &opinion, "In its name.").await.unwrap();
        assert!(service.comment_view(&comment.uri).await.unwrap().confirmed);

        // Taken back: what stood before stands, what comes after is not confirmed.
        instance.clock.pass_minutes(1);
        amina
            .takes_position(&opinion, 1, PositionKind::Objection, for_whom(&network))
            .await
            .unwrap();
        instance.clock.pass_minutes(1);
        assert!(matches!(
            service.end_delegation(&amina.caller, &given.key.to_string()).await,
            Err(ServiceError::NotPermitted { .. })
        ));
        service.end_delegation(&network.caller, &given.key.to_string()).await.unwrap();
        assert!(matches!(
            service.end_delegation(&network.caller, &given.key.to_string()).await,
            Err(ServiceError::Conflict { .. })
        ));
        instance.clock.pass_minutes(1);
        amina.takes_position(&opinion, 1, PositionKind::Support, for_whom(&network)).await.unwrap();
        assert_eq!(
            standing(&instance, &opinion).await,
            [
                "amina for network: support by amina, not confirmed",
                "amina: support by amina",
                "network: objection by amina",
            ]
        );
        assert!(service.comment_view(&comment.uri).await.unwrap().confirmed);
        // Who lost the delegation cannot withdraw in the organisation's name, also not what she took herself.
        let rows = projections::positions(&service.store, room.id, &opinion).await.unwrap();
        let objection = rows.iter().find(|row| row.live && row.kind == "objection").unwrap();
        assert!(matches!(
            amina.withdraws(&objection.activity_id).await,
            Err(ServiceError::NotPermitted { .. })
        ));
        network.withdraws(&objection.activity_id).await.unwrap();

        // All of it follows from the log.
        let before = dump::everything(&service.store).await.unwrap();
        let tx = service.store.begin().await.unwrap();
        projections::rebuild(&tx, room.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(dump::everything(&service.store).await.unwrap(), before);
    }
}

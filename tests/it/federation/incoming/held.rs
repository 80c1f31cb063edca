//! What is held first and verified later is told to those it concerns, like everything else.

use polylogue::{
    base::clock::Clock as _,
    domain::group::StakeholderGroup,
    record::item::Item,
    service::{intake::Via, notices::NoticeKind},
    store::{entries, entries::Verdict},
};
use polylogue_tests::{TestDatabase, TestService};

use crate::record::voice::{Voice, delivered};

#[tokio::test]
async fn an_act_that_was_held_first_is_noticed_when_it_is_verified() {
    for database in TestDatabase::each().await {
        let home = TestService::over("civil.example", database);
        let amina = home.person("amina", Some(StakeholderGroup::CivilSociety)).await;
        let (room, _) = amina.topic("who_pays").await.unwrap();
        let opinion = amina.publishes(&room, "Costs", "Who pays?").await.unwrap().uri;
        let service = &home.service;
        while service.leave_notices().await.unwrap() > 0 {}
        let ada = Voice::new("ada", "masto.example");
        let note = ada.note(1);
        let act = ada.comments(1, &note, &opinion, "Who pays whom?", home.clock.now());
        let item: Item = delivered(&act, "other.example", home.clock.now());
        let body = serde_json::to_vec(item.log_document()).unwrap();
        let take = async |verdict| {
            let tx = service.store.begin().await.unwrap();
            let via = Via::Relay { from: "https://other.example/t/x", sent_to: &[], hops: 1 };
            let room = polylogue::store::rooms::by_id(&tx, room.id).await.unwrap().unwrap();
            service.take(&tx, &room, &item, &body, verdict, via).await.unwrap();
            tx.commit().await.unwrap();
        };
        let caller = service.caller_named("amina").await.unwrap();
        let told = async || {
            while service.leave_notices().await.unwrap() > 0 {}
            let (notices, _) = service.notices(&caller, 10, 0).await.unwrap();
            notices.iter().filter(|view| view.kind == NoticeKind::Comment).count()
        };
        take(Verdict::Held).await;
        // Others come after it, and the cursor passes.
        amina.publishes(&room, "Costs again", "Who pays then?").await.unwrap();
        assert_eq!(told().await, 0);
        knows(&home, &room, &ada).await;
        take(Verdict::Evidence).await;
        assert_eq!(told().await, 1, "verified later, and told");
        take(Verdict::Evidence).await;
        assert_eq!(told().await, 1, "once");
        // Followers' cursor goes by the same order.
        let counted = entries::page_counted(&service.store, room.id, 0, 200).await.unwrap();
        let last = counted.iter().rev().find(|row| row.hash == item.hash.to_string()).unwrap();
        assert!(last.counted > Some(last.seq), "{last:?}");
        let mut numbers: Vec<_> = counted.iter().filter_map(|row| row.counted).collect();
        let count = numbers.len();
        numbers.dedup();
        assert_eq!((numbers.len(), numbers.first()), (count, Some(&1)));
    }
}

/// The author's profile is shown with the notice.
async fn knows(home: &TestService, room: &polylogue::store::rooms::Room, who: &Voice) {
    use polylogue::store::actors::{self, Actor};
    let known = home.service.room_actor(room).await.unwrap();
    let row = Actor {
        id: home.service.new_id(),
        uri: who.uri.clone(),
        host: who.host.clone(),
        kind: "Person".to_owned(),
        username: "ada".to_owned(),
        inbox: format!("{}/inbox", who.uri),
        local: false,
        created_at: 0,
        ..known
    };
    let tx = home.service.store.begin().await.unwrap();
    actors::insert(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
}

//! What came in, what goes out, and the links between rooms.

use polylogue::store::{
    deliveries::{self, Delivery, Load, Outgoing, Peer},
    inbox_items::{self, InboxItem},
    links::{self, Link},
};
use polylogue_tests::TestDatabase;

fn inbox_item(id: i64, activity: &str, digest: &str, due_at: i64) -> InboxItem {
    InboxItem {
        id,
        activity_uri: activity.to_owned(),
        digest: digest.to_owned(),
        signer: "https://b.example/p/chen".to_owned(),
        host: "b.example".to_owned(),
        body: b"{}".to_vec(),
        evidence: "{}".to_owned(),
        received_at: 0,
        state: inbox_items::NEW.to_owned(),
        reason: None,
        attempts: 0,
        due_at,
        object_uri: None,
    }
}

#[tokio::test]
async fn the_same_bytes_five_times_are_one_item() {
    for database in TestDatabase::each().await {
        let store = database.store();
        for id in 1..=5 {
            let tx = store.begin().await.unwrap();
            let new = inbox_items::insert(&tx, inbox_item(id, "https://b.example/a/1", "d", 10));
            assert_eq!(new.await.unwrap(), id == 1);
            tx.commit().await.unwrap();
        }
        let tx = store.begin().await.unwrap();
        // Other bytes under the same id are another item: somebody contradicts themselves.
        let other = inbox_item(6, "https://b.example/a/1", "e", 20);
        assert!(inbox_items::insert(&tx, other).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(inbox_items::count(&store, inbox_items::NEW).await.unwrap(), 2);
        assert_eq!(
            inbox_items::by_activity(&store, "https://b.example/a/1").await.unwrap().len(),
            2
        );

        let due = async |now| -> Vec<i64> {
            let due = inbox_items::due(&store, now, 10).await.unwrap();
            due.iter().map(|row| row.id).collect()
        };
        assert_eq!(due(9).await, [] as [i64; 0]);
        assert_eq!(due(10).await, [1]);
        assert_eq!(due(20).await, [1, 6]);
        assert_eq!(inbox_items::next_due(&store).await.unwrap(), Some(10));
        let tx = store.begin().await.unwrap();
        inbox_items::postpone(&tx, 1, 30, "key not found".to_owned()).await.unwrap();
        inbox_items::settle(&tx, 6, inbox_items::REFUSED, Some("not theirs".to_owned()))
            .await
            .unwrap();
        inbox_items::settle(&tx, 99, inbox_items::DONE, None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(29).await, [] as [i64; 0]);
        assert_eq!(due(30).await, [1]);
        let refused = inbox_items::refused(&store, 10).await.unwrap();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].reason.as_deref(), Some("not theirs"));
        assert!(refused[0].body.is_empty());
        let waits = &inbox_items::by_activity(&store, "https://b.example/a/1").await.unwrap()[0];
        assert_eq!((waits.attempts, waits.state.as_str()), (1, inbox_items::WAITING));
        assert_eq!(waits.body, b"{}");
        // Known bytes stay known after they are settled.
        let tx = store.begin().await.unwrap();
        let again = inbox_item(7, "https://b.example/a/1", "e", 40);
        assert!(!inbox_items::insert(&tx, again).await.unwrap());
        tx.commit().await.unwrap();
    }
}

fn outgoing(id: i64) -> Outgoing {
    Outgoing {
        id,
        activity_uri: format!("https://a.example/a/{id}"),
        signer_id: 1,
        body: b"{}".to_vec(),
        audience: "[]".to_owned(),
        created_at: 0,
        expanded: false,
    }
}

fn delivery(id: i64, outgoing_id: i64, inbox: &str) -> Delivery {
    Delivery {
        id,
        outgoing_id,
        host: "b.example".to_owned(),
        inbox: format!("https://b.example/{inbox}"),
        state: deliveries::DUE.to_owned(),
        attempts: 0,
        due_at: 0,
        status: None,
        error: None,
        settled_at: None,
    }
}

#[tokio::test]
async fn an_activity_is_expanded_once() {
    for database in TestDatabase::each().await {
        let store = database.store();
        let tx = store.begin().await.unwrap();
        for id in [2, 1] {
            deliveries::insert(&tx, outgoing(id)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let waiting = deliveries::unexpanded(&store, 10).await.unwrap();
        assert_eq!(waiting.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 2]);
        // Twice, as after a crash between expanding and the next step: the inboxes are the same, their ids are not.
        for (first, inboxes) in [(10, &["x", "y"][..]), (20, &["x", "y"]), (30, &["x", "y", "z"])] {
            let rows = inboxes.iter().zip(first..).map(|(inbox, id)| delivery(id, 1, inbox));
            let tx = store.begin().await.unwrap();
            deliveries::expand(&tx, outgoing(1), rows.collect()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let tx = store.begin().await.unwrap();
        deliveries::expand(&tx, outgoing(2), Vec::new()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(deliveries::unexpanded(&store, 10).await.unwrap(), []);
        let rows = deliveries::of_activity(&store, "https://a.example/a/1").await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [10, 11, 32]);
        assert_eq!(deliveries::count(&store, deliveries::DUE).await.unwrap(), 3);
        assert!(deliveries::outgoing(&store, 1).await.unwrap().unwrap().expanded);
    }
}

#[tokio::test]
async fn an_inbox_gets_what_is_for_it_in_order_until_one_is_set_aside() {
    for database in TestDatabase::each().await {
        let store = database.store();
        let tx = store.begin().await.unwrap();
        let rows = [(1, 1, "x"), (2, 2, "x"), (3, 2, "y")].map(|(id, of, to)| delivery(id, of, to));
        for id in [1, 2] {
            deliveries::insert(&tx, outgoing(id)).await.unwrap();
        }
        deliveries::expand(&tx, outgoing(1), rows[..1].to_vec()).await.unwrap();
        deliveries::expand(&tx, outgoing(2), rows[1..].to_vec()).await.unwrap();
        tx.commit().await.unwrap();
        let next = async |now| {
            let load = deliveries::next_of_lane(&store, "b.example", now).await.unwrap();
            load.deliveries.first().map(|row| row.id)
        };
        let save = async |row: Delivery| {
            deliveries::note(&store, row, None).await.unwrap();
        };
        assert_eq!(deliveries::hosts_due(&store, 0).await.unwrap(), ["b.example"]);
        assert_eq!(next(0).await, Some(1));
        assert_eq!(
            deliveries::next_of_lane(&store, "c.example", 0).await.unwrap(),
            Load::default()
        );
        // The first fails: the second to the same inbox waits with it, the third goes elsewhere.
        for attempts in 1..deliveries::PARKED_AFTER_ATTEMPTS {
            save(Delivery { attempts, due_at: 100, ..rows[0].clone() }).await;
            assert_eq!(next(50).await, Some(3), "after {attempts} attempts");
        }
        // After as many as are allowed it holds nothing up any more.
        let attempts = deliveries::PARKED_AFTER_ATTEMPTS;
        save(Delivery { attempts, due_at: 100, ..rows[0].clone() }).await;
        assert_eq!(next(50).await, Some(2));
        assert_eq!(next(100).await, Some(1));
        for row in &rows[1..] {
            save(Delivery { state: deliveries::DONE.to_owned(), ..row.clone() }).await;
        }
        assert_eq!(next(99).await, None);
        assert_eq!(deliveries::next_due_open(&store).await.unwrap(), Some(100));
        assert_eq!(deliveries::hosts_due(&store, 99).await.unwrap(), [] as [String; 0]);
        // While the host's circuit is open nothing falls due there, however long it has waited.
        for (open_until, next) in [(500, 500), (99, 100), (0, 100)] {
            let tx = store.begin().await.unwrap();
            let peer = Peer {
                host: "b.example".to_owned(),
                failures: 3,
                open_until,
                last_success: None,
                last_error: None,
            };
            deliveries::save_peer(&tx, peer).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(deliveries::next_due_open(&store).await.unwrap(), Some(next));
        }
        save(Delivery { state: deliveries::GIVEN_UP.to_owned(), ..rows[0].clone() }).await;
        assert_eq!(deliveries::next_due_open(&store).await.unwrap(), None);

        let peer = Peer {
            host: "b.example".to_owned(),
            failures: 1,
            open_until: 500,
            last_success: None,
            last_error: Some("no route".to_owned()),
        };
        let healed = Peer { failures: 0, open_until: 0, last_success: Some(9), ..peer.clone() };
        for row in [&peer, &healed] {
            let tx = store.begin().await.unwrap();
            deliveries::save_peer(&tx, row.clone()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(deliveries::peer(&store, "b.example").await.unwrap().as_ref(), Some(row));
        }
        assert_eq!(deliveries::peers(&store).await.unwrap(), [healed]);
    }
}

#[tokio::test]
async fn of_a_lane_no_more_is_read_at_once_than_fits() {
    for database in TestDatabase::each().await {
        let store = database.store();
        let half = usize::try_from(deliveries::LANE_BYTES_MAX / 2).unwrap();
        let many = i64::try_from(deliveries::LANE_DELIVERIES_MAX).unwrap();
        let sizes = [half, half, 1, 3 * half, 1];
        let tx = store.begin().await.unwrap();
        for (id, size) in (1..).zip(sizes) {
            let row = Outgoing { body: vec![b'x'; size], ..outgoing(id) };
            deliveries::insert(&tx, row).await.unwrap();
        }
        // The first goes to two inboxes: it is read once, and counts once.
        let rows = [(1, 1, "w"), (2, 1, "x"), (3, 2, "w"), (4, 3, "w"), (5, 4, "w"), (6, 5, "w")];
        for (id, of, to) in rows {
            deliveries::expand(&tx, outgoing(of), vec![delivery(id, of, to)]).await.unwrap();
        }
        // One that is not there any more is said to be none, and holds nothing up.
        deliveries::expand(&tx, outgoing(9), vec![delivery(7, 9, "w")]).await.unwrap();
        for id in 0..many {
            let row =
                Delivery { host: "c.example".to_owned(), ..delivery(100 + id, 3, &id.to_string()) };
            deliveries::expand(&tx, outgoing(3), vec![row]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let run = async |host: &str| {
            let load = deliveries::next_of_lane(&store, host, 0).await.unwrap();
            let mut ids = Vec::new();
            for row in load.deliveries {
                ids.push((row.id, load.outgoing.get(&row.outgoing_id).map(|of| of.body.len())));
                let row = Delivery { state: deliveries::DONE.to_owned(), ..row };
                deliveries::note(&store, row, None).await.unwrap();
            }
            ids
        };
        let exactly = [(1, Some(half)), (2, Some(half)), (3, Some(half))];
        assert_eq!(run("b.example").await, exactly, "as many bytes as are read at once");
        assert_eq!(run("b.example").await, [(4, Some(1))], "before one that is too large");
        assert_eq!(run("b.example").await, [(5, Some(3 * half))], "which is read alone");
        assert_eq!(run("b.example").await, [(6, Some(1)), (7, None)]);
        assert_eq!(run("b.example").await, []);
        assert_eq!(run("c.example").await.len(), 32);
        let tx = store.begin().await.unwrap();
        let more = (0..=many).map(|id| Delivery {
            host: "d.example".to_owned(),
            ..delivery(200 + id, 3, &format!("more/{id}"))
        });
        deliveries::expand(&tx, outgoing(3), more.collect()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(run("d.example").await.len(), 32, "not one more");
        assert_eq!(run("d.example").await.len(), 1);
    }
}

#[tokio::test]
async fn a_room_has_one_link_with_a_peer() {
    for database in TestDatabase::each().await {
        let store = database.store();
        let link = Link {
            id: 1,
            room_id: 1,
            peer: "https://b.example/t/x".to_owned(),
            peer_inbox: "https://b.example/t/x/inbox".to_owned(),
            sent_follow: Some("https://a.example/a/1".to_owned()),
            sent_accepted: false,
            got_follow: None,
            got_accepted: false,
            state: links::ASKED.to_owned(),
            cursor: 0,
            relayed: 0,
            pull_due_at: 10,
            updated_at: 0,
        };
        let save = async |row: &Link| {
            let tx = store.begin().await.unwrap();
            let saved = links::save(&tx, row.clone()).await.unwrap();
            tx.commit().await.unwrap();
            saved
        };
        save(&link).await;
        assert_eq!(links::due_for_pull(&store, 10).await.unwrap(), []);
        assert_eq!(links::receivers(&store, 1).await.unwrap(), []);
        let up = Link {
            id: 9,
            sent_accepted: true,
            got_accepted: true,
            state: links::UP.to_owned(),
            ..link.clone()
        };
        assert_eq!(save(&up).await.id, 1, "the one there is");
        assert_eq!(links::of_room(&store, 1).await.unwrap().len(), 1);
        assert_eq!(links::due_for_pull(&store, 9).await.unwrap(), []);
        assert_eq!(links::due_for_pull(&store, 10).await.unwrap().len(), 1);
        assert_eq!(links::next_pull(&store).await.unwrap(), Some(10));
        assert_eq!(links::up(&store, 1).await.unwrap().len(), 1);
        assert_eq!(links::all_up(&store).await.unwrap().len(), 1);
        assert_eq!(links::receivers(&store, 1).await.unwrap().len(), 1);
        // Another room of ours has a link of its own with the same peer.
        save(&Link { id: 2, room_id: 2, ..link.clone() }).await;
        assert_eq!(links::by_peer(&store, &link.peer).await.unwrap().len(), 2);
        save(&Link { state: links::DOWN.to_owned(), ..up }).await;
        assert_eq!(links::up(&store, 1).await.unwrap(), []);
        assert_eq!(links::receivers(&store, 1).await.unwrap(), []);
        assert_eq!(links::next_pull(&store).await.unwrap(), None);
        let found = links::with_peer(&store, 1, &link.peer).await.unwrap().unwrap();
        assert_eq!(found.state, links::DOWN);
    }
}

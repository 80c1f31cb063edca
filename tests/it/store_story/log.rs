//! The log: numbers without gaps whoever writes, one entry for one item, nothing of what was not committed.

use polylogue::{
    base::clock::Timestamp,
    record::item::Item,
    store::{
        Store, StoreError,
        entries::{self, Appended, Arrival, Verdict},
        keys,
        rooms::{self, Room},
    },
};
use polylogue_tests::TestDatabase;

use crate::record::voice::{Stand, TOPIC, Voice, minute};

const ROOM: i64 = 1;
const OPINION: &str = "https://a.example/o/1";

async fn room(store: &Store) {
    let tx = store.begin().await.unwrap();
    rooms::insert(&tx, who_pays()).await.unwrap();
    let twice = rooms::insert(&tx, Room { id: 2, ..who_pays() }).await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    // The failed statement ends the transaction on PostgreSQL.
    drop(tx);
    let tx = store.begin().await.unwrap();
    rooms::insert(&tx, who_pays()).await.unwrap();
    tx.commit().await.unwrap();
}

fn who_pays() -> Room {
    Room {
        id: ROOM,
        slug: "who_pays".to_owned(),
        topic: TOPIC.to_owned(),
        name: "Costs".to_owned(),
        question: "Who pays?".to_owned(),
        language: "en".to_owned(),
        founder: "https://a.example/p/amina".to_owned(),
        created: 0,
        link_policy: "open".to_owned(),
        next_seq: 1,
        parties: None,
        next_counted: 1,
    }
}

async fn append(tx: &polylogue::store::Tx, item: &Item, from: &[String]) -> Appended {
    let body = serde_json::to_vec(item.log_document()).unwrap();
    let arrival = Arrival {
        room_id: ROOM,
        item,
        body: &body,
        verdict: Verdict::Proof,
        origin: None,
        sent_to: from,
        hops: 0,
        taken_at: Timestamp::from_millis(0),
        fresh_key: i64::from_be_bytes(item.hash.0[..8].try_into().unwrap()) >> 1,
    };
    entries::append(tx, &arrival).await.unwrap()
}

fn likes(count: i64) -> Vec<Item> {
    let chen = Voice::new("chen", "b.example");
    (1..=count).map(|number| chen.likes(number, OPINION, Stand::SUPPORT, minute(number))).collect()
}

#[tokio::test]
async fn what_is_not_committed_leaves_nothing() {
    for database in TestDatabase::each().await {
        let store = database.store();
        room(&store).await;
        let items = likes(2);
        let tx = store.begin().await.unwrap();
        assert_eq!(append(&tx, &items[0], &[]).await, Appended::New { seq: 1 });
        assert!(rooms::set_cursor(&tx, "relay", 7).await.is_ok());
        drop(tx);
        assert_eq!(entries::count(&store, ROOM).await.unwrap(), 0);
        assert_eq!(rooms::cursor(&store, "relay").await.unwrap(), 0);
        assert_eq!(keys::by_uri(&store, &items[0].id).await.unwrap(), None);
        let tx = store.begin().await.unwrap();
        assert_eq!(append(&tx, &items[1], &[]).await, Appended::New { seq: 1 });
        tx.commit().await.unwrap();
        let rows = entries::page(&store, ROOM, 0, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(entries::read(&rows[0]).unwrap(), items[1]);
    }
}

#[tokio::test]
async fn the_same_item_again_is_no_entry_but_says_who_holds_it() {
    for database in TestDatabase::each().await {
        let store = database.store();
        room(&store).await;
        let items = likes(2);
        let tx = store.begin().await.unwrap();
        append(&tx, &items[0], &["https://b.example/t/x".to_owned()]).await;
        for _ in 0..3 {
            let again = append(&tx, &items[0], &["https://c.example/t/x".to_owned()]).await;
            assert_eq!(again, Appended::Known { seq: 1 });
        }
        assert_eq!(append(&tx, &items[1], &[]).await, Appended::New { seq: 2 });
        tx.commit().await.unwrap();
        let rows = entries::page(&store, ROOM, 0, 10).await.unwrap();
        let holders: Vec<String> = entries::sent_to(&rows[0]).into_iter().collect();
        assert_eq!(holders, ["https://b.example/t/x", "https://c.example/t/x"]);
        assert_eq!(entries::page(&store, ROOM, 1, 10).await.unwrap().len(), 1);
        assert_eq!(entries::page(&store, ROOM, 0, 1).await.unwrap().len(), 1);
        assert_eq!(
            entries::last_published(&store, &items[0].actor).await.unwrap(),
            Some(minute(2))
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_in_two_processes_leave_no_gap_and_no_double() {
    for database in TestDatabase::each().await {
        let store = database.store();
        room(&store).await;
        let stores = [store.clone(), database.open_again().await];
        let items = likes(24);
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..6_usize {
            let store = stores[writer % 2].clone();
            // Every item is brought by two of them.
            let mut mine: Vec<Item> = items
                .iter()
                .enumerate()
                .filter(|(at, _)| at % 6 == writer || (at + 1) % 6 == writer)
                .map(|(_, item)| item.clone())
                .collect();
            if writer % 3 == 0 {
                mine.reverse();
            }
            writers.spawn(async move {
                for (at, item) in mine.iter().enumerate() {
                    let tx = store.begin().await.unwrap();
                    append(&tx, item, &[]).await;
                    // Now and then somebody gives up.
                    if at % 4 == 3 {
                        drop(tx);
                        let tx = store.begin().await.unwrap();
                        append(&tx, item, &[]).await;
                        tx.commit().await.unwrap();
                    } else {
                        tx.commit().await.unwrap();
                    }
                }
            });
        }
        writers.join_all().await;
        for store in stores {
            let rows = entries::page(&store, ROOM, 0, 1_000).await.unwrap();
            let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
            assert_eq!(seqs, (1..=24).collect::<Vec<i64>>());
            let hashes: std::collections::BTreeSet<&str> =
                rows.iter().map(|row| row.hash.as_str()).collect();
            assert_eq!(hashes.len(), 24);
            assert_eq!(rooms::by_id(&store, ROOM).await.unwrap().unwrap().next_seq, 25);
        }
    }
}

#[tokio::test]
async fn the_largest_there_is_fits_into_every_index() {
    for database in TestDatabase::each().await {
        let store = database.store();
        room(&store).await;
        let chen = Voice::new("chen", "b.example");
        // Digits in no order, which an index cannot make smaller.
        let noise = |salt: usize, chars: usize| -> String {
            (0..chars)
                .map(|at| char::from(b'0' + u8::try_from(at * at * (salt + at) % 71 % 10).unwrap()))
                .collect()
        };
        let long = format!("https://b.example/{}", noise(3, 2_030));
        assert_eq!(long.chars().count(), polylogue::base::limits::URI_CHARS_MAX);
        let opinion = format!("https://c.example/{}", noise(5, 1_220));
        let claimed = format!("https://c.example/{}", noise(7, 1_230));
        let claims = Stand { for_whom: Some(&claimed), ..Stand::SUPPORT };
        let items = [
            chen.comments(1, &long, &long, "to itself", minute(1)),
            chen.likes(2, &opinion, claims, minute(2)),
            chen.deletes(3, &long, minute(3)),
        ];
        let tx = store.begin().await.unwrap();
        for item in &items {
            append(&tx, item, &[]).await;
        }
        tx.commit().await.unwrap();
        assert_eq!(entries::count(&store, ROOM).await.unwrap(), 3);
    }
}

#[tokio::test]
async fn a_last_segment_names_an_object_while_it_is_the_only_one() {
    // Decisions 12.
    for database in TestDatabase::each().await {
        let store = database.store();
        let tx = store.begin().await.unwrap();
        let given = keys::give(&tx, "https://a.example/post/123?p=1", "opinion", 5).await.unwrap();
        assert_eq!(given, 5);
        assert_eq!(
            keys::give(&tx, "https://a.example/post/123?p=1", "opinion", 6).await.unwrap(),
            5
        );
        keys::give(&tx, "https://b.example/c/123", "comment", 7).await.unwrap();
        let named = keys::by_segment(&tx, "123", "opinion").await.unwrap();
        assert_eq!(named.iter().map(|row| row.id).collect::<Vec<_>>(), [5]);
        keys::give(&tx, "https://b.example/post/123", "opinion", 8).await.unwrap();
        let named = keys::by_segment(&tx, "123", "opinion").await.unwrap();
        assert_eq!(named.iter().map(|row| row.id).collect::<Vec<_>>(), [5, 8]);
        assert_eq!(keys::by_segment(&tx, "12", "opinion").await.unwrap(), []);
        assert_eq!(keys::by_id(&tx, 8).await.unwrap().unwrap().uri, "https://b.example/post/123");
        tx.commit().await.unwrap();
    }
}

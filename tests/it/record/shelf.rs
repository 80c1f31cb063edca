//! One room of one store, on which items are laid in an order and looked at; nothing of it stays.

use polylogue::{
    base::clock::Timestamp,
    record::item::Item,
    store::{
        Source, Store, Tx, anchors, dump,
        entity::{comment, opinion, position, revision},
        entries::{self, Arrival, Changes, Verdict},
        projections,
        rooms::{self, Room},
    },
};
use polylogue_tests::TestDatabase;
use sea_orm::EntityTrait;

use super::voice::TOPIC;

/// The room's key.
pub(super) const ROOM: i64 = 1;

/// A store with one room.
pub(super) struct Shelf {
    store: Store,
    _database: TestDatabase,
}

/// What a room shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// Every row of every projection, as text.
    pub(super) text: String,
    pub(super) opinions: Vec<opinion::Model>,
    pub(super) revisions: Vec<revision::Model>,
    pub(super) comments: Vec<comment::Model>,
    pub(super) positions: Vec<position::Model>,
}

impl Shelf {
    pub(super) async fn new() -> Self {
        Self::over(TestDatabase::sqlite().await).await
    }

    pub(super) async fn over(database: TestDatabase) -> Self {
        let store = database.store();
        let tx = store.begin().await.unwrap();
        let room = Room {
            id: ROOM,
            slug: "costs".to_owned(),
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
        };
        rooms::insert(&tx, room).await.unwrap();
        tx.commit().await.unwrap();
        Self { store, _database: database }
    }

    /// Lays items into the log, in this order, in a transaction that is thrown away.
    pub(super) async fn lay<'a>(&self, items: impl IntoIterator<Item = &'a Item>) -> Laid {
        let laid = Laid { tx: self.store.begin().await.unwrap(), next_key: 0 };
        laid.and(items, Verdict::Proof).await
    }

    /// What the room shows of these items, laid in this order.
    pub(super) async fn shows<'a>(&self, items: impl IntoIterator<Item = &'a Item>) -> Shown {
        self.lay(items).await.shown().await
    }
}

/// Items that lie in the log.
pub(super) struct Laid {
    pub(super) tx: Tx,
    next_key: i64,
}

fn arrival<'a>(item: &'a Item, body: &'a [u8], verdict: Verdict, key: i64) -> Arrival<'a> {
    Arrival {
        room_id: ROOM,
        item,
        body,
        verdict,
        origin: None,
        sent_to: &[],
        hops: 0,
        taken_at: Timestamp::from_millis(key),
        fresh_key: key,
    }
}

impl Laid {
    /// Lays more.
    pub(super) async fn and<'a>(
        mut self,
        items: impl IntoIterator<Item = &'a Item>,
        verdict: Verdict,
    ) -> Self {
        for item in items {
            self.next_key += 1;
            let body = serde_json::to_vec(item.log_document()).unwrap();
            let arrival = arrival(item, &body, verdict, self.next_key);
            entries::append(&self.tx, &arrival).await.unwrap();
        }
        self
    }

    /// Lays more and folds what they change once all of them are in, as an act and its receipt are.
    pub(super) async fn and_together<'a>(
        mut self,
        items: impl IntoIterator<Item = &'a Item>,
    ) -> Self {
        let mut changes = Changes::default();
        for item in items {
            self.next_key += 1;
            let body = serde_json::to_vec(item.log_document()).unwrap();
            let arrival = arrival(item, &body, Verdict::Proof, self.next_key);
            entries::write(&self.tx, &arrival, &mut changes).await.unwrap();
        }
        changes.fold(&self.tx).await.unwrap();
        self
    }

    /// Makes the projections again from the log.
    pub(super) async fn rebuilt(self) -> Self {
        projections::rebuild(&self.tx, ROOM).await.unwrap();
        self
    }

    /// What the room shows once the workers have found every passage again.
    pub(super) async fn shown(&self) -> Shown {
        anchors::settle(&self.tx).await.unwrap();
        let connection = self.tx.connection();
        Shown {
            text: dump::projections(&self.tx).await.unwrap(),
            opinions: opinion::Entity::find().all(connection).await.unwrap(),
            revisions: revision::Entity::find().all(connection).await.unwrap(),
            comments: comment::Entity::find().all(connection).await.unwrap(),
            positions: position::Entity::find().all(connection).await.unwrap(),
        }
    }
}

impl Shown {
    /// The live positions of an actor, by kind.
    pub(super) fn live(&self, actor: &str) -> Vec<&str> {
        self.positions
            .iter()
            .filter(|row| row.live && row.actor == actor)
            .map(|row| row.kind.as_str())
            .collect()
    }

    pub(super) fn comment(&self, uri: &str) -> &comment::Model {
        self.comments.iter().find(|row| row.uri == uri).unwrap()
    }
}

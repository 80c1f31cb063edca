//! What other software sends, in its own shapes, through the real inbox: what it becomes here, on both databases.

mod forums;
mod held;
mod microblogs;
mod origin;
mod people;
mod shapes;
mod threads;

use polylogue::{
    domain::group::StakeholderGroup,
    service::Caller,
    store::{
        Store, follows, inbox_items,
        projections::{self, Comment, Opinion},
    },
};
use polylogue_tests::{Foreign, TestDatabase, TestInstance, drain};
use serde_json::{Value, json};

use super::mesh::{SLUG, found, publish};

pub(super) const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// An instance with a topic and an opinion.
pub(super) struct Home {
    pub(super) instance: TestInstance,
    pub(super) amina: Caller,
    pub(super) room: String,
    pub(super) opinion: String,
    _database: TestDatabase,
}

impl Home {
    pub(super) async fn over(database: TestDatabase) -> Self {
        let instance = TestInstance::start_over("civil", &database).await;
        let amina = instance.person("amina", StakeholderGroup::CivilSociety).await;
        let room = found(&instance, &amina).await;
        let opinion = publish(&instance, &amina).await;
        drain(&[&instance]).await;
        Self { instance, amina, room, opinion, _database: database }
    }

    pub(super) fn store(&self) -> &Store {
        &self.instance.app.service.store
    }

    pub(super) async fn drain(&self) {
        drain(&[&self.instance]).await;
    }

    /// Delivers an activity as its actor and works the queues; answers what became of it.
    pub(super) async fn hears(&self, from: &Foreign, activity: &Value) -> (String, Option<String>) {
        let inbox = format!("{}/inbox", self.instance.origin());
        let actor =
            activity["actor"].as_str().or_else(|| activity["actor"]["id"].as_str()).unwrap();
        let status = from.sends_as(actor, &inbox, activity).await;
        assert_eq!(status, 202, "{activity}");
        self.drain().await;
        self.fate(activity["id"].as_str().unwrap()).await
    }

    /// State and reason of an item of the inbox.
    pub(super) async fn fate(&self, id: &str) -> (String, Option<String>) {
        let rows = inbox_items::by_activity(self.store(), id).await.unwrap();
        let row = rows.last().expect("it was stored");
        (row.state.clone(), row.reason.clone())
    }

    pub(super) async fn comment(&self, uri: &str) -> Option<Comment> {
        projections::comment(self.store(), uri).await.unwrap()
    }

    pub(super) async fn comment_held(&self, uri: String) -> bool {
        self.comment(&uri).await.is_some()
    }

    pub(super) async fn opinion(&self, uri: &str) -> Option<Opinion> {
        projections::opinion(self.store(), uri).await.unwrap()
    }

    pub(super) async fn count(&self, kind: &str) -> u64 {
        follows::count_reactions(self.store(), &self.opinion, kind).await.unwrap()
    }

    /// The hashes of the log: what is no entry leaves them as they are.
    pub(super) async fn log(&self) -> Vec<String> {
        self.instance.hashes(SLUG).await
    }

    pub(super) async fn positions(&self) -> usize {
        let room = self.instance.app.service.room(SLUG).await.unwrap();
        projections::positions(self.store(), room.id, &self.opinion).await.unwrap().len()
    }
}

/// An instance on each kind of database.
pub(super) async fn homes() -> Vec<Home> {
    let mut homes = Vec::new();
    for database in TestDatabase::each().await {
        homes.push(Home::over(database).await);
    }
    homes
}

/// `Create`, or another activity, around an object.
#[expect(clippy::needless_pass_by_value, reason = "an object is made where it is sent")]
pub(super) fn activity(kind: &str, id: &str, actor: &str, object: Value) -> Value {
    json!({"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": kind, "actor": actor,
        "to": [PUBLIC], "cc": [], "published": "2026-11-24T10:00:00Z", "object": object})
}

pub(super) fn is(fate: &(String, Option<String>), state: &str, words: &str) {
    let reason = fate.1.clone().unwrap_or_default();
    assert!(fate.0 == state && reason.contains(words), "{fate:?}, not {state} for {words:?}");
}

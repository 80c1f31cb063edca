//! Programs that listen to what happens: what is told, to whom, wherever it was written; and who is let go.

mod across;
mod bounds;
mod feed;
mod talk;

use polylogue::{
    domain::{group::StakeholderGroup, opinion::OpinionStatus},
    service::{Caller, opinions::NewOpinion, sign_in::Scope, streams::Bounds, topics::NewTopic},
    store::rooms::Room,
};
use polylogue_tests::{TestDatabase, TestInstance};

/// An instance with people, a topic and tokens, whose workers are at work.
struct Scene {
    instance: TestInstance,
    amina: Caller,
    ana: Caller,
    room: Room,
    /// Ana's, for all that can be read.
    token: String,
    #[expect(dead_code, reason = "held for its drop")]
    database: TestDatabase,
}

impl Scene {
    async fn over(database: TestDatabase, bounds: Bounds) -> Self {
        let instance = TestInstance::start_streaming("live", &database, bounds).await;
        let amina = instance.person("amina", StakeholderGroup::CivilSociety).await;
        let ana = instance.person("ana", StakeholderGroup::Governments).await;
        let room = topic(&instance, &amina, "rivers").await;
        let token = token(&instance, "ana", "read").await;
        Self { instance, amina, ana, room, token, database }
    }

    async fn new() -> Self {
        Self::over(TestDatabase::sqlite().await, Bounds::default()).await
    }

    /// Amina publishes an opinion; its id and key.
    async fn opinion(&self, name: &str) -> (String, i64) {
        publish(&self.instance, &self.amina, &self.room, name, "A river has *two* banks.").await
    }
}

async fn topic(instance: &TestInstance, by: &Caller, slug: &str) -> Room {
    let topic = NewTopic {
        slug: slug.to_owned(),
        name: format!("On {slug}"),
        question: "Whose are they?".to_owned(),
        language: "en".to_owned(),
        parties: None,
    };
    instance.app.service.create_topic(by, topic).await.unwrap().0
}

async fn publish(
    instance: &TestInstance,
    by: &Caller,
    room: &Room,
    name: &str,
    source: &str,
) -> (String, i64) {
    let new = NewOpinion {
        name: name.to_owned(),
        abstract_text: "In short.".to_owned(),
        source: source.to_owned(),
        language: "en".to_owned(),
        status: OpinionStatus::Open,
    };
    let acted = instance.app.service.publish_opinion(by, room.clone(), new).await.unwrap();
    (acted.uri, acted.key)
}

async fn token(instance: &TestInstance, name: &str, scope: &str) -> String {
    instance.app.service.create_token(name, Scope::parse(scope).unwrap()).await.unwrap()
}

//! Topics and the rooms that hold them: founding a topic, opening a room for one that was founded elsewhere.

use serde_json::Value;

use super::{
    ActorKeys, Caller, FieldError, Service, ServiceError,
    accounts::NewActor,
    acts::{Given, RoomHand},
};
use crate::{
    base::{clock::Timestamp, entropy, limits},
    domain::{handle, markup, vocabulary::Vocabulary},
    protocol::quirks::{id_of, text_of, time_of},
    record::{digest, item::Item, statement::Genesis, vocabulary},
    store::{
        Tx,
        actors::{self, Actor},
        entries::Verdict,
        keys,
        rooms::{self, Room},
    },
};

/// What a topic is founded with.
#[derive(Debug, Clone)]
pub struct NewTopic {
    /// Path and handle of the room.
    pub slug: String,
    /// Title.
    pub name: String,
    /// What is to be discussed.
    pub question: String,
    /// BCP 47.
    pub language: String,
    /// Its own words for the parties; none for the eight groups.
    pub parties: Option<Vocabulary>,
}

impl Service {
    /// Founds a topic and opens its first room.
    pub async fn create_topic(
        &self,
        caller: &Caller,
        new: NewTopic,
    ) -> Result<(Room, Given), ServiceError> {
        Self::may_act(caller)?;
        let new = NewTopic {
            slug: new.slug.trim().to_owned(),
            name: markup::clean_line(&new.name),
            question: markup::clean(&new.question).trim().to_owned(),
            language: new.language.trim().to_owned(),
            parties: new.parties,
        };
        check(&new)?;
        let founder_keys = self.keys.of(&caller.actor).await?;
        let nonce = hex::encode(entropy::bytes::<16>(self.ports.entropy.as_ref()));
        let room_keys =
            ActorKeys::generate(&self.paths.room(&new.slug), self.ports.entropy.as_ref())?;
        let tx = self.begin_as(caller).await?;
        let created = self.time_to_act(&tx, &caller.actor.uri).await?;
        let genesis = Genesis {
            name: &new.name,
            question: &new.question,
            language: &new.language,
            created,
            founder: &caller.actor.uri,
            nonce: &nonce,
            parties: new.parties.as_ref(),
        };
        let genesis = genesis.sign(&founder_keys.proof, &founder_keys.proof_key_id());
        let hand = self.insert_room(&tx, &new, &genesis, room_keys).await?;
        let given = self.record(&tx, &hand, &caller.actor, genesis, &[]).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok((hand.room, given))
    }

    /// Opens a room for a topic founded elsewhere, from its genesis, whose proof the caller of this has verified
    /// with the founder's key. `from` is the room it was learnt from.
    pub async fn open_room(
        &self,
        slug: &str,
        genesis: &Value,
        from: &str,
        verdict: Verdict,
    ) -> Result<Room, ServiceError> {
        let text = |name: &'static str| {
            text_of(genesis, name)
                .map(str::to_owned)
                .ok_or_else(|| ServiceError::invalid("genesis", format!("`{name}` is missing")))
        };
        let new = NewTopic {
            slug: slug.to_owned(),
            name: text("name")?,
            question: text("question")?,
            language: text("language")?,
            parties: vocabulary::of_genesis(genesis),
        };
        check(&new)?;
        let topic = digest::topic_name(genesis);
        if let Some(known) = rooms::by_topic(&self.store, &topic).await? {
            return Ok(known);
        }
        let room_keys = ActorKeys::generate(&self.paths.room(slug), self.ports.entropy.as_ref())?;
        let body =
            serde_json::to_vec(genesis).map_err(|error| ServiceError::Internal(error.into()))?;
        let item = Item::of(genesis.clone())
            .map_err(|error| ServiceError::invalid("genesis", error.to_string()))?;
        let tx = self.store.begin().await?;
        let hand = self.insert_room(&tx, &new, genesis, room_keys).await?;
        let via = super::intake::Via::Relay { from, sent_to: &[], hops: 0 };
        self.take(&tx, &hand.room, &item, &body, verdict, via).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(hand.room)
    }

    async fn insert_room(
        &self,
        tx: &Tx,
        new: &NewTopic,
        genesis: &Value,
        room_keys: ActorKeys,
    ) -> Result<RoomHand, ServiceError> {
        self.name_is_free(tx, &new.slug, "slug").await?;
        let actor = NewActor {
            uri: room_keys.actor.clone(),
            kind: "Group",
            username: &new.slug,
            name: &new.name,
            summary: markup::render_comment(&new.question)
                .map_err(|error| ServiceError::invalid("question", error.to_string()))?,
            group: None,
            region: None,
            recovery_key: None,
        };
        let actor: Actor = self.insert_actor(tx, actor, &room_keys).await?;
        let room = Room {
            id: actor.id,
            slug: new.slug.clone(),
            topic: digest::topic_name(genesis),
            name: new.name.clone(),
            question: new.question.clone(),
            language: new.language.clone(),
            founder: id_of(genesis, "founder").unwrap_or_default(),
            created: time_of(genesis, "created").map(Timestamp::as_millis).unwrap_or_default(),
            link_policy: "open".to_owned(),
            next_seq: 1,
            parties: new.parties.as_ref().map(|parties| vocabulary::print(parties).to_string()),
            next_counted: 1,
        };
        let room = rooms::insert(tx, room).await.map_err(|error| match error {
            crate::store::StoreError::Conflict => ServiceError::Conflict {
                why: "this instance has a room for this topic already".to_owned(),
            },
            other => other.into(),
        })?;
        keys::give(tx, &actor.uri, "topic", actor.id).await?;
        Ok(RoomHand { room, actor, keys: std::sync::Arc::new(room_keys) })
    }

    /// A room by slug.
    pub async fn room(&self, slug: &str) -> Result<Room, ServiceError> {
        rooms::by_slug(&self.store, slug).await?.ok_or(ServiceError::NotFound { what: "topic" })
    }

    /// The actor of a room.
    pub async fn room_actor(&self, room: &Room) -> Result<Actor, ServiceError> {
        actors::by_id(&self.store, room.id)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("room {} has no actor", room.slug)))
    }
}

fn check(new: &NewTopic) -> Result<(), ServiceError> {
    let mut wrong = Vec::new();
    if let Err(error) = handle::check(&new.slug) {
        wrong.push(FieldError::new("slug", error.to_string()));
    }
    length(&mut wrong, "name", &new.name, limits::NAME_CHARS_MAX);
    length(&mut wrong, "question", &new.question, limits::QUESTION_CHARS_MAX);
    language(&mut wrong, &new.language);
    if wrong.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(wrong)) }
}

/// A text that must be there and not be too long.
pub(super) fn length(
    wrong: &mut Vec<FieldError>,
    field: &'static str,
    text: &str,
    max_chars: usize,
) {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        wrong.push(FieldError::new(
            field,
            format!("must not be empty (at most {max_chars} characters)"),
        ));
    } else if chars > max_chars {
        wrong.push(FieldError::new(
            field,
            format!("has {chars} characters; at most {max_chars} are allowed"),
        ));
    }
}

/// A BCP 47 tag.
pub(super) fn language(wrong: &mut Vec<FieldError>, tag: &str) {
    if tag.is_empty() || tag.parse::<unic_langid::LanguageIdentifier>().is_err() {
        wrong.push(FieldError::new(
            "language",
            "must be a language tag, such as `en`, `fr`, `ar` or `zh-Hans`",
        ));
    }
}

//! Who facilitates a topic: adding somebody and taking somebody out, by a roster that one of the facilitators in force
//! signs (decisions 14). What they said became of things stands while they were one of them.

use serde_json::Value;

use super::{Caller, Service, ServiceError, acts::Given, read::ActorView};
use crate::{
    base::limits,
    domain::permission::Facilitators,
    protocol::quirks::one_or_many,
    record::{
        fold::{self, Held},
        item::{Item, Kind},
        statement::Roster,
    },
    store::{Source, entries, rooms},
};

/// What is to change about who facilitates a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterChange {
    /// Somebody more, by handle or actor id.
    Add(String),
    /// Somebody less.
    Remove(String),
}

impl Service {
    /// Who facilitates a topic, now and before.
    pub async fn facilitators(
        &self,
        db: &impl Source,
        room_id: i64,
    ) -> Result<Facilitators, ServiceError> {
        let Some(room) = rooms::by_id(db, room_id).await? else {
            return Ok(Facilitators::default());
        };
        let held = self.rosters(db, room_id).await?;
        Ok(fold::facilitators(&room.topic, &held))
    }

    async fn rosters(&self, db: &impl Source, room_id: i64) -> Result<Vec<Held>, ServiceError> {
        let rows = entries::of_kinds(db, room_id, &[Kind::Genesis, Kind::Roster]).await?;
        let items = rows.iter().map(entries::read).collect::<Result<Vec<Item>, _>>()?;
        let modifiers = if rows.len() > 1 {
            entries::modifiers_of(db, room_id, items.iter()).await?
        } else {
            Vec::new()
        };
        Ok(items.into_iter().map(|item| Held::new(item, &modifiers)).collect())
    }

    /// Those who facilitate a topic now, in the order in which its roster names them.
    pub async fn facilitator_views(&self, room_id: i64) -> Result<Vec<ActorView>, ServiceError> {
        let named = self.facilitators(&self.store, room_id).await?.now().to_vec();
        let mut views = self.actor_views(named.clone()).await?;
        Ok(named.iter().filter_map(|uri| views.remove(uri)).collect())
    }

    /// Signs who facilitates a topic from now on. Whoever does may add others and take them out; nobody can be the last
    /// to be taken out.
    pub async fn change_roster(
        &self,
        caller: &Caller,
        slug: &str,
        change: RosterChange,
    ) -> Result<Given, ServiceError> {
        Self::may_act(caller)?;
        let room = self.room(slug).await?;
        let (RosterChange::Add(named) | RosterChange::Remove(named)) = &change;
        let known = self.participant_named(named).await?;
        let known = known.filter(|actor| matches!(actor.kind.as_str(), "Person" | "Organization"));
        let hand = self.room_hand(room).await?;
        let tx = self.begin_as(caller).await?;
        let held = self.rosters(&tx, hand.room.id).await?;
        let in_force = fold::facilitators(&hand.room.topic, &held);
        let mut facilitators = in_force.now().to_vec();
        if !facilitators.contains(&caller.actor.uri) {
            return Err(ServiceError::NotPermitted {
                why: "only a facilitator of the topic says who its facilitators are",
            });
        }
        let wrong = |message: String| Err(ServiceError::invalid("participant", message));
        match change {
            RosterChange::Add(_) => {
                let Some(actor) = known else {
                    return wrong("nobody of this handle is known here".to_owned());
                };
                if facilitators.contains(&actor.uri) {
                    return wrong("is a facilitator already".to_owned());
                }
                let max = limits::FACILITATORS_MAX;
                if facilitators.len() >= max {
                    return wrong(format!("a topic has at most {max} facilitators"));
                }
                facilitators.push(actor.uri);
            }
            RosterChange::Remove(named) => {
                // Whoever is gone from here can still be taken out, by id.
                let uri = known.map_or(named, |actor| actor.uri);
                let Some(at) = facilitators.iter().position(|known| *known == uri) else {
                    return wrong("is no facilitator of the topic".to_owned());
                };
                if facilitators.len() == 1 {
                    return Err(ServiceError::Conflict {
                        why: "is the topic’s only facilitator: add another first".to_owned(),
                    });
                }
                facilitators.remove(at);
            }
        }
        let published = self.time_to_act(&tx, &caller.actor.uri).await?;
        let keys = self.keys.of(&caller.actor).await?;
        let id = self.paths.statement(self.new_id());
        let dates = dates(&hand.room.topic, &held);
        let document = Roster {
            id: &id,
            topic: &hand.room.topic,
            signer: &caller.actor.uri,
            facilitators: &facilitators,
            dates,
            published,
        }
        .sign(&keys.proof, &keys.proof_key_id());
        let given = self.record(&tx, &hand, &caller.actor, document, &[]).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(given)
    }
}

/// The dates that the roster before it names: another list of facilitators changes none of them.
fn dates(topic: &str, held: &[Held]) -> Option<Value> {
    let last = fold::rosters_in_force(topic, held).last().copied()?;
    let dates = one_or_many(&last.item.document, "dates");
    (!dates.is_empty()).then(|| dates.into_iter().cloned().collect())
}
